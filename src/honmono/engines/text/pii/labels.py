"""Words before a value that say what it is: "account no.", "DOB", `"card_number":`, a column's heading.

Looked up word by word in a table, so that the time does not depend on how many labels there are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

OTHER = "OTHER"
"""The label of a value that is not personal: an order, a version, a batch."""

_PHRASES: dict[str, str] = {
    "NAME": (
        "name|full name|first name|last name|surname|given name|family name|customer name|patient|patient name|"
        "applicant|beneficiary|cardholder|card holder|account holder|passenger|guest|guest name|contact name|"
        "contact|tenant|landlord|employee name|signed|holder|name on card|referred by|attn|attention|"
        "nombre|nombre completo|nombre y apellidos|apellidos|apellido|titular|paciente|pasajero|pasajera|"
        "beneficiario|beneficiaria|nombre del titular|customer|employee|sender|recipient|taxpayer"
    ),
    "ADDRESS": (
        "address|home address|street address|mailing address|postal address|billing address|shipping address|addr|"
        "residence|dirección|direccion|domicilio|street"
    ),
    "PHONE": (
        "phone|phone number|phone no|telephone|telephone number|tel|mobile|mobile number|mobile no|cell|cell phone|"
        "cellphone|fax|contact number|call|text me|whatsapp|teléfono|telefono|móvil|movil|tfno|llame al"
    ),
    "DATE_TIME": "dob|date of birth|birth date|birthdate|born|fecha de nacimiento",
    "AGE": "age|aged|edad",
    "USERNAME": (
        "username|user name|user|user id|userid|login|login name|login id|usuario|nombre de usuario|screen name|handle"
    ),
    "PASSWORD": "password|passwd|pwd|pass word|passphrase|contraseña|clave|temporary password|passcode",
    "PIN": "pin|pin number|pin code|debit pin|card pin|atm pin",
    "AWS_SECRET_KEY": (
        "aws secret access key|secret access key|secret key|aws secret key|aws secret|secretaccesskey|secret"
    ),
    "CREDIT_DEBIT_NUMBER": (
        "card|card number|credit card|credit card number|debit card|debit card number|card no|cc|tarjeta|"
        "número de tarjeta|visa|mastercard|amex"
    ),
    "CREDIT_DEBIT_CVV": "cvv|cvc|cvv2|cvc2|security code|card verification value|código de seguridad|card code",
    "CREDIT_DEBIT_EXPIRY": (
        "exp|expiry|expires|expiry date|expiration|expiration date|exp date|valid thru|valid until|expires on|"
        "good thru|caduca|caducidad|fecha de caducidad"
    ),
    "BANK_ACCOUNT_NUMBER": (
        "account|account number|account no|acct|acct no|acct number|a c|bank account|bank account number|"
        "checking account|checking account number|savings account|savings account number|cuenta|cuenta bancaria|"
        "número de cuenta"
    ),
    "BANK_ROUTING": (
        "routing|routing number|routing no|aba|aba number|aba routing number|sort code|bank code|rtn|transit number"
    ),
    "SWIFT_CODE": "swift|swift code|bic|bic swift|bic code|swift bic",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER": "iban",
    "PASSPORT_NUMBER": "passport|passport number|passport no|pasaporte|número de pasaporte",
    "DRIVER_ID": (
        "driver's license|driver’s license|drivers license|driver license|driver's licence|driving licence|"
        "driving license|driver's license number|driver license number|driving licence number|driving licence no|"
        "dl|driver id|permiso de conducir|carnet de conducir|driver's licence number|license number|licence number|"
        "driver’s license number"
    ),
    "LICENSE_PLATE": (
        "license plate|licence plate|number plate|plate|plate number|plate no|registration|registration number|"
        "reg|reg no|vehicle registration|matrícula|matricula|license plate number|tag number"
    ),
    "VEHICLE_IDENTIFICATION_NUMBER": "vin|vehicle identification number|chassis number|número de bastidor",
    "SSN": "ssn|social security|social security number|social security no|social",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER": "itin|individual taxpayer identification number|taxpayer id",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": "nhs|nhs number|nhs no|national health service number",
    "UK_NATIONAL_INSURANCE_NUMBER": "nino|ni|ni number|ni no|national insurance|national insurance number",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER": (
        "utr|utr number|unique taxpayer reference|unique taxpayer reference number|tax reference"
    ),
    "CA_SOCIAL_INSURANCE_NUMBER": "sin|sin number|social insurance|social insurance number|social insurance no",
    "CA_HEALTH_NUMBER": (
        "health card|health card number|health card no|health number|ohip|ohip number|ramq|phn|personal health number"
    ),
    "IN_AADHAAR": "aadhaar|aadhaar number|aadhaar card|aadhaar card no|aadhar|uid|uidai|aadhaar no",
    "IN_PERMANENT_ACCOUNT_NUMBER": "pan|pan card|pan number|pan no|permanent account number",
    "IN_NREGA": "nrega|mgnrega|nrega job card|job card|job card number|job card no",
    "IN_VOTER_NUMBER": "voter id|voter|epic|epic no|epic number|voter card|voter id number|voter number|elector id",
    OTHER: (
        "order|order number|order no|order id|invoice|invoice no|invoice number|tracking|tracking number|sku|"
        "version|ver|release|build|patch|firmware|kernel|upgrade|ref|reference|isbn|batch|ticket|case|commit|sha|"
        "digest|checksum|session|trace|serial|serial number|part|model|flight|booking|locator|confirmation|"
        "confirmation number|file name|filename|company name|product name|host name|hostname|domain name|"
        "file|code|error|queue|job|transaction|requisition|invalid|article|meeting code|sample|lot|"
        "pedido|factura|versión|expediente|referencia|localizador|error code|employee no|employee number|"
        "employee id|port|parcel|merchant|company|"
        "subject|item|project name|team name|brand name|bucket name|customer service|customer id|"
        "customer number|ip address|mac address|email address|hardware address|email|e mail|url|"
        "contact us|version number|image name"
    ),
}
_INDEX: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _type, _joined in _PHRASES.items():
    for _phrase in _joined.split("|"):
        _words = tuple(_phrase.split())
        for _key in {_words, ("".join(_words),)}:
            _INDEX.setdefault(_key[0], []).append((_key[1:], _type))
for _entries in _INDEX.values():
    _entries.sort(key=lambda entry: -len(entry[0]))


class Word(NamedTuple):
    """A run of letters, its place, and how it reads in lower case."""

    begin: int
    end: int
    text: str
    lower: str


class Label(NamedTuple):
    """A label's place and the type of value that it announces."""

    begin: int
    end: int
    type: str


