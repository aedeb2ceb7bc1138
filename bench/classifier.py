"""Custom classifiers beside TF-IDF and logistic regression (scikit-learn), on few examples and on 100,000.

OMP_NUM_THREADS=1 python bench/classifier.py            (on Debian 12, with apt's lists; scikit-learn installed)

The texts are the one-line descriptions of Debian's packages, the labels their archive sections (games, perl, fonts …):
the 20 largest sections, a description that stands in several of them left out. *Few*: ten packages of each section are
learned from, fifty others of each are the test, in five draws. *Many*: a document is three packages of one section;
100,000 documents are drawn from nine tenths of the packages and 5,000 from the rest, so that no package is in both.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import random
import re
import statistics
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from honmono.engines.text.classifier.training import Documents, train
from honmono.engines.text.encoder import Encoder
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "classifier.json"
# Of the descriptions with their sections, written down before anything was measured; apt's lists change with Debian.
SOURCE_SHA256 = "dd1e0897a5b8bb554dc77c940bd20ce292416424c43c80bbaadc154a66d28c2c"
SECTIONS, EXAMPLES, TESTS, DRAWS = 20, 10, 50, 5
MANY, MANY_TESTS, JOINED = 100_000, 5_000, 3

Labelled = list[tuple[str, str]]


def packages() -> dict[str, list[str]]:
    """The descriptions of each section, in an order drawn by hash."""
    text = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    sections: dict[str, set[str]] = defaultdict(set)
    for entry in text.split("\n\n"):
        section = re.search(r"^Section: (.*)$", entry, re.MULTILINE)
        description = re.search(r"^Description(?:-en)?: (.*)$", entry, re.MULTILINE)
        if section and description:
            sections[description[1].strip()].add(section[1].split("/")[-1])
    alone = [(next(iter(found)), description) for description, found in sections.items() if len(found) == 1]
    largest = [name for name, _ in sorted(Counter(s for s, _ in alone).items(), key=lambda each: (-each[1], each[0]))]
    chosen: dict[str, list[str]] = {name: [] for name in sorted(largest[:SECTIONS])}
    for section, description in alone:
        if section in chosen:
            chosen[section].append(description)
    return {name: sorted(found, key=lambda d: hashlib.sha256(d.encode()).digest()) for name, found in chosen.items()}


def few(sections: dict[str, list[str]], draw: int) -> tuple[Labelled, Labelled]:
    learned: Labelled = []
    tested: Labelled = []
    for name, descriptions in sections.items():
        drawn = random.Random(f"{draw} {name}").sample(descriptions, EXAMPLES + TESTS)
        learned += [(name, text) for text in drawn[:EXAMPLES]]
        tested += [(name, text) for text in drawn[EXAMPLES:]]
    return learned, tested


def many(sections: dict[str, list[str]]) -> tuple[Labelled, Labelled]:
    chance = random.Random("many")
    names = list(sections)

    def draw(count: int, part: Callable[[list[str]], list[str]]) -> Labelled:
        return [
            (name, ". ".join(chance.sample(part(sections[name]), JOINED)))
            for name in (names[number % len(names)] for number in range(count))
        ]

    learned = draw(MANY, lambda all_of: all_of[len(all_of) // 10 :])
    return learned, draw(MANY_TESTS, lambda all_of: all_of[: len(all_of) // 10])


def ours(learned: Labelled, tested: Labelled, encoder: Encoder | None) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    documents = Documents([text for _, text in learned], [(name,) for name, _ in learned])
    encode = encoder.encode if encoder else None
    trained = train(documents, mode="MULTI_CLASS", encode=encode)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    found = np.concatenate(
        [
            trained.model.probabilities([text for _, text in tested[first : first + 500]], encode)  # type: ignore[arg-type]
            for first in range(0, len(tested), 500)
        ]
    )
    right = [trained.model.labels[index] == name for index, (name, _) in zip(found.argmax(1), tested, strict=True)]
    return {
        "accuracy": float(np.mean(right)),
        "mean_score": float(found.max(1).mean()),
        "own_test_accuracy": trained.measures.accuracy,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
    }


def peer(learned: Labelled, tested: Labelled, strength: float, at_least: int) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=at_least)
    model = LogisticRegression(C=strength, max_iter=300)
    model.fit(words.fit_transform([text for _, text in learned]), [name for name, _ in learned])
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    found = model.predict_proba(words.transform([text for _, text in tested]))
    right = [model.classes_[index] == name for index, (name, _) in zip(found.argmax(1), tested, strict=True)]
    return {
        "accuracy": float(np.mean(right)),
        "mean_score": float(found.max(1).mean()),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
    }


def row(name: str, draws: list[dict[str, float]]) -> dict[str, float]:
    middle = {key: statistics.median(draw[key] for draw in draws) for key in draws[0]}
    accuracies = [draw["accuracy"] for draw in draws]
    print(
        f"{name:<42} {statistics.mean(accuracies):.3f} ({min(accuracies):.3f}–{max(accuracies):.3f})"
        f"  mean score {middle['mean_score']:.3f}  {middle['seconds']:7.1f} s  CPU {middle['cpu_seconds']:7.1f} s"
    )
    return {**middle, "accuracy": statistics.mean(accuracies), "lowest": min(accuracies), "highest": max(accuracies)}


def main() -> None:
    sections = packages()
    digest = hashlib.sha256("\n".join(f"{n}\t{d}" for n, ds in sections.items() for d in ds).encode()).hexdigest()
    total = sum(map(len, sections.values()))
    print(
        f"{total} packages in {len(sections)} sections, sha256 {digest}"
        f"{'' if digest == SOURCE_SHA256 else ', not the lists that the published figures were measured on'}"
        "\n\naccuracy on packages never learned from\n"
    )
    started = time.perf_counter()
    encoder = Encoder.from_cache(Cache())
    encoder.encode(["warm"])
    load = time.perf_counter() - started
    draws = [few(sections, draw) for draw in range(DRAWS)]
    results = {
        "few: honmono": row(f"{EXAMPLES} × {SECTIONS}: honmono", [ours(*draw, encoder) for draw in draws]),
        "few: honmono, words alone": row(" … without the encoder", [ours(*draw, None) for draw in draws]),
        "few: TF-IDF + LR, C=1": row(" … TF-IDF + LR (C=1)", [peer(*draw, 1, 1) for draw in draws]),
        "few: TF-IDF + LR, C=10": row(" … TF-IDF + LR (C=10)", [peer(*draw, 10, 1) for draw in draws]),
    }
    print(f"(loading the encoder takes {load:.1f} s more)\n")
    large = many(sections)
    results["many: honmono"] = row(f"{MANY:,} × {SECTIONS}: honmono", [ours(*large, None)])
    results["many: TF-IDF + LR, C=1"] = row(" … TF-IDF + LR (C=1)", [peer(*large, 1, 2)])
    results["many: TF-IDF + LR, C=10"] = row(" … TF-IDF + LR (C=10)", [peer(*large, 10, 2)])
    RESULTS.parent.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    RESULTS.write_text(
        json.dumps(
            {"sha256": digest, "packages": total, "encoder_load_s": load, "machine": machine, **results}, indent=1
        )
    )


if __name__ == "__main__":
    main()
