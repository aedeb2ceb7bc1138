"""Languages written with blanks: what they share, each with its own tables and grammar of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import regex

from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.languages.european_speech import EuropeanSpeech
from honmono.engines.speech.reading.languages.signs import (
    VULGAR,
    is_roman,
    parts_of_code,
    pronounceable,
    roman,
)

Match = regex.Match[str]
Rule = tuple[regex.Pattern[str], Callable[[Match, str], "list[Token] | None"]]
_SIGNS = frozenset(",;:.!?…—–()[]{}\"“”„«»‘’'¿¡、。，．！？；：（）「」『』|")
_CAPITALS_BEFORE = regex.compile(r"(?:(?<![\p{L}\p{N}])\p{Lu}+[\s,;:!'’-]+){1,4}$")
_CAPITALS_AFTER = regex.compile(r"(?:[\s,;:!'’-]+\p{Lu}+(?![\p{L}\p{N}])){1,4}")
_SIMPLE = regex.compile(r"\p{L}\p{Ll}+(?:(?=[\s,;!?]|:(?!/)|$)|\.(?=\s|$))")
_VOWELS = regex.compile("[AEIOUYÀ-Ü]")
_PLURAL_OF_ACRONYM = regex.compile(r"(\p{Lu}{2,})(['’]?s)")


class European(EuropeanSpeech):
    """How a text in such a language is taken apart: shapes in order, each with what reads it."""

    def tokens(self, text: str, begin: int, end: int, before: str = "") -> list[Token]:
        """See `Language`."""
        found: list[Token] = []
        at = begin
        while at < end:
            if text[at].isspace():
                at += 1
                continue
            read = self._next(text, at, end, before)
            found += [token for token in read if token.spoken or text[token.begin] in _SIGNS]
            last = read[-1]
            before = text[last.begin : last.end] if last.spoken else ""
            at = last.end
        return found

    def _next(self, text: str, at: int, end: int, before: str) -> list[Token]:
        """What stands at a place: one word or sign, or some that are read together."""
        character = text[at]
        simple = _SIMPLE.match(text, at, end)
        if simple and simple[0] not in self._special and simple[0].rstrip(".") not in self._special:
            word = simple[0].rstrip(".")
            return [Token(at, at + len(word), (word,))]
        kind = 0 if character.isdecimal() else 1 if character.isalpha() else 2
        for pattern, read in self._rules[kind]:
            match = pattern.match(text, at, end)
            tokens = read(match, before) if match else None
            if tokens:
                return tokens
        return [self._single(character, at)]

    def _single(self, character: str, at: int) -> Token:
        said = self.symbols.get(character, "")
        return Token(at, at + 1, tuple(said.split()))

    def say(self, match: Match, spoken: str | None, group: str | int = 0) -> list[Token] | None:
        """One token for what a group matched; None where nothing can be said."""
        if not spoken:
            return None
        return [Token(match.start(group), match.end(group), tuple(spoken.split()))]

    def pieces(self, match: Match, *pieces: tuple[str, str | None]) -> list[Token] | None:
        """Tokens for groups, each with what is said; groups that matched nothing fall out."""
        found: list[Token] = []
        for group, spoken in pieces:
            if match[group] and spoken:
                found.append(Token(match.start(group), match.end(group), tuple(spoken.split())))
        if not found:
            return None
        if found[-1].end < match.end():
            return None
        return found

    @cached_property
    def _special(self) -> frozenset[str]:
        """Words that rules may read otherwise; all others of letters alone are said as they stand."""
        months = {*self.months, *self.short_months, *(month.lower() for month in self.months)}
        names = {form for month in months for form in (month, month.capitalize())}
        return frozenset(names | set(self.weekdays) | set(self.abbreviations) | self.read_by_rules)

    read_by_rules: frozenset[str] = frozenset()

    @cached_property
    def _month_numbers(self) -> dict[str, int]:
        full = {name.lower(): index for index, name in enumerate(self.months, 1)}
        return full | self.short_months

    @cached_property
    def _rules(self) -> tuple[list[Rule], list[Rule], list[Rule]]:
        """For what begins with a digit, a letter, or anything else; the first that reads counts."""
        kinds = (self.digit_rules(), self.letter_rules(), self.sign_rules())
        compiled: list[list[Rule]] = [
            [(regex.compile(shape, regex.VERSION1), read) for shape, read in rules] for rules in kinds
        ]
        return compiled[0], compiled[1], compiled[2]

    def _fields(self) -> dict[str, str]:
        """What shapes are filled with."""
        return {
            "number": self.number_shape,
            "units": _either(self.units),
            "currencies": _either(self.currencies),
            "scales": _either(self.scales) or "(?!)",
            "months": _either([*self.months, *self.short_months], "(?i:{})"),
            "vulgar": "".join(VULGAR),
        }

    def digit_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """In order."""
        fields = self._fields()
        number = fields["number"]
        end = r"(?![\p{L}\p{N}_])"
        return [
            (self.day_and_month.format(**fields) + r"(?!\p{L}|\d)", self._day_month),
            (rf"(\d{{4}})([-/.])(\d\d?)\2(\d\d?){end}(?![-/.]\d)", self._date_from_year),
            (rf"(\d\d?)([-/.])(\d\d?)\2(\d{{4}}|\d\d){end}(?![-/.]\d)", self._numeric_date),
            (r"(?=[\d-]{9})\d+(?:-\d+){2,}(?![\d\p{L}])", lambda m, _: self.say(m, self.digits(m[0]))),
            (self.phone_shape, lambda m, _: self.say(m, self.telephone(m[0]))),
            (r"(\d\d?)(?:[:]|\s?h\s?)(\d\d)(?::(\d\d))?(?!\d|[:.]\d)(?:\s?(?:Uhr|h)\b)?", self._clock),
            (rf"({number})\s?%", lambda m, _: self.say(m, f"{self._amount(m[1])} {self.percent}")),
            (rf"({number})\s?({fields['currencies']}){end}", self._money_after),
            (rf"({number})(\s?)({fields['units']}){end}", self._quantity),
            (
                rf"(?<!/)(?:(\d{{1,4}})\s)?(\d{{1,4}})/(\d{{1,4}})(?:th|rd|nd)?(?![\d/])(?:(\s?)({fields['units']}){end})?",
                self._fraction,
            ),
            (rf"(\d{{0,9}})\s?([{fields['vulgar']}])(?:(\s?)({fields['units']}){end})?", self._vulgar),
            (r"(\d+)\.(\d+)\.(\d+)(?:\.\d+)*(?![\d])", self._version),
            (rf"(\d{{1,6}})({self.ordinal_signs}){end}", self._ordinal),
            (rf"({number})(\s?[-–]\s?)(?={number}\s?(?:{fields['units']}|{fields['currencies']}){end})", self._from),
            (rf"({number})\s?[-–]\s?({number})(?![\d\p{{L}}-])", self._range),
            (r"(?=\d*\p{L})[\d\p{L}]+(?:-[\d\p{L}]+)*", self._code),
            (rf"({number})(?!\d)", self._plain_number),
            (r"\d+", lambda m, _: self.say(m, self.digits(m[0]))),
        ]

    year_words: frozenset[str] = frozenset()
    """Words behind which four digits are a year, whatever follows."""
    ordinal_signs = r"\.?[ºª]"
    phone_shape = r"(?!)"
    to = ""

    def letter_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """In order."""
        return [
            (self._money_shape(), self._money_before),
            (r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]", lambda m, _: self.say(m, self._web(m[0]))),
            (r"[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}",
             lambda m, _: self.say(m, self._web(m[0]))),
            (r"[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}"
             r"\.(?:com|org|net|io|gov|edu|dev|app|info|co\.\w\w|es|fr|it|br|pt|de|jp)(?![\p{L}\p{N}])"
             r"(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]])?",
             lambda m, _: self.say(m, self._web(m[0]))),
            (rf"(?:{_either(self.abbreviations) or '(?!)'})(?!\p{{L}}|\p{{N}})", self._abbreviation),
            (rf"({_either(self.weekdays) or '(?!)'})(\.?)(?=,?\s+(?:\p{{L}}+\.?\s)?\d)", self._weekday),
            (r"(?:\p{Lu}\.){2,}(?:['’]s(?!\p{L}))?|\p{Lu}\.(?=\s\p{Lu})|(?:\p{Lu}\.)+\p{Lu}(?!\p{L})", self._dotted),
            (r"[vV](\d+(?:\.\d+)+)(?![\p{L}\p{N}])", self._version_name),
            (r"(?=[\p{L}-]*\p{N})[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*", self._code),
            (r"\p{Lu}{1,4}(?:&\p{Lu}{1,4})+(?!\p{L})", self._initials),
            (r"[IVXLCDM]+(?![\p{L}\p{N}'’])", self._roman),
            (r"\p{Lu}{2,}(?:['’]?s)?(?![\p{L}\p{N}])", self._capitals),
            (r"\p{Lu}(?![\p{L}\p{M}'’-])", self._capital),
            (self.word_shape, self._word),
        ]  # fmt: skip

    word_shape = r"[\p{L}\p{M}]+(?:['’\u2010\u2011-][\p{L}\p{M}]+)*['’]?"

    def _money_shape(self) -> str:
        fields = self._fields()
        scale = rf"(?:(\s)({fields['scales']})(?!\p{{L}}))?"
        return rf"({fields['currencies']})\s?({fields['number']})([kKMB](?![\p{{L}}\p{{N}}]))?{scale}"

    def sign_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """In order."""
        fields = self._fields()
        return [
            (self._money_shape(), self._money_before),
            (r"\+\d[\d\s().-]{5,18}\d(?!\d)", lambda m, _: self.say(m, self.telephone(m[0]))),
            (r"\(\d{2,4}\)[\s-]?\d{3,4}[-\s]\d{3,4}(?!\d)", lambda m, _: self.say(m, self.telephone(m[0]))),
            (r"(?<![\p{L}\p{N})])[-−](?=[\d$€£¥])", self._negative),
            (rf"[{fields['vulgar']}]", lambda m, _: self.say(m, self.fraction(None, *VULGAR[m[0]]))),
            (r"(?<=[\d%]|\d[ap]m|\d0s)[-–](?=[$€£¥]?\d)", lambda m, _: self.say(m, self.to)),
            (r"(?<![\d\p{L}])([.,])(\d+)(?![\d.,]\d)", self._below_one),
            (r"#(?=\p{L})", lambda m, _: self.say(m, self.hashtag)),
            (r"@(?=\p{L})", lambda m, _: self.say(m, self.at)),
            (r"(?<=\s)[-–—]+(?=\s)|—+|--+", lambda m, _: [Token(m.start(), m.end(), ())]),
        ]  # fmt: skip

    # Readings

    def _negative(self, match: Match, before: str) -> list[Token] | None:
        first, *rest = self._next(match.string, match.end(), match.endpos, before)
        if not first.spoken:
            return None
        return [Token(match.start(), first.end, (*self.minus.split(), *first.spoken)), *rest]

    def _below_one(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, f"{self.point} {self.digits(match[2])}") if match[1] == self.decimal else None

    def _day_month(self, match: Match, _: str) -> list[Token] | None:
        day, month = int(match["day"]), self._month_numbers.get(match["month"].lower().rstrip("."))
        if month is None or not 1 <= day <= 31:
            return None
        year = match["year"]
        last = "year" if year else "rest" if match["rest"] else "month"
        return [
            Token(match.start(), match.end(last), tuple(self.date(int(year) if year else None, month, day).split()))
        ]

    def _date_from_year(self, match: Match, _: str) -> list[Token] | None:
        return self._checked_date(match, int(match[1]), int(match[3]), int(match[4]))

    def _numeric_date(self, match: Match, _: str) -> list[Token] | None:
        first, second = int(match[1]), int(match[3])
        day, month = (first, second) if self.day_first else (second, first)
        if month > 12 and day <= 12:
            day, month = month, day
        year = int(match[4])
        if len(match[4]) == 2:
            if match[2] != "/":
                return None
            year += 2000 if year < 50 else 1900
        return self._checked_date(match, year, month, day)

    def _checked_date(self, match: Match, year: int, month: int, day: int) -> list[Token] | None:
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        return self.say(match, self.date(year, month, day))

    def _clock(self, match: Match, _: str) -> list[Token] | None:
        hour, minute, second = int(match[1]), int(match[2]), match[3]
        if hour > 24 or minute > 59 or int(second or 0) > 59:
            return None
        return self.say(match, self.clock(hour, minute, int(second) if second else None))

    def _money_before(self, match: Match, _: str) -> list[Token] | None:
        sign, amount, letter, blank, scale = (match[index] for index in range(1, 6))
        many = self.currencies[sign][1]
        if scale:
            spoken = self._amount(amount) or ""
            joined = f"{scale} {self.scales[scale]} {many}"
            return [
                Token(match.start(), match.end(2), tuple(self._before_noun(spoken).split())),
                Token(match.start(5), match.end(5), tuple(joined.split())),
            ]
        if letter:
            word = {"k": 1000, "K": 1000, "M": 10**6, "B": 10**9}[letter]
            scale_word = self.cardinal(word).split()[-1]
            return self.say(match, f"{self._amount(amount)} {scale_word} {self.scales.get(scale_word, '')} {many}")
        del blank
        spoken_money = self.money(amount, sign)
        return [Token(match.start(), match.end(2), tuple(spoken_money.split()))]

    def _money_after(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, self.money(match[1], match[2]))

    def _quantity(self, match: Match, _: str) -> list[Token] | None:
        amount, blank, unit = match[1], match[2], match[3]
        spoken = self.quantity(amount, unit)
        if not blank:
            return self.say(match, spoken)
        one, many = self.units[unit]
        said = one if amount == "1" else many
        count = spoken[: len(spoken) - len(said)]
        return [
            Token(match.start(1), match.end(1), tuple(count.split())),
            Token(match.start(3), match.end(3), tuple(said.split())),
        ]

    def _fraction(self, match: Match, _: str) -> list[Token] | None:
        whole, upper, lower = match[1], int(match[2]), int(match[3])
        if lower == 0 or (whole and upper >= lower):
            return None
        return self._parts_of_unit(match, 3, self.fraction(int(whole) if whole else None, upper, lower), bool(whole))

    def _vulgar(self, match: Match, _: str) -> list[Token] | None:
        whole = match[1]
        return self._parts_of_unit(
            match, 2, self.fraction(int(whole) if whole else None, *VULGAR[match[2]]), bool(whole)
        )

    def _parts_of_unit(self, match: Match, last: int, spoken: str, many: bool) -> list[Token]:
        """A fraction, and the unit behind it: one quarter teaspoon, two and a half kilometres."""
        unit = match[last + 2]
        end = match.start(last + 1) if unit else match.end()
        found = [Token(match.start(), end, tuple(spoken.split()))]
        if unit:
            found.append(Token(match.start(last + 2), match.end(), tuple(self.units[unit][many].split())))
        return found

    def _version(self, match: Match, _: str) -> list[Token] | None:
        if self._number.fullmatch(match[0]):
            return None
        parts = match[0].split(".")
        if len(parts) == 4:
            return self.say(match, f" {self.dot} ".join(self.digits(part) for part in parts))
        return self.say(match, f" {self.point or self.dot} ".join(self._short(part) for part in parts))

    def _short(self, digits: str) -> str:
        """A number of a code: with zeros in front, or long, digit by digit."""
        return self.digits(digits) if len(digits) > 4 or (digits[0] == "0" and len(digits) > 1) else self.cardinal(
            int(digits)
        )  # fmt: skip

    def _ordinal(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, self.ordinal(int(match[1]), feminine=match[2].endswith(("ª", "ère", "a"))))

    def _range(self, match: Match, _: str) -> list[Token] | None:
        if not self.to:
            return None
        first, second = (self._plain(match[index]) for index in (1, 2))
        return self.say(match, f"{first} {self.to} {second}")

    def _from(self, match: Match, _: str) -> list[Token] | None:
        spoken = (self._amount(match[1]) or "").split()
        return [Token(match.start(), match.end(), (*spoken, self.to))] if self.to else None

    def _plain(self, digits: str) -> str:
        if len(digits) == 4 and digits.isdecimal() and self.is_year(int(digits)):
            return self.year(int(digits))
        return self._amount(digits) or self.digits(digits)

    def is_year(self, number: int) -> bool:
        """Whether four digits are read as a year."""
        return 1100 <= number <= 2099

    def _plain_number(self, match: Match, before: str) -> list[Token] | None:
        digits = match[1]
        if digits.isdecimal() and len(digits) > 1 and digits[0] == "0":
            return self.say(match, self.digits(digits))
        if digits.isdecimal() and len(digits) == 4 and digits[0] in "12" and before.lower() in self.year_words:
            return self.say(match, self.year(int(digits)))
        following = regex.compile(r"\s?(\p{L}+)").match(match.string, match.end(), match.endpos)
        if following and self.decimal not in digits:
            noun = following[1]
            spoken = self._amount(digits, self.counts_as_feminine(noun))
            if spoken and not (len(digits) == 4 and self.is_year(int(digits)) if digits.isdecimal() else False):
                return self.say(match, self._before_noun(spoken), 1)
        return self.say(match, self._plain(digits))

    def counts_as_feminine(self, noun: str) -> bool:
        """Whether a noun behind a number is feminine, as far as its end tells."""
        return False

    def _code(self, match: Match, _: str) -> list[Token] | None:
        said = []
        for part in parts_of_code(match[0]):
            if part[0].isdecimal():
                said.append(self._short(part))
            elif part.isupper() and not (len(part) > 3 and self._is_word(part)):
                said.append(self.letters(part))
            else:
                said.append(part)
        return self.say(match, " ".join(said))

    def _is_word(self, capitals: str) -> bool:
        return capitals in self.acronyms or (len(capitals) > 3 and pronounceable(capitals))

    def _web(self, address: str) -> str:
        address = regex.sub(r"^https?://", "", address).rstrip("/")
        host = regex.split(r"[/?#]", address.rpartition("@")[2])[0]
        last = host.rpartition(".")[2] if "." in host else ""
        said = []
        names = {".": self.dot, "/": self.slash, "-": self.dash, "_": self.underscore, "@": self.at}
        for part in regex.findall(r"\p{L}+|\d+|[^\p{L}\d]", address):
            if part.isdecimal():
                said.append(self._short(part) if len(part) < 3 else self.digits(part))
            elif part in names:
                said.append(names[part])
            elif not part.isalpha():
                said.append(self.symbols.get(part, self.names_of_signs.get(part, "")))
            elif part == "www" or (part == last and len(part) == 2 and part != "co"):
                said.append(self.letters(part))
            else:
                said.append(part)
        return " ".join(said)

    def _abbreviation(self, match: Match, before: str) -> list[Token] | None:
        spoken = self.abbreviations[match[0]]
        stop = match[0].endswith(".") and match[0] in self.closing
        return [Token(match.start(), match.end(), tuple(spoken.split()), stop)]

    def _weekday(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, self.weekdays[match[1]])

    def _dotted(self, match: Match, _: str) -> list[Token] | None:
        spoken = self.letters(regex.sub(r"\.|['’]s$", "", match[0])) + ("'s" if match[0][-1] == "s" else "")
        return [Token(match.start(), match.end(), tuple(spoken.split()), match[0][-1] == ".")]

    version = ""

    def _version_name(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, f"{self.version} " + f" {self.point} ".join(map(self._short, match[1].split("."))))

    def _initials(self, match: Match, _: str) -> list[Token] | None:
        return self.say(match, f" {self.and_} ".join(self.letters(part) for part in match[0].split("&")))

    def _roman(self, match: Match, before: str) -> list[Token] | None:
        if not is_roman(match[0]):
            return None
        value = roman(match[0])
        if before in self.numbered:
            return self.say(match, self.cardinal(value))
        long_enough = len(match[0]) > 1 and match[0] not in ("CD", "DC", "MD", "MC", "CC", "CV", "DI", "MI", "XL", "MM")
        if before in self.regnal_names or (before[:1].isupper() and before[1:2].islower() and long_enough):
            return self.say(match, self.regnal(value))
        return None

    def _capitals(self, match: Match, _: str) -> list[Token] | None:
        plural = _PLURAL_OF_ACRONYM.fullmatch(match[0])
        letters = plural[1] if plural else match[0]
        if self._is_word(letters) or (len(letters) > 5 and not plural) or _among_capitals(match):
            return self.say(match, match[0])
        return self.say(match, self.letters(letters) + ("'s" if plural else ""))

    def _capital(self, match: Match, before: str) -> list[Token] | None:
        """A capital alone is a letter, or a word of one letter where a sentence begins."""
        front = match.string[max(0, match.start() - 20) : match.start()].rstrip(" \"'“‘(«¿¡\n\t")
        start = not front or front[-1] in ".!?:"
        word = match[0].lower()
        if word in self.one_letter and start and match.string[match.end() : match.end() + 1] != ".":
            return self.say(match, word)
        return self.say(match, match[0])

    def _word(self, match: Match, _: str) -> list[Token] | None:
        word = match[0]
        if word[-1] in "'’" and not self.keeps_apostrophe(word):
            word = word[:-1]
        spoken = regex.sub("[-\u2010\u2011]", " ", word) if self.hyphens_part_words else word
        return [Token(match.start(), match.start() + len(word), tuple(spoken.split()))]

    def keeps_apostrophe(self, word: str) -> bool:
        """Whether a word ends with its apostrophe: `po'`."""
        return False


def _among_capitals(match: Match) -> bool:
    """Whether all words around are in capitals: then these are words, and no acronym."""
    before = _CAPITALS_BEFORE.search(match.string, max(0, match.start() - 60), match.start())
    after = _CAPITALS_AFTER.match(match.string, match.end(), match.endpos)
    words = [
        *regex.findall(r"\p{Lu}+", before[0] if before else ""),
        *regex.findall(r"\p{Lu}+", after[0] if after else ""),
    ]
    return len(words) > 1 and max(map(len, words)) > 3 and _VOWELS.search(match[0]) is not None


def _either(words: Iterable[str], form: str = "(?:{})") -> str:
    """A pattern of any of these, the longest first."""
    known = sorted(set(words), key=lambda word: (-len(word), word))
    return form.format("|".join(map(regex.escape, known))) if known else ""
