"""What is asked of a chat model, and what of its answer is believed: labels of the vocabulary, spans that are there.

Where the server gives the tokens' probabilities the scores are made of them. Else they are the confidence that the
model states about itself, which its makers did not set on data and which is often too high.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from honmono.engines.text.brought.chat import Reply, Token
from honmono.engines.text.brought.labels import SENTIMENTS
from honmono.engines.text.pieces import same_word

_MOST_SPANS = 5_000


class NotBelieved(ValueError):
    """The answer is not what was asked for; says why."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Characters begin … end of a text that the model calls `type`."""

    type: str
    begin: int
    end: int
    score: float


SENTIMENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentiment": {"type": "string", "enum": list(SENTIMENTS)},
        "probabilities": {
            "type": "object",
            "properties": {mood: {"type": "number", "minimum": 0, "maximum": 1} for mood in SENTIMENTS},
            "required": list(SENTIMENTS),
            "additionalProperties": False,
        },
    },
    "required": ["sentiment", "probabilities"],
    "additionalProperties": False,
}


def spans_schema(vocabulary: Collection[str]) -> dict[str, Any]:
    """The schema of a list of spans with types."""
    span = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "type": {"type": "string", "enum": list(vocabulary)},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["text", "type", "confidence"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"spans": {"type": "array", "items": span}},
        "required": ["spans"],
        "additionalProperties": False,
    }


def sentiment(reply: Reply) -> tuple[str, dict[str, float]]:
    """The mood, and the probability of each of the four.

    Raises:
        NotBelieved: the answer is of another form, or contradicts itself.
    """
    answer = _object(reply.content)
    mood = answer.get("sentiment")
    if mood not in SENTIMENTS:
        raise NotBelieved(f"the sentiment {str(mood)[:40]!r} is none of {', '.join(SENTIMENTS)}")
    shares = _shares_of_tokens(reply, mood) or _stated_shares(answer.get("probabilities"))
    whole = sum(shares.values())
    if max(shares, key=shares.__getitem__) != mood and shares[mood] < max(shares.values()):
        raise NotBelieved(f"the sentiment is {mood}, and another one has a higher probability")
    return mood, {name: share / whole for name, share in shares.items()}


def spans(reply: Reply, text: str, vocabulary: Collection[str]) -> list[Stated]:
    """The spans in order, without overlaps: of two that overlap the longer stays.

    Models cannot count characters: a span is looked for where it stands next, behind the one before.

    Raises:
        NotBelieved: the answer is of another form, a type is none of `vocabulary`, or a span is not in the text.
    """
    rows = _object(reply.content).get("spans")
    if not isinstance(rows, list) or len(rows) > _MOST_SPANS:
        raise NotBelieved("there is no list of spans")
    likelihoods = _likelihoods(reply, len(rows))
    places = _Places(text)
    found, behind = [], 0
    for row, likelihood in zip(rows, likelihoods, strict=True):
        words, kind, confidence = _span(row, vocabulary)
        begin = places.take(words, behind)
        if begin is None:
            raise NotBelieved(f"the span {words[:40]!r} is not in the text")
        behind = begin + len(words)
        found.append(Stated(kind, begin, behind, confidence if likelihood is None else likelihood))
    return _without_overlaps(found, len(text))


def _object(content: str) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise NotBelieved("it is no JSON") from None
    if not isinstance(answer, dict):
        raise NotBelieved("it is no JSON object")
    return answer


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise NotBelieved(f"{str(value)[:40]!r} is no probability")
    return float(value)


def _stated_shares(stated: object) -> dict[str, float]:
    if not isinstance(stated, dict) or stated.keys() != set(SENTIMENTS):
        raise NotBelieved("there is no probability for each sentiment")
    shares = {mood: _share(stated[mood]) for mood in SENTIMENTS}
    if not sum(shares.values()):
        raise NotBelieved("the probabilities are all 0")
    return shares


