"""Targeted sentiment beside VADER and beside one mood for the whole sentence, on what nothing here was trained on.

python bench/targeted_sentiment.py --data DIR        (or HONMONO_EVALUATION=DIR)

DIR holds `mams-test.xml` (MAMS-ATSA's test part: restaurant reviews, each sentence with terms of different polarity),
`Laptops_Test_Gold.xml.seg` and `Restaurants_Test_Gold.xml.seg` (SemEval 2014 task 4 as ABSA-PyTorch has it). They are
not in the repository. `bench/targets` has our own documents, with every mention, its type and its group. All hashes
were committed before the first measurement (bench/targets/SHA256); MAMS's train part was trained on, the other sets were
not.

Given the targets: the mood of each, by our engine, by VADER on the clause, and by our sentiment engine's mood of the whole
document given to each. On our own documents also which mentions are found, of which type, and how they are grouped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from honmono.engines.text.sentiment import SentimentEngine
from honmono.engines.text.targets.engine import Target, TargetEngine
from honmono.weights import Cache

OURS = Path(__file__).parent / "targets"
RESULTS = Path(__file__).parent / "results" / "targeted_sentiment.json"
LABELS = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
SIGNS = dict(zip("+-0~", LABELS, strict=True))
_MARK = re.compile(r"\[([^|\]]+)\|([-+0~])\|([A-Z_]+)(?:\|(\d+))?\]")
_CLAUSE = re.compile(r"[.;:!?]|,|\b(?:but|although|though|while|whereas|yet|however|and)\b")


@dataclass(frozen=True)
class Gold:
    """A mention as a person marked it."""

    begin: int
    end: int
    label: str
    type: str = ""
    group: str = ""


Document = tuple[str, list[Gold]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    parser.add_argument("--verbose", action="store_true", help="show each mood that is not as marked")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    paths = dict(checked(Path(arguments.data)))
    engine, whole = TargetEngine(Cache()), SentimentEngine(Cache())
    engine.load()
    whole.load()
    documents = marked(paths["en.txt"])
    report: dict[str, object] = {
        "machine": platform.processor() or platform.machine(),
        "engine": engine.info().identity,
    }
    sets = {
        "own": documents,
        "own, praised or blamed": [(t, [g for g in golds if g.label != "NEUTRAL"]) for t, golds in documents],
        "own Japanese": marked(paths["ja.txt"]),
        "MAMS test": list(mams(paths["mams-test.xml"])),
        "SemEval 2014 laptops": list(semeval(paths["Laptops_Test_Gold.xml.seg"])),
        "SemEval 2014 restaurants": list(semeval(paths["Restaurants_Test_Gold.xml.seg"])),
    }
    for name, items in sets.items():
        report[name] = given(name, items, engine, whole, arguments.verbose and name == "own")
    report["mentions"] = mentions(documents, engine)
    report["milliseconds"] = speed(documents, engine)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def checked(data: Path) -> Iterator[tuple[str, Path]]:
    """The files by name; ends with a message where one is not what was to be measured on."""
    for line in (OURS / "SHA256").read_text().splitlines():
        digest, name = line.split()
        path = OURS / name if (OURS / name).exists() else data / name
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            sys.exit(f"{path} is another file than the one that was to be measured on")
        yield name, path


def marked(path: Path) -> list[Document]:
    """Our own documents."""
    documents = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, golds, at = "", [], 0
        for match in _MARK.finditer(line):
            text += line[at : match.start()]
            golds.append(
                Gold(len(text), len(text) + len(match[1]), SIGNS[match[2]], match[3], match[4] or f"alone {len(golds)}")
            )
            text += match[1]
            at = match.end()
        documents.append((text + line[at:], golds))
    return documents


def mams(path: Path) -> Iterator[Document]:
    for sentence in ElementTree.parse(path).getroot():
        yield (
            sentence.findtext("text", ""),
            [
                Gold(int(term.get("from", 0)), int(term.get("to", 0)), term.get("polarity", "").upper())
                for term in sentence.iter("aspectTerm")
            ],
        )


def semeval(path: Path) -> Iterator[Document]:
    """Three lines a term: the sentence, spaced, with $T$ for the term; the term; 1, 0 or -1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for sentence, term, polarity in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        before, _, behind = sentence.partition("$T$")
        label = {"1": "POSITIVE", "-1": "NEGATIVE", "0": "NEUTRAL"}[polarity.strip()]
        yield before + term + behind, [Gold(len(before), len(before) + len(term), label)]


