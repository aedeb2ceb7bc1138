"""Stretches of text, pauses and marks become sentences of words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from honmono.engines.speech.reading import pauses, say_as
from honmono.engines.speech.reading.languages import language_of
from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.lexicon import Lexeme, Lexicon
from honmono.engines.speech.reading.sentences import behind, ends_after, gap
from honmono.engines.speech.reading.source import Bound, Break, Item, Stretch
from honmono.engines.speech.utterance import Mark, Part, Pause, Sentence, Style, Word


@dataclass(frozen=True, slots=True)
class _Read:
    """A token, how it is said, and the pronunciation and role that were asked for."""

    token: Token
    style: Style
    ipa: str = ""
    role: str = ""


class _Block:
    """What stands between two bounds: one text, and what else is in it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.text = ""
        self.length = 0
        self.begins: list[int] = []
        self.ends: list[int] = []
        self.stretches: list[tuple[int, Stretch]] = []
        self.others: list[tuple[int, Break | Pause | Mark]] = []

    def add(self, item: Stretch | Break | Pause | Mark) -> None:
        if isinstance(item, Stretch):
            self.stretches.append((self.length, item))
            self._pieces.append(item.text)
            self.begins += item.begins
            self.ends += item.ends
            self.length += len(item.text)
        else:
            self.others.append((self.length, item))

    def finish(self) -> _Block:
        self.text = "".join(self._pieces)
        return self


def sentences(items: Sequence[Item], document: bytes, lexicons: Sequence[Lexicon]) -> list[Sentence]:
    """The sentences of a document.

    Args:
        items: in order.
        document: the bytes that they come from.
        lexicons: the first that knows a grapheme counts.

    Raises:
        ReadingError: UnsupportedLanguage.
    """
    found: list[Sentence] = []
    waiting: list[Part] = []  # what comes before the first word
    for block, paragraph in _blocks(items):
        made, waiting = _Builder(block, document, waiting).build(_tokens(block, lexicons))
        found += made
        while waiting and found and isinstance(waiting[0], Pause):  # <s>a</s><break/><s>b</s>: it follows the a
            found[-1].parts.append(waiting.pop(0))
        if paragraph and found and not waiting:
            last = found[-1].parts
            if not (last and isinstance(last[-1], Pause) and last[-1].seconds >= pauses.PARAGRAPH):
                last.append(Pause(pauses.PARAGRAPH))
    if waiting:
        if found:
            found[-1].parts.extend(waiting)
        else:
            found.append(Sentence("", 0, 0, waiting))
    return found


def _blocks(items: Sequence[Item]) -> Iterator[tuple[_Block, bool]]:
    block = _Block()
    for item in items:
        if isinstance(item, Bound):
            yield block.finish(), item.paragraph
            block = _Block()
        else:
            block.add(item)
    yield block.finish(), False


def _tokens(block: _Block, lexicons: Sequence[Lexicon]) -> list[_Read]:
    found: list[_Read] = []
    before = ""
    for begin, stretch in block.stretches:
        found += _of_stretch(block, begin, stretch, before, lexicons)
        last = next((read.token for read in reversed(found[-3:]) if read.token.spoken), None)
        before = block.text[last.begin : last.end] if last else ""
    return found


def _of_stretch(
    block: _Block, begin: int, stretch: Stretch, before: str, lexicons: Sequence[Lexicon]
) -> Iterator[_Read]:
    text, end, style = block.text, begin + len(stretch.text), stretch.style
    if not stretch.text.strip():
        return
    language = language_of(style.language)
    known = [lexicon for lexicon in lexicons if lexicon.holds_for(style.language)]
    whole = stretch.whole
    if whole is None:
        yield from _plain(text, begin, end, style, before, known)
        return
    first = begin + len(stretch.text) - len(stretch.text.lstrip())
    last = begin + len(stretch.text.rstrip())
    said: str | None = None
    if whole.alias is not None:
        said = " ".join(language.spoken(whole.alias))
    elif whole.kana:
        said = whole.kana
    elif whole.interpret_as == "address":
        for read in _plain(text, begin, end, style, before, known):
            token = read.token
            other = language.address(text[token.begin : token.end]) if token.spoken else None
            yield replace(read, token=replace(token, spoken=tuple(other.split()))) if other else read
        return
    elif whole.interpret_as:
        said = say_as.spoken(text[first:last], whole.interpret_as, whole.form, language)
    if said is None and not whole.ipa:
        for read in _plain(text, begin, end, style, before, known):
            yield replace(read, role=whole.role)
        return
    spoken = tuple((said or text[first:last]).split())
    yield _Read(Token(first, last, spoken), style, whole.ipa, whole.role)


def _plain(text: str, begin: int, end: int, style: Style, before: str, lexicons: Sequence[Lexicon]) -> Iterator[_Read]:
    """Text as it stands, with what the lexicons know of it."""
    language = language_of(style.language)
    at = begin
    for first, last, lexeme in _known(text, begin, end, lexicons):
        for token in language.tokens(text, at, first, before):
            yield _Read(token, style)
        alias = language.spoken(lexeme.alias) if lexeme.alias is not None else (lexeme.kana or text[first:last],)
        yield _Read(Token(first, last, alias), style, lexeme.ipa)
        at, before = last, text[first:last]
    for token in language.tokens(text, at, end, before):
        yield _Read(token, style)


