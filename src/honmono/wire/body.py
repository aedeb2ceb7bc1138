"""A request's body while it flows: filled by the event loop, read by a thread or by a coroutine."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from honmono.wire.errors import ServiceError

Piece = bytes | memoryview

HIGH_WATER = 4 * 1024 * 1024
"""Bytes that may wait unread; above it the socket is not read, so that a slow reader holds the sender back."""


class BodyReader:
    """Bytes on their way in. Memory stays bounded by twice ``HIGH_WATER`` whatever the length of the body.

    A thread iterates it (``for chunk in reader``) or calls ``read``; a coroutine uses ``async for``. A reader takes
    all that has arrived at once, so that large bodies cost few hand-overs between the loop and the thread.
    ``transform`` decodes each piece on its way (``aws-chunked``); ``finish`` is called after the last one. What goes
    wrong is raised again by every later call: a body that broke off never looks as if it had ended.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self._loop = loop
        self._chunks: deque[bytes] = deque()
        self._waiting = 0
        self._ended = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._readable = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._ready: deque[Piece] = deque()
        self._failure: Exception | None = None
        self._transform: Callable[[bytes], Sequence[Piece]] | None = None
        self._finish: Callable[[], None] | None = None
        self.length: int | None = None
        """Bytes that the reader will get in all, where the sender said it."""
        self.trailers: dict[str, str] = {}
        """Fields that came behind the body, by lower-case name; complete once the body was read to its end."""

    @classmethod
    def holding(cls, data: bytes) -> BodyReader:
        """A reader of a body that has already come."""
        reader = cls(None)
        if data:
            reader._chunks.append(data)
        reader._ended = True
        reader.length = len(data)
        return reader

    @property
    def complete(self) -> bool:
        """Whether all of it is here: reading it will not wait."""
        return self._ended

    def decode_with(self, transform: Callable[[bytes], Sequence[Piece]], finish: Callable[[], None]) -> None:
        """Pass every piece through ``transform``; call ``finish`` at the end: it raises if the body fell short."""
        self._transform, self._finish = transform, finish

    # The loop's side

    async def feed(self, chunk: bytes) -> None:
        """Take a piece from the socket; waits while the reader is far behind."""
        with self._changed:
            self._chunks.append(chunk)
            self._waiting += len(chunk)
            full = self._waiting >= HIGH_WATER
            self._changed.notify_all()
        self._readable.set()
        if full:
            self._writable.clear()
            if self._waiting >= HIGH_WATER:
                await self._writable.wait()

    def end(self, error: BaseException | None = None) -> None:
        """No more will come; with an error when the client went away early."""
        with self._changed:
            self._ended = True
            self._error = error
            self._changed.notify_all()
        self._readable.set()
        self._writable.set()

    # The reader's side

    def _take(self) -> list[bytes] | None:
        chunks = list(self._chunks)
        self._chunks.clear()
        self._waiting = 0
        if chunks:
            return chunks
        if isinstance(self._error, ServiceError):
            raise self._error
        if self._error is not None:
            raise ServiceError("IncompleteBody", "The request body ended before its announced length.") from self._error
        return None if self._ended else []

    def _decode(self, chunks: list[bytes] | None) -> bool:
        """Make the chunks ready; False when they were the last."""
        try:
            if chunks is None:
                finish, self._finish = self._finish, None
                if finish is not None:
                    finish()
                return False
            for chunk in chunks:
                self._ready.extend([chunk] if self._transform is None else self._transform(chunk))
        except Exception as error:
            self._failure = error
            raise
        return True

    def _next(self) -> Piece | None:
        """The next piece, for a thread; None at the end."""
        while not self._ready:
            if self._failure is not None:
                raise self._failure
            with self._changed:
                while (chunks := self._take()) == []:
                    self._changed.wait()
            if self._loop is not None and not self._writable.is_set():
                self._loop.call_soon_threadsafe(self._writable.set)
            if not self._decode(chunks):
                return None
        return self._ready.popleft()

    def __iter__(self) -> Iterator[Piece]:
        while (piece := self._next()) is not None:
            yield piece

    async def __aiter__(self) -> AsyncIterator[Piece]:
        while True:
            while self._ready:
                yield self._ready.popleft()
            if self._failure is not None:
                raise self._failure
            with self._changed:
                chunks = self._take()
                if chunks == []:
                    self._readable.clear()
            if chunks == []:
                await self._readable.wait()
                continue
            self._writable.set()
            if not self._decode(chunks):
                return

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, from a thread; all of it with -1; b"" at the end."""
        parts: list[Piece] = []
        wanted = size
        while size < 0 or wanted > 0:
            piece = self._next()
            if piece is None:
                break
            if 0 <= wanted < len(piece):
                view = memoryview(piece)
                piece = view[:wanted]
                self._ready.appendleft(view[wanted:])
            parts.append(piece)
            wanted -= len(piece)
        return b"".join(parts)


class MemoryBody:
    """Bytes in memory with a BodyReader's reading side: what calls within the process pass as a body."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.trailers: dict[str, str] = {}
        self.length: int | None = len(data)
        self.complete = True

    def __iter__(self) -> Iterator[Piece]:
        if rest := self.read():
            yield rest

    async def __aiter__(self) -> AsyncIterator[Piece]:
        if rest := self.read():
            yield rest

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; all that is left with -1; b"" at the end."""
        end = len(self._data) if size < 0 else self._at + size
        piece = self._data[self._at : end]
        self._at += len(piece)
        return piece
