"""Texts as JSON on standard input; what alt-profanity-check says of them on standard output.

Runs in an environment of its own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from profanity_check import predict_prob


def main() -> None:
    texts = json.load(sys.stdin)
    row = timed(lambda: [float(score) for score in predict_prob(texts)], texts)
    print(json.dumps({"alt-profanity-check": row}))


def timed(call: Callable[[], list[float]], texts: list[str]) -> dict[str, Any]:
    begun = time.process_time()
    scores = call()
    return {"scores": scores, "cpu_ms": (time.process_time() - begun) * 1000 / len(texts)}


if __name__ == "__main__":
    main()
