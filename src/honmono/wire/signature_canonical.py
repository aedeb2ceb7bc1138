"""The canonical form of a request, on which a version 4 signature stands.

S3 takes the path as it is sent; everywhere else the path is normalised and percent-encoded once more. A
client may send another spelling of the same URL than it signed (`:` for `%3A`, `+` for `%20` in a query),
so each request has up to two canonical forms: as sent, and with every path segment and query pair decoded
and encoded anew. Both name the same resource: `%2F` stays what it is, apart from `/`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

# These sign the path as it is sent.
S3_SERVICES = frozenset({"s3", "s3express", "s3-outposts", "s3-object-lambda"})

AUTHORITY = ":authority"
"""What aws-sdk-js signs over HTTP/2 in the place of `host`."""
_SPACES = re.compile(r"[ \t\n\r\f\v]+")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parts of an HTTP request that a signature covers, as they came over the socket.

    `raw_path` and `query` (without `?`) keep their percent-encoding. `headers` has lower-case names; repeated
    headers are joined by `join_headers`. `host` is the Host header (HTTP/2: `:authority`).
    """

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]


def join_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Make `SignedRequest.headers` of ASGI's header pairs: lower-case names, repeated values joined by a
    comma."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


@lru_cache(maxsize=256)
def header_names(signed_headers: str) -> tuple[str, ...]:
    """Split `a;b;c`. Cached: a client sends the same list with every request."""
    return tuple(signed_headers.split(";"))


def canonical_requests(request: SignedRequest, signed_headers: str, payload: str, *, is_s3: bool) -> Iterator[str]:
    """Give the canonical forms of a request, the likelier one first.

    `payload` is the body's hash or the word that stands for it. The signature's own query parameter is left
    out. A signed header that the request does not have gives no line, so that no signature fits.
    """
    lines = []
    headers = request.headers
    for name in header_names(signed_headers):
        value = headers.get("host" if name == AUTHORITY else name)
        if value is not None:
            lines.append(f"{name}:{_trim(value)}\n")
    tail = f"{''.join(lines)}\n{signed_headers}\n{payload}"
    raw_path = request.raw_path or "/"
    path = raw_path if is_s3 else _encode_twice(raw_path)
    query = _canonical_query(request.query)
    yield f"{request.method}\n{path}\n{query}\n{tail}"
    spelled = _respell_path(raw_path)
    other_path = spelled if is_s3 else _encode_twice(spelled)
    other_query = _respell_query(request.query)
    if (other_path, other_query) != (path, query):
        yield f"{request.method}\n{other_path}\n{other_query}\n{tail}"


def _trim(value: str) -> str:
    # Not str.split(): it takes the bytes 85 and A0 of a UTF-8 value, read as latin-1, for spaces.
    value = value.strip(" \t\n\r\f\v")
    return _SPACES.sub(" ", value) if "  " in value or "\t" in value else value


def _encode_twice(path: str) -> str:
    """Remove dot segments and empty segments (RFC 3986, 5.2.4), then percent-encode what is left."""
    if path == "/":
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment and segment != ".":
            kept.append(segment)
    end = "/" if path.endswith("/") and kept else ""
    return quote(f"/{'/'.join(kept)}{end}", safe="/~", encoding="latin-1", errors="strict")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    pairs = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name != "X-Amz-Signature":
            pairs.append((name, value))
    # By name, then value: sorting "name=value" would put "a-b=" before "a=".
    pairs.sort()
    return "&".join([f"{name}={value}" for name, value in pairs])


def _respell(text: str) -> str:
    return quote(unquote_to_bytes(text.encode("latin-1")), safe="")


def _respell_path(path: str) -> str:
    return "/".join([_respell(segment) for segment in path.split("/")])


def _respell_query(query: str) -> str:
    pairs = []
    for pair in query.split("&"):
        if pair:
            name, _, value = pair.replace("+", "%20").partition("=")
            name = _respell(name)
            if name != "X-Amz-Signature":
                pairs.append((name, _respell(value)))
    pairs.sort()
    return "&".join([f"{name}={value}" for name, value in pairs])
