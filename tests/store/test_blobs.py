import os

import pytest

from honmono.store import BlobId, BlobMissing, Blobs


@pytest.fixture
def blobs(tmp_path) -> Blobs:
    return Blobs(tmp_path / "objects")


def files(blobs, tmp_path):
    return sorted(path.name for path in (tmp_path / "objects").rglob("*") if path.is_file())


def put(blobs, *chunks: bytes) -> BlobId:
    with blobs.writer() as writer:
        for chunk in chunks:
            writer.write(chunk)
        return writer.commit()


def test_what_is_written_is_read_back(blobs):
    parts = [os.urandom(70_000), b"", bytearray(b"tail"), memoryview(b"view")]
    blob_id = put(blobs, *parts)
    with blobs.open(blob_id) as stream:
        assert stream.read() == b"".join(bytes(part) for part in parts)
    assert blobs.path(blob_id).stat().st_size == 70_008
    assert put(blobs, b"same") != put(blobs, b"same")


def test_nothing_is_seen_or_left_unless_committed(blobs, tmp_path):
    with blobs.writer() as writer:
        writer.write(b"half")
    with pytest.raises(ZeroDivisionError), blobs.writer() as writer:
        writer.write(b"half")
        raise ZeroDivisionError
    assert files(blobs, tmp_path) == []
    with pytest.raises(ValueError, match="already"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="already"):
        writer.commit()


def test_a_deleted_blob_stays_readable_where_it_is_open(blobs):
    blob_id = put(blobs, b"content")
    with blobs.open(blob_id) as stream:
        blobs.delete(blob_id)
        blobs.delete(blob_id)
        assert stream.read() == b"content"
    with pytest.raises(BlobMissing, match=blob_id):
        blobs.open(blob_id)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "g" * 32, "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_an_id_cannot_lead_out_of_the_directory(blobs, name):
    with pytest.raises(BlobMissing):
        blobs.path(BlobId(name))


def test_the_sweep_removes_what_no_row_names(blobs, tmp_path):
    kept, orphan = put(blobs, b"kept"), put(blobs, b"orphan")
    crashed = blobs.writer()  # never finished: what a kill leaves
    crashed.write(b"half")
    asked = []

    def referenced(ids):
        asked.extend(ids)
        return {kept}

    assert blobs.sweep(referenced) == 0  # all young: their rows may be on the way
    assert blobs.sweep(referenced, older_than=-1) == 2
    assert files(blobs, tmp_path) == [kept]
    assert {kept, orphan} <= set(asked)