def _shares_of_tokens(reply: Reply, mood: str) -> dict[str, float] | None:
    """Each mood's share among the tokens that could have stood where the mood is told.

    The moods begin with different tokens or share a first one (NE-GATIVE, NE-UTRAL): the answer's own path is followed,
    and what leaves it counts for the one mood that it can still become.
    """
    begin = reply.content.find(f'"{mood}"')
    if begin < 0:
        return None
    begin += 1
    shares = dict.fromkeys(SENTIMENTS, 0.0)
    path, seen = 1.0, ""
    for start, token in _placed(reply.tokens):
        end = start + len(token.text)
        if end <= begin:
            continue
        skipped = reply.content[start:begin] if start < begin else ""
        for rival, logprob in token.rivals:
            if rival != token.text and rival.startswith(skipped):
                word = seen + rival.removeprefix(skipped)
                if len(able := [name for name in SENTIMENTS if _may_become(name, word)]) == 1:
                    shares[able[0]] += path * math.exp(min(logprob, 0.0))
        path *= math.exp(token.logprob)
        seen += token.text[len(skipped) :]
        if [name for name in SENTIMENTS if _may_become(name, seen)] == [mood]:
            shares[mood] += path
            return shares if sum(shares.values()) > 0 else None
    return None


def _may_become(name: str, word: str) -> bool:
    """Whether an answer that begins with `word` can be `name` (and the sign that closes it)."""
    return bool(word) and (name.startswith(word) or word.startswith(f'{name}"'))


def _placed(tokens: Collection[Token]) -> Iterator[tuple[int, Token]]:
    place = 0
    for token in tokens:
        yield place, token
        place += len(token.text)


def _likelihoods(reply: Reply, count: int) -> list[float | None]:
    """The probability of each span's weakest token, its text and type together."""
    if not reply.tokens or not count:
        return [None] * count
    ranges = list(_ranges(reply.content))
    if len(ranges) != count:
        return [None] * count
    found: list[float | None] = []
    for begin, end in ranges:
        inside = [token.logprob for at, token in _placed(reply.tokens) if at < end and at + len(token.text) > begin]
        found.append(math.exp(min(inside)) if inside else None)
    return found


def _ranges(content: str) -> Iterator[tuple[int, int]]:
    """Where in the answer each span's object stands, up to what it says of its confidence."""
    decoder = json.JSONDecoder()
    place = content.find("[", content.find('"spans"'))
    while 0 <= place < len(content):
        begin = content.find("{", place)
        if begin < 0:
            return
        try:
            _, end = decoder.raw_decode(content, begin)
        except ValueError:
            return
        told = content.rfind('"confidence"', begin, end)
        yield begin, told if told >= 0 else end
        place = end


def _span(row: object, vocabulary: Collection[str]) -> tuple[str, str, float]:
    if not isinstance(row, dict):
        raise NotBelieved("a span is no object")
    words, kind = row.get("text"), row.get("type")
    if not isinstance(words, str) or not words.strip():
        raise NotBelieved("a span has no text")
    if kind not in vocabulary:
        raise NotBelieved(f"the type {str(kind)[:40]!r} is none of {', '.join(vocabulary)}")
    return words.strip(), str(kind), _share(row.get("confidence"))


class _Places:
    """Where the words of spans stand in a text, each place given once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left: dict[str, tuple[list[int], list[int]]] = {}

    def take(self, words: str, behind: int) -> int | None:
        """The next place of `words` that begins at `behind` or later, else the first one; None where none is left.
        Whole words go before parts of words."""
        if words not in self._left:
            self._left[words] = self._find(words)
        for begins in self._left[words]:
            if begins:
                at = bisect_left(begins, behind)
                return begins.pop(at if at < len(begins) else 0)
        return None

    def _find(self, words: str) -> tuple[list[int], list[int]]:
        whole: list[int] = []
        parts: list[int] = []
        begin = self._text.find(words)
        while begin >= 0:
            cuts = _cuts(self._text, begin) or _cuts(self._text, begin + len(words))
            (parts if cuts else whole).append(begin)
            begin = self._text.find(words, begin + 1)
        return whole, parts


def _cuts(text: str, place: int) -> bool:
    return 0 < place < len(text) and same_word(text[place - 1], text[place])


def _without_overlaps(found: list[Stated], length: int) -> list[Stated]:
    kept: list[Stated] = []
    taken = bytearray(length)
    for span in sorted(found, key=lambda span: (span.begin - span.end, -span.score, span.begin)):
        if not any(taken[span.begin : span.end]):
            taken[span.begin : span.end] = b"\1" * (span.end - span.begin)
            kept.append(span)
    return sorted(kept, key=lambda span: span.begin)
