"""Made-up personal data with the checksums that the real kind has, and look-alikes without: from a seeded chance.

Nothing here is shared with the engine that is measured.
"""

# The digest of the documents was committed with this text: it is not rewritten for the looks of it.
# ruff: noqa: E501, RUF034

from __future__ import annotations

import random
import string
from collections.abc import Callable

Maker = Callable[[random.Random], str]

POOLS: dict[str, dict[str, list[str]]] = {
    "evaluation": {
        "given": "Margaret Devon Priya Oliver Keisha Thomas Siobhan Arjun Chloe Benjamin Fatima Hiroshi Rachel Dwayne Nadia Edward Latoya Gurpreet Isla Malcolm".split(),
        "family": "Hollingsworth Okafor Ramanathan Whitfield Delacroix Petersen O'Brien Mehta Thornbury Kowalski Nakamura Fairchild Abernathy Singh MacLeod Vasquez Lindqvist Turner Cho Baxter".split(),
        "given_es": "Lucía Javier Rocío Andrés Ximena Ignacio Pilar Mateo Inés Gonzalo".split(),
        "family_es": "Villanueva Aguirre Montero Cárdenas Ibáñez Quiroga Salazar Peñalver Rueda Zamora".split(),
        "street": "Maple Birchwood Lexington Harbor Sycamore Kensington Old|Mill Jefferson Riverside Chestnut|Hill Magnolia Pinecrest".replace(
            "|", "_"
        ).split(),
        "city_us": ["Tucson, AZ", "Boise, ID", "Chattanooga, TN", "Des Moines, IA", "Spokane, WA", "Providence, RI"],
        "city_uk": ["Sheffield", "Norwich", "Cardiff", "Aberdeen", "Plymouth"],
        "city_ca": ["Halifax, NS", "Calgary, AB", "Hamilton, ON", "Kelowna, BC"],
        "city_in": ["Pune", "Jaipur", "Kochi", "Lucknow"],
        "street_es": ["Alcalá", "San Bernardo", "Velázquez", "los Olivos", "Mayor", "Colón"],
        "city_es": ["Zaragoza", "Murcia", "Bilbao", "Granada"],
        "domain": [
            "fastpost.example",
            "outlook.com",
            "northwindtraders.com",
            "btinternet.co.uk",
            "uni-labs.edu",
            "correo.es",
        ],
        "word": "lantern copper falcon meadow quartz velvet tundra saffron".split(),
    },
    "tuning": {
        "given": "Jennifer Marcus Anita William Grace Omar Daniel Helen Rajesh Samantha Kwame Peter Yuki Laura George Deborah Imran Stella Victor Amelia".split(),
        "family": "Johnson Adeyemi Sharma Blackwood Fernandez Larsen McCarthy Patel Ashworth Nowak Tanaka Goldberg Carmichael Kaur Campbell Morales Bergman Cooper Kim Foster".split(),
        "given_es": "María Carlos Elena Diego Carmen Raúl Sofía Manuel Beatriz Álvaro".split(),
        "family_es": "García Rodríguez Martín Herrera Núñez Castillo Ortega Domínguez Vega Cano".split(),
        "street": "Oak Cedar Washington Lakeview Elm Victoria High Franklin Park Willow_Creek Church Sunset".split(),
        "city_us": ["Austin, TX", "Denver, CO", "Columbus, OH", "Portland, OR", "Springfield, IL", "Albany, NY"],
        "city_uk": ["London", "Leeds", "Bristol", "Edinburgh", "Exeter"],
        "city_ca": ["Toronto, ON", "Vancouver, BC", "Ottawa, ON", "Regina, SK"],
        "city_in": ["Mumbai", "Bengaluru", "Chennai", "Bhopal"],
        "street_es": ["Gran Vía", "Serrano", "la Princesa", "Goya", "Real", "Atocha"],
        "city_es": ["Madrid", "Sevilla", "Valencia", "Barcelona"],
        "domain": ["gmail.com", "example.com", "contoso.org", "yahoo.co.uk", "state.edu", "empresa.es"],
        "word": "river orange tiger castle winter silver rocket pepper".split(),
    },
}
MONTHS = "January February March April May June July August September October November December".split()
MESES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


