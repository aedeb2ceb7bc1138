"""The written form that sentences are brought to, and the fingerprint by which two count as the same."""

from __future__ import annotations

import re
import unicodedata

_SINGLE_FORMS = str.maketrans(
    {"’": "'", "‘": "'", "＇": "'", "“": '"', "”": '"', "〜": "~", "\u200b": "", "\ufeff": ""}
)
_WIDE_FORMS = str.maketrans("!?()~:;", "！？（）～：；")
_EAST_ASIAN = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_SPACE_BESIDE_EAST_ASIAN = re.compile(rf"(?<={_EAST_ASIAN})\s+|\s+(?={_EAST_ASIAN})")
_EAST_ASIAN_COMMA = re.compile(rf"(?<={_EAST_ASIAN}),")
_EAST_ASIAN_STOP = re.compile(rf"(?<={_EAST_ASIAN})\.(?=$|{_EAST_ASIAN})")
_CLOCK_TIME = re.compile(r"(?<=\d)：(?=\d)")


def single_form(text: str) -> str:
    """NFKC, straight quotes, single spaces: wide digits, letters and punctuation get the width that ASCII has.

    >>> single_form("Ｉ’m　１０ …")
    "I'm 10 ..."
    """
    return " ".join(unicodedata.normalize("NFKC", text.translate(_SINGLE_FORMS)).split())


def english(text: str) -> str:
    """English as it is written: see `single_form`."""
    return single_form(text)


def japanese(text: str) -> str:
    """Japanese as it is written: wide punctuation, ASCII digits and letters, no space beside kana and kanji.

    >>> japanese("Debian の新版は１２:３０に出ます!")
    'Debianの新版は12:30に出ます！'
    >>> japanese("残念ですが，そうです．")
    '残念ですが、そうです。'
    """
    text = _SPACE_BESIDE_EAST_ASIAN.sub("", single_form(text))
    if re.search(_EAST_ASIAN, text) is None:
        return text
    text = _CLOCK_TIME.sub(":", text.translate(_WIDE_FORMS))
    text = _EAST_ASIAN_STOP.sub("。", _EAST_ASIAN_COMMA.sub("、", text))
    return _SPACE_BESIDE_EAST_ASIAN.sub("", text)


def fingerprint(text: str) -> str:
    """Letters and digits alone, lower-case: equal for sentences that differ in case, spacing and punctuation.

    >>> fingerprint("I can't go!") == fingerprint("i can 't go .")
    True
    """
    return "".join(character for character in single_form(text).casefold() if character.isalnum())
