"""Writing files so that a crash leaves the old one or the new one, and never half of one."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from honmono.weights.errors import CacheUnusable


class Progress(Protocol):
    """Called often while something long runs: `done` of `total` bytes (0: not known) of `what`."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Take note of it."""


def no_progress(done: int, total: int, what: str) -> None:
    """For callers that show nothing."""


def publish(temporary: Path, target: Path) -> None:
    """Make `temporary` (complete, on the same file system) durable and give it its name."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_text(target: Path, text: str) -> None:
    """Write a small file through `publish`."""
    temporary = target.with_name(f".{target.name}.new")
    temporary.write_text(text, encoding="utf-8")
    publish(temporary, target)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock among threads and processes; the file stays, the lock ends with its holder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:  # closing it gives the lock back
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals to write under `folder` into `CacheUnusable`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR):
            raise CacheUnusable(folder, error.strerror or str(error)) from error
        raise
