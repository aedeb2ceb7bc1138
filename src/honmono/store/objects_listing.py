"""Lists of keys and versions, in the binary order of UTF-8, with common prefixes rolled up.

Under a delimiter the keys of a common prefix are not read one by one: after its first key the next query begins
behind all of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from honmono.store.clock import moment
from honmono.store.database import Database
from honmono.store.objects import read_row
from honmono.store.objects_sql import Statement
from honmono.store.objects_values import ObjectVersion, Upload, decode_attributes

_Item = TypeVar("_Item")

_ROW = "id, bucket, key, version, sequence, latest, deleted, etag, size, modified, attributes"
_KEYS = Statement(
    f"SELECT {_ROW} FROM s3_objects WHERE bucket = :bucket AND latest AND NOT deleted"
    " AND key >= :start AND key < :end AND key > :after ORDER BY key LIMIT :limit"
)
_VERSIONS = Statement(
    f"SELECT {_ROW} FROM s3_objects WHERE bucket = :bucket AND key >= :start AND key < :end AND key >= :after"
    " AND (key > :after OR sequence < :within) ORDER BY key, sequence DESC LIMIT :limit"
)
_SEQUENCE = Statement("SELECT sequence FROM s3_objects WHERE bucket = :bucket AND key = :key AND version = :version")
_UPLOADS = Statement(
    "SELECT id, bucket, key, account, created, attributes FROM s3_uploads WHERE bucket = :bucket"
    " AND key >= :start AND key < :end AND key >= :after AND (key > :after OR id > :within)"
    " ORDER BY key, id LIMIT :limit"
)

_BATCH, _SMALL_BATCH = 1000, 8
_BEHIND_ALL = "\U0010ffff" * 257  # a key has at most 1024 bytes, so none is greater


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Item]):
    """One page: items and common prefixes together count towards the limit.

    `last_key` and `last_item` say where a further page begins: behind that item, or behind that common prefix where
    `last_item` is None.
    """

    items: list[_Item]
    prefixes: list[str]
    truncated: bool
    last_key: str
    last_item: _Item | None


@dataclass(frozen=True, slots=True)
class _Position:
    """Behind this key; behind only some of its rows where `within` says which."""

    start: str
    after: str
    within: Any


class ObjectLists:
    """Pages of objects, versions and uploads."""

    def __init__(self, database: Database):
        self._database = database

    def objects(self, bucket: str, prefix: str, delimiter: str, after: str, limit: int) -> Listing[ObjectVersion]:
        """The latest versions whose keys begin with `prefix` and come behind `after`."""

        def fetch(connection: Connection, at: _Position, end: str, batch: int) -> Iterator[tuple[str, Any, Any]]:
            for row in _KEYS.all(connection, bucket=bucket, start=at.start, end=end, after=at.after, limit=batch):
                yield row[2], None, row

        return self._page(fetch, read_row, prefix, delimiter, after, None, limit)

    def versions(
        self, bucket: str, prefix: str, delimiter: str, after: str, after_version: str | None, limit: int
    ) -> Listing[ObjectVersion]:
        """All versions and delete markers, a key's newest first."""

        def fetch(connection: Connection, at: _Position, end: str, batch: int) -> Iterator[tuple[str, Any, Any]]:
            within = -1 if at.within is None else at.within
            rows = _VERSIONS.all(
                connection, bucket=bucket, start=at.start, end=end, after=at.after, within=within, limit=batch
            )
            for row in rows:
                yield row[2], row[4], row

        within = None
        if after_version:
            with self._database.reading() as connection:
                found = _SEQUENCE.one(connection, bucket=bucket, key=after, version=after_version)
            within = found[0] if found else None
        return self._page(fetch, read_row, prefix, delimiter, after, within, limit)

    def uploads(
        self, bucket: str, prefix: str, delimiter: str, after: str, after_upload: str | None, limit: int
    ) -> Listing[Upload]:
        """Uploads under way, a key's oldest first."""

        def fetch(connection: Connection, at: _Position, end: str, batch: int) -> Iterator[tuple[str, Any, Any]]:
            within = _BEHIND_ALL if at.within is None else at.within
            rows = _UPLOADS.all(
                connection, bucket=bucket, start=at.start, end=end, after=at.after, within=within, limit=batch
            )
            for row in rows:
                yield row[2], row[0], row

        return self._page(fetch, read_upload, prefix, delimiter, after, after_upload or None, limit)

    def _page(
        self,
        fetch: Callable[[Connection, _Position, str, int], Iterator[tuple[str, Any, Any]]],
        read: Callable[[Any], _Item],
        prefix: str,
        delimiter: str,
        after: str,
        within: Any,
        limit: int,
    ) -> Listing[_Item]:
        items: list[_Item] = []
        prefixes: list[str] = []
        last_key, last_item = after, None
        end = behind(prefix) or _BEHIND_ALL
        at = _Position(prefix, after, within)
        if (
            delimiter
            and after
            and within is None
            and after.startswith(prefix)
            and common_prefix(after, prefix, delimiter) == after
        ):
            # The page before ended with this common prefix.
            at = _Position(behind(after) or _BEHIND_ALL, after, None)
        batch = min(limit + 1, _BATCH)
        with self._database.reading() as connection:
            while True:
                found, rolled = 0, ""
                for key, mark, row in fetch(connection, at, end, batch):
                    found += 1
                    at = _Position(at.start, key, mark)
                    if rolled and key.startswith(rolled):
                        continue
                    if len(items) + len(prefixes) == limit:
                        return Listing(items, prefixes, True, last_key, last_item)
                    rolled = common_prefix(key, prefix, delimiter) if delimiter else ""
                    if rolled:
                        prefixes.append(rolled)
                        last_key, last_item = rolled, None
                    else:
                        last_item = read(row)
                        items.append(last_item)
                        last_key = key
                if found < batch:
                    return Listing(items, prefixes, False, last_key, last_item)
                if rolled:
                    start = behind(rolled)
                    if start is None:
                        return Listing(items, prefixes, False, last_key, last_item)
                    at = _Position(start, "", None)
                    batch = _SMALL_BATCH
                else:
                    batch = min(batch * 4, _BATCH)


def read_upload(row: Any) -> Upload:
    """A row of `s3_uploads` as a value."""
    return Upload(row[0], row[1], row[2], row[3], moment(row[4]), decode_attributes(row[5]))


def common_prefix(key: str, prefix: str, delimiter: str) -> str:
    """The part of a key up to the first delimiter behind the prefix, or "".

    >>> common_prefix("photos/2024/a.jpg", "photos/", "/")
    'photos/2024/'
    """
    at = key.find(delimiter, len(prefix))
    return key[: at + len(delimiter)] if at >= 0 else ""


def behind(prefix: str) -> str | None:
    """The least text that is greater than every text with this prefix; None where there is none.

    >>> behind("photos/")
    'photos0'
    """
    while prefix:
        code = ord(prefix[-1]) + 1
        if code == 0xD800:
            code = 0xE000  # surrogates are no characters
        if code <= 0x10FFFF:
            return prefix[:-1] + chr(code)
        prefix = prefix[:-1]
    return None
