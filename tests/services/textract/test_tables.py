from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError
from PIL import Image, ImageDraw, ImageFont

ROWS = [["Item", "Units", "Price"], ["Bolts", "120", "3.50"], ["Nails", "75", "1.20"], ["Rope", "8", "14.00"]]


@pytest.fixture
def textract(server):
    return server.client("textract")


def drawn(rows, *, ruled=True, merged=()):
    """A page with a table; `merged` are cells (row, column) that reach one column further."""
    page = Image.new("L", (900, 600), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(24)
    pen.text((60, 40), "What is in the store room", 0, font)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = 60 + 220 * column, 120 + 60 * row
            pen.text((x + 14, y + 14), text, 0, font)
            if ruled:
                pen.line((x, y, x + 220, y), 0, 2)
                pen.line((x, y + 60, x + 220, y + 60), 0, 2)
                if (row, column - 1) not in merged:
                    pen.line((x, y, x, y + 60), 0, 2)
        if ruled:
            pen.line((60 + 220 * len(texts), 120 + 60 * row, 60 + 220 * len(texts), 180 + 60 * row), 0, 2)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def table_of(answer):
    blocks = {block["Id"]: block for block in answer["Blocks"]}

    def children(block, kind="CHILD"):
        found = [each["Ids"] for each in block.get("Relationships", ()) if each["Type"] == kind]
        return [blocks[each] for ids in found for each in ids]

    [table] = [block for block in answer["Blocks"] if block["BlockType"] == "TABLE"]
    cells = {}
    for cell in children(table):
        cells[cell["RowIndex"], cell["ColumnIndex"]] = " ".join(word["Text"] for word in children(cell))
    merged = [
        (each["RowIndex"], each["ColumnIndex"], each["RowSpan"], each["ColumnSpan"])
        for each in children(table, "MERGED_CELL")
    ]
    heads = [cell["ColumnIndex"] for cell in children(table) if "COLUMN_HEADER" in cell.get("EntityTypes", ())]
    return cells, merged, heads


@pytest.mark.slow
@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_is_told_cell_by_cell(textract, ruled):
    answer = textract.analyze_document(Document={"Bytes": drawn(ROWS, ruled=ruled)}, FeatureTypes=["TABLES"])
    cells, merged, heads = table_of(answer)
    expected = {(row, column): text for row, texts in enumerate(ROWS, 1) for column, text in enumerate(texts, 1)}
    assert cells == expected
    assert merged == [] and heads == [1, 2, 3]


@pytest.mark.slow
def test_cells_that_are_one_are_told_so(textract):
    rows = [["In the store", "", "Price"], *ROWS[1:]]
    cells, merged, _ = table_of(
        textract.analyze_document(Document={"Bytes": drawn(rows, merged={(0, 0)})}, FeatureTypes=["TABLES"])
    )
    assert merged == [(1, 1, 1, 2)]
    assert cells[1, 1] == "In the store" and cells[2, 2] == "120"


def test_what_is_not_found_yet_is_refused_by_name(textract):
    for feature in ("FORMS", "LAYOUT", "SIGNATURES"):
        with pytest.raises(ClientError, match=feature) as error:
            textract.analyze_document(Document={"Bytes": drawn(ROWS)}, FeatureTypes=["TABLES", feature])
        assert error.value.response["Error"]["Code"] == "EngineUnavailable"
    with pytest.raises(ClientError, match="HumanLoopConfig"):
        textract.analyze_document(
            Document={"Bytes": drawn(ROWS)},
            FeatureTypes=["TABLES"],
            HumanLoopConfig={
                "HumanLoopName": "h",
                "FlowDefinitionArn": "arn:aws:sagemaker:us-east-1:1:flow-definition/x",
            },
        )
