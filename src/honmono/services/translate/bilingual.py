"""Files of texts in several languages: CSV, TSV and TMX, as terminologies and parallel data come in.

Sources: "Creating a custom terminology" and "Parallel data input files for Amazon Translate" in the developer guide; TMX
1.4b (LISA, 2005).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

_MOST_CELL = 100_000
"""Characters of a cell; more is no sentence."""


class FileInvalid(ValueError):
    """A file that cannot be read; the message says where and why."""


@dataclass(slots=True)
class Bilingual:
    """The rows of a file.

    Attributes:
        languages: the codes of its columns; of a TMX, in the order in which they are met.
        rows: a text for each language; a language that a row lacks is missing.
        skipped: rows with nothing to learn from: one text or none.
    """

    languages: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    skipped: int = 0


def read(data: bytes, form: str) -> Bilingual:
    """Read a file.

    Args:
        form: `CSV`, `TSV` or `TMX`.

    Raises:
        FileInvalid: it is not UTF-8, not of that form, or has fewer than two languages.
    """
    found = _of_tmx(data) if form == "TMX" else _of_table(data, "," if form == "CSV" else "\t")
    if len(found.languages) < 2:
        raise FileInvalid("the file has fewer than two languages")
    return found


def _of_table(data: bytes, delimiter: str) -> Bilingual:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileInvalid(f"the file is not UTF-8: byte {error.start}") from error
    csv.field_size_limit(_MOST_CELL)
    lines = io.StringIO(text, newline="")
    if delimiter == ",":
        reader = csv.reader(lines, strict=True)
    else:  # a TSV has no quotes of its own: a quotation mark is one more letter
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)
    found = Bilingual()
    try:
        header = next(reader, [])
        found.languages = [_code(cell, 1) for cell in header]
        if len(set(found.languages)) < len(found.languages):
            raise FileInvalid("line 1: a language stands there twice")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                found.skipped += bool(cells)
                continue
            if len(cells) != len(header):
                raise FileInvalid(f"line {reader.line_num}: {len(cells)} cells where the header has {len(header)}")
            _add(found, dict(zip(found.languages, cells, strict=True)))
    except csv.Error as error:
        raise FileInvalid(f"line {reader.line_num}: {error}") from error
    return found


def _add(found: Bilingual, row: dict[str, str]) -> None:
    texts = {code: text.strip() for code, text in row.items() if text.strip()}
    if len(texts) < 2:
        found.skipped += 1
    else:
        found.rows.append(texts)


def _code(cell: str, line: int) -> str:
    code = cell.strip()
    if not 2 <= len(code) <= 5 or not code.replace("-", "").isalnum():
        raise FileInvalid(f"line {line}: {cell[:20]!r} is not the code of a language")
    return code


def _of_tmx(data: bytes) -> Bilingual:
    found = Bilingual()
    for unit in _units(data):
        for code in unit:
            if code not in found.languages:
                found.languages.append(code)
        _add(found, unit)
    return found


def _units(data: bytes) -> Iterator[dict[str, str]]:
    """The translation units of a TMX: the text of each language. Nothing outside the file is read, no entity is expanded."""
    reader = _Tmx()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse_entities
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise FileInvalid(f"line {error.lineno}: the TMX is not well-formed: {reason}") from error
    except FileInvalid as error:
        raise FileInvalid(f"line {parser.CurrentLineNumber}: {error}") from error
    return iter(reader.units)


def _refuse_entities(*_: object) -> None:
    raise FileInvalid("entities are not allowed")


class _Tmx:
    _LANGUAGE = ("xml:lang", "lang")
    _CODES = ("bpt", "ept", "ph", "it", "ut", "hi")
    """Elements that hold another format's markup within a segment; `hi` holds text, and is looked into."""

    def __init__(self) -> None:
        self.units: list[dict[str, str]] = []
        self._unit: dict[str, str] | None = None
        self._language = ""
        self._segment: list[str] | None = None
        self._markup = 0
        self._is_tmx = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._is_tmx:
            if name != "tmx":
                raise FileInvalid(f"the first element is <{name[:40]}>, not <tmx>")
            self._is_tmx = True
        if name == "tu":
            self._unit = {}
        elif name == "tuv":
            given = next((attributes[key] for key in self._LANGUAGE if key in attributes), "")
            self._language = _of_tmx_code(given)
        elif name == "seg":
            self._segment = []
        elif self._segment is not None and name in self._CODES and name != "hi":
            self._markup += 1

    def end(self, name: str) -> None:
        if name == "seg" and self._segment is not None:
            if self._unit is not None:
                self._unit[self._language] = " ".join("".join(self._segment).split())
            self._segment = None
        elif name == "tu" and self._unit is not None:
            self.units.append(self._unit)
            self._unit = None
        elif self._segment is not None and name in self._CODES and name != "hi":
            self._markup -= 1

    def text(self, data: str) -> None:
        if self._segment is not None and not self._markup:
            self._segment.append(data)


def _of_tmx_code(given: str) -> str:
    """AWS's code of a language that a TMX names, which may name a country too: `en-US` is `en`, `fr-CA` stays."""
    kept = {"fr-ca": "fr-CA", "es-mx": "es-MX", "pt-pt": "pt-PT", "zh-tw": "zh-TW", "fa-af": "fa-AF"}
    lowered = given.strip().replace("_", "-").lower()
    if not lowered:
        raise FileInvalid("a tuv names no language")
    return kept.get(lowered, lowered.partition("-")[0])
