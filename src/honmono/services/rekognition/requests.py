"""Requests that bear a token: asked twice, they are done once and answered alike."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import delete, insert, select

from honmono.store import clock
from honmono.store.faces_schema import collection_requests as table
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from honmono.services.rekognition.collection import Collection
    from honmono.services.rekognition.part import Answer, Request
    from honmono.store.database import Database

_TOKEN: Final = "ClientRequestToken"
_KEPT_MICROSECONDS: Final = 24 * 3_600_000_000


def once(tx: Connection, collection: Collection, operation: str, request: Request, do: Callable[[], Answer]) -> Answer:
    """What `do` answers, or what it answered to the same request before. The collection is locked by `tx`.

    Raises ServiceError IdempotentParameterMismatchException: the token came with another request.
    """
    token = request.get(_TOKEN)
    if token is None:
        return do()
    asked = sha256(orjson.dumps({**request, _TOKEN: None}, option=orjson.OPT_SORT_KEYS)).hexdigest()
    mine = (table.c.collection == collection.key, table.c.operation == operation, table.c.token == token)
    known = tx.execute(select(table.c.asked, table.c.answer).where(*mine)).first()
    if known is not None:
        if known.asked != asked:
            raise ServiceError(
                "IdempotentParameterMismatchException",
                f"The ClientRequestToken: {token} you have supplied is already in use.",
            )
        answer: dict[str, Any] = orjson.loads(known.answer)
        return answer
    answer = do()
    row = {
        "collection": collection.key,
        "operation": operation,
        "token": token,
        "asked": asked,
        "answer": orjson.dumps(answer).decode(),
        "time": clock.now(),
    }
    tx.execute(insert(table), row)
    return answer


def forget_old(database: Database) -> None:
    """Delete the tokens that came more than a day ago."""
    with database.transaction() as tx:
        tx.execute(delete(table).where(table.c.time < clock.now() - _KEPT_MICROSECONDS))
