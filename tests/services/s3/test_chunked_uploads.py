"""aws-chunked bodies, as the SDKs send them over TLS: trailers with checksums."""

from __future__ import annotations

import zlib
from base64 import b64encode

import pytest
import requests
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def send(url: str, body: bytes, checksum: str, **more: str) -> requests.Response:
    """Put a body in two unsigned chunks, its CRC32 behind it."""
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:half], body[half:]) if piece)
    framed = chunks + b"0\r\nx-amz-checksum-crc32:" + checksum.encode() + b"\r\n\r\n"
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": str(len(body)),
        "x-amz-trailer": "x-amz-checksum-crc32",
        "content-encoding": "aws-chunked",
        **more,
    }
    request = AWSRequest("PUT", url, headers=headers, data=framed)
    auth = S3SigV4Auth(Credentials("test", "test"), "s3", "us-east-1")
    auth.payload = lambda request: headers["x-amz-content-sha256"]
    auth.add_auth(request)
    return requests.put(url, data=framed, headers=dict(request.headers), timeout=10)


def crc32(body: bytes) -> str:
    return b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


@pytest.mark.parametrize("size", [11, 300_000])
def test_chunks_are_taken_apart_and_the_trailer_is_kept(server, s3, bucket, size):
    body = bytes(range(256)) * (size // 256 + 1)
    answer = send(f"{server.url}/{bucket}/k", body, crc32(body), **{"content-encoding": "gzip,aws-chunked"})
    assert answer.status_code == 200, answer.text
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (got["Body"].read(), got["ChecksumCRC32"], got["ContentEncoding"]) == (body, crc32(body), "gzip")


@pytest.mark.parametrize("size", [11, 300_000])
def test_a_wrong_trailer_is_refused(server, s3, bucket, size):
    answer = send(f"{server.url}/{bucket}/k", b"x" * size, crc32(b"other"))
    assert (answer.status_code, "<Code>BadDigest</Code>" in answer.text) == (400, True)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_body_shorter_than_announced_is_refused(server, s3, bucket):
    answer = send(f"{server.url}/{bucket}/k", b"x" * 50, crc32(b"x" * 50), **{"x-amz-decoded-content-length": "60"})
    assert (answer.status_code, "<Code>IncompleteBody</Code>" in answer.text) == (400, True)
