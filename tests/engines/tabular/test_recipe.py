import json

import pytest
from tests.engines.tabular.tables import schema

from honmono.engines.tabular.errors import RecipeInvalid
from honmono.engines.tabular.recipe import resolve

SCHEMA = schema(
    "y",
    title="TEXT",
    subject="TEXT",
    body="TEXT",
    age="NUMERIC",
    **{"hours-per-week": "NUMERIC", "country": "CATEGORICAL", "gender": "BINARY", "y": "BINARY"},
)
GUIDES = """{
  "groups": {
    "LONGTEXT": "group_remove(ALL_TEXT, title, subject)",
    "SPECIALTEXT": "group(title, subject)",
    "BINCAT": "group(ALL_CATEGORICAL, ALL_BINARY)"
  },
  "assignments": {
    "binned_age" : "quantile_bin(age,30)",
    "country_gender_interaction" : "cartesian(country, gender)"
  },
  "outputs": [
    "lowercase(no_punct(LONGTEXT))",
    "ngram(lowercase(no_punct(SPECIALTEXT)),3)",
    "quantile_bin(hours-per-week, 10)",
    "hours-per-week // explicitly include the original numeric variable
along with the binned version",
    "cartesian(binned_age, quantile_bin(hours-per-week,10)) // this one is critical",
    "country_gender_interaction",
    "BINCAT"
  ]
}"""


def outputs(*listed, groups=None, assignments=None):
    text = json.dumps({"groups": groups or {}, "assignments": assignments or {}, "outputs": listed})
    return [node.key for node in resolve(text, SCHEMA).outputs]


def test_the_guides_complete_example():
    assert [node.key for node in resolve(GUIDES, SCHEMA).outputs] == [
        "lowercase(no_punct('body'))",
        "ngram(lowercase(no_punct('title')), 3)",
        "ngram(lowercase(no_punct('subject')), 3)",
        "quantile_bin('hours-per-week', 10)",
        "'hours-per-week'",
        "cartesian(quantile_bin('age', 30), quantile_bin('hours-per-week', 10))",
        "cartesian('country', 'gender')",
        "'country'",
        "'gender'",
    ]


def test_all_inputs_are_all_but_the_target_and_nothing_comes_twice():
    found = outputs("ALL_INPUTS", "age", "ALL_NUMERIC")
    assert found == ["'title'", "'subject'", "'body'", "'age'", "'hours-per-week'", "'country'", "'gender'"]


def test_sections_but_outputs_may_be_missing():
    assert [node.key for node in resolve('{"outputs": ["age"]}', SCHEMA).outputs] == ["'age'"]


def test_names_may_be_quoted_and_escaped():
    strange = schema(None, **{"a, b": "NUMERIC", "it's": "CATEGORICAL"})
    text = json.dumps({"outputs": ["quantile_bin('a, b', 10)", '"it\'s"']})
    assert [node.key for node in resolve(text, strange).outputs] == ["quantile_bin('a, b', 10)", '"it\'s"']


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{\n "outputs": [\n  "age",\n  "tangle(age)"\n ]\n}', 4, 4, "no function 'tangle'.*quantile_bin"),
        ('{"outputs": ["quantile_bin(age, 1)"]}', 1, 33, "from 2 to 1000, not 1"),
        ('{"outputs": ["quantile_bin(age)"]}', 1, 15, "a whole number"),
        ('{"outputs": ["quantile_bin(country, 10)"]}', 1, 28, "works on NUMERIC; 'country' is CATEGORICAL"),
        ('{"outputs": ["ngram(age, 2)"]}', 1, 21, "works on TEXT"),
        ('{"outputs": ["cartesian(age, country)"]}', 1, 25, "'age' is NUMERIC"),
        ('{"outputs": ["cartesian(country)"]}', 1, 15, "two variables or more"),
        ('{"outputs": ["cartesian(ALL_TEXT, country)"]}', 1, 25, "this group has 3"),
        ('{"outputs": ["Age"]}', 1, 15, "did you mean 'age'"),
        ('{"outputs": ["y"]}', 1, 15, "is the target"),
        ('{"outputs": ["lowercase(title"]}', 1, 30, "',' or '\\)' is wanted, not the end"),
        ('{"outputs": ["lowercase(title) title"]}', 1, 32, "nothing may follow"),
        ('{"outputs": ["lowercase(, title)"]}', 1, 25, "is wanted"),
        ('{"outputs": []}', 1, 13, "outputs is empty"),
        ('{"groups": {}}', 1, 15, "no outputs"),
        ('{"outputs": ["age"], "groups": {}}', 1, 22, "out of order"),
        ('{"output": ["age"]}', 1, 2, "unknown section 'output'"),
        ('{"groups": {"G": "group(ALL_INPUTS)"}, "outputs": ["G"]}', 1, 25, "ALL_INPUTS"),
        ('{"groups": {"G": "lowercase(title)"}, "outputs": ["G"]}', 1, 19, "made by group"),
        ('{"groups": {"age": "group(title)"}, "outputs": ["age"]}', 1, 21, "is a variable's"),
        ('{"groups": {"G": "group(age)", "G": "group(age)"}, "outputs": ["G"]}', 1, 32, "defined twice"),
        ('{"outputs": ["age"', 1, 19, "',' is wanted, not the end"),
        ('{"outputs": ["age"]} x', 1, 22, "nothing may follow the recipe"),
        ('{"outputs" ["age"]}', 1, 12, "':' is wanted"),
        ("", 1, 1, "'{' is wanted"),
        ('{"outputs": ["' + "lowercase(" * 40 + "title" + ")" * 40 + '"]}', 1, 345, "more than 32 deep"),
    ],
)
def test_an_error_points_at_its_place(text, line, column, words):
    with pytest.raises(RecipeInvalid, match=words) as caught:
        resolve(text, SCHEMA)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"Recipe, line {line}, column {column}: ")


def test_a_recipe_has_an_end():
    """Groups of functions of groups multiply; there is a limit."""
    wide = schema(None, **{f"t{number}": "TEXT" for number in range(900)})
    many = [f"ngram(ALL_TEXT, {size})" for size in range(1, 11)] + [f"osb(ALL_TEXT, {size})" for size in range(2, 11)]
    with pytest.raises(RecipeInvalid, match="more than 10000"):
        resolve(json.dumps({"outputs": many}), wide)