def words(text: str) -> list[Word]:
    """The words of a text in order."""
    return [Word(*match.span(), word := match[0], word.lower()) for match in WORD.finditer(text)]


class Labels:
    """The labels of a text in order."""

    def __init__(self, text: str, found: list[Word]) -> None:
        """Look up every word."""
        self.text = text
        self.all: list[Label] = []
        free = 0
        for at, word in enumerate(found):
            if at >= free and (entries := _INDEX.get(word.lower)):
                free = at + self._longest(found, at, entries)
        self._begins = [label.begin for label in self.all]
        self._ends = [label.end for label in self.all]

    def before(self, place: int, within: int = 40) -> Label | None:
        """The nearest label that ends before a place, on its line, without a number between."""
        at = bisect_right(self._ends, place) - 1
        if at < 0:
            return None
        label = self.all[at]
        gap = self.text[label.end : place] if place - label.end <= within else "\n"
        return None if "\n" in gap or any(map(str.isdigit, gap)) else label

    def within(self, begin: int, end: int) -> list[Label]:
        """The labels that begin in a part of the text."""
        return self.all[bisect_left(self._begins, begin) : bisect_left(self._begins, end)]

    def _longest(self, found: list[Word], at: int, entries: list[tuple[tuple[str, ...], str]]) -> int:
        """Note the longest label that begins with this word; how many words it has."""
        for rest, kind in entries:
            last = at + len(rest)
            if last < len(found) and all(
                found[at + 1 + i].lower == word and self._adjacent(found[at + i], found[at + 1 + i])
                for i, word in enumerate(rest)
            ):
                self.all.append(Label(found[at].begin, found[last].end, kind))
                return len(rest) + 1
        return 0

    def _adjacent(self, left: Word, right: Word) -> bool:
        gap = self.text[left.end : right.begin]
        return len(gap) <= 2 and gap.strip() in ("", "_", "-", "/", ".")