def given(
    name: str, documents: Sequence[Document], engine: TargetEngine, whole: SentimentEngine, verbose: bool
) -> dict[str, object]:
    """The mood of marked mentions: accuracy, and F1 as the mean over the classes that occur."""
    vader = SentimentIntensityAnalyzer()
    truth: list[str] = []
    answers: dict[str, list[str]] = {"honmono": [], "VADER on the clause": [], "one mood for all": []}
    right_sure: list[tuple[float, bool]] = []
    for text, golds in documents:
        if not golds:
            continue
        truth += [gold.label for gold in golds]
        moods = engine.judge([text], [[(gold.begin, gold.end) for gold in golds]])[0]
        answers["honmono"] += [mood.label for mood in moods]
        answers["one mood for all"] += [whole.classify([text], ["ja" if text[-1] == "。" else "en"])[0].label] * len(
            golds
        )
        answers["VADER on the clause"] += [
            vaders(vader.polarity_scores(clause(text, gold))["compound"]) for gold in golds
        ]
        for mood, gold in zip(moods, golds, strict=True):
            sure = max(mood.positive, mood.negative, mood.neutral, mood.mixed)
            right_sure.append((sure, mood.label == gold.label))
            if verbose and mood.label != gold.label:
                print(f"    {text[gold.begin : gold.end]}: {gold.label}, not {mood.label} ({sure:.2f}): {text}")
    print(f"{name}: {len(truth)} mentions in {len(documents)} documents, {dict(Counter(truth))}")
    report: dict[str, object] = {"mentions": len(truth)}
    for who, found in answers.items():
        accuracy = sum(map(str.__eq__, found, truth)) / len(truth)
        print(f"  {who:22} accuracy {accuracy:.3f}  macro-F1 {macro_f1(found, truth):.3f}")
        report[who] = {"accuracy": round(accuracy, 4), "macro_f1": round(macro_f1(found, truth), 4)}
    by_class = {
        label: round(
            sum(a == b == label for a, b in zip(answers["honmono"], truth, strict=True)) / truth.count(label), 3
        )
        for label in LABELS
        if label in truth
    }
    error = calibration_error(right_sure)
    print(f"  recall by class {by_class}; calibration error {error:.3f}")
    return {**report, "recall": by_class, "calibration_error": round(error, 4)}


def vaders(compound: float) -> str:
    """As its authors say: positive from .05, negative from -.05."""
    return "POSITIVE" if compound >= 0.05 else "NEGATIVE" if compound <= -0.05 else "NEUTRAL"


def clause(text: str, gold: Gold) -> str:
    """What stands around a mention between signs and conjunctions."""
    begin = max((match.end() for match in _CLAUSE.finditer(text) if match.end() <= gold.begin), default=0)
    end = min((match.start() for match in _CLAUSE.finditer(text) if match.start() >= gold.end), default=len(text))
    return text[begin:end]


def macro_f1(found: Sequence[str], truth: Sequence[str]) -> float:
    scores = []
    for label in sorted(set(truth)):
        both = sum(a == b == label for a, b in zip(found, truth, strict=True))
        scores.append(2 * both / max(found.count(label) + truth.count(label), 1))
    return statistics.mean(scores)


