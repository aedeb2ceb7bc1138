"""The document of a request: its bytes, or an object in S3 that the caller may read.

Source: "Set quotas in Amazon Textract" in the developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import DamagedInput, EngineCrashed, EngineFailed, EngineTimeout, UnsupportedInput
from honmono.services.textract.part import FIELD, invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.documents.analysis.engine import Feature
    from honmono.engines.documents.analysis.page import AnalysedDocument
    from honmono.engines.host import EngineHost
    from honmono.wire.service import Context

MOST_BYTES = 10 << 20
"""Of a document that is answered at once."""


def document_bytes(document: dict[str, Any], ctx: Context) -> bytes:
    """The bytes of a request's Document.

    Raises ServiceError InvalidParameterException, DocumentTooLargeException, InvalidS3ObjectException.
    """
    if ("Bytes" in document) == ("S3Object" in document):
        raise invalid("Request has invalid parameters: Document takes either Bytes or S3Object.")
    if "Bytes" in document:
        data: bytes = document["Bytes"]
        if not data:
            raise invalid("Request has invalid parameters: Document.Bytes is empty.")
        if len(data) > MOST_BYTES:
            raise _too_large(len(data))
        return data
    return object_bytes(document["S3Object"], ctx)


def object_bytes(place: dict[str, Any], ctx: Context) -> bytes:
    """The bytes of an S3Object, read with the caller's rights.

    Raises ServiceError InvalidS3ObjectException, DocumentTooLargeException, InvalidParameterException.
    """
    wanted = s3_request(place)
    try:
        s3 = ctx.client("s3")
        size = s3.head_object(**wanted)["ContentLength"]
        if size <= MOST_BYTES:
            return b"".join(s3.get_object(**wanted)["Body"])
    except ServiceError as error:
        raise unreadable() from error
    raise _too_large(size)


def s3_request(place: dict[str, Any]) -> dict[str, str]:
    """Bucket, Key and VersionId of an S3Object.

    Raises ServiceError InvalidParameterException.
    """
    if not place.get("Bucket") or not place.get("Name"):
        raise invalid("Request has invalid parameters: S3Object needs Bucket and Name.")
    version = {"VersionId": place["Version"]} if place.get("Version") else {}
    return {"Bucket": place["Bucket"], "Key": place["Name"], **version}


def unreadable() -> ServiceError:
    """An object that is not there or that the caller may not read."""
    return ServiceError(
        "InvalidS3ObjectException",
        "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    )


def one_page(engines: EngineHost, data: bytes, features: list[Feature]) -> AnalysedDocument:
    """Look at a document of one page.

    Raises ServiceError UnsupportedDocumentException, BadDocumentException.
    """
    with looked_at():
        found: AnalysedDocument = engines.get(FIELD).analyse(data, 1, 1, features)
    if found.pages_in_all > 1:
        raise ServiceError(
            "UnsupportedDocumentException",
            f"The document has {found.pages_in_all} pages; this operation takes one. Start a job for more.",
        )
    if found.pages[0].page.problem:
        raise ServiceError("BadDocumentException", f"The page cannot be read: {found.pages[0].page.problem}.")
    return found


@contextmanager
def looked_at() -> Iterator[None]:
    """What engines say about a document that they cannot look at, in Textract's words.

    Raises ServiceError UnsupportedDocumentException, BadDocumentException.
    """
    try:
        yield
    except UnsupportedInput as error:
        raise ServiceError(
            "UnsupportedDocumentException", f"Request has unsupported document format: {error}."
        ) from error
    except DamagedInput as error:
        raise ServiceError("BadDocumentException", f"The document cannot be read: {error}.") from error
    except (EngineCrashed, EngineTimeout, EngineFailed) as error:
        raise ServiceError("BadDocumentException", f"The document made its reader fail: {error}.") from error


def _too_large(size: int) -> ServiceError:
    return ServiceError(
        "DocumentTooLargeException", f"The document has {size} bytes; at most {MOST_BYTES} are read at once."
    )
