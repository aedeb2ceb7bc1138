from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from honmono.compute.codec import Decoder, encode


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    label: Literal["cat", "dog"]


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    boxes: list[Box]
    pixels: npt.NDArray[np.uint8]
    mask: np.ndarray | None = None


def test_dataclasses_bytes_and_arrays_come_back_as_they_were() -> None:
    picture = Picture(b"\x00\xff", [Box(0.5, "cat")], np.arange(6, dtype=np.uint8).reshape(1, 2, 3))
    back = Decoder(Picture).decode(encode(picture))
    assert (back.data, back.boxes, back.mask) == (picture.data, picture.boxes, None)
    np.testing.assert_array_equal(back.pixels, picture.pixels)


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f8", "c8", "i1", "u8", "?"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3)])
def test_arrays_of_any_number_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(np.prod(shape, dtype=int)) % 3).astype(dtype).reshape(shape)
    back = Decoder(list[np.ndarray]).decode(encode([array]))[0]
    assert back.dtype == array.dtype and back.shape == array.shape
    np.testing.assert_array_equal(back, array)


def test_strided_arrays_too() -> None:
    array = np.arange(24).reshape(4, 6)[::2, ::-1].T
    np.testing.assert_array_equal(Decoder(np.ndarray).decode(encode(array)), array)


@pytest.mark.parametrize("value", [object(), np.float32(1), np.array([object()]), np.array(["text"]), {1j}])
def test_what_may_not_travel_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)


def forged(dtype: str, shape: tuple[int, ...], memory: bytes) -> bytes:
    head = msgspec.msgpack.encode((dtype, shape))
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(1, struct.pack(">I", len(head)) + head + memory))


@pytest.mark.parametrize(
    "data",
    [
        forged("<f4", (1 << 40, 1 << 40), b"1234"),
        forged("<f4", (-1, -1), b"1234"),
        forged("<f4", (2,), b"1234"),
        forged("O", (1,), b"12345678"),
        forged("V8", (1,), b"12345678"),
        forged("nonsense", (1,), b"1"),
        forged("<f3", (1,), b"123"),
        b"\x91" * 100_000 + b"\x90",
        msgspec.msgpack.encode(msgspec.msgpack.Ext(1, struct.pack(">I", 1 << 31))),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(1, b"")),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(2, pickle.dumps(1))),
        pickle.dumps(np.zeros(3)),
        b"",
        encode([1.0]),
    ],
)
@pytest.mark.parametrize("kind", [np.ndarray, Picture])
def test_forged_values_are_value_errors(data: bytes, kind: Any) -> None:
    with pytest.raises(ValueError):
        Decoder(kind).decode(data)


def test_unions_and_wrong_members() -> None:
    assert Decoder(Box | None).decode(encode(None)) is None
    with pytest.raises(ValueError, match="label"):
        Decoder(Box).decode(encode({"left": 1.0, "label": "cow"}))
    with pytest.raises(TypeError):
        Decoder(object())


class Shape:
    """Stands for the dataclasses that are derived from it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Circle(Shape):
    radius: float


@dataclass(frozen=True, slots=True)
class Square(Shape):
    side: float
    turned: tuple[int, ...] = ()


def test_a_class_stands_for_the_dataclasses_that_are_derived_from_it() -> None:
    shapes = [Circle(1.5), Square(2.0, (1, 2)), Circle(0.0)]
    assert Decoder(list[Shape]).decode(encode(shapes)) == shapes
    for stranger in ({"radius": 1.0, "side": 1.0}, {"radius": "x"}, {}, 3):
        with pytest.raises(ValueError):
            Decoder(list[Shape]).decode(encode([stranger]))
