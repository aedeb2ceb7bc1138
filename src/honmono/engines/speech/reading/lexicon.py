"""Pronunciation lexicons: PLS 1.0 (W3C, 2008) within Polly's limits.

A grapheme is matched as it is written, upper and lower case apart; of several lexemes for it the first counts, and of
several lexicons the one that was named first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import regex

from honmono.engines.speech.reading.errors import (
    INVALID_LEXICON,
    LEXICON_SIZE_EXCEEDED,
    MAX_LEXEME_LENGTH_EXCEEDED,
    UNSUPPORTED_PLS_ALPHABET,
    UNSUPPORTED_PLS_LANGUAGE,
    ReadingError,
)
from honmono.engines.speech.reading.markup import Characters, Closing, Opening, parse
from honmono.engines.speech.reading.phonetics import check_ipa, from_x_sampa
from honmono.engines.speech.reading.ssml import LANGUAGES

MOST_CHARACTERS = 4_000
MOST_OF_ONE = 100
"""Characters of one grapheme, alias or phoneme."""
ALPHABETS = frozenset("ipa x-sampa x-amazon-pinyin x-amazon-jyutping x-amazon-pron-kana x-amazon-yomigana".split())
_TROUBLE = "Invalid lexicon"
_WITHOUT_BLANKS = frozenset({"ja-JP", "cmn-CN", "yue-CN"})


@dataclass(frozen=True, slots=True)
class Lexeme:
    """What is said for a grapheme: one of these."""

    alias: str | None = None
    ipa: str = ""
    kana: str = ""


@dataclass(frozen=True)
class Lexicon:
    """A lexicon that was understood.

    Attributes:
        name: what it was stored under.
        language: its xml:lang, `en-US`; it holds for voices of that language.
        alphabet: `ipa`.
        lexemes: by grapheme.
        count: of lexemes, as Polly's LexemesCount.
    """

    name: str
    language: str
    alphabet: str
    lexemes: dict[str, Lexeme]
    count: int

    @classmethod
    def parse(cls, pls: bytes, name: str) -> Lexicon:
        """Read a lexicon.

        Raises:
            ReadingError: LexiconSizeExceeded, InvalidLexicon, UnsupportedPlsAlphabet, UnsupportedPlsLanguage,
                MaxLexemeLengthExceeded.
        """
        try:
            length = len(pls.decode())
        except UnicodeDecodeError as error:
            raise ReadingError(INVALID_LEXICON, f"{_TROUBLE}: it is not UTF-8: {error.reason}") from None
        if length > MOST_CHARACTERS:
            raise ReadingError(
                LEXICON_SIZE_EXCEEDED, f"The lexicon has {length} characters; at most {MOST_CHARACTERS} are allowed"
            )
        return _Parser(pls, name).read()

    def holds_for(self, language: str) -> bool:
        """Whether it is applied where this language is spoken."""
        return self.language == language

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """Finds graphemes, the longest first; in languages with blanks whole words alone."""
        graphemes = "|".join(regex.escape(one) for one in sorted(self.lexemes, key=lambda one: (-len(one), one)))
        bounded = rf"(?<![\p{{L}}\p{{N}}_])(?:{graphemes})(?![\p{{L}}\p{{N}}_])"
        return regex.compile(graphemes if self.language in _WITHOUT_BLANKS else bounded)


class _Parser:
    def __init__(self, pls: bytes, name: str) -> None:
        self._name = name
        self._events = parse(pls, INVALID_LEXICON, _TROUBLE)
        self._path: list[str] = []
        self._tag: Opening
        self._text = ""
        self._language = self._alphabet = ""
        self._graphemes: list[str] = []
        self._lexeme: Lexeme | None = None
        self._sound_alphabet = ""
        self._lexemes: dict[str, Lexeme] = {}
        self._count = 0

    def read(self) -> Lexicon:
        for event in self._events:
            if isinstance(event, Opening):
                self._enter(event)
            elif isinstance(event, Closing):
                self._leave(self._path.pop())
            elif isinstance(event, Characters):
                self._text += event.text
        if not self._lexemes:
            raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: there is no lexeme in it")
        return Lexicon(self._name, self._language, self._alphabet, self._lexemes, self._count)

    def _enter(self, tag: Opening) -> None:
        self._tag, self._text = tag, ""
        tag_name = tag.name.removeprefix("pls:")
        parent = self._path[-1] if self._path else ""
        allowed = {"": ("lexicon",), "lexicon": ("lexeme", "meta", "metadata"), "lexeme": (
            "grapheme", "phoneme", "alias", "example")}.get(parent, ())  # fmt: skip
        if "metadata" not in self._path and tag_name not in allowed:
            raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: <{tag.name}> may not stand here")
        self._path.append(tag_name)
        if tag_name == "lexicon":
            self._root(tag)
        elif tag_name == "lexeme":
            self._graphemes, self._lexeme = [], None
        elif tag_name == "phoneme":
            self._sound_alphabet = self._known_alphabet(tag.attributes.get("alphabet", self._alphabet))

    def _root(self, tag: Opening) -> None:
        if tag.attributes.get("version") != "1.0":
            raise self._refused(INVALID_LEXICON, f'{_TROUBLE}: <lexicon> needs version="1.0"')
        self._language = tag.attributes.get("xml:lang", "")
        if not self._language:
            raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: <lexicon> needs xml:lang")
        if self._language not in LANGUAGES:
            raise self._refused(UNSUPPORTED_PLS_LANGUAGE, f"The language '{self._language}' is not supported")
        if not tag.attributes.get("alphabet"):
            raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: <lexicon> needs an alphabet")
        self._alphabet = self._known_alphabet(tag.attributes["alphabet"])

    def _leave(self, name: str) -> None:
        if "metadata" in self._path:
            return
        text = self._text.strip()
        if name in ("grapheme", "alias", "phoneme"):
            if not text:
                raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: <{name}> is empty")
            if len(text) > MOST_OF_ONE:
                raise self._refused(
                    MAX_LEXEME_LENGTH_EXCEEDED,
                    f"<{name}> has {len(text)} characters; at most {MOST_OF_ONE} are allowed",
                )
        if name == "grapheme":
            self._graphemes.append(text)
        elif name == "alias":
            self._lexeme = self._lexeme or Lexeme(alias=text)
        elif name == "phoneme":
            self._lexeme = self._lexeme or self._sound(text)
        elif name == "lexeme":
            if not self._graphemes or self._lexeme is None:
                raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: a lexeme needs a grapheme and an alias or phoneme")
            for grapheme in self._graphemes:
                self._lexemes.setdefault(grapheme, self._lexeme)
            self._count += 1

    def _sound(self, text: str) -> Lexeme:
        try:
            if self._sound_alphabet == "x-sampa":
                return Lexeme(ipa=from_x_sampa(text))
            if self._sound_alphabet in ("x-amazon-pron-kana", "x-amazon-yomigana"):
                return Lexeme(kana=text.replace("'", ""))
            return Lexeme(ipa=check_ipa(text))
        except ValueError as error:
            raise self._refused(INVALID_LEXICON, f"{_TROUBLE}: {error}") from None

    def _known_alphabet(self, alphabet: str) -> str:
        if alphabet not in ALPHABETS:
            raise self._refused(UNSUPPORTED_PLS_ALPHABET, f"The alphabet '{alphabet}' is not supported")
        if alphabet in ("x-amazon-pinyin", "x-amazon-jyutping"):
            raise self._refused(UNSUPPORTED_PLS_ALPHABET, f"The alphabet '{alphabet}' has no voice here to speak it")
        return alphabet

    def _refused(self, code: str, message: str) -> ReadingError:
        return ReadingError(code, message, self._tag.line, self._tag.column)
