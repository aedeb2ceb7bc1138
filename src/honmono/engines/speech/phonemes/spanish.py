"""Spanish: its spelling says how it is read (Real Academia Española, "Ortografía de la lengua española", 2010)."""

from __future__ import annotations

from collections.abc import Sequence

from honmono.engines.speech.phonemes.reader import Rules, letters_of, parts, pauses_behind
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouáéíóúü"
_STRONG = "aeoáéíóú"
_RULES = Rules(
    """
    <ch> = ʧ
    #<ll> = ʎ
    <ll># = l
    <ll> = ʎ
    <rr> = r
    #<r> = r
    [nls]<r> = r
    <r> = ɾ
    <qu>[eiéí] = k
    <q> = k
    <cc>[eiéí] = kθ
    <c>[eiéí] = θ
    <c> = k
    <gu>[eiéí] = ɡ
    <gü> = ɡw
    <g>[eiéí] = x
    <g> = ɡ
    <j> = x
    #<hu>[aeoáéó] = w
    <hu>[aeoáéó] = w
    #<hi>[eaéá] = ʝ
    <h> =
    <ñ> = ɲ
    #<x> = s
    <x> = ks
    #<y># = i
    <y>V = ʝ
    <y> = i
    <z> = θ
    <v> = b
    <w> = w
    <k> = k
    <ph> = f
    <sh> = ʃ
    #<ps> = s
    <n>[ckgqj] = ŋ
    <n>[bvpm] = m
    <tz> = ts
    <b> = b
    <ç> = s
    <d> = d
    <f> = f
    <l> = l
    <m> = m
    <n> = n
    <p> = p
    <s> = s
    <t> = t
    """,
    {"V": f"[{_VOWELS}]"},
)
_LENITED = {"b": "β", "d": "ð", "ɡ": "ɣ"}
_PLAIN = {"á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ü": "u", "à": "a", "è": "e", "ì": "i", "ò": "o", "ù": "u"}
_UNSTRESSED = frozenset(
    ["el", "la", "los", "las", "lo", "un", "de", "del", "al", "a", "y", "e", "o", "u", "que", "en", "con", "por", "para", "su", "sus", "mi", "mis", "tu", "tus", "se", "me", "te", "le", "les", "nos", "os", "si", "como", "pero", "cuando", "aunque", "porque", "mientras", "pues", "sin", "ni"]
)
_LETTERS = dict(
    zip(
        "abcdefghijklmnñopqrstuvwxyz",
        ["a", "be", "ce", "de", "e", "efe", "ge", "hache", "i", "jota", "ka", "ele", "eme", "ene", "eñe", "o", "pe", "cu", "erre", "ese", "te", "u", "uve", "uvedoble", "equis", "ygriega", "zeta"],
        strict=True,
    )
)


class Spanish:
    """Reads Spanish.

    Args:
        lisps: whether c and z before e and i are θ, as in most of Spain, or s, as in America.
    """

    def __init__(self, lisps: bool) -> None:
        self._lisps = lisps

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        vowel_before = False
        for index, word in enumerate(words):
            prescribed = given[index]
            if prescribed is not None:
                said.append(prescribed)
            else:
                pieces: list[str] = []
                for text in word.spoken:
                    for piece in parts(letters_of(text)):
                        sound = self.word(piece, vowel_before)
                        pieces.append(sound)
                        vowel_before = sound[-1:] in tuple("aeiouIWAYO") if sound else vowel_before
                said.append(" ".join(filter(None, pieces)))
            if pauses_behind(words, index):
                vowel_before = False
        return said

    def word(self, word: str, behind_vowel: bool = False) -> str:
        """One word in small letters; `behind_vowel`: it follows a vowel without a pause, so that b, d, g are soft."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if not any(letter in _VOWELS + "y" for letter in known):
            return " ".join(self.word(_LETTERS[letter]) for letter in known if letter in _LETTERS)
        pieces = _syllabify(known)
        stressed = None if known in _UNSTRESSED else _stressed(known, pieces)
        sound = "".join(("ˈ" if index == stressed else "") + phonemes for index, (_, phonemes) in enumerate(pieces))
        sound = _soften(sound, behind_vowel)
        for pair, diphthong in _DIPHTHONGS.items():
            sound = sound.replace(pair, diphthong)
        return sound if self._lisps else sound.replace("kθ", "ks").replace("θ", "s")


_READ = frozenset("abcdefghijklmnñopqrstuvwxyzçáéíóúüàèìòù")
_DIPHTHONGS = {
    "ai̯": "I",
    "au̯": "W",
    "ei̯": "A",
    "oi̯": "Y",
    "ou̯": "O",
    "eu̯": "eʊ",
    "ui̯": "uɪ",
    "iu̯": "iʊ",
    "i̯": "ɪ",
    "u̯": "ʊ",
}


def _syllabify(word: str) -> list[tuple[str, str]]:
    """Letters and phonemes; i and u beside another vowel become glides: j, w before it, i̯, u̯ behind it."""
    pieces = _RULES.apply(word)
    marked: list[tuple[str, str]] = []
    for index, (letters, phonemes) in enumerate(pieces):
        before = marked[-1][1] if marked else ""
        following = pieces[index + 1][0][0] if index + 1 < len(pieces) else ""
        if letters in _VOWELS:
            plain = _PLAIN.get(letters, letters)
            if (letters in "iuü" and following and following in _VOWELS and following not in "iu") or (letters in "iu" and following in tuple("iuíú") and following != letters):
                phonemes = "j" if plain == "i" else "w"
            elif letters in "iu" and before[-1:] in tuple("aeo"):
                phonemes = f"{plain}̯"
            else:
                phonemes = plain
        elif letters == "y" and phonemes == "i" and before[-1:] in tuple("aeou"):
            phonemes = "i̯"
        marked.append((letters, phonemes))
    return marked


def _stressed(word: str, pieces: list[tuple[str, str]]) -> int | None:
    """Which piece bears the stress: the one with an accent, else the last but one syllable after a vowel, n or s, else
    the last."""
    nuclei = [index for index, (_, phonemes) in enumerate(pieces) if phonemes and phonemes in "aeiou"]
    for index in nuclei:
        if pieces[index][0] in "áéíóúàèìòù":
            return index
    if not nuclei:
        return None
    if len(nuclei) == 1:
        return nuclei[0]
    if word.endswith("mente") and len(nuclei) > 3:
        return nuclei[-2]
    return nuclei[-2] if word[-1] in "aeions" and pieces[-1][1] != "i̯" else nuclei[-1]


def _soften(sound: str, behind_vowel: bool) -> str:
    """b, d, g are stops after a pause, m, n (and l for d), else fricatives."""
    out = ""
    for index, phoneme in enumerate(sound):
        before = out.rstrip("ˈ")[-1:]
        if phoneme in _LENITED:
            hard = not before and not behind_vowel if index == 0 or not before else before in "mnŋ"
            hard = hard or (phoneme == "d" and before == "l")
            out += phoneme if hard else _LENITED[phoneme]
        else:
            out += phoneme
    return out
