"""English: a lexicon, then the word's parts, then its letters.

The neighbours matter: "the" before a vowel, "read" as a noun or a verb. Where a homograph occurs, the tagger of the text
engines says what part of speech it is, unless the text says so itself (`role`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from honmono.engines.speech.phonemes.english_letters import Letters
from honmono.engines.speech.phonemes.english_lexicon import Lexicon
from honmono.engines.speech.phonemes.ipa import VOWELS
from honmono.engines.speech.phonemes.reader import letters_of, parts, pauses_behind, without_accents
from honmono.engines.speech.utterance import Word

if TYPE_CHECKING:
    from honmono.engines.text.perceptron import PerceptronTagger
    from honmono.weights import Cache

_PRIMARY, _SECONDARY = "ˈ", "ˌ"
_ROLES = {
    "VB": "VERB",
    "VBZ": "VERB",
    "VBP": "VERB",
    "VBD": "VBD",
    "VBN": "VBN",
    "VBG": "VERB",
    "NN": "NOUN",
    "NNS": "NOUN",
    "NNP": "NOUN",
    "JJ": "ADJ",
    "RB": "ADV",
    "DT": "DT",
    "IN": "IN",
    "DEFAULT": "DEFAULT",
}
_WIDER = {"VBD": "VERB", "VBN": "VERB", "VBP": "VERB"}
_SENSES = {"bass": "bˈæs", "lead": "lˈɛd", "wind": "wˈInd", "tear": "tˈɛɹ", "sow": "sˈW", "bow": "bˈW", "row": "ɹˈW"}
"""The sense that Polly calls `amazon:SENSE_1`: the rarer one, "bass" as the fish."""
_FLAPPED_BEHIND = "AIOWYiuæɑəɛɪɹʊʌ"
_SUFFIXES = {
    "ness": "nəs",
    "less": "ləs",
    "ly": "li",
    "ful": "fᵊl",
    "ship": "ʃˌɪp",
    "hood": "hˌʊd",
    "like": "lˌIk",
    "wise": "wˌIz",
    "proof": "pɹˌuf",
    "able": "əbᵊl",
    "ment": "mənt",
    "ish": "ɪʃ",
}
_PREFIXES = {"un": "ʌn", "re": "ɹi", "non": "nˌɑn", "dis": "dɪs", "mis": "mɪs", "pre": "pɹi", "anti": "ˌænti"}
_SHORTEST_PART = 3


class English:
    """Reads American or British English."""

    def __init__(self, cache: Cache, british: bool) -> None:
        """Raises WeightsMissing."""
        self._cache = cache
        self._british = british
        self._lexicon = Lexicon(cache, british)
        self._letters = Letters(british)
        self._tagger: PerceptronTagger | None = None

    def read(self, words: Sequence[Word], given: Sequence[str | None]) -> list[str]:
        """See `Reader.read`."""
        pieces = [[piece for text in word.spoken for piece in parts(_ascii(text))] for word in words]
        tags = self._tags(words, pieces)
        said: list[str] = [""] * len(words)
        before_vowel: bool | None = None
        next_piece = ""
        for index in range(len(words) - 1, -1, -1):
            if pauses_behind(words, index):
                before_vowel = None
            prescribed = given[index]
            if prescribed is not None:
                said[index] = prescribed
                before_vowel, next_piece = _begins_with_vowel(prescribed, before_vowel), ""
                continue
            sounds: list[str] = []
            for place in range(len(pieces[index]) - 1, -1, -1):
                piece = pieces[index][place]
                sound = self._piece(piece, tags[index], before_vowel, next_piece, lone=len(pieces[index]) == 1)
                sounds.append(sound)
                before_vowel, next_piece = _begins_with_vowel(sound, before_vowel), piece.lower()
            joint = "" if "-" in words[index].text and len(words[index].spoken) == 1 else " "
            said[index] = joint.join(sound for sound in reversed(sounds) if sound)
        return [each if self._british else each.replace("ɾ", "T").replace("ʔ", "t") for each in said]

    def _tags(self, words: Sequence[Word], pieces: list[list[str]]) -> list[str]:
        """Of each word the lexicon's name of its part of speech, or "" where it makes no difference."""
        tags = [_ROLES.get(word.role.partition(":")[2], word.role) for word in words]
        asked = [
            index
            for index, found in enumerate(pieces)
            if not tags[index] and len(found) == 1 and len(self._forms(found[0])) > 1
        ]
        if not asked:
            return tags
        if self._tagger is None:
            from honmono.engines.text.taggers import english_tagger

            self._tagger = english_tagger(self._cache)
        flat = [(index, piece) for index, found in enumerate(pieces) for piece in found]
        told = self._tagger.tag([piece for _, piece in flat])
        for place, (index, piece) in enumerate(flat):
            if index in asked:
                tag = told[place][0]
                if tag == "AUX":
                    tag = "VERB"
                elif tag == "DET":
                    tag = "DT"
                before = [word.lower() for _, word in flat[max(0, place - 3) : place]]
                if tag == "VERB" and piece.lower() == "read" and _HAVE.intersection(before):
                    tag = "VBN"
                tags[index] = tag
        return tags

    def _forms(self, piece: str) -> dict[str, str]:
        if len(piece) > 1 and piece.isupper() and not self._lexicon.exact(piece):
            piece = piece.lower()
        return self._lexicon.forms(piece)

    def _piece(self, piece: str, tag: str, before_vowel: bool | None, following: str, lone: bool) -> str:
        small = piece.lower()
        if len(piece) == 1 and piece.isalpha() and not (lone and small in "ai"):
            return self._spelled(piece)
        weak = self._weak(piece, small, tag, before_vowel, following)
        if weak is not None:
            return weak
        if tag.endswith("SENSE_1") and small in _SENSES:
            return _SENSES[small]
        forms = self._forms(piece)
        if forms:
            if before_vowel is None and "None" in forms:
                return forms["None"]
            found = forms.get(tag) or forms.get(_WIDER.get(tag, ""), forms["DEFAULT"])
            return _with_stress(found) if piece[0].isupper() else found
        if self._is_acronym(piece):
            return self._spelled(piece)
        return self._derived(small, tag) or self._letters.read(small) or self._spelled(piece)

    def _weak(self, piece: str, small: str, tag: str, before_vowel: bool | None, following: str) -> str | None:
        """Small words that lean on the next one."""
        if small == "the":
            return "ði" if before_vowel else "ðə"
        if small == "a" and (piece == "a" or before_vowel is not None) and tag != "NOUN":
            return "ɐ"
        if small == "an":
            return "ɐn"
        if small == "to":
            return {None: None, False: "tə", True: "tʊ"}[before_vowel]
        if small == "in":
            return "ˈɪn" if before_vowel is None else "ɪn"
        if piece == "I":
            return "ˌI"
        if piece == "a":
            return "ˈA"
        if small == "used" and following == "to" and tag not in {"NOUN", "VBN"}:
            return self._lexicon.forms("used").get("VBD")
        return None

    def _is_acronym(self, piece: str) -> bool:
        return 1 < len(piece) <= 5 and piece.isupper() and piece.isalpha()

    def _spelled(self, piece: str) -> str:
        """Letter by letter, the last one stressed."""
        names = [self._lexicon.forms(letter.upper()).get("DEFAULT", "") for letter in piece if letter.isalpha()]
        names = [name.replace(_PRIMARY, _SECONDARY) for name in names if name]
        if names:
            last = names[-1]
            names[-1] = last.replace(_SECONDARY, _PRIMARY)
        return "".join(names)

    def _derived(self, small: str, tag: str) -> str | None:
        """By its parts: an ending that grammar adds, one that makes another word, two words in one."""
        return (
            self._possessive(small, tag)
            or self._plural(small, tag)
            or self._past(small, tag)
            or self._progressive(small, tag)
            or self._suffixed(small, tag)
            or self._prefixed(small, tag)
            or self._compound(small)
        )

    def _known(self, small: str, tag: str) -> str | None:
        """A word of the lexicon, or one that its parts explain."""
        if len(small) < 2:
            return None
        forms = self._lexicon.forms(small)
        if forms:
            return forms.get(tag, forms["DEFAULT"])
        return None

    def _possessive(self, small: str, tag: str) -> str | None:
        if small.endswith("'s"):
            stem = small[:-2]
            said = self._known(stem, tag) or self._derived(stem, tag) or self._letters.read(stem)
            return _with_s(said, self._british) if said else None
        if small.endswith("'"):
            return self._known(small[:-1], tag) or self._derived(small[:-1], tag)
        return None

    def _plural(self, small: str, tag: str) -> str | None:
        if not small.endswith("s") or small.endswith("ss"):
            return None
        stems = [small[:-1]]
        if small.endswith("ies"):
            stems.append(small[:-3] + "y")
        if small.endswith("es"):
            stems.append(small[:-2])
        said = self._first_known(stems, tag)
        return _with_s(said, self._british) if said else None

    def _past(self, small: str, tag: str) -> str | None:
        if not small.endswith("ed"):
            return None
        said = self._first_known(_stems(small[:-2]), tag)
        return _with_ed(said, self._british) if said else None

    def _progressive(self, small: str, tag: str) -> str | None:
        if not small.endswith(("ing", "ings", "in'")):
            return None
        stem = re.sub(r"ings?$|in'$", "", small)
        said = self._first_known(_stems(stem), tag)
        if not said:
            return None
        if self._british and said[-1] in "əː" and stem.endswith("r"):
            said += "ɹ"
        elif not self._british and said[-1] == "t" and said[-2:-1] in _FLAPPED_BEHIND:
            said = said[:-1] + "ɾ"
        return said + ("ɪŋz" if small.endswith("s") else "ɪŋ")

    def _suffixed(self, small: str, tag: str) -> str | None:
        for suffix, sound in _SUFFIXES.items():
            if small.endswith(suffix) and len(small) - len(suffix) >= _SHORTEST_PART:
                stem = small[: -len(suffix)]
                stems = [stem, stem[:-1] + "y"] if stem.endswith("i") else [stem]
                if suffix in {"able", "ish"}:
                    stems = _stems(stem)
                said = self._first_known(stems, "")
                if said:
                    return said + self._by_dialect(sound)
        return None

    def _prefixed(self, small: str, tag: str) -> str | None:
        for prefix, sound in _PREFIXES.items():
            if small.startswith(prefix) and len(small) - len(prefix) >= _SHORTEST_PART:
                rest = small[len(prefix) :]
                said = self._known(rest, tag) or self._plural(rest, tag) or self._past(rest, tag)
                if said or (said := self._progressive(rest, tag) or self._suffixed(rest, tag)):
                    return self._by_dialect(sound) + said
        return None

    def _compound(self, small: str) -> str | None:
        """Two words of the lexicon in one, as nearly alike in length as can be; the first one is stressed."""
        cuts = range(_SHORTEST_PART, len(small) - _SHORTEST_PART + 1)
        for cut in sorted(cuts, key=lambda cut: abs(2 * cut - len(small))):
            first = self._lexicon.forms(small[:cut]) if self._lexicon.exact(small[:cut]) else {}
            if not first:
                continue
            second = self._known(small[cut:], "") if self._lexicon.exact(small[cut:]) else None
            second = second or self._plural(small[cut:], "") if len(small) - cut > _SHORTEST_PART else second
            if second:
                return first["DEFAULT"] + second.replace(_PRIMARY, _SECONDARY)
        return None

    def _first_known(self, stems: Sequence[str], tag: str) -> str | None:
        return next((said for stem in stems if (said := self._known(stem, tag))), None)

    def _by_dialect(self, sound: str) -> str:
        return sound.replace("ˌɑ", "ˌɒ").replace("æ", "a").replace("i", "iː") if self._british else sound


