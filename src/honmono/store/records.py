"""Records: what every Create, Describe, List, Update and Delete of AWS stands on."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from honmono.store import clock, documents
from honmono.store.database import Database
from honmono.store.errors import RecordChanged, RecordExists, RecordMissing
from honmono.store.paging import Page, page_token, position
from honmono.store.schema import resources

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose records: names are unique within a scope and a kind."""

    account: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Record:
    """A resource as it was when it was read."""

    scope: Scope
    kind: str
    name: str
    arn: str
    """Empty where AWS gives the kind no ARN."""
    status: str | None
    body: Body
    version: int
    """Counts the updates from 1; `Records.update` succeeds only on the newest."""
    created: datetime
    updated: datetime
    tags: dict[str, str]


_COLUMNS = tuple(column for column in resources.c if column.name != "id")
_KEY = ("account", "region", "service", "kind", "name")

# Built once: SQLAlchemy then finds their compiled form without walking them.
_SELECT = select(*_COLUMNS)
_HAS_KEY = [resources.c[column] == bindparam(f"key_{column}") for column in _KEY]
_GET = _SELECT.where(*_HAS_KEY)
_GET_LOCKED = _GET.with_for_update()
_BY_ARN = _SELECT.where(resources.c.arn == bindparam("key_arn"))
_BY_ARN_LOCKED = _BY_ARN.with_for_update()
_INSERT = insert(resources)
_UPDATE = (
    update(resources)
    .where(*_HAS_KEY, resources.c.version == bindparam("key_version"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("body", "status", "updated")}
        | {"version": resources.c.version + 1}
    )
)
_DELETE = delete(resources).where(*_HAS_KEY)
_SET_TAGS = update(resources).where(resources.c.arn == bindparam("key_arn")).values(tags=bindparam("new_tags"))

# Above every character that a name can hold.
_LAST_CHARACTER = "\U0010ffff"


