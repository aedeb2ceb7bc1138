"""Published checks of numbers. Each takes the bare characters, without spaces and hyphens."""

from __future__ import annotations

from datetime import date


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B: payment cards, Canada's social insurance and Ontario's health numbers."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        total += sum(divmod(int(digit) * (1 + place % 2), 10))
    return total % 10 == 0


_CARDS: dict[int, tuple[str, ...]] = {
    13: ("4",),
    15: ("34", "37"),
    16: ("4", "51", "52", "53", "54", "55", "2", "35", "6"),
    19: ("4", "6"),
}


def payment_card(number: str) -> bool:
    """Luhn, and a length that the issuer of these first digits gives (ISO/IEC 7812)."""
    return number.startswith(_CARDS.get(len(number), ())) and luhn(number)


_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def iban(number: str) -> bool:
    """ISO 13616: the country's length, and the remainder 1 modulo 97 (ISO 7064 MOD 97-10)."""
    if _IBAN_LENGTHS.get(number[:2].upper()) != len(number):
        return False
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


_DIHEDRAL = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff(number: str) -> bool:
    """Verhoeff's scheme over the dihedral group D5 (1969): India's Aadhaar."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_DIHEDRAL[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


def aadhaar(number: str) -> bool:
    """Twelve digits, the first 2 to 9, Verhoeff (UIDAI)."""
    return len(number) == 12 and number[0] not in "01" and verhoeff(number)


def nhs(number: str) -> bool:
    """Ten digits, weights 10 to 2, modulo 11 (NHS data dictionary)."""
    if len(number) != 10:
        return False
    check = -sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11
    return check == int(number[9])


def utr(number: str) -> bool:
    """Ten digits of which the first checks the rest, modulo 11 (HMRC)."""
    if len(number) != 10:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2), strict=True))
    return number[0] == "21987654321"[total % 11]


def aba(number: str) -> bool:
    """Nine digits, a Federal Reserve prefix, weights 3 7 1 modulo 10 (American Bankers Association)."""
    prefix = int(number[:2])
    if len(number) != 9 or not (prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80):
        return False
    return sum(int(digit) * (3, 7, 1)[place % 3] for place, digit in enumerate(number)) % 10 == 0


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(number: str) -> bool:
    """Seventeen characters, the ninth of which checks the rest, modulo 11 (49 CFR 565)."""
    signs = number.upper()
    total = sum(
        weight * (int(sign) if sign.isdigit() else _VIN_VALUES.get(sign, 0))
        for sign, weight in zip(signs, _VIN_WEIGHTS, strict=True)
    )
    return signs[8] == "0123456789X"[total % 11]


def ssn(number: str) -> bool:
    """Area 001 to 899 without 666, group and serial not zero (Social Security Administration)."""
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def itin(number: str) -> bool:
    """Nine digits that begin with 9, the fourth and fifth 50-65, 70-88, 90-92, 94-99 (IRS)."""
    group = int(number[3:5])
    return number[0] == "9" and (50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or group >= 94)


def nino(number: str) -> bool:
    """Two letters that HMRC gives out, six digits, a letter A to D."""
    pair = number[:2].upper()
    return (
        pair[0] not in "DFIQUV" and pair[1] not in "DFIQUVO" and pair not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
    )


def calendar_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
