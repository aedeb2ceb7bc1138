"""Which mentions of an English text are of the same thing: rules in sieves, the surest first.

Method: a small form of H. Lee and others, "Deterministic Coreference Resolution Based on Entity-Centric, Precision-Ranked
Rules", Computational Linguistics 39(4), 2013. Sieves: those who speak and are spoken to; equal names; a name and the
end of it ("Serena Williams", "Williams"); equal nouns, unless an article or adjective says that another is meant;
pronouns of the third person, to the most salient mention before them that agrees in number, gender and person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from honmono.engines.text.taggers import TaggedWord
from honmono.engines.text.targets.lexicon import is_plural
from honmono.engines.text.targets.lexicon import words as listed
from honmono.engines.text.targets.mentions import SPEAKERS, Found

_SURE = 0.99
_EQUAL_NAMES = 0.97
_END_OF_NAME = 0.9
_EQUAL_NOUNS = 0.85
_PRONOUN = {0: 0.8, 1: 0.7, 2: 0.55}
"""By the sentences between: set by hand, as all these; Lee and others report a precision of about .7 for pronouns."""

_NO_ANTECEDENT = frozenset({"DATE", "QUANTITY", "PERSONAL_TITLE"})
_REACH = 2
"""How many sentences back a pronoun may look."""


@dataclass(frozen=True, slots=True)
class Link:
    """A mention's group, by number, and the probability that it belongs there."""

    group: int
    score: float


def group_mentions(mentions: Sequence[Found], words: Sequence[TaggedWord]) -> tuple[list[Found], list[Link]]:
    """The mentions, pronouns now with the type of what they stand for, and the group of each.

    Args:
        mentions: in order.
        words: all of the text's, as the mentions count them.
    """
    typed: list[Found] = []
    links: list[Link] = []
    for place, mention in enumerate(mentions):
        antecedent, score = _antecedent(mention, place, typed, words)
        if antecedent is None:
            links.append(Link(len({link.group for link in links}), 1.0))
        else:
            links.append(Link(links[antecedent].group, score))
            if mention.kind == "pronoun" and mention.text.lower() not in SPEAKERS:
                mention = replace(mention, type=typed[antecedent].type)
        typed.append(mention)
    return typed, links


def describing(group: Sequence[Found]) -> list[int]:
    """Which mentions of a group name it best: its names if it has some, else its nouns, else all; of these the longest
    text, wherever it stands."""
    for kind in ("name", "noun", "pronoun"):
        texts = [mention.text.lower() for mention in group if mention.kind == kind]
        if texts:
            best = max(texts, key=len)
            return [at for at, mention in enumerate(group) if mention.kind == kind and mention.text.lower() == best]
    return []


def _antecedent(
    mention: Found, place: int, before: Sequence[Found], words: Sequence[TaggedWord]
) -> tuple[int | None, float]:
    lower = mention.text.lower()
    if mention.kind == "pronoun":
        if speaker := SPEAKERS.get(lower):
            same = (at for at, other in enumerate(before) if SPEAKERS.get(other.text.lower()) == speaker)
            return next(same, None), _SURE
        return _stands_for(mention, before, words)
    for at in range(place - 1, -1, -1):
        other = before[at]
        if other.kind == "pronoun" or "QUANTITY" in (mention.type, other.type):
            continue
        theirs = other.text.lower()
        if mention.kind == other.kind == "name":
            if theirs == lower:
                return at, _EQUAL_NAMES
            if mention.type == other.type in ("PERSON", "ORGANIZATION", "FACILITY") and theirs.split()[-1] == lower:
                return at, _END_OF_NAME
        elif theirs == lower and not _another(mention, words) and mention.type != "DATE":
            return at, _EQUAL_NOUNS
    return None, 1.0


def _another(mention: Found, words: Sequence[TaggedWord]) -> bool:
    """Whether an article or an adjective before the noun says that another one may be meant."""
    at = mention.first - 1
    while at >= 0 and words[at].tag in ("ADJ", "ADV", "DET", "NUM"):
        if words[at].text.lower() in listed("another") or words[at].tag in ("ADJ", "NUM"):
            return True
        at -= 1
    return False


def _stands_for(pronoun: Found, before: Sequence[Found], words: Sequence[TaggedWord]) -> tuple[int | None, float]:
    """The most salient mention that agrees: of the nearest sentence, there a subject, there the nearest to its clause.

    A pronoun counts as what it stands for, so that "it … it" goes on."""
    lower = pronoun.text.lower()
    best: tuple[float, int] | None = None
    for at, other in enumerate(before):
        distance = pronoun.sentence - other.sentence
        if distance > _REACH or not _agrees(lower, other):
            continue
        if other.behind == pronoun.first and other.kind != "pronoun":
            continue  # "the staff their": no room for a verb between
        salience = 3.0 * (_REACH - distance)
        salience += 1.5 if _is_subject(other, words) else -1.0 if _after_preposition(other, words) else 0.0
        salience += 0.8 if other.kind == "pronoun" and other.text.lower() not in SPEAKERS else 0.0
        salience += 0.5 if other.kind == "name" else 0.0
        # With two subjects in the sentence the later one is nearer; across sentences the first one is the topic.
        salience += (0.6 if distance == 0 else -0.3) * at / max(len(before), 1)
        if best is None or salience >= best[0]:
            best = salience, at
    if best is None:
        return None, 1.0
    return best[1], _PRONOUN[pronoun.sentence - before[best[1]].sentence]


def _agrees(pronoun: str, other: Found) -> bool:
    lower = other.text.lower()
    if other.type in _NO_ANTECEDENT or lower in SPEAKERS:
        return False
    if other.kind == "pronoun":
        return any(pronoun in forms and lower in forms for forms in map(listed, ("he", "she", "it"))) or (
            pronoun[:2] == "th" and lower[:2] == "th"
        )
    last = re.split(r"[\s-]+", lower)[-1]
    if pronoun in listed("it"):
        return other.type != "PERSON" and not is_plural(last)
    if pronoun in listed("he") or pronoun in listed("she"):
        return (
            other.type == "PERSON"
            and not is_plural(last)
            and _gender(lower) in ("", "he" if pronoun in listed("he") else "she")
        )
    if other.type == "PERSON" and other.kind == "name":
        return False
    return is_plural(last) or last in listed("groups") or other.type == "ORGANIZATION"


def _gender(mention: str) -> str:
    words = re.split(r"[\s-]+", mention)
    for gender, nouns in (("she", listed("feminine")), ("he", listed("masculine"))):
        if words[-1] in nouns or words[0] in nouns:
            return gender
    return ""


def _is_subject(mention: Found, words: Sequence[TaggedWord]) -> bool:
    """Whether a verb follows, no preposition or verb standing before the noun phrase."""
    behind = mention.behind
    while behind < len(words) and words[behind].tag in ("ADV", "PART"):
        behind += 1
    if behind >= len(words) or words[behind].tag not in ("VERB", "AUX"):
        return False
    return not _after_preposition(mention, words)


def _after_preposition(mention: Found, words: Sequence[TaggedWord]) -> bool:
    at = mention.first - 1
    while at >= 0 and (words[at].tag in ("ADJ", "DET", "NUM", "ADV") or words[at].text.lower() in SPEAKERS):
        at -= 1
    return at >= 0 and words[at].tag == "ADP"
