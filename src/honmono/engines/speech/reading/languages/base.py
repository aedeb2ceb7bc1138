"""What a language must know to read a text aloud."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a sign of a text.

    Attributes:
        begin, end: its characters.
        spoken: the words said for it; none for a sign.
        stop: its last character is a full stop of its own, which may end a sentence too: `etc.`, `p.m.`
    """

    begin: int
    end: int
    spoken: tuple[str, ...]
    stop: bool = False


class Language(ABC):
    """How one language reads; every method gives words with blanks between."""

    code: str
    minus: str

    @abstractmethod
    def tokens(self, text: str, begin: int, end: int, before: str = "") -> list[Token]:
        """The words and signs between two places; `before` is the word in front of them."""

    @abstractmethod
    def cardinal(self, number: int, feminine: bool = False) -> str:
        """12: twelve."""

    @abstractmethod
    def ordinal(self, number: int, feminine: bool = False) -> str:
        """12: twelfth."""

    @abstractmethod
    def number(self, digits: str) -> str | None:
        """`1,234.5` as it is written in this language; None: it is no number."""

    @abstractmethod
    def digits(self, digits: str) -> str:
        """Each digit alone."""

    @abstractmethod
    def letters(self, text: str) -> str:
        """Each character by its name."""

    @abstractmethod
    def fraction(self, whole: int | None, upper: int, lower: int) -> str:
        """2, 1, 4: two and a quarter."""

    @abstractmethod
    def date(self, year: int | None, month: int | None, day: int | None) -> str:
        """As it is said, in this language's order."""

    @abstractmethod
    def duration(self, minutes: int, seconds: int | None) -> str:
        """One minute and twenty-one seconds."""

    @abstractmethod
    def telephone(self, number: str) -> str:
        """Digit by digit."""

    @abstractmethod
    def expletive(self) -> str:
        """What is said for a word that is not to be heard."""

    @abstractmethod
    def unit(self, sign: str) -> str | None:
        """`km`: kilometre; None: there is no such unit."""

    @abstractmethod
    def address(self, text: str) -> str | None:
        """A token of an address that is read otherwise there; None: as elsewhere."""

    def spoken(self, text: str) -> tuple[str, ...]:
        """All the words that are said for a text."""
        return tuple(word for token in self.tokens(text, 0, len(text)) for word in token.spoken)
