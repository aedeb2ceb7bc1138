"""Where sentences end, and which sign behind a word its melody follows."""

from __future__ import annotations

import regex

from honmono.engines.speech.reading.languages.base import Token

_BEHIND = {
    "、": ",", "，": ",", "。": ".", "．": ".", "！": "!", "？": "?", "：": ":", "；": ";", "–": "—", "‥": "…", "(": ",",
    ")": ",", "[": ",", "]": ",", "（": ",", "）": ",", "·": "", "・": "",
}  # fmt: skip
_STRENGTH = {"": 0, ",": 1, ";": 2, ":": 2, "—": 2, "…": 3, ".": 4, "!": 5, "?": 6}
_ENDS = frozenset(".!?…。！？")
_ALWAYS = frozenset("。！？")
_CLOSERS = "\"'”’»)]}」』）】"
_GAP = regex.compile(r"\n[^\S\n]*\n")
STARTERS = frozenset(
    (
        "The A An He She It They We You I This That These Those There In On At But So Then When While If As "
        "After Before His Her Its Their Our My Your No Yes What Who Where Why How Is Are Was Were Do Did El "
        "La Los Las Un Una Él Ella Le Les Il Elle Lo Gli O Os As Der Die Das Ein Eine Er Sie Es Ich Wir Je "
        "Nous Vous"
    ).split()
)


def behind(sign: str, before: str) -> str:
    """The stronger of two signs, in ASCII's form."""
    plain = _BEHIND.get(sign, sign)
    return plain if _STRENGTH.get(plain, 0) > _STRENGTH.get(before, 0) else before


def ends_after(text: str, token: Token, following: Token | None) -> int | None:
    """Where the sentence ends that this sign or abbreviation closes; None: it goes on.

    Args:
        text: all of it.
        token: the sign or word.
        following: the next word.
    """
    sign = text[token.begin : token.end]
    closes = not token.spoken and sign[-1] in _ENDS
    if not closes and not token.stop:
        return None
    end = token.end
    while end < len(text) and text[end] in _CLOSERS:
        end += 1
    if following is None:
        return end
    if token.stop and not closes:
        word = text[following.begin : following.end]
        return end if word in STARTERS or _GAP.search(text, token.end, following.begin) else None
    if sign[-1] in _ALWAYS:
        return end
    if end < len(text) and not text[end].isspace() and text[end] not in _ENDS:
        return None
    if end < len(text) and text[end] in _ENDS:
        return None
    return None if text[following.begin].islower() else end


def gap(text: str, begin: int, end: int) -> bool:
    """Whether an empty line, a paragraph's end, stands between two places."""
    return _GAP.search(text, begin, end) is not None
