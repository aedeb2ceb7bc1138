"""The text of a Word document (.docx), page by page, in one bounded pass over its XML.

A .docx is a zip of XML parts (ECMA-376). Only the parts with text are opened; they stream through expat, so that a
bomb costs no more than the limits below. A document type declaration, which no Word document has, is refused: entities,
internal and external, come with it. Macros are never run; a document that has them (.docm) is refused.

Page breaks are those that the file tells: the author's own (w:br), and those where Word's last layout broke the page
(w:lastRenderedPageBreak). A document from another program may tell none: it is one page.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import chain
from xml.parsers import expat

from honmono.engines.errors import DamagedInput, UnsupportedInput

MOST_XML = 64 << 20
"""Bytes of XML that are read of a document."""
MOST_PARTS = 5_000
MOST_DEPTH = 1_000

_PIECE = 1 << 18
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = "application/vnd.ms-word."
_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_SKIPPED = frozenset({"del", "moveFrom", "instrText", "delText"})
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_OFF = frozenset({"0", "false", "off", "none"})


def pages_of_word(data: bytes) -> list[str]:
    """The text of each page: headers before the first, foot- and endnotes and footers after the last.

    Cells of a table's row are parted by tabs. What was deleted under tracked changes, and hidden text, is left out.

    Raises:
        UnsupportedInput: a zip that holds no Word document, or one with macros.
        DamagedInput: it is damaged, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise DamagedInput(f"the Word document is damaged: {error}") from error


def _read(archive: zipfile.ZipFile) -> list[str]:
    if len(archive.infolist()) > MOST_PARTS:
        raise DamagedInput(f"the Word document has {len(archive.infolist())} parts; at most {MOST_PARTS} are read")
    parts = {entry.filename.lstrip("/"): entry for entry in archive.infolist()}
    reader = _Parts(archive)
    kinds = _content_types(reader, parts)
    main = next((name for name, kind in kinds.items() if kind == _DOCUMENT and name in parts), None)
    if main is None:
        if any(kind.startswith(_MACROS) and "macroEnabled" in kind for kind in kinds.values()):
            raise UnsupportedInput("a Word document with macros (.docm) is not read; save it as .docx")
        raise UnsupportedInput("the zip archive holds no Word document")

    def text_of(kind: str) -> list[str]:
        wanted = _PART + kind + "+xml"
        names = sorted(name for name, found in kinds.items() if found == wanted and name in parts)
        return ["\n".join(_pages(reader, parts[name])) for name in names]

    pages = _pages(reader, parts[main])
    # Headers and footers come in several versions (first page, even pages) that mostly say the same.
    before = list(dict.fromkeys(filter(str.strip, text_of("header"))))
    after = [*filter(str.strip, (*text_of("footnotes"), *text_of("endnotes")))]
    after += dict.fromkeys(filter(str.strip, text_of("footer")))
    pages[0] = "\n".join(filter(None, (*before, pages[0])))
    pages[-1] = "\n".join(filter(None, (pages[-1], *after)))
    return pages


