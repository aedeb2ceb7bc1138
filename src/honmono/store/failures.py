"""Turns what a database driver raises into the store's own errors, with what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from honmono.store.errors import (
    DatabaseCorrupt,
    DatabaseUnreachable,
    DirectoryNotWritable,
    DiskFull,
    NotStorable,
    StorageUnavailable,
    StoreError,
)

# The low byte of an extended result code is the primary one: https://www.sqlite.org/rescode.html
_PRIMARY = 0xFF


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Raise a StoreError in place of the driver's error for whatever the caller did not cause."""
    try:
        yield
    except IntegrityError:
        raise
    except sqlite3.Error as error:
        raise _sqlite_error(error, url) or error from error
    except DataError as error:
        # PostgreSQL has no NUL in texts and no number beyond its column.
        raise NotStorable(f"The database cannot keep this value: {error.orig}") from error
    except DBAPIError as error:
        cause = error.orig
        meaning = _sqlite_error(cause, url) if isinstance(cause, sqlite3.Error) else _server_error(error, url)
        if meaning is None:
            raise
        raise meaning from error
    except PoolTimeout as error:
        raise StorageUnavailable(f"All connections to {url.render_as_string()} are busy: {error}") from error


def _sqlite_error(error: sqlite3.Error, url: URL) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", None)  # the module's own errors have none
    path = url.database
    if code is None:
        return None
    match code & _PRIMARY:
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                f"No space left for {path}: the change was rolled back, nothing is damaged. Free some space "
                "and try again."
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DatabaseCorrupt(
                f"{path} is not a SQLite database or is damaged ({error}). Restore it from a backup, or "
                f"rescue what is readable with: sqlite3 {path} .recover | sqlite3 rescued.db"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return DirectoryNotWritable(
                f"{path} cannot be opened for writing ({error}): check the permissions of the file and "
                "its directory, and that the file system is not mounted read-only."
            )
        case sqlite3.SQLITE_IOERR:
            return StorageUnavailable(f"The disk failed while {path} was used ({error}): check the disk.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageUnavailable(f"{path} is locked by another program ({error}): close what else has it open.")
    return None


def _server_error(error: DBAPIError, url: URL) -> StoreError | None:
    state = getattr(error.orig, "sqlstate", None)
    if state == "53100":
        return DiskFull(f"The server of {url.render_as_string()} has no space left: the change was rolled back.")
    # No state: the connection could not be made or broke. Class 08: connection, 28: login, 3D: no such
    # database,
    # 57: the server is shutting down. https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (state is None and isinstance(error, OperationalError | InterfaceError)) or (
        state is not None and state[:2] in {"08", "28", "3D", "57"}
    ):
        return DatabaseUnreachable(
            f"The database {url.render_as_string()} cannot be used: {str(error.orig).strip()}. Check that "
            "the server runs, and the user, password and database name in the URL."
        )
    return None
