"""Moments in every spelling."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honmono.wire import timestamps

NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
EPOCH = int(NOON.timestamp())


@pytest.mark.parametrize(
    "spelling",
    [
        EPOCH, float(EPOCH), str(EPOCH), f"{EPOCH}.0", f"{EPOCH}e0", f" {EPOCH} ", "20261124T120000Z",
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00+00:00", "2026-11-24T21:00:00+09:00", "2026-11-24 12:00:00", "2026-11-24T12:00:00.000Z",
        "Tue, 24 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 07:00:00 -0500", "24 Nov 2026 12:00:00 GMT",
    ],
)  # fmt: skip
def test_spellings_of_one_moment(spelling):
    assert timestamps.parse(spelling) == NOON
    assert timestamps.parse(spelling).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "noon", "2026-13-01T00:00:00Z", "2026-11-24T25:00:00Z", "nan", "inf", "-inf", "1e400", "9" * 5000,
        "1_0",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "Tue, 24 Nov 99999999999 07:49:24 GMT", "١٢٣",
        "Tue, 99 Nov 2026 07:49:24 GMT", "Tue, 24 Nov 2026 07:49:24 +99999999999", "\ud800", "x" * 10_000_000, None,
        True,
        False, [], {}, b"0", 1e300, -1e300, float("nan"), float("inf"), 2**80, -(2**80),
    ],
    ids=range(31),
)  # fmt: skip
def test_what_is_no_moment(text):
    with pytest.raises(ValueError, match=r".") as error:
        timestamps.parse(text)
    assert len(str(error.value)) < 200


moments = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_what_is_spelled_is_read_again(naive, minutes):
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    millis = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert timestamps.parse(timestamps.iso8601(moment)) == millis
    if moment.astimezone(UTC).year >= 1000:
        assert timestamps.parse(timestamps.rfc822(moment)) == moment.replace(microsecond=0)
    if 1900 < moment.year < 2200:
        assert abs(timestamps.parse(timestamps.epoch(moment)) - moment) <= timedelta(microseconds=501)


def test_whole_seconds_have_no_fraction():
    assert timestamps.iso8601(NOON) == "2026-11-24T12:00:00Z"
    assert timestamps.iso8601(NOON + timedelta(milliseconds=7)) == "2026-11-24T12:00:00.007Z"
    assert timestamps.rfc822(NOON) == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert timestamps.epoch(NOON) == EPOCH
    assert isinstance(timestamps.epoch(NOON), int)
    assert timestamps.iso8601(datetime(7, 1, 2, tzinfo=UTC)) == "0007-01-02T00:00:00Z"


def test_a_naive_moment_is_utc():
    assert timestamps.spell(datetime(2026, 11, 24, 12), "iso8601") == "2026-11-24T12:00:00Z"
    assert timestamps.spell(datetime(2026, 11, 24, 12), "unixTimestamp") == str(EPOCH)
    assert timestamps.spell(datetime(2026, 11, 24, 12), "rfc822") == "Tue, 24 Nov 2026 12:00:00 GMT"
