"""From pronunciations that people write, in IPA and X-SAMPA, to Kokoro's phonemes.

Kokoro was trained on misaki's phonemes: most are IPA's signs, but one capital stands for a diphthong, one ligature for
an affricate, and a stress mark stands before its vowel, not before its syllable.
"""

from __future__ import annotations

import re
import unicodedata

VOWELS = "AIOQWYaeiouyæøœɐɑɒɔəɚɛɜɤɨɪɯʊʌᵊᵻ"
_STRESSES = "ˈˌ"
_CONSONANTS = "bcdfhjklmnpqrstvwxzçðŋɕɖɟɡɥɰɱɲɳɴɸθɹɺɻɽɾʁʂʃʈʋʎʒʔʝβγɣχʣʤʥʦʧʨꭧST"

_SIGNS = {
    "g": "ɡ",
    "'": "ˈ",
    "ʹ": "ˈ",
    "ˊ": "ˈ",
    ",": "ˌ",
    ":": "ː",
    "ɫ": "l",
    "ɱ": "m",
    "ʀ": "ʁ",
    "ɦ": "h",
    "ħ": "h",
    "ʍ": "w",
    "ʟ": "l",
    "ɭ": "l",
    "ɬ": "l",
    "ʐ": "ʒ",
    "ʑ": "ʒ",
    "ɘ": "ə",
    "ɵ": "ə",
    "ɞ": "ɜ",
    "ɶ": "œ",
    "ʏ": "y",
    "ʉ": "u",
    "ɝ": "ɜɹ",
    "ɚ": "əɹ",
    "ᵿ": "ʊ",
    "ʘ": "",
    "ˑ": "",
    ".": "",
    "|": "",
    "‖": "",
    "‿": "",
    "-": "",
    "ʼ": "",
    "ˀ": "",
    "̚": "",
    "̯": "",
    "̪": "",
    "̺": "",
    "̻": "",
    "̼": "",
    "̞": "",
    "̝": "",
    "̟": "",
    "̠": "",
    "̥": "",
    "̬": "",
    "̈": "",
    "̽": "",
    "̹": "",
    "̜": "",
    "̴": "",
    "̰": "",
    "̤": "",
    "̍": "",
    "̆": "",
    "̊": "",
    "˞": "ɹ",
    "ʷ": "w",
    "ˠ": "",
    "ˤ": "",
    "ⁿ": "n",
    "ˡ": "l",
}
_TONES = {"˧˩˧": "↓", "˨˩˦": "↓", "˨˩": "↓", "˧˥": "↗", "˥˩": "↘", "˥": "→", "˧": "", "˨": "", "˩": "", "˦": ""}
_AFFRICATES = {"dʒ": "ʤ", "tʃ": "ʧ", "ʈʂ": "ꭧ", "tɕ": "ʨ", "dʑ": "ʥ"}
_SIBILANTS = {"ts": "ʦ", "dz": "ʣ"}
_DIPHTHONGS = {"aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "oʊ": "O", "əʊ": "Q"}
_NARROW_DIPHTHONGS = {"ai": "I", "au": "W", "ei": "A", "ɔi": "Y", "oi": "Y", "ou": "O", "ɛɪ": "A", "ɑɪ": "I", "ɑʊ": "W"}
_AMERICAN = {"ɒ": "ɑ", "Q": "O", "əʊ": "O", "ɪə": "ɪɹ", "ɾ": "T", "ː": "", "a": "ɑ", "ʔ": "t", "r": "ɹ"}
_AMERICAN |= {"ɛə": "ɛɹ", "ʊə": "ʊɹ", "e": "ɛ", "o": "O", "ɐ": "ə", "x": "k", "ç": "h", "y": "u", "œ": "ɜ", "ø": "ɜ"}
_AMERICAN |= {"ʲ": "", "ɣ": "ɡ", "β": "b", "ɲ": "nj", "ʎ": "lj", "ʁ": "ɹ", "χ": "k", "ɯ": "u", "ɕ": "ʃ", "ʝ": "j"}
_BRITISH = {"æ": "a", "O": "Q", "ɛə": "ɛː", "eə": "ɛː", "e": "ɛ", "o": "ɔ", "r": "ɹ", "ɾ": "t", "ʔ": "t", "ɐ": "ə"}
_BRITISH |= {"x": "k", "ç": "h", "y": "u", "œ": "ɜ", "ø": "ɜ", "ᵻ": "ɪ", "ʲ": "", "ɣ": "ɡ", "β": "b", "ɲ": "nj"}
_BRITISH |= {"ʎ": "lj", "ʁ": "ɹ", "χ": "k", "ɯ": "u", "ɕ": "ʃ", "ʝ": "j"}


def convert_ipa(text: str, language: str = "en-US") -> str:
    """Kokoro's phonemes of a pronunciation in the International Phonetic Alphabet.

    Args:
        text: `pɪˈkɑːn`; stress marks before a syllable, as IPA has them, or before a vowel.
        language: AWS's code; English knows fewer phonemes than the other languages, and the nearest are taken.

    Raises:
        ValueError: signs that are no IPA, named.
    """
    plain = unicodedata.normalize("NFD", text).replace("ç", "ç").replace("͡", "").replace("͜", "")
    plain = _replaced(plain, _TONES)
    plain = re.sub("(.)\u0329", lambda found: _syllabic(found[1]), plain)
    signs = [_SIGNS.get(sign, sign) for sign in plain]
    unknown = sorted({sign for group in signs for sign in group if sign not in _KNOWN})
    if unknown:
        raise ValueError(f"no signs of IPA: {' '.join(f'{sign} (U+{ord(sign):04X})' for sign in unknown)}")
    joined = _replaced("".join(signs), _AFFRICATES | _DIPHTHONGS)
    if language.startswith("en"):
        joined = _replaced(joined.replace("̃", ""), _NARROW_DIPHTHONGS)
        joined = _replaced(joined, _BRITISH if is_british(language) else _AMERICAN)
    else:
        joined = _replaced(joined, _SIBILANTS)
    return stress_at_vowels(joined).strip()


def convert_x_sampa(text: str, language: str = "en-US") -> str:
    """Kokoro's phonemes of a pronunciation in X-SAMPA (J. C. Wells, 1995), which writes IPA in ASCII: `pI"kA:n`.

    Raises:
        ValueError: signs that are no X-SAMPA, named.
    """
    return convert_ipa(ipa_of_x_sampa(text), language)


def ipa_of_x_sampa(text: str) -> str:
    """The same pronunciation in IPA. Raises ValueError, naming the signs that are no X-SAMPA."""
    found, unknown, at = [], set(), 0
    while at < len(text):
        for length in (4, 3, 2, 1):
            sign = text[at : at + length]
            if len(sign) == length and sign in _X_SAMPA:
                found.append(_X_SAMPA[sign])
                at += length
                break
        else:
            unknown.add(text[at])
            at += 1
    if unknown:
        raise ValueError(f"no signs of X-SAMPA: {' '.join(sorted(unknown))}")
    return "".join(found)


def is_british(language: str) -> bool:
    """Whether an English is read by the British forms; the American ones are for en-US and where they are nearer."""
    return language not in {"en-US", "en-CA", "en-PH"}


def stress_at_vowels(phonemes: str) -> str:
    """Stress marks moved from before the syllable to before its vowel: `pɪˈkɑn` → `pɪkˈɑn`."""
    out, waiting = [], ""
    for sign in phonemes:
        if sign in _STRESSES:
            waiting = sign
            continue
        if waiting and sign in VOWELS:
            out.append(waiting)
            waiting = ""
        out.append(sign)
    return "".join(out)


def _syllabic(consonant: str) -> str:
    return "əɹ" if consonant in "ɹr" else f"ə{consonant}" if consonant in "ɻʐz" else f"ᵊ{consonant}"


def _replaced(text: str, table: dict[str, str]) -> str:
    pattern = "|".join(re.escape(sign) for sign in sorted(table, key=len, reverse=True))
    return re.sub(pattern, lambda found: table[found[0]], text)


_KNOWN = frozenset(VOWELS + _STRESSES + _CONSONANTS + "̃ʰʲᵝː→↗↓↘ ")

_X_SAMPA = {letter: letter for letter in "abcdefhijklmnopqrstuvwxyz"} | {
    "g": "ɡ",
    "b_<": "b",
    "d`": "ɖ",
    "d_<": "d",
    "g_<": "ɡ",
    "h\\": "ɦ",
    "j\\": "ʝ",
    "l`": "ɭ",
    "l\\": "ɺ",
    "n`": "ɳ",
    "p\\": "ɸ",
    "r`": "ɽ",
    "r\\": "ɹ",
    "r\\`": "ɻ",
    "s`": "ʂ",
    "s\\": "ɕ",
    "t`": "ʈ",
    "v\\": "ʋ",
    "P": "ʋ",
    "x\\": "x",
    "z`": "ʐ",
    "z\\": "ʑ",
    "A": "ɑ",
    "B": "β",
    "B\\": "b",
    "C": "ç",
    "D": "ð",
    "E": "ɛ",
    "F": "ɱ",
    "G": "ɣ",
    "G\\": "ɡ",
    "H": "ɥ",
    "H\\": "h",
    "I": "ɪ",
    "I\\": "ᵻ",
    "J": "ɲ",
    "J\\": "ɟ",
    "K": "ɬ",
    "K\\": "l",
    "L": "ʎ",
    "L\\": "ʟ",
    "M": "ɯ",
    "M\\": "ɰ",
    "N": "ŋ",
    "N\\": "ɴ",
    "O": "ɔ",
    "Q": "ɒ",
    "R": "ʁ",
    "R\\": "ʀ",
    "S": "ʃ",
    "T": "θ",
    "U": "ʊ",
    "U\\": "ᵿ",
    "V": "ʌ",
    "W": "ʍ",
    "X": "χ",
    "X\\": "ħ",
    "Y": "ʏ",
    "Z": "ʒ",
    "@": "ə",
    "@`": "ɚ",
    "@\\": "ɘ",
    "{": "æ",
    "}": "ʉ",
    "1": "ɨ",
    "2": "ø",
    "3": "ɜ",
    "3`": "ɝ",
    "3\\": "ɞ",
    "4": "ɾ",
    "5": "ɫ",
    "6": "ɐ",
    "7": "ɤ",
    "8": "ɵ",
    "9": "œ",
    "&": "ɶ",
    "?": "ʔ",
    '"': "ˈ",
    "%": "ˌ",
    ":": "ː",
    ":\\": "ˑ",
    ".": ".",
    "-": "",
    "'": "ʲ",
    "_j": "ʲ",
    "_h": "ʰ",
    "_w": "ʷ",
    "_^": "",
    "_0": "",
    "_v": "",
    "_d": "",
    "_a": "",
    "_}": "",
    "_o": "",
    "_r": "",
    "_+": "",
    "_-": "",
    "_": "",
    "~": "̃",
    "_~": "̃",
    "=": "̩",
    "_=": "̩",
    "`": "˞",
    "|": "|",
    "||": "‖",
    "-\\": "‿",
    "_T": "˥",
    "_H": "˦",
    "_M": "˧",
    "_L": "˨",
    "_B": "˩",
    " ": " ",
}
