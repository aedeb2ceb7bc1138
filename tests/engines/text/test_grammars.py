from __future__ import annotations

import pytest

from honmono.engines.text import grammars


def found(text: str, language: str) -> dict[str, str]:
    return {text[match.begin : match.end]: match.type for match in grammars.find(text, language)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "On 3 March 2024 at 8:30 a.m. we paid $3.5 million.",
         {"3 March 2024": "DATE", "8:30 a.m.": "DATE", "$3.5 million": "QUANTITY"}),
        ("en", "It grew 12% in May and took twenty-one days.",
         {"12%": "QUANTITY", "May": "DATE", "twenty-one days": "QUANTITY"}),
        ("en", "Two weeks ago, in the 1980s, 1,250 people came for the third time.",
         {"Two weeks ago": "DATE", "1980s": "DATE", "1,250": "QUANTITY", "third": "QUANTITY"}),
        ("de", "Am 3. März um 15 Uhr 30 kosteten 30 kg 1.234,50 €.",
         {"3. März": "DATE", "15 Uhr 30": "DATE", "30 kg": "QUANTITY", "1.234,50 €": "QUANTITY"}),
        ("de", "Vor zwei Jahren, am Montag, waren es 3,5 Millionen Euro.",
         {"Vor zwei Jahren": "DATE", "Montag": "DATE", "3,5 Millionen Euro": "QUANTITY"}),
        ("fr", "Le 3 mars 2024, il y a deux ans, 3,5 millions d'euros.",
         {"3 mars 2024": "DATE", "il y a deux ans": "DATE", "3,5 millions d'euros": "QUANTITY"}),
        ("fr", "Mardi matin, à 15h30, 12 % de plus.", {"Mardi matin": "DATE", "15h30": "DATE", "12 %": "QUANTITY"}),
        ("es", "El 3 de marzo de 2024 costó 20 euros; hace tres días, 25.",
         {"3 de marzo de 2024": "DATE", "20 euros": "QUANTITY", "hace tres días": "DATE", "25": "QUANTITY"}),
        ("it", "Il 3 marzo 2024, due anni fa, pesava 30 kg.",
         {"3 marzo 2024": "DATE", "due anni fa": "DATE", "30 kg": "QUANTITY"}),
        ("pt", "Em 3 de março de 2024, 12% de 40 milhões de euros.",
         {"3 de março de 2024": "DATE", "12%": "QUANTITY", "40 milhões de euros": "QUANTITY"}),
        ("ja", "2024年3月5日午後3時30分に三人で3億5000万円を数えた。",
         {"2024年3月5日午後3時30分": "DATE", "三人": "QUANTITY", "3億5000万円": "QUANTITY"}),
        ("ja", "令和5年、先週の金曜日、３日前に２時間と12％。",
         {"令和5年": "DATE", "先週の金曜日": "DATE", "３日前": "DATE", "２時間": "QUANTITY", "12％": "QUANTITY"}),
        ("en", "See https://example.org/a?b=1. Or write to jo@example.com, or call +81 3-1234-5678.",
         {"https://example.org/a?b=1": "OTHER", "jo@example.com": "OTHER", "+81 3-1234-5678": "OTHER"}),
        ("en", "A year ago a million people came; half an hour was enough.",
         {"A year ago": "DATE", "a million": "QUANTITY", "half an hour": "QUANTITY"}),
        ("de", "Vor einem Jahr.", {"Vor einem Jahr": "DATE"}),
        ("ja", "4月-5月に18話。", {"4月": "DATE", "5月": "DATE", "18話": "QUANTITY"}),
        ("ja", "詳細はhttps://example.jp/aを。", {"https://example.jp/a": "OTHER"}),
    ],
)  # fmt: skip
def test_dates_and_amounts_are_found_whole(language: str, text: str, expected: dict[str, str]) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You may march with one of us. I am a pound lighter."),
        ("en", "Version 3.1.2 of the B-52 manual is on A4."),
        ("de", "Das Mai-Lied und ein Hund."),
        ("ja", "日本は一般に三菱の本を読む。"),
        ("ja", "十分に月がきれいで、腕は一人前だ。"),
        ("fr", "Une maison et un chat."),
    ],
)
def test_words_that_only_look_like_it_are_left(language: str, text: str) -> None:
    assert found(text, language) == {}


def test_a_full_date_is_surer_than_a_number() -> None:
    date, number = grammars.find("3 March 2024: 17", "en")
    assert date.score > number.score


def test_the_language_decides() -> None:
    assert found("3 März", "de") == {"3 März": "DATE"}
    assert found("3 März", "en") == {"3": "QUANTITY"}


def test_offsets_count_code_points() -> None:
    [match] = grammars.find("😀😀 cafe\u0301 12%", "en")
    assert (match.begin, match.end) == (9, 12)
