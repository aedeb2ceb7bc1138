"""Mandarin: readings by pypinyin, then pinyin to phonemes (S. Duanmu, "The phonology of standard Chinese", 2007).

Tones are arrows: → high, ↗ rising, ↓ low, ↘ falling, none for a neutral one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from honmono.engines.speech.phonemes.reader import LONGEST_WORD
from honmono.engines.speech.utterance import Style, Word

if TYPE_CHECKING:
    from honmono.engines.speech.phonemes.reader import Reader

_INITIALS = {
    "b": "p",
    "p": "pʰ",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "tʰ",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "ʨ",
    "q": "ʨʰ",
    "x": "ɕ",
    "zh": "ꭧ",
    "ch": "ꭧʰ",
    "sh": "ʂ",
    "r": "ɻ",
    "z": "ʦ",
    "c": "ʦʰ",
    "s": "s",
}
_FINALS = {
    "a": "a0",
    "ai": "ai0",
    "an": "a0n",
    "ang": "a0ŋ",
    "ao": "au0",
    "e": "ɤ0",
    "ei": "ei0",
    "en": "ə0n",
    "eng": "ə0ŋ",
    "er": "ɚ0",
    "ê": "ɛ0",
    "i": "i0",
    "ia": "ja0",
    "ian": "jɛ0n",
    "iang": "ja0ŋ",
    "iao": "jau0",
    "ie": "je0",
    "in": "i0n",
    "ing": "i0ŋ",
    "iong": "jʊ0ŋ",
    "iu": "jou0",
    "o": "wo0",
    "ong": "ʊ0ŋ",
    "ou": "ou0",
    "u": "u0",
    "ua": "wa0",
    "uai": "wai0",
    "uan": "wa0n",
    "uang": "wa0ŋ",
    "ueng": "wə0ŋ",
    "ui": "wei0",
    "un": "wə0n",
    "uo": "wo0",
    "ü": "y0",
    "üan": "ɥɛ0n",
    "üe": "ɥe0",
    "ün": "y0n",
}
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": "", "0": ""}
_ALONE = {
    "yi": "i",
    "wu": "u",
    "yu": "ü",
    "yue": "üe",
    "yuan": "üan",
    "yun": "ün",
    "ye": "ie",
    "yin": "in",
    "ying": "ing",
}
_ALONE |= {
    "you": "iu",
    "wei": "ui",
    "wen": "un",
    "weng": "ueng",
    "yong": "iong",
    "o": "ɔ",
    "m": "m",
    "n": "n",
    "ng": "ŋ",
}
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?([a-zêü]+)")
_MARKS = {"̄": "1", "́": "2", "̌": "3", "̀": "4"}


def convert_pinyin(text: str) -> str:
    """Kokoro's phonemes of a reading in pinyin, syllables apart by blanks: `bao2`, `ni3 hǎo`.

    Raises:
        ValueError: what is no syllable of Mandarin, named.
    """
    return "".join(_syllable(each) for each in text.lower().split())


def _syllable(pinyin: str) -> str:
    decomposed = unicodedata.normalize("NFD", pinyin.replace("v", "ü").replace("u:", "ü"))
    tone = next((_MARKS[mark] for mark in decomposed if mark in _MARKS), "5")
    plain = unicodedata.normalize("NFC", "".join(sign for sign in decomposed if sign not in _MARKS))
    if plain[-1:] in _TONES:
        plain, tone = plain[:-1], plain[-1]
    sound = _plain_syllable(plain)
    if sound is None and plain.endswith("r"):
        sound = _plain_syllable(plain[:-1])
        sound = f"{sound}ɻ" if sound else None
    if sound is None:
        raise ValueError(f"no syllable of Mandarin: {pinyin}")
    return sound.replace("0", _TONES[tone])


def _plain_syllable(plain: str) -> str | None:
    if plain in _ALONE:
        final = _ALONE[plain]
        return _FINALS.get(final, f"{final}0")
    if plain[:1] in ("y", "w") and plain != "yo":
        plain = ("i" if plain[0] == "y" else "u") + plain[1:]
        return _FINALS.get(plain)
    if plain == "yo":
        return "jɔ0"
    found = _SYLLABLE.fullmatch(plain)
    if found is None:
        return None
    initial, final = found[1] or "", found[2]
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        return _INITIALS[initial] + "ɨ0"
    if initial in {"j", "q", "x"} and final.startswith("u"):
        final = "ü" + final[1:]
    final = {"uen": "un", "uei": "ui", "iou": "iu", "ue": "üe"}.get(final, final)
    if final not in _FINALS:
        return None
    return _INITIALS.get(initial, "") + _FINALS[final]


class Mandarin:
    """Reads Chinese characters; Latin words are read by `english`."""

    def __init__(self, english: Reader) -> None:
        from pypinyin import Style as PinyinStyle
        from pypinyin import lazy_pinyin
        from pypinyin.seg.mmseg import seg

        self._english = english
        self._style = PinyinStyle.TONE3
        self._pinyin = lazy_pinyin
        self._segment = seg

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`. Characters are read in their words, found anew: one character has many readings."""
        said = [[each] if each else [] for each in given]
        run: list[int] = []
        for index, word in enumerate(words):
            if given[index] is None:
                run.append(index)
            if run and (given[index] is not None or word.behind or index == len(words) - 1):
                self._together([("".join(words[each].spoken)[:LONGEST_WORD], each) for each in run], said)
                run = []
        return [" ".join(filter(None, sounds)) for sounds in said]

    def _together(self, texts: list[tuple[str, int]], said: list[list[str]]) -> None:
        joined = "".join(text for text, _ in texts)
        owners = [owner for text, owner in texts for _ in text]
        for found in re.finditer(r"([㐀-鿿〇]+)|([A-Za-z']+)", joined):
            if found[2]:
                latin = Word(found[2], 0, 0, (found[2],), Style("en-US"))
                said[owners[found.start()]] += self._english.read([latin], [None])
                continue
            at = found.start()
            for piece in self._segment.cut(found[1]):
                sounds = [
                    convert_pinyin(pinyin) if (pinyin[:1].isalpha() and pinyin.isascii()) or "ü" in pinyin else ""
                    for pinyin in self._pinyin(piece, style=self._style, neutral_tone_with_five=True, v_to_u=True)
                ]
                if len(sounds) != len(piece):
                    sounds = ["".join(sounds), *[""] * (len(piece) - 1)]
                before = -1
                for place, sound in enumerate(sounds, at):
                    if owners[place] == before and said[before]:
                        said[before][-1] += sound
                    else:
                        said[owners[place]].append(sound)
                    before = owners[place]
                at += len(piece)
