"""What the tests of S3 share."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from botocore.config import Config


@pytest.fixture(scope="module")
def s3(server: Any) -> Any:
    return server.client("s3")


@pytest.fixture
def bucket(s3: Any) -> str:
    """A new, empty bucket."""
    name = f"bucket-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="module")
def anonymous(server: Any) -> Any:
    from botocore import UNSIGNED

    return server.client("s3", config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))


def code_of(failure: Any) -> str:
    """The error code of a ClientError that pytest.raises caught."""
    return failure.value.response["Error"]["Code"]
