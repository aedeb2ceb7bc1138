"""Documents in native formats (PDF, Word, images, Textract's output) as Comprehend reads them, for every operation that
takes some: in real time, in training, in jobs.

Sources: "Inputs for real-time custom analysis", "Inputs for asynchronous custom analysis" and "Setting text extraction
options" in the Comprehend developer guide; ErrorsListItem and InvalidRequestDetail in the API reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.engines.documents.kinds import kind_of, plain_text
from honmono.engines.errors import DamagedInput, EngineCrashed, EngineFailed, EngineTimeout, UnsupportedInput
from honmono.services.comprehend.resources import invalid
from honmono.services.comprehend.textract_output import NotTextract, TextractOutput, textract_output
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.documents.document import Kind, Line, Page
    from honmono.engines.documents.engine import DocumentTextEngine
    from honmono.engines.host import EngineHost

FIELD = "document-text"
PLAIN_TEXT = "PLAIN_TEXT"

READER_BYTES = 512 << 20
"""What the reader takes beside a job."""
_RUN = 16
"""Pages that the engine is asked for at once."""


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How large a document may be.

    Attributes:
        text, pdf, word, image, textract: bytes of a file of that kind.
        pages: of a document.
        characters: of a page.
    """

    text: int
    pdf: int
    word: int
    image: int
    textract: int
    pages: int
    characters: int


REAL_TIME = DocumentLimits(
    text=10 << 10, pdf=10 << 20, word=10 << 20, image=10 << 20, textract=1 << 20, pages=1, characters=10_000
)
IN_JOBS = DocumentLimits(
    text=10 << 20, pdf=50 << 20, word=5 << 20, image=10 << 20, textract=1 << 20, pages=100, characters=10_000
)


class DocumentRefused(Exception):
    """A document cannot be read.

    Attributes:
        reason: a code of InvalidRequestDetail: DOCUMENT_SIZE_EXCEEDED, UNSUPPORTED_DOC_TYPE, PAGE_LIMIT_EXCEEDED,
            NOT_TEXTRACT_JSON, MISMATCHED_TOTAL_PAGE_COUNT or INVALID_DOCUMENT.
    """

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class NativePage:
    """A page that was read, in AWS's words.

    Attributes:
        type: NATIVE_PDF, SCANNED_PDF, MS_WORD, IMAGE, PLAIN_TEXT, or one of Textract's outputs.
        error_code, error: why its text is of no use; both empty where it is.
    """

    number: int
    type: str
    text: str
    lines: list[Line]
    error_code: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class NativeDocument:
    """A document that was read."""

    pages: list[NativePage]

    @property
    def is_plain_text(self) -> bool:
        """Whether it is a plain text: one page that has no blocks."""
        return self.pages[0].type == PLAIN_TEXT

    def readable(self) -> list[NativePage]:
        """The pages with text that can be used; a blank page says nothing."""
        return [page for page in self.pages if not page.error_code and page.text.strip()]

    def described(self) -> dict[str, Any]:
        """DocumentMetadata and DocumentType, and Errors where there are any."""
        answer: dict[str, Any] = {
            "DocumentMetadata": {
                "Pages": len(self.pages),
                "ExtractedCharacters": [{"Page": page.number, "Count": len(page.text)} for page in self.pages],
            },
            "DocumentType": [{"Page": page.number, "Type": page.type} for page in self.pages],
        }
        errors = [
            {"Page": page.number, "ErrorCode": page.error_code, "ErrorMessage": page.error}
            for page in self.pages
            if page.error_code
        ]
        return answer | ({"Errors": errors} if errors else {})


def check_reader(config: dict[str, Any] | None) -> None:
    """Refuse a DocumentReaderConfig that makes no sense.

    Raises ServiceError InvalidRequestException.
    """
    if config and config["DocumentReadAction"] == "TEXTRACT_ANALYZE_DOCUMENT" and not config.get("FeatureTypes"):
        raise invalid(
            "DocumentReaderConfig.FeatureTypes is required where DocumentReadAction is TEXTRACT_ANALYZE_DOCUMENT: "
            "give TABLES, FORMS or both."
        )


def read_bytes(engines: EngineHost, request: dict[str, Any]) -> NativeDocument:
    """The document in the Bytes of a real-time request.

    Raises ServiceError InvalidRequestException.
    """
    config = request.get("DocumentReaderConfig")
    check_reader(config)
    try:
        return read_document(engines, request["Bytes"], config, REAL_TIME)
    except DocumentRefused as error:
        raise refused(error) from error