def digits(r: random.Random, count: int, first: str = "0123456789") -> str:
    return r.choice(first) + "".join(r.choices(string.digits, k=count - 1))


def letters(r: random.Random, count: int, of: str = string.ascii_uppercase) -> str:
    return "".join(r.choices(of, k=count))


def luhn_sum(number: str) -> int:
    return sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(number)))


def with_luhn(stem: str) -> str:
    return next(stem + d for d in string.digits if luhn_sum(stem + d) % 10 == 0)


def groups(number: str, sizes: list[int], separator: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return separator.join(parts)


def card(r: random.Random, right: bool = True) -> str:
    kind = r.choice(["visa", "mc", "amex"])
    stem = {
        "visa": "4" + digits(r, 14),
        "mc": "5" + r.choice("12345") + digits(r, 13),
        "amex": "3" + r.choice("47") + digits(r, 12),
    }[kind]
    number = with_luhn(stem)
    if not right:
        number = number[:-1] + str((int(number[-1]) + r.randint(1, 9)) % 10)
    sizes = [4, 6, 5] if kind == "amex" else [4, 4, 4, 4]
    return groups(number, sizes, r.choice([" ", "-", ""]))


def mod97(text: str) -> int:
    return int("".join(str(int(c, 36)) for c in text)) % 97


def iban(r: random.Random, right: bool = True) -> str:
    country = r.choice(["GB", "DE", "ES", "FR", "NL"])
    body = {
        "GB": lambda: letters(r, 4) + digits(r, 14), "DE": lambda: digits(r, 18), "ES": lambda: digits(r, 20),
        "FR": lambda: digits(r, 23), "NL": lambda: letters(r, 4) + digits(r, 10),
    }[country]()  # fmt: skip
    check = 98 - mod97(body + country + "00")
    if not right:
        check = (check + r.randint(1, 80)) % 97 + 1
        if mod97(body + country + f"{check:02}") == 1:
            check = check % 97 + 1
    whole = f"{country}{check:02}{body}"
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4)) if r.random() < 0.5 else whole


def _dihedral(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b - 5) % 5 + 5
    return (a - 5 - b) % 5 + 5 if b < 5 else (a - b) % 5


def verhoeff(number: str) -> int:
    base, total = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], 0
    for i, d in enumerate(reversed(number)):
        value = int(d)
        for _ in range(i % 8):
            value = base[value]
        total = _dihedral(total, value)
    return total


def aadhaar(r: random.Random, right: bool = True) -> str:
    stem = digits(r, 11, "23456789")
    number = next(stem + d for d in string.digits if verhoeff(stem + d) == 0)
    if not right:
        number = number[:-1] + str((int(number[-1]) + 3) % 10)
    return groups(number, [4, 4, 4], r.choice([" ", " ", "-", ""]))


def nhs(r: random.Random, right: bool = True) -> str:
    while True:
        stem = digits(r, 9, "123456789")
        check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(stem)) % 11) % 11
        if check < 10:
            check = check if right else (check + 4) % 10
            return groups(f"{stem}{check}", [3, 3, 4], r.choice([" ", "-", " "]))


def utr(r: random.Random) -> str:
    rest = digits(r, 9)
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    number = "21987654321"[sum(int(d) * w for d, w in zip(rest, weights, strict=True)) % 11] + rest
    return groups(number, [5, 5], r.choice(["", " "]))


def nino(r: random.Random) -> str:
    first, second = r.choice("ABCEGHJKLMPRSTWXYZ"), r.choice("ABCEGHJKLMNPRSTWXYZ")
    if first + second in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}:
        first = "A"
    number = digits(r, 6)
    last = r.choice("ABCD")
    return (
        f"{first}{second}{number}{last}"
        if r.random() < 0.5
        else f"{first}{second} {groups(number, [2, 2, 2], ' ')} {last}"
    )


def ssn(r: random.Random) -> str:
    area = r.choice([n for n in range(1, 899) if n not in (78, 219, 666)])
    return f"{area:03}-{r.randint(1, 99):02}-{r.randint(1, 9999):04}"


