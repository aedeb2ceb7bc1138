"""XML with the bytes of everything in it, read by expat with nothing that a hostile document could use.

A document type is refused, and with it every entity but XML's own five: no file is fetched, nothing is expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from honmono.engines.speech.reading.errors import ReadingError

MOST_LEVELS = 100
"""Of elements in elements; a document of speech has ten."""
_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


@dataclass(frozen=True, slots=True)
class Opening:
    """An element begins: its name as written, its attributes, its tag's bytes, and where that stands."""

    name: str
    attributes: dict[str, str]
    begin: int
    end: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Closing:
    """An element ends."""

    name: str


@dataclass(frozen=True, slots=True)
class Characters:
    """Text, and of each of its characters the bytes: `&amp;` is one character of five bytes."""

    text: str
    begins: list[int]
    ends: list[int]


Event = Opening | Closing | Characters


def parse(document: bytes, code: str, trouble: str) -> list[Event]:
    """The document's elements and text in order; comments and processing instructions fall out.

    Args:
        document: UTF-8.
        code, trouble: of the error that is raised: `InvalidSsml`, "Invalid SSML request".

    Raises:
        ReadingError: it is not well-formed, has a document type, or is nested too deep.
    """
    return _Parser(document, code, trouble).parse()


class _Parser:
    def __init__(self, document: bytes, code: str, trouble: str) -> None:
        self._document = document
        self._code, self._trouble = code, trouble
        self._events: list[Event] = []
        self._depth = 0
        self._in_cdata = False
        self._text: list[str] = []
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = False  # each call is one stretch of bytes
        parser.ordered_attributes = True
        parser.StartElementHandler = self._opening
        parser.EndElementHandler = self._closing
        parser.CharacterDataHandler = self._characters
        parser.StartCdataSectionHandler = lambda: self._set_cdata(True)
        parser.EndCdataSectionHandler = lambda: self._set_cdata(False)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ExternalEntityRefHandler = self._external
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def parse(self) -> list[Event]:
        try:
            self._parser.Parse(self._document, True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise ReadingError(self._code, f"{self._trouble}: {reason}", error.lineno, error.offset + 1) from None
        return self._events

    def refuse(self, reason: str) -> ReadingError:
        parser = self._parser
        return ReadingError(
            self._code, f"{self._trouble}: {reason}", parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        )

    def _opening(self, name: str, pairs: list[str]) -> None:
        self._depth += 1
        if self._depth > MOST_LEVELS:
            raise self.refuse(f"elements are nested more than {MOST_LEVELS} deep")
        self._finish_text()
        begin = self._parser.CurrentByteIndex
        tag = _TAG.match(self._document, begin)
        end = tag.end() if tag else begin
        attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        self._events.append(Opening(name, attributes, begin, end, line, column))

    def _closing(self, name: str) -> None:
        self._depth -= 1
        self._finish_text()
        self._events.append(Closing(name))

    def _set_cdata(self, inside: bool) -> None:
        self._in_cdata = inside

    def _characters(self, text: str) -> None:
        at = self._parser.CurrentByteIndex
        self._text.append(text)
        if not self._in_cdata and self._document[at : at + 1] == b"&":
            self._begins.append(at)
            self._ends.append(self._document.index(b";", at) + 1)
        elif text == "\n" and self._document[at : at + 2] == b"\r\n":
            self._begins.append(at)
            self._ends.append(at + 2)
        else:
            for character in text:
                self._begins.append(at)
                at += len(character.encode())
                self._ends.append(at)

    def _finish_text(self) -> None:
        """Expat gives a text in pieces: they are one where no tag stands between."""
        if self._text:
            self._events.append(Characters("".join(self._text), self._begins, self._ends))
            self._text, self._begins, self._ends = [], [], []

    def _external(self, *_: str | None) -> int:
        raise self.refuse("an external entity is not allowed")

    def _doctype(self, *_: object) -> None:
        raise self.refuse("a document type is not allowed")
