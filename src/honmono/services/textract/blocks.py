"""Blocks: a document's pages as the flat list that AWS builds, each part naming its children by id.

Ids are made from a block's place in the document, so that the same document gives the same ids.

Source: "Amazon Textract Response Objects" and what follows it in the developer guide.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from honmono.engines.documents.analysis.page import corners_of

if TYPE_CHECKING:
    from honmono.engines.documents.analysis.page import (
        AnalysedPage,
        Corners,
        Mark,
        Merged,
        Pair,
        ReadLine,
        ReadWord,
        Region,
        Table,
    )
    from honmono.engines.documents.document import Box

Block = dict[str, Any]

_CELL_ENTITIES = {
    "column header": "COLUMN_HEADER",
    "title": "TABLE_TITLE",
    "footer": "TABLE_FOOTER",
    "section title": "TABLE_SECTION_TITLE",
    "summary": "TABLE_SUMMARY",
}


class Query:
    """A question as it is told of: the request's own member, and the pages that it is asked of."""

    def __init__(self, member: dict[str, Any], pages: Sequence[int]) -> None:
        self.member = member
        self.pages = frozenset(pages)

    def is_asked_of(self, page: int) -> bool:
        """Whether it is; without pages it is asked of all."""
        return not self.pages or page in self.pages


def blocks_of(pages: Sequence[AnalysedPage], document: bytes, queries: Sequence[Query] = ()) -> list[Block]:
    """The blocks of all pages.

    Args:
        document: its bytes, or what stands for them; ids are made from it.
        queries: those that were asked, in order.
    """
    digest = hashlib.sha256(document).digest()
    blocks: list[Block] = []
    for page in pages:
        blocks += _PageBlocks(page, digest, queries).build()
    return blocks


