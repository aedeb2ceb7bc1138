"""Topics beside scikit-learn's defaults, gensim and tomotopy, on texts whose subject is known.

OMP_NUM_THREADS=1 python bench/topics.py --data DIR        (DIR as HONMONO_EVALUATION; apt's lists; scikit-learn installed)

*services*: what AWS says of its operations, in botocore, a paragraph or more each; the subject is the service (20 of
those with 40 such texts or more, at most 100 texts of each). *packages*: five one-line descriptions of Debian packages
of one archive section make a document; the subject is the section. *Wikipedia*: Japanese sentences of
`ner/wikipedia-ja.jsonl`, all read, rated where all names in one are of one type, which is their subject, roughly.
Settings were chosen on twenty other services (--development), never on these. gensim and tomotopy are measured where
they are installed.

A document's topic is the one with the largest share. NMI and purity hold it against the subject; NPMI says how often
a topic's ten terms stand in the same documents (Bouma 2009; Lau et al. 2014), on these documents themselves;
diversity is the share of the terms that stand for one topic only.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import platform
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import botocore
from classifier import packages

RESULTS = Path(__file__).parent / "results" / "topics.json"
# Written down before anything was measured; the texts change with botocore's version and Debian's lists.
SHA256 = {
    "services": "e43da3ad3bf21391b5782a80bef1db1cc53fb48afbae144f96e87c93c497fb82",
    "packages": "1d1662c0216d7f2404e72506d9774485dfe9956f3a0065d9b3ec94e2b044529b",
    "wikipedia": "319356a86faa1b6ac876a86633b75ca98bce9a1eb4102145aacf4d2912a2a56c",
}
SERVICES, TEXTS, AT_LEAST = 20, 100, 40
JOINED, DOCUMENTS = 5, 100
SEEDS = (1, 2, 3)
# Services that are another's second edition or part: one subject.
SAME = {"waf-regional", "sesv2", "s3control", "s3tables", "route53globalresolver"}


@dataclass(frozen=True)
class Corpus:
    name: str
    texts: list[str]
    subjects: list[str | None]
    topics: int

    @property
    def sha256(self) -> str:
        rows = "\n".join(f"{s}\t{t}" for s, t in zip(self.subjects, self.texts, strict=True))
        return hashlib.sha256(rows.encode()).hexdigest()


def services(part: int) -> Corpus:
    """Texts of the first or second twenty services, in an order drawn by hash."""
    found: dict[str, list[str]] = {}
    for folder in sorted(Path(botocore.__file__).parent.joinpath("data").iterdir()):
        models = sorted(folder.glob("*/service-2.json.gz")) if folder.is_dir() else []
        if not models or folder.name in SAME:
            continue
        operations = json.loads(gzip.decompress(models[-1].read_bytes()))["operations"]
        texts = {_plain(each.get("documentation", "")) for each in operations.values()}
        long = sorted((t for t in texts if len(t) >= 200), key=_digest)
        if len(long) >= AT_LEAST:
            found[folder.name] = long[:TEXTS]
    chosen = sorted(found, key=_digest)[part * SERVICES :][:SERVICES]
    rows = sorted(((text, name) for name in chosen for text in found[name]), key=lambda row: _digest(row[0]))
    return Corpus(
        "services-development" if part == 0 else "services", [t for t, _ in rows], [s for _, s in rows], SERVICES
    )


def sections() -> Corpus:
    """Five packages of a section to a document."""
    rows = []
    for name, descriptions in packages().items():
        drawn = random.Random(f"topics {name}").sample(descriptions, min(len(descriptions), JOINED * DOCUMENTS))
        rows += [(". ".join(drawn[at : at + JOINED]), name) for at in range(0, len(drawn) - JOINED + 1, JOINED)]
    rows.sort(key=lambda row: _digest(row[0]))
    return Corpus("packages", [t for t, _ in rows], [s for _, s in rows], len({s for _, s in rows}))


def wikipedia(folder: Path) -> Corpus:
    texts, subjects = [], []
    for line in (folder / "ner" / "wikipedia-ja.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        types = {kind for _, _, kind in case["entities"]}
        texts.append(case["text"])
        subjects.append(next(iter(types)) if len(types) == 1 else None)
    return Corpus("wikipedia", texts, subjects, 20)


def _plain(documentation: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", documentation))).strip()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


if __name__ == "__main__":
    for corpus in (services(0), services(1), sections(), wikipedia(Path(sys.argv[1]))):
        print(corpus.name, len(corpus.texts), corpus.sha256, Counter(corpus.subjects).most_common())
