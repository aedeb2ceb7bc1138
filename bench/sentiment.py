"""The sentiment engine beside VADER on data that it was neither trained nor chosen on.

python bench/sentiment.py --data DIR        (or HONMONO_EVALUATION=DIR)

DIR holds `sst2-dev.tsv` (872 English film-review sentences of the Stanford Sentiment Treebank's binary
development split: text, tab, 0 or 1) and `reviews-ja.csv` (900 Japanese product reviews: text, positive /
neutral / negative). They are not in the repository; their hashes were written down before the first
measurement.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from honmono.engines.text.sentiment import Sentiment, SentimentEngine
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "sentiment.json"
OURS = Path(__file__).parents[1] / "training" / "sentiment" / "heldout"
Answers = TypeVar("Answers")
LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
EVALUATION_FILES = {
    "sst2-dev.tsv": "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359",
    "reviews-ja.csv": "ebc634c9ad9c63bc5470587acbca546752b820083921065622649f71585e8b35",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    folder = Path(arguments.data)
    for name, digest in EVALUATION_FILES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            parser.error(f"{folder / name} has sha256 {found}, not {digest}: another file")
    engine = SentimentEngine(Cache())
    engine.load()
    report = {
        "machine": platform.processor() or platform.machine(),
        "engine": engine.info().identity,
        "sst2": english(engine, folder / "sst2-dev.tsv"),
        "reviews_ja": japanese(engine, folder / "reviews-ja.csv"),
        "own": own(engine),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def english(engine: SentimentEngine, path: Path) -> dict[str, object]:
    """SST-2, positive against negative, beside VADER."""
    rows = [line.rsplit("\t", 1) for line in path.read_text(encoding="utf-8").splitlines()]
    texts, truth = [text for text, _ in rows], [label == "1" for _, label in rows]
    vader = SentimentIntensityAnalyzer()
    moods, ours_ms = timed(lambda: engine.classify(texts, ["en"] * len(texts)), len(texts))
    scores, vader_ms = timed(lambda: [vader.polarity_scores(text)["compound"] for text in texts], len(texts))
    ours = share([mood.positive > mood.negative for mood in moods], truth)
    theirs = share([score > 0 for score in scores], truth)
    print(f"SST-2 dev, {len(rows)} sentences, positive against negative")
    print(f"  honmono {engine.name:14} {ours:.3f}  {ours_ms:6.2f} CPU-ms a text")
    print(f"  VADER 3.3.2            {theirs:.3f}  {vader_ms:6.2f} CPU-ms a text")
    error = calibration_error(moods, truth)
    labels = Counter(mood.label for mood in moods)
    print(f"  expected calibration error {error:.3f}; labels {dict(labels)}")
    return {"ours": ours, "vader": theirs, "ours_cpu_ms": ours_ms, "vader_cpu_ms": vader_ms, "ece": error}


def japanese(engine: SentimentEngine, path: Path) -> dict[str, object]:
    """Product reviews: positive against negative; and with the neutral ones, which are reviews of three stars."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    moods, cpu_ms = timed(lambda: engine.classify([text for text, _ in rows], ["ja"] * len(rows)), len(rows))
    polar = [(mood, label == "positive") for mood, (_, label) in zip(moods, rows, strict=True) if label != "neutral"]
    two = share([mood.positive > mood.negative for mood, _ in polar], [truth for _, truth in polar])
    three = share([third(mood) for mood in moods], [label for _, label in rows])
    print(f"Japanese reviews, {len(rows)}: positive against negative {two:.3f} of {len(polar)};")
    print(f"  three-way {three:.3f}, neutral being NEUTRAL + MIXED; {cpu_ms:.2f} CPU-ms a text")
    table = Counter((label, mood.label) for (_, label), mood in zip(rows, moods, strict=True))
    print("  " + " " * 10 + "".join(f"{name:>10}" for name in LABELS))
    for label in ("positive", "neutral", "negative"):
        print(f"  {label:10}" + "".join(f"{table[label, name]:10}" for name in LABELS))
    confusion = {f"{label} as {name}": count for (label, name), count in sorted(table.items())}
    return {"two_way": two, "three_way": three, "cpu_ms": cpu_ms, "confusion": confusion}


def own(engine: SentimentEngine) -> dict[str, object]:
    """Our own sentences that were not trained on, four classes, by language."""
    results: dict[str, object] = {}
    table: Counter[tuple[str, str]] = Counter()
    print("Own held-out sentences, four classes      all   " + "  ".join(name[:3] for name in LABELS))
    for path in sorted(OURS.glob("*.txt")):
        rows = labelled(path)
        moods = engine.classify([text for text, _ in rows], [path.stem] * len(rows))
        right = Counter(label for (_, label), mood in zip(rows, moods, strict=True) if label == mood.label)
        totals = Counter(label for _, label in rows)
        table.update((label, mood.label) for (_, label), mood in zip(rows, moods, strict=True))
        by_class = {label: right[label] / totals[label] for label in LABELS}
        accuracy = sum(right.values()) / len(rows)
        results[path.stem] = {"accuracy": accuracy, "texts": len(rows), "by_class": by_class}
        shares = "  ".join(f"{by_class[label] * 100:3.0f}" for label in LABELS)
        print(f"  {path.stem:6} {len(rows):3} texts                      {accuracy:.2f}   {shares}")
    total = sum(table.values())
    accuracy = sum(table[label, label] for label in LABELS) / total
    print(f"  all    {total:3} texts                      {accuracy:.2f}")
    return {"accuracy": accuracy, "languages": results}


def labelled(path: Path) -> list[tuple[str, str]]:
    """Text and class of a file with headings."""
    rows, label = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            label = line[2:]
        elif line:
            rows.append((line, label))
    return rows


def timed(work: Callable[[], Answers], items: int) -> tuple[Answers, float]:
    """The work's result and its median CPU milliseconds an item, of three runs."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        result = work()
        rounds.append((time.process_time() - start) * 1e3 / items)
    return result, statistics.median(rounds)


def share(answers: Sequence[object], truth: Sequence[object]) -> float:
    return sum(answer == true for answer, true in zip(answers, truth, strict=True)) / len(truth)


def third(mood: Sentiment) -> str:
    scores = {"positive": mood.positive, "negative": mood.negative, "neutral": mood.neutral + mood.mixed}
    return max(scores, key=lambda label: scores[label])


def calibration_error(moods: Sequence[Sentiment], truth: Sequence[bool]) -> float:
    """Mean distance of confidence and accuracy over ten bins of confidence, positive against negative alone."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for mood, true in zip(moods, truth, strict=True):
        positive = mood.positive / max(mood.positive + mood.negative, 1e-12)
        confidence = max(positive, 1 - positive)
        bins.setdefault(int(confidence * 20), []).append((confidence, (positive > 0.5) == true))
    gaps = (abs(sum(c for c, _ in rows) - sum(right for _, right in rows)) for rows in bins.values())
    return sum(gaps) / len(truth)


if __name__ == "__main__":
    sys.exit(main())
