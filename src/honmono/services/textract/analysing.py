"""DetectDocumentText and AnalyzeDocument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.services.textract.blocks import blocks_of
from honmono.services.textract.documents import document_bytes, one_page
from honmono.services.textract.part import FIELD, Answer, Part, Request, invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.documents.analysis.engine import Feature
    from honmono.wire.service import Context

MODEL_VERSION = "1.0"
_FEATURES: dict[str, Feature] = {
    "TABLES": "tables",
}


class Analysing(Part):
    """The two operations that answer at once."""

    def detect_document_text(self, request: Request, ctx: Context) -> Answer:
        """The lines and words of a page."""
        data = document_bytes(request["Document"], ctx)
        ctx.engine = self.engines.identity(FIELD)
        found = one_page(self.engines, data, [])
        return {
            "DocumentMetadata": {"Pages": 1},
            "Blocks": blocks_of(found.pages, data),
            "DetectDocumentTextModelVersion": MODEL_VERSION,
        }

    def analyze_document(self, request: Request, ctx: Context) -> Answer:
        """The tables of a page; what else AWS finds is refused."""
        if "HumanLoopConfig" in request:
            raise invalid("HumanLoopConfig cannot be used: there is nobody here to review. Leave it out.")
        features = features_of(request)
        data = document_bytes(request["Document"], ctx)
        ctx.engine = self.engines.identity(FIELD)
        found = one_page(self.engines, data, features)
        return {
            "DocumentMetadata": {"Pages": 1},
            "Blocks": blocks_of(found.pages, data),
            "AnalyzeDocumentModelVersion": MODEL_VERSION,
        }


def features_of(request: Request) -> list[Feature]:
    """The engine's names of FeatureTypes.

    Raises ServiceError InvalidParameterException, EngineUnavailable.
    """
    wanted = request["FeatureTypes"]
    if not wanted:
        raise invalid("Request has invalid parameters: FeatureTypes is empty.")
    if missing := [each for each in wanted if each not in _FEATURES]:
        raise ServiceError(
            "EngineUnavailable",
            f"{', '.join(missing)} cannot be found: no engine that is installed does. The feature type TABLES is there; plug "
            f"an engine for the field `{FIELD}` in for the others (docs/textract.md).",
            status=424,
        )
    return [_FEATURES[each] for each in dict.fromkeys(wanted)]
