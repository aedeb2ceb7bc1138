"""Hindi: Devanagari is read as it is written, but for the a that every consonant has and speech often drops.

Schwa deletion after M. Choudhury, A. Basu, S. Sarkar, "A diachronic approach for schwa deletion in Indo-Aryan languages",
2004, in its simplest form: a final one is silent, so is one between vowel + consonant and consonant + vowel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from honmono.engines.speech.phonemes.reader import LONGEST_WORD
from honmono.engines.speech.utterance import Style, Word

if TYPE_CHECKING:
    from honmono.engines.speech.phonemes.reader import Reader

_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहळ",
        ["k", "kʰ", "ɡ", "ɡʰ", "ŋ", "c", "cʰ", "ɟ", "ɟʰ", "ɲ", "ʈ", "ʈʰ", "ɖ", "ɖʰ", "ɳ", "t", "tʰ", "d", "dʰ", "n", "p", "pʰ", "b", "bʰ", "m", "j", "ɾ", "l", "ʋ", "ʃ", "ʃ", "s", "h", "l"],
        strict=True,
    )
)
_WITH_DOT = {
    "क": "k",
    "ख": "x",
    "ग": "ɣ",
    "ज": "z",
    "ड": "ɽ",
    "ढ": "ɽʰ",
    "फ": "f",
    "य": "j",
    "न": "n",
    "र": "ɾ",
    "ळ": "l",
}
_VOWELS = dict(zip("अआइईउऊऋएऐओऔऑऍ", ["ə", "aː", "ɪ", "iː", "ʊ", "uː", "ɾɪ", "eː", "ɛː", "oː", "ɔː", "ɔ", "æ"], strict=True))
_SIGNS = dict(zip("ािीुूृेैोौॉॅ", ["aː", "ɪ", "iː", "ʊ", "uː", "ɾɪ", "eː", "ɛː", "oː", "ɔː", "ɔ", "æ"], strict=True))
_DOT, _VIRAMA, _ANUSVARA, _CANDRABINDU, _VISARGA = "़", "्", "ं", "ँ", "ः"
_DIGITS = dict(zip("०१२३४५६७८९", ["शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ"], strict=True))


class Hindi:
    """Reads Devanagari; Latin words are read by `english`."""

    def __init__(self, english: Reader) -> None:
        self._english = english

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said = []
        for word, prescribed in zip(words, given, strict=True):
            if prescribed is not None:
                said.append(prescribed)
                continue
            pieces: list[str] = []
            for text in " ".join(word.spoken).replace("-", " ").split():
                if any("a" <= sign <= "z" for sign in text.lower()):
                    latin = Word(text, 0, 0, (text[:LONGEST_WORD],), Style("en-US"))
                    pieces += [each.replace("T", "ɾ") for each in self._english.read([latin], [None])]
                else:
                    pieces.append(self.word(text[:LONGEST_WORD]))
            said.append(" ".join(filter(None, pieces)))
        return said

    def word(self, text: str) -> str:
        """One word of Devanagari; other signs are passed over."""
        if text and all(sign in _DIGITS for sign in text):
            return " ".join(self.word(_DIGITS[sign]) for sign in text)
        return _join(_drop_schwas(_aksharas(text)))


def _aksharas(text: str) -> list[list[str]]:
    """[consonant, vowel] in order; a consonant alone has "", the inherent vowel is "ə?" until it is heard or dropped."""
    text = unicodedata.normalize("NFD", text)
    text = text.replace("ज्ञ", "ग्य")
    found: list[list[str]] = []
    for sign in text:
        last = found[-1] if found else None
        if sign in _CONSONANTS:
            found.append([_CONSONANTS[sign], "ə?"])
            found[-1].append(sign)
        elif sign == _DOT and last and len(last) == 3:
            last[0] = _WITH_DOT.get(last[2], last[0])
        elif sign == _VIRAMA and last:
            last[1] = ""
        elif sign in _SIGNS and last:
            last[1] = _SIGNS[sign]
        elif sign in _VOWELS:
            found.append(["", _VOWELS[sign]])
        elif sign in (_ANUSVARA, _CANDRABINDU) and last:
            last[1] = last[1].replace("?", "") + "̃"
        elif sign == _VISARGA and last:
            last[1] = last[1].replace("?", "") + "h"
    return [each[:2] for each in found]


def _drop_schwas(aksharas: list[list[str]]) -> list[list[str]]:
    if (len(aksharas) > 1 and aksharas[-1][1] == "ə?" and aksharas[-2][1]) or (
        len(aksharas) > 2 and aksharas[-1][1] == "ə?" and not aksharas[-2][1] and aksharas[-1][0] not in {"j", "ʋ", "ɾ"}
    ):
        aksharas[-1][1] = ""
    for index in range(len(aksharas) - 2, 0, -1):
        consonant, vowel = aksharas[index]
        if vowel != "ə?" or not consonant:
            continue
        before, behind = aksharas[index - 1][1], aksharas[index + 1]
        if before and behind[0] and behind[1]:
            aksharas[index][1] = ""
    return [[consonant, vowel.replace("?", "")] for consonant, vowel in aksharas]


_NASALS = {"k": "ŋ", "ɡ": "ŋ", "c": "ɲ", "ɟ": "ɲ", "ʈ": "ɳ", "ɖ": "ɳ", "t": "n", "d": "n", "p": "m", "b": "m", "s": "n"}


def _join(aksharas: list[list[str]]) -> str:
    """With the stress on the heaviest syllable near the end, and nasal vowels before stops as nasal consonants."""
    nuclei = [index for index, (_, vowel) in enumerate(aksharas) if vowel]
    heavy = [index for index in nuclei if "ː" in aksharas[index][1] and index != len(aksharas) - 1]
    stressed = (heavy or nuclei or [-1])[-1 if heavy else 0]
    out = ""
    for index, (consonant, vowel) in enumerate(aksharas):
        if vowel.endswith("̃") and "ː" not in vowel and index + 1 < len(aksharas):
            nasal = _NASALS.get(aksharas[index + 1][0][:1])
            if nasal:
                vowel = vowel[:-1] + nasal
        vowel = vowel.replace("ː̃", "̃ː")
        if index == stressed:
            vowel = "ˈ" + (vowel.replace("ə", "ʌ") if vowel.startswith("ə") else vowel)
        out += consonant + vowel
    return out
