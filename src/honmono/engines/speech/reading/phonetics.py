"""X-SAMPA into IPA (J. C. Wells, 1995), and what may stand in either."""

from __future__ import annotations

import unicodedata

_SYMBOLS = {
    "a": "a", "b": "b", "b_<": "ɓ", "c": "c", "d": "d", "d`": "ɖ", "d_<": "ɗ", "e": "e", "f": "f", "g": "ɡ",
    "g_<": "ɠ", "h": "h", "h\\": "ɦ", "i": "i", "j": "j", "j\\": "ʝ", "k": "k", "l": "l", "l`": "ɭ", "l\\": "ɺ",
    "m": "m", "n": "n", "n`": "ɳ", "o": "o", "p": "p", "p\\": "ɸ", "q": "q", "r": "r", "r`": "ɽ", "r\\": "ɹ",
    "r\\`": "ɻ", "s": "s", "s`": "ʂ", "s\\": "ɕ", "t": "t", "t`": "ʈ", "u": "u", "v": "v", "v\\": "ʋ", "P": "ʋ",
    "w": "w", "x": "x", "x\\": "ɧ", "y": "y", "z": "z", "z`": "ʐ", "z\\": "ʑ", "A": "ɑ", "B": "β", "B\\": "ʙ",
    "C": "ç", "D": "ð", "E": "ɛ", "F": "ɱ", "G": "ɣ", "G\\": "ɢ", "G\\_<": "ʛ", "H": "ɥ", "H\\": "ʜ", "I": "ɪ",
    "I\\": "ᵻ", "J": "ɲ", "J\\": "ɟ", "J\\_<": "ʄ", "K": "ɬ", "K\\": "ɮ", "L": "ʎ", "L\\": "ʟ", "M": "ɯ",
    "M\\": "ɰ", "N": "ŋ", "N\\": "ɴ", "O": "ɔ", "O\\": "ʘ", "Q": "ɒ", "R": "ʁ", "R\\": "ʀ", "S": "ʃ", "T": "θ",
    "U": "ʊ", "U\\": "ᵿ", "V": "ʌ", "W": "ʍ", "X": "χ", "X\\": "ħ", "Y": "ʏ", "Z": "ʒ", "\"": "ˈ", "%": "ˌ",
    ".": ".", ":": "ː", ":\\": "ˑ", "'": "ʲ", "@": "ə", "@\\": "ɘ", "{": "æ", "}": "ʉ", "1": "ɨ", "2": "ø",
    "3": "ɜ", "3\\": "ɞ", "4": "ɾ", "5": "ɫ", "6": "ɐ", "7": "ɤ", "8": "ɵ", "9": "œ", "&": "ɶ", "?": "ʔ",
    "?\\": "ʕ", "<\\": "ʢ", ">\\": "ʡ", "^": "ꜛ", "!": "ꜜ", "!\\": "ǃ", "|": "|", "|\\": "ǀ", "||": "‖",
    "|\\|\\": "ǁ", "=\\": "ǂ", "-\\": "‿", "-": "", " ": " ", "=": "\u0329", "`": "˞", "~": "\u0303",
    "_\"": "\u0308", "_+": "\u031f", "_-": "\u0320", "_0": "\u0325", "_=": "\u0329", "_>": "ʼ", "_?\\": "ˤ",
    "_\\": "\u0302", "_^": "\u032f", "_}": "\u031a", "_~": "\u0303", "_A": "\u0318", "_a": "\u033a",
    "_B": "\u030f", "_c": "\u031c", "_d": "\u032a", "_e": "\u0334", "_F": "\u0302", "_G": "ˠ", "_H": "\u0301",
    "_h": "ʰ", "_j": "ʲ", "_k": "\u0330", "_L": "\u0300", "_l": "ˡ", "_M": "\u0304", "_m": "\u033b",
    "_N": "\u033c", "_n": "ⁿ", "_O": "\u0339", "_o": "\u031e", "_q": "\u0319", "_R": "\u030c", "_r": "\u031d",
    "_T": "\u030b", "_t": "\u0324", "_v": "\u032c", "_w": "ʷ", "_X": "\u0306", "_x": "\u033d",
}  # fmt: skip
_LONGEST = max(map(len, _SYMBOLS))
_IPA_SIGNS = frozenset(".ˈˌːˑ|‖‿-' ()ꜛꜜ↗↘ǀǁǂǃ")


def from_x_sampa(text: str) -> str:
    """`pI"kA:n` → `pɪˈkɑːn`.

    Raises:
        ValueError: a sign is not X-SAMPA's; the message names it.
    """
    found: list[str] = []
    at = 0
    while at < len(text):
        for length in range(min(_LONGEST, len(text) - at), 0, -1):
            symbol = _SYMBOLS.get(text[at : at + length])
            if symbol is not None:
                found.append(symbol)
                at += length
                break
        else:
            raise ValueError(f"'{text[at]}' is no sign of X-SAMPA")
    return "".join(found)


def check_ipa(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: something in it cannot be IPA.
    """
    for character in text:
        kind = unicodedata.category(character)
        if not (kind in ("Ll", "Lo", "Lm", "Mn", "Sk") or character in _IPA_SIGNS):
            raise ValueError(f"'{character}' is no sign of the International Phonetic Alphabet")
    return text
