"""What becomes of parallel text before a model sees it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from training.translation.augment import Names, other_numbers
from training.translation.prepare import collect, hold_out, read_table, table
from training.translation.sources import Pair

from training.translation import sources, text


def pair(english: str, japanese: str, source: str = "tatoeba") -> Pair:
    return Pair(english, japanese, source)


def test_a_sentence_twice_in_another_spelling_is_kept_once() -> None:
    kept = collect([pair("I can't go.", "私は行けない。"), pair("I can ’t  go!", "私 は 行け ない ！", "tanaka")])
    assert kept == [pair("I can't go.", "私は行けない。")]


def test_two_translations_of_one_sentence_are_both_kept() -> None:
    kept = collect([pair("I can't go.", "私は行けない。"), pair("I can't go.", "行けません。")])
    assert {one.japanese for one in kept} == {"私は行けない。", "行けません。"}


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("", "はい。"),
        ("Yes.", ""),
        ("Yes.", "Yes."),
        ("これは何？", "これは何？"),
        ("Yes.", "長い文です。" * 9),
        ("No. " * 60, "いや。"),
    ],
)
def test_what_is_no_pair_of_sentences_falls_out(english: str, japanese: str) -> None:
    assert collect([pair(english, japanese)]) == []


@pytest.fixture
def many() -> list[Pair]:
    pairs = [pair(f"Sentence {number}.", f"文{number}。") for number in range(60)]
    pairs += [pair(f"sentence {number}", f"第{number}の文", "tanaka") for number in range(60)]
    return collect(pairs)


def test_no_training_pair_shares_a_side_with_a_held_out_one(many: list[Pair]) -> None:
    training, dev, test = hold_out(many, 10)
    held = {text.fingerprint(side) for one in (*dev, *test) for side in (one.english, one.japanese)}
    assert len(dev) == len(test) == 10 and len(held) == 40
    assert {one.source for one in (*dev, *test)} == {"tatoeba"}
    # Each held-out sentence had a second translation, which is gone too.
    assert len(training) == len(many) - 40
    assert not held & {text.fingerprint(side) for one in training for side in (one.english, one.japanese)}


def test_the_held_out_pairs_follow_from_the_seed_alone(many: list[Pair]) -> None:
    assert hold_out(many, 10) == hold_out(list(many), 10)
    assert hold_out(many, 10)[2] != hold_out(many, 10, seed=2)[2]


def test_too_few_pairs_to_hold_out_are_an_error(many: list[Pair]) -> None:
    with pytest.raises(ValueError, match="60 pairs can be held out where 80 are wanted"):
        hold_out(many, 40)


def test_a_table_reads_back(many: list[Pair], tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text(table(many), encoding="utf-8")
    assert read_table(tmp_path / "pairs.tsv") == many


def test_lower_cased_sentences_get_their_case_back_or_fall_out(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(
        "i 'm in paris .\t私 は パリ に い ま す 。\ni left .\t去 っ た 。\n", encoding="utf-8"
    )
    natural = {text.fingerprint("I'm in Paris."): "I'm in Paris."}
    assert list(sources.tanaka(tmp_path / "t.tsv", natural)) == [pair("I'm in Paris.", "私はパリにいます。", "tanaka")]


def test_descriptions_are_paired_where_their_sentences_are_as_many(tmp_path: Path) -> None:
    (tmp_path / "en").write_text(
        "Package: a\nDescription-md5: 1\nDescription-en: short\n It plays chess. It is\n fast.\n .\n One. Two.\n",
        encoding="utf-8",
    )
    (tmp_path / "ja").write_text(
        "Package: a\nDescription-md5: 1\nDescription-ja: 短い\n チェスを指し\n ます。高速です。\n .\n 一つだけ。\n",
        encoding="utf-8",
    )
    assert [(one.english, one.japanese) for one in sources.descriptions(tmp_path / "en", tmp_path / "ja")] == [
        ("It plays chess.", "チェスを指します。"),
        ("It is fast.", "高速です。"),
    ]


@pytest.mark.parametrize(
    ("english", "japanese", "kept"),
    [
        ("The file could not be opened.", "ファイルを開けませんでした。", True),
        ("The file %s could not be opened.", "ファイル %s を開けませんでした。", False),
        ("Open the recent file", "最近のファイルを開く", False),
        ("Press <b>Enter</b> to go on.", "<b>Enter</b>で進みます。", False),
    ],
)
def test_only_whole_sentences_of_software_text_are_taken(english: str, japanese: str, kept: bool) -> None:
    assert bool(list(sources.whole_sentences([pair(english, japanese, "catalogues")]))) is kept


def test_numbers_change_alike_on_both_sides() -> None:
    changed = other_numbers(pair("Bus 12 leaves at 9:40.", "12番のバスは9:40に出る。"), random.Random(4))
    assert changed is not None
    bus, hour, minute = (part for part in changed.english.replace(":", " ").replace(".", "").split() if part.isdigit())
    assert changed.japanese == f"{bus}番のバスは{hour}:{minute}に出る。" and (bus, hour, minute) != ("12", "9", "40")


def test_numbers_that_only_one_side_writes_in_digits_stay() -> None:
    assert other_numbers(pair("I have 2 cats and 1 dog.", "猫が2匹、犬が一匹いる。"), random.Random(4)) is None


def test_names_change_alike_on_both_sides() -> None:
    names, chance = Names(), random.Random(3)
    seen = {names.replace(pair("Tom lives in Boston.", "トムはボストンに住んでいる。"), chance) for _ in range(60)}
    english = {one.english for one in seen}
    assert len(seen) > 10 and any("Tom" not in one for one in english) and any("Boston" not in one for one in english)
    assert all(("トム" in one.japanese) == ("Tom " in one.english) for one in seen)


def test_a_name_inside_a_longer_word_is_no_name() -> None:
    names, given = Names(), pair("Tom ate a tomato.", "彼はトムヤムクンを食べた。")
    assert {names.replace(given, random.Random(seed)) for seed in range(30)} == {given}
