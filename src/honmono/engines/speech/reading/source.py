"""What a document asks to be said, before it is cut into sentences: stretches of text, pauses, marks and bounds."""

from __future__ import annotations

from dataclasses import dataclass

from honmono.engines.speech.utterance import Mark, Pause, Style


@dataclass(frozen=True, slots=True)
class Whole:
    """How a stretch is said as one: `<sub>`, `<phoneme>`, `<say-as>`, `<w>`.

    Attributes:
        alias: the text that is said in its place.
        ipa: the pronunciation.
        kana: the reading of Japanese.
        interpret_as, form: of `<say-as>`.
        role: of `<w>`.
    """

    alias: str | None = None
    ipa: str = ""
    kana: str = ""
    interpret_as: str = ""
    form: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text between two tags: of each character the bytes, and how it is said."""

    text: str
    begins: list[int]
    ends: list[int]
    style: Style
    whole: Whole | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A `<break>` of so many seconds; None: by the punctuation before it."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A sentence ends here whatever stands before it; with a paragraph, silence too."""

    paragraph: bool


Item = Stretch | Break | Pause | Mark | Bound