def bad_ssn(r: random.Random) -> str:
    return r.choice(
        [
            f"000-{r.randint(10, 99)}-{digits(r, 4)}",
            f"666-{r.randint(10, 99)}-{digits(r, 4)}",
            f"{r.randint(100, 665)}-00-{digits(r, 4)}",
        ]
    )


def itin(r: random.Random) -> str:
    return (
        f"9{digits(r, 2)}-{r.choice([*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])}-{digits(r, 4)}"
    )


def aba(r: random.Random) -> str:
    stem = f"{r.choice(['01', '02', '03', '06', '07', '11', '12', '26', '31'])}{digits(r, 6)}"
    weights = (3, 7, 1, 3, 7, 1, 3, 7)
    return stem + str(-sum(int(d) * w for d, w in zip(stem, weights, strict=True)) % 10)


def vin(r: random.Random, right: bool = True) -> str:
    alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    value = {c: int(c) for c in string.digits} | dict(
        zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)], strict=True)
    )
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    body = list(
        r.choice(["1HG", "2FM", "WBA", "5YJ", "JTD"])
        + letters(r, 5, alphabet)
        + "0"
        + letters(r, 3, alphabet)
        + digits(r, 5)
    )
    check = sum(value[c] * w for c, w in zip(body, weights, strict=True)) % 11
    body[8] = "0123456789X"[check if right else (check + 4) % 11]
    return "".join(body)


def sin(r: random.Random) -> str:
    return groups(with_luhn(digits(r, 8, "1234567")), [3, 3, 3], r.choice([" ", "-"]))


def ca_health(r: random.Random) -> str:
    if r.random() < 0.5:
        return (
            groups(with_luhn(digits(r, 9, "123456789")), [4, 3, 3], "-") + "-" + letters(r, 2, "ABCDEFGHJKMNPQRSTVWXY")
        )
    return f"{letters(r, 4)} {digits(r, 4)} {digits(r, 4)}"


def pan(r: random.Random) -> str:
    return letters(r, 3) + r.choice("PPPCHF") + letters(r, 1) + digits(r, 4) + letters(r, 1)


def nrega(r: random.Random) -> str:
    return f"{r.choice(['RJ', 'WB', 'UP', 'KL'])}-{digits(r, 2)}-{digits(r, 3)}-{digits(r, 3)}-{digits(r, 3)}/{digits(r, 3)}"


