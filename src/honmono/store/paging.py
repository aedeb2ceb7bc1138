"""Pages and the opaque tokens that lead from one to the next."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from honmono.store.errors import BadPageToken

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of a list, in order, and the token that continues it (None on the last page)."""

    items: list[Item]
    next: str | None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)


def page_token(*position: str | int) -> str:
    """A token that stands for a position in an ordering."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).decode().rstrip("=")


def position(token: str, *kinds: type) -> tuple[str | int, ...]:
    """The position that a token stands for.

    Args:
        token: from the client: anything may be in it.
        kinds: the type of each part.

    Raises:
        BadPageToken: it is not one of ours, or one of another ordering.
    """
    try:
        parts = orjson.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, orjson.JSONDecodeError, ValueError) as error:
        raise BadPageToken(f"The paging token {token!r} did not come from this list") from error
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise BadPageToken(f"The paging token {token!r} did not come from this list")
    return tuple(parts)
