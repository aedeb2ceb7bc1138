"""Words to phonemes: what is said for what is written."""

from __future__ import annotations

import json

import pytest

from honmono.engines.errors import UnsupportedLanguage
from honmono.engines.speech.phonemes import (
    LANGUAGES,
    Phonemes,
    convert_ipa,
    convert_kana,
    convert_pinyin,
    convert_x_sampa,
)
from honmono.engines.speech.utterance import Style, Word
from honmono.weights import Cache

pytestmark = pytest.mark.weights

HOSTILE = (
    "x" * 10_000,
    "😀👩‍👩‍👧",
    "mixedбуква漢字ひらがなहिन्दीعربي",
    "'''---",
    "\u0000\u200b\ufeff",
    "a\u0301" * 300,
    "ﷺ",
    "ǅ",
    "...",
    "1234567890" * 50,
    "--'s'",
    "ッーん",
)


@pytest.fixture(scope="module")
def phonemes() -> Phonemes:
    return Phonemes(Cache())


@pytest.fixture(scope="module")
def known() -> set[str]:
    text = Cache().path("kokoro", "vocab.json").read_text("utf-8")
    return set(json.loads(text)["vocab"])


def say(phonemes: Phonemes, text: str, language: str) -> list[str]:
    words = []
    for piece in text.split():
        bare = piece.rstrip(".,?")
        words.append(Word(bare, 0, 0, (bare,), Style(language), behind=piece[len(bare) :]))
    return phonemes.of(words, language)


def one(phonemes: Phonemes, text: str, language: str = "en-US", role: str = "") -> str:
    return phonemes.of([Word(text, 0, 0, (text,), Style(language), role=role)], language)[0]


def test_english_words_are_said_as_the_lexicon_has_them(phonemes: Phonemes) -> None:
    assert one(phonemes, "water") == "wˈɔTəɹ"
    assert one(phonemes, "water", "en-GB") == "wˈɔːtə"
    assert one(phonemes, "Thursday") == "θˈɜɹzdˌA"


def test_small_words_lean_on_the_next(phonemes: Phonemes) -> None:
    assert say(phonemes, "the apple to eat", "en-US")[::2] == ["ði", "tʊ"]
    assert say(phonemes, "the pear to buy", "en-US")[::2] == ["ðə", "tə"]
    assert say(phonemes, "a pear", "en-US")[0] == "ɐ"


def test_homographs_are_told_apart_by_role_and_by_their_sentence(phonemes: Phonemes) -> None:
    assert one(phonemes, "record", role="amazon:VB") == "ɹəkˈɔɹd"
    assert one(phonemes, "record", role="amazon:NN") == "ɹˈɛkəɹd"
    assert one(phonemes, "read", role="amazon:VBD") == "ɹˈɛd"
    assert one(phonemes, "bass", role="amazon:SENSE_1") != one(phonemes, "bass", role="amazon:DEFAULT")
    assert say(phonemes, "I live here", "en-US")[1] == "lˈɪv"
    assert say(phonemes, "we watched live music", "en-US")[2] == "lˈIv"
    assert say(phonemes, "She has already read the book", "en-US")[3] == "ɹˈɛd"
    assert say(phonemes, "She will read the book", "en-US")[2] == "ɹˈid"


def test_unknown_words_are_built_from_their_parts_or_their_letters(phonemes: Phonemes) -> None:
    assert one(phonemes, "unboxings") == "ˌʌnbˈɑksɪŋz"
    assert one(phonemes, "smartwatchers'").endswith("z")
    assert one(phonemes, "googled") == "ɡˈuɡᵊld"
    guessed = one(phonemes, "blorptastic")
    assert guessed.startswith("bl") and guessed.endswith("stɪk")
    assert one(phonemes, "OpenAI").startswith("ˈOpᵊn")


