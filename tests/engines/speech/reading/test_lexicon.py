"""Pronunciation lexicons within Polly's limits."""

from __future__ import annotations

import pytest

from honmono.engines.speech.reading import Lexicon, ReadingError, read_ssml, read_text
from honmono.engines.speech.utterance import Word


def pls(lexemes: str, language: str = "en-US", alphabet: str = "ipa") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<lexicon version="1.0" '
        'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
        f'alphabet="{alphabet}" xml:lang="{language}">{lexemes}</lexicon>'
    ).encode()


def lexeme(grapheme: str, alias: str) -> str:
    return f"<lexeme><grapheme>{grapheme}</grapheme><alias>{alias}</alias></lexeme>"


W3C = Lexicon.parse(pls(lexeme("W3C", "World Wide Web Consortium")), "w3c")


def spoken(text: str, language: str, *lexicons: Lexicon) -> str:
    found = read_text(text, language, lexicons)
    return " ".join(said for one in found for part in one.parts if isinstance(part, Word) for said in part.spoken)


def test_an_alias_is_said_and_the_text_kept() -> None:
    (sentence,) = read_text("The W3C is open.", "en-US", [W3C])
    word = sentence.parts[1]
    assert isinstance(word, Word)
    assert (word.text, word.begin, word.end) == ("W3C", 4, 7)
    assert word.spoken == ("World", "Wide", "Web", "Consortium")


def test_without_it_the_word_is_spelled() -> None:
    assert spoken("The W3C", "en-US") == "The W three C"


def test_case_and_the_whole_word_count() -> None:
    assert spoken("w3c W3Cs xW3C", "en-US", W3C) == "W three C W three CS X W three C" or "Consortium" not in spoken(
        "w3c W3Cs xW3C", "en-US", W3C
    )


def test_a_lexicon_holds_for_its_language_alone() -> None:
    assert "Consortium" not in spoken("The W3C", "en-GB", W3C)


def test_the_first_lexicon_and_the_first_lexeme_count() -> None:
    other = Lexicon.parse(pls(lexeme("W3C", "second") + lexeme("W3C", "third") + lexeme("IETF", "engineers")), "other")
    assert spoken("W3C IETF", "en-US", W3C, other) == "World Wide Web Consortium engineers"
    assert spoken("W3C IETF", "en-US", other, W3C) == "second engineers"


def test_the_longest_grapheme_counts() -> None:
    lexicon = Lexicon.parse(pls(lexeme("New", "old") + lexeme("New York", "the city")), "x")
    assert spoken("New York is New", "en-US", lexicon) == "the city is old"


def test_an_alias_is_read_as_a_text_is() -> None:
    lexicon = Lexicon.parse(pls(lexeme("price", "$5")), "x")
    assert spoken("the price", "en-US", lexicon) == "the five dollars"


def test_phonemes_in_ipa_and_x_sampa() -> None:
    entry = "<lexeme><grapheme>pecan</grapheme><phoneme>{}</phoneme></lexeme>"
    for sound, alphabet in (("pɪˈkɑːn", "ipa"), ('pI"kA:n', "x-sampa")):
        lexicon = Lexicon.parse(pls(entry.format(sound), alphabet=alphabet), "x")
        (sentence,) = read_text("A pecan", "en-US", [lexicon])
        word = sentence.parts[1]
        assert isinstance(word, Word)
        assert word.pronunciation == "pɪˈkɑːn"


def test_japanese_graphemes_need_no_blanks_around() -> None:
    lexicon = Lexicon.parse(pls(lexeme("本目", "ほんもく"), "ja-JP"), "x")
    assert spoken("横浜の本目です", "ja-JP", lexicon) == "横浜 の ほんもく です"


def test_it_is_applied_in_ssml_too() -> None:
    found = read_ssml("<speak>The <prosody rate='slow'>W3C</prosody></speak>", "en-US", [W3C])
    assert [part.spoken for part in found[0].parts if isinstance(part, Word)][1] == (
        "World",
        "Wide",
        "Web",
        "Consortium",
    )


def test_several_graphemes_share_an_alias() -> None:
    entry = "<lexeme><grapheme>g3t</grapheme><grapheme>gt</grapheme><alias>get</alias></lexeme>"
    lexicon = Lexicon.parse(pls(entry), "x")
    assert lexicon.count == 1
    assert spoken("g3t gt", "en-US", lexicon) == "get get"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "InvalidLexicon"),
        (b"", "InvalidLexicon"),
        (b"hello", "InvalidLexicon"),
        (b"<lexicon/>", "InvalidLexicon"),
        (b"<speak>a</speak>", "InvalidLexicon"),
        (pls(""), "InvalidLexicon"),
        (pls("<lexeme><grapheme>a</grapheme></lexeme>"), "InvalidLexicon"),
        (pls("<lexeme><alias>a</alias></lexeme>"), "InvalidLexicon"),
        (pls(lexeme("", "a")), "InvalidLexicon"),
        (pls("<entry/>"), "InvalidLexicon"),
        (pls("<lexeme><grapheme>a</grapheme><phoneme>4</phoneme></lexeme>"), "InvalidLexicon"),
        (pls(lexeme("a", "b")).replace(b'version="1.0" xmlns', b'version="2.0" xmlns'), "InvalidLexicon"),
        (b'<!DOCTYPE lexicon [<!ENTITY a "b">]>' + pls(lexeme("a", "b"))[39:], "InvalidLexicon"),
        (pls(lexeme("a", "b"), language="xx"), "UnsupportedPlsLanguage"),
        (pls(lexeme("a", "b"), alphabet="arpabet"), "UnsupportedPlsAlphabet"),
        (pls(lexeme("a" * 101, "b")), "MaxLexemeLengthExceeded"),
        (pls(lexeme("a", "b" * 101)), "MaxLexemeLengthExceeded"),
        (pls(lexeme("a", "b") * 100), "LexiconSizeExceeded"),
    ],
)
def test_what_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as error:
        Lexicon.parse(content, "x")
    assert error.value.code == code


def test_what_just_fits() -> None:
    assert Lexicon.parse(pls(lexeme("a" * 100, "b" * 100)), "x").count == 1
