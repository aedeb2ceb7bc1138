"""What is wrong with a text that is to be read."""

from __future__ import annotations

INVALID_SSML = "InvalidSsml"
UNSUPPORTED_FOR_ENGINE = "UnsupportedForEngine"
UNSUPPORTED_LANGUAGE = "UnsupportedLanguage"
TEXT_TOO_LONG = "TextTooLong"
INVALID_TEXT = "InvalidText"
INVALID_LEXICON = "InvalidLexicon"
LEXICON_SIZE_EXCEEDED = "LexiconSizeExceeded"
MAX_LEXEME_LENGTH_EXCEEDED = "MaxLexemeLengthExceeded"
UNSUPPORTED_PLS_ALPHABET = "UnsupportedPlsAlphabet"
UNSUPPORTED_PLS_LANGUAGE = "UnsupportedPlsLanguage"


class ReadingError(Exception):
    """A text or lexicon that cannot be read.

    Attributes:
        code: `InvalidSsml`, `UnsupportedForEngine` (AWS: a ValidationException), `UnsupportedLanguage`, `TextTooLong`,
            `InvalidText`; of a lexicon `InvalidLexicon`, `LexiconSizeExceeded`, `MaxLexemeLengthExceeded`,
            `UnsupportedPlsAlphabet`, `UnsupportedPlsLanguage`. With "Exception" behind them most are Polly's names.
        message: what is wrong, and where.
        line, column: from 1; 0 where there is no place to name.
    """

    def __init__(self, code: str, message: str, line: int = 0, column: int = 0) -> None:
        where = f" (line {line}, column {column})" if line else ""
        super().__init__(f"{message}{where}")
        self.code = code
        self.message = str(self)
        self.line = line
        self.column = column
