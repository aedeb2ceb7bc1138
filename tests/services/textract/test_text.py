from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError
from PIL import Image
from tests import documents

needs_reading = pytest.mark.slow


@pytest.fixture
def textract(server):
    return server.client("textract")


def lines_of(answer):
    return [block["Text"] for block in answer["Blocks"] if block["BlockType"] == "LINE"]


def test_a_digital_page_is_its_text_layer(textract):
    made = textract.detect_document_text(Document={"Bytes": documents.pdf(["Invoice 17", "Total: 42 EUR"])})
    assert lines_of(made) == ["Invoice 17", "Total: 42 EUR"]
    blocks = {block["Id"]: block for block in made["Blocks"]}
    [page] = [block for block in made["Blocks"] if block["BlockType"] == "PAGE"]
    lines = [blocks[child] for child in page["Relationships"][0]["Ids"]]
    words = [[blocks[child]["Text"] for child in line["Relationships"][0]["Ids"]] for line in lines]
    assert words == [["Invoice", "17"], ["Total:", "42", "EUR"]]
    assert all(0 <= block["Geometry"]["BoundingBox"]["Top"] <= 1 for block in made["Blocks"])
    assert made["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("pdfium-ppocr/")


@needs_reading
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_picture_is_read_whichever_way_it_lies(textract, quarters):
    picture = Image.open(io.BytesIO(documents.picture(["The quick brown fox", "jumps over 13 dogs"])))
    out = io.BytesIO()
    picture.rotate(90 * quarters, expand=True).save(out, "PNG")
    made = textract.detect_document_text(Document={"Bytes": out.getvalue()})
    assert lines_of(made) == ["The quick brown fox", "jumps over 13 dogs"]
    assert all(block["Confidence"] > 80 for block in made["Blocks"] if block["BlockType"] == "WORD")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"hello there", "UnsupportedDocumentException"),
        (documents.docx("Hello"), "UnsupportedDocumentException"),
        (documents.pdf(["one"], ["two"]), "UnsupportedDocumentException"),
        (documents.encrypted_pdf(["secret"]), "BadDocumentException"),
        (documents.pdf(["cut"])[:200], "BadDocumentException"),
        (documents.huge_png(20_000, 20_000), "BadDocumentException"),
    ],
)
def test_what_cannot_be_read_is_refused(textract, document, code):
    with pytest.raises(ClientError) as error:
        textract.detect_document_text(Document={"Bytes": document})
    assert error.value.response["Error"]["Code"] == code


def test_an_object_is_read_with_the_callers_rights(textract, server):
    s3 = server.client("s3")
    s3.create_bucket(Bucket="scans")
    s3.put_object(Bucket="scans", Key="a.pdf", Body=documents.pdf(["From the bucket"]))
    made = textract.detect_document_text(Document={"S3Object": {"Bucket": "scans", "Name": "a.pdf"}})
    assert lines_of(made) == ["From the bucket"]
    with pytest.raises(ClientError) as error:
        textract.detect_document_text(Document={"S3Object": {"Bucket": "scans", "Name": "b.pdf"}})
    assert error.value.response["Error"]["Code"] == "InvalidS3ObjectException"
