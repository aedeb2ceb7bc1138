"""Documents of every kind that the engine reads, and those that it refuses."""

import io
import time
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from tests import documents

from honmono.engines.documents.document import Document, Page
from honmono.engines.documents.engine import DocumentTextEngine
from honmono.engines.errors import DamagedInput, EngineError, UnsupportedInput
from honmono.weights import Cache


@pytest.fixture(scope="module")
def reader() -> DocumentTextEngine:
    engine = DocumentTextEngine(Cache())
    engine.load()
    return engine


def only_page(document: Document) -> Page:
    (page,) = document.pages
    assert not page.problem
    return page


@pytest.mark.parametrize(
    "lines",
    [
        ["Invoice 4711 for Anna Schmidt", "Please pay 300 euros by Friday."],
        ["Où est mon colis ? Émile", "naïve café, 50 € (élève)"],
        ["請求書の金額が間違っています。", "返金してください。"],
    ],
    ids=["english", "accents", "japanese"],
)
def test_the_text_layer_of_a_pdf(reader, lines):
    document = reader.read(documents.pdf(lines, ["the second page"]), 1, 5)
    assert (document.kind, document.pages_in_all) == ("pdf", 2)
    first, second = document.pages
    assert first.text == "\n".join(lines)
    assert second.text == "the second page"
    assert not first.scanned and not first.recognised


def test_words_stand_where_they_are_drawn(reader):
    page = only_page(reader.read(documents.pdf(["Invoice 4711", "荷物 late"])))
    assert [[word.text for word in line.words] for line in page.lines] == [["Invoice", "4711"], ["荷物", "late"]]
    for line in page.lines:
        assert page.text[line.begin : line.begin + len(line.text)] == line.text
        for word in line.words:
            assert page.text[word.begin : word.begin + len(word.text)] == word.text
    invoice, number = page.lines[0].words
    # 72 of 595 points from the left; a baseline 770 of 842 points above the foot.
    assert invoice.box.left == pytest.approx(72 / 595, abs=0.005)
    assert invoice.box.top + invoice.box.height == pytest.approx(1 - 770 / 842, abs=0.005)
    assert number.box.left > invoice.box.left + invoice.box.width
    below = page.lines[1].box
    assert below.top > invoice.box.top + invoice.box.height


def test_pages_are_read_from_where_they_are_asked(reader):
    data = documents.pdf(*[[f"this is page {number}"] for number in range(1, 10_001)])
    document = reader.read(data, 9_999, 5)
    assert document.pages_in_all == 10_000
    assert [page.text for page in document.pages] == ["this is page 9999", "this is page 10000"]


def test_what_is_filled_into_a_form(reader):
    data = documents.form_pdf(["Name and town:"], name="Anna Schmidt", town="東京都")
    page = only_page(reader.read(data))
    assert page.text.split("\n") == ["Name and town:", "Anna Schmidt", "東京都"]
    other = documents.form_pdf(["Name and town:"], name="Bob", town="Ōsaka")
    assert only_page(reader.read(other)).text.split("\n")[1:] == ["Bob", "Ōsaka"]


def test_text_written_onto_a_page(reader):
    note = "<</Type/Annot/Subtype/FreeText/Contents(please pay)/Rect[72 700 300 720]/DA(/Helv 9 Tf)>>"
    hidden = "<</Type/Annot/Subtype/FreeText/F 2/Contents(unseen)/Rect[72 600 300 620]/DA(/Helv 9 Tf)>>"
    page = only_page(reader.read(documents.pdf(["printed"], annotations=note + hidden)))
    assert page.text == "printed\nplease pay"


def test_a_word_document_with_tables_headers_notes_and_pages(reader):
    data = documents.docx(
        "Dear Anna & <Bob>,",
        [["Item", "Price"], ["荷物", "300 €"]],
        "\f",
        "Second page 😀",
        header="ACME",
        footer="page foot",
        note="a note",
    )
    document = reader.read(data, 1, 5)
    assert (document.kind, document.pages_in_all) == ("word", 2)
    assert document.pages[0].text == "ACME\nDear Anna & <Bob>,\nItem\tPrice\n荷物\t300 €"
    assert document.pages[1].text == "Second page 😀\na note\npage foot"
    words = [word.text for line in document.pages[0].lines for word in line.words]
    assert words[-4:] == ["Price", "荷物", "300", "€"]
    assert all(word.box is None for line in document.pages[0].lines for word in line.words)


