"""The 2,000 words that the letter-to-sound model never sees: drawn by hash from misaki's checked American lexicon."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

WORDS = 2000
SHA256 = "efd13fbf70504a077d3e5c0de3314feb0cf633f0ebb7b8e0c5574eb23d1fb46e"
"""Written down before anything was trained or measured."""


def held_out(us_gold: Path) -> dict[str, str]:
    """Words in small letters that are said in one way, and how, in alphabetical order.

    Args:
        us_gold: misaki's us_gold.json.
    """
    lexicon: dict[str, object] = json.loads(us_gold.read_text("utf-8"))
    candidates = [word for word, said in lexicon.items() if isinstance(said, str) and re.fullmatch("[a-z]{3,}", word)]
    candidates.sort(key=lambda word: hashlib.sha256(f"honmono-2026 {word}".encode()).digest())
    drawn = {word: str(lexicon[word]) for word in sorted(candidates[:WORDS])}
    digest = hashlib.sha256("".join(f"{word}\t{said}\n" for word, said in drawn.items()).encode()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"the held-out words have sha256 {digest}, not {SHA256}: another lexicon")
    return drawn
