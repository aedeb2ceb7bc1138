from __future__ import annotations

from typing import Any

import pytest

from honmono.services.findings import paged
from honmono.services.rekognition.part import bad_token
from honmono.services.rekognition.stream_sources import stream_name
from honmono.services.rekognition.video_stretches import segments
from honmono.wire.errors import ServiceError


def found(name: str, *times: int) -> list[dict[str, Any]]:
    return [{"Timestamp": time, "confidence": 50 + time / 100, "Label": name} for time in times]


def test_a_stretch_ends_where_a_look_found_nothing() -> None:
    items = sorted(found("Cat", 0, 500, 1000, 2000, 2500) + found("Dog", 500), key=lambda item: item["Timestamp"])
    joined = segments(items, lambda item: item["Label"], 500)
    assert [(each["Label"], each["StartTimestampMillis"], each["EndTimestampMillis"]) for each in joined] == [
        ("Cat", 0, 1000), ("Dog", 500, 500), ("Cat", 2000, 2500),
    ]  # fmt: skip
    assert joined[0]["confidence"] == 60.0


def test_a_token_leads_on_in_its_own_list_only() -> None:
    items = found("Cat", *range(5))
    page, more = paged(items, {"MaxResults": 2}, "a" * 64, "TIMESTAMP", bad_token)
    assert [each["Timestamp"] for each in page] == [0, 1]
    following, _ = paged(items, {"MaxResults": 2, **more}, "a" * 64, "TIMESTAMP", bad_token)
    assert [each["Timestamp"] for each in following] == [2, 3]
    for job, order in (("b" * 64, "TIMESTAMP"), ("a" * 64, "NAME")):
        with pytest.raises(ServiceError) as refused:
            paged(items, more, job, order, bad_token)
        assert refused.value.code == "InvalidPaginationTokenException"


def test_a_stream_is_known_by_its_name() -> None:
    arn = "arn:aws:kinesisvideo:us-east-1:000000000000:stream/{}/1510254365350"
    assert [stream_name(arn.format(name)) for name in ("door", "../etc")] == ["door", ".."]
