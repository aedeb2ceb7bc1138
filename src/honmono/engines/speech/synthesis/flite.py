"""Fast English: CMU Flite (A. W. Black and K. A. Lenzo, "Flite: a small fast run-time synthesis engine", 2001) with its
statistical voices, as a program of its own.

It is told how each word sounds, in the phonemes that our own reader found, and tells how long each of them lasts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.errors import EngineFailed, EngineUnavailable, UnsupportedLanguage
from honmono.engines.speech.phonemes import Phonemes, visemes
from honmono.engines.speech.synthesis.phrase import Phone, Phrase, joined, phonemes_of
from honmono.engines.speech.synthesis.said import Voice
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
VOICES = (
    Voice("slt", "en-US", "Female", ("standard",), RATE),
    Voice("rms", "en-US", "Male", ("standard",), RATE),
    Voice("awb", "en-GB", "Male", ("standard",), RATE),
)
"""All read with an American accent's phonemes; awb is a Scotsman."""
_LEAD = RATE // 20
_TAIL = RATE // 10
_MOST_WORDS = 60
_SECONDS = 60
_PHONES = {
    "A": "ey",
    "I": "ay",
    "O": "ow",
    "Q": "ow",
    "W": "aw",
    "Y": "oy",
    "i": "iy",
    "ɪ": "ih",
    "ᵻ": "ih",
    "ɛ": "eh",
    "e": "eh",
    "æ": "ae",
    "a": "ae",
    "ɑ": "aa",
    "ɒ": "aa",
    "ɔ": "ao",
    "ʊ": "uh",
    "u": "uw",
    "ʌ": "ah",
    "ə": "ah",
    "ᵊ": "ah",
    "ɐ": "ah",
    "ɜ": "er",
    "ɚ": "er",
    "ɹ": "r",
    "r": "r",
    "j": "y",
    "ɡ": "g",
    "ŋ": "ng",
    "θ": "th",
    "ð": "dh",
    "ʃ": "sh",
    "ʒ": "zh",
    "ʧ": "ch",
    "ʤ": "jh",
    "h": "hh",
    "T": "t",
    "ɾ": "t",
    "ʔ": "t",
    "x": "k",
} | {same: same for same in "bdfklmnpstvwz"}
_VOWELS = frozenset("AIOQWYiɪᵻɛeæaɑɒɔʊuʌəᵊɐɜɚ")
_SOUND_OF = {
    "ey": "A",
    "ay": "I",
    "ow": "O",
    "aw": "W",
    "oy": "Y",
    "iy": "i",
    "ih": "ɪ",
    "eh": "ɛ",
    "ae": "æ",
    "aa": "ɑ",
    "ao": "ɔ",
    "uh": "ʊ",
    "uw": "u",
    "ah": "ʌ",
    "ax": "ə",
    "er": "ɜ",
    "r": "ɹ",
    "y": "j",
    "g": "ɡ",
    "ng": "ŋ",
    "th": "θ",
    "dh": "ð",
    "sh": "ʃ",
    "zh": "ʒ",
    "ch": "ʧ",
    "jh": "ʤ",
    "hh": "h",
    "pau": ".",
}
_UNSTRESSED = """the of and to in for on with at by from is are was were be been have has had will would could should can
must but or not this that these those it he she they we you his her their our my your an as if so than then"""
_FUNCTION_WORDS = frozenset(_UNSTRESSED.split())
"""Flite says these without stress, so it must see them; all other words have made-up names."""


class FliteSpeaker:
    """Speaks English by running `flite`."""

    def __init__(self, program: str, phonemes: Phonemes) -> None:
        """`program` as `find_flite` found it."""
        self._program = program
        self._phonemes = phonemes

    def speak(self, words: Sequence[Word], voice: str) -> Phrase:
        """See `Speaker.speak`.

        Raises:
            UnsupportedLanguage: a word is not English.
            EngineFailed: the program failed.
        """
        for word in words:
            if not word.style.language.startswith("en"):
                raise UnsupportedLanguage(word.style.language, ("en-US", "en-GB"), "ask for the engine neural")
        read = phonemes_of(self._phonemes, words, "en-US")
        pieces = (
            (first, *self._say(words[first:behind], read[first:behind], voice)) for first, behind in _pieces(words)
        )
        return joined(len(words), RATE, pieces, lambda phone: visemes(_SOUND_OF.get(phone, phone[0]), "en-US")[0])

    def _say(self, words: Sequence[Word], read: Sequence[str], voice: str) -> tuple[NDArray[np.float32], list[Phone]]:
        """The sound of words, and of each phone its name, its word, its first sample and the one behind its last."""
        import numpy as np

        text, lexicon, expected = _written(words, read)
        if not expected:
            return np.zeros(0, np.float32), []
        samples, segments = self._run(text, lexicon, voice)
        owners = _owners([phone for phone, _ in segments], expected)
        ends = [min(round(seconds * RATE), len(samples)) for _, seconds in segments]
        begins = [0, *ends[:-1]]
        first, last = 0, len(samples)
        if segments and segments[0][0] == "pau":
            first = max(0, ends[0] - _LEAD)
        if len(segments) > 1 and segments[-1][0] == "pau" and not words[-1].behind:
            last = min(last, begins[-1] + _TAIL)
        ends[-1] = last
        timed = [
            (phone, owner, max(begin, first) - first, min(end, last) - first)
            for (phone, _), owner, begin, end in zip(segments, owners, begins, ends, strict=True)
            if owner >= 0
        ]
        return samples[first:last], timed

    def _run(self, text: str, lexicon: str, voice: str) -> tuple[NDArray[np.float32], list[tuple[str, float]]]:
        import numpy as np

        with tempfile.TemporaryDirectory(prefix="flite-") as folder:
            sound, addenda = Path(folder) / "sound.wav", Path(folder) / "words.lex"
            addenda.write_text(lexicon, "ascii")
            command = [self._program, "-voice", voice, "-add_lex", str(addenda), "-t", text, "-psdur", "-o", str(sound)]
            kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=_SECONDS, env=kept, check=False, cwd=folder
                )
                if done.returncode:
                    raise EngineFailed("flite", f"it ended with {done.returncode}: {done.stderr.strip()[:200]}")
                with wave.open(str(sound)) as reader:
                    frames = reader.readframes(reader.getnframes())
            except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
                raise EngineFailed("flite", str(error)[:200]) from error
        segments = [(phone, float(seconds)) for phone, seconds in _SEGMENT.findall(done.stdout)]
        return (np.frombuffer(frames, "<i2") / 32768).astype(np.float32), segments


