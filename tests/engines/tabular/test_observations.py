import io

import numpy as np
import pytest

from honmono.engines.tabular import observations
from honmono.engines.tabular.errors import DataInvalid
from honmono.engines.tabular.observations import Faults, Position


def read(data, columns=2, **options):
    faults = Faults()
    data = data.encode() if isinstance(data, str) else data
    blocks = list(observations.read(io.BytesIO(data), columns, faults=faults, **options))
    rows = [row for block in blocks for row in zip(*block.columns, strict=True)]
    return rows, faults, [good for block in blocks for good in block.is_good.tolist()]


def test_quotes_commas_and_line_ends():
    rows, faults, _ = read('a,"b, ""c"""\r\n"1",\n x , 2')
    assert rows == [("a", 'b, "c"'), ("1", ""), (" x ", " 2")]
    assert not faults.count


def test_a_byte_order_mark_and_a_header_are_none():
    rows, _, _ = read("\ufeffname,value\n1,2\n", header=True)
    assert rows == [("1", "2")]


def test_a_broken_line_spoils_no_other_and_is_told_with_its_number():
    rows, faults, good = read('1,2\n1,2,3\n\n"open,2\n5,6\n', name="s3://b/a.csv")
    assert rows == [("1", "2"), ("5", "6")]
    assert good == [True, False, False, False, True]
    assert faults.count == 3
    assert "s3://b/a.csv, line 2: it has 3 value(s), the schema 2 attribute(s)" in str(faults)
    assert "line 4: a double quote is not closed before the line ends" in str(faults)


def test_shift_jis_is_guessed():
    rows, faults, _ = read(b"1,2\n" + "名前,値\n".encode("shift_jis"))
    assert rows == [("1", "2")]
    assert "not UTF-8; it may be shift_jis" in str(faults)


def test_utf_16_is_refused_with_what_to_do():
    with pytest.raises(DataInvalid, match="iconv"):
        read("1,2\n".encode("utf-16"))


class Endless(io.RawIOBase):
    """A first line, one of so many bytes, and a last one; its reader must not hold them."""

    def __init__(self, size):
        self._left = size
        self._parts = [b"1,2\n", b"\n3,4\n"]

    def readable(self):
        return True

    def read(self, size=-1):
        if len(self._parts) == 2:
            return self._parts.pop(0)
        if self._left > 0:
            piece = b"x" * min(size, self._left)
            self._left -= len(piece)
            return piece
        return self._parts.pop() if self._parts else b""


def test_a_line_of_a_gigabyte_is_one_bad_record_in_little_memory():
    import tracemalloc

    faults = Faults()
    tracemalloc.start()
    blocks = list(observations.read(Endless(1 << 28), 2, faults=faults))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rows = [row for block in blocks for row in zip(*block.columns, strict=True)]
    assert rows == [("1", "2"), ("3", "4")]
    assert faults.count == 1 and "line 2: the observation is longer than 100 KB" in str(faults)
    assert peak < 16 << 20


def test_many_faults_are_counted_and_few_are_told():
    _, faults, _ = read("1\n" * 1000)
    assert faults.count == 1000 and len(faults.told) == 5
    assert str(faults).endswith("(and 995 more)")


def test_lines_over_a_chunks_border_stay_whole():
    text = "".join(f"{number},{'x' * (number % 300)}\n" for number in range(20_000))
    rows, faults, _ = read(text)
    assert len(rows) == 20_000 and not faults.count
    assert rows[12_345] == ("12345", "x" * (12_345 % 300))


def test_chosen_observations_alone_and_positions_that_go_on_over_files():
    seen = []

    def keep(first, offsets):
        seen.append((first, offsets.tolist()))
        return np.arange(first, first + len(offsets)) % 2 == 0

    position = Position()
    kept = []
    for text in ("h,h\n0,0\n1,1\n", "h,h\n2,2\n33,33\n"):
        kept += read(text, header=True, keep=keep, position=position)[0]
    assert kept == [("0", "0"), ("2", "2")]
    assert seen == [(0, [4, 8]), (2, [16, 20])]


def test_counting_counts_lines():
    assert observations.count(io.BytesIO(b"a\nb\nc")) == observations.count(io.BytesIO(b"a\nb\nc\n")) == 3
    assert observations.count(io.BytesIO(b"")) == 0
