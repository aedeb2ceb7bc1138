"""What the network's vector does not tell for sure, as numbers: listed words, who is spoken to, the grammar of threats.

Each is a column beside the vector; how much it says of which label was learnt (training/toxicity).
"""

from __future__ import annotations

import re
from math import log1p

from honmono.engines.text.toxicity.lexicon import GROUPS, PLAIN, Found, Lexicon

NAMES = (
    *(f"listed {group}" for group in GROUPS),
    "listed words",
    "disguised words",
    "listed word and you",
    *(f"plain {kind}" for kind in PLAIN),
    "insult and you",
    "you",
    "threat",
    "wish",
    "order",
    "shouting",
)
_YOU = frozenset(["you", "your", "yours", "yourself", "yourselves", "you're", "you'll", "you've", "u", "ur"])
_HARM = (
    r"(?:kill|murder|stab|shoot|strangle|choke|beat|punch|kick|smash|slash|slit|burn|torch|bomb|hang|drown|hurt|behead|"
    r"break|rip|cut|crush|bury|execute|lynch|poison|knock|destroy|end|ruin|find|hunt|gut|throw|blow)"
)
_WHOM = r"(?:you|your|u|ur|him|his|her|them|their|that|those|these|every|everyone|all|somebody|someone)"
_THREAT = re.compile(
    r"\b(?:i|we|i'd|i'm|we're|somebody|someone)(?:'ll| will| am going to| going to| gonna| are going to| want to"
    r"| swear i'll| would love to| love to| should| ought to)\s+(?:\w+\s+)?"
    + _HARM
    + r"\b(?:\s+[\w']+){0,3}?\s+"
    + _WHOM
    + r"\b"
)
_WISH = re.compile(
    r"\b(?:hope|wish|deserves?|should|ought|needs?|must)\b(?:\s+[\w']+){0,4}?\s+(?:die|dies|died|dead|killed|shot|hanged|hung|"
    r"beaten|burned|burnt|raped|lynched|executed|gassed|exterminated|bullet|locked up|sent back|deported|suffer|banned)\b"
)
_ORDER = re.compile(
    r"\bkill (?:yourself|urself|ur self)\b|\bkys\b|\bgo (?:and )?die\b|\b(?:end|take) your (?:own )?life\b|"
    r"\bshut (?:the \w+ )?up\b|\bon your knees\b|\bgo back (?:to|where)\b|\bdo as (?:you are|you're) told\b|"
    r"\bhang yourself\b|\bdo what i say\b"
)


def signs(text: str) -> list[float]:
    """The columns of NAMES for a cleaned text."""
    found = Lexicon.packaged().find(text)
    you = any(word in _YOU for word in found.words)
    spoken = " ".join(found.words)
    letters = [character for character in text if character.isalpha()]
    capitals = sum(map(str.isupper, letters))
    return [
        *_strengths(found),
        log1p(len(found.listed)),
        float(any(each.disguised for each in found.listed)),
        float(you and bool(found.listed)),
        *(log1p(found.plain[kind]) for kind in PLAIN),
        float(you and found.plain["insult"] > 0),
        float(you),
        float(_THREAT.search(spoken) is not None),
        float(_WISH.search(spoken) is not None),
        float(_ORDER.search(spoken) is not None),
        float(len(letters) >= 10 and capitals > 0.6 * len(letters)),
    ]


def _strengths(found: Found) -> list[float]:
    return [max((each.severity / 3 for each in found.listed if each.group == group), default=0.0) for group in GROUPS]