def _known(text: str, begin: int, end: int, lexicons: Sequence[Lexicon]) -> list[tuple[int, int, Lexeme]]:
    """Graphemes of the lexicons in the text, not over each other; the earlier lexicon goes first."""
    found: list[tuple[int, int, Lexeme]] = []
    for lexicon in lexicons:
        for match in lexicon.pattern.finditer(text, begin, end):
            at = bisect_right(found, match.start(), key=lambda one: one[0])
            free = (at == 0 or found[at - 1][1] <= match.start()) and (at == len(found) or match.end() <= found[at][0])
            if free:
                found.insert(at, (match.start(), match.end(), lexicon.lexemes[match[0]]))
    return found


class _Builder:
    """Puts the words of a block into sentences, with its pauses and marks."""

    def __init__(self, block: _Block, document: bytes, waiting: list[Part]) -> None:
        self._block, self._document = block, document
        self._others = block.others
        self._next = 0
        self._parts: list[Part] = list(waiting)
        self._begin: int | None = None
        self._end = 0
        self._closed = 0
        self._word_at: int | None = None
        self._found: list[Sentence] = []

    def build(self, reads: list[_Read]) -> tuple[list[Sentence], list[Part]]:
        """The sentences, and what stands behind the last word."""
        text = self._block.text
        words = [index for index, read in enumerate(reads) if read.token.spoken]
        for index, read in enumerate(reads):
            token = read.token
            after = bisect_right(words, index)
            following = reads[words[after]].token if after < len(words) else None
            if self._begin is not None and gap(text, self._end, token.begin):
                self._others_until(self._end, marks=False)
                self._finish(self._end)
                self._pause_of_paragraph()
            self._others_until(token.begin, marks=True)
            if token.begin < self._closed:  # a quote or bracket that closed the sentence before
                continue
            if token.spoken:
                self._word(read)
            else:
                self._sign(text[token.begin : token.end], token)
            end = ends_after(text, token, following)
            if end is not None and self._begin is not None:
                if token.stop:
                    self._sign(text[token.end - 1], replace(token, end=end))
                self._end = max(self._end, end)
                self._finish(self._end)
                self._closed = self._end
        self._others_until(self._block.length, marks=True)
        if self._begin is not None:
            self._finish(self._end)
        return self._found, self._parts

    def _word(self, read: _Read) -> None:
        token, block = read.token, self._block
        if self._begin is None:
            self._begin = token.begin
        self._end = token.end
        begin, end = block.begins[token.begin], block.ends[token.end - 1]
        shown = block.text[token.begin : token.end]
        self._word_at = len(self._parts)
        self._parts.append(Word(shown, begin, end, token.spoken, read.style, read.ipa, read.role))

    def _sign(self, sign: str, token: Token) -> None:
        if self._begin is None:
            # Quotes and brackets that open a sentence belong to it; others are no one's.
            if sign in "\"'“‘«([{「『（¿¡":
                self._begin = token.begin
                self._end = token.end
            return
        self._end = max(self._end, token.end)
        if self._word_at is not None:
            word = self._parts[self._word_at]
            assert isinstance(word, Word)
            for one in sign:
                word = replace(word, behind=behind(one, word.behind))
            self._parts[self._word_at] = word

    def _others_until(self, place: int, marks: bool) -> None:
        """Pauses and marks that stand before a character."""
        while self._next < len(self._others) and self._others[self._next][0] <= place:
            item = self._others[self._next][1]
            if isinstance(item, Mark) and not marks:
                return
            self._next += 1
            if isinstance(item, Break):
                item = Pause(self._length_of_break())
            if isinstance(item, Pause) and self._begin is None and self._found and not self._parts:
                # Behind a sentence: the silence that follows it.
                self._found[-1].parts.append(item)
            else:
                self._parts.append(item)

    def _length_of_break(self) -> float:
        """A break without a length is longer than the pause that stands there."""
        parts = self._parts or (self._found[-1].parts if self._found else [])
        sign = parts[-1].behind if parts and isinstance(parts[-1], Word) else ""
        if sign in (".", "!", "?", "…"):
            return pauses.PARAGRAPH
        return pauses.SENTENCE if sign else pauses.COMMA

    def _pause_of_paragraph(self) -> None:
        if not self._found:
            return  # an opening quote alone was no sentence
        last = self._found[-1].parts
        if last and not isinstance(last[-1], Pause):
            last.append(Pause(pauses.PARAGRAPH))

    def _finish(self, end: int) -> None:
        if self._begin is None:
            return
        if not any(isinstance(part, Word) for part in self._parts):
            self._begin = None
            return
        block = self._block
        begin, last = block.begins[self._begin], block.ends[end - 1]
        text = self._document[begin:last].decode()
        self._found.append(Sentence(text, begin, last, self._parts))
        self._parts, self._begin, self._word_at = [], None, None
