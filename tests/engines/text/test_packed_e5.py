from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from honmono.engines.text.packed_e5 import PackedE5, PackedFileError

PIECES = [("<s>", 0.0), ("▁a", -1.5), ("猫", -2.25)]
NIBBLES = np.arange(64, dtype=np.uint8).reshape(2, 32) % 16
SCALES = np.array([0.5, -0.25], np.float16)


def packed_model() -> bytes:
    """A model of two rows of 32 weights and one bias, as the format's description has it."""
    blob = "".join(piece for piece, _ in PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece, _ in PIECES)])
    head = struct.pack("<4sI7if", b"E5S1", 1, 32, 1, 2, 64, 3, 16, 1, 1e-6)
    head += struct.pack("<6iQ", 32, len(PIECES), 0, 2, 1, 0, len(blob))
    head += struct.pack(f"<{len(offsets)}I", *offsets)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + blob
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 9, 1, 32)
    rows = b"".join(
        scale.tobytes() + bytes(row[:16] | (row[16:] << 4)) for scale, row in zip(SCALES, NIBBLES, strict=True)
    )
    bias = np.array([1.0, 2.0], np.float32).tobytes()
    directory_length = 4 + sum(2 + len(name) + 21 for name in ("m.w", "m.b"))
    start = len(head) + directory_length
    directory = struct.pack("<i", 2)
    for name, kind, count, place, size in (
        (b"m.w", 1, 64, start, len(rows)),
        (b"m.b", 0, 2, start + len(rows), len(bias)),
    ):
        directory += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, place, size)
    return head + directory + rows + bias


@pytest.fixture
def model(tmp_path: Path) -> PackedE5:
    path = tmp_path / "model.bin"
    path.write_bytes(packed_model())
    return PackedE5(path)


def test_sizes_and_pieces(model: PackedE5) -> None:
    assert (model.sizes.width, model.sizes.heads, model.sizes.positions) == (32, 2, 16)
    assert model.sizes.epsilon == pytest.approx(1e-6)
    assert model.pieces == PIECES


def test_a_weight_is_its_nibble_less_eight_times_its_blocks_scale(model: PackedE5) -> None:
    matrix = model.matrix("m.w", 32)
    expected = (NIBBLES.astype(np.float32) - 8) * SCALES.astype(np.float32)[:, None]
    assert np.array_equal(matrix.dequantised(), expected)


def test_packed_puts_neighbours_in_one_byte(model: PackedE5) -> None:
    packed = model.matrix("m.w", 32).packed()
    assert packed.shape == (2, 1, 16)
    assert packed[0, 0, 0] == NIBBLES[0, 0] | NIBBLES[0, 1] << 4


def test_floats(model: PackedE5) -> None:
    assert model.floats("m.b").tolist() == [1.0, 2.0]


def test_a_tensor_that_is_missing_or_of_another_kind_is_named(model: PackedE5) -> None:
    with pytest.raises(PackedFileError, match="no tensor 'x'"):
        model.floats("x")
    with pytest.raises(PackedFileError, match=r"'m\.w' is of kind 1"):
        model.floats("m.w")


@pytest.mark.parametrize("length", [0, 3, 39, 75, 110, len(packed_model()) - 1])
def test_a_file_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "short.bin"
    path.write_bytes(packed_model()[:length])
    with pytest.raises(PackedFileError, match=r"short\.bin is not a whole packed e5 file"):
        PackedE5(path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + packed_model()[4:])
    with pytest.raises(PackedFileError, match="GGUF"):
        PackedE5(path)
