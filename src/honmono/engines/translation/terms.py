"""Terms that a translation must keep, found in a sentence and held in place while the rest is translated.

A term is replaced by a word that no language has, which translators pass on as they pass on a stranger's name; in the
translation it gives way to the term's own. Where a translator loses or doubles such a word, the sentence is cut at its
terms, and what stands between them is translated piece by piece: less fluent, and the terms still stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from honmono.engines.translation.translation import Term

_LETTERS = "BDFGHJKLMNPQRSTVWXZ"
_HOLDER = re.compile(r"xq[bdfghjklmnpqrstvwxz]{1,3}x", re.IGNORECASE)

TranslateAll = Callable[[list[str]], list[str]]
"""Translates sentences, in order."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    term: Term


class Terms:
    """Terms of one direction, found as whole words, the longest first; upper and lower case count."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.source: term for term in terms if term.source}
        self._lengths = sorted({len(source) for source in self._terms}, reverse=True)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def found_in(self, sentence: str) -> list[_Found]:
        """The terms of a sentence, from left to right, none over another."""
        found, at = [], 0
        while at < len(sentence):
            for length in self._lengths:
                term = self._terms.get(sentence[at : at + length])
                if term is not None and _is_whole(sentence, at, at + length):
                    found.append(_Found(at, at + length, term))
                    at += length
                    break
            else:
                at += 1
        return found

    def hold(self, sentences: list[str], translate: TranslateAll) -> list[tuple[str, list[Term]]]:
        """Translate sentences with their terms held; the answer has each translation and the terms in it."""
        found = [self.found_in(sentence) for sentence in sentences]
        held = [_with_holders(sentence, each) for sentence, each in zip(sentences, found, strict=True)]
        made = translate(held)
        answers = []
        for sentence, each, translated in zip(sentences, found, made, strict=True):
            whole = _without_holders(translated, each)
            if whole is None:
                whole = _piecewise(sentence, each, translate)
            answers.append((whole, [one.term for one in each]))
        return answers


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch is no part of a longer word. Scripts without blanks have no words to be part of."""
    before = start == 0 or not _one_word(text[start - 1], text[start])
    after = end == len(text) or not _one_word(text[end - 1], text[end])
    return before and after


def _one_word(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not (_unspaced(left) or _unspaced(right))


def _unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER"))


def _holder(index: int) -> str:
    """A word for a term: `Xqbx`, `Xqdx` …"""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, len(_LETTERS))
        letters = _LETTERS[digit].lower() + letters
    return f"Xq{letters}x"


def _with_holders(sentence: str, found: list[_Found]) -> str:
    parts, at = [], 0
    for index, each in enumerate(found):
        parts += [sentence[at : each.start], _holder(index)]
        at = each.end
    return "".join([*parts, sentence[at:]])


def _without_holders(translated: str, found: list[_Found]) -> str | None:
    """The translation with the terms put in, or None where a holder is missing or doubled."""
    by_holder = {_holder(index).lower(): each.term.target for index, each in enumerate(found)}
    seen = [match[0].lower() for match in _HOLDER.finditer(translated)]
    if sorted(each for each in seen if each in by_holder) != sorted(by_holder):
        return None
    return _HOLDER.sub(lambda match: by_holder.get(match[0].lower(), match[0]), translated)


def _piecewise(sentence: str, found: list[_Found], translate: TranslateAll) -> str:
    between, at = [], 0
    for each in found:
        between.append(sentence[at : each.start])
        at = each.end
    between.append(sentence[at:])
    wanted = [piece.strip() for piece in between]
    translated = iter(translate([piece for piece in wanted if _has_words(piece)]))
    parts = []
    for index, (piece, inner) in enumerate(zip(between, wanted, strict=True)):
        lead, trail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :] if inner else ""
        parts.append(lead + (next(translated) if _has_words(inner) else inner) + trail)
        if index < len(found):
            parts.append(found[index].term.target)
    return "".join(parts)


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
