"""Comprehend's limits on texts. Source: "Guidelines and quotas" in the Comprehend developer guide."""

from __future__ import annotations

from typing import Any

from honmono.wire.errors import ServiceError

TEXT_BYTES = 100_000
"""UTF-8 bytes of a document in a real-time call."""

BATCH_TEXT_BYTES = 5_000
"""UTF-8 bytes of a document in a batch, where the single call takes TEXT_BYTES."""

SENTIMENT_BYTES = 5_000
"""UTF-8 bytes where the answer is about sentiment."""

SYNTAX_BYTES = 5_000
"""UTF-8 bytes where the answer is about parts of speech."""

SEGMENT_BYTES = 1_000
"""UTF-8 bytes of a segment where toxic content is looked for. The guide's 10 KB for all of them are then kept too."""

SEGMENTS = 10

BATCH_ITEMS = 25


def check_size(text: str, limit: int) -> None:
    """Refuse a text that is too long.

    Raises ServiceError TextSizeLimitExceededException.
    """
    size = len(text.encode())
    if size > limit:
        raise ServiceError("TextSizeLimitExceededException", _too_long(size, limit))


def check_batch(texts: list[str]) -> None:
    """Refuse a batch of too many texts.

    Raises ServiceError BatchSizeLimitExceededException.
    """
    if len(texts) > BATCH_ITEMS:
        raise ServiceError(
            "BatchSizeLimitExceededException",
            f"Input list size exceeds limit. Max size of the list is {BATCH_ITEMS} while in this request the list "
            f"size is {len(texts)}",
        )


def split_by_size(texts: list[str], limit: int) -> tuple[list[int], list[dict[str, Any]]]:
    """The indices of the texts that fit, and an entry of a batch's ErrorList for each that does not."""
    sizes = [len(text.encode()) for text in texts]
    fitting = [index for index, size in enumerate(sizes) if size <= limit]
    errors = [
        {"Index": index, "ErrorCode": "TEXT_SIZE_LIMIT_EXCEEDED", "ErrorMessage": _too_long(size, limit)}
        for index, size in enumerate(sizes)
        if size > limit
    ]
    return fitting, errors


def _too_long(size: int, limit: int) -> str:
    return (
        f"Input text size exceeds limit. Max length of request text allowed is {limit} bytes while in this request "
        f"the text size is {size} bytes"
    )
