from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from honmono.weights import CacheUnusable, NotEnoughSpace, PullFailed, WeightsError, WeightsMissing
from weights.conftest import MakeCache, entry

CONTENT = bytes(range(256)) * 10_000
Shelf = Callable[[str, bytes], str]


def test_pull_verifies_and_puts_the_licence_beside(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [folder_source("net", CONTENT)])}))
    with pytest.raises(WeightsMissing, match="honmono weights pull net"):
        cache.path("net")
    seen: list[tuple[int, int, str]] = []
    report = cache.pull("net", lambda done, total, what: seen.append((done, total, what)))
    assert report.fetched == ("net.bin",)
    assert seen[-1] == (len(CONTENT), len(CONTENT), "net.bin")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT
    assert (cache.path("net") / "LICENCE.txt").read_text() == "The licence of net"
    assert cache.state("net").state == cache.verify("net").state == "present"
    assert cache.pull("net").fetched == ()


def test_path_is_the_folder_or_a_file_in_it(make_cache: MakeCache, folder_source: Shelf) -> None:
    files = {name: (name.encode(), [folder_source(name, name.encode())]) for name in ("a.bin", "b.bin")}
    cache = make_cache(entry("net", files))
    cache.pull("net")
    assert {path.name for path in cache.path("net").iterdir()} >= {"a.bin", "b.bin"}
    assert cache.path("net", "b.bin").read_bytes() == b"b.bin"
    with pytest.raises(WeightsError, match=r"a.bin, b.bin"):
        cache.path("net", "c.bin")
    cache.path("net", "a.bin").unlink()
    assert cache.state("net").state == "partial"
    assert cache.pull("net").fetched == ("a.bin",)


def test_parts_are_joined(make_cache: MakeCache, tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(CONTENT[:1000])
    (tmp_path / "2").write_bytes(CONTENT[1000:])
    source = f'{{ folder = [{{ path = "{tmp_path / "1"}" }}, {{ path = "{tmp_path / "2"}" }}] }}'
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [source])}))
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "wrong",
    [CONTENT[:-1], CONTENT + b"x", CONTENT[:-1] + b"x", b""],
    ids=["short", "long", "changed", "empty"],
)
def test_wrong_content_is_refused_named_and_kept_aside(
    make_cache: MakeCache, folder_source: Shelf, wrong: bytes
) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [folder_source("net", wrong)])}))
    with pytest.raises(PullFailed, match=r"net.bin is refused: expected .* kept aside as .*net.bin.rejected"):
        cache.pull("net")
    assert cache.state("net").state == "missing"
    kept = cache.folder / "weights" / "net" / "net.bin.rejected"
    assert kept.read_bytes()[: len(CONTENT) - 1] == wrong[: len(CONTENT) - 1]


def test_next_source_is_tried_and_the_failure_reported(make_cache: MakeCache, folder_source: Shelf) -> None:
    sources = [
        '{ folder = { path = "/nowhere/net.bin" } }',
        folder_source("wrong", b"wrong"),
        folder_source("right", CONTENT),
    ]
    report = make_cache(entry("net", {"net.bin": (CONTENT, sources)})).pull("net")
    assert [failure.source.rpartition("/")[2] for failure in report.failures] == ["net.bin", "wrong"]
    assert "FileNotFoundError" in report.failures[0].reason


def test_every_failure_is_reported_when_all_fail(make_cache: MakeCache) -> None:
    sources = ['{ folder = { path = "/nowhere/1" } }', '{ folder = { path = "/nowhere/2" } }']
    with pytest.raises(PullFailed, match=r"/nowhere/1.*/nowhere/2"):
        make_cache(entry("net", {"net.bin": (CONTENT, sources)})).pull("net")


def test_damage_is_found_by_verify_and_mended_by_pull(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [folder_source("net", CONTENT)])}))
    cache.pull("net")
    path = cache.path("net", "net.bin")
    path.write_bytes(CONTENT[:-1] + b"!")
    assert cache.state("net").state == "present"
    state = cache.verify("net")
    assert state.state == "damaged" and "net.bin has sha256" in state.detail
    cache.pull("net")
    assert cache.verify("net").state == "present"
    path.write_bytes(CONTENT[:-1])
    assert cache.state("net").state == "missing"


def test_new_version_is_fetched(make_cache: MakeCache, folder_source: Shelf) -> None:
    make_cache(entry("net", {"net.bin": (b"old", [folder_source("old", b"old")])})).pull("net")
    cache = make_cache(entry("net", {"net.bin": (b"new", [folder_source("new", b"new")])}))
    assert cache.state("net").state == "outdated"
    with pytest.raises(WeightsMissing, match="another version"):
        cache.path("net")
    cache.pull("net")
    assert cache.path("net", "net.bin").read_bytes() == b"new"


