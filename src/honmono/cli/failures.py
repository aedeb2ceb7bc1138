"""How a command fails: one line on standard error, and an exit code that says why."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from honmono.words import in_japanese, say


class Exit(IntEnum):
    """The exit codes of the `honmono` command; 2 is the command line's own (a wrong option)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    SETTINGS = 3
    PORT_TAKEN = 4
    DATA_IN_USE = 5
    DATA_NOT_WRITABLE = 6
    DISK_FULL = 7
    DATABASE = 8
    WEIGHTS = 9
    NOT_RUNNING = 10


def stop(message: str, code: Exit = Exit.FAILED) -> typer.Exit:
    """Say why on standard error; raise the answer to end the command."""
    sys.stderr.write(f"honmono: {' '.join(message.split())}\n")
    return typer.Exit(code)


@contextmanager
def explained() -> Iterator[None]:
    """End the command with one line and a code of its own for every failure that a person can do something about."""
    try:
        yield
    except Exception as error:
        code = _code(error)
        if code is None:
            raise
        # The layers below speak English; the reader at least learns in their own language what it is about.
        summary = f"{say(_SUMMARIES[code])}: " if in_japanese() and code in _SUMMARIES else ""
        raise stop(f"{summary}{error}", code) from error


def _code(error: Exception) -> Exit | None:
    """The exit code for an error of the layers below; None for one that nobody foresaw."""
    # Only modules that are loaded can have raised: looking there keeps light commands from importing heavy ones.
    for module, name, code in _CODES:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return code
    if isinstance(error, OSError) and error.filename is not None:
        return _OS_CODES.get(error.errno or 0)
    return None


_CODES = (
    ("honmono.settings", "SettingsError", Exit.SETTINGS),
    ("honmono.server", "PortTaken", Exit.PORT_TAKEN),
    ("honmono.server", "HostUnusable", Exit.SETTINGS),
    ("honmono.server", "ServerEnded", Exit.FAILED),
    ("honmono.store.errors", "DataDirectoryInUse", Exit.DATA_IN_USE),
    ("honmono.store.errors", "DirectoryNotWritable", Exit.DATA_NOT_WRITABLE),
    ("honmono.store.errors", "DiskFull", Exit.DISK_FULL),
    ("honmono.store.errors", "StorageUnavailable", Exit.DATABASE),
    ("honmono.tls", "TlsUnusable", Exit.DATA_NOT_WRITABLE),
    ("honmono.weights.errors", "WeightsError", Exit.WEIGHTS),
    ("honmono.engines.errors", "EngineUnavailable", Exit.WEIGHTS),
    ("honmono.engines.errors", "EngineError", Exit.FAILED),
    ("honmono.cli.evaluations", "Unfit", Exit.USAGE),
    ("honmono.evaluation.textfile", "DataError", Exit.FAILED),
    ("honmono.evaluation.arrays", "NotMeasurable", Exit.FAILED),
)
_SUMMARIES = {
    Exit.SETTINGS: "A setting is wrong",
    Exit.PORT_TAKEN: "The port is taken",
    Exit.DATA_IN_USE: "The data directory is in use",
    Exit.DATA_NOT_WRITABLE: "The data directory cannot be written",
    Exit.DISK_FULL: "The disk is full",
    Exit.DATABASE: "The database cannot be used",
    Exit.WEIGHTS: "Weights or an engine are missing",
}
_OS_CODES = {
    errno.ENOSPC: Exit.DISK_FULL,
    errno.EDQUOT: Exit.DISK_FULL,
    errno.EROFS: Exit.DATA_NOT_WRITABLE,
    errno.EACCES: Exit.DATA_NOT_WRITABLE,
    errno.EPERM: Exit.DATA_NOT_WRITABLE,
    errno.ENOTDIR: Exit.DATA_NOT_WRITABLE,
}


def exit_codes() -> str:
    """The codes in one line, for `--help`."""
    return say(
        "Exit codes: 0 ended as asked, 1 failed, 2 wrong option, 3 wrong setting, 4 port taken, 5 data directory in "
        "use, 6 data directory not writable, 7 disk full, 8 database unusable, 9 weights missing or refused, "
        "10 not running."
    )