class _Parts:
    """Opens parts, and counts what they unpack to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = MOST_XML

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The part's bytes, as they are unpacked."""
        if entry.flag_bits & 1:
            raise DamagedInput("the Word document is encrypted: a password is needed to read it")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedInput(f"the Word document is packed in a way that Word never uses ({entry.compress_type})")
        with self._archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise DamagedInput(f"the Word document unpacks to more than {MOST_XML} bytes of XML")
                yield piece

    def parse(
        self,
        entry: zipfile.ZipInfo,
        begin: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Stream a part through handlers; names come as "namespace name"."""
        pieces = self.pieces(entry)
        first = next(pieces, b"")
        # UTF-8 or UTF-16 (ECMA-376 part 2, 8.1.4); what a part declares beyond that would name any codec of Python's.
        encoding = "utf-16" if first.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
        parser = expat.ParserCreate(encoding, " ")
        parser.buffer_text = True
        depth = 0

        def begun(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MOST_DEPTH:
                raise DamagedInput(f"the Word document's XML is nested more than {MOST_DEPTH} deep")
            begin(name, attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name)

        def refuse(*_: object) -> None:
            raise DamagedInput("the Word document's XML declares entities, which Word never does; it is not read")

        parser.StartElementHandler, parser.EndElementHandler = begun, ended
        parser.StartDoctypeDeclHandler = refuse
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            for piece in chain([first], pieces):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise DamagedInput(f"{entry.filename} in the Word document is damaged: {error}") from error


def _content_types(reader: _Parts, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The content type of each part that has one of its own, by its name."""
    entry = parts.get("[Content_Types].xml")
    if entry is None:
        raise UnsupportedInput("the zip archive holds no Word document")
    kinds: dict[str, str] = {}

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Override") and "PartName" in attributes:
            part = posixpath.normpath("/" + attributes["PartName"]).lstrip("/")
            kinds[part] = attributes.get("ContentType", "")

    reader.parse(entry, begin)
    return kinds


def _pages(reader: _Parts, entry: zipfile.ZipInfo) -> list[str]:
    content = _Content()
    reader.parse(entry, content.begin, content.end, content.text)
    return content.pages()


class _Content:
    """Gathers the text of a part."""

    def __init__(self) -> None:
        self._pages: list[list[str]] = [[]]
        self._page_has_text = False
        self._skipping = 0
        self._in_text = False
        self._hidden = False
        self._in_run_properties = False
        self._cells: list[int] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._skipping or name == _FALLBACK:
            self._skipping += 1
            return
        space, _, element = name.rpartition(" ")
        if space not in _WORD:
            return
        if element in _SKIPPED:
            self._skipping = 1
        elif element == "t":
            self._in_text = True
        elif element == "r":
            self._hidden = False
        elif element == "rPr":
            self._in_run_properties = True
        elif element == "vanish" and self._in_run_properties:
            self._hidden = attributes.get(f"{space} val", "1") not in _OFF
        elif element == "tab":
            self._add("\t")
        elif element in ("br", "cr"):
            if attributes.get(f"{space} type") == "page":
                self._break_page()
            else:
                self._add("\n")
        elif element == "lastRenderedPageBreak" or (
            element == "pageBreakBefore" and attributes.get(f"{space} val", "1") not in _OFF
        ):
            self._break_page()
        elif element == "noBreakHyphen":
            self._add("-")
        elif element == "tr":
            self._cells.append(0)
        elif element == "tc" and self._cells:
            if self._cells[-1]:
                self._end_cell()
            self._cells[-1] += 1

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipping:
            self._skipping -= 1
            return
        space, _, element = name.rpartition(" ")
        if space not in _WORD:
            return
        if element == "t":
            self._in_text = False
        elif element == "rPr":
            self._in_run_properties = False
        elif element == "p":
            self._hidden = False
            self._add("\n")
        elif element == "tr" and self._cells:
            self._cells.pop()

    def text(self, text: str) -> None:
        """Characters of an element."""
        if self._in_text and not self._skipping:
            self._add(text)
            self._page_has_text = self._page_has_text or (not self._hidden and not text.isspace())

    def pages(self) -> list[str]:
        """The pages' texts; one at least."""
        made = ["".join(page).strip("\n") for page in self._pages]
        return made if len(made) == 1 or made[-1].strip() else made[:-1]

    def _add(self, text: str) -> None:
        if not self._hidden:
            self._pages[-1].append(text)

    def _end_cell(self) -> None:
        """A tab in place of the line break that the cell's last paragraph has left."""
        page = self._pages[-1]
        if page and page[-1] == "\n":
            page.pop()
        page.append("\t")

    def _break_page(self) -> None:
        # After an author's break Word notes its own at the same place.
        if self._page_has_text:
            self._pages.append([])
            self._page_has_text = False
