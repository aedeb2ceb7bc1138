"""The engine that looks at documents: what is written where, and what it forms."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Literal

from honmono.engines.base import Cost, Engine
from honmono.engines.documents.analysis.page import AnalysedDocument, AnalysedPage, ReadPage
from honmono.engines.documents.kinds import kind_of
from honmono.engines.documents.pdf import Pdf, PdfPage
from honmono.engines.documents.pictures import Pictures
from honmono.engines.documents.recognition import Recogniser
from honmono.engines.errors import DamagedInput, EngineUnavailable, UnsupportedInput

if TYPE_CHECKING:
    from PIL.Image import Image

Feature = Literal["tables"]

_SECONDS = 20.0
"""After so long no further page is begun, so that a call stays well within its limit."""


class DocumentAnalysisEngine(Engine):
    """Reads PDF by its text layer and pictures by PP-OCRv6."""

    name: ClassVar[str] = "pdfium-ppocr"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = (
        "Apache-2.0 (code, PP-OCRv6's weights, rapidocr, OpenCV), BSD-3-Clause and Apache-2.0 (PDFium, pypdfium2), "
        "MIT-CMU (Pillow)"
    )
    quality: ClassVar[str] = (
        "cells of 60 drawn tables, text and place right, clean pages / noisy ones: grid 1.0 / .989, with merged cells "
        "1.0 / .989, rules between rows 1.0 / .894, no rules .971 / .781. Real documents, photographs, cells of several "
        "lines without rules and handwriting are not measured; the text is read as by document-text"
    )
    cost: ClassVar[Cost] = Cost(memory_bytes=600 << 20)
    call_timeout: ClassVar[float] = 120.0

    def load(self) -> None:
        """See that the libraries are there. The networks are loaded with the first picture: most documents need none."""
        self._recogniser: Recogniser | None = None
        try:
            import PIL.Image
            import pypdfium2
        except ImportError as error:
            raise EngineUnavailable(self.name, f"documents need the extra `documents`: {error}") from error
        del PIL, pypdfium2

    def analyse(self, data: bytes, first: int, most: int, features: list[Feature]) -> AnalysedDocument:
        """Look at some pages of a document.

        What is wrong with one page is told in the page; what is wrong with the document is raised.

        Args:
            data: its bytes; what they are is told from themselves.
            first: the number of the first page to look at, from 1.
            most: how many pages. Fewer are, but at least one, once twenty seconds have passed.
            features: what to find beside words and lines.

        Raises:
            UnsupportedInput: it is neither PDF nor PNG, JPEG or TIFF.
            DamagedInput: it is damaged, encrypted, or larger than what is read.
            EngineUnavailable: a package is missing.
        """
        kind = kind_of(data)
        if kind not in ("pdf", "image"):
            raise UnsupportedInput("the document is neither PDF nor PNG, JPEG or TIFF")
        ends = time.monotonic() + _SECONDS
        pages: list[AnalysedPage] = []
        document = Pdf(data) if kind == "pdf" else Pictures(data)
        try:
            for number in range(first, min(first + most, document.count + 1)):
                if pages and time.monotonic() > ends:
                    break
                try:
                    if isinstance(document, Pdf):
                        opened = document.page(number)
                        try:
                            pages.append(self._pdf_page(opened, number, features))
                        finally:
                            opened.close()
                    else:
                        pages.append(self._picture(document.page(number), number, features))
                except DamagedInput as error:
                    pages.append(AnalysedPage(ReadPage(number, 1, 1, problem=error.reason)))
        finally:
            if isinstance(document, Pdf):
                document.close()
        return AnalysedDocument("pdf" if kind == "pdf" else "image", document.count, pages)

    def _pdf_page(self, opened: PdfPage, number: int, features: list[Feature]) -> AnalysedPage:
        """A page with text, or without anything, is drawn only where something is looked for in its picture."""
        from honmono.engines.documents.analysis.reading import of_text_layer
        from honmono.engines.documents.analysis.tables import tables_of

        size, lines = opened.size(), opened.lines()
        if not lines and opened.is_picture():
            return self._picture(opened.picture(), number, features)
        page = of_text_layer(lines, number, size)
        return AnalysedPage(page, tables=tables_of(page, opened.picture()) if "tables" in features else [])

    def _picture(self, picture: Image, number: int, features: list[Feature]) -> AnalysedPage:
        from honmono.engines.documents.analysis.reading import of_picture
        from honmono.engines.documents.analysis.tables import tables_of

        page, upright = of_picture(picture, number, self._eyes())
        return AnalysedPage(page, tables=tables_of(page, upright) if "tables" in features else [])

    def _eyes(self) -> Recogniser:
        if self._recogniser is None:
            device = str(self.options.get("device", "cpu"))
            self._recogniser = Recogniser(self.name, self.cost.cores, device)
        return self._recogniser
