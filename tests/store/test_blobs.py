import base64
import hashlib
import os
import zlib

import pytest

from honmono.store import BlobId, BlobMissing, Blobs, Digests


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


def test_checksums_are_taken_on_the_way(blobs):
    data = os.urandom(300_000)
    with blobs.writer(["md5", "sha1", "sha256", "crc32", "crc32c", "crc64nvme"]) as writer:
        writer.write(data[:100_001])
        writer.write(data[100_001:])
        assert writer.size == 300_000
        assert writer.digests["md5"] == hashlib.md5(data).digest()
        assert writer.digests["sha1"] == hashlib.sha1(data).digest()
        assert writer.digests["sha256"] == hashlib.sha256(data).digest()
        assert writer.digests["crc32"] == zlib.crc32(data).to_bytes(4, "big")
        whole = Digests(["crc32c", "crc64nvme"])
        whole.update(data)
        assert {name: writer.digests[name] for name in ("crc32c", "crc64nvme")} == whole.all()


def test_crcs_agree_with_the_catalogue_of_check_values():
    # "Check" column of the CRC RevEng catalogue: the CRC of "123456789".
    digests = Digests(["crc32", "crc32c", "crc64nvme"])
    digests.update(b"123456789")
    assert {name: value.hex() for name, value in digests.all().items()} == {
        "crc32": "cbf43926",
        "crc32c": "e3069283",
        "crc64nvme": "ae8b14860a799888",
    }
    assert base64.b64encode(digests["crc32c"]) == b"4waSgw=="


def test_an_unknown_checksum_is_named(blobs, tmp_path):
    with pytest.raises(ValueError, match=r"'rot13'.*crc64nvme"):
        blobs.writer(["rot13"])
    assert files(blobs, tmp_path) == []


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
