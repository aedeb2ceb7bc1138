"""`<say-as>`: a text that says what it is."""

from __future__ import annotations

import regex

from honmono.engines.speech.reading.languages.base import Language
from honmono.engines.speech.reading.languages.signs import VULGAR

KINDS = frozenset(
    (
        "characters spell-out cardinal number ordinal digits fraction unit date time address expletive "
        "telephone currency"
    ).split()
)
FORMATS = ("mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y", "yyyymmdd")
_FRACTION = regex.compile(r"(?:(\d{1,9})\s?\+\s?)?(\d{1,9})\s?/\s?(\d{1,9})")
_MIXED = regex.compile(rf"(\d{{1,9}})?\s?([{''.join(VULGAR)}])")
_DURATION = regex.compile(r"(?:(\d{1,6})['′])?\s?(?:(\d{1,6})(?:\"|″|''))?")
_EIGHT = regex.compile(r"(\d{4}|\?{4})(\d\d|\?\?)(\d\d|\?\?)")
_INTEGER = regex.compile(r"[-+−]?\d[\d,.\s]*")


def spoken(text: str, kind: str, form: str, language: Language) -> str | None:
    """What is said for the text; None: it is not what it is said to be, and is read as any other.

    Args:
        text: `12-31-1900`.
        kind: of `KINDS`.
        form: of a date, one of `FORMATS`, or "".
        language: which.
    """
    text = text.strip()
    if kind in ("characters", "spell-out"):
        return language.letters(text)
    if kind == "digits":
        return language.letters(text) if any(map(str.isdecimal, text)) else None
    if kind in ("cardinal", "number"):
        return _cardinal(text, language)
    if kind == "ordinal":
        whole = text.replace(",", "").replace(".", "")
        return language.ordinal(int(whole)) if whole.isdecimal() and len(whole) < 16 else None
    if kind == "fraction":
        return _fraction(text, language)
    if kind == "date":
        return _date(text, form, language)
    if kind == "time":
        return _duration(text, language)
    if kind == "telephone":
        return language.telephone(text) if sum(map(str.isdecimal, text)) > 2 else None
    if kind == "expletive":
        return language.expletive()
    if kind == "unit" and (upper := _FRACTION.match(text)):
        return _fraction_of_unit(text, upper, language)
    return None


def _cardinal(text: str, language: Language) -> str | None:
    minus = text[:1] in ("-", "−")
    said = language.number(text.lstrip("-−+").strip())
    if said is None and _INTEGER.fullmatch(text):
        whole = "".join(character for character in text if character.isdecimal())
        said = language.cardinal(int(whole)) if len(whole) <= 30 else language.digits(whole)
    if said is None:
        return None
    return f"{language.minus} {said}" if minus else said


def _fraction(text: str, language: Language) -> str | None:
    if found := _FRACTION.fullmatch(text):
        if int(found[3]) == 0:
            return None
        return language.fraction(int(found[1]) if found[1] else None, int(found[2]), int(found[3]))
    if found := _MIXED.fullmatch(text):
        return language.fraction(int(found[1]) if found[1] else None, *VULGAR[found[2]])
    return None


def _fraction_of_unit(text: str, upper: regex.Match[str], language: Language) -> str | None:
    said = _fraction(upper[0], language)
    unit = language.unit(text[upper.end() :].strip())
    return f"{said} {unit}" if said and unit else None


def _date(text: str, form: str, language: Language) -> str | None:
    eight = _EIGHT.fullmatch(text)
    if eight and form in ("", "yyyymmdd", "ymd"):
        year, month, day = (int(part) if part.isdecimal() else None for part in eight.groups())
        return language.date(year, month, day) if _possible(month, day) else None
    if not form or form == "yyyymmdd":
        return None
    numbers = [int(part) for part in regex.findall(r"\d{1,4}", text)]
    if len(numbers) != len(form):
        return None
    fields = dict(zip(form, numbers, strict=True))
    if "y" in fields and len(regex.findall(r"\d{1,4}", text)[form.index("y")]) == 2:
        fields["y"] += 2000 if fields["y"] < 50 else 1900
    month, day = fields.get("m"), fields.get("d")
    return language.date(fields.get("y"), month, day) if _possible(month, day) else None


def _possible(month: int | None, day: int | None) -> bool:
    return (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31)


def _duration(text: str, language: Language) -> str | None:
    found = _DURATION.fullmatch(text)
    if not found or not (found[1] or found[2]):
        return None
    return language.duration(int(found[1] or 0), int(found[2]) if found[2] else None)
