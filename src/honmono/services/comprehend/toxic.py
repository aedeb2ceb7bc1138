"""Toxic content, in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from honmono.engines.errors import UnsupportedLanguage
from honmono.services.comprehend.batches import Answer, unsupported_language
from honmono.services.comprehend.limits import SEGMENT_BYTES, SEGMENTS, check_size
from honmono.services.comprehend.part import Part
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.text.toxicity import Toxicity


class ToxicContent(Part):
    """DetectToxicContent."""

    def detect_toxic_content(self, request: Answer, ctx: Context) -> Answer:
        """How toxic each of up to ten segments is, and in which of AWS's seven ways.

        The model has no list of errors by segment: one that is too long refuses the request.
        """
        texts = [segment["Text"] for segment in request["TextSegments"]]
        if len(texts) > SEGMENTS:
            raise ServiceError(
                "InvalidRequestException",
                f"Input list size exceeds limit. Max number of text segments is {SEGMENTS} while in this request there "
                f"are {len(texts)}",
            )
        for text in texts:
            check_size(text, SEGMENT_BYTES)
        ctx.engine = self.engines.identity("toxicity")
        try:
            found = self.engines.get("toxicity").judge(texts, [request["LanguageCode"]] * len(texts))
        except UnsupportedLanguage as error:
            raise unsupported_language(error) from error
        return {"ResultList": list(map(_result, found))}


def _result(toxicity: Toxicity) -> Answer:
    labels = [{"Name": name, "Score": score} for name, score in toxicity.types.items()]
    return {"Labels": labels, "Toxicity": toxicity.overall}
