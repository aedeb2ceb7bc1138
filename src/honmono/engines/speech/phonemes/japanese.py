"""Japanese: readings by Open JTalk (pyopenjtalk-plus), then kana to phonemes.

The phonemes are those that Kokoro was trained on: a broad IPA of the kana, blanks between words, no pitch.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from honmono.engines.speech.phonemes.reader import LONGEST_WORD
from honmono.engines.speech.utterance import Word

_CONSONANTS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "ɡ": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "j": "ヤ ユ ヨ",
    "ɾ": "ラリルレロ",
    "β": "ワヰ ヱヲ",
}
_VOWELS = "aiɯeo"
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "ɯ", "ェ": "e", "ォ": "o", "ャ": "a", "ュ": "ɨ", "ョ": "o", "ヮ": "a"}
_PALATAL = {"s": "ɕ", "z": "ʥ", "t": "ʨ", "d": "ʥ", "n": "ɲ", "h": "ç", "j": "j", "": "j"}
_ODD = {
    "ザ": "ʣa",
    "ゼ": "ʣe",
    "ゾ": "ʣo",
    "ス": "sɨ",
    "ズ": "zɨ",
    "ヅ": "zɨ",
    "ツ": "ʦɨ",
    "フ": "ɸɯ",
    "ヲ": "o",
    "ヰ": "i",
    "ヱ": "e",
    "ヴ": "vɯ",
    "ヵ": "ka",
    "ヶ": "ke",
}
_PAIRS = {
    "イェ": "je",
    "ウィ": "βi",
    "ウェ": "βe",
    "ウォ": "βo",
    "クァ": "kᵝa",
    "クィ": "kᵝi",
    "クェ": "kᵝe",
    "クォ": "kᵝo",
    "グァ": "ɡᵝa",
    "ツァ": "ʦa",
    "ツィ": "ʦʲi",
    "ツェ": "ʦe",
    "ツォ": "ʦo",
    "ティ": "tʲi",
    "テュ": "tʲɨ",
    "ディ": "dʲi",
    "デュ": "dʲɨ",
    "トゥ": "tɯ",
    "ドゥ": "dɯ",
    "ファ": "ɸa",
    "フィ": "ɸʲi",
    "フェ": "ɸe",
    "フォ": "ɸo",
    "フュ": "ɸʲɨ",
    "ヴァ": "va",
    "ヴィ": "vʲi",
    "ヴェ": "ve",
    "ヴォ": "vo",
    "ヴュ": "bʲɨ",
    "スィ": "sʲi",
    "ズィ": "zʲi",
}


def _single() -> dict[str, str]:
    table: dict[str, str] = {}
    for consonant, row in _CONSONANTS.items():
        for kana, vowel in zip(row, _VOWELS, strict=True):
            if kana == " ":
                continue
            sound = consonant
            if vowel == "i" and consonant:
                sound = _PALATAL.get(consonant, f"{consonant}ʲ")
            table[kana] = sound + vowel
    return table | _ODD | _SMALL


_KANA = _single()


def _mora(first: str, small: str) -> str:
    """A kana with a small one behind it."""
    pair = first + small
    if pair in _PAIRS:
        return _PAIRS[pair]
    sound = _KANA[first][:-1]
    if small in "ャュョ" or (small == "ェ" and first in "シジチニヒ"):
        return sound + _SMALL[small]
    return sound.rstrip("ʲ") + _SMALL[small]


def convert_kana(kana: str) -> str:
    """Kokoro's phonemes of a reading in kana: `トーキョー` → `toːkʲoː`; what is no kana is passed over."""
    text = "".join(
        chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in unicodedata.normalize("NFKC", kana)
    )
    sounds: list[str] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if text[at + 1 : at + 2] in _SMALL and sign in _KANA and text[at + 1] and sign not in _SMALL:
            sounds.append(_mora(sign, text[at + 1]))
            at += 2
            continue
        if sign in _KANA:
            sounds.append(_KANA[sign])
        elif sign == "ー" and sounds:
            sounds.append("ː")
        elif sign in "ッン":
            sounds.append(sign)
        at += 1
    out = ""
    for index, sound in enumerate(sounds):
        following = sounds[index + 1] if index + 1 < len(sounds) else ""
        out += _nasal(following) if sound == "ン" else "ʔ" if sound == "ッ" else sound
    return out


