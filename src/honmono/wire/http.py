"""Requests and answers as the wire sees them: plain values, free of any server's types."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes

from honmono.wire.body import BodyReader


class Headers(Mapping[str, str]):
    """Header fields by lower-case name; a repeated field's values are joined by commas, as RFC 9110 allows."""

    __slots__ = ("_fields",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        fields: dict[str, str] = {}
        for name, value in pairs:
            name = name.lower()
            fields[name] = f"{fields[name]},{value}" if name in fields else value
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """The field's value, or the default; ``name`` in lower case."""
        return self._fields.get(name, default)


@dataclass
class Request:
    """One HTTP request.

    ``raw_path`` and ``query_string`` are as they came, percent-encoded: signatures cover those bytes. ``body`` is
    filled once the whole body was read; a streaming operation reads ``stream`` instead.
    """

    method: str
    raw_path: str
    query_string: str
    headers: Headers
    body: bytes = b""
    stream: BodyReader | None = None
    secure: bool = False
    virtual_bucket: str | None = None
    """S3's bucket where the Host header names it; ``raw_path`` then begins with it too."""

    @cached_property
    def path(self) -> str:
        """The path, decoded. Bytes that are no UTF-8 come out as surrogates, and validation refuses them."""
        return unquote_to_bytes(self.raw_path).decode("utf-8", "surrogateescape")

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """Query parameters, decoded; a parameter without a value has the value ''."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True, errors="surrogateescape"):
            found.setdefault(name, []).append(value)
        return found

    @property
    def host(self) -> str:
        """The Host header without its port, in lower case."""
        host = (self.headers.get("host") or "").lower()
        if host.startswith("["):
            return host.partition("]")[0] + "]"
        return host.partition(":")[0]


@dataclass(frozen=True, slots=True)
class FileRange:
    """A piece of a file to send as an answer's body."""

    path: Path
    start: int
    length: int


Body = bytes | FileRange | Iterator[bytes] | AsyncIterator[bytes]


@dataclass
class Response:
    """One HTTP answer; ``body`` may be bytes, a piece of a file, or an iterator that is sent as it yields."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Body = b""
