"""Portuguese of Brazil and of Portugal."""

from __future__ import annotations

from typing import ClassVar

from honmono.engines.speech.reading.languages.european import European

_ONES = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito "
    "dezenove"
).split()
_IN_PORTUGAL = {16: "dezasseis", 17: "dezassete", 19: "dezanove"}
_TENS = ["", "dez", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]
_HUNDREDS = ("- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos").split()
_IN_BRAZIL_SCALES = ((10**12, "trilhão", "trilhões"), (10**9, "bilhão", "bilhões"), (10**6, "milhão", "milhões"))
_IN_PORTUGAL_SCALES = ((10**12, "bilião", "biliões"), (10**6, "milhão", "milhões"))
_ORDINALS = ["", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono"]
_ORDINAL_TENS = ["", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo",
                 "octogésimo", "nonagésimo"]  # fmt: skip

_ORDINAL_HUNDREDS = ["", "centésimo", "ducentésimo", "trecentésimo", "quadringentésimo", "quingentésimo",
                     "sexcentésimo", "septingentésimo", "octingentésimo", "nongentésimo"]  # fmt: skip


class Portuguese(European):
    """Portuguese of one country."""

    groups = ". \u202f\u00a0"
    point, minus, plus, percent, and_ = "vírgula", "menos", "mais", "por cento", "e"
    to, version = "a", "versão"
    joins_cents = "e"
    months = tuple("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split())
    short_months: ClassVar[dict[str, int]] = {"jan": 1, "fev": 2, "mar": 3, "abr": 4, "mai": 5, "jun": 6, "jul": 7,
                                              "ago": 8, "set": 9, "out": 10, "nov": 11, "dez": 12}  # fmt: skip
    feminine = frozenset({"tonelada", "hora", "libra", "rupia"})
    scales: ClassVar[dict[str, str]] = {"milhão": "de", "milhões": "de", "bilhão": "de", "bilhões": "de", "mil": ""}
    abbreviations: ClassVar[dict[str, str]] = {
        "Sr.": "senhor", "Sra.": "senhora", "Srta.": "senhorita", "Dr.": "doutor", "Dra.": "doutora",
        "Prof.": "professor", "Profa.": "professora", "Eng.": "engenheiro", "Av.": "avenida", "R.": "rua",
        "etc.": "etcétera", "p. ex.": "por exemplo", "pág.": "página", "n.º": "número", "nº": "número", "Nº": "número",
        "tel.": "telefone", "aprox.": "aproximadamente", "S.A.": "S A", "Ltda.": "limitada", "máx.": "máximo",
        "mín.": "mínimo", "vol.": "volume", "cap.": "capítulo", "a.C.": "antes de Cristo", "d.C.": "depois de Cristo",
    }  # fmt: skip
    closing = frozenset({"etc.", "S.A.", "Ltda."})
    symbols: ClassVar[dict[str, str]] = {
        "&": "e", "+": "mais", "=": "igual a", "<": "menor que", ">": "maior que", "%": "por cento", "@": "arroba",
        "×": "vezes", "÷": "dividido por", "±": "mais ou menos", "°": "graus", "€": "euros", "$": "dólares", "§": "parágrafo",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "hífen", ".": "ponto", ",": "vírgula", "/": "barra", "_": "sublinhado", "#": "cerquilha", "*": "asterisco",
        ":": "dois pontos",
    }  # fmt: skip
    dot, slash, dash, underscore, at, hashtag = "ponto", "barra", "hífen", "sublinhado", "arroba", "hashtag"
    one_letter = frozenset("aeoéàó")
    acronyms = frozenset("ONU OTAN UNESCO UNICEF FIFA UEFA NASA COVID SUS USP ICMS".split()) - {"ICMS"}
    numbered = frozenset("século Século capítulo Capítulo tomo Guerra volume parte Parte fase".split())
    regnal_names = frozenset("Pedro João Luís Henrique Filipe Carlos Afonso Pio Paulo Bento Elizabeth".split())
    phone_shape = r"9?\d{4}-\d{4}(?!\d)"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._brazil = code == "pt-BR"
        o = "ô" if self._brazil else "ó"
        self.units = {sign: (one.replace("ô", o), many.replace("ô", o)) for sign, (one, many) in _UNITS.items()}  # type: ignore[misc]
        cent = ("centavo", "centavos") if self._brazil else ("cêntimo", "cêntimos")
        self.currencies = {  # type: ignore[misc]
            "R$": ("real", "reais", "centavo", "centavos"), "$": ("dólar", "dólares", *cent), "€": ("euro", "euros", *cent),
            "US$": ("dólar", "dólares", *cent), "£": ("libra", "libras", "péni", "pence"), "¥": ("iene", "ienes", "", ""),
        }  # fmt: skip

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        for value, one, many in _IN_BRAZIL_SCALES if self._brazil else _IN_PORTUGAL_SCALES:
            if number >= value:
                count, rest = divmod(number, value)
                said = f"um {one}" if count == 1 else f"{self.cardinal(count)} {many}"
                return self._with_rest(said, rest, feminine)
        if number >= 1000:
            thousands, rest = divmod(number, 1000)
            said = "mil" if thousands == 1 else f"{self.cardinal(thousands, feminine)} mil"
            return self._with_rest(said, rest, feminine)
        if number == 100:
            return "cem"
        if number > 100:
            hundred = _HUNDREDS[number // 100]
            if feminine and number >= 200:
                hundred = hundred[:-2] + "as"
            return f"{hundred} e {self.cardinal(number % 100, feminine)}" if number % 100 else hundred
        if number < 20:
            if feminine and number in (1, 2):
                return ("uma", "duas")[number - 1]
            return (not self._brazil and _IN_PORTUGAL.get(number)) or _ONES[number]
        ones = number % 10
        return f"{_TENS[number // 10]} e {self.cardinal(ones, feminine)}" if ones else _TENS[number // 10]

    def _with_rest(self, said: str, rest: int, feminine: bool) -> str:
        """The last part is joined with "e" if it is below a hundred or whole hundreds."""
        if not rest:
            return said
        joiner = " e " if rest < 100 or (rest < 1000 and rest % 100 == 0) or rest == 1000 else " "
        return f"{said}{joiner}{self.cardinal(rest, feminine)}"

    def decimals(self, digits: str) -> str:
        """Up to three together: catorze."""
        return self.digits(digits) if len(digits) > 3 or digits[0] == "0" else self.cardinal(int(digits))

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        if not 0 < number < 1000:
            return self.cardinal(number, feminine)
        hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
        said = " ".join(filter(None, [_ORDINAL_HUNDREDS[hundreds], _ORDINAL_TENS[tens], _ORDINALS[ones]]))
        return " ".join(word[:-1] + "a" for word in said.split()) if feminine else said

    def regnal(self, number: int) -> str:
        """First to tenth as ordinals, then as cardinals."""
        return self.ordinal(number) if number <= 10 else self.cardinal(number)

    def counts_as_feminine(self, noun: str) -> bool:
        """Whether a noun ends as feminine ones do."""
        return noun.endswith(("as", "a", "ções", "ção", "dades", "dade")) and noun not in _MASCULINE

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """Vinte e quatro de dezembro de dois mil e vinte e seis."""
        said = ("primeiro" if day == 1 else self.cardinal(day)) if day else ""
        return " de ".join(
            filter(None, [said, self.months[month - 1] if month else "", self.year(year) if year else ""])
        )

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Quinze horas e trinta."""
        said = self.cardinal(hour, feminine=True)
        said += (" hora" if hour == 1 else " horas") + (f" e {self.cardinal(minute)}" if minute else "")
        return f"{said} e {self.cardinal(second)} segundos" if second else said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self.cardinal(minutes)} {'minuto' if minutes == 1 else 'minutos'}"]
        if seconds:
            said.append(f"{self.cardinal(seconds)} {'segundo' if seconds == 1 else 'segundos'}")
        return " e ".join(said)

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Três quartos."""
        name = {2: "meio", 3: "terço"}.get(lower) or (
            self.ordinal(lower) if lower <= 10 else f"{self.cardinal(lower)} avo"
        )
        said = f"{self.cardinal(upper)} {name}{'' if upper == 1 else 's'}"
        return said if whole is None else f"{self.cardinal(whole)} e {name if (upper, lower) == (1, 2) else said}"

    def expletive(self) -> str:
        """See `Language`."""
        return "bip"


_MASCULINE = frozenset("dias dia problemas sistemas programas temas idiomas planetas a mapas para".split())
_UNITS = {
    "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"),
    "km": ("quilômetro", "quilômetros"), "mg": ("miligrama", "miligramas"), "g": ("grama", "gramas"),
    "kg": ("quilograma", "quilogramas"), "t": ("tonelada", "toneladas"), "ml": ("mililitro", "mililitros"),
    "l": ("litro", "litros"), "L": ("litro", "litros"), "h": ("hora", "horas"), "min": ("minuto", "minutos"),
    "s": ("segundo", "segundos"), "km/h": ("quilômetro por hora", "quilômetros por hora"),
    "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grau Celsius", "graus Celsius"),
    "°F": ("grau Fahrenheit", "graus Fahrenheit"), "°": ("grau", "graus"), "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
    "Hz": ("hertz", "hertz"), "MHz": ("mega-hertz", "mega-hertz"), "GHz": ("giga-hertz", "giga-hertz"),
    "W": ("watt", "watts"), "kW": ("quilowatt", "quilowatts"), "V": ("volt", "volts"), "ha": ("hectare", "hectares"),
    "m²": ("metro quadrado", "metros quadrados"), "km²": ("quilômetro quadrado", "quilômetros quadrados"),
    "m³": ("metro cúbico", "metros cúbicos"),
}  # fmt: skip
