"""Lists: order, pages, prefixes, delimiters, versions."""

from __future__ import annotations

import random

import pytest
from botocore.exceptions import ClientError

from .conftest import code_of

KEYS = ["A", "a", "a/1", "a/2", "a0", "b/c/d", "b/c/e", "é", "ｱ", "\U0001f642", "z/"]


@pytest.fixture(scope="module")
def filled(s3):
    s3.create_bucket(Bucket="filled-for-lists")
    for key in random.Random(1).sample(KEYS, len(KEYS)):
        s3.put_object(Bucket="filled-for-lists", Key=key, Body=key.encode())
    return "filled-for-lists"


def expected(prefix: str, delimiter: str) -> list[str]:
    """The keys and common prefixes that S3 must list, by the definition."""
    found = set()
    for key in KEYS:
        if key.startswith(prefix):
            at = key.find(delimiter, len(prefix)) if delimiter else -1
            found.add(key[: at + len(delimiter)] if at >= 0 else key)
    return sorted(found, key=lambda key: key.encode())


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("prefix", "delimiter"), [("", ""), ("", "/"), ("a", "/"), ("a/", "/"), ("b/", "/"), ("", "c/"), ("x", "/")]
)
def test_pages_together_are_the_whole_list(s3, filled, prefix, delimiter, limit):
    options = {"Bucket": filled, "Prefix": prefix, "Delimiter": delimiter, "PaginationConfig": {"PageSize": limit}}
    for operation in ("list_objects", "list_objects_v2", "list_object_versions"):
        found = []
        for page in s3.get_paginator(operation).paginate(**options):
            items = [item["Key"] for item in page.get("Contents", page.get("Versions", []))]
            prefixes = [item["Prefix"] for item in page.get("CommonPrefixes", [])]
            assert len(items) + len(prefixes) <= limit
            found += sorted(items + prefixes, key=lambda key: key.encode())
        assert found == expected(prefix, delimiter), operation


def test_start_after_and_max_keys_zero(s3, filled):
    rest = s3.list_objects_v2(Bucket=filled, StartAfter="b/c/d")
    assert [item["Key"] for item in rest["Contents"]] == expected("", "")[6:]
    none = s3.list_objects_v2(Bucket=filled, MaxKeys=0)
    assert (none["KeyCount"], none["IsTruncated"]) == (0, False)


def test_a_strange_token_is_refused(s3, filled):
    with pytest.raises(ClientError) as failure:
        s3.list_objects_v2(Bucket=filled, ContinuationToken="!")
    assert code_of(failure) == "InvalidArgument"


def test_a_common_prefix_is_skipped_not_read(server, s3, bucket):
    service = server.app.gateway.registry.services["s3"]
    with server.app.database.transaction() as tx:
        from honmono.store.objects_values import Attributes, NewObject

        for folder in range(3):
            for number in range(1500):
                new = NewObject(1, "0" * 32, Attributes(owner="000000000000"), b"x")
                service.objects.put(bucket, f"{folder}/{number:06}", new, tx=tx)
    answer = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [item["Prefix"] for item in answer["CommonPrefixes"]] == ["0/", "1/", "2/"]
    assert len(list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket))) == 5


def test_versions_newest_first(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    ids = ["null", *(s3.put_object(Bucket=bucket, Key="k", Body=body)["VersionId"] for body in (b"1", b"2"))]
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    listed = s3.list_object_versions(Bucket=bucket)
    assert [item["VersionId"] for item in listed["Versions"]] == ids[::-1]
    assert [(item["VersionId"], item["IsLatest"]) for item in listed["DeleteMarkers"]] == [(marker, True)]
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    bodies = [s3.get_object(Bucket=bucket, Key="k", VersionId=name)["Body"].read() for name in ids]
    assert bodies == [b"before", b"1", b"2"]
    with pytest.raises(ClientError) as failure:
        s3.get_object(Bucket=bucket, Key="k", VersionId=marker)
    assert code_of(failure) == "MethodNotAllowed"
    s3.delete_object(Bucket=bucket, Key="k", VersionId=marker)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"3")["VersionId"] == "null"
    assert {item["VersionId"] for item in s3.list_object_versions(Bucket=bucket)["Versions"]} == set(ids)
    assert s3.get_object(Bucket=bucket, Key="k", VersionId="null")["Body"].read() == b"3"
