"""Words through Kokoro: calls of a length that it takes, and every word's samples from its phonemes' durations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from honmono.engines.speech.kokoro import MOST_PHONEMES, RATE, Kokoro
from honmono.engines.speech.synthesis.phrase import Face, Phrase, phonemes_of
from honmono.engines.speech.synthesis.shaping import pace
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.speech.phonemes import Phonemes

_LEAD = RATE // 20
"""Silence kept before the first phoneme: the network makes a third of a second, which nobody wants to wait for."""
_SLOWEST, _FASTEST = 0.5, 2.0
"""Of the network itself: beyond these it slurs; what is missing is made by stretching the sound."""
_PUNCTUATION = {
    "、": ",",
    "，": ",",
    "。": ".",
    "．": ".",
    "！": "!",
    "？": "?",
    "；": ";",
    "：": ":",
    "–": "—",
    "-": "—",
}
_SENTENCE_ENDS, _CLAUSE_ENDS = ".!?…", ",;:—"


@dataclass(slots=True)
class _Piece:
    """What is said in one call: phonemes with the word that each belongs to (-1 for the blank between two)."""

    phonemes: str
    words: list[int]


class KokoroSpeaker:
    """Speaks with Kokoro's voices."""

    def __init__(self, kokoro: Kokoro, phonemes: Phonemes) -> None:
        self._kokoro = kokoro
        self._phonemes = phonemes

    def speak(self, words: Sequence[Word], voice: str) -> Phrase:
        """See `Speaker.speak`."""
        import numpy as np

        read = self._read(words)
        speeds = [min(max(pace(word), _SLOWEST), _FASTEST) for word in words]
        found = Phrase(np.zeros(0, np.float32), RATE, [(-1, -1)] * len(words), [], speeds)
        sounds: list[NDArray[np.float32]] = []
        naturals, lasted = [0] * len(words), [0] * len(words)
        length = 0
        for piece in self._pieces(words, read):
            paces = _paces(piece, speeds)
            sound = self._kokoro.say(piece.phonemes, voice, paces)
            first = max(0, sound.begin - _LEAD)
            # Behind the last phoneme the network leaves a frame that belongs to nobody.
            sounds.append(sound.samples[first : sound.ends[-1]])
            begins = [sound.begin, *sound.ends]
            shift = length - first
            self._note(found, piece, words, [begin + shift for begin in begins])
            for index, natural, begin, end in zip(piece.words, sound.natural, begins, sound.ends, strict=False):
                if index >= 0:
                    naturals[index] += natural
                    lasted[index] += end - begin
            length += sound.ends[-1] - first
        found.samples = np.concatenate(sounds) if sounds else found.samples
        found.speeds = _reached(speeds, naturals, lasted)
        found.place_silent()
        return found

    def _read(self, words: Sequence[Word]) -> list[str]:
        """Of each word its phonemes, language by language."""
        read = [""] * len(words)
        begin = 0
        while begin < len(words):
            language = words[begin].style.language
            end = begin
            while end < len(words) and words[end].style.language == language:
                end += 1
            read[begin:end] = phonemes_of(self._phonemes, words[begin:end], language)
            begin = end
        return ["".join(sign for sign in phonemes if self._kokoro.knows(sign)).strip() for phonemes in read]

    def _pieces(self, words: Sequence[Word], read: list[str]) -> Iterator[_Piece]:
        """Calls of at most `MOST_PHONEMES`, cut behind a sentence, else a clause, else a word."""
        whole = _Piece("", [])
        for index, (word, phonemes) in enumerate(zip(words, read, strict=True)):
            behind = self._behind(word)
            if phonemes and whole.phonemes:
                whole.phonemes += " "
                whole.words.append(-1)
            if phonemes or whole.phonemes:  # punctuation before the first sound says nothing
                said = phonemes + behind
                whole.phonemes += said
                whole.words += [index] * len(said)
        while len(whole.phonemes) > MOST_PHONEMES:
            cut = _cut(whole.phonemes[:MOST_PHONEMES])
            yield _Piece(whole.phonemes[:cut], whole.words[:cut])
            rest = len(whole.phonemes) - len(whole.phonemes[cut:].lstrip())
            whole = _Piece(whole.phonemes[rest:], whole.words[rest:])
        if whole.phonemes.strip(_SENTENCE_ENDS + _CLAUSE_ENDS + ' "'):
            yield whole

    def _behind(self, word: Word) -> str:
        signs = "".join(_PUNCTUATION.get(sign, sign) for sign in word.behind)
        return "".join(sign for sign in signs if sign in _SENTENCE_ENDS + _CLAUSE_ENDS and self._kokoro.knows(sign))[:3]

    def _note(self, found: Phrase, piece: _Piece, words: Sequence[Word], begins: list[int]) -> None:
        """Write down the words' samples and faces of a piece; `begins` has one entry more than it has phonemes."""
        at = 0
        while at < len(piece.words):
            index = piece.words[at]
            end = at
            while end < len(piece.words) and piece.words[end] == index:
                end += 1
            if index >= 0:
                first, _ = found.words[index]
                found.words[index] = (begins[at] if first < 0 else first, begins[end])
                said = piece.phonemes[at:end]
                last = ""
                for offset, viseme in enumerate(self._phonemes.visemes(said, words[index].style.language)):
                    if viseme != last:
                        found.faces.append(Face(begins[at + offset], viseme, index))
                    last = viseme
            at = end


def _paces(piece: _Piece, speeds: list[float]) -> float | list[float]:
    """Of each phoneme its word's speed; a blank goes with the word before it."""
    found: list[float] = []
    for index in piece.words:
        found.append(speeds[index] if index >= 0 else found[-1])
    return found[0] if len(set(found)) == 1 else found


def _reached(speeds: list[float], naturals: list[int], lasted: list[int]) -> list[float]:
    """How much faster words were really said, neighbours of one speed taken together."""
    found: list[float] = []
    while len(found) < len(speeds):
        begin = end = len(found)
        while end < len(speeds) and speeds[end] == speeds[begin]:
            end += 1
        took = sum(lasted[begin:end])
        found += [sum(naturals[begin:end]) / took if took and speeds[begin] != 1 else speeds[begin]] * (end - begin)
    return found


def _cut(phonemes: str) -> int:
    """Behind which character to cut: the last sentence's end, else clause, else blank."""
    for signs in (_SENTENCE_ENDS, _CLAUSE_ENDS, " "):
        last = max(phonemes.rfind(sign) for sign in signs)
        if last > len(phonemes) // 3:
            return last + 1
    return len(phonemes)
