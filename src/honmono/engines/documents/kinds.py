"""What kind of document some bytes are: by what they say, never by a name."""

from __future__ import annotations

from honmono.engines.documents.document import Kind
from honmono.engines.errors import DamagedInput, UnsupportedInput

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_OTHERS = {
    b"GIF8": "a GIF image",
    b"BM": "a BMP image",
    b"RIFF": "a WebP image, a sound or a film",
    b"{\\rtf": "Rich Text (RTF)",
    b"%!PS": "PostScript",
    b"\x1f\x8b": "a gzip archive",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_WITHIN = 1024
"""Readers look for %PDF- in the first kilobyte (ISO 32000-1, Annex H.3.4.1)."""

READABLE = "PDF, Word (.docx), PNG, JPEG, TIFF and UTF-8 text can be read"


def kind_of(data: bytes) -> Kind:
    """The kind of a document.

    Raises:
        UnsupportedInput: it is of none that can be read.
        DamagedInput: it is a Word document under a password.
    """
    if data.startswith(_PICTURES):
        return "image"
    if data.startswith(b"PK\x03\x04"):
        return "word"
    if data.startswith(_OLE):
        # An encrypted .docx is such a container too; the names in its directory are UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DamagedInput("the document is encrypted: a password is needed to read it")
        raise UnsupportedInput(f"an old Office document (.doc) cannot be read; save it as .docx. {READABLE}")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    for magic, name in _OTHERS.items():
        # "BM" may begin a text too.
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise UnsupportedInput(f"the document is {name}; {READABLE}")
    return "text"


def plain_text(data: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark.

    Raises:
        UnsupportedInput: they are none.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnsupportedInput(
            f"the document is neither UTF-8 text nor of a known type ({error.reason} at byte {error.start}); {READABLE}"
        ) from error
    if "\x00" in text:
        raise UnsupportedInput(f"the document is neither text nor of a known type (it has zero bytes); {READABLE}")
    return text
