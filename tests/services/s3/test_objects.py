"""Objects through boto3: bytes, ranges, conditions, metadata, checksums, copies."""

from __future__ import annotations

import hashlib
import os
import zlib
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from botocore.exceptions import ClientError

from .conftest import code_of

SMALL, LARGE = b"some bytes", os.urandom(3_000_000)


@pytest.mark.parametrize("body", [b"", SMALL, os.urandom(65_536), os.urandom(65_537), LARGE], ids=len)
def test_what_is_put_is_got(s3, bucket, body):
    put = s3.put_object(Bucket=bucket, Key="k", Body=body)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["Body"].read() == body
    assert (got["ContentLength"], got["ETag"]) == (len(body), put["ETag"])


@pytest.mark.parametrize("key", ["a b+c", "d/", "d/e", "/lead", "日本語/🙂", "x//y", "%41", "a?b#c", "."])
def test_keys_are_taken_as_they_are(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


def test_a_key_and_a_key_below_it_are_two_objects(s3, bucket):
    s3.put_object(Bucket=bucket, Key="d", Body=b"1")
    s3.put_object(Bucket=bucket, Key="d/e", Body=b"2")
    assert s3.get_object(Bucket=bucket, Key="d")["Body"].read() == b"1"


@pytest.mark.parametrize("body", [SMALL * 100, LARGE], ids=["inline", "blob"])
@pytest.mark.parametrize(
    ("span", "piece"), [("0-9", slice(0, 10)), ("990-", slice(990, None)), ("-7", slice(-7, None))]
)
def test_ranges(s3, bucket, body, span, piece):
    s3.put_object(Bucket=bucket, Key="k", Body=body)
    got = s3.get_object(Bucket=bucket, Key="k", Range=f"bytes={span}")
    assert got["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert got["Body"].read() == body[piece]
    assert got["ContentRange"].endswith(f"/{len(body)}")


def test_a_range_outside_the_object_is_refused_and_nonsense_is_ignored(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=SMALL)
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=10-")
    assert code_of(failure) == "InvalidRange"
    assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=5-2")["Body"].read() == SMALL


def test_conditions_of_reads(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=SMALL)["ETag"]
    assert s3.get_object(Bucket=bucket, Key="k", IfMatch=etag)["Body"].read() == SMALL
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k", IfMatch='"other"')
    assert code_of(failure) == "PreconditionFailed"
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=etag)
    assert code_of(failure) == "304"


def test_conditions_of_writes(s3, bucket):
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*")
    assert code_of(failure) == "PreconditionFailed"
    s3.put_object(Bucket=bucket, Key="k", Body=b"3", IfMatch=first)
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"4", IfMatch=first)
    assert code_of(failure) == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"3"


def test_of_many_writers_with_if_none_match_one_wins(s3, bucket):
    def put(number: int) -> int | None:
        try:
            s3.put_object(Bucket=bucket, Key="k", Body=str(number).encode(), IfNoneMatch="*")
        except ClientError:
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        winners = [number for number in pool.map(put, range(16)) if number is not None]
    assert [s3.get_object(Bucket=bucket, Key="k")["Body"].read()] == [str(number).encode() for number in winners]


def test_concurrent_puts_to_one_key_all_succeed_and_leave_one_blob(server, s3, bucket):
    bodies = [bytes([number]) * 1_000_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda body: s3.put_object(Bucket=bucket, Key="k", Body=body), bodies))
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() in bodies
    service = server.app.gateway.registry.services["s3"]
    assert service.objects.sweep(older_than=0) == 0


def test_headers_and_metadata_come_back(s3, bucket):
    given = {
        "CacheControl": "max-age=5",
        "ContentDisposition": 'attachment; filename="x"',
        "ContentEncoding": "gzip",
        "ContentLanguage": "ja",
        "ContentType": "text/plain; charset=utf-8",
    }
    s3.put_object(Bucket=bucket, Key="k", Body=SMALL, Metadata={"colour": "red"}, **given)
    told = s3.head_object(Bucket=bucket, Key="k")
    assert {name: told[name] for name in given} == given
    assert told["Metadata"] == {"colour": "red"}
    changed = s3.get_object(Bucket=bucket, Key="k", ResponseContentType="text/csv")
    assert changed["ContentType"] == "text/csv"


