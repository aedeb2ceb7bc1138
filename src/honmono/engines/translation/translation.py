"""What translation takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase whose translation is not the engine's to choose.

    Attributes:
        source: as it stands in texts; upper and lower case count.
        target: what stands in its place in the translation, as it is.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, and how it is to be translated."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated text.

    Attributes:
        text: in the target language; blanks and line ends stand where they stood.
        steps: what translated it, in order: `apertium eng-spa`; two where it went through a third language; none where the text
            has nothing to translate or was remembered whole.
        applied: the terms that were found in it.
        remembered: how many of its sentences came from examples.
    """

    text: str
    steps: list[str] = field(default_factory=list)
    applied: list[Term] = field(default_factory=list)
    remembered: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A direction that can be translated.

    Attributes:
        source, target: codes as AWS writes them ("en", "pt-PT").
        steps: what translates it, in order.
    """

    source: str
    target: str
    steps: list[str]

    @property
    def pivoted(self) -> bool:
        """Whether it goes through a third language, and errors add up."""
        return len(self.steps) > 1
