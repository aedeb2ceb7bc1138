"""Office documents translated: the text of their paragraphs, slides and cells, and nothing else of the file.

Each part with text is rewritten at the bytes of its elements of text; every other byte stays. Macros, external entities
and document type declarations are refused, as where documents are read (`engines.documents.word`).

Source: ECMA-376 part 1, 17.3 (paragraphs and runs), 18.4 (shared strings), 21.1.2 (text on slides).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.engines.translation.flow import TranslateAll, translate_flows

MOST_BYTES = 64 << 20
"""What a document may unpack to."""
MOST_PARTS = 5_000
_MACROS = re.compile(r"vbaProject|vbaData", re.IGNORECASE)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, OSError)


@dataclass(frozen=True, slots=True)
class OfficeFormat:
    """Where a kind of document keeps what people read.

    Attributes:
        name: for errors.
        main: a part that every such document has.
        spoken: names of the parts with text.
        spaces: the namespaces of its elements.
        paragraph, text: the elements.
        silent: elements whose text is not shown.
        breaks: elements that end a line.
    """

    name: str
    main: str
    spoken: re.Pattern[str]
    spaces: tuple[str, ...]
    paragraph: str
    text: str
    silent: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()


WORD = OfficeFormat(
    "Word document",
    "word/document.xml",
    re.compile(r"/?word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", re.IGNORECASE),
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    "p",
    "t",
    silent=frozenset({"del", "moveFrom"}),
    breaks=frozenset({"br", "tab", "cr"}),
)
PRESENTATION = OfficeFormat(
    "presentation",
    "ppt/presentation.xml",
    re.compile(r"/?ppt/(?:slides/slide|notesSlides/notesSlide|comments/comment)\d+\.xml", re.IGNORECASE),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
    "p",
    "t",
    breaks=frozenset({"br"}),
)
WORKBOOK = OfficeFormat(
    "workbook",
    "xl/workbook.xml",
    re.compile(r"/?xl/sharedStrings\.xml", re.IGNORECASE),
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    "si",
    "t",
    silent=frozenset({"rPh"}),
)


def translate_office(document: bytes, form: OfficeFormat, translate: TranslateAll) -> bytes:
    """Translate a document.

    Raises:
        UnsupportedInput: it is of another kind, or has macros.
        DamagedInput: it is damaged, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(document)) as archive:
            return _rewritten(archive, form, translate)
    except _DAMAGE as error:
        raise DamagedInput(f"the {form.name} is damaged: {error}") from error


def _rewritten(archive: zipfile.ZipFile, form: OfficeFormat, translate: TranslateAll) -> bytes:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise DamagedInput(f"the {form.name} has {len(entries)} parts; at most {MOST_PARTS} are read")
    names = {entry.filename.lstrip("/") for entry in entries}
    if form.main not in names:
        raise UnsupportedInput(f"the file holds no {form.name}")
    if any(_MACROS.search(name) for name in names):
        raise UnsupportedInput(f"a {form.name} with macros is not translated; save it without")
    out, left = BytesIO(), MOST_BYTES
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in entries:
            if entry.flag_bits & 1:
                raise DamagedInput(f"the {form.name} is encrypted: a password is needed to read it")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise DamagedInput(f"the {form.name} is packed in a way that Office never uses ({entry.compress_type})")
            with archive.open(entry) as stream:
                data = stream.read(left + 1)
            left -= len(data)
            if left < 0:
                raise DamagedInput(f"the {form.name} unpacks to more than {MOST_BYTES} bytes")
            if entry.filename == "[Content_Types].xml" and b"macroEnabled" in data:
                raise UnsupportedInput(f"a {form.name} with macros is not translated; save it without")
            if form.spoken.fullmatch(entry.filename):
                data = _translated_part(data, entry.filename, form, translate)
            made.writestr(entry, data, entry.compress_type)
    return out.getvalue()


@dataclass(slots=True)
class _Text:
    """The text of an element: what it says, and the bytes from its start tag to its end tag."""

    text: str
    start: int
    end: int


class _Paragraphs:
    """Finds the texts of each paragraph of a part."""

    def __init__(self, data: bytes, name: str, form: OfficeFormat) -> None:
        self._form = form
        self.found: list[list[_Text]] = []
        self._open: list[list[_Text]] = []
        self._silent = 0
        self._text: list[str] | None = None
        self._start = 0
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _refuse
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise DamagedInput(f"{name} in the {form.name} is damaged: {error}") from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space not in self._form.spaces:
            return
        if local == self._form.paragraph:
            self._open.append([])
        elif local in self._form.silent:
            self._silent += 1
        elif local == self._form.text and self._open and not self._silent:
            self._text, self._start = [], self._parser.CurrentByteIndex
        elif local in self._form.breaks and self._open and self._open[-1]:
            # A line within a paragraph is a sentence of its own.
            self.found.append(self._open[-1])
            self._open[-1] = []

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if space not in self._form.spaces:
            return
        if local == self._form.paragraph and self._open:
            self.found.append(self._open.pop())
        elif local in self._form.silent:
            self._silent -= 1
        elif local == self._form.text and self._text is not None:
            self._open[-1].append(_Text("".join(self._text), self._start, self._parser.CurrentByteIndex))
            self._text = None

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


def _refuse(*_: object) -> None:
    raise DamagedInput("the document's XML declares entities, which Office never does; it is not read")


def _translated_part(data: bytes, name: str, form: OfficeFormat, translate: TranslateAll) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16").encode()
        data = re.sub(rb'(<\?xml[^>]*encoding=["\'])[^"\']*', rb"\1UTF-8", data, count=1)
    paragraphs = [each for each in _Paragraphs(data, name, form).found if each]
    made = translate_flows([[text.text for text in each] for each in paragraphs], translate)
    pieces, at = [], 0
    changes = [
        (text, stretch)
        for texts, stretches in zip(paragraphs, made, strict=True)
        for text, stretch in zip(texts, stretches, strict=True)
    ]
    for text, stretch in sorted(changes, key=lambda change: change[0].start):
        tag, _, _ = data[text.start : text.end].partition(b">")
        if tag.endswith(b"/") or stretch == text.text:  # <w:t/>, which has nothing in it
            continue
        if b"xml:space" not in tag:
            tag += b' xml:space="preserve"'
        pieces += [data[at : text.start], tag, b">", escape(stretch).encode()]
        at = text.end
    return b"".join([*pieces, data[at:]])
