"""Names of people: by a label, a title, a greeting or signature, or because a given name is known.

The lists in `names.txt` come from Faker's providers (MIT); training/pii/names.py made them. A recogniser of names can
be added to the rules: see `NameFinder`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import Label, Labels, Word
from honmono.engines.text.pii.tables import Cell
from honmono.engines.text.pii.wordlists import listed

NameFinder = Callable[[str, str], list[tuple[int, int, float]]]
"""Given a text and its language, begin, end and score of people's names: what a trained recogniser adds to the rules."""

_TITLES = listed(
    "mr mrs ms miss mx dr prof professor sir dame sr sra srta don doña dña señor señora señorita doctor doctora"
)
_GREETINGS = listed("dear hi hello hey estimado estimada hola querido querida")
_FAREWELL = re.compile(
    r"(?i:regards|sincerely|thanks|thank you|cheers|best|wishes|yours|faithfully|saludos|atentamente|cordialmente)"
    r"[,.!]?[ \t]*\n{1,3}[ \t]*"
)
_SELF = re.compile(r"(?i:\b(?:my name is|i am|i'm|this is|me llamo|mi nombre es|soy|i,) )")
_FAREWELL_WORDS = listed(
    "regards sincerely thanks you cheers best wishes yours faithfully saludos atentamente cordialmente"
)
_SELF_WORDS = listed("name am i'm this llamo nombre soy i")
_FIELD = re.compile(r"[\"']?[ \t]*(?:[:=|>]|=>)[ \t\"'|>]{0,8}")
_FIELD_TEXT = re.compile(r"[^\n\"|<>;\t()\d]{0,60}")
_NEXT_WORD = re.compile(r" ?([^\W\d_]+)")
_NO_NAMES = listed(
    "inc corp llc ltd company co bank group university college school hospital center centre street avenue road st ave"
    " rd drive lane boulevard park square tower stadium post times journal press museum church bridge airport station"
    " county city state island river lake mountain valley beach bay port hall house hotel club team league cup award"
    " foundation institute association society department ministry office court council committee services systems"
    " solutions technologies technology software financial insurance airlines motors foods energy media studios records"
    " benz stanley sachs street court gardens line library theatre theater gallery card account number order the and"
    " of for in on at to is was are from with please thank you we i he she it this that there sir madam team all"
    " everyone customer support agent user male female status phone email address date name dob ssn tel mobile room"
    " arrival general terms sale buy day week month year new north south east west nagar colony marg calle avenida plaza"
    " retro sneakers edition series model max pro plus air"
    " friend sirs colleague colleagues folks guest member hiring manager recruiter valued applicant director senior"
    " señor señores señora cliente equipo my your our his her their its not no yes ok okay hola who what when where"
    " department form record records"
)
_PARTICLES = listed("de la del los las van von der den da dos di el al bin y e")
_MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names, in lower case.

    Attributes:
        given: given names.
        ambiguous: those among them that are also words or places.
        family: family names.
    """

    given: frozenset[str]
    ambiguous: frozenset[str]
    family: frozenset[str]


@cache
def gazetteer() -> Gazetteer:
    """The lists, read once a process."""
    whole = (resources.files(__package__) / "names.txt").read_text(encoding="utf-8")
    first, _, last = whole.partition("\n\n")
    given = first.lower().split("\n")
    return Gazetteer(
        frozenset(name.rstrip("*") for name in given),
        frozenset(name.rstrip("*") for name in given if name.endswith("*")),
        frozenset(last.lower().split("\n")),
    )


def names(text: str, found: list[Word], vocabulary: set[str], labels: Labels, cells: list[Cell]) -> Iterator[Candidate]:
    """People's names in a text."""
    known, places = gazetteer(), {word.begin: at for at, word in enumerate(found)}
    for label in labels.all:
        if label.type == "NAME":
            yield from _labelled(text, found, places, label)
    for cell in cells:
        if cell.type == "NAME":
            yield from _comma_or_whole(text, found, places, cell.begin, cell.end)
    announced: dict[int, str] = {}
    if not vocabulary.isdisjoint(_FAREWELL_WORDS):
        announced |= {match.end(): "name-title" for match in _FAREWELL.finditer(text)}
    if not vocabulary.isdisjoint(_SELF_WORDS):
        announced |= {match.end(): "name-label" for match in _SELF.finditer(text)}
    labelling = {label.begin for label in labels.all}
    at = 0
    while at < len(found):
        word = found[at]
        lower = word.lower
        size = 1
        if lower in _TITLES and at + 1 < len(found) and (lower not in ("don",) or word.text[0].isupper()):
            dot = text[word.end : found[at + 1].begin]
            if dot in (". ", " ", ".") and (run := _run(text, found, at + 1)):
                yield Candidate("NAME", found[at + 1].begin, found[run - 1].end, "name-title")
                size = run - at
        elif lower in _GREETINGS and at + 1 < len(found) and text[word.end : found[at + 1].begin] == " ":
            run = _run(text, found, at + 1)
            if (
                run
                and found[at + 1].lower not in _TITLES
                and text[found[run - 1].end : found[run - 1].end + 1] in ",:!.\n"
            ):
                yield Candidate("NAME", found[at + 1].begin, found[run - 1].end, "name-title")
                size = run - at
        elif (
            (word.begin in announced or (lower in known.given and word.begin not in labelling))
            and word.text[0].isupper()
            and (run := _run(text, found, at))
        ):
            rule = _judge(text, found[at:run], known, announced.get(word.begin))
            if rule:
                yield Candidate("NAME", word.begin, found[run - 1].end, rule)
            size = run - at if rule else 1
        at += size