def test_too_much_metadata_and_too_long_keys_are_refused(s3, bucket):
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=b"", Metadata={"m": "x" * 2049})
    assert code_of(failure) == "MetadataTooLarge"
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b"")
    assert code_of(failure) == "KeyTooLongError"


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["inline", "blob"])
def test_checksums_are_kept_and_told(s3, bucket, algorithm, body):
    put = s3.put_object(Bucket=bucket, Key="k", Body=body, ChecksumAlgorithm=algorithm)
    told = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert told[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    if algorithm == "CRC32":
        assert told["ChecksumCRC32"] == b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    if algorithm == "SHA256":
        assert told["ChecksumSHA256"] == b64encode(hashlib.sha256(body).digest()).decode()


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_body_that_is_not_its_checksum_is_refused_and_leaves_nothing(server, s3, bucket, size):
    body = b"x" * size
    wrong = b64encode(hashlib.sha256(b"other").digest()).decode()
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=body, ChecksumSHA256=wrong)
    assert code_of(failure) == "BadDigest"
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=body, ContentMD5=b64encode(b"0" * 16).decode())
    assert code_of(failure) == "BadDigest"
    with pytest.raises(ClientError) as failure:
        s3.put_object(Bucket=bucket, Key="k", Body=body, ContentMD5="nonsense")
    assert code_of(failure) == "InvalidDigest"
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert server.app.gateway.registry.services["s3"].objects.sweep(older_than=0) == 0


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["inline", "blob"])
def test_copies_keep_bytes_and_outlive_their_source(s3, bucket, body):
    s3.put_object(Bucket=bucket, Key="a b", Body=body, Metadata={"m": "1"}, ContentType="text/x")
    source = {"Bucket": bucket, "Key": "a b"}
    s3.copy_object(Bucket=bucket, Key="kept", CopySource=source)
    s3.copy_object(Bucket=bucket, Key="new", CopySource=source, MetadataDirective="REPLACE", Metadata={"m": "2"})
    s3.delete_object(Bucket=bucket, Key="a b")
    kept, new = (s3.get_object(Bucket=bucket, Key=key) for key in ("kept", "new"))
    assert (kept["Body"].read(), new["Body"].read()) == (body, body)
    assert (kept["Metadata"], new["Metadata"]) == ({"m": "1"}, {"m": "2"})
    assert (kept["ContentType"], new["ContentType"]) == ("text/x", "binary/octet-stream")


def test_a_copy_onto_itself_must_change_something(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=SMALL)
    with pytest.raises(ClientError) as failure:
        s3.copy_object(Bucket=bucket, Key="k", CopySource={"Bucket": bucket, "Key": "k"})
    assert code_of(failure) == "InvalidRequest"


def test_missing_things_have_their_own_errors(s3, bucket):
    for call, code in (
        (lambda: s3.get_object(Bucket=bucket, Key="no"), "NoSuchKey"),
        (lambda: s3.get_object(Bucket="no-such-bucket-here", Key="no"), "NoSuchBucket"),
        (lambda: s3.head_object(Bucket=bucket, Key="no"), "404"),
        (lambda: s3.put_object(Bucket="no-such-bucket-here", Key="k", Body=b""), "NoSuchBucket"),
    ):
        with pytest.raises(ClientError) as failure:
            call()
        assert code_of(failure) == code
    assert s3.delete_object(Bucket=bucket, Key="no")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_many_are_deleted_in_one_call(s3, bucket):
    for key in ("a", "b", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    wanted = [{"Key": key} for key in ("a", "b", "missing")]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted})
    assert answer["Deleted"] == wanted
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["c"]


def test_presigned_urls_of_both_versions(server, bucket):
    from botocore.config import Config

    for version in ("s3", "s3v4"):
        client = server.client("s3", config=Config(signature_version=version))
        put = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": f"p-{version}"})
        assert requests.put(put, data=version.encode(), timeout=10).status_code == 200
        get = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": f"p-{version}"})
        assert requests.get(get, timeout=10).content == version.encode()
        forged = requests.get(get.replace(f"p-{version}", "other"), timeout=10)
        assert forged.status_code == 403


def test_a_truncated_body_is_refused(server, bucket, s3):
    import socket
    from urllib.parse import urlsplit

    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "cut"})
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 200000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 100_000)
    with pytest.raises(ClientError):
        s3.head_object(Bucket=bucket, Key="cut")


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_body_that_is_not_the_signed_one_is_refused(server, s3, bucket, size):
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("PUT", f"{server.url}/{bucket}/k", data=b"a" * size)
    S3SigV4Auth(Credentials("test", "test"), "s3", "us-east-1").add_auth(request)
    answer = requests.put(request.url, data=b"b" * size, headers=dict(request.headers), timeout=10)
    assert (answer.status_code, "XAmzContentSHA256Mismatch" in answer.text) == (400, True)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