class Records:
    """The one table of resources.

    Methods that write take `tx`: given, they join that transaction, else they make their own. Methods that
    read take it to see what the transaction has written so far.
    """

    def __init__(self, database: Database):
        self._database = database

    def create(
        self,
        scope: Scope,
        kind: str,
        name: str,
        body: Body,
        *,
        arn: str,
        status: str | None = None,
        tags: Mapping[str, str] | None = None,
        tx: Connection | None = None,
    ) -> Record:
        """Store a new record.

        Args:
            scope: whose it is.
            kind: what it is, `entity-recognizer`, say; a service picks its own kinds.
            name: unique in the scope and kind.
            body: any JSON object.
            arn: unique over all; empty for a kind without ARN.
            status: the state it is in, where the kind has one.
            tags: the first tags.
            tx: the transaction to join.

        Raises:
            RecordExists: the name or the ARN is taken.
            NotStorable: the body is not JSON.
        """
        time = clock.now()
        row = {
            **_values(scope, kind, name),
            "arn": arn or None,
            "status": status,
            "body": documents.dump(body, f"The body of {kind} {name}"),
            "tags": documents.dump(dict(tags or {}), f"The tags of {kind} {name}"),
            "version": 1,
            "created": time,
            "updated": time,
        }
        try:
            # On PostgreSQL an error spoils the caller's transaction unless it happened in a savepoint.
            with self._database.joined(tx) as connection:
                if tx is not None and self._database.shared:
                    with connection.begin_nested():
                        connection.execute(_INSERT, row)
                else:
                    connection.execute(_INSERT, row)
        except IntegrityError as error:
            raise RecordExists(f"{kind} {name} exists already{f' ({arn})' if arn else ''}") from error
        moment = clock.moment(time)
        return Record(scope, kind, name, arn, status, body, 1, moment, moment, dict(tags or {}))

    def get(self, scope: Scope, kind: str, name: str, *, tx: Connection | None = None) -> Record:
        """Read a record.

        Raises:
            RecordMissing: there is none.
        """
        with self._database.reading(tx) as connection:
            row = connection.execute(_GET, _key(scope, kind, name)).first()
        return _found(row, f"There is no {kind} {name}")

    def by_arn(self, arn: str, *, tx: Connection | None = None) -> Record:
        """Read the record that has this ARN, whoever's it is: the caller checks the account.

        Raises:
            RecordMissing: there is none.
        """
        with self._database.reading(tx) as connection:
            row = connection.execute(_BY_ARN, {"key_arn": arn}).first()
        return _found(row, f"Nothing has the ARN {arn}")

    def update(
        self,
        record: Record,
        *,
        body: Body | None = None,
        status: str | None = None,
        tx: Connection | None = None,
    ) -> Record:
        """Replace the body, the status or both, provided that nobody has since `record` was read.

        Raises:
            RecordChanged: somebody has, or has deleted it.
            NotStorable: the body is not JSON.
        """
        body = record.body if body is None else body
        status = record.status if status is None else status
        time = max(clock.now(), _microseconds(record.updated))
        values = {
            **_key(record.scope, record.kind, record.name),
            "key_version": record.version,
            "new_body": documents.dump(body, f"The body of {record.kind} {record.name}"),
            "new_status": status,
            "new_updated": time,
        }
        with self._database.joined(tx) as connection:
            if connection.execute(_UPDATE, values).rowcount != 1:
                raise RecordChanged(f"{record.kind} {record.name} was changed by someone else at the same time")
        return Record(
            record.scope,
            record.kind,
            record.name,
            record.arn,
            status,
            body,
            record.version + 1,
            record.created,
            clock.moment(time),
            record.tags,
        )

    def modify(
        self,
        scope: Scope,
        kind: str,
        name: str,
        change: Callable[[Record], Body],
        *,
        status: str | None = None,
        tx: Connection | None = None,
    ) -> Record:
        """Read a record and store the body that `change` makes of it, with nobody in between.

        `change` runs inside the transaction: it must be quick, and must not use the database without it.

        Raises:
            RecordMissing: there is none.
        """
        with self._database.joined(tx) as connection:
            row = connection.execute(_GET_LOCKED, _key(scope, kind, name)).first()
            record = _found(row, f"There is no {kind} {name}")
            return self.update(record, body=change(record), status=status, tx=connection)

    def delete(self, scope: Scope, kind: str, name: str, *, tx: Connection | None = None) -> Record:
        """Delete a record with its tags; the answer is what it was.

        Raises:
            RecordMissing: there is none.
        """
        with self._database.joined(tx) as connection:
            row = connection.execute(_GET_LOCKED, _key(scope, kind, name)).first()
            record = _found(row, f"There is no {kind} {name}")
            connection.execute(_DELETE, _key(scope, kind, name))
        return record

    def list(
        self,
        scope: Scope,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 100,
        prefix: str = "",
        status: str | None = None,
        order: Literal["name", "created"] = "name",
        descending: bool = False,
        tx: Connection | None = None,
    ) -> Page[Record]:
        """A page of a scope's records of one kind.

        A record that is there during the whole walk over the pages is met exactly once, whatever comes and
        goes.

        Args:
            scope: whose.
            kind: which.
            after: `Page.next` of the page before.
            limit: at most so many items.
            prefix: only names that begin with it.
            status: only records in this state.
            order: by name (code points), or by creation and then name.
            descending: the other way round.
            tx: the transaction to read in.

        Raises:
            BadPageToken: `after` did not come from such a call.
        """
        columns = (resources.c.name,) if order == "name" else (resources.c.created, resources.c.name)
        query = _SELECT.where(
            resources.c.account == scope.account,
            resources.c.region == scope.region,
            resources.c.service == scope.service,
            resources.c.kind == kind,
        )
        if prefix:
            query = query.where(resources.c.name >= prefix, resources.c.name < prefix + _LAST_CHARACTER)
        if status is not None:
            query = query.where(resources.c.status == status)
        if after is not None:
            last = position(after, *((str,) if order == "name" else (int, str)))
            query = query.where(tuple_(*columns) < last if descending else tuple_(*columns) > last)
        query = query.order_by(*(column.desc() if descending else column for column in columns))
        with self._database.reading(tx) as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        more = page_token(*(rows[limit - 1]._mapping[column] for column in columns)) if len(rows) > limit else None
        return Page([_record(row) for row in rows[:limit]], more)

    def clear(self, *, tx: Connection | None = None) -> None:
        """Delete every record of every account."""
        with self._database.joined(tx) as connection:
            connection.execute(delete(resources))

    def tags(self, arn: str, *, tx: Connection | None = None) -> dict[str, str]:
        """The tags of the record that has this ARN.

        Raises:
            RecordMissing: there is none.
        """
        return self.by_arn(arn, tx=tx).tags

    def set_tags(self, arn: str, tags: Mapping[str, str], *, tx: Connection | None = None) -> None:
        """Add tags, replacing those of the same keys. Tagging is no update: the version stays.

        Raises:
            RecordMissing: nothing has this ARN.
        """
        self._change_tags(arn, lambda old: old | dict(tags), tx)

    def remove_tags(self, arn: str, keys: Collection[str], *, tx: Connection | None = None) -> None:
        """Remove the tags that have these keys; those that are not there are no error.

        Raises:
            RecordMissing: nothing has this ARN.
        """
        self._change_tags(arn, lambda old: {key: value for key, value in old.items() if key not in keys}, tx)

    def _change_tags(self, arn: str, change: Callable[[dict[str, str]], dict[str, str]], tx: Connection | None) -> None:
        with self._database.joined(tx) as connection:
            row = connection.execute(_BY_ARN_LOCKED, {"key_arn": arn}).first()
            tags = change(_found(row, f"Nothing has the ARN {arn}").tags)
            text = documents.dump(tags, f"The tags of {arn}")
            connection.execute(_SET_TAGS, {"key_arn": arn, "new_tags": text})


def _values(scope: Scope, kind: str, name: str) -> dict[str, str]:
    return {
        "account": scope.account,
        "region": scope.region,
        "service": scope.service,
        "kind": kind,
        "name": name,
    }


def _key(scope: Scope, kind: str, name: str) -> dict[str, Any]:
    return {
        "key_account": scope.account,
        "key_region": scope.region,
        "key_service": scope.service,
        "key_kind": kind,
        "key_name": name,
    }


def _found(row: Row[*tuple[Any, ...]] | None, otherwise: str) -> Record:
    if row is None:
        raise RecordMissing(otherwise)
    return _record(row)


def _record(row: Row[*tuple[Any, ...]]) -> Record:
    account, region, service, kind, name, arn, status, body, tags, version, created, updated = row
    return Record(
        Scope(account, region, service),
        kind,
        name,
        arn or "",
        status,
        documents.load(body),
        version,
        clock.moment(created),
        clock.moment(updated),
        documents.load(tags),
    )


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
