"""French: rules for the letters, lists for the words that break them, and liaisons between words.

The rules follow N. Catach, "L'orthographe française", 1980; the phonemes are those of a Parisian: /ʁ/, nasal vowels as a
vowel with ̃, and no schwa at a word's end.
"""

from __future__ import annotations

from collections.abc import Sequence

from honmono.engines.speech.phonemes.reader import Rules, letters_of, names_of_letters, parts, pauses_behind, word_lists
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouyàâäæéèêëîïôöùûüœ"
_WORDS = word_lists("french.toml")
_RULES = Rules(
    _WORDS["rules"],
    {"V": f"[{_VOWELS}]", "C": "[bcçdfghjklmnpqrstvwxz]", "X": "(?=[^aeiouyàâäæéèêëîïôöùûüœnmh]|h)"},
)
_READ = frozenset("abcdefghijklmnopqrstuvwxyzçàâäæéèêëîïôöùûüœ")
_SOUNDS = "aeiouyøœɑɔɛə"
_LETTERS = names_of_letters(
    "abcdefghijklmnopqrstuvwxyz",
    """
    a be se de ə ɛf ʒe aʃ i ʒi ka ɛl ɛm ɛn o pe ky ɛʁ ɛs te y ve dubləve iks iɡʁɛk zɛd
""",
)
_SAID: dict[str, str] = _WORDS["said"]
_UNSTRESSED = frozenset(_WORDS["unstressed"].split())
_VERBS_IN_ENT = frozenset(_WORDS["verbs_in_ent"].split())
_ASPIRATED = tuple(_WORDS["aspirated"].split())
_LIAISONS = {word: consonant for consonant, words in _WORDS["liaisons"].items() for word in words.split()}


class French:
    """Reads French."""

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        link = ""
        before = ""
        for index, word in enumerate(words):
            prescribed = given[index]
            if prescribed is not None:
                said.append(prescribed)
                link, before = "", ""
                continue
            pieces: list[str] = []
            for text in word.spoken:
                for piece in parts(letters_of(text)):
                    sound = self._with_clitics(piece, before)
                    if link and sound and _begins_with_vowel(piece, sound):
                        sound = link + sound
                    if sound:
                        pieces.append(sound)
                    link, before = _LIAISONS.get(piece.rpartition("'")[2], ""), piece
            said.append(" ".join(pieces))
            if pauses_behind(words, index):
                link, before = "", ""
        return said

    def _with_clitics(self, piece: str, before: str) -> str:
        """l'eau, qu'il, aujourd'hui: what an apostrophe ties is said as one."""
        if piece in _SAID:
            return _SAID[piece] if piece in _UNSTRESSED else _stressed(_SAID[piece])
        *clitics, last = piece.split("'")
        sound = self.word(last, before if not clitics else "")
        for clitic in reversed(clitics):
            bare = _SAID.get(f"{clitic}'") or "".join(phonemes for _, phonemes in _RULES.apply(f"{clitic}u"))[:-1]
            sound = bare + sound
        return sound

    def word(self, word: str, before: str = "") -> str:
        """One word in small letters; `before`, the one before it, tells a verb in -ent from a noun."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if known in _SAID:
            return _SAID[known] if known in _UNSTRESSED else _stressed(_SAID[known])
        if known.endswith("s") and known[:-1] in _SAID and len(known) > 3:
            return _stressed(_SAID[known[:-1]])
        if len(known) == 1 or not any(letter in _VOWELS for letter in known):
            return _stressed(" ".join(_LETTERS.get(letter, "") for letter in known))
        if _is_verb_in_ent(known, before):
            known = known.removesuffix("ent") + "e"
        sound = "".join(phonemes for _, phonemes in _RULES.apply(known))
        return sound if known in _UNSTRESSED else _stressed(_tidy(sound))


def _is_verb_in_ent(word: str, before: str) -> bool:
    """Whether -ent is a silent ending: after ils, elles, qui and the like, or in verbs that are nothing else."""
    if not word.endswith("ent") or len(word) < 5 or word.endswith(("ment", "aient", "ient")):
        return word.endswith("ment") and before in _PLURALS and word not in _VERBS_IN_ENT
    return before in _PLURALS or word in _VERBS_IN_ENT or word.endswith(("èrent", "issent", "urent", "irent", "llent"))


_PLURALS = frozenset({"ils", "elles", "qui", "se", "s", "ne", "nous", "vous", "leur", "y"})


def _tidy(sound: str) -> str:
    """No two equal consonants in a row, no schwa at the end."""
    out = ""
    for phoneme in sound:
        if not (out and phoneme == out[-1] and phoneme not in _SOUNDS):
            out += phoneme
    return out.removesuffix("ə") if len(out) > 2 else out


def _stressed(sound: str) -> str:
    """The stress is on the last vowel."""
    for index in range(len(sound) - 1, -1, -1):
        if sound[index] in _SOUNDS:
            return f"{sound[:index]}ˈ{sound[index:]}"
    return sound


def _begins_with_vowel(piece: str, sound: str) -> bool:
    if piece.startswith(_ASPIRATED) or (piece in {"et", "ou", "où", "oui", "onze", "un"} and piece != "un"):
        return False
    return sound.lstrip("ˈ")[0] in _SOUNDS + "jwɥ" and piece[0] not in "yw"
