"""Objects as a job reads them: from a second connection to the store, beside the server that writes."""

import pytest

from honmono.services.stored_files import FilesMissing, StoredFiles, write
from honmono.store.database import Database

ACCOUNT = "000000000000"


@pytest.fixture(scope="module")
def s3(server):
    client = server.client("s3")
    client.create_bucket(Bucket="files")
    return client


@pytest.fixture
def files(server, s3, monkeypatch):
    settings = server.app.settings
    monkeypatch.setenv("HONMONO_DATABASE", str(settings.database_url))
    monkeypatch.setenv("HONMONO_DATA", str(settings.data))
    return StoredFiles.of_parent(ACCOUNT)


def read(files, uri):
    (file,) = files.find(uri)
    with files.open(file) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 10, 65_536, 65_537, 3_000_000])
def test_an_object_is_read_whole(files, s3, size):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    s3.put_object(Bucket="files", Key=f"size/{size}", Body=data)
    assert read(files, f"s3://files/size/{size}") == data


def test_an_object_in_parts_is_read_line_by_line(files, s3):
    part = b"0123456789abcde\n" * (5 << 16)
    upload = s3.create_multipart_upload(Bucket="files", Key="parts")["UploadId"]
    parts = [
        s3.upload_part(Bucket="files", Key="parts", UploadId=upload, PartNumber=number, Body=body)
        for number, body in ((1, part + b"half a "), (2, b"line\nend"))
    ]
    tags = [{"ETag": each["ETag"], "PartNumber": number} for number, each in enumerate(parts, 1)]
    s3.complete_multipart_upload(Bucket="files", Key="parts", UploadId=upload, MultipartUpload={"Parts": tags})
    (file,) = files.find("s3://files/parts")
    with files.open(file) as stream:
        lines = list(stream)
    assert len(lines) == (5 << 16) + 2 and lines[-2:] == [b"half a line\n", b"end"]


def test_a_prefix_finds_its_objects_in_order_without_folder_markers(files, s3):
    for key in ("tree/b.csv", "tree/a.csv", "tree/", "tree/sub/c.csv", "treetop"):
        s3.put_object(Bucket="files", Key=key, Body=b"1")
    assert [file.key for file in files.find("s3://files/tree/")] == ["tree/a.csv", "tree/b.csv", "tree/sub/c.csv"]
    assert [file.key for file in files.find("s3://files/treetop")] == ["treetop"]


def test_what_was_written_since_is_seen_and_what_was_deleted_is_said(files, s3):
    s3.put_object(Bucket="files", Key="changing", Body=b"before" * 20_000)
    (file,) = files.find("s3://files/changing")
    with files.open(file) as stream:
        s3.put_object(Bucket="files", Key="changing", Body=b"after" * 20_000)
        assert stream.read() == b"before" * 20_000
    with files.open(file) as stream:
        assert stream.read() == b"after" * 20_000
    s3.delete_object(Bucket="files", Key="changing")
    with pytest.raises(FilesMissing, match="s3://files/changing was deleted"):
        files.open(file)


def test_another_accounts_bucket_is_as_one_that_is_not_there(server, files, s3):
    for uri in ("s3://no-bucket/x", "s3://files/no-object", "not-a-uri"):
        with pytest.raises(FilesMissing, match=uri.removeprefix("s3://").split("/")[0]):
            files.find(uri)
    foreign = StoredFiles(server.app.database, files._blobs, "123456789012")
    s3.put_object(Bucket="files", Key="own", Body=b"1")
    with pytest.raises(FilesMissing, match="no bucket files in this account"):
        foreign.find("s3://files/own")


@pytest.mark.parametrize("size", [5, 100_000])
def test_what_the_server_writes_is_an_object_like_any_other(server, s3, size):
    app, data = server.app, b"r" * size
    with app.database.transaction() as tx:
        write(
            app.database,
            app.platform.blobs,
            f"s3://files/written/{size}",
            data,
            account=ACCOUNT,
            content_type="text/plain",
            tx=tx,
        )
    found = s3.get_object(Bucket="files", Key=f"written/{size}")
    assert found["Body"].read() == data and found["ContentType"] == "text/plain"
    with app.database.transaction() as tx, pytest.raises(FilesMissing, match="no bucket nowhere"):
        write(app.database, app.platform.blobs, "s3://nowhere/x", b"", account=ACCOUNT, content_type="a/b", tx=tx)


def test_a_second_connection_cannot_write(server):
    database = Database.attach(server.app.settings.database_url)
    with pytest.raises(Exception, match="readonly database"), database.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM resources")
    database.close()
