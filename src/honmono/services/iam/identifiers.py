"""The unique ids that IAM gives to users, roles, keys and the rest.

Source: "IAM identifiers", IAM user guide: four letters say the kind, the rest is of A–Z and 2–7.
"""

import secrets
from typing import Literal

Prefix = Literal["AKIA", "ASIA", "AIDA", "AROA", "AGPA", "AIPA", "ANPA"]
"""Access key, temporary access key, user, role, group, instance profile, managed policy."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def unique_id(prefix: Prefix) -> str:
    """A new id: access keys have 20 characters, everything else 21."""
    length = 16 if prefix in ("AKIA", "ASIA") else 17
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))