class _PageBlocks:
    def __init__(self, analysed: AnalysedPage, digest: bytes, queries: Sequence[Query]) -> None:
        self._analysed = analysed
        self._page = analysed.page
        self._digest = digest
        self._queries = queries
        self._blocks: list[Block] = []
        self._top: list[str] = []
        self._word_blocks: list[Block] = []
        self._mark_blocks: list[Block] = []

    def build(self) -> list[Block]:
        root = self._block("PAGE", None, geometry=_geometry(corners_of_page()))
        self._words = [self._word(index, word) for index, word in enumerate(self._page.words)]
        self._marks = [self._mark(index, mark) for index, mark in enumerate(self._analysed.marks)]
        self._lines = [self._line(index, line) for index, line in enumerate(self._page.lines)]
        self._top += self._lines
        # Words follow the lines, as AWS's do.
        self._blocks += self._word_blocks
        for number, table in enumerate(self._analysed.tables):
            self._table(number, table)
        for number, pair in enumerate(self._analysed.pairs):
            self._pair(number, pair)
        self._blocks += self._mark_blocks
        for number, signature in enumerate(self._analysed.signatures):
            found = self._block("SIGNATURE", number, corners_of(signature.box), signature.confidence)
            self._top.append(found["Id"])
        for number, region in enumerate(self._analysed.regions):
            self._top.append(self._region(str(number), region))
        self._answers()
        if self._top:
            root["Relationships"] = [{"Type": "CHILD", "Ids": self._top}]
        return self._blocks

    def _block(
        self,
        kind: str,
        place: object,
        corners: Corners | None = None,
        confidence: float | None = None,
        *,
        into: list[Block] | None = None,
        geometry: dict[str, Any] | None = None,
        **more: Any,
    ) -> Block:
        block: Block = {"BlockType": kind}
        if confidence is not None:
            block["Confidence"] = 100 * confidence
        block |= more
        geometry = geometry or (_geometry(corners) if corners is not None else None)
        if geometry is not None:
            block["Geometry"] = geometry
        seed = f"{self._page.number}/{kind}/{place}".encode()
        block["Id"] = str(uuid.UUID(bytes=hashlib.sha256(self._digest + seed).digest()[:16], version=4))
        block["Page"] = self._page.number
        (self._blocks if into is None else into).append(block)
        return block

    def _word(self, index: int, word: ReadWord) -> str:
        kind = "HANDWRITING" if word.handwritten else "PRINTED"
        made = self._block(
            "WORD", index, word.corners, word.confidence, into=self._word_blocks, Text=word.text, TextType=kind
        )
        return str(made["Id"])

    def _mark(self, index: int, mark: Mark) -> str:
        status = "SELECTED" if mark.selected else "NOT_SELECTED"
        made = self._block(
            "SELECTION_ELEMENT",
            index,
            corners_of(mark.box),
            mark.confidence,
            into=self._mark_blocks,
            SelectionStatus=status,
        )
        return str(made["Id"])

    def _line(self, index: int, line: ReadLine) -> str:
        made = self._block("LINE", index, line.corners, line.confidence, Text=line.text)
        _relate(made, "CHILD", [self._words[word] for word in line.words])
        return str(made["Id"])

    def _table(self, number: int, table: Table) -> None:
        kind = "STRUCTURED_TABLE" if table.structured else "SEMI_STRUCTURED_TABLE"
        made = self._block("TABLE", number, corners_of(table.box), table.confidence, EntityTypes=[kind])
        self._top.append(made["Id"])
        ids: dict[tuple[int, int], str] = {}
        for cell in table.cells:
            place = f"{number}/{cell.row}/{cell.column}"
            block = self._block(
                "CELL",
                place,
                corners_of(cell.box),
                cell.confidence,
                RowIndex=cell.row,
                ColumnIndex=cell.column,
                RowSpan=1,
                ColumnSpan=1,
            )
            if cell.kind:
                block["EntityTypes"] = [_CELL_ENTITIES[cell.kind]]
            children = [self._words[word] for word in cell.words] + [self._marks[mark] for mark in cell.marks]
            _relate(block, "CHILD", children)
            ids[cell.row, cell.column] = block["Id"]
        _relate(made, "CHILD", list(ids.values()))
        _relate(made, "MERGED_CELL", [self._merged(number, merged, table, ids) for merged in table.merged])
        for name, words in (("TABLE_TITLE", table.title), ("TABLE_FOOTER", table.footer)):
            if words:
                around = _around([self._page.words[word].box for word in words])
                block = self._block(name, number, corners_of(around), table.confidence)
                _relate(block, "CHILD", [self._words[word] for word in words])
                _relate(made, name, [block["Id"]])

    def _merged(self, number: int, merged: Merged, table: Table, ids: dict[tuple[int, int], str]) -> str:
        block = self._block(
            "MERGED_CELL",
            f"{number}/{merged.row}/{merged.column}",
            corners_of(merged.box),
            table.confidence,
            RowIndex=merged.row,
            ColumnIndex=merged.column,
            RowSpan=merged.row_span,
            ColumnSpan=merged.column_span,
        )
        if merged.kind:
            block["EntityTypes"] = [_CELL_ENTITIES[merged.kind]]
        rows = range(merged.row, merged.row + merged.row_span)
        columns = range(merged.column, merged.column + merged.column_span)
        _relate(block, "CHILD", [ids[row, column] for row in rows for column in columns])
        return str(block["Id"])

    def _pair(self, number: int, pair: Pair) -> None:
        key = self._block(
            "KEY_VALUE_SET", f"{number}/key", corners_of(pair.key_box), pair.confidence, EntityTypes=["KEY"]
        )
        value = self._block(
            "KEY_VALUE_SET",
            f"{number}/value",
            corners_of(pair.value_box or pair.key_box),
            pair.confidence,
            EntityTypes=["VALUE"],
        )
        self._top += [key["Id"], value["Id"]]
        _relate(key, "VALUE", [value["Id"]])
        _relate(key, "CHILD", [self._words[word] for word in pair.key])
        children = [self._words[word] for word in pair.value]
        _relate(value, "CHILD", children + ([self._marks[pair.mark]] if pair.mark is not None else []))

    def _region(self, place: str, region: Region) -> str:
        kind = "LAYOUT_" + region.kind.upper().replace(" ", "_").replace("-", "_")
        made = self._block(kind, place, corners_of(region.box), region.confidence)
        parts = [self._region(f"{place}/{index}", part) for index, part in enumerate(region.parts)]
        _relate(made, "CHILD", parts or [self._lines[line] for line in region.lines])
        return str(made["Id"])

    def _answers(self) -> None:
        for index, query in enumerate(self._queries):
            if not query.is_asked_of(self._page.number):
                continue
            asked = self._block("QUERY", index, Query=query.member)
            self._top.append(asked["Id"])
            ids = []
            for number, answer in enumerate(each for each in self._analysed.answers if each.question == index):
                around = _around([self._page.words[word].box for word in answer.words]) if answer.words else None
                made = self._block(
                    "QUERY_RESULT",
                    f"{index}/{number}",
                    corners_of(around) if around else None,
                    answer.confidence,
                    Text=answer.text,
                )
                ids.append(made["Id"])
            _relate(asked, "ANSWER", ids)


def corners_of_page() -> Corners:
    """Those of a whole page."""
    return [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def geometry_of(box: Box) -> dict[str, Any]:
    """A Geometry."""
    return _geometry(corners_of(box))


def _geometry(corners: Corners) -> dict[str, Any]:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(across), min(down)
    box = {"Width": max(across) - left, "Height": max(down) - top, "Left": left, "Top": top}
    return {"BoundingBox": box, "Polygon": [{"X": x, "Y": y} for x, y in corners]}


def _relate(block: Block, kind: str, ids: list[str]) -> None:
    if ids:
        block.setdefault("Relationships", []).append({"Type": kind, "Ids": ids})


def _around(boxes: Sequence[Box]) -> Box:
    around = boxes[0]
    for box in boxes[1:]:
        around = around.joined(box)
    return around
