"""ClassifyDocument: a text's classes or labels by a classifier behind an endpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from honmono.services.comprehend.classifiers import CLASSIFIERS
from honmono.services.comprehend.limits import TEXT_BYTES, check_size
from honmono.services.comprehend.native_documents import NativeDocument, read_bytes
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import invalid
from honmono.services.comprehend.trained_models import model_behind, model_folder
from honmono.store.records import Record
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.classifier.engine import LabelScore

_KEYS = {"MULTI_CLASS": "Classes", "MULTI_LABEL": "Labels"}
# By whether the document is a plain text.
_MISMATCHES = {
    True: (
        "INFERENCING_PLAINTEXT_WITH_NATIVE_TRAINED_MODEL",
        "The document to classify is plain text, but the classifier is a native document model.",
    ),
    False: (
        "INFERENCING_NATIVE_DOCUMENT_WITH_PLAINTEXT_TRAINED_MODEL",
        "The document to classify is semi-structured, but the classifier is a plain-text model.",
    ),
}


class Classifying(Part):
    """Answer with custom classifiers in real time."""

    def classify_document(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The classes (multi-class) or labels (multi-label) of a document, the likeliest first; of each of its pages
        where it came as Bytes."""
        check_one_text(request)
        model = model_behind(self.platform, ctx, request["EndpointArn"], CLASSIFIERS)
        ctx.engine = self.engines.identity("classifier")
        mode, folder = model.body["Mode"], str(model_folder(self.platform, model))
        classify = self.engines.get("classifier").classify.one
        if "Text" in request:
            return scores_answer(classify(request["Text"], folder), mode) | _warnings(model, None)
        document = read_bytes(self.engines, request)
        return classes_of_document(document, mode, lambda text: classify(text, folder)) | _warnings(model, document)


def check_one_text(request: dict[str, Any]) -> None:
    """Refuse a request to a custom model that has no text, two, or one that is too long.

    Raises ServiceError InvalidRequestException, TextSizeLimitExceededException.
    """
    if ("Bytes" in request) is ("Text" in request):
        raise invalid("Give either Text or Bytes, and not both.")
    if "Text" in request:
        check_size(request["Text"], TEXT_BYTES)


def scores_answer(found: list[LabelScore], mode: str) -> dict[str, Any]:
    """The scores of classes (of MULTI_CLASS) or labels as Comprehend writes them."""
    return {_KEYS[mode]: [{"Name": each.name, "Score": each.score} for each in found]}


def classes_of_document(
    document: NativeDocument, mode: str, classify: Callable[[str], list[LabelScore]]
) -> dict[str, Any]:
    """What is answered about a document: Classes or Labels with their Page, DocumentMetadata, DocumentType, Errors.

    `classify` is asked about the text of each page that could be read.
    """
    key = _KEYS[mode]
    found: list[dict[str, Any]] = []
    for page in document.readable():
        found += [each | {"Page": page.number} for each in scores_answer(classify(page.text), mode)[key]]
    return {key: found} | document.described()


def _warnings(model: Record, document: NativeDocument | None) -> dict[str, Any]:
    """What AWS says where the document is of another kind than those that the model was trained on."""
    is_plain = document is None or document.is_plain_text
    if is_plain is not model.body.get("Native", False):
        return {}
    code, message = _MISMATCHES[is_plain]
    warning: dict[str, Any] = {"WarnCode": code, "WarnMessage": message}
    pages = [{}] if document is None else [{"Page": page.number} for page in document.pages]
    return {"Warnings": [page | warning for page in pages]}
