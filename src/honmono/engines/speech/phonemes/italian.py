"""Italian: rules for the sounds, and a list for what the spelling does not say, where the stress lies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from honmono.engines.speech.phonemes.reader import Rules, letters_of, names_of_letters, parts, word_lists
from honmono.engines.speech.utterance import Word

_VOWELS = "aeiouàèéìíòóùú"
_RULES = Rules(
    """
    <sci>[aouàòóù] = ʃ
    <sc>[eièéìí] = ʃ
    <cci>[aouàòóù] = tʧ
    <cc>[eièéìí] = tʧ
    <cch> = kː
    <ch> = k
    <ci>[aouàòóù] = ʧ
    <c>[eièéìí] = ʧ
    <cqu> = kːw
    <cc> = kː
    <c> = k
    <ggi>[aouàòóù] = dʤ
    <gg>[eièéìí] = dʤ
    <ggh> = ɡː
    <gh> = ɡ
    <gli>[aeouàèéòóù] = ʎ
    #<gli># = ʎi
    <gl>i# = ʎ
    V<gl>i = ʎ
    <gl> = ɡl
    V<gn>V = ɲɲ
    <gn> = ɲ
    <gi>[aouàòóù] = ʤ
    <g>[eièéìí] = ʤ
    <gg> = ɡː
    <g> = ɡ
    <qu> = kw
    <q> = k
    <h> =
    pi<zz> = ʦː
    iri<zz> = ʦː
    i<zz>[aioàò] = ʣː
    me<zz> = ʣː
    a<zz>urr = ʣː
    ga<zz>[ei] = ʣː
    <zz> = ʦː
    roman<z> = ʣ
    pran<z> = ʣ
    zan<z> = ʣ
    #<z> = ʣ
    <z> = ʦ
    V<s>V = z
    <s>[bdgvlmnr] = z
    <ss> = S
    <s> = s
    <j> = j
    <x> = ks
    <y> = i
    <w> = w
    <k> = k
    <bb> = bː
    <dd> = dː
    <ff> = ff
    <ll> = ll
    <mm> = mm
    <nn> = nn
    <pp> = pː
    <rr> = rɾ
    <tt> = tː
    <vv> = vː
    <n>[cgqk] = ŋ
    <b> = b
    <d> = d
    <f> = f
    <l> = l
    <m> = m
    <n> = n
    <p> = p
    <r> = r
    <t> = t
    <v> = v
    """,
    {"V": f"[{_VOWELS}]"},
)
_OPEN_ENDING = re.compile(r"(enz[ae]|[^m]ent[ei]|ell[oaie]|ier[aei]|iero)$")
_DIPHTHONGS = {"ai̯": "I", "au̯": "W", "ei̯": "A", "ɔi̯": "Y", "i̯": "i", "u̯": "ʊ"}
_READ = frozenset("abcdefghijklmnopqrstuvwxyzàèéìíòóùú")
_OPEN = {"à": "a", "è": "ɛ", "é": "e", "ì": "i", "í": "i", "ò": "ɔ", "ó": "o", "ù": "u", "ú": "u"}
_WORDS = word_lists("italian.toml")
_UNSTRESSED = frozenset(_WORDS["unstressed"].split())
_SDRUCCIOLE = re.compile(
    r"([aei]bil[ei]|evol[ei]|issim[oaie]|ic[oaie]|ich[ei]|aggine|[aiu]gin[ei]|udin[ei]|olog[oi]|ograf[oi]|ometr[oi]"
    r"|[^i]ono|[aei]vano|[aei]rono|[aei]ssero|[^i]ero|[ae]ndo(l[oaie]|si)|[^ui]ol[oaie]|ul[oaie]|im[oaie]|omin[ei]"
    r"|ordin[ei])$"
)
"""Endings behind a stress on the last but two."""
_PENULTIMATE = frozenset(_WORDS["penultimate"].split())
_ANTEPENULTIMATE = frozenset(_WORDS["antepenultimate"].split())
_OPEN_E = frozenset(_WORDS["open_e"].split())
_OPEN_O = frozenset(_WORDS["open_o"].split())
_LETTERS = names_of_letters(
    "abcdefghijklmnopqrstuvwxyz",
    """
    à bi cì dì è effe gi acca ì ilunga cappa elle emme enne ò pi cu erre esse tì ù vu doppiavu ics ipsilon zeta
