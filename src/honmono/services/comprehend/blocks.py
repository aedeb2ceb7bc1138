"""Entities of a native document: told by the blocks that they stand in, as Textract tells a page's lines and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid5

from honmono.services.comprehend.native_documents import NativeDocument, NativePage

if TYPE_CHECKING:
    from honmono.engines.documents.document import Box, Line, Word

_BLOCKS = UUID("0a3c3f0e-6f0c-4c5b-9a53-4d6a0f2a8f1e")
"""Ids are made from a block's place, so that the same document gives the same answer."""


class Found(Protocol):
    """What a recogniser finds: an entity's bounds in the text, its type and its score."""

    @property
    def begin(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character behind it."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def score(self) -> float:
        """How sure it is."""


def entities_of_document(document: NativeDocument, find: Callable[[str], Sequence[Found]]) -> dict[str, Any]:
    """What DetectEntities answers about a document: Entities, Blocks, DocumentMetadata, DocumentType, Errors.

    In a plain text entities have offsets; elsewhere they have BlockReferences, and the blocks are told. `find` is asked
    about each page's text.
    """
    entities: list[dict[str, Any]] = []
    blocks: list[dict[str, Any]] = []
    for page in document.readable():
        for found in find(page.text):
            entity = {"Score": found.score, "Type": found.type, "Text": page.text[found.begin : found.end]}
            if document.is_plain_text:
                entity |= {"BeginOffset": found.begin, "EndOffset": found.end}
            else:
                entity["BlockReferences"] = references(page, found.begin, found.end)
            entities.append(entity)
        if not document.is_plain_text:
            blocks += blocks_of(page)
    return {"Entities": entities} | ({"Blocks": blocks} if blocks else {}) | document.described()


def blocks_of(page: NativePage) -> list[dict[str, Any]]:
    """A page's lines, each followed by its words. Word documents have no Geometry."""
    blocks = []
    for line_at, line in enumerate(page.lines):
        words = [_block("WORD", _id(page, line_at, at), word, page.number) for at, word in enumerate(line.words)]
        block = _block("LINE", _id(page, line_at), line, page.number)
        if words:
            block["Relationships"] = [{"Type": "CHILD", "Ids": [word["Id"] for word in words]}]
        blocks += [block, *words]
    return blocks


def references(page: NativePage, begin: int, end: int) -> list[dict[str, Any]]:
    """The lines that hold a part of the page's text, and the words of each, with where the part stands in them."""
    made = []
    for line_at, line in enumerate(page.lines):
        within = _overlap(line.begin, line.text, begin, end)
        if within is None:
            continue
        children = []
        for at, word in enumerate(line.words):
            inside = _overlap(word.begin, word.text, begin, end)
            if inside is not None:
                children.append(
                    {"ChildBlockId": _id(page, line_at, at), "BeginOffset": inside[0], "EndOffset": inside[1]}
                )
        made.append(
            {
                "BlockId": _id(page, line_at),
                "BeginOffset": within[0],
                "EndOffset": within[1],
                "ChildBlocks": children,
            }
        )
    return made


def _overlap(start: int, text: str, begin: int, end: int) -> tuple[int, int] | None:
    first, last = max(begin - start, 0), min(end - start, len(text))
    return (first, last) if first < last else None


def _id(page: NativePage, line: int, word: int | None = None) -> str:
    return str(uuid5(_BLOCKS, f"{page.number}/{line}/{'' if word is None else word}"))


def _block(kind: str, name: str, item: Line | Word, page: int) -> dict[str, Any]:
    block: dict[str, Any] = {"Id": name, "BlockType": kind, "Text": item.text, "Page": page}
    if item.box is not None:
        block["Geometry"] = _geometry(item.box)
    return block


def _geometry(box: Box) -> dict[str, Any]:
    right, bottom = box.left + box.width, box.top + box.height
    corners = ((box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom))
    return {
        "BoundingBox": {"Left": box.left, "Top": box.top, "Width": box.width, "Height": box.height},
        "Polygon": [{"X": x, "Y": y} for x, y in corners],
    }
