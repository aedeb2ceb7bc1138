"""What is found in a text: a piece of personal data, its type and its place."""

from __future__ import annotations

from dataclasses import dataclass

TYPES = (
    "NAME", "ADDRESS", "EMAIL", "PHONE", "URL", "AGE", "DATE_TIME", "USERNAME", "PASSWORD", "PIN", "IP_ADDRESS",
    "MAC_ADDRESS", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "CREDIT_DEBIT_NUMBER", "CREDIT_DEBIT_CVV",
    "CREDIT_DEBIT_EXPIRY", "INTERNATIONAL_BANK_ACCOUNT_NUMBER", "SWIFT_CODE", "BANK_ACCOUNT_NUMBER", "BANK_ROUTING",
    "PASSPORT_NUMBER", "DRIVER_ID", "LICENSE_PLATE", "VEHICLE_IDENTIFICATION_NUMBER", "SSN",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "CA_SOCIAL_INSURANCE_NUMBER", "CA_HEALTH_NUMBER", "IN_AADHAAR",
    "IN_PERMANENT_ACCOUNT_NUMBER", "IN_NREGA", "IN_VOTER_NUMBER",
)  # fmt: skip
"""Amazon Comprehend's types (https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html)."""


@dataclass(frozen=True, slots=True)
class PiiEntity:
    """A piece of personal data.

    Attributes:
        type: one of `TYPES`.
        begin, end: its place in characters; `text[begin:end]` is the value.
        score: the share of right answers among those that the same rule gave on tuning documents, 0 to 1.
        rule: which rule found it.
    """

    type: str
    begin: int
    end: int
    score: float
    rule: str