def test_tracked_changes_content_controls_hidden_text_and_text_boxes(reader):
    body = (
        "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>controlled</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>shown</w:t></w:r></w:p>"
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:p><w:r><w:t>boxed</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    text = only_page(reader.read(documents.docx(body=body))).text
    assert text.split() == ["inserted", "controlled", "shown", "boxed"]


@pytest.mark.parametrize("make", [".png", ".jpg", ".tiff"])
def test_a_picture_is_read(reader, make):
    lines = ["Where is my parcel?", "荷物がまだ届きません"]
    page = only_page(reader.read(documents.picture(lines, make)))
    assert page.text == "\n".join(lines)
    assert page.scanned and page.recognised
    assert [word.text for word in page.lines[0].words] == ["Where", "is", "my", "parcel?"]
    boxes = [word.box for word in page.lines[0].words]
    assert all(one.left < other.left for one, other in pairwise(boxes))
    assert boxes[0].left == pytest.approx(60 / 1240, abs=0.02)


def test_a_scanned_pdf_and_a_tiff_of_several_pages(reader):
    scan = documents.scanned_pdf(documents.picture(["Refund the invoice"], ".jpg"))
    page = only_page(reader.read(scan))
    assert (page.text, page.scanned, page.recognised) == ("Refund the invoice", True, True)
    document = reader.read(documents.tiff(["First page"], ["Second page"], ["Third page"]), 2, 9)
    assert document.pages_in_all == 3
    assert [(page.number, page.text) for page in document.pages] == [(2, "Second page"), (3, "Third page")]


def test_a_digital_pdf_is_looked_at_where_that_is_asked(reader):
    page = only_page(reader.read(documents.pdf(["Looked at, not copied"]), recognise=True))
    assert (page.text, page.scanned, page.recognised) == ("Looked at, not copied", False, True)


def test_plain_text(reader):
    document = reader.read("\ufeffOne line\nand 荷物".encode())
    assert document.kind == "text"
    assert only_page(document).text == "One line\nand 荷物"


REFUSED = {
    "encrypted": (lambda: documents.encrypted_pdf(["secret"]), DamagedInput, "password"),
    "truncated": (lambda: documents.pdf(["x"])[:200], DamagedInput, "PDF is damaged"),
    "png-named-pdf": (lambda: b"\x89PNG\r\n\x1a\n" + documents.pdf(["x"]), DamagedInput, "image is damaged"),
    "laughs": (documents.billion_laughs, DamagedInput, "declares entities"),
    "external": (lambda: documents.external_entity("/etc/hostname"), DamagedInput, "declares entities"),
    "bomb": (lambda: documents.zip_bomb(80), DamagedInput, "unpacks to more than"),
    "not-word": (lambda: documents.docx(main="application/xml"), UnsupportedInput, "no Word document"),
    "macros": (
        lambda: documents.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
        UnsupportedInput,
        "macros",
    ),
    "parts": (lambda: documents.docx("x", more={f"p{n}": b"" for n in range(5001)}), DamagedInput, "5004 parts"),
    "deep": (lambda: documents.docx(body="<w:p>" * 2000 + "</w:p>" * 2000), DamagedInput, "nested"),
    "broken-xml": (lambda: documents.docx(document="<w:document"), DamagedInput, "document.xml"),
    "old-word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), UnsupportedInput, ".docx"),
    "locked-word": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        DamagedInput,
        "password",
    ),
    "gif": (lambda: b"GIF89a" + bytes(20), UnsupportedInput, "GIF"),
    "latin-1": (lambda: "café".encode("latin-1"), UnsupportedInput, "neither UTF-8"),
    "binary": (lambda: b"a\x00b", UnsupportedInput, "zero bytes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(reader, name):
    make, error, words = REFUSED[name]
    with pytest.raises(error, match=words):
        reader.read(make())


def test_pages_of_a_huge_extent(reader):
    page = only_page(reader.read(documents.pdf(["as large as a town"], size=(14_400_000, 14_400_000))))
    assert page.text == "as large as a town"
    (page,) = reader.read(documents.huge_png(60_000, 200)).pages
    assert "60000 × 200 pixels" in page.problem


def test_pictures_of_other_depths_and_colours(reader):
    """A scanner's sixteen bits, a palette, and black letters on nothing."""
    shown = Image.open(io.BytesIO(documents.picture(["Bill 4711"], width=500, height=150)))
    grey = np.asarray(shown.convert("L")).astype(np.uint16) * 40 + 3000
    clear = Image.new("RGBA", shown.size, (0, 0, 0, 0))
    clear.putalpha(Image.eval(shown.convert("L"), lambda value: 255 - value))
    for image in (Image.fromarray(grey), shown.convert("P"), shown.convert("1"), clear, shown.convert("CMYK")):
        buffer = io.BytesIO()
        image.save(buffer, "TIFF" if image.mode == "CMYK" else "PNG")
        assert only_page(reader.read(buffer.getvalue())).text == "Bill 4711", image.mode


def test_a_picture_that_was_taken_sideways(reader):
    shown = Image.open(io.BytesIO(documents.picture(["Taken sideways"], width=600, height=200)))
    turned = shown.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise to see it
    buffer = io.BytesIO()
    turned.save(buffer, "JPEG", exif=exif, quality=95)
    assert only_page(reader.read(buffer.getvalue())).text == "Taken sideways"


def test_bombs_take_little_time(reader):
    """Pictures of a hundred megapixels in some kilobytes, a TIFF of thousands of pages, thousands of breaks."""
    started = time.process_time()
    assert only_page(reader.read(documents.huge_png(10_000, 10_000))).text == ""
    page = Image.new("1", (8, 8))
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", save_all=True, append_images=[page] * 999)
    assert reader.read(buffer.getvalue(), 999, 1).pages_in_all == 1000
    breaks = '<w:p><w:r><w:tab/><w:br w:type="page"/></w:r></w:p>' * 50_000
    assert reader.read(documents.docx("x", body=breaks, footer="y"), 1, 9).pages_in_all == 1
    assert time.process_time() - started < 40


def test_the_same_document_gives_the_same_answer(reader):
    data = documents.picture(["One and the same"])
    assert reader.read(data) == reader.read(data)


def test_errors_are_of_declared_kinds_alone(reader):
    """Cut anywhere, a document is read or refused in words."""
    for data in (documents.pdf(["a page"], ["b"]), documents.docx("a", [["b"]]), documents.picture(["x"], height=120)):
        for at in range(1, len(data), max(len(data) // 25, 1)):
            try:
                reader.read(data[:at])
            except EngineError as error:
                assert isinstance(error, DamagedInput | UnsupportedInput) and str(error)
