from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from honmono.engines.text.language import LANGUAGES, LanguageEngine

SENTENCES = {
    "en": "The last ferry leaves the island at half past six.",
    "ja": "最終のフェリーは六時半に島を出ます。",
    "de": "Die letzte Fähre verlässt die Insel um halb sieben.",
    "fr": "Le dernier ferry quitte l'île à six heures et demie.",
    "es": "El último ferri sale de la isla a las seis y media.",
    "it": "L'ultimo traghetto lascia l'isola alle sei e mezza.",
    "pt": "A última balsa sai da ilha às seis e meia.",
    "zh": "最后一班渡轮六点半离开岛屿。",
    "zh-TW": "最後一班渡輪六點半離開島嶼。",
    "ko": "마지막 배는 여섯 시 반에 섬을 떠납니다.",
    "hi": "आख़िरी नौका साढ़े छह बजे द्वीप से निकलती है।",
    "ar": "تغادر آخر عبارة الجزيرة في السادسة والنصف.",
    "ru": "Последний паром уходит с острова в половине седьмого.",
    "uk": "Останній пором відходить з острова о пів на сьому.",
    "sw": "Kiswahili ni lugha ya kibantu inayozungumzwa na watu wengi.",
    "cy": "Mae'r fferi olaf yn gadael yr ynys am hanner awr wedi chwech.",
    "gl": "Galicia é unha comunidade autónoma situada no noroeste da península.",
    "km": "ខ្ញុំស្រឡាញ់ភាសាខ្មែរ",
    "no": "Den siste fergen går fra øya klokken halv sju.",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_a_sentence_is_told_by_its_language(language: LanguageEngine, code: str, sentence: str) -> None:
    assert language.identify(sentence)[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("東京都庁", "ja"),
        ("気分爽快", "ja"),
        ("AWS Lambda を使う", "ja"),
        ("台灣大學", "zh-TW"),
        ("简体中文", "zh"),
        ("Debian 安装器文档", "zh"),
        ("emulador de terminal X", "es"),
        ("Intelligenter WHOIS-Client", "de"),
    ],
)
def test_short_titles(language: LanguageEngine, text: str, code: str) -> None:
    assert code in [score.code for score in language.identify(text)[:2]]


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "12345", "!?", "\ud800", "\0", "ok"])
def test_text_that_says_nothing_is_answered_with_little_confidence(language: LanguageEngine, text: str) -> None:
    scores = language.identify(text)
    assert scores
    assert scores[0].score < 0.6


def test_scores_fall_and_are_shares_of_one(language: LanguageEngine) -> None:
    scores = [score.score for score in language.identify("Je suis content. I am happy.")]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert 0.9 < sum(scores) < 1.0001


def test_two_scripts_give_two_languages_by_their_length(language: LanguageEngine) -> None:
    japanese, english = "元気ですか。今日はいい天気ですね。", "How are you? What a lovely day it is today."
    mostly_japanese = language.identify(japanese * 2 + english)
    mostly_english = language.identify(japanese + english * 3)
    assert [score.code for score in mostly_japanese[:2]] == ["ja", "en"]
    assert [score.code for score in mostly_english[:2]] == ["en", "ja"]


def test_names_in_latin_letters_do_not_make_a_text_english(language: LanguageEngine) -> None:
    scores = language.identify("Amazon Web Services と Docker を使った開発")
    assert (scores[0].code, len(scores)) == ("ja", 1)


def test_every_code_is_one_that_comprehend_documents(language: LanguageEngine) -> None:
    assert len(LANGUAGES) == len(set(LANGUAGES)) == 104
    texts = [*SENTENCES.values(), "Dat is nich wohr, mien Jung.", "Chista è na frasi n sicilianu."]
    assert {score.code for text in texts for score in language.identify(text)} <= set(LANGUAGES)


def test_long_text(language: LanguageEngine) -> None:
    assert language.identify(SENTENCES["de"] * 2000)[0].code == "de"


def test_many_threads_get_the_answers_that_one_gets(language: LanguageEngine) -> None:
    texts = list(SENTENCES.values()) * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(language.identify, texts)) == [language.identify(text) for text in texts]
