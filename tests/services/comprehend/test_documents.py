import io

import pytest

from honmono.services.comprehend.documents import split_lines


class Dripping(io.BytesIO):
    """Gives a few bytes at a time, as a stream may."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size)


DATA = "eins\nzwei\r\n\r\n三\rlast\r".encode()
LINES = [b"eins", b"zwei", b"", "三".encode(), b"last"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
def test_lines_end_the_same_wherever_the_pieces_do(size):
    assert list(split_lines(Dripping(DATA, size), 100)) == LINES


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
def test_a_long_line_is_told_and_not_kept(size):
    data = b"one\n" + b"x" * 50 + b"\ntwo\n" + b"y" * 6
    assert list(split_lines(Dripping(data, size), 5)) == [b"one", None, b"two", None]


@pytest.mark.parametrize(("data", "lines"), [(b"", []), (b"\n", [b""]), (b"a", [b"a"]), (b"a\n", [b"a"])])
def test_the_end_of_the_stream_ends_a_line_that_has_begun(data, lines):
    assert list(split_lines(io.BytesIO(data), 5)) == lines
