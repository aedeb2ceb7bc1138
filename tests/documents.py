"""Documents that tests read: PDF and Word written by hand, pictures drawn by OpenCV, whose own font has Japanese."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from html import escape

Lines = Sequence[str]


def pdf(
    *pages: Lines, size: tuple[float, float] = (595, 842), extra: str = "", annotations: str = "", trailer: str = ""
) -> bytes:
    """A digital PDF: each line of each page is drawn from (72, 770) down, 20 points apart.

    Args:
        pages: the lines of each page.
        size: of every page, in points.
        extra: entries of the catalog.
        annotations: the first page's /Annots entries, written out.
        trailer: entries of the trailer.
    """
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(objects)

    add(f"<</Type/Catalog/Pages 2 0 R{extra}>>")
    tree = add("")
    latin = add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    cid = add(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiKakuGo-W5/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)"
        "/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/HeiseiKakuGo-W5/Flags 4/FontBBox[0 -200 1000 "
        "900]/ItalicAngle 0/Ascent 850/Descent -150/CapHeight 700/StemV 80>>>>"
    )
    japanese = add(
        f"<</Type/Font/Subtype/Type0/BaseFont/HeiseiKakuGo-W5/Encoding/UniJIS-UCS2-H/DescendantFonts[{cid} 0 R]>>"
    )
    kids = []
    for number, lines in enumerate(pages):
        content = _stream(_drawn(lines))
        stream = add(content)
        notes = f"/Annots[{annotations}]" if annotations and not number else ""
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]/Contents {stream} 0 R{notes}"
                f"/Resources<</Font<</L {latin} 0 R/J {japanese} 0 R>>>>>>"
            )
        )
    objects[tree - 1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    return _assembled(objects, trailer)


def scanned_pdf(*pictures: bytes, size: tuple[float, float] = (595, 288), layer: str = "") -> bytes:
    """A PDF whose pages are JPEG pictures and nothing else, or with a layer of unseen text on each."""
    import cv2
    import numpy as np

    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for picture in pictures:
        pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        height, width = pixels.shape[:2]
        head = f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8"
        objects.append(f"{head}/Filter/DCTDecode/Length {len(picture)}>>stream\n".encode() + picture + b"\nendstream")
        image = len(objects)
        unseen = f" BT 3 Tr /L 12 Tf 72 100 Td <{layer.encode('cp1252').hex()}> Tj ET" if layer else ""
        objects.append(_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /I Do Q{unseen}".encode()))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]/Contents {image + 1} 0 R"
            f"/Resources<</XObject<</I {image} 0 R>>/Font<</L<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
            "/Encoding/WinAnsiEncoding>>>>>>>>".encode()
        )
        kids.append(f"{image + 2} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return _assembled(objects, "")


def encrypted_pdf(*pages: Lines) -> bytes:
    """A PDF that a password protects; nobody knows which."""
    return pdf(
        *pages,
        trailer=f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'5a' * 32}>/U<{'a5' * 32}>/P -44>>/ID[<{'00' * 16}><{'00' * 16}>]",
    )


def form_pdf(lines: Lines, **fields: str) -> bytes:
    """A PDF with text fields, each 150 points below the one before."""
    written = [
        f"<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/V<{_utf16(value)}>/F 4/Rect[72 {620 - 150 * at} 400 {650 - 150 * at}]"
        "/DA(/Helv 12 Tf 0 g)>>"
        for at, (name, value) in enumerate(fields.items())
    ]
    base = pdf(lines)
    # Fields of a form are named by reference: number them from the objects that are there.
    first = base.count(b" 0 obj") + 1
    references = " ".join(f"{first + at} 0 R" for at in range(len(written)))
    data = pdf(lines, extra=f"/AcroForm<</Fields[{references}]>>", annotations=references)
    return _with_objects(data, written)


def docx(
    *paragraphs: str | Sequence[Lines],
    header: str = "",
    footer: str = "",
    note: str = "",
    body: str = "",
    document: str = "",
    main: str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    more: dict[str, bytes] | None = None,
) -> bytes:
    """A Word document: paragraphs, tables (rows of cells), and "\\f" for a page break.

    Args:
        body: XML put behind the paragraphs.
        document: the whole main part in place of all that.
        main: its content type.
        more: further parts.
    """
    parts = {"header1": ("header", "hdr", header), "footer1": ("footer", "ftr", footer)}
    parts["footnotes"] = ("footnotes", "footnotes", note)
    there = {name: part for name, part in parts.items() if part[2]}
    overrides = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    for name, (kind, _, _) in there.items():
        overrides += (
            f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'wordprocessingml.{kind}+xml"/>'
        )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": document or _word("document", f"<w:body>{_content(paragraphs)}{body}</w:body>"),
    }
    for name, (_, element, text) in there.items():
        inner = f'<w:footnote w:id="1">{_content([text])}</w:footnote>' if name == "footnotes" else _content([text])
        files[f"word/{name}.xml"] = _word(element, inner)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def picture(lines: Lines, suffix: str = ".png", width: int = 1240, height: int = 600) -> bytes:
    """A picture of lines of text, black on white, letters 36 pixels high."""
    import cv2
    import numpy as np

    page = np.full((height, width, 3), 255, np.uint8)
    font = cv2.FontFace("uni")
    for number, line in enumerate(lines):
        cv2.putText(page, line, (60, 90 + 70 * number), (0, 0, 0), font, 36)
    return bytes(cv2.imencode(suffix, page)[1])


def tiff(*pages: Lines) -> bytes:
    """A TIFF with a picture a page."""
    from PIL import Image

    frames = [Image.open(io.BytesIO(picture(lines))) for lines in pages]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_deflate")
    return buffer.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A valid PNG of that size, all black, in a few kilobytes a gigapixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x01\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def billion_laughs() -> bytes:
    """A Word document whose XML declares entities that unpack to gigabytes."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]>'
    return docx(document=text + _word("document", "<w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body>"))


