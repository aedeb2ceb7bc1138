"""Uploads in parts."""

from __future__ import annotations

import hashlib
import os

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from .conftest import code_of

PART = 5 * 1024**2
ONE, TWO = os.urandom(PART), b"the last part"


def begin(s3, bucket, **options):
    return s3.create_multipart_upload(Bucket=bucket, Key="k", **options)["UploadId"]


def part(s3, bucket, upload, number, body, **options):
    return s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=body, **options)


def complete(s3, bucket, upload, parts, **options):
    return s3.complete_multipart_upload(
        Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts}, **options
    )


def test_parts_become_one_object(server, s3, bucket):
    upload = begin(s3, bucket, Metadata={"m": "1"})
    etags = {
        number: part(s3, bucket, upload, number, body)["ETag"] for number, body in ((7, TWO), (2, ONE), (9, b"unused"))
    }
    parts = [{"PartNumber": number, "ETag": etags[number]} for number in (2, 7)]
    done = complete(s3, bucket, upload, parts)
    digest = hashlib.md5(hashlib.md5(ONE).digest() + hashlib.md5(TWO).digest()).hexdigest()
    assert done["ETag"] == f'"{digest}-2"'
    got = s3.get_object(Bucket=bucket, Key="k")
    assert (got["Body"].read(), got["Metadata"]) == (ONE + TWO, {"m": "1"})
    across = s3.get_object(Bucket=bucket, Key="k", Range=f"bytes={PART - 3}-{PART + 2}")["Body"].read()
    assert across == (ONE + TWO)[PART - 3 : PART + 3]
    second = s3.get_object(Bucket=bucket, Key="k", PartNumber=2)
    assert (second["Body"].read(), second["PartsCount"]) == (TWO, 2)
    assert complete(s3, bucket, upload, parts)["ETag"] == done["ETag"]
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
    assert server.app.gateway.registry.services["s3"].objects.sweep(older_than=0) == 0


@pytest.mark.parametrize(
    ("algorithm", "kind"), [("SHA256", "COMPOSITE"), ("CRC32C", "COMPOSITE"), ("CRC64NVME", "FULL_OBJECT")]
)
def test_checksums_of_parts_and_whole(s3, bucket, algorithm, kind):
    from honmono.wire.checksums import checksum_of, composite_checksum

    member = f"Checksum{algorithm}"
    upload = begin(s3, bucket, ChecksumAlgorithm=algorithm, ChecksumType=kind)
    sent = [
        part(s3, bucket, upload, number, body, ChecksumAlgorithm=algorithm) for number, body in ((1, ONE), (2, TWO))
    ]
    parts = [{"PartNumber": n, "ETag": p["ETag"], member: p[member]} for n, p in enumerate(sent, 1)]
    done = complete(s3, bucket, upload, parts)
    if kind == "COMPOSITE":
        wanted = composite_checksum(algorithm, [checksum_of(algorithm, body) for body in (ONE, TWO)])
    else:
        wanted = checksum_of(algorithm, ONE + TWO)
    assert (done[member], done["ChecksumType"]) == (wanted, kind)
    assert s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")[member] == wanted


def test_wrong_completions_are_refused_and_the_upload_lives_on(s3, bucket):
    upload = begin(s3, bucket)
    one, two = (part(s3, bucket, upload, number, b"small")["ETag"] for number in (1, 2))
    for parts, code in (
        ([{"PartNumber": 2, "ETag": two}, {"PartNumber": 1, "ETag": one}], "InvalidPartOrder"),
        ([{"PartNumber": 1, "ETag": '"other"'}], "InvalidPart"),
        ([{"PartNumber": 3, "ETag": one}], "InvalidPart"),
        ([{"PartNumber": 1, "ETag": one}, {"PartNumber": 2, "ETag": two}], "EntityTooSmall"),
        ([], "MalformedXML"),
    ):
        with pytest.raises(ClientError) as failure:
            complete(s3, bucket, upload, parts)
        assert code_of(failure) == code
    assert [found["Size"] for found in s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)["Parts"]] == [5, 5]


def test_an_aborted_upload_is_gone_with_its_parts(server, s3, bucket):
    upload = begin(s3, bucket)
    part(s3, bucket, upload, 1, b"x" * 100_000)
    part(s3, bucket, upload, 1, b"y" * 100_000)
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    with pytest.raises(ClientError) as failure:
        part(s3, bucket, upload, 2, b"late")
    assert code_of(failure) == "NoSuchUpload"
    assert server.app.gateway.registry.services["s3"].objects.sweep(older_than=0) == 0


def test_parts_can_be_copied(s3, bucket):
    s3.put_object(Bucket=bucket, Key="source", Body=ONE)
    upload = begin(s3, bucket)
    options = {"Bucket": bucket, "Key": "k", "UploadId": upload, "CopySource": f"{bucket}/source"}
    one = s3.upload_part_copy(PartNumber=1, **options)["CopyPartResult"]["ETag"]
    two = s3.upload_part_copy(PartNumber=2, CopySourceRange="bytes=10-19", **options)["CopyPartResult"]["ETag"]
    complete(s3, bucket, upload, [{"PartNumber": 1, "ETag": one}, {"PartNumber": 2, "ETag": two}])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == ONE + ONE[10:20]


def test_boto3_moves_large_files(s3, bucket, tmp_path):
    body = os.urandom(12_000_000)
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(body)
    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
    s3.upload_file(str(source), bucket, "k", Config=config)
    s3.download_file(bucket, "k", str(target), Config=config)
    assert target.read_bytes() == body
    assert s3.head_object(Bucket=bucket, Key="k")["ETag"].endswith('-3"')


def test_pages_of_uploads(s3, bucket):
    ids = [(key, s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]) for key in ("a", "a", "b/c", "d")]
    pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    assert [(item["Key"], item["UploadId"]) for page in pages for item in page["Uploads"]] == ids
