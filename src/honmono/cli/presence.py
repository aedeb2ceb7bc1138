"""Which server runs on a data directory: a file in it, `server.json`, that the server holds locked while it lives."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "server.json"


@dataclass(frozen=True, slots=True)
class Presence:
    """A running server: its process, its addresses (http first), since when (Unix time), and the token by which the
    data directory's owner is known to it."""

    pid: int
    endpoints: tuple[str, ...]
    version: str
    started: float
    token: str = field(default="", repr=False)


@contextmanager
def announced(data: Path, endpoints: Sequence[str], version: str, token: str) -> Iterator[Presence]:
    """Tell that this process serves the data directory, while the block runs.

    The kernel lets go of the lock when the process ends, however it ends: a file that nobody holds means nothing.
    """
    presence = Presence(os.getpid(), tuple(endpoints), version, time.time(), token)
    descriptor = os.open(data / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(presence)).encode(), 0)
        yield presence
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def running(data: Path) -> Presence | None:
    """The server of the data directory that is ready to answer, or None."""
    try:
        descriptor = os.open(data / FILE, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Presence | None:
    try:
        fields = json.loads(os.pread(descriptor, 65536, 0))
    except ValueError:  # it is being written or ending at this moment
        return None
    return Presence(fields["pid"], tuple(fields["endpoints"]), fields["version"], fields["started"], fields["token"])
