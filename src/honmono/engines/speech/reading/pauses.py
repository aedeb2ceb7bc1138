"""How long silences last.

A `Pause` is the whole silence at its place: behind a word it stands for that of the word's punctuation, at a sentence's
end for the one before the next. Where there is none, the synthesiser keeps its own.
"""

from __future__ import annotations

COMMA = 0.2
SENTENCE = 0.5
PARAGRAPH = 0.9

BY_STRENGTH = {
    "none": 0.0,
    "x-weak": 0.0,
    "weak": COMMA,
    "medium": COMMA,
    "strong": SENTENCE,
    "x-strong": PARAGRAPH,
}
