"""PDF: the text layer of each page, its form fields and comments written on it, or its picture. By PDFium.

PDFium computes nothing that a document asks for: pypdfium2's build has no JavaScript and no XFA.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from honmono.engines.documents.document import Box
from honmono.engines.errors import DamagedInput

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_CHARACTERS = 200_000
"""Characters of a page that are read; AWS stops at 10,000."""
_MOST_ANNOTATIONS = 2_000
_PIXELS_A_POINT = 200 / 72
_SEEN_SIDE = 2_400
_GRID = 1_000_000
_HIDDEN = 2 | 32  # annotation flags Hidden and NoView (ISO 32000-1, table 165)
_PASSWORD = 1 << 13  # field flag (table 228)
_PASSWORD_NEEDED, _OTHER_SECURITY = 4, 5

Lines = list[tuple[list[str], list[Box | None]]]


class Pdf:
    """An open PDF."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            DamagedInput: it is damaged, has no pages, or is encrypted.
        """
        import pypdfium2

        try:
            self._pdf = pypdfium2.PdfDocument(data)
            self.count = len(self._pdf)
            if self.count:
                self._pdf.init_forms()
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in (_PASSWORD_NEEDED, _OTHER_SECURITY):
                raise DamagedInput("the PDF is encrypted: a password is needed to read it") from error
            raise DamagedInput(f"the PDF is damaged: {error}") from error
        if not self.count:
            self.close()
            raise DamagedInput("the PDF is damaged: it has no pages")

    def page(self, number: int) -> PdfPage:
        """A page, to be closed. Raises `DamagedInput`."""
        import pypdfium2

        try:
            return PdfPage(self._pdf, self._pdf[number - 1])
        except pypdfium2.PdfiumError as error:
            raise DamagedInput(f"the page is damaged: {error}") from error

    def close(self) -> None:
        """Give its memory back."""
        self._pdf.close()


class PdfPage:
    """An open page."""

    def __init__(self, pdf: Any, page: Any) -> None:
        self._pdf, self._page = pdf, page

    def close(self) -> None:
        """Give its memory back."""
        self._page.close()

    def lines(self) -> Lines:
        """The words of each line with their boxes, in the order in which the page draws them.

        What form fields hold, and free text that was written onto the page, stands where it is seen.
        """
        return _merged(self._drawn(), self._written_on())

    def is_picture(self) -> bool:
        """Whether it draws anything; asked of a page without text."""
        from pypdfium2 import raw

        return bool(raw.FPDFPage_CountObjects(self._page) > 0)

    def size(self) -> tuple[float, float]:
        """Width and height, in points.

        Raises:
            DamagedInput: they are no sizes of a page.
        """
        width, height = (float(side) for side in self._page.get_size())
        if not (0 < width < float("inf") and 0 < height < float("inf")):
            raise DamagedInput(f"the page is {width} × {height} points large")
        return width, height

    def picture(self) -> Image:
        """How it looks, with 200 dots an inch where its size allows.

        Raises:
            DamagedInput: it cannot be drawn.
        """
        import pypdfium2

        scale = min(_PIXELS_A_POINT, _SEEN_SIDE / max(self.size()))
        try:
            drawn: Image = self._page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
            raise DamagedInput(f"the page cannot be drawn: {error}") from error
        return drawn

    def _drawn(self) -> Lines:
        import pypdfium2
        from pypdfium2 import raw

        try:
            text = self._page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise DamagedInput(f"the page's text is damaged: {error}") from error
        try:
            lines: Lines = [([], [])]
            begin, letters = 0, ""
            for index in range(min(text.count_chars(), MOST_CHARACTERS) + 1):
                code = raw.FPDFText_GetUnicode(text, index) if index < text.count_chars() else 10
                letter = _letter(code)
                if letter and not letter.isspace():
                    begin = begin if letters else index
                    letters += letter
                    continue
                if letters:
                    lines[-1][0].append(letters)
                    lines[-1][1].append(self._box_of(text, begin, index - begin))
                    letters = ""
                if letter in ("\n", "\r") and lines[-1][0]:
                    lines.append(([], []))
            return [line for line in lines if line[0]]
        finally:
            text.close()

    def _box_of(self, text: Any, begin: int, count: int) -> Box | None:
        from pypdfium2 import raw

        around: Box | None = None
        left, top, right, bottom = (ctypes.c_double() for _ in range(4))
        for index in range(raw.FPDFText_CountRects(text, begin, count)):
            if raw.FPDFText_GetRect(text, index, left, top, right, bottom):
                box = self._seen(left.value, top.value, right.value, bottom.value)
                around = box if around is None else around.joined(box)
        return around

    def _seen(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A rectangle of the page's own space (points, turned and cut as the page says) as it is seen."""
        from pypdfium2 import raw

        across, down = [], []
        x, y = ctypes.c_int(), ctypes.c_int()
        for point in ((left, top), (right, bottom)):
            raw.FPDF_PageToDevice(self._page, 0, 0, _GRID, _GRID, 0, *point, x, y)
            across.append(min(max(x.value / _GRID, 0.0), 1.0))
            down.append(min(max(y.value / _GRID, 0.0), 1.0))
        return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))

    def _written_on(self) -> Lines:
        """Form fields and free text: their words, each line with the box of the whole."""
        from pypdfium2 import raw

        lines: Lines = []
        for index in range(min(raw.FPDFPage_GetAnnotCount(self._page), _MOST_ANNOTATIONS)):
            annotation = raw.FPDFPage_GetAnnot(self._page, index)
            if not annotation:
                continue
            try:
                rectangle = raw.FS_RECTF()
                text = self._text_of(annotation)
                if text.strip() and raw.FPDFAnnot_GetRect(annotation, rectangle):
                    box = self._seen(rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
                    for line in text.splitlines():
                        words = line.split()
                        if words:
                            lines.append((words, [box] * len(words)))
            finally:
                raw.FPDFPage_CloseAnnot(annotation)
        return lines[:_MOST_ANNOTATIONS]

    def _text_of(self, annotation: Any) -> str:
        from pypdfium2 import raw

        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            return ""
        if kind == raw.FPDF_ANNOT_FREETEXT:
            return _string(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
        form = self._pdf.formenv
        if kind != raw.FPDF_ANNOT_WIDGET or form is None:
            return ""
        fields = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
        if raw.FPDFAnnot_GetFormFieldType(form, annotation) not in fields:
            return ""
        if raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
            return ""
        return _string(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _letter(code: int) -> str:
    """A character of the text layer: none where the font does not say which, a hyphen where a word was parted."""
    if code in (0, 0xFFFD, 0xFFFF):
        return ""
    if code in (2, 0xFFFE):
        return "-"
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _string(read: Any) -> str:
    """A UTF-16 string of PDFium's, which first says how long it is."""
    from pypdfium2 import raw

    size = read(None, 0)
    if size <= 2 or size > 2 * MOST_CHARACTERS:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="ignore").split("\x00")[0]


def _merged(drawn: Lines, written: Lines) -> Lines:
    """Both, each line that was written onto the page behind the last drawn one that begins above it."""
    if not written:
        return drawn
    # The lowest place from each line on, so that bisection finds the last line above, whatever the order of drawing.
    lowest: list[float] = []
    for _, boxes in reversed(drawn):
        top = 1.0 if boxes[0] is None else boxes[0].top
        lowest.append(min(top, lowest[-1]) if lowest else top)
    lowest.reverse()
    after: dict[int, Lines] = {}
    for line in written:
        box = line[1][0]
        after.setdefault(bisect_right(lowest, box.top if box is not None else 1.0), []).append(line)
    lines: Lines = list(after.get(0, ()))
    for number, each in enumerate(drawn, 1):
        lines += [each, *after.get(number, ())]
    return lines