def test_acronyms_are_spelled(phonemes: Phonemes) -> None:
    assert one(phonemes, "FBI") == "ˌɛfbˌiˈI"
    assert one(phonemes, "XQZ") == "ˌɛkskjˌuzˈi"
    assert one(phonemes, "NASA") == "nˈæsə"
    assert one(phonemes, "US") == "jˌuˈɛs" != one(phonemes, "us")
    assert one(phonemes, "NHK", "ja-JP") == "enɯeiʨikei"
    assert one(phonemes, "DVD", "es-ES") == "dˈe ˈuβe dˈe"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es-ES", "La ciudad llueve", "la θjuðˈað ʎwˈeβe"),
        ("es-MX", "La ciudad", "la sjuðˈað"),
        ("es-ES", "pingüino guerra examen jardín", "piŋɡwˈino ɣˈera eksˈamen xaɾðˈin"),
        ("fr-FR", "Les enfants jouent", "le zɑ̃fˈɑ̃ ʒˈu"),
        ("fr-FR", "un bon vin blanc aujourd'hui", "œ̃ bˈɔ̃ vˈɛ̃ blˈɑ̃ oʒuʁdɥˈi"),
        ("fr-FR", "les haricots", "le aʁikˈo"),
        ("it-IT", "gli gnocchi ciao stazione", "ʎi ɲˈokːɪ ʧˈao staʦjˈone"),
        ("it-IT", "tavolo città perché", "tˈavolo ʧitːˈa perkˈe"),
        ("it-IT", "l'acqua dell'anno c'è", "lˈakːwa dellˈanno ʧˈɛ"),
        ("pt-BR", "copo d'água", "kˈopʊ dˈaɡwæ"),
        ("pt-BR", "pão gente dia cidade", "pˈɐ̃ʊ̃ ʒˈAŋʧy ʤˈiæ sidˈaʤy"),
        ("pt-PT", "dia casas", "dˈiæ kˈazæʃ"),
        ("ja-JP", "今日は東京", "kʲoː βa toːkʲoː"),
        ("cmn-CN", "银行行长", "i↗nxa↗ŋ xa↗ŋꭧa↓ŋ"),
        ("hi-IN", "लड़का समझना घर", "lˈʌɽkaː sˈʌməɟʰnaː ɡʰˈʌɾ"),
    ],
)
def test_other_languages_are_read_by_their_rules(phonemes: Phonemes, language: str, text: str, said: str) -> None:
    assert " ".join(say(phonemes, text, language)) == said


def test_a_reading_belongs_to_the_word_whose_signs_it_is_of(phonemes: Phonemes) -> None:
    assert say(phonemes, "今日 は 3 時 に", "ja-JP") == ["kʲoː", "βa", "saɴ", "ʥi", "ɲi"]
    assert say(phonemes, "東 京 駅", "ja-JP") == ["toː", "kʲoː", "ekʲi"]
    assert say(phonemes, "北 京", "cmn-CN") == ["pei↓", "ʨi→ŋ"]


def test_a_pronunciation_stands_in_place_of_the_letters(phonemes: Phonemes) -> None:
    given = Word("pecan", 0, 0, ("pecan",), Style("en-US"), pronunciation="pɪˈkɑːn")
    article = Word("the", 0, 0, ("the",), Style("en-US"))
    assert phonemes.of([article, given], "en-US") == ["ðə", "pɪkˈɑn"]
    given = Word("x", 0, 0, ("x",), Style("en-US"), pronunciation="ˈæp.əl")
    assert phonemes.of([article, given], "en-US") == ["ði", "ˈæpəl"]


def test_ipa_becomes_kokoros_phonemes() -> None:
    assert convert_ipa("ˈt͡ʃɛ.ɹi") == "ʧˈɛɹi"
    assert convert_ipa("ɡəʊt", "en-GB") == "ɡQt"
    assert convert_ipa("ɡoʊt") == "ɡOt"
    assert convert_ipa("ˈbɒ.tl̩", "en-GB") == "bˈɒtᵊl"
    assert convert_ipa("ˈpit͡sa", "it-IT") == "pˈiʦa"
    assert convert_ipa("bɔ̃ʒuʁ", "fr-FR") == "bɔ̃ʒuʁ"


