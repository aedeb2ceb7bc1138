"""What the Han characters of a text say: traditional, simplified or Japanese.

The national character sets of the 1980s drew the line, and Python knows them as codecs: a character that GB
2312 has and Big5 lacks is a simplified form, one that Big5 has and GB 2312 lacks is a traditional one, one
that only JIS X 0208 has is a Japanese one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_FIRST, _LAST = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True)
class HanCount:
    """How many characters of a text are of which kind.

    Attributes:
        han: Han characters of any kind.
        kana: Japanese syllables.
        traditional, simplified: forms that only Taiwan's or only the mainland's set has.
        japanese: forms that neither Chinese set has.
        unjapanese: forms that Japan's set lacks.
    """

    han: int
    kana: int
    traditional: int
    simplified: int
    japanese: int
    unjapanese: int


def count(text: str) -> HanCount:
    """Count `text`'s characters; see `HanCount`."""
    han = _HAN.findall(text)
    if not han:
        return HanCount(0, len(_KANA.findall(text)), 0, 0, 0, 0)
    kinds = _kinds()
    kana = len(_KANA.findall(text))
    return HanCount(len(han), kana, *(sum(character in kind for character in han) for kind in kinds))


@cache
def _kinds() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """Traditional, simplified, Japanese and un-Japanese characters."""
    mainland, taiwan, japan = (_repertoire(codec) for codec in ("gb2312", "big5", "shift_jis"))
    return (
        taiwan - mainland,
        mainland - taiwan,
        japan - mainland - taiwan,
        (mainland | taiwan) - japan,
    )


def _repertoire(codec: str) -> frozenset[str]:
    characters = (chr(code) for code in range(_FIRST, _LAST + 1))
    return frozenset(character for character in characters if character.encode(codec, "ignore"))
