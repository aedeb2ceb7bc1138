import numpy as np
import pytest

from honmono.engines.tabular import nodes
from honmono.engines.tabular.nodes import JOIN, NumericColumn, TextColumn

COLUMNS = {
    "text": ["I really enjoyed it", "Please - fasten your seat-belts!", ""],
    "sign": ["Red", "blue", ""],
    "flag": ["YES", "0", "perhaps"],
    "number": ["1", "", "x"],
}


def bags(node):
    return [list(row) for row in node.value(COLUMNS).values]


def test_ngrams_are_the_guides():
    found = bags(nodes.NGram(TextColumn("text"), 2))
    assert found[0] == ["I", "really", "enjoyed", "it", "I really", "really enjoyed", "enjoyed it"]
    assert found[2] == []


def test_sparse_bigrams_have_an_underscore_for_each_step():
    found = bags(nodes.SparseBigram(TextColumn("text"), 3))
    assert found[0] == ["I_really", "I__enjoyed", "really_enjoyed", "really__it", "enjoyed_it"]


def test_signs_around_words_go_and_those_within_stay():
    found = nodes.NoPunctuation(TextColumn("text")).value(COLUMNS)
    assert found.values[1] == "Please fasten your seat-belts"
    assert nodes.Lowercase(nodes.NoPunctuation(TextColumn("text"))).value(COLUMNS).values[1].startswith("please fasten")


def test_flags_have_one_name_however_they_are_written():
    assert nodes.Category("flag", is_binary=True).value(COLUMNS).values == ["1", "0", ""]


def test_missing_numbers_have_a_bin_of_their_own():
    column = NumericColumn("n")
    node = nodes.QuantileBin(column, 4)
    node.fit({"n": [str(number) for number in range(100)]})
    node.finish()
    found = node.value({"n": ["-5", "10", "30", "99", "1000", "", "x"]})
    assert [found.names[code] for code in found.codes] == ["0", "0", "1", "3", "3", "", ""]


def test_bins_of_many_equal_numbers_are_fewer():
    node = nodes.QuantileBin(NumericColumn("n"), 10)
    node.fit({"n": ["0"] * 90 + ["5"] * 10})
    node.finish()
    found = node.value({"n": ["0", "5"]}).codes.tolist()
    assert found[0] < found[1] <= 2


def test_numbers_are_scaled_by_what_was_seen_in_blocks():
    column = NumericColumn("n")
    node = nodes.Normalize(column)
    for block in (["1", "2"], ["3", "4", ""]):
        column.fit({"n": block})
    column.finish()
    assert (column.mean, column.deviation) == pytest.approx((2.5, np.std([1, 2, 3, 4])))
    assert node.value({"n": ["2.5", ""]})[0] == 0 and np.isnan(node.value({"n": ["", "1"]})[0])


def test_combinations_of_categories_and_of_words():
    sign, text = nodes.Category("sign", is_binary=False), TextColumn("text")
    found = nodes.Cartesian([sign, nodes.Category("flag", is_binary=True)]).value(COLUMNS)
    assert found.values == [f"Red{JOIN}1", f"blue{JOIN}0", JOIN]
    assert bags(nodes.Cartesian([text, sign]))[0] == [f"{word}{JOIN}Red" for word in COLUMNS["text"][0].split()]
