"""The training text that other people made: who, under which licence, and how it is labelled.

GoEmotions (Google Research, Apache-2.0): English forum comments. VADER's ICWSM 2014 sets (C. J. Hutto, MIT;
in the sdist of `vaderSentiment` 3.3.2): English snippets of film reviews, product reviews, newspaper comment
and short posts, each rated by twenty people from -4 to 4. Tatoeba (CC BY 2.0 FR): pairs of English and
Japanese sentences, without labels.
"""

from __future__ import annotations

import io
import re
import tarfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CLASSES = ("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED")
_VADER_ARCHIVE = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
_VADER_SETS = {
    "film": "movieReviewSnippets",
    "product": "amazonReviewSnippets",
    "news": "nytEditorialSnippets",
    "post": "tweets",
}
_CONTRAST = re.compile(
    r"\b(but|though|although|yet|however|despite|while|if not|albeit|still|except|even if|instead)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what it is worth in each of CLASSES (sums to 1), and where it is from."""

    text: str
    language: str
    target: tuple[float, float, float, float]
    source: str


def sure(label: str) -> tuple[float, float, float, float]:
    """The target of a text that is of one class."""
    positive, negative, neutral, mixed = (float(label == name) for name in CLASSES)
    return positive, negative, neutral, mixed


def goemotions(path: Path) -> Iterator[Example]:
    """Comments with one group of feelings, but the ambiguous one (surprise, curiosity, confusion …)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text, _, groups = line.partition("\t")
        text = text.replace("[NAME]", "Alex").replace("[RELIGION]", "faith")
        if groups in ("positive", "negative", "neutral"):
            yield Example(text, "en", sure(groups.upper()), "goemotions")


def vader(sdist: Path) -> Iterator[Example]:
    """Rated snippets. The target is how many raters leant each way; a contrast that splits them is MIXED."""
    with tarfile.open(sdist) as outer:
        inner = outer.extractfile(_VADER_ARCHIVE)
        if inner is None:
            raise FileNotFoundError(f"{sdist} has no {_VADER_ARCHIVE}")
        data = inner.read()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for kind, name in _VADER_SETS.items():
            texts = dict(_columns(archive, f"hutto_ICWSM_2014/{name}_GroundTruth.txt", 0, 2))
            ratings = _columns(archive, f"hutto_ICWSM_2014/{name}_anonDataRatings.txt", 0, 3)
            for key, raw in ratings:
                scores = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", raw)]
                if key in texts and scores:
                    yield Example(texts[key], "en", _target(texts[key], scores), f"vader-{kind}")


def _columns(archive: tarfile.TarFile, name: str, *wanted: int) -> Iterator[tuple[str, str]]:
    member = archive.extractfile(name)
    if member is None:
        raise FileNotFoundError(name)
    for line in member.read().decode("utf-8", "replace").splitlines():
        cells = line.split("\t")
        if len(cells) > max(wanted):
            yield cells[wanted[0]].strip(), cells[wanted[1]].strip()


def _target(text: str, scores: Sequence[float]) -> tuple[float, float, float, float]:
    positive = sum(score > 0 for score in scores) / len(scores)
    negative = sum(score < 0 for score in scores) / len(scores)
    if min(positive, negative) >= 0.3 and _CONTRAST.search(text):
        return sure("MIXED")
    # Raters give -1 and 1 freely; a mild mean is no mood.
    mean = sum(scores) / len(scores)
    if abs(mean) < 0.35:
        return sure("NEUTRAL")
    neutral = 1 - positive - negative
    return positive, negative, neutral, 0.0


def tatoeba(path: Path) -> Iterator[tuple[str, str]]:
    """English and Japanese sentences that say the same."""
    for line in path.read_text(encoding="utf-8").splitlines():
        english, japanese, *_ = line.split("\t")
        yield english, japanese


def normalised(text: str) -> str:
    """Letters and digits only, so that spelling of spaces, case and punctuation hides no copy."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


class NearCopies:
    """Finds texts of a held-out set, or nearly: half of their character 8-grams in common, either way."""

    def __init__(self, held_out: Iterable[str], size: int = 8, share: float = 0.5) -> None:
        self._size, self._share = size, share
        self._texts = [normalised(text) for text in held_out]
        self._whole = set(self._texts)
        self._index: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(self._texts):
            for gram in self._grams(text):
                self._index[gram].append(number)

    def __contains__(self, text: object) -> bool:
        key = normalised(str(text))
        if key in self._whole:
            return True
        grams = self._grams(key)
        common: dict[int, int] = defaultdict(int)
        for gram in grams:
            for number in self._index.get(gram, ()):
                common[number] += 1
        return any(
            count >= self._share * min(len(grams), len(self._grams(self._texts[number])))
            for number, count in common.items()
        )

    def _grams(self, text: str) -> set[str]:
        return {text[start : start + self._size] for start in range(max(len(text) - self._size + 1, 1))}
