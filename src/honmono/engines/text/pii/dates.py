"""Days, times and ages, as English and Spanish write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.checksums import calendar_day
from honmono.engines.text.pii.labels import OTHER, Labels, Word
from honmono.engines.text.pii.wordlists import listed

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = listed("january february march april june july august sept september october november december").union(
    _ENGLISH
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.?"
)
_MESES = listed("enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre")
_MES = rf"(?:{'|'.join(sorted(_MESES))})"
_DIAS = listed("lunes martes miércoles jueves viernes sábado domingo")
_DAYS = _DIAS | listed("monday tuesday wednesday thursday friday saturday sunday")
_AGE_WORDS = listed("year years yr yrs yo y o old años age aged edad turned turning cumplió")
_MINUTES = r":[0-5]\d(?::[0-5]\d(?:[.,]\d{1,6})?)?(?:\s?[ap]\.?m\b\.?)?"
_TIME = rf"(?:[01]?\d|2[0-3]){_MINUTES}"
_ZONE = r"(?:Z|\s?(?:UTC|GMT)|[+-]\d{2}:?\d{2})?"
_STAMP = re.compile(rf"(\d(?<![\w.-].)\d{{3}})-(\d{{2}})-(\d{{2}})(?:[T ]{_TIME}{_ZONE})?(?![\w-])")
_NUMERIC = re.compile(r"(\d(?<![\w./,-].)\d?)([./-])(\d{1,2})\2(\d{4}|\d{2})(?![\w/-]|\.\d)")
_YEAR_FIRST = re.compile(r"(\d(?<![\w./-].)\d{3})([./])(\d{1,2})\2(\d{1,2})(?![\w/-]|\.\d)")
_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?(?P<month>{_MONTH})(?:,?[ -](?P<year>\d{{4}})\b)?"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>\d{{4}}))?"
    rf"|(?P<month3>{_MONTH}),? (?P<year3>(?:19|20)\d{{2}}))(?![\w-])",
    re.IGNORECASE,
)
_PALABRAS = re.compile(
    rf"(?<![\w-])(?:(?P<day>\d{{1,2}}) de {_MES}(?: (?:de|del) \d{{4}})?|{_MES} (?:de|del) \d{{4}})(?!\w)",
    re.IGNORECASE,
)
_CLOCK = re.compile(rf"\d(?<![\w.:/-].)(?:\d?{_MINUTES}|[0-2]?\s?[ap]\.?m\b\.?)(?![\w:]|\.\d)", re.IGNORECASE)
_AGE = re.compile(
    r"(\d(?<![\w.,$-].)\d{0,2})(?:[ -]years?[ -]old|[ -]yrs?[ -]old|[ -]year[ -]olds?|\s?y/?o\b|"
    r" años(?: de edad)?|[ -]months?[ -]old)(?!\w)",
    re.IGNORECASE,
)
_AGED = re.compile(r"\b(?:aged?|edad(?: de)?|turned|turning|cumplió)[:=]? (?:of )?(\d{1,3})(?![\w.%-])", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(?<=[a-z] \()(\d{2})(?=\))")


def dates(text: str, found: list[Word], vocabulary: set[str], labels: Labels) -> Iterator[Candidate]:
    """Days that exist, times of day, days of the week and ages."""
    for match in _STAMP.finditer(text):
        if calendar_day(int(match[1]), int(match[2]), int(match[3])):
            yield _date(match)
    for match in _NUMERIC.finditer(text):
        one, two, year = int(match[1]), int(match[3]), int(match[4])
        year += (2000 if year < 50 else 1900) if year < 100 else 0
        if (
            1800 <= year <= 2200
            and (calendar_day(year, one, two) or calendar_day(year, two, one))
            and not (len(match[4]) == 2 and match[2] != "/" and not _is_dated(labels, match.start()))
        ):
            yield _date(match)
    for match in _YEAR_FIRST.finditer(text):
        if calendar_day(int(match[1]), int(match[3]), int(match[4])) and 1800 <= int(match[1]) <= 2200:
            yield _date(match)
    for match in _WORDS.finditer(text) if not vocabulary.isdisjoint(_MONTHS) else ():
        if _in_calendar(match):
            yield _date(match)
    for match in _PALABRAS.finditer(text) if not vocabulary.isdisjoint(_MESES) else ():
        if match["day"] is None or 1 <= int(match["day"]) <= 31:
            yield _date(match)
    if not vocabulary.isdisjoint(_DAYS):
        for word in found:
            if word.lower in _DAYS and (word.text != word.lower or word.lower in _DIAS):
                yield Candidate("DATE_TIME", word.begin, word.end, "date")
    for match in _CLOCK.finditer(text) if ":" in text or not vocabulary.isdisjoint(("am", "pm", "a", "p")) else ():
        hour = int(match[0][:2] if match[0][1:2].isdigit() else match[0][:1])
        if hour < 24 if ":" in match[0] else 0 < hour <= 12:
            yield _date(match)
    if vocabulary.isdisjoint(_AGE_WORDS) and "(" not in text:
        return
    for pattern in (_AGE, _AGED, _IN_BRACKETS):
        for match in pattern.finditer(text):
            number = next(group for group in match.groups() if group)
            begin = match.start() if pattern is _AGE else match.start() + match[0].index(number)
            end = match.end() if pattern is _AGE else begin + len(number)
            if 0 < int(number) <= 120:
                yield Candidate("AGE", begin, end, "label" if pattern is not _IN_BRACKETS else "name-given")


def _date(match: re.Match[str]) -> Candidate:
    return Candidate("DATE_TIME", match.start(), match.end(), "date")


def _is_dated(labels: Labels, begin: int) -> bool:
    label = labels.before(begin)
    return label is not None and label.type not in (OTHER, "BANK_ROUTING")


def _in_calendar(match: re.Match[str]) -> bool:
    day, month = match["day"] or match["day2"], match["month"] or match["month2"] or match["month3"]
    if month.islower() and month.strip(".") in ("may", "mar", "march", "dec", "jan", "sep", "oct"):
        return match["year"] is not None or match["year2"] is not None or match["year3"] is not None
    if day is None:
        return True
    year = match["year"] or match["year2"]
    return calendar_day(int(year) if year else 2024, _ENGLISH.index(month[:3].lower()) + 1, int(day))
