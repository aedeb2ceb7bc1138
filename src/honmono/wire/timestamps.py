"""The three spellings of a moment on AWS's wire: epoch seconds, ISO 8601, RFC 822."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?", re.ASCII)


def parse(text: str | int | float) -> datetime:
    """The moment meant by epoch seconds or by an ISO 8601 or RFC 822 text.

    Raises ValueError.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return from_epoch(text)
    if not isinstance(text, str):
        raise ValueError(f"{type(text).__name__} is no timestamp")
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return from_epoch(float(text))
    try:
        return utc(datetime.fromisoformat(text) if text[:4].isdecimal() else parsedate_to_datetime(text))
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise ValueError(f"{text[:60]!r} is no timestamp") from error


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
    moment = utc(moment).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond >= 1000 else "seconds") + "Z"


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
