"""DetectDocumentText and AnalyzeDocument."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.engines.documents.analysis.page import Question
from honmono.services.textract.blocks import Query, blocks_of
from honmono.services.textract.documents import document_bytes, one_page
from honmono.services.textract.part import FIELD, Answer, Part, Request, invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.documents.analysis.engine import Feature
    from honmono.wire.service import Context

MODEL_VERSION = "1.0"
FEATURES: dict[str, Feature] = {
    "TABLES": "tables",
    "FORMS": "forms",
    "LAYOUT": "layout",
    "QUERIES": "queries",
    "SIGNATURES": "signatures",
}
MOST_QUERIES = 15
"""Of a request that is answered at once."""


class Analysing(Part):
    """The two operations that answer at once."""

    def detect_document_text(self, request: Request, ctx: Context) -> Answer:
        """The lines and words of a page."""
        data = document_bytes(request["Document"], ctx)
        ctx.engine = self.engines.identity(FIELD)
        found = one_page(self.engines, data, [], [])
        return {
            "DocumentMetadata": {"Pages": 1},
            "Blocks": blocks_of(found.pages, data),
            "DetectDocumentTextModelVersion": MODEL_VERSION,
        }

    def analyze_document(self, request: Request, ctx: Context) -> Answer:
        """What a page's words form, and answers to questions."""
        if "HumanLoopConfig" in request:
            raise invalid("HumanLoopConfig cannot be used: there is nobody here to review. Leave it out.")
        features, queries = features_of(request), queries_of(request, MOST_QUERIES)
        data = document_bytes(request["Document"], ctx)
        ctx.engine = self.engines.identity(FIELD)
        found = one_page(self.engines, data, features, questions_of(queries))
        return {
            "DocumentMetadata": {"Pages": 1},
            "Blocks": blocks_of(found.pages, data, queries),
            "AnalyzeDocumentModelVersion": MODEL_VERSION,
        }


def features_of(request: Request) -> list[Feature]:
    """The engine's names of FeatureTypes.

    Raises ServiceError InvalidParameterException.
    """
    wanted = request["FeatureTypes"]
    if not wanted:
        raise invalid("Request has invalid parameters: FeatureTypes is empty.")
    if ("QUERIES" in wanted) != ("QueriesConfig" in request):
        raise invalid("Request has invalid parameters: QueriesConfig goes with the feature type QUERIES.")
    return [FEATURES[each] for each in dict.fromkeys(wanted)]


def queries_of(request: Request, most: int) -> list[Query]:
    """The questions of a request.

    Raises ServiceError InvalidParameterException.
    """
    members: list[dict[str, Any]] = request.get("QueriesConfig", {}).get("Queries", [])
    if len(members) > most:
        raise ServiceError(
            "InvalidParameterException", f"There are {len(members)} queries; at most {most} can be asked."
        )
    return [Query(member, pages_of(member.get("Pages", []))) for member in members]


def questions_of(queries: list[Query]) -> list[Question]:
    """The same as the engine takes them."""
    return [Question(query.member["Text"], sorted(query.pages)) for query in queries]


def pages_of(given: list[str]) -> list[int]:
    """The page numbers of `["1", "3-5"]`; none, and `["*"]`, stand for all.

    >>> pages_of(["1", "3-5"])
    [1, 3, 4, 5]

    Raises ServiceError InvalidParameterException.
    """
    if not given or given == ["*"]:
        return []
    found: list[int] = []
    for each in given:
        first, dash, last = each.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or (dash and int(last) < int(first)):
            raise invalid(f"Request has invalid parameters: Pages {each!r} is not a page or a range of pages.")
        end = min(int(last), 3_000) if dash else int(first)
        found += range(int(first), end + 1)
    return sorted(set(found))
