"""Topics of a collection of documents, by latent Dirichlet allocation over words that carry a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from honmono.engines.base import Cost, Engine, EngineUnavailable, UnsupportedInput, UnsupportedLanguage, batched
from honmono.engines.errors import EngineError
from honmono.engines.text.language import LANGUAGES
from honmono.engines.text.topics.terms import UNCUT, terms_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.text.topics.counts import TermCounts

_TERMS = 10
_LEAST_SHARE = 1e-3
"""Of a document, for it to be said to be about a topic."""
_LEAST_COUNT = 0.05
"""Expected times that a term stands in a topic, for it to be one of the topic's."""


@dataclass(frozen=True, slots=True)
class TopicTerm:
    """A term of a topic and its weight: the probability of the term in the topic."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic.

    Attributes:
        terms: ten at most, those that tell it from the other topics best first; the weights of all of a topic's terms
            sum to one, so that those of these ten do where it has no others.
        share: of all words of the collection.
        coherence: see `honmono.engines.text.topics.coherence`; None of a topic with one term.
    """

    terms: list[TopicTerm]
    share: float
    coherence: float | None


@dataclass(frozen=True, slots=True)
class TopicShare:
    """A topic, by its place in `Topics.topics`, and the share of a document that is about it, 0 to 1."""

    topic: int
    share: float


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a collection, the largest first.

    Attributes:
        topics: as many as were asked for, or fewer where the documents have no more.
        documents: of each document its topics, the largest first; none of a document without terms.
    """

    topics: list[Topic]
    documents: list[list[TopicShare]]

    @property
    def coherence(self) -> float | None:
        """The mean over the topics; None where no topic has two terms."""
        known = [topic.coherence for topic in self.topics if topic.coherence is not None]
        return sum(known) / len(known) if known else None


class TopicEngine(Engine):
    """scikit-learn's latent Dirichlet allocation, begun from clusters; the same seed gives the same topics."""

    name = "lda"
    version = "1.0"
    licence = "Apache-2.0 (code, Sudachi and its dictionary), BSD-3-Clause (scikit-learn)"
    languages = tuple(code for code in LANGUAGES if code not in UNCUT)
    quality = (
        "20 topics against 20 known subjects, NMI, three seeds (scikit-learn's defaults in brackets): 1,142 texts about AWS's "
        "operations .711 (.461), coherence NPMI .317 (.092); 2,000 documents of five Debian packages .923 (.353); 4,802 single "
        "Japanese sentences .220 (.019), where tomotopy has .225 and terms do not cohere (NPMI -.08). Not measured: languages "
        "other than English and Japanese, more than 20 topics"
    )
    cost = Cost(memory_bytes=512 << 20)
    call_timeout = 6 * 3600.0

    def load(self) -> None:
        """See `Engine.load`. Imports scikit-learn, which takes a second."""
        try:
            from sklearn.decomposition import LatentDirichletAllocation  # noqa: F401

            from honmono.engines.text.topics import coherence, counts, dirichlet
        except ImportError as error:
            raise EngineUnavailable(self.name, f"{error}; run: pip install 'honmono[text]'") from error
        self._count, self._allocate, self._coherence = counts.count_terms, dirichlet.allocate, coherence.coherence

    @batched(max_size=64, max_wait_ms=0)
    def terms(self, texts: list[str], languages: list[str]) -> list[list[str]]:
        """The words of each text that may tell its topic, in order, given its language.

        Raises:
            UnsupportedLanguage: nothing here finds the words of this language (Thai, Lao, Khmer, Burmese).
        """
        return [self._terms(text, language) for text, language in zip(texts, languages, strict=True)]  # type: ignore[misc]

    def _terms(self, text: str, language: str) -> list[str] | EngineError:
        if language in UNCUT:
            return UnsupportedLanguage(
                language, self.languages, "plug in a topic engine that cuts it into words, as [engines.topics]"
            )
        return terms_of(text, language)

    def find(self, documents: list[list[str]], number: int, seed: int = 0) -> Topics:
        """The topics of documents, each given by its terms as `terms` finds them.

        Args:
            documents: with at least one term among them; a thousand or more give good topics.
            number: of topics, 1 or more. Topics that no words belong to are left out.
            seed: the same gives the same topics.

        Raises:
            UnsupportedInput: no document has a term, or `number` is below 1.
        """
        import numpy as np

        if number < 1:
            raise UnsupportedInput(f"{number} topics cannot be found: ask for one or more")
        table = self._count(documents)
        filled = np.flatnonzero(np.diff(table.counts.indptr))
        if not len(filled):
            raise UnsupportedInput(
                "no document has a word that could tell a topic: they are empty, numbers, or grammar"
            )
        counts = table.counts[filled]
        expected, shares = self._allocate(counts, min(number, _different(counts)), seed)
        expected[expected < _LEAST_COUNT] = 0.0
        sizes = expected.sum(axis=1)
        order = [int(place) for place in np.argsort(-sizes, kind="stable") if sizes[place] > 0]
        topics = self._topics(table, counts, expected[order])
        found: list[list[TopicShare]] = [[] for _ in documents]
        for row, document in enumerate(filled):
            found[document] = _of_document(shares[row, order])
        return Topics(topics, found)

    def _topics(self, table: TermCounts, counts: Any, expected: NDArray[np.float64]) -> list[Topic]:
        import numpy as np

        weights = expected / expected.sum(axis=1, keepdims=True)
        telling = _telling(expected)
        found = []
        for row, weight in enumerate(weights):
            best = [int(column) for column in np.argsort(-telling[row], kind="stable")[:_TERMS] if weight[column] > 0]
            terms = [TopicTerm(table.terms[column], float(weight[column])) for column in best]
            share = float(expected[row].sum() / expected.sum())
            found.append(Topic(terms, share, self._coherence(counts, best)))
        return found


def _different(counts: Any) -> int:
    """How many different documents there are: no collection has more topics."""
    rows = pairwise(counts.indptr)
    return len({(counts.indices[begin:end].tobytes(), counts.data[begin:end].tobytes()) for begin, end in rows})


def _telling(expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """How well a term tells a topic from the others: p · log(p / the geometric mean of p over the topics).

    Source: Blei and Lafferty, Topic models, 2009. (Where there is one topic, it is the term's probability.)
    """
    import numpy as np

    from honmono.engines.text.topics.dirichlet import TERM_PRIOR

    smoothed = expected + TERM_PRIOR
    probability = smoothed / smoothed.sum(axis=1, keepdims=True)
    if len(probability) == 1:
        return np.where(expected > 0, probability, -np.inf)
    logarithm = np.log(probability)
    return np.where(expected > 0, probability * (logarithm - logarithm.mean(axis=0)), -np.inf)


def _of_document(shares: NDArray[np.float64]) -> list[TopicShare]:
    found = [TopicShare(topic, float(share)) for topic, share in enumerate(shares) if share >= _LEAST_SHARE]
    total = sum(each.share for each in found)
    told = [TopicShare(each.topic, each.share / total) for each in found]
    return sorted(told, key=lambda each: (-each.share, each.topic))
