"""Deletes the rows of collections that are gone, a part at a time: a million rows at once would hold up every writer.

What is to be swept is written down in the transaction that deletes the collection, so that a crash in between leaves
nothing behind: the next sweep goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from honmono.services.rekognition.part import SERVICE
from honmono.store.errors import RecordMissing
from honmono.store.faces_schema import collection_faces, collection_requests, collection_users
from honmono.store.records import Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection
    from honmono.store.database import Database
    from honmono.store.records import Records

_KIND: Final = "doomed-collection"
_SCOPE: Final = Scope("", "", SERVICE)
_AT_ONCE: Final = 10_000
"""Rows in a transaction."""


def doom(records: Records, collection: Collection, tx: Connection) -> None:
    """Write down that a collection's rows are to be deleted."""
    records.create(_SCOPE, _KIND, collection.key, {}, arn="", tx=tx)


def sweep(database: Database, records: Records) -> None:
    """Delete the rows of every collection that is doomed."""
    for doomed in records.list(_SCOPE, _KIND, limit=1000):
        for table in (collection_faces, collection_users):
            while True:
                some = select(table.c.id).where(table.c.collection == doomed.name).limit(_AT_ONCE)
                with database.transaction() as tx:
                    if tx.execute(delete(table).where(table.c.id.in_(some.scalar_subquery()))).rowcount < _AT_ONCE:
                        break
        with database.transaction() as tx:
            tx.execute(delete(collection_requests).where(collection_requests.c.collection == doomed.name))
            try:
                records.delete(_SCOPE, _KIND, doomed.name, tx=tx)
            except RecordMissing:
                continue  # another sweep was faster
