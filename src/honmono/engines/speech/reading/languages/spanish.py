"""Spanish: 1.234,5 in Spain, 1,234.5 in Mexico and the United States."""

from __future__ import annotations

from typing import ClassVar

from honmono.engines.speech.reading.languages.european import European

_ONES = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve"
).split()
_TENS = "cero diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_HUNDREDS = (
    "cero ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
).split()
_SCALES = ((10**30, "quintillón"), (10**24, "cuatrillón"), (10**18, "trillón"), (10**12, "billón"), (10**6, "millón"))
_ORDINALS = "cero primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo".split()
_ORDINAL_TENS = (
    "cero décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo"
).split()
_ORDINAL_HUNDREDS = (
    "cero centésimo ducentésimo tricentésimo cuadringentésimo quingentésimo sexcentésimo septingentésimo "
    "octingentésimo noningentésimo"
).split()


class Spanish(European):
    """Spanish of one country."""

    point, minus, plus, percent, and_ = "coma", "menos", "más", "por ciento", "y"
    to, version = "a", "versión"
    joins_cents = "con"
    months = tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split())
    short_months: ClassVar[dict[str, int]] = {"ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5, "jun": 6, "jul": 7,
                                              "ago": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dic": 12,
                                              "setiembre": 9}  # fmt: skip
    units: ClassVar[dict[str, tuple[str, str]]] = {
        "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"),
        "km": ("kilómetro", "kilómetros"), "mg": ("miligramo", "miligramos"), "g": ("gramo", "gramos"),
        "kg": ("kilogramo", "kilogramos"), "t": ("tonelada", "toneladas"), "ml": ("mililitro", "mililitros"),
        "l": ("litro", "litros"), "L": ("litro", "litros"), "h": ("hora", "horas"), "min": ("minuto", "minutos"),
        "s": ("segundo", "segundos"), "km/h": ("kilómetro por hora", "kilómetros por hora"),
        "m/s": ("metro por segundo", "metros por segundo"), "°C": ("grado Celsius", "grados Celsius"),
        "°F": ("grado Fahrenheit", "grados Fahrenheit"), "°": ("grado", "grados"), "KB": ("kilobyte", "kilobytes"),
        "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "TB": ("terabyte", "terabytes"),
        "Hz": ("hercio", "hercios"), "GHz": ("gigahercio", "gigahercios"), "MHz": ("megahercio", "megahercios"),
        "W": ("vatio", "vatios"), "kW": ("kilovatio", "kilovatios"), "m²": ("metro cuadrado", "metros cuadrados"),
        "km²": ("kilómetro cuadrado", "kilómetros cuadrados"), "m³": ("metro cúbico", "metros cúbicos"),
        "V": ("voltio", "voltios"), "ha": ("hectárea", "hectáreas"),
    }  # fmt: skip
    feminine = frozenset({"tonelada", "hora", "libra", "hectárea", "rupia"})
    currencies: ClassVar[dict[str, tuple[str, str, str, str]]] = {
        "€": ("euro", "euros", "céntimo", "céntimos"), "$": ("dólar", "dólares", "centavo", "centavos"),
        "US$": ("dólar", "dólares", "centavo", "centavos"), "£": ("libra", "libras", "penique", "peniques"),
        "¥": ("yen", "yenes", "", ""), "MX$": ("peso", "pesos", "centavo", "centavos"),
    }  # fmt: skip
    scales: ClassVar[dict[str, str]] = {"millón": "de", "millones": "de", "mil": "", "billones": "de", "billón": "de"}
    abbreviations: ClassVar[dict[str, str]] = {
        "Sr.": "Señor", "Sra.": "Señora", "Srta.": "Señorita", "Sres.": "Señores", "Dr.": "Doctor", "Dra.": "Doctora",
        "Prof.": "Profesor", "Ud.": "usted", "Uds.": "ustedes", "D.": "Don", "Dña.": "Doña", "Av.": "Avenida",
        "Avda.": "Avenida", "C/": "Calle", "etc.": "etcétera", "p. ej.": "por ejemplo", "pág.": "página",
        "págs.": "páginas", "núm.": "número", "n.º": "número", "tel.": "teléfono", "aprox.": "aproximadamente",
        "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "a. m.": "A M", "p. m.": "P M", "a.m.": "A M",
        "p.m.": "P M", "S.A.": "S A", "Ing.": "Ingeniero", "Lic.": "Licenciado", "Gral.": "General", "Sta.": "Santa",
        "Sto.": "Santo", "máx.": "máximo", "mín.": "mínimo", "vs.": "contra", "cap.": "capítulo",
    }  # fmt: skip
    closing = frozenset({"etc.", "a. m.", "p. m.", "a.m.", "p.m.", "S.A.", "EE. UU.", "EE.UU."})
    symbols: ClassVar[dict[str, str]] = {
        "&": "y", "+": "más", "=": "igual a", "<": "menor que", ">": "mayor que", "%": "por ciento", "@": "arroba",
        "×": "por", "÷": "entre", "±": "más menos", "°": "grados", "€": "euros", "$": "dólares", "§": "sección",
    }  # fmt: skip
    names_of_signs: ClassVar[dict[str, str]] = {
        "-": "guion", ".": "punto", ",": "coma", "/": "barra", "_": "guion bajo", "#": "almohadilla", "*": "asterisco",
        ":": "dos puntos",
    }  # fmt: skip
    dot, slash, dash, underscore, at, hashtag = "punto", "barra", "guion", "guion bajo", "arroba", "hashtag"
    one_letter = frozenset("aeouy")
    acronyms = frozenset("ONU OTAN UNESCO UNICEF FIFA UEFA NASA RENFE OPEP COVID IVA SIDA ONG PYME".split())
    numbered = frozenset("siglo Siglo capítulo Capítulo tomo Tomo título Guerra volumen parte Parte fase Fase".split())
    regnal_names = frozenset("Felipe Carlos Juan Alfonso Fernando Isabel Luis Enrique Pío Pablo Benedicto".split())
    phone_shape = r"\d{3}[- ]\d{3}[- ]\d{3,4}(?!\d)|\d{3}[- ]\d{2}[- ]\d{2}[- ]\d{2}(?!\d)"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        if code in ("es-MX", "es-US"):
            self.decimal, self.groups, self.point = ".", ",\u202f\u00a0", "punto"
        else:
            self.groups = ". \u202f\u00a0"
        if code == "es-MX":
            peso = ("peso", "pesos", "centavo", "centavos")
            self.currencies = self.currencies | {"$": peso}  # type: ignore[misc]
        self.day_first = code != "es-US"

    def cardinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        for value, name in _SCALES:
            if number >= value:
                count, rest = divmod(number, value)
                many = name.replace("ón", "ones")
                said = f"un {name}" if count == 1 else f"{self._short_one(self.cardinal(count))} {many}"
                return f"{said} {self.cardinal(rest, feminine)}" if rest else said
        if number >= 1000:
            thousands, rest = divmod(number, 1000)
            said = "mil" if thousands == 1 else f"{self._short_one(self.cardinal(thousands, feminine))} mil"
            return f"{said} {self.cardinal(rest, feminine)}" if rest else said
        if number == 100:
            return "cien"
        if number > 100:
            hundred = _HUNDREDS[number // 100]
            if feminine and number >= 200:
                hundred = hundred[:-2] + "as"
            return f"{hundred} {self.cardinal(number % 100, feminine)}" if number % 100 else hundred
        if number < 30:
            return _ONES[number][:-1] + "a" if feminine and number in (1, 21) else _ONES[number]
        ones = number % 10
        return f"{_TENS[number // 10]} y {self.cardinal(ones, feminine)}" if ones else _TENS[number // 10]

    def _short_one(self, number: str) -> str:
        if number.endswith("veintiuno"):
            return number[: -len("veintiuno")] + "veintiún"
        return number[:-1] if number.endswith("uno") else number

    def _before_noun(self, number: str) -> str:
        return self._short_one(number)

    def decimals(self, digits: str) -> str:
        """Up to three together: catorce; more one by one."""
        if len(digits) > 3 or digits[0] == "0":
            return self.digits(digits)
        return self.cardinal(int(digits))

    def ordinal(self, number: int, feminine: bool = False) -> str:
        """See `Language`."""
        if number < len(_ORDINALS):
            said = _ORDINALS[number]
        elif number < 100:
            said = f"{_ORDINAL_TENS[number // 10]} {_ORDINALS[number % 10] if number % 10 else ''}".strip()
        elif number < 1000:
            rest = self.ordinal(number % 100) if number % 100 else ""
            said = f"{_ORDINAL_HUNDREDS[number // 100]} {rest}".strip()
        else:
            return self.cardinal(number, feminine)
        return " ".join(word[:-1] + "a" if feminine else word for word in said.split())

    def regnal(self, number: int) -> str:
        """First to tenth as ordinals, then as cardinals."""
        return self.ordinal(number) if number <= 10 else self.cardinal(number)

    def counts_as_feminine(self, noun: str) -> bool:
        """Whether a noun ends as feminine ones do."""
        return noun.endswith(("as", "a", "ciones", "ción", "dades", "dad", "siones")) and noun not in _MASCULINE

    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """Veinticuatro de diciembre de dos mil veintiséis."""
        return " de ".join(
            filter(None, [self.cardinal(day) if day else "", self.months[month - 1] if month else "",
                          self.year(year) if year else ""])
        )  # fmt: skip

    def clock(self, hour: int, minute: int, second: int | None) -> str:
        """Quince treinta."""
        said = self.cardinal(hour, feminine=True) + (f" {self.cardinal(minute)}" if minute else " en punto")
        return f"{said} y {self.cardinal(second)} segundos" if second else said

    def duration(self, minutes: int, seconds: int | None) -> str:
        """See `Language`."""
        said = [f"{self._short_one(self.cardinal(minutes))} {'minuto' if minutes == 1 else 'minutos'}"]
        if seconds:
            said.append(f"{self._short_one(self.cardinal(seconds))} {'segundo' if seconds == 1 else 'segundos'}")
        return " y ".join(said)

    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """Tres cuartos."""
        if lower > 100:
            return f"{self.cardinal(upper)} sobre {self.cardinal(lower)}"
        names = {2: "medio", 3: "tercio", 11: "onceavo", 16: "dieciseisavo", 100: "centésimo"}
        name = names.get(lower) or (
            self.ordinal(lower) if lower <= 10 else f"{self.cardinal(lower).replace(' ', '').removesuffix('a')}avo"
        )
        said = f"un {name}" if upper == 1 else f"{self._short_one(self.cardinal(upper))} {name}s"
        return said if whole is None else f"{self.cardinal(whole)} y {said.removeprefix('un ') if lower == 2 else said}"

    def expletive(self) -> str:
        """See `Language`."""
        return "bip"


_MASCULINE = frozenset("días día problemas sistemas programas temas idiomas planetas a mapas para".split())