_SYLLABLES = [consonant + vowel for consonant in "bdfklmnprt" for vowel in "aeio"]
_SEGMENT = re.compile(r"(\w+):(\d+\.\d+)")


def find_flite(chosen: str | None) -> str | None:
    """Where the program is: as configured, else on the path; None where it is not installed.

    Raises:
        EngineUnavailable: the configured one is not there.
    """
    if chosen is not None and shutil.which(chosen) is None:
        raise EngineUnavailable("flite", f"{chosen} is no program: [engines.speech-synthesis] flite")
    return shutil.which(chosen or "flite")


def _pieces(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Runs of at most `_MOST_WORDS` words, cut behind punctuation where there is some."""
    first = 0
    while len(words) - first > _MOST_WORDS:
        behind = first + _MOST_WORDS
        cut = next((at for at in range(behind, first + _MOST_WORDS // 3, -1) if words[at - 1].behind), behind)
        yield first, cut
        first = cut
    if first < len(words):
        yield first, len(words)


def _written(words: Sequence[Word], read: Sequence[str]) -> tuple[str, str, list[tuple[str, int]]]:
    """What Flite is given to read, its lexicon, and the phones to expect with their words."""
    tokens: list[str] = []
    lexicon: dict[str, str] = {}
    expected: list[tuple[str, int]] = []
    for index, (word, phonemes) in enumerate(zip(words, read, strict=True)):
        for number, part in enumerate(phonemes.split()):
            phones = _phones(part)
            if not phones:
                continue
            pronounced = " ".join(phones)
            name = word.text.lower()
            if name not in _FUNCTION_WORDS or number or lexicon.get(name, pronounced) != pronounced:
                name = _name(len(tokens))
            lexicon[name] = pronounced
            tokens.append(name)
            expected += [(phone.rstrip("01"), index) for phone in phones]
        if word.behind and tokens:
            is_last = index == len(words) - 1
            sign = word.behind[0] if is_last and word.behind[0] in ".?!" else ","
            tokens[-1] = tokens[-1].rstrip(",") + sign
    return " ".join(tokens), "".join(f"{name} 0 : {phones}\n" for name, phones in lexicon.items()), expected


def _name(number: int) -> str:
    """A word that no lexicon has, but which can be read, for what cannot is spelt: `zubako`."""
    return f"zu{_SYLLABLES[number // len(_SYLLABLES) % len(_SYLLABLES)]}{_SYLLABLES[number % len(_SYLLABLES)]}"


def _phones(phonemes: str) -> list[str]:
    """Kokoro's phonemes in Flite's phone set, with stresses: `hˈWs` → hh aw1 s."""
    found: list[str] = []
    stress = "0"
    signs = phonemes.replace("ɜɹ", "ɜ").replace("əɹ", "ɚ")
    for sign in signs:
        if sign in "ˈˌ":
            stress = "1"
        elif sign in _VOWELS:
            found.append(_PHONES[sign] + stress)
            stress = "0"
        elif sign in _PHONES:
            found.append(_PHONES[sign])
    return found


def _owners(segments: list[str], expected: list[tuple[str, int]]) -> list[int]:
    """Of each segment its word. Pauses go with the word before them, the first with nobody (-1)."""
    phones = [phone for phone, _ in expected]
    spoken = [index for index, segment in enumerate(segments) if segment != "pau"]
    owners = [-2] * len(segments)
    if len(spoken) == len(phones):
        for index, (_, owner) in zip(spoken, expected, strict=True):
            owners[index] = owner
    else:
        names = [segments[index] for index in spoken]
        for tag, a, b, c, d in SequenceMatcher(None, names, phones, autojunk=False).get_opcodes():
            for at in range(a, b):
                place = c + (at - a) if tag == "equal" else c + (at - a) * max(d - c, 0) // (b - a)
                owners[spoken[at]] = expected[min(place, len(expected) - 1)][1]
    last = -1
    for index, owner in enumerate(owners):
        last = owners[index] = last if owner == -2 else owner
    return owners