def test_x_sampa_becomes_kokoros_phonemes() -> None:
    assert convert_x_sampa('pI"kA:n') == convert_ipa("pɪˈkɑːn") == "pɪkˈɑn"
    assert convert_x_sampa('"tSE.r\\i') == "ʧˈɛɹi"
    assert convert_x_sampa("bO~ZuR", "fr-FR") == "bɔ̃ʒuʁ"


@pytest.mark.parametrize(("convert", "text", "named"), [(convert_ipa, "pɪ漢k", "漢"), (convert_x_sampa, "a;b", ";")])
def test_signs_that_are_no_phonetic_alphabet_are_named(convert: object, text: str, named: str) -> None:
    assert callable(convert)
    with pytest.raises(ValueError, match=named):
        convert(text)


def test_readings_in_kana_and_pinyin() -> None:
    assert convert_kana("ひろかず") == convert_kana("ヒロカズ") == "çiɾokazɨ"
    assert convert_kana("ニッポン") == "ɲiʔpoɴ"
    assert convert_pinyin("bao2") == convert_pinyin("báo") == "pau↗"
    with pytest.raises(ValueError, match="xyz9"):
        convert_pinyin("xyz9")


def test_visemes_are_those_of_the_guide() -> None:
    assert Phonemes.visemes("pˈɛt", "en-US") == ["p", "E", "E", "t"]
    assert Phonemes.visemes("ʃˈip θˈɪŋ.", "en-US") == ["S", "i", "i", "p", "sil", "T", "i", "i", "k", "sil"]
    assert Phonemes.visemes("bɔ̃", "fr-FR") == ["p", "O", "O"]


def test_every_phoneme_has_a_face_and_is_known_to_kokoro(phonemes: Phonemes, known: set[str]) -> None:
    texts = {
        "en": "Thirty-three curious neighbours measured joyful authors' voices, though bottles rattled",
        "es": "El pingüino bebió agua fría; ¿quién llegó ayer? Xochimilco, guitarra, ciencia, hoy, examen",
        "fr": "Monsieur Dupont cueillait un œillet, vingt-huit brins de chèvrefeuille, août, quelqu'un, grenouille",
        "it": "Gli zii scelsero sogni, ghiaccio, acqua, pizza, azzurro, l'uovo, perché, xilofono",
        "pt": "As mães põem pães, exceção, queijo, linguiça, táxi, quinhentos, amanhã, muito bem",
        "ja": "ヴァイオリンとティッシュ、ファックス、ウィンドウズをチェックして九州へ行った",
        "cm": "儿子女孩绿色窗户熊猫玩儿得真高兴，吃饭十四日雨云",
        "hi": "ज्ञान क्षमा ड्राइवर ख़ुशी ग़ज़ल चाँद हिंदी ऑफ़िस ऋषि",
    }
    for language in LANGUAGES:
        for said in say(phonemes, texts[language[:2]], language):
            assert said and set(said) <= known, (language, said, set(said) - known)
            faces = Phonemes.visemes(said, language)
            silent = {sign for sign, face in zip(said, faces, strict=True) if face == "sil"}
            assert silent <= {" ", "ʔ"}, (language, said, silent)


@pytest.mark.parametrize("language", ["en-US", "es-ES", "fr-FR", "it-IT", "pt-BR", "ja-JP", "cmn-CN", "hi-IN"])
def test_hostile_words_get_one_string_each_and_never_an_exception(
    phonemes: Phonemes, known: set[str], language: str
) -> None:
    said = say(phonemes, " ".join(HOSTILE), language)
    assert len(said) == len(" ".join(HOSTILE).split())
    assert all(set(each) <= known for each in said), [set(each) - known for each in said]
    assert max(map(len, said)) < 2000
    assert phonemes.of([], language) == []
    assert phonemes.of([Word("", 0, 0, (), Style(language))], language) == [""]


def test_a_language_without_a_reader_is_refused(phonemes: Phonemes) -> None:
    with pytest.raises(UnsupportedLanguage, match="tlh-KX"):
        one(phonemes, "Qapla", "tlh-KX")
