"""What European languages say alike: numbers with decimals, amounts of money, quantities, names of letters."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import ClassVar

import regex

from honmono.engines.speech.reading.languages.base import Language


class EuropeanSpeech(Language):
    """Tables of a language written with blanks, and what is said by them. A subclass fills the tables and says numbers."""

    decimal: str = ","
    groups: str = ".\u202f\u00a0"
    point = ""
    minus = ""
    plus = ""
    percent = ""
    and_ = ""
    day_first = True
    months: ClassVar[tuple[str, ...]] = ()
    short_months: ClassVar[dict[str, int]] = {}
    weekdays: ClassVar[dict[str, str]] = {}
    units: ClassVar[dict[str, tuple[str, str]]] = {}
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = {}
    feminine: frozenset[str] = frozenset()
    """Units and currencies before which one and two are feminine."""
    scales: ClassVar[dict[str, str]] = {}
    """Words of a million and more behind an amount, and what joins the currency to them."""
    abbreviations: ClassVar[dict[str, str]] = {}
    closing: frozenset[str] = frozenset()
    """Abbreviations behind which a sentence may end."""
    symbols: ClassVar[dict[str, str]] = {}
    names_of_signs: ClassVar[dict[str, str]] = {}
    one_letter: frozenset[str] = frozenset()
    """Words of one letter: `a`, `y`."""
    acronyms: frozenset[str] = frozenset()
    """Of capitals and read as a word."""
    numbered: frozenset[str] = frozenset()
    """Words behind which a Roman numeral counts: `Chapter`."""
    regnal_names: frozenset[str] = frozenset()
    dot, slash, dash, underscore, at = "dot", "slash", "dash", "underscore", "at"
    hashtag = "hashtag"
    hyphens_part_words = False
    day_and_month = (
        r"(?P<day>\d\d?)(?P<ordinal>\.|er|º|\.º)? (?:de )?(?P<month>{months})(?P<rest>\.?)"
        r"(?:(?: de)? (?P<year>\d{{4}}))?"
    )

    def __init__(self, code: str) -> None:
        self.code = code

    def number(self, digits: str) -> str | None:
        """See `Language`."""
        return self._amount(digits)

    def _amount(self, digits: str, feminine: bool = False) -> str | None:
        if not self._number.fullmatch(digits):
            return None
        whole, _, decimals = digits.partition(self.decimal)
        whole = "".join(character for character in whole if character.isdecimal())
        if len(whole) > 36:
            return self.digits(digits)
        spoken = self.cardinal(int(whole), feminine=feminine and not decimals)
        return f"{spoken} {self.point} {self.decimals(decimals)}" if decimals else spoken

    def decimals(self, digits: str) -> str:
        """What follows the point."""
        return self.digits(digits)

    def digits(self, digits: str) -> str:
        """See `Language`."""
        return " ".join(self.cardinal(int(one)) for one in digits if one.isdecimal())

    def letters(self, text: str) -> str:
        """See `Language`."""
        named = []
        for character in text:
            if character.isdecimal():
                named.append(self.digits(character))
            elif character.isalpha():
                named.append(character.upper() if len(character.upper()) == 1 else character)
            elif name := self.names_of_signs.get(character) or self.symbols.get(character):
                named.append(name)
        return " ".join(named)

    def year(self, year: int) -> str:
        """A year."""
        return self.cardinal(year)

    def telephone(self, number: str) -> str:
        """See `Language`."""
        return self._phone_digits(number)

    def _phone_digits(self, number: str) -> str:
        plus = f"{self.plus} " if number.startswith("+") else ""
        return plus + self.digits(number)

    def quantity(self, amount: str, unit: str) -> str:
        """`5`, `km`: five kilometres."""
        one, many = self.units[unit]
        spoken = self._amount(amount, feminine=one in self.feminine)
        return self.counted(spoken or "", one if amount == "1" else many)

    def counted(self, number: str, noun: str) -> str:
        """A number and what it counts: `un millón de euros`."""
        number = self._before_noun(number)
        joiner = self.scales.get(number.rpartition(" ")[2], "")
        return f"{number} {joiner} {noun}" if joiner else f"{number} {noun}"

    def money(self, amount: str, currency: str) -> str:
        """`5.20`, `$`: five dollars and twenty cents."""
        one, many, cent, cents = self.currencies[currency]
        whole, _, small = amount.partition(self.decimal)
        whole = "".join(character for character in whole if character.isdecimal())
        if len(whole) > 36:
            return f"{self.digits(whole)} {many}"
        count = int(whole)
        feminine = one in self.feminine
        if not cent or len(small) != 2:
            return self.counted(self._amount(amount, feminine) or "", one if amount == "1" else many)
        said = []
        if count or not int(small):
            said.append(self.counted(self.cardinal(count, feminine), one if count == 1 else many))
        if int(small):
            said.append(self.counted(self.cardinal(int(small)), cent if int(small) == 1 else cents))
        return f" {self.joins_cents} ".join(said) if self.joins_cents else " ".join(said)

    joins_cents = ""

    def _before_noun(self, number: str) -> str:
        """A number as it stands before what is counted: `uno` → `un`."""
        return number

    def regnal(self, number: int) -> str:
        """Of a king or pope."""
        return self.ordinal(number)

    @abstractmethod
    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """A time of day."""

    def unit(self, sign: str) -> str | None:
        """See `Language`."""
        known = self.units.get(sign)
        return known[0] if known else None

    def address(self, text: str) -> str | None:
        """See `Language`."""
        return None

    @cached_property
    def _number(self) -> regex.Pattern[str]:
        return regex.compile(self.number_shape)

    @property
    def number_shape(self) -> str:
        """Of a number as it is written in this language."""
        groups = regex.escape(self.groups)
        decimal = regex.escape(self.decimal)
        return rf"(?:\d{{1,3}}(?:[{groups}]\d{{3}})+|\d+)(?:{decimal}\d+)?"
