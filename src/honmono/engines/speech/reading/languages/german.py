"""German."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.languages.european import European, Match

_ONES = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
_TENS = ["", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_SCALES = ((10**15, "Billiarde", "Billiarden"), (10**12, "Billion", "Billionen"), (10**9, "Milliarde", "Milliarden"),
           (10**6, "Million", "Millionen"))  # fmt: skip
_ORDINALS = {1: "erste", 3: "dritte", 7: "siebte", 8: "achte"}


class German(European):
    """German of one country."""

    point, minus, plus, percent, and_ = "Komma", "minus", "plus", "Prozent", "und"
    to, version = "bis", "Version"
    months = tuple("Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split())
    short_months: ClassVar[dict[str, int]] = {"jan": 1, "feb": 2, "mär": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
                                              "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dez": 12, "jänner": 1}  # fmt: skip
    units: ClassVar[dict[str, tuple[str, str]]] = {
        "mm": ("Millimeter", "Millimeter"), "cm": ("Zentimeter", "Zentimeter"), "m": ("Meter", "Meter"),
        "km": ("Kilometer", "Kilometer"), "mg": ("Milligramm", "Milligramm"), "g": ("Gramm", "Gramm"),
        "kg": ("Kilogramm", "Kilogramm"), "t": ("Tonne", "Tonnen"), "ml": ("Milliliter", "Milliliter"),
        "l": ("Liter", "Liter"), "L": ("Liter", "Liter"), "h": ("Stunde", "Stunden"), "Std.": ("Stunde", "Stunden"),
        "min": ("Minute", "Minuten"), "Min.": ("Minute", "Minuten"), "s": ("Sekunde", "Sekunden"),
        "km/h": ("Kilometer pro Stunde", "Kilometer pro Stunde"), "m/s": ("Meter pro Sekunde", "Meter pro Sekunde"),
        "°C": ("Grad Celsius", "Grad Celsius"), "°F": ("Grad Fahrenheit", "Grad Fahrenheit"), "°": ("Grad", "Grad"),
        "KB": ("Kilobyte", "Kilobyte"), "MB": ("Megabyte", "Megabyte"), "GB": ("Gigabyte", "Gigabyte"),
        "TB": ("Terabyte", "Terabyte"), "Hz": ("Hertz", "Hertz"), "MHz": ("Megahertz", "Megahertz"),
        "GHz": ("Gigahertz", "Gigahertz"), "W": ("Watt", "Watt"), "kW": ("Kilowatt", "Kilowatt"), "V": ("Volt", "Volt"),
        "kWh": ("Kilowattstunde", "Kilowattstunden"), "ha": ("Hektar", "Hektar"),
        "m²": ("Quadratmeter", "Quadratmeter"), "km²": ("Quadratkilometer", "Quadratkilometer"),
        "m³": ("Kubikmeter", "Kubikmeter"), "Mio.": ("Million", "Millionen"), "Mrd.": ("Milliarde", "Milliarden"),
    }  # fmt: skip
    feminine = frozenset({"Tonne", "Stunde", "Minute", "Sekunde", "Kilowattstunde", "Million", "Milliarde", "Rupie"})
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = {
        "€": ("Euro", "Euro", "Cent", "Cent"), "$": ("Dollar", "Dollar", "Cent", "Cent"),
        "US$": ("Dollar", "Dollar", "Cent", "Cent"), "£": ("Pfund", "Pfund", "Penny", "Pence"),
        "¥": ("Yen", "Yen", "", ""), "CHF": ("Schweizer Franken", "Schweizer Franken", "Rappen", "Rappen"),
    }  # fmt: skip
    scales: ClassVar[dict[str, str]] = {
        "Million": "",
        "Millionen": "",
        "Milliarde": "",
        "Milliarden": "",
        "Tausend": "",
    }
    abbreviations: ClassVar[dict[str, str]] = {
        "Hr.": "Herr", "Fr.": "Frau", "Dr.": "Doktor", "Prof.": "Professor", "z. B.": "zum Beispiel",
        "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt", "u. a.": "unter anderem",
        "u.a.": "unter anderem", "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "Str.": "Straße",
        "Nr.": "Nummer", "S.": "Seite", "Tel.": "Telefon", "evtl.": "eventuell", "etc.": "et cetera", "inkl.": "inklusive",
        "vgl.": "vergleiche", "o. Ä.": "oder Ähnliches", "St.": "Sankt", "Abb.": "Abbildung", "Kap.": "Kapitel",
        "max.": "maximal", "min.": "minimal", "v. Chr.": "vor Christus", "n. Chr.": "nach Christus", "GmbH": "G M B H",
        "bspw.": "beispielsweise", "ggf.": "gegebenenfalls",
    }  # fmt: skip
    closing = frozenset({"usw.", "etc.", "o. Ä.", "Str.", "v. Chr.", "n. Chr."})
    symbols: ClassVar[dict[str, str]] = {
        "&": "und", "+": "plus", "=": "gleich", "<": "kleiner als", ">": "größer als", "%": "Prozent", "@": "at",
        "×": "mal", "÷": "geteilt durch", "±": "plus minus", "°": "Grad", "€": "Euro", "$": "Dollar", "§": "Paragraf",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "Bindestrich", ".": "Punkt", ",": "Komma", "/": "Schrägstrich", "_": "Unterstrich", "#": "Raute", "*": "Stern",
        ":": "Doppelpunkt",
    }  # fmt: skip
    dot, slash, dash, underscore, at, hashtag = "Punkt", "Schrägstrich", "Bindestrich", "Unterstrich", "ät", "Hashtag"
    acronyms = frozenset("UNO NATO UNESCO UNICEF FIFA UEFA NASA COVID AIDS".split())
    numbered = frozenset("Kapitel Teil Band Akt Phase Weltkrieg Artikel".split())
    regnal_names = frozenset("Ludwig Friedrich Wilhelm Heinrich Karl Otto Johannes Paul Pius Benedikt Leo".split())
    day_and_month = r"(?P<day>\d\d?)(?P<ordinal>\.) ?(?P<month>{months})(?P<rest>\.?)(?: (?P<year>\d{{4}}))?"

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        for value, one, many in _SCALES:
            if number >= value:
                count, rest = divmod(number, value)
                said = f"eine {one}" if count == 1 else f"{self.cardinal(count)} {many}"
                return f"{said} {self.cardinal(rest)}" if rest else said
        return "eine" if feminine and number == 1 else self._joined(number)

    def _joined(self, number: int) -> str:
        if number < 20:
            return _ONES[number]
        if number < 100:
            tens, ones = divmod(number, 10)
            return (
                f"{_ONES[ones].removesuffix('s') if ones == 1 else _ONES[ones]}und{_TENS[tens]}"
                if ones
                else _TENS[tens]
            )
        value, name = (1000, "tausend") if number >= 1000 else (100, "hundert")
        count, rest = divmod(number, value)
        said = "ein" if count == 1 else self._joined(count)
        said = said[:-1] if said.endswith("eins") else said
        return f"{said}{name}{self._joined(rest) if rest else ''}"

    def year(self, year: int) -> str:
        """1984: neunzehnhundertvierundachtzig."""
        if 1100 <= year < 2000:
            rest = year % 100
            return f"{self.cardinal(year // 100)}hundert{self.cardinal(rest) if rest else ''}"
        return self.cardinal(year)

    def _before_noun(self, number: str) -> str:
        return "ein" if number == "eins" else number

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        rest = number % 100
        said = self.cardinal(number)
        if rest in _ORDINALS:
            return said.removesuffix(self.cardinal(rest)) + _ORDINALS[rest]
        return f"{said}{'te' if 0 < rest < 20 else 'ste'}"

    def regnal(self, number: int) -> str:
        """Der Vierzehnte."""
        return f"der {self.ordinal(number).capitalize()}"

    def date(self, year: int | None, month: int | None, day: int | None, end: str = "r") -> str:
        """Vierundzwanzigster Dezember."""
        said = f"{self.ordinal(day)}{end}" if day else ""
        return " ".join(filter(None, [said, self.months[month - 1] if month else "", self.year(year) if year else ""]))

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Fünfzehn Uhr dreißig."""
        said = f"{self._before_noun(self.cardinal(hour))} Uhr" + (f" {self.cardinal(minute)}" if minute else "")
        return f"{said} und {self.cardinal(second)} Sekunden" if second else said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self.cardinal(minutes, True)} {'Minute' if minutes == 1 else 'Minuten'}"]
        if seconds:
            said.append(f"{self.cardinal(seconds, True)} {'Sekunde' if seconds == 1 else 'Sekunden'}")
        return " und ".join(said)

    def money(self, amount: str, currency: str) -> str:
        """Drei Euro fünfzig."""
        said = super().money(amount, currency)
        whole, _, small = amount.partition(self.decimal)
        if len(small) == 2 and whole.strip("0."):
            return said.removesuffix(" Cent")
        return said

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Drei Viertel."""
        halves = "halb" if upper == 1 else "Halbe"
        name = halves if lower == 2 else f"{self.ordinal(lower)}l".capitalize()
        said = f"{self._before_noun(self.cardinal(upper))} {name}"
        if whole is None:
            return said
        return f"{self.cardinal(whole)} einhalb" if (upper, lower) == (1, 2) else f"{self.cardinal(whole)} {said}"

    def expletive(self) -> str:
        """See `Language`."""
        return "piep"

    def digit_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """German ones first."""
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})?(?![\d.])", self._numbered_date),
            (r"(\d\d?)\.(?=\s\p{L})", lambda m, before: self.say(m, self._inflected(int(m[1]), before))),
        ]
        return super().digit_rules()[:1] + own + super().digit_rules()[1:]

    def _inflected(self, number: int, before: str) -> str:
        """An ordinal ends as the word before it asks: am ersten, der erste, erster."""
        said = self.ordinal(number)
        if before.lower() in ("am", "dem", "den", "des", "vom", "zum", "im", "beim", "ab"):
            return f"{said}n"
        return said if before.lower() in ("der", "die", "das") else f"{said}r"

    def _numbered_date(self, match: Match, before: str) -> list[Token] | None:
        day, month = int(match[1]), int(match[2])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        said = f"{self._inflected(day, before)} {self._inflected(month, before)}"
        return self.say(match, f"{said} {self.year(int(match[3]))}" if match[3] else said)

    def _day_month(self, match: Match, before: str) -> list[Token] | None:
        found = super()._day_month(match, before)
        if found is None:
            return None
        spoken = (self._inflected(int(match["day"]), before), *found[0].spoken[1:])
        return [Token(found[0].begin, found[0].end, spoken)]
