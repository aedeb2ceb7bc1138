from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from honmono.weights import (
    ArchiveRefused,
    Cache,
    WeightsMissing,
    WrongContent,
    export_weights,
    import_weights,
)
from weights.conftest import MakeCache, entry

A, B = b"a" * 100_000, b"b" * 50_000


@pytest.fixture
def table(folder_source: Callable[[str, bytes], str]) -> str:
    return entry("net", {"a.bin": (A, [folder_source("a", A)]), "b.bin": (B, [folder_source("b", B)])})


@pytest.fixture
def bundle(make_cache: MakeCache, table: str, tmp_path: Path) -> Path:
    cache = make_cache(table)
    cache.pull("net")
    assert export_weights(cache, tmp_path / "net.tar") == ["net"]
    return tmp_path / "net.tar"


def repack(bundle: Path, *extra: tuple[tarfile.TarInfo, bytes], change: dict[str, bytes] | None = None) -> Path:
    """The bundle with members changed and others added at the end."""
    target = bundle.with_name("hostile.tar")
    with tarfile.open(bundle) as source, tarfile.open(target, "w") as out:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            data = (change or {}).get(member.name, content.read())
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
        for member, data in extra:
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    return target


def special(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def elsewhere(make_cache: MakeCache, table: str) -> Cache:
    return make_cache(table, folder="elsewhere/cache")


def test_weights_travel_with_licences_and_index(bundle: Path, make_cache: MakeCache, table: str) -> None:
    cache = elsewhere(make_cache, table)
    report = import_weights(cache, bundle)
    assert report.imported == ("net/a.bin", "net/b.bin") and not report.refused
    assert cache.verify("net").state == "present"
    assert (cache.path("net") / "LICENCE.txt").read_text() == "The licence of net"
    with tarfile.open(bundle) as archive:
        index = archive.extractfile("honmono-weights.json")
        assert index is not None
        assert json.load(index)["weights"]["net"]["weights_licence"] == "CC0-1.0"
    assert import_weights(cache, bundle).present == ("net/a.bin", "net/b.bin")


def test_only_whole_and_right_weights_are_exported(make_cache: MakeCache, table: str, tmp_path: Path) -> None:
    cache = make_cache(table)
    for names in (["net"], None):
        with pytest.raises(WeightsMissing):
            export_weights(cache, tmp_path / "x.tar", names)
    cache.pull("net")
    cache.path("net", "a.bin").write_bytes(b"x" * len(A))
    with pytest.raises(WrongContent):
        export_weights(cache, tmp_path / "x.tar")
    assert not (tmp_path / "x.tar").exists()


@pytest.mark.parametrize(
    "member",
    [
        special("net/../../../evil"),
        special("../evil"),
        special("/tmp/evil"),
        special("net/evil.bin"),
        special("net/verified.json"),
        special("other/a.bin"),
        special("net/a.bin", tarfile.SYMTYPE, "/etc/passwd"),
        special("net/a.bin", tarfile.LNKTYPE, "net/b.bin"),
        special("net/a.bin", tarfile.CHRTYPE),
        special("net/a.bin", tarfile.FIFOTYPE),
        special("net", tarfile.DIRTYPE),
    ],
    ids=lambda member: f"{member.name} {member.type!r}",
)
def test_hostile_members_are_refused(
    bundle: Path, make_cache: MakeCache, table: str, tmp_path: Path, member: tarfile.TarInfo
) -> None:
    cache = elsewhere(make_cache, table)
    before = {path for path in tmp_path.rglob("*") if cache.folder.parent not in path.parents}
    hostile = repack(bundle, (member, b"evil" if member.type == tarfile.REGTYPE else b""))
    with pytest.raises(ArchiveRefused, match="no export of weights has"):
        import_weights(cache, hostile)
    after = {path for path in tmp_path.rglob("*") if cache.folder.parent not in path.parents}
    assert after - before <= {hostile, cache.folder.parent}
    assert not Path("/tmp/evil").exists()


def test_wrong_content_is_kept_aside_and_replaces_nothing(bundle: Path, make_cache: MakeCache, table: str) -> None:
    hostile = repack(bundle, change={"net/a.bin": b"x" * len(A)})
    fresh = elsewhere(make_cache, table)
    report = import_weights(fresh, hostile)
    assert report.imported == ("net/b.bin",) and "a.bin is refused" in report.refused[0]
    assert fresh.state("net").state == "partial"
    assert (fresh.folder / "weights/net/a.bin.rejected").exists()
    import_weights(fresh, bundle)
    again = import_weights(fresh, repack(bundle, (special("net/a.bin"), b"y" * len(A))))
    assert not again.imported
    assert fresh.verify("net").state == "present"


def test_index_of_the_archive_proves_nothing(bundle: Path, make_cache: MakeCache, table: str) -> None:
    with tarfile.open(bundle) as archive:
        content = archive.extractfile("honmono-weights.json")
        assert content is not None
        index = json.load(content)
    index["weights"]["net"]["files"]["a.bin"]["sha256"] = "0" * 64
    index["weights"]["strange"] = {"files": {"s.bin": {}}}
    hostile = repack(
        bundle,
        (special("strange/s.bin"), b"strange"),
        change={"honmono-weights.json": json.dumps(index).encode(), "net/a.bin": b"x" * len(A)},
    )
    cache = elsewhere(make_cache, table)
    report = import_weights(cache, hostile)
    assert "net/a.bin" not in report.imported
    assert any("strange" in line for line in report.refused)
    assert any("another version" in line for line in report.refused)
    assert not (cache.folder / "weights/strange").exists()


def test_what_is_no_bundle_is_refused(bundle: Path, make_cache: MakeCache, table: str, tmp_path: Path) -> None:
    cache = elsewhere(make_cache, table)
    (tmp_path / "noise").write_bytes(b"noise" * 1000)
    (tmp_path / "cut").write_bytes(bundle.read_bytes()[:60_000])
    (tmp_path / "empty").write_bytes(b"")
    with tarfile.open(tmp_path / "other", "w") as archive:
        archive.addfile(special("hello.txt"))
    for name in ("noise", "cut", "empty", "other"):
        with pytest.raises(ArchiveRefused):
            import_weights(cache, tmp_path / name)
    for index in (b"[]", b"{", b'{"format": 9, "weights": {}}', b"[" * 100_000):
        with pytest.raises(ArchiveRefused, match=r"cannot be read|has format 9"):
            import_weights(cache, repack(bundle, change={"honmono-weights.json": index}))
    assert not (cache.folder / "weights/net/a.bin").exists()
