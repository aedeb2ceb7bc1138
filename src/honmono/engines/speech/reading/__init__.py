"""Read a text aloud in words: SSML, lexicons, sentences, numbers and all that people say otherwise than it is written.

A synthesiser takes the sentences. What it should know of them:

- `Word.spoken` are words in the language's own spelling. One capital alone (`A`, `B`) is a letter that is said by its
  name; the article is `a`. In Japanese numbers, letters and units are kana, all else is the text itself.
- A `Pause` is the whole silence at its place (`reading.pauses`): it stands for that of the punctuation before it, even
  `Pause(0)`. Last in a sentence it is the silence before the next.
- The effect `expletive` asks for a tone in the word's place; who cannot make one says its `spoken`, "beep".
- A document without a word that has pauses or marks is one sentence with text "" and these parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from honmono.engines.speech.reading.errors import INVALID_TEXT, TEXT_TOO_LONG, ReadingError
from honmono.engines.speech.reading.lexicon import Lexicon
from honmono.engines.speech.reading.reader import sentences
from honmono.engines.speech.reading.source import Stretch
from honmono.engines.speech.reading.ssml import items
from honmono.engines.speech.utterance import Sentence, Style

MOST_CHARACTERS = 200_000
"""Of a text, markup included: Polly's for a synthesis task."""

__all__ = ["Lexicon", "ReadingError", "read_ssml", "read_text"]


def read_text(text: str, language: str, lexicons: Sequence[Lexicon] = ()) -> list[Sentence]:
    """Read a plain text.

    Args:
        text: at most 200,000 characters.
        language: the voice's, `en-US`.
        lexicons: those that hold for the language are applied, the first that knows a grapheme counts.

    Raises:
        ReadingError: UnsupportedLanguage, TextTooLong, InvalidText.
        EngineUnavailable: the text is Japanese, and Sudachi is not installed.
    """
    document = _encoded(text)
    begins, ends = [], []
    at = 0
    for character in text:
        begins.append(at)
        at += len(character.encode())
        ends.append(at)
    return sentences([Stretch(text, begins, ends, Style(language))], document, lexicons)


def read_ssml(ssml: str, language: str, lexicons: Sequence[Lexicon] = (), neural: bool = True) -> list[Sentence]:
    """Read a document of SSML 1.1.

    Args:
        ssml: at most 200,000 characters.
        language: the voice's.
        lexicons: as in `read_text`.
        neural: the engine; the neural one refuses emphasis, pitch, whispering and others, as Polly's does.

    Raises:
        ReadingError: InvalidSsml with line and column, UnsupportedForEngine, UnsupportedLanguage, TextTooLong.
        EngineUnavailable: as in `read_text`.
    """
    document = _encoded(ssml)
    return sentences(items(document, language, neural), document, lexicons)


def _encoded(text: str) -> bytes:
    if len(text) > MOST_CHARACTERS:
        raise ReadingError(TEXT_TOO_LONG, f"The text has {len(text)} characters; at most {MOST_CHARACTERS} are read")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ReadingError(INVALID_TEXT, f"The text is no Unicode: {error.reason} at character {error.start}") from None
