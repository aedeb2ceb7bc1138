"""What Comprehend's Batch operations share: answers by index, and by index the errors of the items that have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from honmono.engines.errors import EngineError, UnsupportedLanguage
from honmono.services.comprehend.limits import check_batch, split_by_size
from honmono.wire.errors import ServiceError

Answer = dict[str, Any]


def unsupported_language(error: UnsupportedLanguage) -> ServiceError:
    """The engine's refusal in Comprehend's words; it names the languages there are and what to plug in."""
    return ServiceError("UnsupportedLanguageException", str(error))


def batch(
    texts: list[str], limit: int, answers: Callable[[list[str]], list[Any]], write: Callable[[Any], Answer]
) -> Answer:
    """The answers of a batch by index, and an entry of ErrorList for each item that has none.

    ``answers`` gets the texts that fit the limit and gives an answer or an EngineError for each. Raises ServiceError
    for a batch of more than 25, and UnsupportedLanguageException: the language concerns all items alike.
    """
    check_batch(texts)
    fitting, errors = split_by_size(texts, limit)
    results = []
    try:
        found = answers([texts[index] for index in fitting]) if fitting else []
    except UnsupportedLanguage as error:
        raise unsupported_language(error) from error
    for index, answer in zip(fitting, found, strict=True):
        if isinstance(answer, UnsupportedLanguage):
            raise unsupported_language(answer) from answer
        if isinstance(answer, EngineError):
            errors.append({"Index": index, "ErrorCode": "INTERNAL_SERVER_ERROR", "ErrorMessage": str(answer)})
        else:
            results.append({"Index": index, **write(answer)})
    return {"ResultList": results, "ErrorList": sorted(errors, key=lambda error: error["Index"])}
