"""Values that only the label before them, or their column's heading, makes personal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from honmono.engines.text.pii import checksums
from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import Labels
from honmono.engines.text.pii.tables import Cell
from honmono.engines.text.pii.wordlists import listed

_GAP = re.compile(
    r"(?:[ \t\"'“”*>:=|()#\[\]`]|-(?=[ >])|:\s?\n|[.?](?=[ :])|"
    r"\b(?:number|no|num|nº|n\.º|núm|code|id|card|is|are|was|es|at|my|del|en)\b\.?){0,16}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[:=|>\"]|\b(?:is|es|was)\b", re.IGNORECASE)
_END = r"(?![\w/-])"
_FIELD_ENDS = re.compile(r"[.,;]?[ \t]*(?:[\n\"'|<}),;]|$)|\.? (?:[A-Z]|\w+=)|, ")
_SIGN = str.maketrans("", "", " -.")


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _END)


_VALUES = {
    "AGE": _compile(r"\d{1,3}"),
    "PIN": _compile(r"\d{4,8}"),
    "CREDIT_DEBIT_CVV": _compile(r"\d{3,4}"),
    "CREDIT_DEBIT_EXPIRY": _compile(r"(?:0[1-9]|1[0-2])[/-](?:20)?\d{2}"),
    "BANK_ACCOUNT_NUMBER": _compile(r"\d{2,6}(?:[ -]?\d{2,6}){1,5}|\d{6,17}"),
    "BANK_ROUTING": _compile(r"\d{9}|\d{2}-\d{2}-\d{2}|\d{6}"),
    "SWIFT_CODE": _compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    "PASSPORT_NUMBER": _compile(r"[A-Z]{0,3}\d{6,9}|[A-Z0-9]{8,9}"),
    "DRIVER_ID": _compile(r"[A-Z0-9](?:[ -]?[A-Z0-9]){5,19}"),
    "LICENSE_PLATE": _compile(r"[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,4}(?:[ -]?[A-Z]{1,3})?"),
    "VEHICLE_IDENTIFICATION_NUMBER": _compile(r"[A-HJ-NPR-Z0-9]{17}"),
    "SSN": _compile(r"\d{3}[ -]?\d{2}[ -]?\d{4}"),
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": _compile(r"9\d{2}[ -]?\d{2}[ -]?\d{4}"),
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": _compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}"),
    "UK_NATIONAL_INSURANCE_NUMBER": _compile(r"[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d]"),
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": _compile(r"\d{5} ?\d{5}"),
    "CA_SOCIAL_INSURANCE_NUMBER": _compile(r"\d{3}[ -]?\d{3}[ -]?\d{3}"),
    "CA_HEALTH_NUMBER": _compile(r"\d{4}[ -]?\d{3}[ -]?\d{3}(?:[ -]?[A-Z]{2})?|[A-Z]{4} ?\d{4} ?\d{4}"),
    "IN_AADHAAR": _compile(r"\d{4}[ -]?\d{4}[ -]?\d{4}"),
    "IN_PERMANENT_ACCOUNT_NUMBER": _compile(r"[A-Za-z]{5}\d{4}[A-Za-z]"),
    "IN_NREGA": _compile(r"[A-Z]{2}-\d{2}-\d{3}-\d{3}(?:-\d{3})?/\d{1,6}"),
    "IN_VOTER_NUMBER": _compile(r"[A-Z]{3}/?\d{7}"),
    "CREDIT_DEBIT_NUMBER": _compile(r"\d{4}(?:[ -]?\d{4}){3}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5}"),
    "PHONE": _compile(r"(?:\+\d|\(\d|\d)[\d ().-]{5,18}\d"),
    "USERNAME": re.compile(r"[A-Za-z0-9_][\w.@+-]{2,40}(?![\w@])"),
    "PASSWORD": re.compile(r"[^\s\"'<>|]{4,64}"),
}
_CHECKS: dict[str, Callable[[str], bool]] = {
    "VEHICLE_IDENTIFICATION_NUMBER": checksums.vin,
    "SSN": checksums.ssn,
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": checksums.itin,
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": checksums.nhs,
    "UK_NATIONAL_INSURANCE_NUMBER": checksums.nino,
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": checksums.utr,
    "CA_SOCIAL_INSURANCE_NUMBER": checksums.luhn,
    "IN_AADHAAR": checksums.aadhaar,
    "CREDIT_DEBIT_NUMBER": checksums.payment_card,
    "AGE": lambda value: 0 < int(value) <= 120,
    "PHONE": lambda value: 7 <= sum(map(str.isdigit, value)) <= 15,
    "DRIVER_ID": lambda value: sum(map(str.isdigit, value)) >= 4,
    "PASSPORT_NUMBER": lambda value: sum(map(str.isdigit, value)) >= 5,
    "LICENSE_PLATE": lambda value: any(map(str.isdigit, value)) and not value.isdigit(),
}
_NOT_A_NAME_OF_A_USER = listed(
    "and is was the for to of or are ok with not has can must field reset name data guide account interface experience"
    " agent manual y o el la de con debe es"
)
_PLAIN_USER_LABELS = frozenset({"username", "user name", "usuario", "nombre de usuario", "login id", "user id"})


def labelled(text: str, labels: Labels) -> Iterator[Candidate]:
    """The value after each label, if it has the form and passes the check of the label's type."""
    for label in labels.all:
        pattern = _VALUES.get(label.type)
        if pattern is None:
            continue
        gap = _GAP.match(text, label.end)
        begin = gap.end() if gap else label.end
        if begin == label.end and text[begin : begin + 1] not in "/":
            continue
        if label.type == "PHONE" and text[begin - 1] == "(":
            begin -= 1
        match = pattern.match(text, begin)
        if match is None:
            continue
        end = _end(label.type, match)
        separated = _SEPARATOR.search(text, label.end, begin) is not None
        value = text[begin:end]
        if label.type in ("USERNAME", "PASSWORD"):
            announced = separated and (text[begin - 1] == "=" or _FIELD_ENDS.match(text, end) is not None)
            if not _secret(label.type, text[label.begin : label.end].lower(), value, announced):
                continue
        elif not _passes(label.type, value):
            continue
        yield Candidate(label.type, begin, end, "label")


