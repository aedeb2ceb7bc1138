"""A request that is refused before its body was read: the next one must not be lost on a closing connection."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


def test_the_next_request_of_the_same_client_is_answered(server):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="unread")
    for _ in range(20):
        with pytest.raises(ClientError, match="InvalidDigest"):
            s3.put_object(Bucket="unread", Key="k", Body=b"x" * 300_000, ContentMD5="nonsense")
        assert "Contents" not in s3.list_objects_v2(Bucket="unread")
