"""Find what an English text speaks of: names, nouns and compounds of nouns, personal pronouns; and of which type each is.

A mention is the noun or compound without its article and adjectives, as Comprehend marks them: "burger" of "the huge
burger", "customer service", "I", "your".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from honmono.engines.text.taggers import TaggedWord
from honmono.engines.text.targets.lexicon import TargetType, is_plural, name_type, noun_type
from honmono.engines.text.targets.lexicon import words as listed

if TYPE_CHECKING:
    from honmono.engines.text.entities import Entity

Kind = Literal["name", "noun", "pronoun"]


@dataclass(frozen=True, slots=True)
class Found:
    """A mention before its group and its sentiment are known.

    Attributes:
        begin, end: code points of the text.
        type: of what it names; "OTHER" for a pronoun of the third person until its group is known.
        score: the probability that it is a mention of this extent: the tagger's or the recogniser's.
        first, behind: its words, as indices into the text's words.
        sentence: which of the text's sentences it stands in.
    """

    text: str
    begin: int
    end: int
    type: TargetType
    score: float
    kind: Kind
    first: int
    behind: int
    sentence: int


SPEAKERS = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "I"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours"), "you"),
}
"""Pronouns of the first and second person, by what they are forms of."""
# "it is a pity that", "it takes an hour to", "it was raining": nobody speaks of an it.
_EXPLETIVE = re.compile(
    r"(?:\s+|(?=['’]))(?:is|was|['’]s|will be|would be|has been|takes?|took|seems?|rains?|rained|snowed)\b"
    r"(?:\s+(?:raining|snowing|dark|late|early|time)\b|(?:\s+\S+){0,4}?\s+(?:that|to|if|whether)\s+\S)",
    re.IGNORECASE,
)


def find_mentions(text: str, sentences: Sequence[Sequence[TaggedWord]], names: Sequence[Entity]) -> list[Found]:
    """The mentions of a text in order, without overlaps. What the recogniser names goes before what the tags say.

    Args:
        text: English.
        sentences: its tagged words.
        names: its names, dates and amounts, in order.
    """
    found: list[Found] = []
    taken = bytearray(len(text) + 1)
    words = [(word, number) for number, sentence in enumerate(sentences) for word in sentence]
    for name in names:
        inside = [at for at, (word, _) in enumerate(words) if word.begin < name.end and word.end > name.begin]
        if not inside:
            continue
        begin, end = name.begin, name.end
        while len(inside) > 1 and words[inside[0]][0].tag == "DET":
            inside = inside[1:]
            begin = max(begin, words[inside[0]][0].begin)
        if name.type in ("PERSON", "LOCATION", "ORGANIZATION") and text[begin:end].islower():
            continue  # the recogniser was taught names as people type them in haste; here a noun is likelier
        if text[begin:end].lower() in listed("pronouns") or not any(map(str.isalnum, text[begin:end])):
            continue
        if name.type == "QUANTITY" and len(inside) == 1 and text[begin:end].isalpha():
            continue  # "one" and "two" measure nothing
        kind = name_type(text, begin, end, name.type)
        first, behind, number = inside[0], inside[-1] + 1, words[inside[0]][1]
        found.append(Found(text[begin:end], begin, end, kind, name.score, "name", first, behind, number))
        taken[begin:end] = b"\1" * (end - begin)
    start = 0
    for number, sentence in enumerate(sentences):
        for mention in _of_sentence(text, sentence, start, number):
            if not any(taken[mention.begin : mention.end]):
                found.append(mention)
        start += len(sentence)
    return sorted(found, key=lambda mention: mention.begin)


def _of_sentence(text: str, words: Sequence[TaggedWord], start: int, number: int) -> Iterator[Found]:
    at = 0
    while at < len(words):
        word = words[at]
        lower = word.text.lower()
        if lower in listed("pronouns") and word.tag in ("PRON", "DET", "X", "NOUN", "PROPN"):
            worth = lower == "it" and at > 0 and words[at - 1].text.lower() in ("worth", "made", "make")
            if not worth and (lower != "it" or not _EXPLETIVE.match(text, word.end)):
                kind: TargetType = "OTHER" if lower in ("it", "its", "itself") else "PERSON"
                yield Found(
                    word.text, word.begin, word.end, kind, word.score, "pronoun", start + at, start + at + 1, number
                )
            at += 1
        elif word.tag in ("NOUN", "PROPN"):
            behind = at + 1
            while behind < len(words) and _goes_on(text, words, behind):
                behind += 1
            while behind > at + 1 and words[behind - 1].tag not in ("NOUN", "PROPN"):
                behind -= 1
            resume = behind
            if behind > at + 1 and _is_verb(words, at, behind):
                behind -= 1
            run = words[at:behind]
            after_subject = at > 0 and words[at - 1].text.lower() in listed(
                "subjects"
            )  # "it screams": a verb taken for a noun
            if (
                not after_subject
                and not _is_verdict(words, at, behind)
                and run[-1].text.lower() not in listed("light")
                and any(map(str.isalpha, run[-1].text))
            ):
                begin, end = run[0].begin, run[-1].end
                name = all(part.tag == "PROPN" or part.text == "-" for part in run)
                kind, score = _type_in_place(words, at, text[begin:end]), math.prod(part.score for part in run)
                yield Found(
                    text[begin:end], begin, end, kind, score,
                    "name" if name and text[begin].isupper() and begin != words[0].begin else "noun",
                    start + at, start + behind, number,
                )  # fmt: skip
            at = resume
        else:
            at += 1


def _goes_on(text: str, words: Sequence[TaggedWord], at: int) -> bool:
    """Whether the word at `at` belongs to the compound before it."""
    word, before = words[at], words[at - 1]
    if word.text in ("-", "‐") and word.begin == before.end:
        return True
    if before.text in ("-", "‐"):
        return word.begin == before.end
    return word.tag in ("NOUN", "PROPN") and text[before.end : word.begin].strip(" ") == ""


def _is_verdict(words: Sequence[TaggedWord], at: int, behind: int) -> bool:
    """Whether the noun only says what something is: "is a complete joke"."""
    if words[behind - 1].text.lower() not in listed("verdicts"):
        return False
    before = at - 1
    while before >= 0 and words[before].tag in ("DET", "ADJ", "ADV", "PART"):
        before -= 1
    return before >= 0 and words[before].text.lower() in listed("be")


def _is_verb(words: Sequence[TaggedWord], at: int, behind: int) -> bool:
    """Whether the last word of a compound is the verb that its clause lacks: the tagger takes some verbs in -s for nouns
    ("the printer jams")."""
    last = words[behind - 1].text
    if not last.endswith(("s", "ed")) or last.endswith("ss") or is_plural(words[behind - 2].text) or last[0].isupper():
        return False
    start, end = at, behind
    while start > 0 and words[start - 1].tag != "PUNCT":
        start -= 1
    while end < len(words) and words[end].tag != "PUNCT":
        end += 1
    return not any(word.tag in ("VERB", "AUX") for word in words[start:end])


def _type_in_place(words: Sequence[TaggedWord], at: int, noun: str) -> TargetType:
    """The noun's type; what something has ("its camera", "the phone's hinge") and is nothing else is an attribute."""
    kind = noun_type(noun)
    before = at - 1
    while before >= 0 and words[before].tag in ("ADJ", "ADV"):
        before -= 1
    owned = (
        before >= 0
        and words[before].text.lower() in ("its", "'s", "’s")
        and words[before].tag in ("PRON", "PART", "DET")
    )
    return "ATTRIBUTE" if owned and kind == "OTHER" else kind
