"""Italian."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from honmono.engines.speech.reading.languages.base import Token
from honmono.engines.speech.reading.languages.european import European, Match

_ONES = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove"
).split()
_TENS = ["", "dieci", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
_SCALES = ((10**15, "biliardo", "biliardi"), (10**12, "bilione", "bilioni"), (10**9, "miliardo", "miliardi"),
           (10**6, "milione", "milioni"))  # fmt: skip
_ORDINALS = ["", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo"]


class Italian(European):
    """Italian of Italy."""

    point, minus, plus, percent, and_ = "virgola", "meno", "più", "per cento", "e"
    to, version = "a", "versione"
    joins_cents = "e"
    months = tuple(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split()
    )
    short_months: ClassVar[dict[str, int]] = {"gen": 1, "feb": 2, "mar": 3, "apr": 4, "mag": 5, "giu": 6, "lug": 7,
                                              "ago": 8, "set": 9, "ott": 10, "nov": 11, "dic": 12}  # fmt: skip
    units: ClassVar[dict[str, tuple[str, str]]] = {
        "mm": ("millimetro", "millimetri"), "cm": ("centimetro", "centimetri"), "m": ("metro", "metri"),
        "km": ("chilometro", "chilometri"), "mg": ("milligrammo", "milligrammi"), "g": ("grammo", "grammi"),
        "kg": ("chilogrammo", "chilogrammi"), "t": ("tonnellata", "tonnellate"), "ml": ("millilitro", "millilitri"),
        "l": ("litro", "litri"), "L": ("litro", "litri"), "h": ("ora", "ore"), "min": ("minuto", "minuti"),
        "s": ("secondo", "secondi"), "km/h": ("chilometro orario", "chilometri orari"),
        "m/s": ("metro al secondo", "metri al secondo"), "°C": ("grado Celsius", "gradi Celsius"),
        "°F": ("grado Fahrenheit", "gradi Fahrenheit"), "°": ("grado", "gradi"), "KB": ("kilobyte", "kilobyte"),
        "MB": ("megabyte", "megabyte"), "GB": ("gigabyte", "gigabyte"), "TB": ("terabyte", "terabyte"),
        "Hz": ("hertz", "hertz"), "MHz": ("megahertz", "megahertz"), "GHz": ("gigahertz", "gigahertz"),
        "W": ("watt", "watt"), "kW": ("chilowatt", "chilowatt"), "V": ("volt", "volt"), "ha": ("ettaro", "ettari"),
        "m²": ("metro quadrato", "metri quadrati"), "km²": ("chilometro quadrato", "chilometri quadrati"),
        "m³": ("metro cubo", "metri cubi"),
    }  # fmt: skip
    feminine = frozenset({"tonnellata", "ora", "sterlina", "rupia"})
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = {
        "€": ("euro", "euro", "centesimo", "centesimi"), "$": ("dollaro", "dollari", "centesimo", "centesimi"),
        "US$": ("dollaro", "dollari", "centesimo", "centesimi"), "£": ("sterlina", "sterline", "penny", "penny"),
        "¥": ("yen", "yen", "", ""),
    }  # fmt: skip
    scales: ClassVar[dict[str, str]] = {
        "milione": "di",
        "milioni": "di",
        "miliardo": "di",
        "miliardi": "di",
        "mila": "",
    }
    abbreviations: ClassVar[dict[str, str]] = {
        "Sig.": "signor", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor", "dott.": "dottor",
        "Dott.ssa": "dottoressa", "Prof.": "professor", "prof.": "professor", "Prof.ssa": "professoressa",
        "Ing.": "ingegner", "Avv.": "avvocato", "ecc.": "eccetera", "es.": "esempio", "pag.": "pagina", "n.": "numero",
        "tel.": "telefono", "ca.": "circa", "S.p.A.": "S P A", "V.le": "viale", "P.za": "piazza", "vol.": "volume",
        "cap.": "capitolo", "max.": "massimo", "min.": "minimo", "a.C.": "avanti Cristo", "d.C.": "dopo Cristo",
    }  # fmt: skip
    closing = frozenset({"ecc.", "S.p.A."})
    symbols: ClassVar[dict[str, str]] = {
        "&": "e", "+": "più", "=": "uguale a", "<": "minore di", ">": "maggiore di", "%": "per cento", "@": "chiocciola",
        "×": "per", "÷": "diviso", "±": "più o meno", "°": "gradi", "€": "euro", "$": "dollari", "§": "paragrafo",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "trattino", ".": "punto", ",": "virgola", "/": "barra", "_": "trattino basso", "#": "cancelletto",
        "*": "asterisco", ":": "due punti",
    }  # fmt: skip
    dot, slash, dash, underscore, at, hashtag = "punto", "barra", "trattino", "trattino basso", "chiocciola", "hashtag"
    one_letter = frozenset("aeioè")
    acronyms = frozenset("ONU NATO UNESCO UNICEF FIFA UEFA NASA FIAT IVA COVID RAI ISTAT".split())
    numbered = frozenset("capitolo Capitolo Guerra guerra volume parte Parte atto fase".split())
    regnal_names = frozenset("Giovanni Paolo Pio Benedetto Vittorio Carlo Luigi Enrico Leone Umberto Papa".split())
    word_shape = r"[\p{L}\p{M}]+(?:['’\u2010\u2011-][\p{L}\p{M}]+)*['’]?"

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        for value, one, many in _SCALES:
            if number >= value:
                count, rest = divmod(number, value)
                said = f"un {one}" if count == 1 else f"{self.cardinal(count)} {many}"
                return f"{said} {self.cardinal(rest)}" if rest else said
        if number == 1 and feminine:
            return "una"
        said = self._joined(number)
        return said[:-3] + "tré" if number > 20 and said.endswith("tre") else said

    def _joined(self, number: int) -> str:
        if number < 20:
            return _ONES[number]
        if number < 100:
            tens, ones = divmod(number, 10)
            said = _TENS[tens][:-1] if ones in (1, 8) else _TENS[tens]
            return said + (_ONES[ones] if ones else "")
        if number < 1000:
            hundreds, rest = divmod(number, 100)
            said = "cento" if hundreds == 1 else f"{_ONES[hundreds]}cento"
            if rest == 8 or 80 <= rest < 90:
                said = said[:-1]  # centotto, centottanta
            return said + (self._joined(rest) if rest else "")
        thousands, rest = divmod(number, 1000)
        said = "mille" if thousands == 1 else f"{self._joined(thousands)}mila"
        return said + (self._joined(rest) if rest else "")

    def _before_noun(self, number: str) -> str:
        return "un" if number == "uno" else number

    def decimals(self, digits: str) -> str:
        """Up to three together: quattordici."""
        return self.digits(digits) if len(digits) > 3 or digits[0] == "0" else self.cardinal(int(digits))

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        if 0 < number < len(_ORDINALS):
            said = _ORDINALS[number]
        else:
            stem = self.cardinal(number).replace(" ", "").removesuffix("é")
            said = (stem + "e" if stem.endswith("tr") else stem if stem.endswith(("tre", "sei"))
                    else stem[:-1]) + "esimo"  # fmt: skip
        return said[:-1] + "a" if feminine else said

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """Ventiquattro dicembre duemilaventisei."""
        said = ("primo" if day == 1 else self.cardinal(day)) if day else ""
        return " ".join(filter(None, [said, self.months[month - 1] if month else "", self.year(year) if year else ""]))

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Quindici e trenta."""
        said = self.cardinal(hour, feminine=True) + (f" e {self.cardinal(minute)}" if minute else " in punto")
        return f"{said} e {self.cardinal(second)} secondi" if second else said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self._before_noun(self.cardinal(minutes))} {'minuto' if minutes == 1 else 'minuti'}"]
        if seconds:
            said.append(f"{self._before_noun(self.cardinal(seconds))} {'secondo' if seconds == 1 else 'secondi'}")
        return " e ".join(said)

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Tre quarti."""
        name = "mezzo" if lower == 2 else self.ordinal(lower)
        said = f"un {name}" if upper == 1 else f"{self.cardinal(upper)} {name[:-1]}i"
        return said if whole is None else f"{self.cardinal(whole)} e {said.removeprefix('un ') if lower == 2 else said}"

    def counts_as_feminine(self, noun: str) -> bool:
        """Only one is feminine, before a noun in -a."""
        return noun.endswith("a")

    def digit_rules(self) -> list[tuple[str, Callable[[Match, str], list[Token] | None]]]:
        """Italian ones first."""
        own: list[tuple[str, Callable[[Match, str], list[Token] | None]]] = [
            (r"(\d{1,2})°(?=\s\p{Ll})", lambda m, _: self.say(m, self.ordinal(int(m[1])))),
        ]
        return own + super().digit_rules()

    def keeps_apostrophe(self, word: str) -> bool:
        """`po'`."""
        return word.lower().replace("’", "'") in ("po'", "mo'", "va'", "fa'", "di'", "da'")

    def expletive(self) -> str:
        """See `Language`."""
        return "bip"
