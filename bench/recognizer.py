"""Custom entity recognisers beside python-crfsuite with the usual features, on 250 and 2,000 sentences.

OMP_NUM_THREADS=1 python bench/recognizer.py --data DIR --crfsuite PYTHON

DIR holds wikipedia-ja.jsonl, wikiann-{en,de}.conll and wnut17-en.conll; PYTHON is an interpreter that has python-crfsuite
installed. What is learned from are sentences drawn from eight tenths of each source; the test are 400 of another tenth,
which is also the built-in entity engine's held-out one; the last tenth was for tuning. Sentences that are equal but for
signs count once, so that none is on both sides. Japanese has its own eight types, W-NUT its six, mapped to five as the
entity engine maps them. A mention counts where place and type are right.

*Listed*: the names of the first half of 2,000 sentences make a list, which is all that is known of the 2,000; beside it
what looking the list up finds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from training.entities import sources  # noqa: E402

from honmono.engines.text.recognizer.engine import RecognizerEngine  # noqa: E402
from honmono.engines.text.recognizer.entity_list import EntityList  # noqa: E402
from honmono.engines.text.recognizer.states import States  # noqa: E402
from honmono.engines.text.recognizer.units import Marked, Mention  # noqa: E402
from honmono.evaluation.calibration import expected_calibration_error  # noqa: E402
from honmono.evaluation.spans import Span, span_scores  # noqa: E402
from honmono.services.comprehend.recognizer_training import learn  # noqa: E402
from honmono.weights import Cache  # noqa: E402

RESULTS = ROOT / "bench" / "results" / "recognizer.json"
# Of the samples, written down before anything was measured on the tests.
SAMPLES_SHA256 = "78b6b88463ce25335c4157427e2cb89ac59eab97e6680964219fa9cc105258a2"
SETS = ("wikiann-en", "wikiann-de", "wnut17-en", "wikipedia-ja")
SIZES, TESTS = (250, 2000), 400

CRFSUITE = r"""
import json, re, sys, time, tempfile, os
import pycrfsuite
task = json.load(sys.stdin)
japanese = task["japanese"]
word = re.compile(r"\S" if japanese else r"\w+|[^\w\s]")
def kind(c):
    o = ord(c)
    return ("hira" if 0x3041 <= o <= 0x309f else "kata" if 0x30a0 <= o <= 0x30ff else "han" if 0x3400 <= o <= 0x9fff
            else "digit" if c.isdigit() else "alpha" if c.isalpha() else "sign")
def features(w, i):
    def at(j):
        return w[j] if 0 <= j < len(w) else ("BOS" if j < 0 else "EOS")
    if japanese:
        f = ["bias"]
        for d in (-2, -1, 0, 1, 2):
            f += ["c%d=%s" % (d, at(i + d)), "k%d=%s" % (d, kind(at(i + d)[0]) if len(at(i + d)) == 1 else at(i + d))]
        for d in (-2, -1, 0, 1):
            f += ["b%d=%s%s" % (d, at(i + d), at(i + d + 1))]
        return f
    x = w[i]
    f = ["bias", "lower=" + x.lower(), "s3=" + x[-3:], "s2=" + x[-2:], "up=%s" % x.isupper(), "title=%s" % x.istitle(),
         "digit=%s" % x.isdigit()]
    for d in (-1, 1):
        y = at(i + d)
        f += ["%d:lower=%s" % (d, y.lower()), "%d:title=%s" % (d, y.istitle()), "%d:up=%s" % (d, y.isupper())]
    return f
def cut(text):
    found = list(word.finditer(text))
    w = [m[0] for m in found]
    return [(m.start(), m.end()) for m in found], [features(w, i) for i in range(len(w))]
def tags(places, mentions):
    out = ["O"] * len(places)
    for b, e, t in mentions:
        first = True
        for i, (pb, pe) in enumerate(places):
            if pb < e and b < pe:
                out[i] = ("B-" if first else "I-") + t
                first = False
    return out
start, cpu = time.time(), time.process_time()
trainer = pycrfsuite.Trainer(verbose=False)
trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.possible_transitions": True})
for text, mentions in task["train"]:
    places, f = cut(text)
    if f:
        trainer.append(f, tags(places, mentions))
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model")
    trainer.train(path)
    seconds, cpu_seconds = time.time() - start, time.process_time() - cpu
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    answers = []
    for text in task["test"]:
        places, f = cut(text)
        found, last = [], "O"
        for (b, e), tag in zip(places, tagger.tag(f) if f else []):
            if tag[0] == "B" or (tag[0] == "I" and last[2:] != tag[2:]):
                found.append([b, e, tag[2:]])
            elif tag[0] == "I":
                found[-1][1] = e
            last = tag
        answers.append(found)