def calibration_error(answers: Sequence[tuple[float, bool]]) -> float:
    """Mean distance of confidence and accuracy over ten bins of confidence."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in answers:
        bins.setdefault(min(int(sure * 10), 9), []).append((sure, right))
    return sum(abs(sum(s for s, _ in rows) - sum(r for _, r in rows)) for rows in bins.values()) / len(answers)


def mentions(documents: Sequence[Document], engine: TargetEngine) -> dict[str, object]:
    """Which mentions are found (exact places), of which type; which pairs of mentions are of one group."""
    marks = found = same = typed = 0
    pairs_true = pairs_found = pairs_same = 0
    end_to_end = 0
    confusion: Counter[tuple[str, str]] = Counter()
    for text, golds in documents:
        targets = engine.detect([text], ["en"])[0]
        places = {(m.begin, m.end): m for target in targets for m in target.mentions}
        marks += len(golds)
        found += len(places)
        for gold in golds:
            if mention := places.get((gold.begin, gold.end)):
                same += 1
                typed += mention.type == gold.type
                end_to_end += mention.sentiment.label == gold.label
                confusion[gold.type, mention.type] += mention.type != gold.type
        true, ours = gold_pairs(golds), found_pairs(targets)
        # Those who speak are grouped on both sides: "I … my" was not worth a number to who marked the documents.
        ours = {pair for pair in ours if not any(speaks(text[b:e]) for b, e in pair)}
        pairs_true, pairs_found, pairs_same = (
            pairs_true + len(true), pairs_found + len(ours), pairs_same + len(true & ours)
        )  # fmt: skip
    report = {
        "marked": marks, "found": found, "precision": same / found, "recall": same / marks,
        "f1": 2 * same / (found + marks), "type_accuracy": typed / same,
        "found_with_the_right_mood_f1": 2 * end_to_end / (found + marks),
        "pairs_marked": pairs_true, "pairs_found": pairs_found,
        "pair_precision": pairs_same / max(pairs_found, 1), "pair_recall": pairs_same / max(pairs_true, 1),
    }  # fmt: skip
    print("own documents, from the text alone:")
    for key, value in report.items():
        print(f"  {key:30} {value if isinstance(value, int) else format(value, '.3f')}")
    print("  types mistaken most:", [f"{a} as {b}: {n}" for (a, b), n in confusion.most_common(6) if n])
    return {key: value if isinstance(value, int) else round(value, 4) for key, value in report.items()}


def speaks(word: str) -> bool:
    return word.lower() in ("i", "me", "my", "we", "us", "our", "you", "your")


Place = tuple[int, int]


def gold_pairs(golds: Sequence[Gold]) -> set[tuple[Place, Place]]:
    return {
        ((a.begin, a.end), (b.begin, b.end))
        for at, a in enumerate(golds)
        for b in golds[at + 1 :]
        if a.group == b.group
    }


def found_pairs(targets: Sequence[Target]) -> set[tuple[Place, Place]]:
    return {
        ((a.begin, a.end), (b.begin, b.end))
        for target in targets
        for at, a in enumerate(target.mentions)
        for b in target.mentions[at + 1 :]
    }


def speed(documents: Sequence[Document], engine: TargetEngine) -> dict[str, float]:
    """Median CPU and wall milliseconds of one call with 500 characters."""
    text = ""
    for document, _ in documents:
        if len(text) + len(document) < 500:
            text += document + " "
    cpu, wall = [], []
    for _ in range(15):
        started, clock = time.process_time(), time.perf_counter()
        engine.detect([text], ["en"])
        cpu.append((time.process_time() - started) * 1e3)
        wall.append((time.perf_counter() - clock) * 1e3)
    report = {"characters": len(text), "cpu": statistics.median(cpu), "wall": statistics.median(wall)}
    print(f"one call of {len(text)} characters: {report['cpu']:.0f} ms CPU, {report['wall']:.0f} ms wall")
    return report


if __name__ == "__main__":
    sys.exit(main())
