"""The messages between a process and its worker, and their frames: four bytes of length, then msgpack."""

from __future__ import annotations

import socket
import struct
import time
from typing import Protocol, TypeVar

import msgspec

M = TypeVar("M")

LIMIT = 1 << 30
"""Bytes of a message, at most. Larger things go through files."""


class Handler(Protocol):
    """What a worker's target returns: it answers the calls."""

    def __call__(self, method: str, body: bytes) -> bytes:
        """Answer one call; what it raises becomes the caller's `WorkerFault`."""


class Call(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Parent to worker: please answer."""

    number: int
    method: str
    body: bytes


class Ready(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Worker to parent, once: the target is imported and waits for calls."""

    pid: int


class Answer(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Worker to parent: the answer to call `number`."""

    number: int
    body: bytes


class Fault(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """Worker to parent: call `number` (0: the start) raised `kind`; the worker goes on (or, at the start,
    ends)."""

    number: int
    kind: str
    message: str


Reply = Ready | Answer | Fault


class ChannelClosed(Exception):
    """The other side has gone."""


class Garbage(Exception):
    """What came is not a message."""


_to_worker = msgspec.msgpack.Decoder(Call)
_to_parent: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_encoder = msgspec.msgpack.Encoder()


def send(connection: socket.socket, message: Call | Reply, deadline: float | None = None) -> None:
    """Send one message.

    Raises:
        ChannelClosed, TimeoutError: the latter when `deadline` (`time.monotonic`) passes.
        ValueError: the message is larger than `LIMIT`.
    """
    data = _encoder.encode(message)
    if len(data) > LIMIT:
        raise ValueError(f"a message of {len(data)} bytes is over the limit of {LIMIT}: pass a file instead")
    connection.settimeout(_left(deadline))
    try:
        connection.sendall(struct.pack(">I", len(data)) + data)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise ChannelClosed from error


def receive_call(connection: socket.socket) -> Call:
    """The next call, waited for without end. Raises `ChannelClosed` and `Garbage`."""
    return _decode(_to_worker, _receive(connection, None))


def receive_reply(connection: socket.socket, deadline: float | None) -> Reply:
    """The next reply. Raises `ChannelClosed`, `Garbage` and, after the deadline, `TimeoutError`."""
    return _decode(_to_parent, _receive(connection, deadline))


def _decode(decoder: msgspec.msgpack.Decoder[M], data: bytearray) -> M:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Garbage(str(error)) from error


def _receive(connection: socket.socket, deadline: float | None) -> bytearray:
    (length,) = struct.unpack(">I", _read(connection, 4, deadline))
    if length > LIMIT:
        raise Garbage(f"a message of {length} bytes is announced")
    return _read(connection, length, deadline)


def _read(connection: socket.socket, length: int, deadline: float | None) -> bytearray:
    data = bytearray()
    while len(data) < length:
        connection.settimeout(_left(deadline))
        try:
            # Memory grows with what comes, not with what is announced.
            chunk = connection.recv(min(length - len(data), 1 << 20))
        except ConnectionResetError as error:
            raise ChannelClosed from error
        if not chunk:
            raise ChannelClosed
        data += chunk
    return data


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