def external_entity(path: str) -> bytes:
    """A Word document whose XML asks for a file."""
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{path}">]>'
    return docx(document=text + _word("document", "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body>"))


def zip_bomb(megabytes: int) -> bytes:
    """A Word document whose text unpacks to so many megabytes."""
    paragraph = "<w:p><w:r><w:t>" + "a" * (1 << 20) + "</w:t></w:r></w:p>"
    return docx(document=_word("document", f"<w:body>{paragraph * megabytes}</w:body>"))


def _drawn(lines: Iterable[str]) -> bytes:
    commands = []
    for number, line in enumerate(lines):
        try:
            text, font = line.encode("cp1252").hex(), "L"
        except UnicodeEncodeError:
            text, font = _utf16(line, mark=False), "J"
        commands.append(f"BT /{font} 12 Tf 72 {770 - 20 * number} Td <{text}> Tj ET")
    return "\n".join(commands).encode()


def _utf16(text: str, mark: bool = True) -> str:
    return ("\ufeff" * mark + text).encode("utf-16-be").hex()


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n".encode() + packed + b"\nendstream"


def _assembled(objects: list[bytes], trailer: str) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _with_objects(data: bytes, written: list[str]) -> bytes:
    """An incremental update that adds objects."""
    first = data.count(b" 0 obj") + 1
    before = int(data.rsplit(b"startxref", 1)[1].split()[0])
    out, offsets = bytearray(data), []
    for number, body in enumerate(written, first):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body.encode("latin-1") + b"\nendobj\n"
    table = len(out)
    out += f"xref\n{first} {len(written)}\n".encode() + b"".join(f"{at:010d} 00000 n \n".encode() for at in offsets)
    out += f"trailer\n<</Size {first + len(written)}/Root 1 0 R/Prev {before}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def _word(element: str, inner: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{element} xmlns:w="{space}">{inner}</w:{element}>'


def _content(paragraphs: Iterable[str | Sequence[Lines]]) -> str:
    made = []
    for each in paragraphs:
        if each == "\f":
            made.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        elif isinstance(each, str):
            made.append(paragraph(each))
        else:
            rows = (f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in each)
            made.append(f"<w:tbl>{''.join(rows)}</w:tbl>")
    return "".join(made)


def paragraph(text: str) -> str:
    """A paragraph's XML."""
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
