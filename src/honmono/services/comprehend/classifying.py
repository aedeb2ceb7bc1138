"""ClassifyDocument: a text's classes or labels by a classifier behind an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.services.comprehend.classifiers import CLASSIFIERS
from honmono.services.comprehend.limits import TEXT_BYTES, check_size
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import invalid
from honmono.services.comprehend.trained_models import model_behind, model_folder
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.classifier.engine import LabelScore

_MAGIC = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
_MOST_BYTES = 10 << 20


class Classifying(Part):
    """Answer with custom classifiers in real time."""

    def classify_document(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The classes (multi-class) or labels (multi-label) of a document, the likeliest first."""
        text, from_bytes = given_text(request)
        check_size(text, TEXT_BYTES)
        model = model_behind(self.platform, ctx, request["EndpointArn"], CLASSIFIERS)
        ctx.engine = self.engines.identity("classifier")
        found: list[LabelScore] = self.engines.get("classifier").classify.one(
            text, str(model_folder(self.platform, model))
        )
        answer = scores_answer(found, model.body["Mode"])
        if from_bytes:
            for score in next(iter(answer.values())):
                score["Page"] = 1
            answer |= one_page(text)
        return answer


def given_text(request: dict[str, Any]) -> tuple[str, bool]:
    """The text of a request to a custom model, and whether it came as Bytes.

    Raises ServiceError InvalidRequestException: it has none, two, or a document that cannot be read.
    """
    given, text = request.get("Bytes"), request.get("Text")
    if (given is None) is (text is None):
        raise invalid("Give either Text or Bytes, and not both.")
    if given is None:
        return str(text), False
    if len(given) > _MOST_BYTES:
        raise _refused(
            f"the document has {len(given)} bytes; at most {_MOST_BYTES} are allowed", "DOCUMENT_SIZE_EXCEEDED"
        )
    for magic, kind in _MAGIC.items():
        if given.startswith(magic):
            raise _refused(
                f"reading a {kind} document needs a document reader, and none is plugged in; give its text",
                "UNSUPPORTED_DOC_TYPE",
            )
    try:
        return given.decode("utf-8"), True
    except UnicodeDecodeError as error:
        raise _refused(
            f"the document is neither UTF-8 text nor of a known type ({error})", "UNSUPPORTED_DOC_TYPE"
        ) from error


def scores_answer(found: list[LabelScore], mode: str) -> dict[str, Any]:
    """The scores of classes (of MULTI_CLASS) or labels as Comprehend writes them."""
    return {
        "Classes" if mode == "MULTI_CLASS" else "Labels": [{"Name": each.name, "Score": each.score} for each in found]
    }


def one_page(text: str) -> dict[str, Any]:
    """What is told of a document that came as Bytes: plain text has one page."""
    return {
        "DocumentMetadata": {"Pages": 1, "ExtractedCharacters": [{"Page": 1, "Count": len(text)}]},
        "DocumentType": [{"Page": 1, "Type": "PLAIN_TEXT"}],
    }


def _refused(why: str, reason: str) -> ServiceError:
    return ServiceError(
        "InvalidRequestException",
        f"The document cannot be read: {why}.",
        Reason="INVALID_DOCUMENT",
        Detail={"Reason": reason},
    )