def _nasal(following: str) -> str:
    if following[:1] in ("m", "p", "b"):
        return "m"
    if following[:1] in ("k", "ɡ"):
        return "ŋ"
    if following[:1] in ("ɲ", "ʨ", "ʥ"):
        return "ɲ"
    if following[:1] in ("n", "t", "d", "ɾ", "z", "ʣ", "ʦ"):
        return "n"
    return "ɴ"


class Japanese:
    """Reads Japanese; Latin letters by their Japanese names, or as Open JTalk's dictionary has them."""

    def __init__(self) -> None:
        import pyopenjtalk

        self._analyse: Any = pyopenjtalk.run_frontend

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`. Words are read together between pauses, since the neighbours decide a reading (今日は)."""
        said = [each or "" for each in given]
        run: list[int] = []
        for index, word in enumerate(words):
            if given[index] is None:
                run.append(index)
            if run and (given[index] is not None or word.behind or index == len(words) - 1):
                texts = ["".join(words[each].spoken)[:LONGEST_WORD] for each in run]
                for each, phonemes in zip(run, self._together(texts), strict=True):
                    said[each] = phonemes
                run = []
        return said

    def _together(self, texts: list[str]) -> list[str]:
        """The phonemes of each text, when they are read as one."""
        plain = [_plain(text) for text in texts]
        joined = "".join(plain)
        if not joined:
            return [""] * len(texts)
        owners = [index for index, text in enumerate(plain) for _ in text]
        kana: list[list[str]] = [[] for _ in texts]
        morphemes = [(each["string"], each["pron"].replace("’", "")) for each in self._analyse(joined)]
        places = _places(joined, [string for string, _ in morphemes])
        for (_, reading), (begin, end) in zip(morphemes, places, strict=True):
            covered = owners[begin:end] or [owners[min(begin, len(owners) - 1)]]
            for owner, part in _shared(reading, covered):
                kana[owner].append(part)
        return [" ".join(filter(None, map(convert_kana, _with_long_vowels(each)))) for each in kana]


def _plain(text: str) -> str:
    """What Open JTalk can read: without controls, emoji and the letters of other scripts."""
    kept = []
    for sign in unicodedata.normalize("NFKC", text):
        name = unicodedata.name(sign, "")
        if name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "LATIN", "DIGIT")) or sign in "々〇ー.":
            kept.append(sign)
    return "".join(kept)


def _places(text: str, strings: list[str]) -> list[tuple[int, int]]:
    """Where each morpheme stands in the text. Open JTalk writes letters full width and numbers in kanji, so that what
    differs is laid beside what differs."""
    wide = "".join(unicodedata.normalize("NFKC", string) for string in strings)
    to_text = [0] * (len(wide) + 1)
    for tag, a, b, c, d in SequenceMatcher(None, wide.lower(), text.lower(), autojunk=False).get_opcodes():
        for at in range(a, b):
            to_text[at] = c + (at - a) if tag == "equal" else c + (at - a) * (d - c) // (b - a)
    to_text[len(wide)] = len(text)
    places, at = [], 0
    for string in strings:
        end = at + len(unicodedata.normalize("NFKC", string))
        begin_text = to_text[at]
        places.append((begin_text, max(begin_text, to_text[end])))
        at = end
    return places


def _shared(reading: str, owners: list[int]) -> list[tuple[int, str]]:
    """A reading given to the words that its morpheme covers, by their number of signs."""
    different = sorted(set(owners))
    if len(different) == 1:
        return [(different[0], reading)]
    parts, at = [], 0
    for owner in different:
        end = len(reading) * (owners.index(owner) + owners.count(owner)) // len(owners)
        parts.append((owner, reading[at:end]))
        at = end
    return parts


def _with_long_vowels(readings: list[str]) -> list[str]:
    """A reading that begins with ー goes on from the one before: マショ, ー."""
    joined: list[str] = []
    for reading in readings:
        if joined and reading.startswith(("ー", "ッ")):
            joined[-1] += reading
        else:
            joined.append(reading)
    return joined
