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
import math
import os
import platform
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import botocore
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import normalized_mutual_info_score

from classifier import packages
from honmono.engines.text.japanese import analyser
from honmono.engines.text.language import LanguageEngine
from honmono.engines.text.topics.engine import TopicEngine
from honmono.weights import Cache

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


@dataclass(frozen=True)
class Found:
    """Of each document its main topic (None: none was found), the ten terms of each topic, and CPU seconds."""

    main: list[int | None]
    terms: list[list[str]]
    seconds: float


def ours(corpus: Corpus, seed: int) -> Found:
    """From raw text: the languages, the words, the topics."""
    language, engine = LanguageEngine(Cache()), TopicEngine(Cache())
    language.load()
    engine.load()
    engine.terms(["Warm up."], ["en"])
    started = time.process_time()
    languages = [language.identify(text)[0].code for text in corpus.texts]
    found = engine.find(engine.terms(corpus.texts, languages), corpus.topics, seed)
    seconds = time.process_time() - started
    return Found(
        [shares[0].topic if shares else None for shares in found.documents],
        [[term.term for term in topic.terms] for topic in found.topics],
        seconds,
    )


def scikit_learn(corpus: Corpus, seed: int, **options: object) -> Found:
    """LatentDirichletAllocation with its defaults over CountVectorizer with its own, but for `options`."""
    started = time.process_time()
    vectorizer = CountVectorizer(**options)
    counts = vectorizer.fit_transform(corpus.texts)
    model = LatentDirichletAllocation(corpus.topics, random_state=seed)
    main = model.fit_transform(counts).argmax(1)
    seconds = time.process_time() - started
    names = vectorizer.get_feature_names_out()
    return Found(main.tolist(), [[names[t] for t in row.argsort()[::-1][:10]] for row in model.components_], seconds)


def gensim_lda(corpus: Corpus, seed: int, words: list[list[str]]) -> Found:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    started = time.process_time()
    dictionary = Dictionary(words)
    dictionary.filter_extremes(no_below=3, no_above=0.5)
    bags = [dictionary.doc2bow(each) for each in words]
    model = LdaModel(bags, corpus.topics, dictionary, random_state=seed, passes=10, alpha="auto", eta="auto")
    main = [max(model.get_document_topics(bag), key=lambda each: each[1])[0] if bag else None for bag in bags]
    terms = [[term for term, _ in model.show_topic(topic, 10)] for topic in range(corpus.topics)]
    return Found(main, terms, time.process_time() - started)


def tomotopy_lda(corpus: Corpus, seed: int, words: list[list[str]]) -> Found:
    import tomotopy

    started = time.process_time()
    found_in = Counter(term for each in words for term in set(each))
    kept = [[term for term in each if 3 <= found_in[term] <= len(words) / 2] for each in words]
    model = tomotopy.LDAModel(k=corpus.topics, seed=seed)
    for each in filter(None, kept):
        model.add_doc(each)
    model.train(500, workers=1)
    topics = (document.get_topics(1)[0][0] for document in model.docs)
    main = [next(topics) if each else None for each in kept]
    terms = [[term for term, _ in model.get_topic_words(topic, 10)] for topic in range(corpus.topics)]
    return Found(main, terms, time.process_time() - started)


def rate(corpus: Corpus, found: Found, documents: list[set[str]]) -> dict[str, float]:
    known = [(s, -1 if t is None else t) for s, t in zip(corpus.subjects, found.main, strict=True) if s is not None]
    purity = sum(
        Counter(s for s, t in known if t == topic).most_common(1)[0][1] for topic in {topic for _, topic in known}
    )
    return {
        "nmi": float(normalized_mutual_info_score([s for s, _ in known], [t for _, t in known])),
        "purity": purity / len(known),
        "npmi": statistics.mean(npmi(terms, documents) for terms in found.terms if len(terms) > 1),
        "diversity": sum(n == 1 for n in Counter(t for each in found.terms for t in each).values())
        / sum(map(len, found.terms)),
        "cpu_seconds": found.seconds,
    }


