"""One HTTP exchange over a unix socket: the least that a proxy for a server of our own needs.

The other side speaks HTTP/1.0: an answer's body ends with its Content-Length or with the connection, never in chunks.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from honmono.wire.http import Response

_PIECE = 256 * 1024
_HEAD_LIMIT = 256 * 1024

Fields = Iterable[tuple[str, str]]


class BrokenExchange(ConnectionError):
    """The other side left before its answer was whole, or sent something that is no HTTP."""


async def exchange(path: Path, method: str, target: str, fields: Fields, body: bytes) -> Response:
    """Send a request; the answer's body streams as it comes.

    Raises:
        BrokenExchange: there was no answer.
        OSError: nobody listens.
    """
    reader, writer = await asyncio.open_unix_connection(str(path), limit=_HEAD_LIMIT)
    try:
        lines = [f"{method} {target} HTTP/1.0", *(f"{name}: {value}" for name, value in fields)]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode("latin-1"))
        writer.write(body)
        await writer.drain()
        status, headers = _head(await reader.readuntil(b"\r\n\r\n"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError) as error:
        writer.close()
        raise BrokenExchange(f"no answer: {error}") from error
    except BaseException:
        writer.close()
        raise
    length = headers.get("content-length")
    left = int(length) if length is not None else None
    return Response(status, headers, b"" if left == 0 else _body(reader, writer, left))


def post(path: Path, fields: Mapping[str, str], body: bytes, timeout: float = 30.0) -> tuple[int, bytes]:
    """The same for a thread that may wait: a POST to `/`, the answer's status and its whole body.

    Raises:
        OSError: there was no answer.
    """
    connection = _UnixConnection(path, timeout)
    try:
        connection.request("POST", "/", body, dict(fields))
        response = connection.getresponse()
        return response.status, response.read()
    except HTTPException as error:
        raise BrokenExchange(f"no answer: {error!r}") from error
    finally:
        connection.close()


class _UnixConnection(HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


async def whole(response: Response) -> bytes:
    """The whole body of an answer."""
    if isinstance(response.body, bytes):
        return response.body
    assert isinstance(response.body, AsyncIterator)
    return b"".join([piece async for piece in response.body])


def _head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    status = int(first.partition(" ")[2][:3])
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"{line[:60]!r} is no header field")
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return status, headers


async def _body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None) -> AsyncIterator[bytes]:
    try:
        while left is None or left > 0:
            piece = await reader.read(_PIECE if left is None else min(_PIECE, left))
            if not piece:
                if left:
                    raise BrokenExchange(f"{left} bytes of the answer are missing")
                return
            if left is not None:
                left -= len(piece)
            yield piece
    finally:
        writer.close()
