"""What a model's own labels are in the vocabulary of a field, by a table of usual names and by the user's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from honmono.engines.text.brought.options import misconfigured
from honmono.engines.text.pii.entity import TYPES as PII_TYPES

REST = "*"
"""In a user's table: every label that neither it nor the usual names have."""

SENTIMENTS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
ENTITIES = (
    "PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "DATE", "QUANTITY", "TITLE", "OTHER",
)  # fmt: skip

_ENTITY_NAMES = {
    "PERSON": "PER PERSON PERS PEOPLE 人名",
    "LOCATION": "LOC LOCATION GPE FAC FACILITY PLACE 地名 施設名",
    "ORGANIZATION": "ORG ORGANIZATION ORGANISATION CORP CORPORATION COMPANY GROUP 法人名 政治的組織名 その他の組織名",
    "COMMERCIAL_ITEM": "COMMERCIAL_ITEM PRODUCT PROD 製品名",
    "EVENT": "EVENT EVE イベント名",
    "DATE": "DATE TIME DATETIME DATE_TIME",
    "QUANTITY": "QUANTITY MONEY PERCENT CARDINAL ORDINAL NUMBER NUM",
    "TITLE": "TITLE WORK_OF_ART CREATIVE_WORK LAW",
    "OTHER": "OTHER MISC MISCELLANEOUS NORP LANGUAGE",
}
_PII_NAMES = {
    "NAME": "PERSON PER FIRST_NAME FIRSTNAME LAST_NAME LASTNAME GIVENNAME SURNAME MIDDLENAME PRIVATE_PERSON",
    "ADDRESS": "STREET CITY STATE ZIPCODE ZIP BUILDINGNUM BUILDINGNUMBER STREET_ADDRESS POSTCODE PRIVATE_ADDRESS",
    "EMAIL": "EMAIL_ADDRESS PRIVATE_EMAIL",
    "PHONE": "PHONE_NUMBER PHONENUMBER TELEPHONENUM TELEPHONE PRIVATE_PHONE",
    "URL": "PRIVATE_URL WEBSITE",
    "DATE_TIME": "DATE TIME DOB DATEOFBIRTH DATE_OF_BIRTH PRIVATE_DATE",
    "IP_ADDRESS": "IP IPV4 IPV6",
    "MAC_ADDRESS": "MAC",
    "CREDIT_DEBIT_NUMBER": "CREDIT_CARD CREDITCARDNUMBER CREDIT_CARD_NUMBER",
    "CREDIT_DEBIT_CVV": "CREDITCARDCVV CVV",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER": "IBAN IBAN_CODE",
    "SWIFT_CODE": "BIC SWIFT",
    "BANK_ACCOUNT_NUMBER": "ACCOUNTNUM ACCOUNTNUMBER ACCOUNT_NUMBER US_BANK_NUMBER",
    "PASSPORT_NUMBER": "PASSPORT US_PASSPORT PASSPORTNUM",
    "DRIVER_ID": "DRIVERLICENSENUM DRIVER_LICENSE US_DRIVER_LICENSE",
    "SSN": "US_SSN SOCIALNUM SOCIAL_SECURITY_NUMBER",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER": "UK_NHS NHS",
}


def usual_entity(label: str) -> str | None:
    """AWS's type for a label of CoNLL, OntoNotes and their like."""
    return _ENTITIES.get(_plain(label))


def usual_pii(label: str) -> str | None:
    """AWS's type for a label of Presidio, AI4Privacy and their like."""
    return _PII.get(_plain(label))


def usual_sentiment(label: str) -> str | None:
    """POSITIVE … for "positive", "POS", "ポジティブ" and for one to five stars (three are neutral)."""
    plain = _plain(label)
    if stars := re.fullmatch(r"([1-5])_?STARS?", plain):
        return ("NEGATIVE", "NEGATIVE", "NEUTRAL", "POSITIVE", "POSITIVE")[int(stars[1]) - 1]
    return _SENTIMENTS.get(plain)


def usual_phrase(label: str) -> str | None:
    """PHRASE for a label that tags key phrases."""
    return "PHRASE" if _plain(label) in ("KEY", "KEYPHRASE", "KEY_PHRASE", "KP", "PHRASE", "NP") else None


def mapping(
    engine: str,
    field: str,
    labels: Sequence[str],
    usual: Callable[[str], str | None],
    given: Mapping[str, str],
    vocabulary: Collection[str],
) -> dict[str, str]:
    """What each of a model's labels is in the vocabulary; "" for one that the user leaves out.

    Args:
        engine, field: for messages.
        labels: the model's.
        usual: the vocabulary's word for a label, None where it is not known.
        given: the user's table, which goes before: label, or "*", to a word or "".
        vocabulary: the words.

    Raises:
        EngineUnavailable: a label is neither usual nor in the table, or the table names what is not there.
    """
    table = {label.casefold(): word for label, word in given.items()}
    if strange := [label for label in given if label != REST and label.casefold() not in map(str.casefold, labels)]:
        raise misconfigured(
            engine, field, f"labels names {', '.join(strange)}; the model's labels are {', '.join(labels)}"
        )
    if strange := [word for word in given.values() if word and word not in vocabulary]:
        raise misconfigured(
            engine, field, f'labels gives {", ".join(strange)}; the words are {", ".join(vocabulary)}, and "" for none'
        )
    found: dict[str, str] = {}
    for label in labels:
        word = table.get(label.casefold(), usual(label))
        if word is None:
            word = table.get(REST)
        if word is not None:
            found[label] = word
    if unknown := [label for label in labels if label not in found]:
        raise misconfigured(
            engine,
            field,
            f"nobody knows what the model's labels {', '.join(unknown)} mean: say it, labels = {{ "
            + ", ".join(f'"{label}" = "…"' for label in unknown[:4])
            + f' }} with {", ".join(vocabulary)}, or "" to leave one out; "*" stands for all others',
        )
    return found


def _plain(label: str) -> str:
    return re.sub(r"[\s\-]+", "_", label.strip().upper())


_ENTITIES = {name: kind for kind, names in _ENTITY_NAMES.items() for name in names.split()}
_PII = {name: kind for kind, names in _PII_NAMES.items() for name in names.split()} | {kind: kind for kind in PII_TYPES}
_SENTIMENTS = {
    "POSITIVE": "POSITIVE", "POS": "POSITIVE", "ポジティブ": "POSITIVE",
    "NEGATIVE": "NEGATIVE", "NEG": "NEGATIVE", "ネガティブ": "NEGATIVE",
    "NEUTRAL": "NEUTRAL", "NEU": "NEUTRAL", "ニュートラル": "NEUTRAL", "中立": "NEUTRAL",
    "MIXED": "MIXED",
}  # fmt: skip