def npmi(terms: Sequence[str], documents: list[set[str]]) -> float:
    """Written apart from the engine's own, and over words as every one of the peers could have cut them."""
    size, held = len(documents), {term: {n for n, d in enumerate(documents) if term in d} for term in terms}
    scores = []
    for place, first in enumerate(terms):
        for second in terms[:place]:
            both = len(held[first] & held[second]) / size
            if both in (0, 1):
                scores.append(-1.0 if both == 0 else 1.0)
                continue
            chance = len(held[first]) * len(held[second]) / size**2
            scores.append(math.log(both / chance) / -math.log(both))
    return statistics.mean(scores)


def peers(corpus: Corpus) -> dict[str, tuple[Callable[[int], Found], list[set[str]]]]:
    """Each with the documents as sets of the words that it saw."""
    language = "ja" if corpus.name == "wikipedia" else "en"
    engine = TopicEngine(Cache())
    engine.load()
    words = engine.terms(corpus.texts, [language] * len(corpus.texts))
    analyse = CountVectorizer().build_analyzer()
    plain = [set(analyse(text)) for text in corpus.texts]
    cut = [" ".join(m.text for m in analyser().morphemes(text)) for text in corpus.texts] if language == "ja" else []
    seen = [set(each) for each in words]
    found: dict[str, tuple[Callable[[int], Found], list[set[str]]]] = {
        "honmono": (lambda seed: ours(corpus, seed), seen),
        "scikit-learn, defaults": (lambda seed: scikit_learn(corpus, seed), plain),
    }
    if language == "ja":
        spaced = Corpus(corpus.name, cut, corpus.subjects, corpus.topics)
        found["scikit-learn, on Sudachi's words"] = (
            lambda seed: scikit_learn(spaced, seed),
            [set(analyse(text)) for text in cut],
        )
    else:
        found["scikit-learn, English stop words"] = (
            lambda seed: scikit_learn(corpus, seed, stop_words="english"),
            plain,
        )
    found["scikit-learn, on our words"] = (
        lambda seed: scikit_learn(
            Corpus(corpus.name, [" ".join(each) for each in words], corpus.subjects, corpus.topics),
            seed, tokenizer=str.split, token_pattern=None, min_df=3, max_df=0.5,
        ),
        seen,
    )  # fmt: skip
    if find_spec("gensim"):
        found["gensim (10 passes, auto priors), on our words"] = (lambda seed: gensim_lda(corpus, seed, words), seen)
    if find_spec("tomotopy"):
        found["tomotopy (Gibbs, 500 rounds), on our words"] = (lambda seed: tomotopy_lda(corpus, seed, words), seen)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("HONMONO_EVALUATION"))
    parser.add_argument("--development", action="store_true", help="the texts that settings may be chosen on")
    arguments = parser.parse_args()
    if arguments.development:
        corpora = [services(0)]
    elif arguments.data is None:
        parser.error("say where the evaluation files are: --data DIR")
    else:
        corpora = [services(1), sections(), wikipedia(Path(arguments.data))]
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    results: dict[str, object] = {"machine": machine, "seeds": SEEDS}
    for corpus in corpora:
        known = corpus.sha256 == SHA256.get(corpus.name)
        rated = sum(subject is not None for subject in corpus.subjects)
        print(
            f"{corpus.name}: {len(corpus.texts)} documents, {rated} with one of {len(set(corpus.subjects) - {None})} "
            f"subjects, {corpus.topics} topics, sha256 {corpus.sha256}"
            f"{'' if known or arguments.development else ', not those that the published figures were measured on'}\n"
            f"{'':<48}{'NMI':>6} (lowest–highest) purity   NPMI  diversity  CPU s"
        )
        rows = {}
        for name, (ask, documents) in peers(corpus).items():
            draws = [rate(corpus, ask(seed), documents) for seed in SEEDS]
            means = {key: statistics.mean(draw[key] for draw in draws) for key in draws[0]}
            low, high = min(draw["nmi"] for draw in draws), max(draw["nmi"] for draw in draws)
            rows[name] = {**means, "lowest_nmi": low, "highest_nmi": high}
            print(
                f"{name:<48}{means['nmi']:6.3f} ({low:.3f}–{high:.3f})    {means['purity']:.3f}  {means['npmi']:6.3f}"
                f"  {means['diversity']:.3f}   {means['cpu_seconds']:6.1f}",
                flush=True,
            )
        print()
        results[corpus.name] = {"sha256": corpus.sha256, "documents": len(corpus.texts), "rated": rated, **rows}
    if not arguments.development:
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
