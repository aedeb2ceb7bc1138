"""English as it is read in America and, with "and" and the day first, in Britain and elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import regex

from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.languages.english_tables import (
    ALSO_WORDS,
    BEFORE_NUMBERS,
    DECADES,
    MERIDIEM,
    MONEY,
    NAMES_ALONE,
    ONES,
    ORDINALS,
    PER,
    SCALES,
    SHORT_FORMS,
    STARTERS,
    STREETS,
    TENS,
    TITLES,
    UNITS,
    british,
)
from honmono.engines.speech.reading.languages.european import European, Match


class English(European):
    """English of one country."""

    decimal, groups = ".", ","
    point, minus, plus, percent, and_ = "point", "minus", "plus", "percent", "and"
    to, version = "to", "version"
    joins_cents = "and"
    hyphens_part_words = True
    months = tuple("January February March April May June July August September October November December".split())
    short_months: ClassVar[dict[str, int]] = {
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
        "nov": 11, "dec": 12,
    }  # fmt: skip
    weekdays: ClassVar[dict[str, str]] = {
        "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
        "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
    }  # fmt: skip
    units: ClassVar[dict[str, tuple[str, str]]] = UNITS
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = MONEY
    scales: ClassVar[dict[str, str]] = dict.fromkeys(
        ("hundred", "thousand", "million", "billion", "trillion", "quadrillion"), ""
    )
    abbreviations: ClassVar[dict[str, str]] = (
        {f"{short}.": full for short, full in (pair.split(" ") for pair in TITLES.split("|"))}
        | dict(pair.split(" ") for pair in TITLES.split("|")[:4])
        | SHORT_FORMS
    )
    closing = frozenset(
        (
            "etc. Jr. Sr. Inc. Ltd. Corp. Co. Bros. Ave. Blvd. Rd. Ln. Hwy. Sq. a.m. p.m. A.M. P.M. M.D. Ph.D. "
            "B.A. al. Esq."
        ).split()
    )
    symbols: ClassVar[dict[str, str]] = {
        "&": "and", "+": "plus", "=": "equals", "<": "less than", ">": "greater than", "%": "percent", "@": "at",
        "×": "times", "÷": "divided by", "±": "plus or minus", "≤": "less than or equal to",
        "≥": "greater than or equal to", "≠": "not equal to", "≈": "approximately", "√": "square root of", "∞": "infinity",
        "°": "degrees", "©": "copyright", "®": "registered", "™": "trademark", "§": "section", "¶": "paragraph",
        "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "π": "pi", "µ": "micro", "∑": "sum", "→": "to",
        "№": "number", "^": "to the power of",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "dash", "–": "dash", "—": "dash", ".": "dot", ",": "comma", "/": "slash", "\\": "backslash", "_": "underscore",
        "#": "hash", "*": "asterisk", "!": "exclamation point", "?": "question mark", ":": "colon", ";": "semicolon",
        "'": "apostrophe", '"': "quote", "(": "left parenthesis", ")": "right parenthesis", "[": "left bracket",
        "]": "right bracket", "{": "left brace", "}": "right brace", "~": "tilde", "|": "vertical bar", "`": "backtick",
    }  # fmt: skip
    year_words = frozenset("in year since until circa spring summer autumn fall winter early late mid".split())
    read_by_rules = frozenset({"St", "St.", *BEFORE_NUMBERS})
    one_letter = frozenset("a")
    acronyms = frozenset(
        (
            "NASA NATO UNESCO UNICEF OPEC NAFTA ASEAN FIFA UEFA RAM ROM PIN SIM JPEG GIF RADAR SONAR LASER COVID "
            "AIDS OSHA FEMA POTUS SCOTUS NASDAQ CAPTCHA SCUBA SWAT YOLO NIMBY WHO BIOS AJAX CAD SAT ZIP DOS AIDA "
            "PETA ICANN THE AND FOR NOT YOU ALL ARE BUT OUT NEW NOW ONE TWO OFF YES STOP GO NO IN ON TO OF IS BE "
            "DO HELLO WORLD WITH FROM THIS THAT WARNING IMPORTANT PLEASE NOTE END TOP HOT SALE FREE"
        ).split()
    )
    numbered = frozenset(
        (
            "Chapter chapter Section section Part part War Volume volume Act act Book book Type type Phase phase "
            "Article article Appendix appendix Title title Bowl Scene scene Class class Level level Schedule "
            "Grade Stage stage Group Mark Episode Season Unit"
        ).split()
    )
    regnal_names = frozenset(
        (
            "Henry George Elizabeth Charles William James Edward Louis Napoleon Philip Francis Pius Paul John "
            "Richard Frederick Peter Catherine Alexander Ferdinand Benedict Gregory Leo Innocent Clement"
        ).split()
    )
    ordinal_signs = r"(?!)"
    phone_shape = r"(?:\d-)?(?:\d{3}[-.]){1,2}\d{4}(?![\d-])|0\d{2,4}\s\d{3,4}\s\d{3,4}(?!\d)"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._american = code in ("en-US", "en-CA")
        self.day_first = not self._american
        self._joiner = () if self._american else ("and",)
        if not self._american:
            self.units = british(UNITS)  # type: ignore[misc]

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        return " ".join(self._cardinal(number))

    def _cardinal(self, number: int) -> list[str]:
        if number < 20:
            return [ONES[number]]
        if number < 100:
            ones = number % 10
            return [TENS[number // 10], *([ONES[ones]] if ones else [])]
        for value, name in SCALES:
            if number >= value:
                rest = number % value
                said = [*self._cardinal(number // value), name]
                if not rest:
                    return said
                return [*said, *(self._joiner if rest < 100 else ()), *self._cardinal(rest)]
        raise ValueError(number)

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        *front, last = self._cardinal(number)
        regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        return " ".join([*front, ORDINALS.get(last, regular)])

    def year(self, year: int) -> str:
        """1905: nineteen oh five."""
        century, rest = divmod(year, 100)
        if century % 10 == 0 and rest < 10:
            return self.cardinal(year)
        if not rest:
            return f"{self.cardinal(century)} hundred"
        return f"{self.cardinal(century)} {'oh ' if rest < 10 else ''}{self.cardinal(rest)}"

    def telephone(self, number: str) -> str:
        """Digit by digit; in Britain "double five"."""
        main, _, extension = number.partition("x")
        said = self._phone_digits(main)
        if not self._american:
            said = regex.sub(r"\b(\w+) \1 \1\b", r"triple \1", said)
            said = regex.sub(r"(?<!triple )\b(\w+) \1\b", r"double \1", said)
        return f"{said} extension {self.digits(extension)}" if extension else said

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """December thirty-first; the thirty-first of December."""
        name = self.months[month - 1] if month else ""
        said = self.ordinal(day) if day else ""
        if day and month:
            said = f"{name} {said}" if self._american else f"the {said} of {name}"
        return " ".join(filter(None, [said or name, self.year(year) if year else ""]))

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Three oh five."""
        said = self.cardinal(hour)
        if minute:
            said += f" {'oh ' if minute < 10 else ''}{self.cardinal(minute)}"
        elif second is None:
            said += " o'clock" if 1 <= hour <= 12 else " hundred"
        if second:
            said += f" and {self.cardinal(second)} {'second' if second == 1 else 'seconds'}"
        return said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self.cardinal(minutes)} {'minute' if minutes == 1 else 'minutes'}"] if minutes else []
        if seconds is not None and (seconds or not minutes):
            said.append(f"{self.cardinal(seconds)} {'second' if seconds == 1 else 'seconds'}")
        return " and ".join(said) or "zero minutes"

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Three quarters; two and a half."""
        if lower > 100 and lower % 100:
            said = f"{self.cardinal(upper)} over {self.cardinal(lower)}"
        else:
            name = {1: "whole", 2: "half", 4: "quarter"}.get(lower) or self.ordinal(lower)
            if upper != 1:
                name = "halves" if name == "half" else f"{name}s"
            said = f"{self.cardinal(upper)} {name}"
        if whole is None:
            return said
        return f"{self.cardinal(whole)} and {'a ' + said.removeprefix('one ') if upper == 1 else said}"

    def regnal(self, number: int) -> str:
        """Of a king or pope: the fourteenth."""
        return f"the {self.ordinal(number)}"

    def expletive(self) -> str:
        """See `Language`."""
        return "beep"

    def address(self, text: str) -> str | None:
        """Numbers of houses in pairs, ZIP codes by the digit, `St` as Street."""
        if text.isdecimal():
            if len(text) >= 5 or text[0] == "0":
                return self.digits(text)
            if len(text) == 4 and not text.endswith("000"):
                return self.year(int(text)) if text[2:] != "00" else f"{self.cardinal(int(text[:2]))} hundred"
            return self._house(text)
        return STREETS.get(text.rstrip("."))

    def _house(self, text: str) -> str:
        if len(text) == 3 and text[1:] != "00":
            return f"{self.cardinal(int(text[0]))} {'oh ' if text[1] == '0' else ''}{self.cardinal(int(text[1:]))}"
        return self.cardinal(int(text))

    def digit_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """English ones first."""
        fields = self._fields()
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (rf"(?P<day>\d\d?)(?P<suffix>st|nd|rd|th)?(?P<of> of)? (?P<month>{fields['months']})(?!\p{{L}})(?P<stop>\.)?"
             r"(?:,? (?P<year>\d{4})(?!\d))?", self._day_month_en),
            (rf"(?P<hour>\d\d?)(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?(?P<blank>\s?){MERIDIEM}", self._meridiem),
            (r"(\d\d?)['′](?:\s?(\d\d?)(?:\"|″|''))?(?![\p{L}\p{N}])", self._feet),
            (r"(\d{2}|\d{3}0)['’]?s(?![\p{L}\p{N}])", self._decade),
            (r"(24/7|50/50|9/11)(?![\d/])", lambda m, _: self.say(m, " ".join(map(self._short, m[1].split("/"))))),
            (r"1-(8\d\d)-(?=\p{Lu})", lambda m, _: self.say(m, f"one {self.cardinal(int(m[1]))}")),
            (r"(\d+(?:\.\d+)?)\^(\d+)", lambda m, _: self.say(m, f"{self.number(m[1])} to the power of {self.number(m[2])}")),
            (r"(\d{1,9}(?:,\d{3}){0,5})(?:st|nd|rd|th)(?![\p{L}\p{N}])",
             lambda m, _: self.say(m, self.ordinal(int(m[1].replace(",", ""))))),
            (r"(\d{1,3})\s?:\s?(\d{1,3})(?![\d:])", self._ratio),
            (r"(\d{1,2})[-–](\d{1,2})(?=\s(?:win|victory|loss|defeat|lead|draw|score))",
             lambda m, _: self.say(m, f"{self.number(m[1])} {self.number(m[2])}")),
            (rf"({fields['number']})p(?![\p{{L}}\p{{N}}])", self._pence),
            (rf"({fields['number']})[x×](?![\p{{L}}\p{{N}}])", lambda m, _: self.say(m, f"{self.number(m[1])} times")),
            (r"\d{5}(?:-\d{4})?(?![\d.,])", self._zip),
            (r"\d{3}(?![\d.,:/-])", self._model),
        ]  # fmt: skip
        return own + super().digit_rules()

    def letter_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """English ones first."""
        fields = self._fields()
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (rf"(?P<month>{fields['months']})(?P<stop>\.)?\s(?P<day>\d\d?)(?:st|nd|rd|th)?(?![\d:/%\p{{L}}]|[.,]\d)"
             r"(?:(?P<comma>,)?\s(?P<year>\d{4})(?![\d,]))?", self._month_day),
            (rf"(?P<month>{fields['months']})(?P<stop>\.)?\s(?P<year>\d{{4}})(?!\d)", self._month_year),
            (rf"(?:{'|'.join(map(regex.escape, BEFORE_NUMBERS))})(?=\s?[\dIVX])",
             lambda m, _: self.say(m, BEFORE_NUMBERS[m[0]])),
            (r"(?:[mM]id|[eE]arly|[lL]ate|[pP]re|[pP]ost)(?=-\d)", lambda m, _: self.say(m, m[0])),
            (r"St\.?(?![\p{L}\p{N}'’-])", self._saint_or_street),
            (r"(?:D\.C\.|Ph\.D\.)", self._dotted_name),
        ]  # fmt: skip
        return own + super().letter_rules()

    def sign_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """English ones first."""
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (r"['’](\d0)s(?![\p{L}\p{N}])", self._decade),
            (r"['’](\d\d)(?![\p{L}\p{N}'’])", lambda m, _: self.say(m, self.cardinal(int(m[1])))),
            (rf"(?<=[\d\p{{L}}%])/({'|'.join(PER)})(?![\p{{L}}\p{{N}}/])", lambda m, before: self._per(m)),
            (r"(?<=\d\s?)\*(?=\s?\d)", lambda m, _: self.say(m, "times")),
            (r"#(?=\d)(\d+)", lambda m, _: self.say(m, f"number {self.number(m[1])}")),
        ]
        return own + super().sign_rules()

    def _per(self, match: Match) -> list[Token] | None:
        """$20/mo: per month; and/or is something else."""
        front = match.string[max(0, match.start() - 30) : match.start()]
        amount = regex.search(r"\d[\d.,]*\s?(?:\p{L}{0,3}|dollars|million|billion)$", front)
        return self.say(match, f"per {PER[match[1]]}") if amount else None

    def _day_month_en(self, match: Match, _: str) -> list[Token] | None:
        day, month = int(match["day"]), self._month_numbers[match["month"].lower()]
        if not 1 <= day <= 31:
            return None
        if match["stop"] and match["month"].lower() not in self.short_months:
            return None
        year = match["year"]
        found = [Token(match.start(), match.end("suffix") if match["suffix"] else match.end("day"),
                       tuple(self.ordinal(day).split()))]  # fmt: skip
        if match["of"]:
            found.append(Token(match.start("of") + 1, match.end("of"), ("of",)))
        stop = match.end("stop") if match["stop"] else match.end("month")
        found.append(Token(match.start("month"), stop, (self.months[month - 1],)))
        if year:
            found.append(Token(match.start("year"), match.end("year"), tuple(self.year(int(year)).split())))
        return found

    def _month_day(self, match: Match, _: str) -> list[Token] | None:
        day = int(match["day"])
        if not 1 <= day <= 31 or match["month"] in ALSO_WORDS:
            return None
        found = self._month_token(match)
        end = match.start("comma") if match["comma"] else match.start("year") - 1 if match["year"] else match.end()
        found.append(Token(match.start("day"), end, tuple(self.ordinal(day).split())))
        if match["comma"]:
            found.append(Token(match.start("comma"), match.end("comma"), ()))
        if match["year"]:
            found.append(Token(match.start("year"), match.end("year"), tuple(self.year(int(match["year"])).split())))
        return found

    def _month_year(self, match: Match, _: str) -> list[Token] | None:
        if match["month"] in ALSO_WORDS:
            return None
        year = Token(match.start("year"), match.end("year"), tuple(self.year(int(match["year"])).split()))
        return [*self._month_token(match), year]

    def _month_token(self, match: Match) -> list[Token]:
        name = self.months[self._month_numbers[match["month"].lower()] - 1]
        end = match.end("stop") if match["stop"] else match.end("month")
        return [Token(match.start("month"), end, (name,))]

    def _meridiem(self, match: Match, _: str) -> list[Token] | None:
        hour, minute, second = int(match["hour"]), match["minute"], match["second"]
        if hour > 24 or int(minute or 0) > 59:
            return None
        half = f"{match['half'].upper()} M"
        said = self.cardinal(hour)
        if minute and int(minute):
            said = self.clock(hour, int(minute), int(second) if second else None)
        stop = match[0].endswith(".")
        if not match["blank"]:
            return [Token(match.start(), match.end(), tuple(f"{said} {half}".split()), stop)]
        at = match.start("half")
        return [
            Token(match.start(), match.start("blank"), tuple(said.split())),
            Token(at, match.end(), tuple(half.split()), stop),
        ]

    def _feet(self, match: Match, _: str) -> list[Token] | None:
        feet = int(match[1])
        said = f"{self.cardinal(feet)} {'foot' if feet == 1 else 'feet'}"
        if not match[2]:
            return self.say(match, said) if match[0].endswith("′") else None
        inches = int(match[2])
        return self.say(match, f"{said} {self.cardinal(inches)} {'inch' if inches == 1 else 'inches'}")

    def _decade(self, match: Match, _: str) -> list[Token] | None:
        number = int(match[1])
        if number % 10:
            return None
        said = (self.year(number) if number >= 1000 else self.cardinal(number)).split()
        return self.say(match, " ".join([*said[:-1], DECADES.get(said[-1], said[-1] + "s")]))

    def _ratio(self, match: Match, _: str) -> list[Token] | None:
        if len(match[2]) == 2 and int(match[1]) < 25 and int(match[2]) < 60:
            return None
        return self.say(match, f"{self.number(match[1])} to {self.number(match[2])}")

    def _pence(self, match: Match, _: str) -> list[Token] | None:
        if self._american:
            return None
        return self.say(match, f"{self.number(match[1])} {'penny' if match[1] == '1' else 'pence'}")

    def _zip(self, match: Match, before: str) -> list[Token] | None:
        postal = before.lower() in ("zip", "code", "zipcode") or (len(before) == 2 and before.isupper())
        return self.say(match, self.digits(match[0])) if postal or "-" in match[0] else None

    def _model(self, match: Match, before: str) -> list[Token] | None:
        """Boeing 747, Flight 370: a number that names is said in two halves."""
        following = match.string[match.end() : match.endpos].lstrip()[:1]
        names = before[:1].isupper() and before.isalpha() and len(before) > 1 and before not in STARTERS
        if not names or following.islower() or match[0][0] == "0" or match[0][1:] == "00":
            return None
        return self.say(match, self._house(match[0]))

    def _saint_or_street(self, match: Match, before: str) -> list[Token] | None:
        following = regex.compile(r"\s+(\p{Lu}\p{Ll}+)").match(match.string, match.end(), match.endpos)
        street = before[:1].isupper() or before[:1].isdecimal()
        if following and (not street or following[1] not in STARTERS):
            return self.say(match, "Saint")
        if street:
            return [Token(match.start(), match.end(), ("Street",), match[0].endswith("."))]
        return self.say(match, "Saint")

    def _dotted_name(self, match: Match, _: str) -> list[Token] | None:
        return [Token(match.start(), match.end(), tuple(self.letters(match[0].replace(".", "")).split()), True)]

    def _quantity(self, match: Match, before: str) -> list[Token] | None:
        unit, blank = match[3], match[2]
        if unit in NAMES_ALONE and (blank or unit in ("A", "K", "s", "B")):
            return None
        if unit == "in" and blank:
            following = match.string[match.end() : match.end() + 6]
            if not regex.match(r"\s?(?:$|tall|long|wide|deep|[.,;)])", following):
                return None
        return super()._quantity(match, before)

    def _plain_number(self, match: Match, before: str) -> list[Token] | None:
        if before.isalpha() and len(before) == 1 and before.isupper() and match[1].isdecimal():
            return self.say(match, self._short(match[1]))
        return super()._plain_number(match, before)

    def _before_noun(self, number: str) -> str:
        return number
