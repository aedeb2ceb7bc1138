"""Treebanks in the CoNLL-U format of Universal Dependencies, read as texts with marked places: each word and its tag.

    # text = Dogs don't bark.
    1	Dogs	dog	NOUN	_	_	_	_	_	_
    2-3	don't	_	_	_	_	_	_	_	_
    2	do	do	AUX	…

Columns: number, form, lemma, universal part of speech; the rest is not read. Source:
https://universaldependencies.org/format.html. Where a token is several words (2-3 above), each has its place if their
forms, put together, are the token ("do" "n't"); else the token counts as one word of its first word's tag (French "du",
which is "de" and "le").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from honmono.evaluation.marked import MarkedCase
from honmono.evaluation.spans import Span
from honmono.evaluation.textfile import DataError, read_lines

_COLUMNS = 10
_TEXT = "# text ="


@dataclass(slots=True)
class _Token:
    """What stands in the text: a form, and its words with their tags."""

    line: int
    form: str
    words: list[tuple[str, str]] = field(default_factory=list)
    spaced: bool = True


@dataclass(slots=True)
class _Sentence:
    line: int
    text: str | None = None
    tokens: list[_Token] = field(default_factory=list)
    inside: int = 0
    """The number of the last word of the token that is being read."""


def read_conllu(file: Path, *, encoding: str = "utf-8") -> list[MarkedCase]:
    """The sentences of a treebank, in its order: the text, and for each word its place with its tag as type.

    Raises DataError: it is empty, a line has not ten columns, a word has no tag or is not in its sentence's text; OSError.
    """
    cases = [_case(file, sentence) for sentence in _sentences(file, encoding) if sentence.tokens]
    if not cases:
        raise DataError(file, "there is no sentence in it; is it CoNLL-U, one word a line in ten columns?")
    return cases


def _sentences(file: Path, encoding: str) -> Iterator[_Sentence]:
    sentence = _Sentence(1)
    for number, raw in enumerate(read_lines(file, encoding), 1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            yield sentence
            sentence = _Sentence(number + 1)
        elif line.startswith("#"):
            if line.startswith(_TEXT):
                sentence.text = line.removeprefix(_TEXT).strip()
        else:
            _read_word(file, number, line, sentence)
    yield sentence


def _read_word(file: Path, number: int, line: str, sentence: _Sentence) -> None:
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise DataError(file, f"{len(cells)} column(s) where CoNLL-U has {_COLUMNS}, apart by tabs", number)
    name, form, tag = cells[0], cells[1], cells[3]
    first, _, last = name.partition("-")
    if "." in name:  # a word that is understood and not written
        return
    if not (first.isdecimal() and (not last or last.isdecimal())):
        raise DataError(file, f"{name[:20]!r} is no word's number; give 1, or 1-2 for a token of two words", number)
    if not form.strip() or form != form.strip():
        raise DataError(file, "the word's form is empty, or begins or ends with a space", number)
    spaced = "SpaceAfter=No" not in cells[9].split("|")
    if last:
        sentence.tokens.append(_Token(number, form, spaced=spaced))
        sentence.inside = int(last)
        return
    if tag in ("", "_"):
        raise DataError(file, f"the word {form!r} has no part of speech in the fourth column", number)
    if int(first) > sentence.inside:
        sentence.tokens.append(_Token(number, form, spaced=spaced))
    sentence.tokens[-1].words.append((form, tag))


def _case(file: Path, sentence: _Sentence) -> MarkedCase:
    text = sentence.text
    if text is None:
        text = "".join(token.form + " " * token.spaced for token in sentence.tokens).rstrip()
    spans: list[Span] = []
    at = 0
    for token in sentence.tokens:
        if not token.words:
            raise DataError(file, f"the token {token.form!r} has no words", token.line)
        begin = text.find(token.form, at)
        if begin < 0 or text[at:begin].strip():
            raise DataError(
                file, f"the word {token.form!r} does not follow in the text {text[at : at + 40]!r}", token.line
            )
        at = begin + len(token.form)
        spans += _words(token, begin)
    return MarkedCase(sentence.tokens[0].line, text, tuple(spans))


def _words(token: _Token, begin: int) -> Iterator[Span]:
    if "".join(form for form, _ in token.words) != token.form:
        yield Span(begin, begin + len(token.form), token.words[0][1])
        return
    for form, tag in token.words:
        yield Span(begin, begin + len(form), tag)
        begin += len(form)
