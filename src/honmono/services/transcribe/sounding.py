"""How near two words written in Latin letters sound: an edit distance over simplified spellings.

After the ideas of Metaphone (L. Philips, "Hanging on the Metaphone", Computer Language 7 (12), 1990) and of weighted
edit distances (J. Zobel and P. Dart, "Phonetic string matching", SIGIR 1996).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^kn|^gn|^pn", "n"), ("^wr", "r"), ("^ps", "s"), ("sch|sh|ssi|ti(?=on)", "S"), ("tch|ch", "C"), ("ph", "f"),
        ("ght", "t"), ("gh$|gh(?=[^aeiouy])", ""), ("gh", "g"), ("th", "T"), ("ck|cq|q", "k"), ("dg(?=[eiy])", "j"),
        ("c(?=[eiy])", "s"), ("c", "k"), ("g(?=[eiy])", "j"), ("x", "ks"), ("wh", "w"), ("mb$", "m"), ("z", "s"),
        ("(?<=[aeiou])y|w(?![aeiouy])", ""), ("y", "i"), (r"(.)\1+", r"\1"), ("(?<=[^aeiou])e$", ""),
    )
]  # fmt: skip
_VOWELS = "aeiou"
_KIN = {
    frozenset(pair) for pair in ("bp", "dt", "gk", "vf", "sS", "SC", "mn", "lr", "jg", "jC", "Tt", "Tf", "bv", "Ts")
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word or phrase, spelt simply: one letter a sound, as far as English spelling tells."""

    sounds: str

    @classmethod
    def of(cls, text: str) -> Spelling:
        """Spell it simply.

        >>> Spelling.of("Knight").sounds, Spelling.of("Phyllis").sounds, Spelling.of("Etienne").sounds
        ('nit', 'filis', 'etien')
        """
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(character for character in plain if unicodedata.category(character)[0] in "LN")
        for pattern, sound in _RULES:
            plain = pattern.sub(sound, plain)
        return cls(plain)


def distance(one: Spelling, other: Spelling, limit: float = 1.0) -> float:
    """How far apart they sound, between 0 (alike) and 1; beyond `limit` any number above it.

    >>> distance(Spelling.of("Smith"), Spelling.of("Smyth")) < 0.1 < distance(Spelling.of("Smith"), Spelling.of("Jones"))
    True
    """
    a, b = one.sounds, other.sounds
    longest = max(len(a), len(b))
    if not longest:
        return 0.0
    if abs(len(a) - len(b)) * 0.4 > limit * longest:
        return 1.0
    row = [0.0]
    for sound in b:
        row.append(row[-1] + _lost(sound))
    for sound in a:
        before, row = row, [row[0] + _lost(sound)]
        for at, another in enumerate(b):
            row.append(
                min(before[at] + _changed(sound, another), before[at + 1] + _lost(sound), row[-1] + _lost(another))
            )
        if min(row) > limit * longest:
            return 1.0
    return row[-1] / longest


def _lost(sound: str) -> float:
    return 0.4 if sound in _VOWELS or sound in "hw" else 1.0


def _changed(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return 0.3
    return 0.4 if frozenset((one, other)) in _KIN else 1.0