def read_document(
    engines: EngineHost, data: bytes, config: dict[str, Any] | None, limits: DocumentLimits
) -> NativeDocument:
    """Read a document, whatever its kind.

    Plain text and Textract's output are data that this process reads; the rest is parsed by the engine, in its worker.

    Args:
        engines: where `document-text` answers.
        data: the document.
        config: AWS's DocumentReaderConfig.
        limits: REAL_TIME or IN_JOBS.

    Raises:
        DocumentRefused.
        EngineUnavailable: the engine's packages are missing.
    """
    try:
        kind = kind_of(data)
        textract = textract_output(data, limits.textract, limits.pages) if kind == "text" else None
        if textract is None:
            _check_size(data, kind, limits)
        if textract is not None:
            pages = _of_textract(textract)
        elif kind == "text":
            pages = [NativePage(1, PLAIN_TEXT, plain_text(data), [])]
        else:
            pages = list(_of_engine(engines.get(FIELD), data, config or {}, limits))
    except NotTextract as error:
        raise DocumentRefused(error.reason, str(error)) from error
    except UnsupportedInput as error:
        raise DocumentRefused("UNSUPPORTED_DOC_TYPE", f"{error}.") from error
    except DamagedInput as error:
        raise DocumentRefused("INVALID_DOCUMENT", f"{error}.") from error
    except (EngineCrashed, EngineTimeout, EngineFailed) as error:
        raise DocumentRefused("INVALID_DOCUMENT", f"the document made its reader fail: {error}.") from error
    return NativeDocument([_checked(page, limits) for page in pages])


def refused(error: DocumentRefused) -> ServiceError:
    """What a real-time operation answers; AWS's enumeration of details lacks some of the reasons that it documents."""
    known = ("DOCUMENT_SIZE_EXCEEDED", "UNSUPPORTED_DOC_TYPE", "PAGE_LIMIT_EXCEEDED", "TEXTRACT_ACCESS_DENIED")
    detail: dict[str, Any] = {"Detail": {"Reason": error.reason}} if error.reason in known else {}
    return ServiceError("InvalidRequestException", f"{error.reason}: {error}", Reason="INVALID_DOCUMENT", **detail)


def _check_size(data: bytes, kind: Kind, limits: DocumentLimits) -> None:
    kinds = {
        "pdf": ("a PDF document", limits.pdf),
        "word": ("a Word document", limits.word),
        "image": ("an image", limits.image),
        "text": ("a plain text", limits.text),
    }
    name, most = kinds[kind]
    if len(data) > most:
        raise DocumentRefused("DOCUMENT_SIZE_EXCEEDED", f"the document has {len(data)} bytes; {name} may have {most}.")


def _of_engine(
    engine: DocumentTextEngine, data: bytes, config: dict[str, Any], limits: DocumentLimits
) -> Iterator[NativePage]:
    recognise = config.get("DocumentReadMode") == "FORCE_DOCUMENT_READ_ACTION"
    first, in_all = 1, 1
    while first <= in_all:
        read = engine.read(data, first, min(_RUN, limits.pages), recognise)
        in_all = read.pages_in_all
        if in_all > limits.pages:
            raise DocumentRefused(
                "PAGE_LIMIT_EXCEEDED", f"the document has {in_all} pages; at most {limits.pages} may be given."
            )
        if not read.pages:
            raise DocumentRefused("INVALID_DOCUMENT", f"page {first} of {in_all} was not read.")
        for page in read.pages:
            yield _page(page, read.kind)
        first += len(read.pages)


def _page(page: Page, kind: Kind) -> NativePage:
    types = {"word": "MS_WORD", "image": "IMAGE"}
    type_ = types.get(kind) or ("SCANNED_PDF" if page.scanned else "NATIVE_PDF")
    if page.problem:
        return NativePage(page.number, type_, "", [], "TEXTRACT_BAD_PAGE", f"The page cannot be read: {page.problem}.")
    return NativePage(page.number, type_, page.text, page.lines)


def _of_textract(output: TextractOutput) -> list[NativePage]:
    return [NativePage(number, output.type, text, lines) for number, (text, lines) in enumerate(output.pages, 1)]


def _checked(page: NativePage, limits: DocumentLimits) -> NativePage:
    if len(page.text) > limits.characters and (page.type != PLAIN_TEXT or limits is REAL_TIME):
        return NativePage(
            page.number,
            page.type,
            page.text,
            page.lines,
            "PAGE_CHARACTERS_EXCEEDED",
            f"The page has {len(page.text)} characters; at most {limits.characters} are allowed.",
        )
    return page
