"""Latent Dirichlet allocation, as scikit-learn has it, begun from clusters.

A topic is a distribution over words, a document a mixture of topics (Blei, Ng and Jordan, 2003); both are found by
variational Bayes: of few documents all together, of many by mini-batches (Hoffman, Blei and Bach, Online learning for
latent Dirichlet allocation, 2010). Begun at random it ends in a poor local optimum: it is begun from the clusters that
k-means finds in the documents' latent semantic analysis. Measured in bench/topics.py.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

DOCUMENT_PRIOR = 0.1
TERM_PRIOR = 0.1
FEW = 20_000
"""Documents; up to so many, each pass looks at all of them before it changes anything."""

_PASSES = 10
_ONLINE_PASSES = 2
_BATCH = 2_048
_DECAY, _OFFSET = 0.7, 16.0
_SAMPLE = 10_000
_DIMENSIONS = 100
_STARTS = 10

Floats = NDArray[np.float64]


def allocate(counts: Any, number: int, seed: int) -> tuple[Floats, Floats]:
    """Learn topics.

    Args:
        counts: a SciPy CSR matrix (documents, terms) without empty rows.
        number: of topics, at most as many as documents.
        seed: the same gives the same topics.

    Returns:
        Expected counts of each topic's terms (topics, terms), and the share of each topic in each document, rows
        summing to one (documents, topics); what the priors alone would give is taken off both.
    """
    from sklearn.decomposition import LatentDirichletAllocation

    few = counts.shape[0] <= FEW
    model = LatentDirichletAllocation(
        number,
        doc_topic_prior=DOCUMENT_PRIOR,
        topic_word_prior=TERM_PRIOR,
        # Without decay each pass over all documents replaces the last one's topics: variational Bayes in batch.
        learning_decay=0.0 if few else _DECAY,
        learning_offset=1.0 if few else _OFFSET,
        batch_size=counts.shape[0] if few else _BATCH,
        total_samples=counts.shape[0],
        random_state=seed,
    )
    model.partial_fit(counts[:1])  # makes the arrays that are filled next
    _begin(model, counts, _clusters(counts, number, seed))
    if few:
        for _ in range(_PASSES):
            model.partial_fit(counts)
    else:
        order = np.random.default_rng(seed)
        for _ in range(_ONLINE_PASSES):
            model.partial_fit(counts[order.permutation(counts.shape[0])])
    expected = np.maximum(model.components_ - TERM_PRIOR, 0.0)
    return expected, _shares(model.transform(counts), counts, number)


def _begin(model: Any, counts: Any, begun: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    """Let the model believe that each cluster's documents are of one topic."""
    from scipy.sparse import csr_matrix
    from scipy.special import digamma

    rows, labels = begun
    members = csr_matrix((np.ones(len(rows)), (labels, np.arange(len(rows)))), shape=(model.n_components, len(rows)))
    scale = counts.shape[0] / len(rows)
    topics = np.ascontiguousarray((members @ counts[rows]).toarray() * scale + TERM_PRIOR)
    model.components_ = topics
    model.exp_dirichlet_component_ = np.exp(digamma(topics) - digamma(topics.sum(axis=1))[:, None])


def _clusters(counts: Any, number: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Documents (all, or a sample of many) and the cluster of each."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.preprocessing import normalize

    size = counts.shape[0]
    rows = np.arange(size)
    if size > _SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(size, _SAMPLE, replace=False))
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(counts[rows])
    if min(weighted.shape) > _DIMENSIONS:
        weighted = normalize(TruncatedSVD(_DIMENSIONS, random_state=seed).fit_transform(weighted))
    with warnings.catch_warnings():
        # Fewer different documents than topics: some topics stay empty, which the caller sees.
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels = KMeans(number, n_init=_STARTS, random_state=seed).fit(weighted).labels_
    return rows, labels.astype(np.int64)


def _shares(mixtures: Floats, counts: Any, number: int) -> Floats:
    words = np.asarray(counts.sum(axis=1)).ravel()
    expected = mixtures * (number * DOCUMENT_PRIOR + words)[:, None] - DOCUMENT_PRIOR
    expected = np.maximum(expected, 0.0)
    return np.asarray(expected / expected.sum(axis=1, keepdims=True), dtype=np.float64)
