"""Documents with personal data at known places, made from a file of templates and a seed.

A template begins with a line `=== NAME LANGUAGE`. `{SLOT}` is replaced by a made-up value; the part of SLOT before a
dot is its type, and slots that begin with `x` are look-alikes that must not be found.

`evaluation.txt` was written before the rules and is not used to tune them; `tuning.txt` and its names are for that.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.pii.values import makers

HERE = Path(__file__).parent
EVALUATION_SEED = 20261124
EVALUATION_COUNT = 300
EVALUATION_DIGEST = "2c775f63f3b00bd7de7521c99fcf76351ac8a095953ae9380d31202c78373d4a"
"""Of the documents that the engine is measured with, written down before there was a rule to measure."""

SLOT = re.compile(r"\{([A-Zx][A-Za-z0-9_.]*)\}")


@dataclass(frozen=True, slots=True)
class Span:
    type: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    language: str
    text: str
    spans: list[Span]


def templates(path: Path) -> list[tuple[str, str, str]]:
    """Name, language and text of each template."""
    parts = re.split(r"(?m)^=== (\S+) (\S+)\n", path.read_text(encoding="utf-8"))[1:]
    return [(parts[i], parts[i + 1], parts[i + 2].strip("\n")) for i in range(0, len(parts), 3)]


def documents(pool: str, count: int, seed: int) -> list[Document]:
    """`count` documents from the templates in POOL.txt, each template used equally often."""
    known, made, r = makers(pool), [], random.Random(seed)
    sources = templates(HERE / f"{pool}.txt")
    for number in range(count):
        name, language, source = sources[number % len(sources)]
        text, spans, at = "", [], 0
        for slot in SLOT.finditer(source):
            text += source[at : slot.start()]
            value = known[slot[1]](r)
            if not slot[1].startswith("x"):
                spans.append(Span(slot[1].partition(".")[0], len(text), len(text) + len(value)))
            text += value
            at = slot.end()
        made.append(Document(f"{name}-{number // len(sources)}", language, text + source[at:], spans))
    return made


def digest(made: list[Document]) -> str:
    """sha256 of the documents and their answers."""
    return hashlib.sha256("\n".join(json.dumps(asdict(d), ensure_ascii=False) for d in made).encode()).hexdigest()
