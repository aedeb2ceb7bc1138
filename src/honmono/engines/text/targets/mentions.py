"""Find what an English text speaks of: names, nouns and compounds of nouns, personal pronouns; and of which type each is.

A mention is the noun or compound without its article and adjectives, as Comprehend marks them: "burger" of "the huge
burger", "customer service", "I", "your".
"""

from __future__ import annotations

import gzip
import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from honmono.engines.text.taggers import TaggedWord

if TYPE_CHECKING:
    from honmono.engines.text.entities import Entity

TargetType = Literal[
    "PERSON", "LOCATION", "ORGANIZATION", "FACILITY", "BRAND", "COMMERCIAL_ITEM", "MOVIE", "MUSIC", "BOOK", "SOFTWARE",
    "GAME", "PERSONAL_TITLE", "EVENT", "DATE", "QUANTITY", "ATTRIBUTE", "OTHER",
]  # fmt: skip
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


PRONOUNS = frozenset(
    "i me my mine myself we us our ours ourselves you your yours he him his himself she her hers herself it its itself they "
    "them their theirs themselves".split()
)
SPEAKERS = {
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "I"),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), "we"),
    **dict.fromkeys(("you", "your", "yours"), "you"),
}
"""Pronouns of the first and second person, by what they are forms of."""
_LIGHT = frozenset(
    "lot lots kind sort bit way thing things stuff fact matter case example course rest part side none number amount couple "
    "piece pair reason point sense end top bottom middle front use time times addition spite favor favour regard while "
    "deal instead etc ok okay lol one ones nothing something anything everything someone anyone everyone nobody everybody "
    "somebody hello hi hey thanks thank please yes no mr mrs ms dr wow oh".split()
)
"""Nouns that stand for nothing of their own, mostly parts of idioms."""
_VERDICTS = frozenset(
    "junk joke dream nightmare disaster mess shame pity pleasure delight bargain disgrace treat waste masterpiece gem scam "
    "ripoff rip-off steal triumph failure success flop bore hit miss must winner loser letdown let-down disappointment "
    "scandal marvel blast hassle pain breeze chore worry surprise crap garbage rubbish trash charm".split()
)
"""What things are said to be: an opinion, no further thing, where a form of "be" stands before."""
_SUBJECTS = frozenset("i we he she it they".split())
_BE = frozenset("is are was were be been being am 's ’s 're ’re 'm ’m".split())
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
        if text[begin:end].lower() in PRONOUNS or not any(map(str.isalnum, text[begin:end])):
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
        if lower in PRONOUNS and word.tag in ("PRON", "DET", "X", "NOUN", "PROPN"):
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
            after_subject = at > 0 and words[at - 1].text.lower() in _SUBJECTS  # "it screams": a verb taken for a noun
            if (
                not after_subject
                and not _is_verdict(words, at, behind)
                and run[-1].text.lower() not in _LIGHT
                and any(map(str.isalpha, run[-1].text))
            ):
                begin, end = run[0].begin, run[-1].end
                name = all(part.tag == "PROPN" or part.text == "-" for part in run)
                yield Found(
                    text[begin:end], begin, end, _type_in_place(words, at, text[begin:end]), math.prod(part.score for part in run),
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
    if words[behind - 1].text.lower() not in _VERDICTS:
        return False
    before = at - 1
    while before >= 0 and words[before].tag in ("DET", "ADJ", "ADV", "PART"):
        before -= 1
    return before >= 0 and words[before].text.lower() in _BE


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


_CUES: tuple[tuple[TargetType, re.Pattern[str]], ...] = (
    ("MOVIE", re.compile(r"\b(?:films?|movies?|watch\w*|cinema|series|episodes?|season|directed|starring|actors?)\b", re.I)),
    ("MUSIC", re.compile(r"\b(?:songs?|albums?|listen\w*|singer|sings?|sang|band|tracks?|single|symphony)\b", re.I)),
    ("BOOK", re.compile(r"\b(?:books?|novels?|read\w*|author|wrote|writer|chapters?|pages?|published)\b", re.I)),
    ("GAME", re.compile(r"\b(?:games?|play(?:ed|ing|s)?|console|levels?|gamers?)\b", re.I)),
)  # fmt: skip
_FACILITIES = re.compile(
    r"\b(?:hotel|inn|hostel|resort|airport|station|bridge|stadium|museum|hospital|palace|castle|tower|restaurant|café|cafe|"
    r"theatre|theater|cathedral|hall|mall|arena|library|spa|street|road|avenue|highway|building|centre|center|diner|bistro)\b",
    re.IGNORECASE,
)
_SOFTWARE = frozenset(
    "windows linux macos ios android ubuntu photoshop excel outlook gmail chrome firefox safari slack zoom skype whatsapp "
    "instagram facebook twitter tiktok spotify netflix github gitlab docker kubernetes postgres postgresql mysql sqlite python "
    "java rust wordpress google-maps google-docs google-drive notion figma blender jira trello dropbox word powerpoint teams alexa siri chatgpt vim emacs".split()
)
_GOODS = re.compile(
    r"^(?:iphone|ipad|macbook|pixel|galaxy|playstation|xbox|kindle|thinkpad|walkman|roomba)\b", re.IGNORECASE
)
_BRANDS = frozenset(
    "apple sony samsung bosch nike adidas dyson lego ikea canon nikon lenovo dell asus hp philips panasonic lg braun toyota honda "
    "ford bmw audi volkswagen nintendo gucci prada zara levi's rolex casio logitech bose jbl google microsoft".split()
)


def name_type(text: str, begin: int, end: int, kind: str) -> TargetType:
    """The type of a name that the entity recogniser calls `kind`: its own types are fewer."""
    name = text[begin:end]
    lower = name.lower()
    if kind == "TITLE":
        around = text[max(0, begin - 120) : begin] + " " + text[end : end + 120]
        return next((found for found, cue in _CUES if cue.search(around)), "OTHER")
    if lower.replace(" ", "-") in _SOFTWARE:
        return "SOFTWARE"
    if _GOODS.match(name):
        return "COMMERCIAL_ITEM"
    if kind == "ORGANIZATION" and lower in _BRANDS:
        return "BRAND"
    if kind in ("LOCATION", "ORGANIZATION") and _FACILITIES.search(name):
        return "FACILITY"
    if kind == "COMMERCIAL_ITEM" and lower in _BRANDS:
        return "BRAND"
    return kind  # type: ignore[return-value]


def noun_type(noun: str) -> TargetType:
    """The type of what a noun or compound of nouns names, by our table and WordNet."""
    lower = noun.lower()
    if lower in _SOFTWARE and noun[0].isupper():
        return "SOFTWARE"
    if _GOODS.match(noun):
        return "COMMERCIAL_ITEM"
    if lower in _BRANDS and noun[0].isupper():
        return "BRAND"
    own, wordnet = _own(), _wordnet()
    words = re.split(r"[\s-]+", lower)
    for size in range(len(words), 0, -1):
        tail = words[-size:]
        for form in _singulars(tail):
            for table in (own, wordnet):
                if found := table.get(form):
                    # "battery life", "picture frame": of an attribute, so one itself where it is nothing else
                    attribute = found == "OTHER" and size < len(words) and own.get(words[0]) == "ATTRIBUTE"
                    return "ATTRIBUTE" if attribute else found
    return "ATTRIBUTE" if len(words) > 1 and own.get(words[0]) == "ATTRIBUTE" else "OTHER"


def _singulars(words: list[str]) -> Iterator[str]:
    """The compound as it is and with its last word made singular."""
    *before, last = words
    head = " ".join([*before, ""])
    yield head + last
    if last.endswith("ies") and len(last) > 4:
        yield head + last[:-3] + "y"
    if last.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield head + last[:-2]
    if last.endswith("s") and not last.endswith("ss"):
        yield head + last[:-1]
    if last.endswith("men"):
        yield head + last[:-3] + "man"


def is_plural(noun: str) -> bool:
    """Whether an English noun looks like a plural."""
    last = re.split(r"[\s-]+", noun.lower())[-1]
    if last in ("people", "men", "women", "children", "police", "staff", "headphones", "feet", "teeth", "mice"):
        return True
    return (
        last.endswith("s")
        and not last.endswith(("ss", "us", "is"))
        and last not in ("series", "news", "bus", "lens", "gas")
    )


@cache
def _own() -> dict[str, TargetType]:
    table = tomllib.loads((resources.files(__package__) / "nouns.toml").read_text(encoding="utf-8"))
    found: dict[str, TargetType] = {}
    for kind, nouns in table.items():
        for noun in nouns.split():
            found.setdefault(noun.lower().replace("-", " "), kind)
    return found


@cache
def _wordnet() -> dict[str, TargetType]:
    packed = (resources.files(__package__) / "noun_types.txt.gz").read_bytes()
    found: dict[str, TargetType] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        kind, _, nouns = line.partition("\t")
        found.update(dict.fromkeys(nouns.split("|"), kind))  # type: ignore[arg-type]
    return found