def test_pulls_at_once_fetch_once(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [folder_source("net", CONTENT)])}))
    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(lambda _: cache.pull("net"), range(6)))
    assert sorted(len(report.fetched) for report in reports) == [0, 0, 0, 0, 0, 1]


def test_space_is_checked_before(make_cache: MakeCache, folder_source: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = make_cache(entry("net", {"net.bin": (CONTENT, [folder_source("net", CONTENT)])}))
    usage = shutil.disk_usage(cache.folder.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_000))
    with pytest.raises(NotEnoughSpace, match="1 MB free"):
        cache.pull("net")
    assert not (cache.folder / "weights").exists()


def test_folder_that_cannot_be_written_is_said(make_cache: MakeCache, folder_source: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    cache = make_cache(entry("net", {"net.bin": (b"x", [folder_source("net", b"x")])}), folder="file/cache")
    with pytest.raises(CacheUnusable, match="HONMONO_CACHE"):
        cache.pull("net")
    if os.geteuid() != 0:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        with pytest.raises(CacheUnusable, match="HONMONO_CACHE"):
            make_cache(entry("net", {"net.bin": (b"x", [])}), folder="locked/cache").pull("net")


def test_derived_is_built_once_and_anew_for_new_weights(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (b"one", [folder_source("one", b"one")])}))
    built: list[Path] = []
    gate = threading.Barrier(4)

    def build(path: Path) -> None:
        built.append(path)
        path.write_bytes(cache.path("net", "net.bin").read_bytes() * 2)

    def ask(_: int) -> Path:
        gate.wait()
        return cache.derived("net", "double.onnx", build)

    with pytest.raises(WeightsMissing):
        cache.derived("net", "double.onnx", build)
    cache.pull("net")
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(ask, range(4)))
    assert len(built) == 1 and len(paths) == 1
    assert paths.pop().read_bytes() == b"oneone"
    assert built[0].suffix == ".onnx"

    cache = make_cache(entry("net", {"net.bin": (b"two", [folder_source("two", b"two")])}))
    cache.pull("net")
    assert cache.derived("net", "double.onnx", build).read_bytes() == b"twotwo"


def test_nothing_is_derived_from_damaged_weights(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (b"one", [folder_source("one", b"one")])}))
    cache.pull("net")
    file = cache.path("net", "net.bin")
    file.write_bytes(b"0ne")

    def build(path: Path) -> None:
        path.write_bytes(file.read_bytes())

    with pytest.raises(WeightsMissing, match=r"damaged.*net\.bin.*honmono weights pull net"):
        cache.derived("net", "copy.bin", build)
    cache.pull("net")
    assert cache.derived("net", "copy.bin", build).read_bytes() == b"one"


def test_derived_that_was_cut_short_is_built_anew(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (b"one", [folder_source("one", b"one")])}))
    cache.pull("net")

    def build(path: Path) -> None:
        path.write_bytes(b"a whole graph")

    target = cache.derived("net", "net.onnx", build)
    target.write_bytes(b"a whol")
    assert cache.derived("net", "net.onnx", build).read_bytes() == b"a whole graph"
    target.with_name("net.onnx.noted.json").write_text("{")
    assert cache.derived("net", "net.onnx", build).read_bytes() == b"a whole graph"


def test_derived_of_another_content_is_found_where_its_reader_refuses_it(
    make_cache: MakeCache, folder_source: Shelf
) -> None:
    cache = make_cache(entry("net", {"net.bin": (b"one", [folder_source("one", b"one")])}))
    assert not cache.discard_if_damaged("net", "net.onnx")
    cache.pull("net")

    def build(path: Path) -> None:
        path.write_bytes(b"a whole graph")

    target = cache.derived("net", "net.onnx", build)
    assert not cache.discard_if_damaged("net", "net.onnx") and target.exists()
    target.write_bytes(b"a wh0le graph")
    assert cache.discard_if_damaged("net", "net.onnx") and not target.exists()
    assert cache.derived("net", "net.onnx", build).read_bytes() == b"a whole graph"


def test_derived_that_fails_leaves_nothing(make_cache: MakeCache, folder_source: Shelf) -> None:
    cache = make_cache(entry("net", {"net.bin": (b"one", [folder_source("one", b"one")])}))
    cache.pull("net")

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        cache.derived("net", "x.bin", fail)
    assert cache.derived("net", "x.bin", lambda path: path.write_bytes(b"whole") and None).read_bytes() == b"whole"
    with pytest.raises(ValueError, match="no plain file name"):
        cache.derived("net", "../x.bin", fail)