_HAVE = frozenset({"have", "has", "had", "having", "'ve", "was", "were", "been", "be", "is", "are"})


def _ascii(text: str) -> str:
    """Latin letters without accents; the letters of other scripts stay, and say nothing."""
    return without_accents(letters_of(text) if text.islower() else text[:200].replace("’", "'"))


def _stems(rest: str) -> list[str]:
    """What "-ed" or "-ing" may have been put to: walk, mak(e), stop(p), panic(k), tri → try."""
    stems = [rest, rest + "e"]
    if len(rest) > 2 and rest[-1] == rest[-2]:
        stems.insert(0 if rest[-1] not in "lsz" else 1, rest[:-1])
    if rest.endswith("ck"):
        stems.append(rest[:-1])
    if rest.endswith("i"):
        stems.append(rest[:-1] + "y")
    return stems


def _with_s(said: str, british: bool) -> str:
    if said[-1] in "ptkfθ":
        return said + "s"
    if said[-1] in "szʃʒʧʤ":
        return said + ("ɪz" if british else "ᵻz")
    return said + "z"


def _with_ed(said: str, british: bool) -> str:
    if said[-1] in "pkfθʃsʧ":
        return said + "t"
    if said[-1] == "d":
        return said + ("ɪd" if british else "ᵻd")
    if said[-1] == "t":
        if british:
            return said + "ɪd"
        return said[:-1] + "ɾᵻd" if said[-2:-1] in _FLAPPED_BEHIND else said + "ᵻd"
    return said + "d"


def _with_stress(said: str) -> str:
    """A word with a capital is not swallowed: a weak one gets a light stress."""
    if _PRIMARY in said or _SECONDARY in said:
        return said
    for index, phoneme in enumerate(said):
        if phoneme in VOWELS:
            return said[:index] + _SECONDARY + said[index:]
    return said


def _begins_with_vowel(said: str, otherwise: bool | None) -> bool | None:
    first = next((phoneme for phoneme in said if phoneme not in "ˈˌ "), "")
    return first in VOWELS if first else otherwise
