"""Times as the database holds them: whole microseconds since 1970 UTC."""

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def moment(microseconds: int) -> datetime:
    """The instant as a UTC datetime, exact to the microsecond."""
    return _EPOCH + timedelta(microseconds=microseconds)
