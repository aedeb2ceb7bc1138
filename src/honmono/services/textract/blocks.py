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
        Merged,
        ReadLine,
        ReadWord,
        Table,
    )

Block = dict[str, Any]


def blocks_of(pages: Sequence[AnalysedPage], document: bytes) -> list[Block]:
    """The blocks of all pages.

    Args:
        document: its bytes, or what stands for them; ids are made from it.
    """
    digest = hashlib.sha256(document).digest()
    blocks: list[Block] = []
    for page in pages:
        blocks += _PageBlocks(page, digest).build()
    return blocks


class _PageBlocks:
    def __init__(self, analysed: AnalysedPage, digest: bytes) -> None:
        self._analysed = analysed
        self._page = analysed.page
        self._digest = digest
        self._blocks: list[Block] = []
        self._top: list[str] = []
        self._word_blocks: list[Block] = []

    def build(self) -> list[Block]:
        root = self._block("PAGE", None, geometry=_geometry(corners_of_page()))
        self._words = [self._word(index, word) for index, word in enumerate(self._page.words)]
        self._lines = [self._line(index, line) for index, line in enumerate(self._page.lines)]
        self._top += self._lines
        # Words follow the lines, as AWS's do.
        self._blocks += self._word_blocks
        for number, table in enumerate(self._analysed.tables):
            self._table(number, table)
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
        made = self._block(
            "WORD", index, word.corners, word.confidence, into=self._word_blocks, Text=word.text, TextType="PRINTED"
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
                block["EntityTypes"] = ["COLUMN_HEADER"]
            _relate(block, "CHILD", [self._words[word] for word in cell.words])
            ids[cell.row, cell.column] = block["Id"]
        _relate(made, "CHILD", list(ids.values()))
        _relate(made, "MERGED_CELL", [self._merged(number, merged, table, ids) for merged in table.merged])

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
        rows = range(merged.row, merged.row + merged.row_span)
        columns = range(merged.column, merged.column + merged.column_span)
        _relate(block, "CHILD", [ids[row, column] for row in rows for column in columns])
        return str(block["Id"])


def corners_of_page() -> Corners:
    """Those of a whole page."""
    return [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def _geometry(corners: Corners) -> dict[str, Any]:
    across, down = [x for x, _ in corners], [y for _, y in corners]
    left, top = min(across), min(down)
    box = {"Width": max(across) - left, "Height": max(down) - top, "Left": left, "Top": top}
    return {"BoundingBox": box, "Polygon": [{"X": x, "Y": y} for x, y in corners]}


def _relate(block: Block, kind: str, ids: list[str]) -> None:
    if ids:
        block.setdefault("Relationships", []).append({"Type": kind, "Ids": ids})
