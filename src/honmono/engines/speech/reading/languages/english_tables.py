"""Tables of English: words of numbers, units, currencies, abbreviations and streets."""

from __future__ import annotations

import regex

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = (
    (10**33, "decillion"), (10**30, "nonillion"), (10**27, "octillion"), (10**24, "septillion"),
    (10**21, "sextillion"), (10**18, "quintillion"), (10**15, "quadrillion"), (10**12, "trillion"),
    (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"),
)  # fmt: skip
ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
METRES = {"mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer", "µm": "micrometer"}
LITRES = {"ml": "milliliter", "mL": "milliliter", "cl": "centiliter", "L": "liter", "l": "liter"}
REGULAR = {
    **METRES, **LITRES, "mg": "milligram", "g": "gram", "kg": "kilogram", "lb": "pound", "lbs": "pound",
    "lbs.": "pound", "lb.": "pound", "oz": "ounce", "oz.": "ounce", "mi": "mile", "mi.": "mile", "yd": "yard",
    "yd.": "yard", "tsp": "teaspoon", "tsp.": "teaspoon", "tbsp": "tablespoon", "tbsp.": "tablespoon", "pt": "pint",
    "qt": "quart", "gal": "gallon", "gal.": "gallon", "s": "second", "sec": "second", "sec.": "second",
    "secs": "second", "min": "minute", "min.": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour",
    "hr.": "hour", "ms": "millisecond", "µs": "microsecond", "ns": "nanosecond", "W": "watt", "kW": "kilowatt",
    "MW": "megawatt", "GW": "gigawatt", "kWh": "kilowatt hour", "V": "volt", "kV": "kilovolt", "mV": "millivolt",
    "A": "amp", "mA": "milliamp", "mAh": "milliamp hour", "J": "joule", "kJ": "kilojoule", "cal": "calorie",
    "kcal": "kilocalorie", "N": "newton", "Pa": "pascal", "kPa": "kilopascal", "hPa": "hectopascal", "dB": "decibel",
    "B": "byte", "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "PB": "petabyte", "KiB": "kibibyte", "MiB": "mebibyte", "GiB": "gibibyte", "Kb": "kilobit", "Mb": "megabit",
    "Gb": "gigabit", "px": "pixel", "ac": "acre", "ha": "hectare", "m²": "square meter", "m2": "square meter",
    "km²": "square kilometer", "km2": "square kilometer", "cm²": "square centimeter", "m³": "cubic meter",
    "m3": "cubic meter", "cm³": "cubic centimeter", "sq ft": "square foot", "°": "degree", "ft²": "square foot",
    "km³": "cubic kilometer", "º": "degree", "Ω": "ohm",
    "kΩ": "kiloohm", "meter": "meter", "inch": "inch", "mile": "mile", "pound": "pound", "yr": "year",
    "yrs": "year", "wk": "week", "doz": "dozen",
}  # fmt: skip
OTHER_UNITS = {
    "ft": ("foot", "feet"), "ft.": ("foot", "feet"), "in": ("inch", "inches"), "in.": ("inch", "inches"),
    "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℃": ("degree Celsius", "degrees Celsius"), "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "Hz": ("hertz", "hertz"), "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"), "mph": ("mile per hour", "miles per hour"),
    "km/h": ("kilometer per hour", "kilometers per hour"), "kph": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"),
    "mbps": ("megabit per second", "megabits per second"), "cc": ("C C", "C C"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Gbps": ("gigabit per second", "gigabits per second"), "kbps": ("kilobit per second", "kilobits per second"),
    "rpm": ("revolution per minute", "revolutions per minute"), "fps": ("frame per second", "frames per second"),
    "K": ("kelvin", "kelvins"), "psi": ("P S I", "P S I"), "ppm": ("part per million", "parts per million"),
    "stone": ("stone", "stone"), "st": ("stone", "stone"), "dozen": ("dozen", "dozen"),
}  # fmt: skip
NAMES_ALONE = frozenset({"K", "A", "N", "s", "st", "B", "J", "V", "W", "pt"})
"""Units whose sign means something else with a blank before it, or none."""
TITLES = (
    "Mr Mister|Mrs Missus|Ms Miss|Dr Doctor|Prof Professor|Rev Reverend|Hon Honorable|Gen General|Col Colonel|"
    "Capt Captain|Lt Lieutenant|Sgt Sergeant|Cpl Corporal|Maj Major|Adm Admiral|Gov Governor|Sen Senator|"
    "Rep Representative|Pres President|Messrs Messieurs|Mt Mount|Ft Fort"
)
SHORT_FORMS = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "etcetera", "vs.": "versus", "vs": "versus", "v.s.": "versus",
    "Jr.": "Junior", "Sr.": "Senior", "Inc.": "Incorporated", "Ltd.": "Limited", "Corp.": "Corporation",
    "Co.": "Company", "Bros.": "Brothers", "Ave.": "Avenue", "Blvd.": "Boulevard", "Rd.": "Road", "Ln.": "Lane",
    "Hwy.": "Highway", "Pkwy.": "Parkway", "Sq.": "Square", "Apt.": "Apartment", "Dept.": "Department",
    "dept.": "department", "Univ.": "University", "approx.": "approximately", "appt.": "appointment",
    "est.": "established", "max.": "maximum", "min.": "minimum", "misc.": "miscellaneous", "incl.": "including",
    "excl.": "excluding", "Ph.D.": "P H D", "PhD": "P H D", "M.D.": "M D", "B.A.": "B A", "a.m.": "A M",
    "p.m.": "P M", "A.M.": "A M", "P.M.": "P M", "a.k.a.": "A K A", "cf.": "compare", "al.": "al", "w/": "with",
    "w/o": "without", "Mon.": "Monday", "Tue.": "Tuesday", "Tues.": "Tuesday", "Wed.": "Wednesday",
    "Thu.": "Thursday", "Thurs.": "Thursday", "Fri.": "Friday", "Jan.": "January", "Feb.": "February",
    "Aug.": "August", "Sept.": "September", "Oct.": "October", "Nov.": "November", "Dec.": "December",
    "tel.": "telephone", "Tel.": "telephone", "ext.": "extension", "govt.": "government", "Mass.": "Massachusetts",
    "Calif.": "California", "Esq.": "Esquire", "Mlle": "mademoiselle", "asst.": "assistant", "avg.": "average",
}  # fmt: skip
BEFORE_NUMBERS = {
    "No.": "Number", "Nos.": "Numbers", "no.": "number", "p.": "page", "pp.": "pages", "Vol.": "Volume",
    "vol.": "volume", "Fig.": "Figure", "fig.": "figure", "Figs.": "Figures", "Ch.": "Chapter", "ch.": "chapter",
    "Sec.": "Section", "sec.": "section", "Eq.": "Equation", "eq.": "equation", "Art.": "Article", "Op.": "Opus",
    "op.": "opus", "c.": "circa", "ca.": "circa", "pg.": "page",
}  # fmt: skip
ALSO_WORDS = frozenset({"may", "march", "mar", "sun", "sat", "jan", "dec"})
PER = {
    "mo": "month", "yr": "year", "wk": "week", "d": "day", "hr": "hour", "h": "hour", "min": "minute", "s": "second",
    "sec": "second", "kg": "kilogram", "lb": "pound", "day": "day", "week": "week", "month": "month", "year": "year",
    "hour": "hour", "person": "person", "night": "night", "km": "kilometer",
}  # fmt: skip
DECADES = {"twenty": "twenties", "thirty": "thirties", "forty": "forties", "fifty": "fifties", "sixty": "sixties",
            "seventy": "seventies", "eighty": "eighties", "ninety": "nineties", "hundred": "hundreds",
            "thousand": "thousands", "ten": "tens"}  # fmt: skip
MERIDIEM = r"(?P<half>[aApP])(?:\.\s?[mM]\.|\.[mM](?![\p{L}\p{N}])|[mM](?![\p{L}\p{N}]))"
CURRENCIES = {
    "$": "dollar cent", "US$": "dollar cent", "A$": "dollar cent", "C$": "dollar cent", "€": "euro cent",
    "£": "pound penny", "₹": "rupee paisa", "₩": "won ", "¥": "yen ", "￥": "yen ", "₽": "ruble kopek",
    "₿": "bitcoin ", "R$": "real centavo", "₺": "lira ", "₪": "shekel ",
}  # fmt: skip
UNCOUNTED = frozenset({"won", "yen"})


def _money(entry: str) -> tuple[str, str, str, str]:
    whole, _, part = entry.partition(" ")
    many = whole if whole in UNCOUNTED else "reais" if whole == "real" else f"{whole}s"
    return whole, many, part, "pence" if part == "penny" else f"{part}s" if part else ""


def british(units: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Units as they are spelled in Britain: metre, litre."""
    swap = regex.compile("(met|lit)er(s?)")
    return {sign: (swap.sub(r"\1re\2", one), swap.sub(r"\1re\2", many)) for sign, (one, many) in units.items()}


UNITS = {sign: (one, "inches" if one == "inch" else one.replace("foot", "feet") if one.endswith("foot") else f"{one}s")
          for sign, one in REGULAR.items()} | OTHER_UNITS  # fmt: skip


MONEY = {sign: _money(entry) for sign, entry in CURRENCIES.items()} | {
    "USD": ("U S dollar", "U S dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "JPY": ("yen", "yen", "", ""),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
    "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "AUD": ("Australian dollar", "Australian dollars", "cent", "cents"),
}


STARTERS = frozenset(
    (
        "The A An He She It They We You I This That These Those There In On At By For From With And But Or So "
        "Then When While If As After Before His Her Its Their Our My Your No Yes What Who Where Why How Is "
        "Are Was Were Do Did"
    ).split()
)
STREETS = {
    "St": "Street", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Ct": "Court",
    "Pl": "Place", "Hwy": "Highway", "Pkwy": "Parkway", "Sq": "Square", "Apt": "Apartment", "Ste": "Suite",
    "N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "NW": "Northwest", "SE": "Southeast",
    "SW": "Southwest", "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DC": "D C", "DE": "Delaware", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "IA": "Iowa", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota",
    "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada", "NY": "New York", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia", "VT": "Vermont",
    "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}  # fmt: skip
