"""What Textract's DetectDocumentText and AnalyzeDocument answered, given as a document.

Source: "Text Detection and Document Analysis Response Objects" in the Textract developer guide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from honmono.engines.documents.document import Box, Line, laid_out


class NotTextract(Exception):
    """A JSON document that says it is Textract's and is not. `reason` is AWS's code."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class TextractOutput:
    """The pages of Textract's output.

    Attributes:
        type: AWS's DocumentType.
        pages: text and lines of each.
    """

    type: str
    pages: list[tuple[str, list[Line]]]


def textract_output(data: bytes, most_bytes: int, most_pages: int) -> TextractOutput | None:
    """Textract's output, or None where the bytes are something else: no JSON object with Blocks and DocumentMetadata.

    Raises:
        NotTextract: it is too large, its blocks make no sense, or are of other pages than it says.
    """
    if data.lstrip()[:1] != b"{" or b'"Blocks"' not in data or b'"DocumentMetadata"' not in data:
        return None
    if len(data) > most_bytes:
        raise NotTextract(
            "DOCUMENT_SIZE_EXCEEDED", f"the document has {len(data)} bytes; Textract's output may have {most_bytes}."
        )
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or "Blocks" not in answer or "DocumentMetadata" not in answer:
        return None
    analysed = "AnalyzeDocumentModelVersion" in answer
    try:
        blocks = {block["Id"]: block for block in answer["Blocks"]}
        in_all = int(answer["DocumentMetadata"]["Pages"])
        lines: dict[int, list[tuple[list[str], list[Box | None]]]] = {}
        for block in answer["Blocks"]:
            if block["BlockType"] == "LINE":
                lines.setdefault(int(block.get("Page", 1)), []).append(_words(block, blocks))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotTextract(
            "NOT_TEXTRACT_JSON", f"the document is not Textract's output: {type(error).__name__} at {error}."
        ) from error
    if in_all > most_pages:
        raise NotTextract("PAGE_LIMIT_EXCEEDED", f"the document has {in_all} pages; at most {most_pages} may be given.")
    if in_all < 1 or any(not 1 <= page <= in_all for page in lines):
        raise NotTextract(
            "MISMATCHED_TOTAL_PAGE_COUNT", f"the document says that it has {in_all} pages; its blocks are of others."
        )
    return TextractOutput(
        f"TEXTRACT_{'ANALYZE_DOCUMENT' if analysed else 'DETECT_DOCUMENT_TEXT'}_JSON",
        [laid_out(lines.get(page, [])) for page in range(1, in_all + 1)],
    )


def _words(line: dict[str, Any], blocks: dict[str, Any]) -> tuple[list[str], list[Box | None]]:
    children = [
        blocks[child]
        for relation in line.get("Relationships") or ()
        if relation["Type"] == "CHILD"
        for child in relation["Ids"]
        if blocks[child]["BlockType"] == "WORD"
    ]
    if children:
        return [str(child["Text"]) for child in children], [_box(child) for child in children]
    words = str(line["Text"]).split()
    return words, [_box(line)] * len(words)


def _box(block: dict[str, Any]) -> Box | None:
    found = block.get("Geometry", {}).get("BoundingBox")
    return None if found is None else Box(*(float(found[side]) for side in ("Left", "Top", "Width", "Height")))
