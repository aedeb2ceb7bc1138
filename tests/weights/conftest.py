from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from honmono.weights import Cache, Manifest

MakeCache = Callable[..., Cache]


def entry(name: str, files: dict[str, tuple[bytes, list[str]]]) -> str:
    """A manifest's table: file name → content that the manifest expects, and sources in TOML."""
    text = (
        f'[{name}]\nengine = "a test"\nversion = "1"\ncode_licence = "MIT"\ncode_origin = "https://example.org/a"\n'
        'weights_licence = "CC0-1.0"\nweights_origin = "https://example.org/b"\n'
    )
    for file, (content, sources) in files.items():
        text += (
            f'[[{name}.files]]\nname = "{file}"\nsize = {len(content)}\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"\nsources = [{", ".join(sources)}]\n'
        )
    return text


def write_manifest(folder: Path, *entries: str) -> Path:
    (folder / "licences").mkdir(parents=True, exist_ok=True)
    for each in entries:
        name = each.partition("]")[0].removeprefix("[")
        (folder / "licences" / f"{name}.txt").write_text(f"The licence of {name}")
    path = folder / "manifest.toml"
    path.write_text("\n".join(entries))
    return path


@pytest.fixture
def make_cache(tmp_path: Path) -> MakeCache:
    def make(*entries: str, folder: str = "cache") -> Cache:
        manifest = Manifest.load(write_manifest(tmp_path / "manifest", *entries))
        return Cache(tmp_path / folder, manifest)

    return make


@pytest.fixture
def folder_source(tmp_path: Path) -> Callable[[str, bytes], str]:
    """A source that is a file of this machine with the given content."""

    def make(name: str, content: bytes) -> str:
        path = tmp_path / "shelf" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return f'{{ folder = {{ path = "{path}" }} }}'

    return make
