"""Recipes, schemas and data as nobody should write them: an answer or a typed error, nothing else."""

import csv
import io
import random

import pytest
from tests.engines.tabular.tables import schema_text
from tests.engines.tabular.test_recipe import GUIDES, SCHEMA

from honmono.engines.tabular import observations
from honmono.engines.tabular.errors import TabularError
from honmono.engines.tabular.observations import Faults
from honmono.engines.tabular.recipe import resolve
from honmono.engines.tabular.schema import Schema

PIECES = [
    *"{}[](),:'\"\\/ \n\t\0é日",
    *("//", "quantile_bin", "ALL_TEXT", "1", "outputs", "group(", "\\u0000", "\ud800"),
]


def mangled(text, chance):
    letters = list(text)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(letters))
        action = chance.random()
        if action < 0.4:
            letters[place] = chance.choice(PIECES)
        elif action < 0.7:
            letters.insert(place, chance.choice(PIECES))
        else:
            del letters[place : place + chance.randint(1, 30)]
        letters = letters or [" "]
    return "".join(letters)


@pytest.mark.parametrize("seed", range(4))
def test_mangled_recipes_and_schemas(seed):
    chance = random.Random(seed)
    schema = schema_text("y", age="NUMERIC", country="CATEGORICAL", y="BINARY")
    good = 0
    for _ in range(400):
        for parse, text in ((lambda text: resolve(text, SCHEMA), GUIDES), (Schema.parse, schema)):
            try:
                parse(mangled(text, chance))
                good += 1
            except TabularError as error:
                assert str(error)
    assert good > 10, "some of it still makes sense"


@pytest.mark.parametrize("seed", range(4))
def test_mangled_data_lose_no_line(seed):
    """A block tells of every line whether it was good, and the good ones are as the csv module reads them alone."""
    chance = random.Random(seed)
    for _ in range(60):
        lines = [b"1,two,3"] * chance.randint(1, 40)
        data = bytearray(b"\n".join(lines) + b"\n" * chance.randint(0, 1))
        for _ in range(chance.randint(0, 8)):
            data[chance.randrange(len(data))] = chance.choice(b'",\n\r\0\xff\xe3 x')
        faults = Faults()
        blocks = list(observations.read(io.BytesIO(bytes(data)), 3, faults=faults))
        told = [good for block in blocks for good in block.is_good.tolist()]
        expected = bytes(data).removesuffix(b"\n").count(b"\n") + 1 if data != b"\n" else 1
        assert len(told) == expected
        assert told.count(False) == faults.count
        assert all(len(column) == block.rows for block in blocks for column in block.columns)
        alone = [_alone(line) for line in bytes(data).removesuffix(b"\n").split(b"\n")]
        rows = [row for block in blocks for row in zip(*block.columns, strict=True)]
        assert rows == [row for row in alone if row is not None]


def _alone(line):
    try:
        row = next(csv.reader([line.removesuffix(b"\r").decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    return tuple(row) if len(row) == 3 else None
