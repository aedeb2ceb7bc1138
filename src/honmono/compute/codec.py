"""Values as bytes for the way between processes: msgpack, decoded into the types that the receiver names.

What may travel: None, bool, int, float, str, bytes, datetime, Enum, list, tuple, dict, dataclasses and
msgspec Structs of these, and numpy arrays of numbers or truth values. A class that is itself none of these stands for
the dataclasses that are derived from it, told apart by the names of their fields. Nothing that comes in chooses which
class or function is used, so that a process taken over by a hostile file cannot take over its parent.
"""

from __future__ import annotations

import math
import re
import struct
import sys
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_origin

import msgspec

if TYPE_CHECKING:
    import numpy

T = TypeVar("T")

_ARRAY = 1  # msgpack extension: length of the head, head (msgpack of dtype and shape), the array's memory
_KINDS = frozenset("biufc")
_DTYPE = re.compile(r"[<>|=][biufc][0-9]{1,2}")


def encode(value: object) -> bytes:
    """Turn a value into bytes.

    Raises:
        TypeError: it holds something that may not travel (a numpy scalar or an array of objects, say).
    """
    return _encoder.encode(value)


class Decoder(Generic[T]):
    """Turns bytes into a `T`; made once a type, used by any thread."""

    def __init__(self, kind: type[T] | Any) -> None:
        """`kind`: any annotation over the types named above; `numpy.ndarray` and `NDArray[...]` are known.

        Raises:
            TypeError: the annotation cannot be decoded into.
        """
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kind, ext_hook=_extension, dec_hook=_custom)

    def decode(self, data: bytes | memoryview) -> T:
        """The value.

        Raises:
            ValueError: the bytes are no such value (`msgspec.ValidationError` and `DecodeError` are
            ValueErrors).
        """
        try:
            return self._decoder.decode(data)
        except RecursionError as error:
            raise ValueError("the value is nested too deeply") from error


def _encode_custom(value: object) -> object:
    numpy = sys.modules.get("numpy")  # who holds an array has imported it
    if numpy is None or not isinstance(value, numpy.ndarray):
        raise TypeError(f"a {type(value).__module__}.{type(value).__qualname__} may not travel between processes")
    if value.dtype.kind not in _KINDS:
        raise TypeError(f"an array of {value.dtype} may not travel between processes")
    head = msgspec.msgpack.encode((value.dtype.str, value.shape))
    return msgspec.msgpack.Ext(_ARRAY, b"".join((struct.pack(">I", len(head)), head, value.tobytes())))


def _extension(code: int, data: memoryview) -> object:
    if code != _ARRAY:
        raise ValueError(f"unknown extension {code}")
    if len(data) < 4:
        raise ValueError("an array without a head")
    (length,) = struct.unpack_from(">I", data)
    dtype, shape = _head.decode(data[4 : 4 + length])
    return _array(dtype, shape, data[4 + length :])


def _array(dtype: str, shape: tuple[int, ...], memory: memoryview) -> numpy.ndarray[Any, Any]:
    import numpy

    if not _DTYPE.fullmatch(dtype) or any(size < 0 for size in shape):
        raise ValueError(f"an array of {dtype!r} and shape {shape} may not travel between processes")
    try:
        kind = numpy.dtype(dtype)
    except TypeError as error:
        raise ValueError(str(error)) from error
    if math.prod(shape) * kind.itemsize != len(memory):
        raise ValueError(f"{len(memory)} bytes are no array of {dtype} and shape {shape}")
    return numpy.frombuffer(memory, kind).reshape(shape)  # read-only, without a copy


def _custom(kind: type, value: object) -> object:
    if isinstance(value, get_origin(kind) or kind):
        return value
    if isinstance(value, dict):
        derived: list[type] = kind.__subclasses__()
        # From the last: with slots a dataclass is made twice, and the first one is what nobody else has.
        for each in reversed(derived):
            if is_dataclass(each) and {field.name for field in fields(each)} == value.keys():
                return msgspec.convert(value, each)
    raise ValueError(f"expected {kind}, got {type(value).__name__}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_custom)
_head: msgspec.msgpack.Decoder[tuple[str, tuple[int, ...]]] = msgspec.msgpack.Decoder(tuple[str, tuple[int, ...]])
