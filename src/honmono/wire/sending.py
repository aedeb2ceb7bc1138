"""Sending an answer over ASGI: bytes, pieces of files, and streams as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import Executor
from contextlib import aclosing
from typing import Any

from honmono.wire.http import FileRange, Response

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_PIECE = 1024 * 1024


async def send_response(
    response: Response, send: Send, *, head: bool, threads: Executor, left: Callable[[], Awaitable[None]]
) -> bool:
    """Send the answer; to a HEAD request only its header fields. False when the client left before the end.

    ``left`` returns when the client has gone: a server takes what is sent to nobody without a word.
    """
    body = response.body
    headers = response.headers
    if isinstance(body, bytes):
        headers.setdefault("content-length", str(len(body)))
    elif isinstance(body, FileRange):
        headers.setdefault("content-length", str(body.length))
    fields = [(name.encode("latin-1"), _field(value)) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": fields})
    if head or isinstance(body, bytes):
        await send({"type": "http.response.body", "body": b"" if head or not isinstance(body, bytes) else body})
        return True
    sending = asyncio.create_task(_stream(body, send, threads))
    leaving = asyncio.ensure_future(left())
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            return False
        sending.result()
        return True
    finally:
        leaving.cancel()
        sending.cancel()
        await asyncio.wait({sending, leaving})


async def _stream(body: Any, send: Send, threads: Executor) -> None:
    if not isinstance(body, FileRange):
        # granian holds the header fields back until the first piece of the body.
        await send({"type": "http.response.body", "body": b"", "more_body": True})
    async with aclosing(_pieces(body, threads)) as pieces:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _field(value: str) -> bytes:
    # A line break in a value would begin another field.
    text = value.replace("\r", " ").replace("\n", " ")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


async def _pieces(body: Any, threads: Executor) -> AsyncGenerator[bytes]:
    """The body piece by piece. What made it is closed at once, also when the client leaves in the middle."""
    try:
        if hasattr(body, "__aiter__"):
            async for piece in body:
                yield piece
            return
        loop = asyncio.get_running_loop()
        source = _file_pieces(body) if isinstance(body, FileRange) else iter(body)
        while (piece := await _settled(loop.run_in_executor(threads, next, source, None))) is not None:
            yield piece
    finally:
        if hasattr(body, "aclose"):
            await body.aclose()
        elif hasattr(body, "close"):
            body.close()


async def _settled(call: asyncio.Future[bytes | None]) -> bytes | None:
    """The result of a call in a thread; a cancelled waiter still waits, for what runs cannot be closed."""
    try:
        return await asyncio.shield(call)
    except asyncio.CancelledError:
        await asyncio.wait({call})
        raise


def _file_pieces(span: FileRange) -> Iterator[bytes]:
    left = span.length
    with span.path.open("rb") as file:
        file.seek(span.start)
        while left > 0:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise OSError(f"{span.path} is shorter than its record says")
            left -= len(piece)
            yield piece
