"""Fast Japanese: Open JTalk's reading and intonation, and the HTS voice "Mei" (MMDAgent Project Team, Nagoya Institute
of Technology, CC BY 3.0), as pyopenjtalk-plus brings them.

A hidden Markov model's durations depend on a phoneme's own label alone, so that a label spoken by itself lasts as long
as within its sentence: this gives every phoneme's length to the sample.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput, UnsupportedLanguage
from honmono.engines.speech.phonemes import visemes
from honmono.engines.speech.synthesis.phrase import Phone, Phrase, joined
from honmono.engines.speech.synthesis.said import Voice
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 24_000
MEI = Voice("mei", "ja-JP", "Female", ("standard",), RATE)
_ITS_RATE = 48_000
_LEAD = RATE // 20
_TAIL = RATE // 10
"""Silence kept behind words that no sign follows: a pause comes next, which has its own length."""
_LONGEST = 120
"""Signs read at once: Open JTalk's buffers are of fixed size."""
_SIGNS = {",": "、", ".": "。", "!": "！", "?": "？", ";": "、", ":": "、", "…": "。", "—": "、"}
_SILENT = frozenset({"、", "。", "？", "！", ""})
_SOUNDS = {
    "sh": "ɕ",
    "ch": "ʨ",
    "ts": "ʦ",
    "j": "ʥ",
    "N": "ɴ",
    "cl": "ʔ",
    "f": "ɸ",
    "y": "j",
    "r": "ɾ",
    "ry": "ɾ",
    "g": "ɡ",
    "gy": "ɡ",
    "gw": "ɡ",
    "u": "ɯ",
    "U": "ɯ",
    "I": "i",
    "A": "a",
    "E": "e",
    "O": "o",
    "w": "β",
    "hy": "ç",
    "ny": "ɲ",
    "pau": ".",
    "sil": ".",
}


