from tests.engines.tabular.tables import schema, write

from honmono.engines.tabular.selection import Selection
from honmono.engines.tabular.source import source_of

SCHEMA = schema(n="NUMERIC")


def chosen(paths, **which):
    source = source_of(paths, SCHEMA, Selection(**which))
    return [int(text) for block in source.blocks() for text in block.columns[0]]


def test_a_range_and_its_complement_are_all_and_share_nothing(tmp_path):
    paths = [write(tmp_path / f"{part}.csv", [[n] for n in range(part * 500, part * 500 + 500)]) for part in range(2)]
    first, rest = chosen(paths, begin=0, end=70), chosen(paths, begin=0, end=70, complement=True)
    assert first == list(range(700)) and rest == list(range(700, 1000))
    assert chosen(paths, begin=70, end=100) == rest


def test_a_drawn_share_is_one_with_its_seed_and_keeps_the_order(tmp_path):
    path = [write(tmp_path / "a.csv", [[n] for n in range(10_000)])]
    some = chosen(path, begin=0, end=30, seed="s3://bucket/file.csv")
    assert abs(len(some) - 3000) < 150 and some == sorted(some)
    assert chosen(path, begin=0, end=30, seed="s3://bucket/file.csv") == some
    assert chosen(path, begin=0, end=30, seed="another") != some
    others = chosen(path, begin=0, end=30, seed="s3://bucket/file.csv", complement=True)
    assert sorted(some + others) == list(range(10_000))
    assert chosen(path, begin=30, end=100, seed="s3://bucket/file.csv") == others


def test_changed_data_are_drawn_anew(tmp_path):
    """As on AWS, an observation's number follows from its place in bytes."""
    plain = write(tmp_path / "a.csv", [[n] for n in range(2000)])
    shifted = write(tmp_path / "b.csv", [[99_999], *([n] for n in range(2000))])
    one, other = (chosen([path], begin=0, end=50, seed="s") for path in (plain, shifted))
    assert set(one) != set(other) - {99_999}


def test_a_header_that_names_other_columns_is_told(tmp_path):
    two = schema(None, header=True, age="NUMERIC", sign="CATEGORICAL")
    right, turned = (
        write(tmp_path / f"{name}.csv", rows)
        for name, rows in (("a", [("Age", "sign"), (1, "x")]), ("b", [("sign", "age")]))
    )
    [told] = source_of([right, turned], two).strange_headers()
    assert "b.csv: column 1 is 'sign' in the header and 'age' in the schema" in told
    assert source_of([turned], schema(None, age="NUMERIC", sign="CATEGORICAL")).strange_headers() == []