def _run(text: str, found: list[Word], at: int) -> int:
    """Where the run of words ends that may be one name and begins at `at`; 0 if none does."""
    end, shouted = at, found[at].text.isupper() and len(found[at].text) > 1
    while end < len(found) and end - at < _MAX_WORDS:
        word = found[end]
        if end > at:
            gap = text[found[end - 1].end : word.begin]
            initial = len(found[end - 1].text) == 1 and gap == ". "
            if gap not in (" ", "-") and not initial:
                break
        lower = word.lower
        if lower in _PARTICLES and at < end and not word.text.isupper() and end + 1 < len(found):
            if not found[end + 1].text[0].isupper():
                break
        elif not word.text[0].isupper() or lower in _NO_NAMES or lower in _TITLES or _shifts(word.text, shouted):
            break
        end += 1
    while end > at and (found[end - 1].lower in _PARTICLES or len(found[end - 1].text) == 1):
        end -= 1
    return end if end > at else 0


def _shifts(word: str, shouted: bool) -> bool:
    """Whether a word leaves the case of the words before it: names are in capitals as a whole or not at all."""
    return len(word) > 1 and word.isupper() != shouted


def _judge(text: str, run: list[Word], known: Gazetteer, announced: str | None) -> str | None:
    """The rule by which a run of capitalised words counts as a name.

    `announced` is the rule of the words before it ("Regards,", "my name is"), if any.
    """
    first, last = run[0].lower, run[-1].lower
    given = first in known.given
    if announced == "name-title" or (announced and (given or len(run) > 1)):
        return announced
    if not given:
        return None
    following = _NEXT_WORD.match(text, run[-1].end)
    if following and following[1].lower() in _NO_NAMES and following[1][0].isupper():
        return None
    if len(run) == 1:
        alone = first not in known.ambiguous and first not in known.family and not run[0].text.isupper()
        return "name-given" if alone else None
    if last in known.family:
        return "name-known" if first not in known.ambiguous or len(run) == 2 else "name-likely"
    return "name-likely" if first not in known.ambiguous else None


def _labelled(text: str, found: list[Word], places: dict[int, int], label: Label) -> Iterator[Candidate]:
    """What follows a label after a colon, an equals sign, a bar or a tag's end, or in quotes."""
    gap = _FIELD.match(text, label.end)
    if gap is None:
        return
    line = _FIELD_TEXT.match(text, gap.end())
    if line is not None:
        yield from _comma_or_whole(text, found, places, gap.end(), line.end())


def _comma_or_whole(text: str, found: list[Word], places: dict[int, int], begin: int, end: int) -> Iterator[Candidate]:
    """A name at the beginning of a field: "Ada Lovelace" or "Lovelace, Ada"."""
    at = places.get(begin)
    if at is None:
        return
    if found[at].lower in _TITLES and at + 1 < len(found):
        at += 1
    run = _run(text, found, at)
    if not run or found[run - 1].end > end:
        return
    stop = found[run - 1].end
    if run < len(found) and text[stop : found[run].begin] == ", " and found[run].end <= end:
        second = _run(text, found, run)
        if second and second - at <= _MAX_WORDS and found[second - 1].end <= end:
            stop = found[second - 1].end
    yield Candidate("NAME", found[at].begin, stop, "name-label")
