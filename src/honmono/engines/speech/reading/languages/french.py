"""French: soixante-dix in France, septante in Belgium and Switzerland."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.languages.european import European, Match

_ONES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
).split()
_TENS = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante", "septante", "quatre-vingt", "nonante"]
_SCALES = ((10**15, "billiard"), (10**12, "billion"), (10**9, "milliard"), (10**6, "million"))


class French(European):
    """French of one country."""

    groups = " .\u202f\u00a0"
    point, minus, plus, percent, and_ = "virgule", "moins", "plus", "pour cent", "et"
    to, version = "à", "version"
    months = tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split())
    short_months: ClassVar[dict[str, int]] = {"janv": 1, "févr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10,
                                              "nov": 11, "déc": 12}  # fmt: skip
    units: ClassVar[dict[str, tuple[str, str]]] = {
        "mm": ("millimètre", "millimètres"), "cm": ("centimètre", "centimètres"), "m": ("mètre", "mètres"),
        "km": ("kilomètre", "kilomètres"), "mg": ("milligramme", "milligrammes"), "g": ("gramme", "grammes"),
        "kg": ("kilogramme", "kilogrammes"), "t": ("tonne", "tonnes"), "ml": ("millilitre", "millilitres"),
        "cl": ("centilitre", "centilitres"), "l": ("litre", "litres"), "L": ("litre", "litres"),
        "h": ("heure", "heures"), "min": ("minute", "minutes"), "s": ("seconde", "secondes"),
        "km/h": ("kilomètre heure", "kilomètres heure"), "m/s": ("mètre par seconde", "mètres par seconde"),
        "°C": ("degré Celsius", "degrés Celsius"), "°F": ("degré Fahrenheit", "degrés Fahrenheit"),
        "°": ("degré", "degrés"), "Ko": ("kilooctet", "kilooctets"), "Mo": ("mégaoctet", "mégaoctets"),
        "Go": ("gigaoctet", "gigaoctets"), "To": ("téraoctet", "téraoctets"), "KB": ("kilobyte", "kilobytes"),
        "MB": ("mégabyte", "mégabytes"), "GB": ("gigabyte", "gigabytes"), "Hz": ("hertz", "hertz"),
        "kHz": ("kilohertz", "kilohertz"), "MHz": ("mégahertz", "mégahertz"), "GHz": ("gigahertz", "gigahertz"),
        "W": ("watt", "watts"), "kW": ("kilowatt", "kilowatts"), "V": ("volt", "volts"), "ha": ("hectare", "hectares"),
        "m²": ("mètre carré", "mètres carrés"), "km²": ("kilomètre carré", "kilomètres carrés"),
        "m³": ("mètre cube", "mètres cubes"),
    }  # fmt: skip
    feminine = frozenset({"tonne", "heure", "minute", "seconde", "livre", "roupie"})
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = {
        "€": ("euro", "euros", "centime", "centimes"), "$": ("dollar", "dollars", "cent", "cents"),
        "US$": ("dollar", "dollars", "cent", "cents"), "£": ("livre", "livres", "penny", "pence"),
        "¥": ("yen", "yens", "", ""), "CHF": ("franc suisse", "francs suisses", "centime", "centimes"),
    }  # fmt: skip
    scales: ClassVar[dict[str, str]] = {
        "million": "de",
        "millions": "de",
        "milliard": "de",
        "milliards": "de",
        "mille": "",
    }
    abbreviations: ClassVar[dict[str, str]] = {
        "M.": "monsieur", "MM.": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
        "Dr": "docteur", "Dr.": "docteur", "Pr": "professeur", "Me": "maître", "St": "saint", "Ste": "sainte",
        "av.": "avenue", "bd": "boulevard", "etc.": "et cetera", "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire",
        "n°": "numéro", "N°": "numéro", "tél.": "téléphone", "env.": "environ", "p.": "page", "vol.": "volume",
        "cf.": "confer", "chap.": "chapitre", "max.": "maximum", "min.": "minimum", "éd.": "édition", "vs": "versus",
    }  # fmt: skip
    closing = frozenset({"etc."})
    symbols: ClassVar[dict[str, str]] = {
        "&": "et", "+": "plus", "=": "égale", "<": "inférieur à", ">": "supérieur à", "%": "pour cent", "@": "arobase",
        "×": "fois", "÷": "divisé par", "±": "plus ou moins", "°": "degrés", "€": "euros", "$": "dollars", "§": "paragraphe",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "tiret", ".": "point", ",": "virgule", "/": "barre oblique", "_": "tiret bas", "#": "dièse", "*": "astérisque",
        ":": "deux points",
    }  # fmt: skip
    dot, slash, dash, underscore, at, hashtag = "point", "barre oblique", "tiret", "tiret bas", "arobase", "hashtag"
    one_letter = frozenset("aàyô")
    acronyms = frozenset("ONU OTAN UNESCO UNICEF FIFA UEFA NASA SIDA COVID FNAC ADN".split()) - {"ADN"}
    numbered = frozenset(
        "chapitre Chapitre tome Tome acte Acte article partie Partie volume Guerre guerre phase".split()
    )
    regnal_names = frozenset("Louis Henri Charles François Napoléon Philippe Jean Paul Pie Benoît Élisabeth".split())
    ordinal_signs = r"(?:ers?|res?|ères?|es?|èmes?|nde?)"
    phone_shape = r"(?:\+33\s?|0)\d(?:[ .-]\d\d){4}(?!\d)"
    word_shape = r"[\p{L}\p{M}]+(?:['’\u2010\u2011-][\p{L}\p{M}]+)*"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._septante = code in ("fr-BE", "fr-CH")
        if code == "fr-CH":
            self.decimal = "."

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        for value, name in _SCALES:
            if number >= value:
                count, rest = divmod(number, value)
                said = f"{self.cardinal(count)} {name}{'s' if count > 1 else ''}"
                return f"{said} {self.cardinal(rest, feminine)}" if rest else said
        if number >= 1000:
            thousands, rest = divmod(number, 1000)
            count_said = self.cardinal(thousands)
            if count_said.endswith(("cents", "vingts")):
                count_said = count_said[:-1]
            said = "mille" if thousands == 1 else f"{count_said} mille"
            return f"{said} {self.cardinal(rest, feminine)}" if rest else said
        if number >= 100:
            hundreds, rest = divmod(number, 100)
            said = "cent" if hundreds == 1 else f"{_ONES[hundreds]} cent{'' if rest else 's'}"
            return f"{said} {self.cardinal(rest, feminine)}" if rest else said
        said = self._below_hundred(number)
        return f"{said}e" if feminine and said.endswith("un") else said

    def _below_hundred(self, number: int) -> str:
        if number < 20:
            return _ONES[number]
        tens, ones = divmod(number, 10)
        if tens in (7, 9) and not self._septante:
            tens, ones = tens - 1, ones + 10
        said = _TENS[tens]
        if not ones:
            return "quatre-vingts" if tens == 8 else said
        if ones in (1, 11) and tens != 8:
            return f"{said} et {_ONES[ones]}"
        return f"{said}-{_ONES[ones]}"

    def decimals(self, digits: str) -> str:
        """Up to three together: quatorze; more, or with a zero in front, one by one."""
        return self.digits(digits) if len(digits) > 3 or digits[0] == "0" else self.cardinal(int(digits))

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        if number == 1:
            return "première" if feminine else "premier"
        said = self.cardinal(number)
        if said.endswith(("cents", "vingts")):
            said = said[:-1]
        said = said.removesuffix("e")
        if said.endswith("cinq"):
            return f"{said}uième"
        return said.removesuffix("f") + "vième" if said.endswith("neuf") else f"{said}ième"

    def regnal(self, number: int) -> str:
        """Premier, then cardinals: quatorze."""
        return "premier" if number == 1 else self.cardinal(number)

    def counts_as_feminine(self, noun: str) -> bool:
        """Whether a noun ends as feminine ones do."""
        return noun.endswith(("tions", "tion", "ées", "ée", "elles", "ettes", "ances", "ences", "tés", "ures", "pages"))

    def telephone(self, number: str) -> str:
        """In pairs: zéro un, vingt-trois."""
        plain = "".join(one for one in number if one.isdecimal())
        if number.startswith("+") or len(plain) != 10:
            return self._phone_digits(number)
        pairs = (plain[index : index + 2] for index in range(0, 10, 2))
        return " ".join(self.digits(pair) if pair[0] == "0" else self.cardinal(int(pair)) for pair in pairs)

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """Premier mai deux mille vingt-six."""
        said = ("premier" if day == 1 else self.cardinal(day)) if day else ""
        return " ".join(filter(None, [said, self.months[month - 1] if month else "", self.year(year) if year else ""]))

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Quinze heures trente."""
        said = f"{self.cardinal(hour, feminine=True)} {'heure' if hour < 2 else 'heures'}"
        if minute:
            said += f" {self.cardinal(minute, feminine=True)}"
        return f"{said} et {self.cardinal(second, feminine=True)} secondes" if second else said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self.cardinal(minutes, True)} {'minute' if minutes < 2 else 'minutes'}"]
        if seconds:
            said.append(f"{self.cardinal(seconds, True)} {'seconde' if seconds < 2 else 'secondes'}")
        return " et ".join(said)

    def counted(self, number: str, noun: str) -> str:
        """Un million d'euros."""
        said = super().counted(number, noun)
        return said.replace(f" de {noun}", f" d'{noun}") if noun[0] in "aeéhiou" else said

    def money(self, amount: str, currency: str) -> str:
        """Trois euros cinquante."""
        said = super().money(amount, currency)
        whole, _, small = amount.partition(self.decimal)
        return said.removesuffix(" centimes") if len(small) == 2 and whole.strip("0.") else said

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Trois quarts."""
        name = {2: "demi", 3: "tiers", 4: "quart"}.get(lower) or self.ordinal(lower)
        plural = "" if upper == 1 or name == "tiers" else "s"
        said = f"{self.cardinal(upper)} {name}{plural}"
        if whole is None:
            return said
        return f"{self.cardinal(whole)} et {'demi' if (upper, lower) == (1, 2) else said}"

    def expletive(self) -> str:
        """See `Language`."""
        return "bip"

    def digit_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """French ones first."""
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (r"(\d\d?)\s?(?:h|heures?)(?![\p{L}\d])", lambda m, _: self._clock_alone(m)),
        ]
        return own + super().digit_rules()

    def _clock_alone(self, match: Match) -> list[Token] | None:
        hour = int(match[1])
        return self.say(match, self.clock(hour, 0, None)) if hour <= 24 else None
