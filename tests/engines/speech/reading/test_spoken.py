"""Numbers, dates, abbreviations and signs are said as people say them."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest

from honmono.engines.speech.reading import ReadingError, read_text
from honmono.engines.speech.reading.languages import language_of
from honmono.engines.speech.utterance import Word

HERE = Path(__file__).parent


def cases(name: str) -> list[tuple[str, str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["language"], row["text"], row["spoken"]) for row in rows]


def words(text: str, language: str) -> list[Word]:
    return [part for sentence in read_text(text, language) for part in sentence.parts if isinstance(part, Word)]


def spoken(text: str, language: str) -> str:
    joiner = "" if language == "ja-JP" else " "
    return joiner.join(said for word in words(text, language) for said in word.spoken)


def plain(text: str) -> str:
    return text.replace("-", " ").lower()


@pytest.mark.parametrize(("language", "text", "expected"), cases("spoken.tsv"))
def test_each_is_said_as_people_say_it(language: str, text: str, expected: str) -> None:
    assert plain(spoken(text, language)) == plain(expected)


def test_of_the_table_that_was_held_out_nearly_all_are_right() -> None:
    table = cases("held_out.tsv")
    right = [case for case in table if plain(spoken(case[1], case[0])) == plain(case[2])]
    assert len(right) >= 0.98 * len(table)


def test_a_word_keeps_its_text_and_bytes() -> None:
    (price,) = [word for word in words("😀 It costs $5.20 today", "en-US") if word.text.startswith("$")]
    assert price.spoken == ("five", "dollars", "and", "twenty", "cents")
    assert (price.begin, price.end) == (14, 19)


def test_words_that_stand_apart_are_words_apart() -> None:
    assert [(word.text, word.spoken) for word in words("$5 million, 5 km, Nov 24th, 2026", "en-US")] == [
        ("$5", ("five",)),
        ("million", ("million", "dollars")),
        ("5", ("five",)),
        ("km", ("kilometers",)),
        ("Nov", ("November",)),
        ("24th", ("twenty", "fourth")),
        ("2026", ("twenty", "twenty", "six")),
    ]
    assert [(word.text, word.spoken) for word in words("2026年8月20日", "ja-JP")] == [
        ("2026年", ("にせんにじゅうろくねん",)),
        ("8月", ("はちがつ",)),
        ("20日", ("はつか",)),
    ]


def test_capitals_are_spelled_or_read() -> None:
    assert spoken("NASA, the FBI and HTML", "en-US") == "NASA the F B I and H T M L"
    assert spoken("THE QUICK BROWN FOX", "en-US") == "THE QUICK BROWN FOX"
    assert spoken("A plan B", "en-US") == "a plan B"


@pytest.mark.parametrize("code", ["en-US", "en-GB", "es-ES", "fr-FR", "it-IT", "pt-BR", "pt-PT", "de-DE", "ja-JP"])
def test_each_number_is_said_otherwise_than_its_neighbours(code: str) -> None:
    language = language_of(code)
    numbers = [*range(2_200), *(10**power + one for power in range(4, 30) for one in (0, 1, 11, 100, 1000))]
    said = [language.cardinal(number) for number in dict.fromkeys(numbers)]
    assert len(set(said)) == len(said)
    assert all("  " not in one and one == one.strip() for one in said)


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [("en-US", "1,234.5", "1.234,5"), ("de-DE", "1.234,5", "1,234.5"), ("es-MX", "1,234.5", "1.234,5")],
)
def test_the_decimal_sign_is_the_countrys(code: str, first: str, second: str) -> None:
    language = language_of(code)
    assert language.number(first) is not None
    assert language.number(second) is None


def test_a_number_that_is_cut_off_within_a_word_of_the_dictionary() -> None:
    assert spoken("0+" + "9" * 40, "ja-JP").startswith("ゼロプラスきゅうきゅう")


def test_a_language_that_is_not_known_says_which_are() -> None:
    with pytest.raises(ReadingError, match="known are en, es, fr") as error:
        read_text("안녕 3", "ko-KR")
    assert error.value.code == "UnsupportedLanguage"


@pytest.mark.parametrize(
    ("language", "piece"),
    [("en-US", "a."), ("en-US", "A "), ("en-US", "1,000,"), ("en-US", "9"), ("en-US", "1-"), ("en-US", "/mo"),
     ("en-US", "a-1"), ("en-US", "$1 "), ("en-US", "?!)"), ("en-US", "\n "), ("fr-FR", "1 000 "), ("ja-JP", "一"),
     ("ja-JP", "3万"), ("ja-JP", "9"), ("de-DE", "1.")],
)  # fmt: skip
def test_much_of_one_kind_takes_no_longer_than_its_length_asks(language: str, piece: str) -> None:
    text = piece * (20_000 // len(piece))
    begin = time.process_time()
    read_text(text, language)
    assert time.process_time() - begin < 4


@pytest.mark.slow
def test_a_hundred_thousand_characters() -> None:
    text = "On Nov 24th Dr. Smith paid $5.20 for 3 kg; the FBI (e.g. it) saw 12/31/2026. " * 1_250
    begin = time.process_time()
    assert len(read_text(text, "en-US")) == 1_250
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ja-JP", "一日は二十四時間です", "いちにちはにじゅうよじかんです"),
        ("ja-JP", "三月一日", "さんがつついたち"),
        ("ja-JP", "3-2で勝った", "さんたいにで勝った"),
        ("ja-JP", "http://a.jp/x1", "エードットジェイピースラッシュエックスいち"),
        ("ja-JP", "十分に注意", "十分に注意"),
        ("it-IT", "il 1° maggio, 20°", "il primo maggio venti gradi"),
        ("fr-FR", "1 000 000 €", "un million d'euros"),
        ("es-ES", "1.000.000 €", "un millón de euros"),
        ("en-US", "1-800-FLOWERS, 24/7", "one eight hundred FLOWERS twenty four seven"),
        ("en-US", "$20/mo and/or $5", "twenty dollars per month and or five dollars"),
        ("en-US", "17/18/19", "seventeen eighteen nineteen"),
    ],
)
def test_what_the_tables_do_not_hold(language: str, text: str, expected: str) -> None:
    assert spoken(text, language) == expected
