import json

import pytest
from tests.engines.tabular.tables import schema

from honmono.engines.tabular.errors import SchemaInvalid
from honmono.engines.tabular.schema import Schema, Type

ATTRIBUTES = [{"attributeName": "age", "attributeType": "NUMERIC"}, {"attributeName": "y", "attributeType": "BINARY"}]


def parse(**members):
    return Schema.parse(json.dumps({"version": "1.0", "dataFormat": "CSV", "attributes": ATTRIBUTES, **members}))


def test_the_guides_and_the_references_names_mean_the_same():
    guide = parse(targetAttributeName="y", rowId=None, dataFileContainsHeader=True, excludedAttributeNames=["age"])
    reference = Schema.parse(
        json.dumps(
            {
                "targetFieldName": "y",
                "dataFileContainsHeader": "true",
                "attributes": [{"fieldName": "age", "fieldType": "NUMERIC"}, {"fieldName": "y", "fieldType": "BINARY"}],
                "excludedVariableNames": ["age"],
            }
        )
    )
    assert guide == reference
    assert guide.inputs == () and guide.types["age"] is Type.NUMERIC


def test_what_is_learned_from_leaves_out_target_row_id_and_excluded():
    found = parse(targetAttributeName="y", rowId="age")
    assert found.inputs == ()
    assert [each.name for each in parse(targetAttributeName="y").inputs] == ["age"]


def test_it_is_written_as_it_is_read():
    found = schema("y", header=True, age="NUMERIC", 名前="TEXT", y="BINARY")
    assert Schema.parse(found.to_json()) == found


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"attributes": []}, "no attributes"),
        ({"attributes": "age"}, "no list"),
        ({"attributes": [{"attributeName": "age"}]}, "Attribute 1"),
        ({"attributes": [*ATTRIBUTES, ATTRIBUTES[0]]}, "'age' twice"),
        ({"attributes": [{"attributeName": "a", "attributeType": "DATE"}]}, "'DATE'.*BINARY"),
        ({"attributes": [{"attributeName": "a", "attributeType": "WEIGHTED_INT_SEQUENCE"}]}, "not supported"),
        ({"attributes": [{"attributeName": f"a{n}", "attributeType": "TEXT"} for n in range(1001)]}, "1001"),
        ({"targetAttributeName": "x"}, "'x' is not among"),
        ({"excludedAttributeNames": ["x"]}, "'x'"),
        ({"dataFormat": "JSON"}, "only CSV"),
        ({"version": "2.0"}, "1.0"),
        ({"rowWeight": "age"}, "not supported"),
        ({"dataFileContainsHeader": 3}, "neither true nor false"),
    ],
)
def test_what_is_wrong_is_named(members, words):
    with pytest.raises(SchemaInvalid, match=words):
        parse(**members)


def test_broken_json_is_told_with_its_place():
    with pytest.raises(SchemaInvalid, match="line 2, column 3"):
        Schema.parse('{\n  version: "1.0"}')
    with pytest.raises(SchemaInvalid, match="not a JSON object"):
        Schema.parse("[]")
    with pytest.raises(SchemaInvalid):
        Schema.parse("[" * 100_000)
