"""Numbers that show by their own form or checksum what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from honmono.engines.text.pii import checksums
from honmono.engines.text.pii.candidate import Candidate
from honmono.engines.text.pii.labels import OTHER, Labels

_SEPARATORS = str.maketrans("", "", " -./")
_LEFT, _RIGHT = r"(?<![\w#$€£/.+-].)", r"(?![\w/]|[-.]\w)"


@dataclass(frozen=True, slots=True)
class Form:
    """A type's form.

    Attributes:
        pattern: where to look.
        check: on the characters without separators.
        rule: "checksum" or "structure".
        labelled: a label of this type has to stand near.
    """

    type: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    rule: str
    labelled: bool = False


def _any(_: str) -> bool:
    return True


def _form(type: str, first: str, rest: str, check: Callable[[str], bool], rule: str, labelled: bool = False) -> Form:
    # What stands before is looked at after the first character: a pattern that begins with a set is found fast.
    return Form(type, re.compile(first + _LEFT + rest + _RIGHT), check, rule, labelled)


FORMS = (
    _form("CREDIT_DEBIT_NUMBER", r"[2-6]", r"\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}", checksums.payment_card, "checksum"),
    _form("CREDIT_DEBIT_NUMBER", r"3", r"[47]\d{2}([ -]?)\d{6}\1\d{5}", checksums.payment_card, "checksum"),
    _form(
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        r"[A-Z]",
        r"[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?",
        checksums.iban,
        "checksum",
    ),
    _form("IN_AADHAAR", r"[2-9]", r"\d{3}([ -])\d{4}\1\d{4}", checksums.aadhaar, "checksum"),
    _form(
        "VEHICLE_IDENTIFICATION_NUMBER",
        r"[A-HJ-NPR-Z0-9]",
        r"[A-HJ-NPR-Z0-9]{10}[A-HJ-NPR-Z0-9]\d{5}",
        checksums.vin,
        "checksum",
    ),
    _form("SSN", r"\d", r"\d{2}-\d{2}-\d{4}", checksums.ssn, "structure"),
    _form("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", r"9", r"\d{2}-\d{2}-\d{4}", checksums.itin, "structure"),
    _form("UK_NATIONAL_INSURANCE_NUMBER", r"[A-Z]", r"[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", checksums.nino, "structure"),
    _form("IN_PERMANENT_ACCOUNT_NUMBER", r"[A-Z]", r"[A-Z]{2}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", _any, "structure"),
    _form("IN_NREGA", r"[A-Z]", r"[A-Z]-\d{2}-\d{3}-\d{3}-\d{3}/\d{1,6}", _any, "structure"),
    _form("LICENSE_PLATE", r"\d", r"\d{3} [BCDFGHJKLMNPRSTVWXYZ]{3}", _any, "label", labelled=True),
    _form(
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        r"\d",
        r"\d{2}([ -]?)\d{3}\1\d{4}",
        checksums.nhs,
        "checksum",
        labelled=True,
    ),
    _form("CA_SOCIAL_INSURANCE_NUMBER", r"\d", r"\d{2}([ -]?)\d{3}\1\d{3}", checksums.luhn, "checksum", labelled=True),
    _form("UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", r"\d", r"\d{4} ?\d{5}", checksums.utr, "checksum", labelled=True),
    _form("BANK_ROUTING", r"\d", r"\d{8}", checksums.aba, "checksum", labelled=True),
)


def numbers(text: str, labels: Labels) -> Iterator[Candidate]:
    """The numbers of a text whose form and check are right and that no label says to be something else."""
    for form in FORMS:
        for match in form.pattern.finditer(text):
            begin, end = match.span()
            if form.type == "INTERNATIONAL_BANK_ACCOUNT_NUMBER":
                size = _iban_size(match[0])
                if size is None:
                    continue
                end = begin + size
            elif not form.check(match[0].translate(_SEPARATORS)):
                continue
            label = labels.before(begin)
            near = label.type if label is not None else None
            if form.labelled and near != form.type:
                continue
            if near == OTHER and form.rule == "structure":
                continue
            yield Candidate(form.type, begin, end, form.rule)


def _iban_size(found: str) -> int | None:
    """How much of the match is the number: the groups of a following word may look like its own."""
    while len(found) >= 15:
        if checksums.iban(found.replace(" ", "")):
            return len(found)
        shorter = found.rpartition(" ")[0]
        if not shorter:
            break
        found = shorter
    return None
