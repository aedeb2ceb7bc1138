"""What the supervisor and a child say to each other: length-prefixed msgpack, typed; never pickles."""

import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any

import msgspec

_LENGTH = struct.Struct(">I")

# A message larger than this is an error of the job, not something to hold in the server's memory.
MAX_MESSAGE_BYTES = 64 * 1024 * 1024


class Start(msgspec.Struct, frozen=True, tag="start"):
    """The first message to a child: what to do."""

    module: str
    function: str
    kind: str
    job_id: str
    attempt: int
    payload: dict[str, Any]
    checkpoint_dir: str
    output_dir: str
    cpu_seconds: int | None
    address_space_bytes: int | None


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """To the child: end soon; `should_stop()` is true from now on."""


class Progressed(msgspec.Struct, frozen=True, tag="progress"):
    """From the child: how far it is."""

    done: float
    total: float | None
    what: str


class Logged(msgspec.Struct, frozen=True, tag="log"):
    """From the child: a line for the log, from its logger; `time` in microseconds since 1970 UTC."""

    time: int
    text: str


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """From the child: the function returned; `stopped`: it had been told to stop and knew."""

    result: str
    stopped: bool


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """From the child: the function raised; `stopped`: because it was told to stop."""

    kind: str
    message: str
    stopped: bool


ToChild = Start | Stop
FromChild = Progressed | Logged | Returned | Raised
Message = ToChild | FromChild

_encoder = msgspec.msgpack.Encoder()
_to_child = msgspec.msgpack.Decoder(ToChild)
_from_child = msgspec.msgpack.Decoder(FromChild)


class ProtocolBroken(Exception):
    """The other side sent what is no message."""


def sendable(text: str) -> str:
    """The text as a message can carry it: a lone surrogate, as file names may have, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def frame(message: Message) -> bytes:
    """A message as bytes on the wire."""
    data = _encoder.encode(message)
    return _LENGTH.pack(len(data)) + data


class Sender:
    """Sends messages from any thread."""

    def __init__(self, channel: socket.socket):
        self._channel = channel
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Send one message; waits while the other side does not read."""
        data = frame(message)
        with self._lock:
            self._channel.sendall(data)


def receive(channel: socket.socket) -> ToChild | None:
    """The next message to a child; None at the end of the stream: the supervisor is gone."""
    header = _exactly(channel, _LENGTH.size)
    if header is None:
        return None
    data = _exactly(channel, _LENGTH.unpack(header)[0])
    return None if data is None else _to_child.decode(data)


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


class Unframer:
    """Puts the messages of a child together from what arrives, in pieces, without waiting."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[FromChild]:
        """The messages that are whole now.

        Raises:
            ProtocolBroken: these are no messages of ours.
        """
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._buffer)
            if size > MAX_MESSAGE_BYTES:
                raise ProtocolBroken(f"a message of {size} bytes; at most {MAX_MESSAGE_BYTES} are allowed")
            end = _LENGTH.size + size
            if len(self._buffer) < end:
                return
            data = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            try:
                yield _from_child.decode(data)
            except msgspec.MsgspecError as error:
                raise ProtocolBroken(str(error)) from error