def tabled(text: str, cells: list[Cell]) -> Iterator[Candidate]:
    """The cells whose whole content has the form of the type that their heading announces."""
    for cell in cells:
        pattern = _VALUES.get(cell.type)
        match = pattern.fullmatch(text, cell.begin, cell.end) if pattern else None
        if match is not None and _passes(cell.type, match[0]):
            yield Candidate(cell.type, cell.begin, cell.end, "label")


def _end(kind: str, match: re.Match[str]) -> int:
    """A sentence's stop and a closing bracket are not part of a password or a user name."""
    if kind not in ("USERNAME", "PASSWORD"):
        return match.end()
    return match.start() + len(match[0].rstrip(".,;:)?" if kind == "PASSWORD" else ".-"))


def _secret(kind: str, label: str, value: str, separated: bool) -> bool:
    if value.lower() in _NOT_A_NAME_OF_A_USER or len(value) < 3 or "://" in value:
        return False
    if kind == "USERNAME" and value.count("@"):
        return False
    telling = any(not sign.isalpha() for sign in value)
    if kind == "PASSWORD":
        return telling if not separated else True
    return separated or (telling and value.isascii()) or label in _PLAIN_USER_LABELS


def _passes(kind: str, value: str) -> bool:
    check = _CHECKS.get(kind)
    if check is None:
        return True
    return check(value if kind == "PHONE" else value.translate(_SIGN))


_LOG_LINE = re.compile(r"(?m)^\S{3,45} \S{1,64} (?P<user>[^\s\[-]\S{0,63}) \[[^\]\n]{6,40}\] \"")


def logged(text: str) -> Iterator[Candidate]:
    """The user in a line of the Common Log Format."""
    for match in _LOG_LINE.finditer(text):
        yield Candidate("USERNAME", match.start("user"), match.end("user"), "structure")