class OpenJtalkSpeaker:
    """Speaks Japanese with the voice Mei."""

    def __init__(self) -> None:
        """Load the dictionary and the voice (a second)."""
        import pyopenjtalk

        self._analyse: Any = pyopenjtalk.run_frontend
        self._label: Any = pyopenjtalk.make_label
        self._synthesise: Any = pyopenjtalk.synthesize
        self._analyse("あ")

    def speak(self, words: Sequence[Word], voice: str) -> Phrase:
        """See `Speaker.speak`. Its pace is always its own: what the styles ask for is left to be shaped.

        Raises:
            UnsupportedLanguage: a word is not Japanese.
            UnsupportedInput: a word has a pronunciation in IPA.
        """
        for word in words:
            if not word.style.language.startswith("ja"):
                raise UnsupportedLanguage(word.style.language, ("ja-JP",), "ask for the engine neural")
            if word.pronunciation:
                raise UnsupportedInput(
                    "the Japanese standard voice reads kana, no IPA", "give the reading in kana, or ask for neural"
                )
        pieces = ((first, *self._say(words[first:behind])) for first, behind in _pieces(words))
        return joined(len(words), RATE, pieces, lambda sound: visemes(_SOUNDS.get(sound, sound[0]), "ja-JP")[0])

    def _say(self, words: Sequence[Word]) -> tuple[NDArray[np.float32], list[Phone]]:
        """The sound of words, and of each phoneme its name, its word, its first sample and the one behind its last."""
        import numpy as np
        import soxr

        texts = ["".join(_plain(each) for each in word.spoken) for word in words]
        signs = ["".join(_SIGNS.get(sign, sign) for sign in word.behind)[:1] for word in words]
        joined = "".join(text + (sign if sign in _SILENT else "") for text, sign in zip(texts, signs, strict=True))
        morphemes = self._analyse(joined) if any(texts) else []
        labels = self._label(morphemes) if any(each["pron"] not in _SILENT for each in morphemes) else []
        if len(labels) < 3:
            return np.zeros(0, np.float32), []
        names = [label.partition("-")[2].partition("+")[0] for label in labels]
        owners = self._owners(morphemes, texts, signs, names)
        wave, _ = self._synthesise(labels)
        halved = soxr.resample((wave / 32768).astype(np.float32), _ITS_RATE, RATE)
        lengths = [len(self._synthesise([label])[0]) * RATE // _ITS_RATE for label in labels]
        edges = np.concatenate([[0], np.cumsum(lengths)])
        first = max(0, int(edges[1]) - _LEAD)
        last = int(edges[-1]) if words[-1].behind else min(int(edges[-1]), int(edges[-2]) + _TAIL)
        samples = np.zeros(last - first, np.float32)
        part = halved[first:last]
        samples[: len(part)] = part
        timed = [
            (name, owner, int(begin) - first, min(int(end), last) - first)
            for name, owner, begin, end in zip(names[1:], owners, edges[1:-1], edges[2:], strict=True)
        ]
        return samples, timed

    def _owners(self, morphemes: list[Any], texts: list[str], signs: list[str], names: list[str]) -> list[int]:
        """Of each phoneme behind the first silence the word that it belongs to; silences go with the word before."""
        counts = [self._count(each) for each in morphemes]
        spoken = [name for name in names[1:-1] if name != "pau"]
        covered = _covered(morphemes, texts, signs)
        owners: list[int] = []
        total = max(sum(counts), 1)
        done = 0
        for count, words in zip(counts, covered, strict=True):
            # Should a morpheme have other phonemes alone than within its sentence, each takes its share.
            end = (done + count) * len(spoken) // total
            share = end - len(owners)
            owners += [words[number * len(words) // max(share, 1)] for number in range(share)]
            done += count
        owners += [owners[-1] if owners else 0] * (len(spoken) - len(owners))
        found: list[int] = []
        rest = iter(owners)
        for name in names[1:]:
            found.append(next(rest) if name not in {"pau", "sil"} else found[-1] if found else 0)
        return found

    def _count(self, morpheme: Any) -> int:
        """How many phonemes a morpheme has."""
        if morpheme["pron"] in _SILENT:
            return 0
        # A long vowel sign goes on from the morpheme before; alone it would be none.
        long = morpheme["pron"].startswith("ー")
        alone = {**morpheme, "pron": "ア" + morpheme["pron"][1:]} if long else morpheme
        return max(0, len(self._label([alone])) - 2)


def _pieces(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of words of at most `_LONGEST` signs, cut behind punctuation where there is some."""
    first, held, rest = 0, 0, -1
    for index, word in enumerate(words):
        length = sum(map(len, word.spoken)) + 1
        if held + length > _LONGEST and index > first:
            behind = rest if rest > first else index
            yield first, behind
            first, rest = behind, -1
            held = sum(sum(map(len, each.spoken)) + 1 for each in words[first:index])
        held += length
        if word.behind:
            rest = index + 1
    if first < len(words):
        yield first, len(words)


def _plain(text: str) -> str:
    """What Open JTalk can read, at most a piece of it: no controls, no emoji, no other scripts."""
    kept = []
    for sign in unicodedata.normalize("NFKC", text[:_LONGEST]):
        name = unicodedata.name(sign, "")
        if name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "LATIN", "DIGIT")) or sign in "々〇ー":
            kept.append(sign)
    return "".join(kept)


def _covered(morphemes: list[Any], texts: list[str], signs: list[str]) -> list[list[int]]:
    """Of each morpheme the words that it covers, one entry a sign. Open JTalk writes letters in full width and numbers
    in kanji, so that what differs is laid beside what differs."""
    plain, owners = "", []
    for index, (text, sign) in enumerate(zip(texts, signs, strict=True)):
        said = text + (sign if sign in _SILENT else "")
        plain += said
        owners += [index] * len(said)
    strings = [unicodedata.normalize("NFKC", each["string"]) for each in morphemes]
    wide = "".join(strings)
    places = [0] * (len(wide) + 1)
    normal = "".join(unicodedata.normalize("NFKC", sign)[:1] for sign in plain)
    for tag, a, b, c, d in SequenceMatcher(None, wide.lower(), normal.lower(), autojunk=False).get_opcodes():
        for at in range(a, b):
            places[at] = c + (at - a) if tag == "equal" else c + (at - a) * (d - c) // (b - a)
    found, at = [], 0
    for string in strings:
        found.append([owners[min(place, len(owners) - 1)] for place in places[at : at + len(string)]] or [0])
        at += len(string)
    return found
