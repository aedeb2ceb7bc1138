"""The moderation engine on pictures without anything to moderate: how often it raises a false alarm.

python bench/moderation.py --pictures DIR

DIR is searched for the pictures that moderation_data/benign.tsv names by hash; see the README there. Nothing explicit is in
the sets but the nudes among the paintings, so that nothing is said of what is found where there is something to find.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from honmono.engines.vision.moderation import ModerationEngine
from honmono.evaluation.intervals import wilson
from honmono.weights import Cache

HERE = Path(__file__).parent
THRESHOLDS = (0.5, 0.8)
SHORTEST = 80
SHARES = {"median": 50, "p95": 95}
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pictures", type=Path, required=True)
    arguments.add_argument("--most", type=int, default=0, help="pictures of each set, for a trial")
    given = arguments.parse_args()
    wanted = dict(line.split("\t")[:2] for line in (HERE / "moderation_data/benign.tsv").read_text().splitlines())
    engine = ModerationEngine(Cache())
    engine.load()
    seen: Counter[str] = Counter()
    alarms: dict[str, dict[str, list[tuple[float, str]]]] = defaultdict(lambda: defaultdict(list))
    seconds: list[float] = []
    left = set(wanted)
    for path in sorted(given.pictures.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or (digest := hashlib.sha256(path.read_bytes()).hexdigest()) not in left:
            continue
        left.remove(digest)
        name = wanted[digest]
        if given.most and seen[name] >= given.most:
            continue
        image = Image.open(path).convert("RGB")
        if min(image.size) < SHORTEST:
            continue
        seen[name] += 1
        image.thumbnail((2048, 2048))
        pixels = np.asarray(image)
        begun = time.perf_counter()
        found = engine.detect_frame(pixels)
        seconds.append(time.perf_counter() - begun)
        for concept, score in found.scores.items():
            if score >= min(THRESHOLDS) and concept != "comic":  # a drawing is no alarm
                alarms[name][concept].append((round(score, 3), path.name))
    result = {
        "machine": platform.processor() or platform.machine(),
        "not found": len(left),
        "milliseconds": {name: round(1000 * float(np.percentile(seconds, share)), 1) for name, share in SHARES.items()},
        "sets": {name: summary(count, alarms[name]) for name, count in seen.items()},
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if not given.most and not left:
        (HERE / "results/moderation.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def summary(count: int, alarms: dict[str, list[tuple[float, str]]]) -> dict[str, object]:
    """What was raised on so many pictures."""
    rates: dict[str, object] = {"pictures": count}
    for threshold in THRESHOLDS:
        raised = {name for found in alarms.values() for score, name in found if score >= threshold}
        explicit = {name for score, name in alarms.get("explicit", []) if score >= threshold}
        for what, names in (("any", raised), ("explicit", explicit)):
            interval = wilson(len(names), count)
            rates[f"{what} at {threshold}"] = {
                "raised": len(names),
                "rate": round(len(names) / count, 4),
                "interval": [round(interval.low, 4), round(interval.high, 4)],
            }
    rates["raised"] = {concept: sorted(found, reverse=True) for concept, found in alarms.items()}
    return rates


if __name__ == "__main__":
    main()