def phone_us(r: random.Random) -> str:
    a, b, c = r.choice(["208", "423", "509", "520", "401", "515"]), digits(r, 3, "23456789"), digits(r, 4)
    return r.choice([f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", f"+1 {a} {b} {c}", f"+1-{a}-{b}-{c}"])


def phone_uk(r: random.Random) -> str:
    return r.choice(
        [
            f"07{digits(r, 3)} {digits(r, 6)}",
            f"+44 7{digits(r, 3)} {digits(r, 6)}",
            f"0114 {digits(r, 3, '2')} {digits(r, 4)}",
            f"020 7{digits(r, 3)} {digits(r, 4)}",
        ]
    )


def phone_in(r: random.Random) -> str:
    return r.choice(
        [
            f"+91 {digits(r, 5, '6789')} {digits(r, 5)}",
            f"+91-{digits(r, 10, '789')}",
            f"{digits(r, 5, '789')} {digits(r, 5)}",
        ]
    )


def phone_es(r: random.Random) -> str:
    return r.choice(
        [
            f"6{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}",
            f"+34 6{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}",
            f"91 {digits(r, 3)} {digits(r, 2)} {digits(r, 2)}",
        ]
    )


def _day(r: random.Random) -> tuple[int, int, int]:
    return r.randint(1948, 2025), r.randint(1, 12), r.randint(1, 28)


def date(r: random.Random) -> str:
    y, m, d = _day(r)
    return r.choice([
        f"{MONTHS[m - 1]} {d}, {y}", f"{d} {MONTHS[m - 1]} {y}", f"{y}-{m:02}-{d:02}", f"{m:02}/{d:02}/{y}",
        f"{d:02}/{m:02}/{y}", f"{MONTHS[m - 1][:3]} {d}, {y}", f"{d:02}-{MONTHS[m - 1][:3]}-{y}", f"{d:02}.{m:02}.{y}",
    ])  # fmt: skip


def fecha(r: random.Random) -> str:
    y, m, d = _day(r)
    return r.choice([f"{d} de {MESES[m - 1]} de {y}", f"{d:02}/{m:02}/{y}", f"{d:02}-{m:02}-{y}"])


def clock(r: random.Random) -> str:
    h, m = r.randint(1, 12), r.choice([0, 15, 30, 45])
    return r.choice(
        [f"{h}:{m:02} {r.choice(['am', 'pm', 'AM', 'PM'])}", f"{h + 11:02}:{m:02}", f"{h} {r.choice(['am', 'pm'])}"]
    )


def stamp(r: random.Random) -> str:
    y, m, d = _day(r)
    return f"{y}-{m:02}-{d:02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}Z"


def bad_date(r: random.Random) -> str:
    return r.choice(
        [
            f"2024-{r.randint(13, 19)}-{r.randint(32, 60)}",
            f"{r.randint(32, 45)}/{r.randint(13, 40)}/2023",
            f"{r.randint(20, 30)}-{r.randint(33, 60)}-{digits(r, 4)}",
        ]
    )


def makers(pool_name: str) -> dict[str, Maker]:
    """Makers by slot. What stands before a dot in the slot is the type; slots that begin with x are look-alikes."""
    pool = POOLS[pool_name]

    def given(r: random.Random) -> str:
        return r.choice(pool["given"])

    def name(r: random.Random) -> str:
        middle = f" {letters(r, 1)}." if r.random() < 0.15 else ""
        return f"{given(r)}{middle} {r.choice(pool['family'])}"

    def name_es(r: random.Random) -> str:
        second = f" {r.choice(pool['family_es'])}" if r.random() < 0.6 else ""
        return f"{r.choice(pool['given_es'])} {r.choice(pool['family_es'])}{second}"

    def street(r: random.Random) -> str:
        return r.choice(pool["street"]).replace("_", " ")

    def address_us(r: random.Random) -> str:
        kind = r.choice(["Street", "St", "Ave", "Avenue", "Rd", "Drive", "Lane", "Blvd", "Court"])
        unit = r.choice(["", "", f", Apt {r.randint(1, 40)}", f" Suite {r.randint(100, 900)}", f" #{r.randint(1, 30)}"])
        return (
            f"{r.randint(10, 9999)} {street(r)} {kind}{unit}, {r.choice(pool['city_us'])} {digits(r, 5, '123456789')}"
        )

    def address_uk(r: random.Random) -> str:
        post = f"{r.choice(['S', 'NR', 'CF', 'AB', 'PL'])}{r.randint(1, 20)} {r.randint(1, 9)}{letters(r, 2, 'ABDEFGHJLNPQRSTUWXYZ')}"
        return f"{r.randint(1, 250)} {street(r)} {r.choice(['Road', 'Street', 'Close', 'Lane', 'Gardens', 'Terrace'])}, {r.choice(pool['city_uk'])} {post}"

    def address_ca(r: random.Random) -> str:
        post = f"{r.choice('BTLV')}{r.randint(0, 9)}{r.choice('ABCEGHJK')} {r.randint(0, 9)}{r.choice('ABCEGHJK')}{r.randint(0, 9)}"
        return f"{r.randint(10, 4000)} {street(r)} {r.choice(['Street', 'Avenue', 'Crescent', 'Drive'])}, {r.choice(pool['city_ca'])} {post}"

    def address_in(r: random.Random) -> str:
        return f"{r.choice(['Flat', 'House No.', 'Plot'])} {r.randint(1, 300)}, {street(r)} {r.choice(['Nagar', 'Road', 'Marg', 'Colony'])}, {r.choice(pool['city_in'])} {digits(r, 6, '12345678')}"

    def street_only(r: random.Random) -> str:
        return f"{r.randint(10, 999)} {street(r)} {r.choice(['Street', 'Avenue', 'Road', 'Lane', 'Drive'])}"

    def address_es(r: random.Random) -> str:
        floor = r.choice(["", "", f", {r.randint(1, 8)}º {r.choice('ABCD')}"])
        return f"{r.choice(['Calle', 'C/', 'Avenida', 'Plaza'])} {'' if r.random() < 0 else ''}{r.choice(pool['street_es'])}, {r.randint(1, 180)}{floor}, {r.randint(1, 52):02}{digits(r, 3)} {r.choice(pool['city_es'])}"

    def user(r: random.Random) -> str:
        first, last = given(r).lower(), r.choice(pool["family"]).lower().replace("'", "")
        return r.choice(
            [
                f"{first[0]}{last}",
                f"{first}.{last}",
                f"{first}_{r.randint(1, 99)}",
                f"{r.choice(pool['word'])}{r.randint(10, 999)}",
            ]
        )

    def email(r: random.Random) -> str:
        return f"{user(r)}{r.choice(['', '', '+news'])}@{r.choice(pool['domain'])}"

    def url(r: random.Random) -> str:
        word = r.choice(pool["word"])
        return r.choice(
            [
                f"https://www.{word}.com/{r.choice(pool['word'])}?id={r.randint(1, 999)}",
                f"http://{word}-shop.example.org/help",
                f"www.{word}.co.uk",
                f"https://{word}.io/u/{r.randint(10, 99)}",
            ]
        )

    def password(r: random.Random) -> str:
        return (
            r.choice(pool["word"]).title() + r.choice("!#$%@") + digits(r, r.randint(2, 4)) + r.choice(["", "x", "Qz"])
        )

    def ipv6(r: random.Random) -> str:
        return r.choice(
            [
                ":".join(f"{r.randrange(65536):x}" for _ in range(8)),
                f"2001:db8::{r.randrange(1, 65536):x}:{r.randrange(1, 65536):x}",
            ]
        )

    hexadecimal = "0123456789abcdef"
    return {
        "NAME": name, "NAME.first": given, "NAME.es": name_es, "NAME.upper": lambda r: name(r).upper(),
        "NAME.last": lambda r: r.choice(pool["family"]),
        "NAME.comma": lambda r: f"{r.choice(pool['family'])}, {given(r)}",
        "ADDRESS.us": address_us, "ADDRESS.uk": address_uk, "ADDRESS.ca": address_ca, "ADDRESS.in": address_in,
        "ADDRESS.es": address_es, "ADDRESS.street": street_only,
        "ADDRESS.us_upper": lambda r: address_us(r).upper(),
        "EMAIL": email, "URL": url, "USERNAME": user, "PASSWORD": password,
        "PHONE.us": phone_us, "PHONE.uk": phone_uk, "PHONE.in": phone_in, "PHONE.es": phone_es,
        "IP_ADDRESS": lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4)), "IP_ADDRESS.v6": ipv6,
        "MAC_ADDRESS": lambda r: r.choice(":-").join(letters(r, 2, r.choice([hexadecimal, hexadecimal.upper()])) for _ in range(6)),
        "DATE_TIME": date, "DATE_TIME.es": fecha, "DATE_TIME.clock": clock, "DATE_TIME.stamp": stamp,
        "DATE_TIME.weekday": lambda r: r.choice(["Monday", "Tuesday", "Thursday", "Friday", "Saturday"]),
        "DATE_TIME.month": lambda r: f"{r.choice(MONTHS)} {r.randint(1990, 2025)}",
        "AGE": lambda r: str(r.randint(18, 95)), "AGE.years": lambda r: f"{r.randint(18, 95)} years old",
        "AGE.hyphen": lambda r: f"{r.randint(18, 95)}-year-old", "AGE.es": lambda r: f"{r.randint(18, 95)} años",
        "PIN": lambda r: digits(r, r.choice([4, 4, 6])),
        "AWS_ACCESS_KEY": lambda r: r.choice(["AKIA", "ASIA"]) + letters(r, 16, string.ascii_uppercase + "234567"),
        "AWS_SECRET_KEY": lambda r: letters(r, 40, string.ascii_letters + string.digits + "+/"),
        "CREDIT_DEBIT_NUMBER": card, "CREDIT_DEBIT_CVV": lambda r: digits(r, 3),
        "CREDIT_DEBIT_EXPIRY": lambda r: f"{r.randint(1, 12):02}/{r.choice(['', '20'])}{r.randint(26, 34)}",
        "LICENSE_PLATE.us": lambda r: f"{letters(r, 3)}{r.choice(['-', ' '])}{digits(r, 4)}",
        "LICENSE_PLATE.uk": lambda r: f"{letters(r, 2)}{r.choice(['19', '21', '68', '70'])} {letters(r, 3)}",
        "LICENSE_PLATE.es": lambda r: f"{digits(r, 4)} {letters(r, 3, 'BCDFGHJKLMNPRSTVWXYZ')}",
        "VEHICLE_IDENTIFICATION_NUMBER": vin,
        "SWIFT_CODE": lambda r: letters(r, 4) + r.choice(["GB", "US", "DE", "ES", "FR", "IN"]) + r.choice(["2L", "33", "FF", "MM"]) + r.choice(["", "XXX"]),
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER": iban,
        "DRIVER_ID.us": lambda r: r.choice([letters(r, 1) + digits(r, 7), letters(r, 1) + digits(r, 12)]),
        "DRIVER_ID.uk": lambda r: letters(r, 5) + digits(r, 1) + f"{r.randint(1, 12):02}{r.randint(1, 28):02}" + digits(r, 1) + letters(r, 2) + digits(r, 1) + letters(r, 2),
        "SSN": ssn, "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": itin,
        "PASSPORT_NUMBER.us": lambda r: digits(r, 9), "PASSPORT_NUMBER.in": lambda r: letters(r, 1) + digits(r, 7),
        "PASSPORT_NUMBER.es": lambda r: letters(r, 3) + digits(r, 6),
        "BANK_ACCOUNT_NUMBER": lambda r: digits(r, r.randint(8, 12), "123456789"), "BANK_ROUTING": aba,
        "BANK_ROUTING.sort": lambda r: "-".join(digits(r, 2) for _ in range(3)),
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER": nhs, "UK_NATIONAL_INSURANCE_NUMBER": nino,
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": utr, "CA_SOCIAL_INSURANCE_NUMBER": sin, "CA_HEALTH_NUMBER": ca_health,
        "IN_AADHAAR": aadhaar, "IN_PERMANENT_ACCOUNT_NUMBER": pan, "IN_NREGA": nrega,
        "IN_VOTER_NUMBER": lambda r: letters(r, 3) + digits(r, 7),
        "x.order": lambda r: r.choice([f"ORD-{digits(r, 8)}", f"#{digits(r, 7)}", f"PO{digits(r, 9)}", digits(r, 10), f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}"]),
        "x.version": lambda r: r.choice([f"v{r.randint(1, 20)}.{r.randint(0, 30)}.{r.randint(0, 90)}", f"{r.randint(1, 20)}.{r.randint(0, 30)}.{r.randint(0, 90)}.{r.randint(0, 99)}"]),
        "x.card": lambda r: card(r, right=False), "x.iban": lambda r: iban(r, right=False), "x.ssn": bad_ssn,
        "x.date": bad_date, "x.aadhaar": lambda r: aadhaar(r, right=False), "x.nhs": lambda r: nhs(r, right=False),
        "x.vin": lambda r: vin(r, right=False),
        "x.uuid": lambda r: groups(letters(r, 32, hexadecimal), [8, 4, 4, 4, 12], "-"),
        "x.sha1": lambda r: letters(r, 40, hexadecimal), "x.sha256": lambda r: letters(r, 64, hexadecimal),
        "x.tracking": lambda r: r.choice([f"1Z{letters(r, 6)}{digits(r, 10)}", digits(r, 22), f"{letters(r, 2)}{digits(r, 9)}US"]),
        "x.isbn": lambda r: f"978-{digits(r, 1)}-{digits(r, 4)}-{digits(r, 4)}-{digits(r, 1)}",
        "x.sku": lambda r: f"{letters(r, 3)}-{digits(r, 5)}-{letters(r, 2)}",
        "x.money": lambda r: f"{r.choice('$€£')}{r.randint(1, 99)},{digits(r, 3)}.{digits(r, 2)}",
        "x.number": lambda r: digits(r, r.randint(4, 9), "123456789"),
        "x.ip": lambda r: f"{r.randint(256, 999)}.{r.randint(1, 300)}.{r.randint(1, 300)}.{r.randint(260, 400)}",
    }  # fmt: skip
