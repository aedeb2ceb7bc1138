"""The three spellings of a moment on AWS's wire: epoch seconds, ISO 8601, RFC 822."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(text: str | int | float) -> datetime:
    """The moment meant by epoch seconds or by an ISO 8601 or RFC 822 text.

    Raises ValueError.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return from_epoch(text)
    if not isinstance(text, str):
        raise ValueError(f"{type(text).__name__} is no timestamp")
    try:
        return from_epoch(float(text))
    except ValueError:
        pass  # not a number: a date in words
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (TypeError, IndexError) as error:
            raise ValueError(f"{text!r} is no timestamp") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def from_epoch(seconds: int | float) -> datetime:
    """The moment so many seconds after 1970.

    Raises ValueError when it lies outside the years 1 to 9999.
    """
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is no timestamp")
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"{seconds} lies outside the years 1 to 9999") from error


def utc(moment: datetime) -> datetime:
    """The moment in UTC; a naive one is taken to be UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def epoch(moment: datetime) -> int | float:
    """Seconds since 1970, to the millisecond, whole ones as an int."""
    seconds = round((utc(moment) - _EPOCH).total_seconds(), 3)
    return int(seconds) if seconds == int(seconds) else seconds


def iso8601(moment: datetime) -> str:
    """``2026-11-24T07:49:24Z``, with milliseconds where there are any."""
    moment = utc(moment)
    millis = f".{moment.microsecond // 1000:03d}" if moment.microsecond >= 1000 else ""
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + millis + "Z"


def rfc822(moment: datetime) -> str:
    """``Tue, 24 Nov 2026 07:49:24 GMT``."""
    return format_datetime(utc(moment).replace(microsecond=0), usegmt=True)


def spell(moment: datetime, form: str) -> str:
    """The moment as text in the form that the model names: iso8601, rfc822 or unixTimestamp."""
    if form == "rfc822":
        return rfc822(moment)
    if form == "unixTimestamp":
        return str(epoch(moment))
    return iso8601(moment)
