import io

import pytest

from honmono.engines.tabular.errors import DataInvalid, SchemaInvalid
from honmono.engines.tabular.inference import infer


def guess(text, *arguments, **options):
    return infer(io.BytesIO(text.encode()), *arguments, **options)


def test_types_header_and_row_id_are_seen():
    rows = "".join(
        f"c{n},{20 + n},{('red', 'blue')[n % 2]},{('yes', 'no')[n % 2]},it was a {n}th good day\n" for n in range(30)
    )
    found = guess("id,age,colour,bought,note\n" + rows, "bought")
    assert found.has_header and found.row_id == "id" and found.target == "bought"
    assert dict(found.types) == {
        "id": "CATEGORICAL",
        "age": "NUMERIC",
        "colour": "CATEGORICAL",
        "bought": "BINARY",
        "note": "TEXT",
    }


def test_without_names_there_are_amazons():
    found = guess("1,a\n2.5,b\n,a\n")
    assert found.names == ("Var01", "Var02") and not found.has_header
    assert found.target == "Var02" and found.types["Var01"] == "NUMERIC"


def test_a_first_line_whose_values_come_again_is_data():
    assert not guess("red,big\nblue,small\nred,big\n").has_header


def test_nothing_to_look_at_is_said():
    with pytest.raises(DataInvalid):
        guess("")
    with pytest.raises(DataInvalid, match="no observations"):
        guess("a,b\n", header=True)
    with pytest.raises(SchemaInvalid, match="'z'"):
        guess("a,b\n1,2\n", "z")
