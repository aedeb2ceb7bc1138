"""The comparison's tables, in English and Japanese, and the pages that they stand in."""

from __future__ import annotations

from pathlib import Path

from documentation import blocks
from documentation.answers import Answer, Comparison

ANSWERS = blocks.ROOT / "docs/images/comparison.json"
PICTURE = blocks.ROOT / "docs/images/comparison.svg"
BLOCK = "comparison"
_PAGES = {
    blocks.ROOT / "README.md": "en",
    blocks.ROOT / "README.ja.md": "ja",
    blocks.ROOT / "docs/index.md": "en",
    blocks.ROOT / "docs/index.ja.md": "ja",
}
_HEADS = {
    "en": ("text", "DetectSentiment: moto", "Honmono", "DetectDominantLanguage: moto", "Honmono"),
    "ja": ("入力", "DetectSentiment: moto", "Honmono", "DetectDominantLanguage: moto", "Honmono"),
}


def table(comparison: Comparison, language: str) -> str:
    """One row a text: what each server says of its mood and its language."""
    answers = zip(comparison.texts, comparison.moto, comparison.honmono, strict=True)
    rows = [
        (text, _mood(moto), _mood(ours), _language(moto), f"**{_language(ours)}**") for (_, text), moto, ours in answers
    ]
    return blocks.table(_HEADS[language], rows)


def pages() -> dict[Path, str]:
    """Each page with its language."""
    return dict(_PAGES)


def _mood(answer: Answer) -> str:
    if answer.scores is None:
        return f"error {answer.sentiment_error}"
    return f"{answer.sentiment} {max(answer.scores.values()):.3f}"


def _language(answer: Answer) -> str:
    return answer.language or f"error {answer.language_error}"