""",
)


class Italian:
    """Reads Italian."""

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        said: list[str] = []
        for word, prescribed in zip(words, given, strict=True):
            if prescribed is not None:
                said.append(prescribed)
                continue
            pieces: list[str] = []
            for text in word.spoken:
                for piece in parts(letters_of(text)):
                    # L'acqua is one word for the voice, and l is no letter to spell.
                    *clitics, last = piece.split("'")
                    bare = "".join(
                        self.word(clitic + (last[0] if last[:1] in _VOWELS and last else "a"))[:-1].replace("ˈ", "")
                        for clitic in clitics
                    )
                    pieces.append(bare + self.word(last))
            said.append(" ".join(filter(None, pieces)))
        return said

    def word(self, word: str) -> str:
        """One word in small letters."""
        known = "".join(letter for letter in word if letter in _READ)
        if not known:
            return ""
        if not any(letter in _VOWELS for letter in known):
            return self._spelled(known)
        pieces = _glides(_RULES.apply(known))
        nuclei = [
            index
            for index, (letters, phonemes) in enumerate(pieces)
            if letters in _VOWELS and phonemes not in ("j", "w", "i̯", "u̯")
        ]
        stressed = None if known in _UNSTRESSED or not nuclei else _stressed(known, pieces, nuclei)
        sound = ""
        for index, (_letters, phonemes) in enumerate(pieces):
            if index == stressed:
                open_e = known in _OPEN_E or _OPEN_ENDING.search(known)
                if (phonemes == "e" and open_e) or (phonemes == "o" and (known in _OPEN_O or known.endswith("oria"))):
                    phonemes = {"e": "ɛ", "o": "ɔ"}[phonemes]
                sound += "ˈ"
            elif phonemes in ("u", "i"):
                # Where they are not stressed they are slack: u everywhere, i at the end.
                last = index == len(pieces) - 1
                phonemes = "ʊ" if phonemes == "u" else "ɪ" if last and len(pieces) > 1 else "i"
            sound += phonemes
        for pair, diphthong in _DIPHTHONGS.items():
            sound = sound.replace(pair, diphthong)
        return sound

    def _spelled(self, letters: str) -> str:
        return " ".join(self.word(_LETTERS[letter]) for letter in letters if letter in _LETTERS)


def _glides(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Vowels with their phonemes; i and u before another vowel are j and w."""
    found: list[tuple[str, str]] = []
    for index, (letters, phonemes) in enumerate(pieces):
        following = pieces[index + 1][0][0] if index + 1 < len(pieces) else ""
        before = pieces[index - 1][0] if index else ""
        if letters in _VOWELS and not phonemes:
            phonemes = _OPEN.get(letters, letters)
            last = index + 2 >= len(pieces)
            if (
                letters == "i"
                and following in tuple("aeouàèéòóù")
                and not (last and before not in _VOWELS and len(pieces) <= 3)
            ):
                phonemes = "j"
            elif letters == "u" and following in tuple("aeioàèéìòó") and not (last and len(pieces) <= 3):
                phonemes = "w"
            elif letters in "iu" and before in tuple("aeo") and letters != before and following:
                phonemes = f"{letters}̯"
        found.append((letters, phonemes))
    return found


def _stressed(word: str, pieces: list[tuple[str, str]], nuclei: list[int]) -> int:
    for index in nuclei:
        if pieces[index][0] in "àèéìíòóùú":
            return index
    if len(nuclei) == 1:
        return nuclei[0]
    # A word may end in two vowels that share the stress: mai, poi, sei, lui.
    penultimate = nuclei[-2]
    if len(nuclei) < 3:
        return penultimate
    if word in _ANTEPENULTIMATE or (word not in _PENULTIMATE and _SDRUCCIOLE.search(word)):
        return nuclei[-3]
    return penultimate
