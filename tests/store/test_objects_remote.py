"""Blobs in a store elsewhere, tried on obstore's own local ones."""

import os

import pytest

obstore = pytest.importorskip("obstore")

from honmono.store.errors import BlobMissing  # noqa: E402
from honmono.store.objects_remote import RemoteBlobs  # noqa: E402


@pytest.fixture(params=["memory", "local"])
def blobs(request, tmp_path):
    if request.param == "memory":
        return RemoteBlobs(obstore.store.MemoryStore(), tmp_path / "scratch")
    (tmp_path / "bucket").mkdir()
    return RemoteBlobs.at(f"file://{tmp_path / 'bucket'}", tmp_path / "scratch")


def stored(blobs, body):
    writer = blobs.writer()
    writer.write(body[:10])
    writer.write(body[10:])
    return writer.commit()


def test_what_is_written_is_read_from_anywhere_in_it(blobs):
    body = os.urandom(3_000_000)
    with blobs.open(stored(blobs, body)) as file:
        file.seek(1_000_000)
        assert file.read(20) == body[1_000_000:1_000_020]


def test_a_copy_outlives_its_source(blobs):
    first = stored(blobs, b"bytes that are copied")
    second = blobs.copy(first)
    blobs.delete(first)
    blobs.delete(first)
    with blobs.open(second) as file:
        assert file.read(100) == b"bytes that are copied"
    with pytest.raises(BlobMissing):
        blobs.open(first)


def test_an_aborted_blob_leaves_nothing_and_orphans_are_swept(blobs):
    writer = blobs.writer()
    writer.write(b"x")
    writer.abort()
    kept, orphan = stored(blobs, b"kept"), stored(blobs, b"orphan")
    assert blobs.sweep(lambda ids: {kept} & set(ids), older_than=-5) == 1
    with pytest.raises(BlobMissing):
        blobs.open(orphan)
    with blobs.open(kept) as file:
        assert file.read(9) == b"kept"
