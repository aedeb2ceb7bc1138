"""The database: SQLite in the data directory, or PostgreSQL by URL; one way to write, one way to read."""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import NoSuchModuleError

from honmono.store.directory import DirectoryLock
from honmono.store.errors import DatabaseGone, DatabaseUnreachable, NestedTransaction, StoreError
from honmono.store.failures import explained
from honmono.store.migrate import migrate

log = logging.getLogger("honmono.store")

_AFTER_COMMIT = "honmono_after_commit"


class Database:
    """The one database of a server.

    SQLite runs in WAL mode with `synchronous=FULL`: a transaction that has returned survives `kill -9` and
    power loss. One connection writes, under a lock in this process; others read beside it from their own
    snapshots. The data directory is locked, so that no second process writes.
    """

    def __init__(self, writer: Engine, reader: Engine, lock: DirectoryLock | None, directory: Path | None):
        self._writer = writer
        self._reader = reader
        self._lock = lock
        # SQLite has one writer at a time: waiting here, in turn, is cheaper than its busy loop.
        self._turn = threading.Lock() if lock else None
        self._inside = threading.local()
        self._file: _Opened | None = None
        self.directory = directory
        """The data directory of a SQLite database; None for a server."""

    @classmethod
    def open(cls, url: str | Path) -> "Database":
        """Open a database, create or migrate it as needed, and lock its directory.

        Args:
            url: the path of a SQLite file (created with its directory where missing), or an SQLAlchemy URL,
                `postgresql://user:password@host/name`.

        Raises:
            DataDirectoryInUse: another process has the directory open.
            DirectoryNotWritable: the directory cannot be made or written.
            DatabaseCorrupt: the file is no SQLite database or is damaged.
            SchemaTooNew: a newer Honmono wrote it.
            DatabaseUnreachable: the server does not answer, refuses us, or its driver is missing.
        """
        parsed = url if isinstance(url, Path) else _parse(url)
        database = cls._open_sqlite(parsed) if isinstance(parsed, Path) else cls._open_server(parsed)
        try:
            with database.transaction() as tx:
                migrate(tx)
            if isinstance(parsed, Path):
                database._file = _Opened.at(parsed.absolute())
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def attach(cls, url: str | Path) -> "Database":
        """Read a database that a parent process has open: no lock, no migration, and a write is refused.

        Raises:
            DatabaseUnreachable: the driver is missing. What `reading` raises tells of all else.
        """
        parsed = url if isinstance(url, Path) else _parse(url)
        if not isinstance(parsed, Path):
            opened = cls._open_server(parsed)
            return cls(opened._reader, opened._reader, None, None)
        reader = _reader_of(parsed.absolute())
        return cls(reader, reader, None, parsed.parent)

    @classmethod
    def _open_sqlite(cls, path: Path) -> "Database":
        path = path.absolute()
        lock = DirectoryLock.take(path.parent)
        _create_private(path)
        target = URL.create("sqlite+pysqlite", database=str(path))
        arguments: dict[str, Any] = {"check_same_thread": False, "timeout": 30}
        writer = create_engine(target, poolclass=StaticPool, connect_args=arguments)
        reader = _reader_of(path)
        event.listen(writer, "connect", _prepare_writer)
        event.listen(writer, "begin", partial(_begin, "BEGIN IMMEDIATE"))
        return cls(writer, reader, lock, path.parent)

    @classmethod
    def _open_server(cls, url: URL) -> "Database":
        try:
            engine = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=56)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise DatabaseUnreachable(
                f"No driver for {url.render_as_string()}: {error}. "
                "Use postgresql://… with psycopg installed: pip install 'psycopg[binary]'"
            ) from error
        return cls(engine, engine.execution_options(postgresql_readonly=True), None, None)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._writer.dialect.name

    @property
    def shared(self) -> bool:
        """Whether other processes may read and write the same database."""
        return self._turn is None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: commits when the block ends, rolls back when it raises. Keep the block short.

        Raises:
            NestedTransaction: this thread is inside one already (it would wait for itself forever).
            DatabaseGone: the file was deleted or replaced: what is written now, no start would find.
            DiskFull, DatabaseCorrupt, DatabaseUnreachable, …: the database could not do it.
        """
        if getattr(self._inside, "writing", False):
            raise NestedTransaction(
                "This thread is inside a transaction of the same database: pass its connection on as `tx`."
            )
        if self._file:
            self._file.check()
        self._inside.writing = True
        if self._turn:
            self._turn.acquire()
        try:
            with explained(self._writer.url), self._writer.begin() as connection:
                connection.info[_AFTER_COMMIT] = callbacks = list[Callable[[], None]]()
                yield connection
        finally:
            if self._turn:
                self._turn.release()
            self._inside.writing = False
        for callback in callbacks:
            callback()

    @contextmanager
    def joined(self, tx: Connection | None) -> Iterator[Connection]:
        """The transaction that was given, or else a new one: what `tx: Connection | None = None` means."""
        if tx is not None:
            yield tx
        else:
            with self.transaction() as own:
                yield own

    @contextmanager
    def savepoint(self, tx: Connection) -> Iterator[None]:
        """Part of a transaction: if the block raises, what it wrote is undone, and the transaction can go on."""
        callbacks: list[Callable[[], None]] = tx.info[_AFTER_COMMIT]
        before = len(callbacks)
        driver: Any = tx.connection.driver_connection
        driver.execute("SAVEPOINT part").close()
        try:
            yield
        except BaseException:
            driver.execute("ROLLBACK TO part").close()
            del callbacks[before:]
            raise
        finally:
            driver.execute("RELEASE part").close()

    @contextmanager
    def reading(self, tx: Connection | None = None) -> Iterator[Connection]:
        """Read from one consistent snapshot; a write through it is refused.

        Args:
            tx: read inside this transaction instead, to see what it has written so far.
        """
        if tx is not None:
            yield tx
        else:
            with explained(self._reader.url), self._reader.begin() as connection:
                yield connection

    def after_commit(self, tx: Connection, callback: Callable[[], None]) -> None:
        """Call `callback` once `tx` has committed, in its thread; never if it rolls back."""
        tx.info[_AFTER_COMMIT].append(callback)

    def close(self) -> None:
        """Close every connection and release the directory."""
        try:
            with explained(self._writer.url):
                self._reader.dispose()
                self._writer.dispose()
        except StoreError:
            # The last connection folds the WAL into the file; left undone, the next open does it.
            log.warning("the database did not close cleanly; the next start recovers it", exc_info=True)
        finally:
            if self._lock:
                self._lock.release()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as it was when it was opened: a deleted one can be written for as long as somebody has it open."""

    path: Path
    identity: tuple[int, int]

    @classmethod
    def at(cls, path: Path) -> "_Opened":
        status = path.stat()
        return cls(path, (status.st_dev, status.st_ino))

    def check(self) -> None:
        try:
            status = os.stat(self.path)  # noqa: PTH116 - before every write: Path.stat takes twice as long
            same = (status.st_dev, status.st_ino) == self.identity
        except (FileNotFoundError, NotADirectoryError):
            same = False
        if not same:
            raise DatabaseGone(
                f"{self.path} was deleted or replaced under the running server: nothing more is written. Stop the "
                "server, put the data directory back, and start again."
            )


def _reader_of(path: Path) -> Engine:
    target = URL.create("sqlite+pysqlite", database=str(path))
    arguments: dict[str, Any] = {"check_same_thread": False, "timeout": 30}
    reader = create_engine(target, poolclass=QueuePool, pool_size=8, max_overflow=56, connect_args=arguments)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(reader, "begin", partial(_begin, "BEGIN"))
    return reader


def _create_private(path: Path) -> None:
    """Make the file before SQLite does, for its owner alone: access keys lie in it. SQLite's own files take its mode."""
    if not path.exists():
        with suppress(OSError):  # SQLite says it better
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _parse(url: str) -> URL | Path:
    """Tell a path from a URL; SQLAlchemy's `sqlite:///FILE` is a path too."""
    if "://" not in url:
        return Path(url)
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Path(parsed.database or "")
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _begin(statement: str, connection: Connection) -> None:
    # Past SQLAlchemy, whose way costs more than all else in a short transaction.
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    driver.execute(statement).close()


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the "begin" event says how a transaction begins; the driver must not
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # After a burst the WAL file is cut back to this size (bytes) instead of keeping its largest.
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.close()


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON").close()