json.dump({"found": answers, "seconds": seconds, "cpu_seconds": cpu_seconds}, sys.stdout)
"""


def sentences(data: Path, name: str) -> list[Marked]:
    """All of a source; Japanese with the types of its annotators."""
    if name != "wikipedia-ja":
        return [Marked(each.text, tuple(Mention(*span) for span in each.spans)) for each in sources.read(data, name)]
    rows = map(json.loads, (data / f"{name}.jsonl").read_text("utf-8").splitlines())
    return [Marked(row["text"], tuple(sorted(Mention(*span) for span in row["entities"]))) for row in rows]


def samples(data: Path, name: str) -> tuple[list[Marked], list[Marked]]:
    """What is learned from, and the test."""
    parts: tuple[dict[str, Marked], dict[str, Marked]] = ({}, {})
    for each in sentences(data, name):
        part = sources.part(each.text)
        if part != 1:
            parts[part == 0].setdefault(sources.normalised(each.text), each)
    learned, tested = (list(part.values()) for part in parts)
    random.Random(f"{name} learned").shuffle(learned)
    random.Random(f"{name} tested").shuffle(tested)
    return learned[: max(SIZES)], tested[:TESTS]


def plain(marked: Sequence[Marked]) -> list[list[object]]:
    return [[each.text, [[m.begin, m.end, m.type] for m in each.mentions]] for each in marked]


def ours(learned: Sequence[Marked], tested: Sequence[Marked], states: States | None) -> dict[str, object]:
    types = sorted({mention.type for each in learned for mention in each.mentions})
    start, cpu = time.perf_counter(), time.process_time()
    result = learn(learned, types, states=states)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    start = time.process_time()
    found = result.model.find([each.text for each in tested], states)
    milliseconds = (time.process_time() - start) * 1e3 / len(tested)
    right = [
        Mention(each.begin, each.end, each.type) in marked.mentions
        for marked, answer in zip(tested, found, strict=True)
        for each in answer
    ]
    scores = [each.score for answer in found for each in answer]
    told = report(tested, [[(each.begin, each.end, each.type) for each in answer] for answer in found])
    return {
        **told,
        "ece": expected_calibration_error(right, scores) if scores else None,
        "own_f1": result.scores.micro.f1 if result.scores else None,
        "rounds": result.rounds,
        "temperature": result.model.temperature,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "cpu_ms_a_text": milliseconds,
    }


def crfsuite(interpreter: str, learned: Sequence[Marked], tested: Sequence[Marked], name: str) -> dict[str, object]:
    task = {"japanese": name == "wikipedia-ja", "train": plain(learned), "test": [each.text for each in tested]}
    run = subprocess.run(
        [interpreter, "-c", CRFSUITE], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    answer = json.loads(run.stdout)
    told = report(tested, [[(b, e, kind) for b, e, kind in found] for found in answer["found"]])
    return {**told, "seconds": answer["seconds"], "cpu_seconds": answer["cpu_seconds"]}


def report(tested: Sequence[Marked], found: Sequence[Sequence[tuple[int, int, str]]]) -> dict[str, object]:
    truth = [[Span(m.begin, m.end, m.type) for m in each.mentions] for each in tested]
    scores = span_scores(truth, [[Span(*span) for span in each] for each in found])
    return {
        "precision": scores.micro.precision,
        "recall": scores.micro.recall,
        "f1": scores.micro.f1,
        "by_type": {each.label: [each.rates.f1, each.support] for each in scores.by_type},
    }


def listed(learned: Sequence[Marked]) -> tuple[EntityList, list[Marked]]:
    """A list of the names in the first half, and all of the sentences with what is found of it."""
    names = EntityList(
        (each.text[mention.begin : mention.end], mention.type)
        for each in learned[: len(learned) // 2]
        for mention in each.mentions
    )
    return names, [Marked(each.text, tuple(names.find(each.text))) for each in learned]


def show(what: str, row: dict[str, object]) -> dict[str, object]:
    line = f"{what:<44} F1 {row['f1']:.3f}  precision {row['precision']:.3f}  recall {row['recall']:.3f}"
    if "seconds" in row:
        line += f"  CPU {row['cpu_seconds']:5.1f} s"
    if row.get("ece") is not None:
        line += f"  ECE {row['ece']:.3f}  own test {row['own_f1']:.3f}"
    print(line, flush=True)
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--crfsuite", help="an interpreter with python-crfsuite")
    parser.add_argument("--hash", action="store_true", help="tell the samples' hash and stop")
    arguments = parser.parse_args()
    drawn = {name: samples(arguments.data, name) for name in SETS}
    digest = hashlib.sha256(
        json.dumps([[plain(part) for part in parts] for parts in drawn.values()]).encode()
    ).hexdigest()
    if arguments.hash:
        print(digest)
        return 0
    if digest != SAMPLES_SHA256:
        raise SystemExit(f"these are not the samples whose hash was written down: {digest}")
    states = States.from_cache(Cache())
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    results: dict[str, object] = {
        "engine": RecognizerEngine(Cache()).info().identity,
        "sha256": digest,
        "machine": machine,
    }

    def keep(what: str, shown: str, row: dict[str, object]) -> None:
        # After each row: a long measurement that is cut short leaves what it has.
        results[what] = show(shown, row)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")

    for size in SIZES:
        for name, (learned, tested) in drawn.items():
            few = learned[:size]
            what = f"{name}, {size} sentences"
            keep(what, what, ours(few, tested, states))
            if arguments.crfsuite:
                row = crfsuite(arguments.crfsuite, few, tested, name)
                keep(f"{what}, crfsuite", "  … crfsuite", row)
            keep(f"{what}, words alone", "  … without the encoder", ours(few, tested, None))
    for name in ("wikiann-en", "wikipedia-ja"):
        learned, tested = drawn[name]
        names, marked = listed(learned)
        keep(f"{name}, listed", f"{name}, listed", ours(marked, tested, states))
        found = [[(m.begin, m.end, m.type) for m in names.find(each.text)] for each in tested]
        keep(f"{name}, list looked up", "  … looked up in the list", report(tested, found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
