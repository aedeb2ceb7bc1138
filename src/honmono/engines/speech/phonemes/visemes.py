"""Which face goes with a phoneme: Polly's visemes, per "Phoneme and viseme tables for supported languages" of the Polly
developer guide."""

from __future__ import annotations

SILENCE = "sil"

_VISEMES = {
    "p": "pbm",
    "t": "tdnlɾɖʈɳɽT",
    "S": "ʃʒʤʧʂʨʥɕꭧ",
    "T": "θð",
    "f": "fvʋ",
    "k": "kɡŋhxɣɴqçcɟɰ",
    "i": "jiɪɨᵻ",
    "r": "ɹɻ",
    "s": "szʦʣ",
    "u": "wuʊyɥɯ",
    "@": "əᵊɚ",
    "a": "aæɑɐIW",
    "e": "eA",
    "E": "ɛʌɜ",
    "o": "oOQøɤ",
    "O": "ɔɒYœ",
    "B": "βɸ",
    "J": "ʎɲʝ",
}
_BY_PHONEME = {phoneme: viseme for viseme, phonemes in _VISEMES.items() for phoneme in phonemes}
_FRENCH = {"ʁ": "k", "ɥ": "u", "y": "u", "ø": "o", "œ": "O", "ə": "@", "ɲ": "J"}
_OTHERS = {"r": "r", "ʁ": "k", "χ": "k", "ʔ": SILENCE, "S": "s"}
_MODIFIERS = "ˈˌː̃ʰʲᵝ→↗↓↘"
"""What changes the sound before it or behind it, and has no face of its own: these take their neighbour's."""


def visemes(phonemes: str, language: str) -> list[str]:
    """Of each character of Kokoro's phonemes Polly's name of the face.

    Stress marks have the face of the phoneme behind them, length marks, tones and the like that of the one before;
    what is no phoneme (blanks, punctuation) is "sil".

    Args:
        phonemes: Kokoro's characters.
        language: AWS's code. French has its own faces for some.
    """
    table = _BY_PHONEME | _OTHERS
    if language.startswith("fr"):
        table |= _FRENCH
    if language.startswith("en"):
        table |= {"r": "r"}
    found = [table.get(phoneme, SILENCE) for phoneme in phonemes]
    for index, phoneme in enumerate(phonemes):
        if phoneme in _MODIFIERS and phoneme not in "ˈˌ" and index:
            found[index] = found[index - 1]
    for index in range(len(phonemes) - 2, -1, -1):
        if phonemes[index] in "ˈˌ":
            found[index] = found[index + 1]
    return found
