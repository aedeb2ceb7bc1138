"""The job that finds the topics of a collection of documents, and leaves them as AWS writes them.

The archive has topic-terms.csv, the ten terms that tell each topic best, and doc-topics.csv, the topics of each
document. Source: "Topic modeling" in the Comprehend developer guide.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput, UnsupportedLanguage
from honmono.engines.host import EngineHost
from honmono.jobs import JobRun, job
from honmono.services.comprehend.analysis_output import leave_archive
from honmono.services.comprehend.documents import Document, Unreadable, find_files, name_of, read
from honmono.services.comprehend.topics import TOPICS
from honmono.services.job_engines import engines_of_parent
from honmono.services.stored_files import StoredFile, StoredFiles

if TYPE_CHECKING:
    from honmono.engines.text.topics.engine import Topics

KIND = TOPICS.job

_DOCUMENT_BYTES = 1 << 20
_MOST_BYTES = 5 << 30
_MOST_DOCUMENTS = 1_000_000
"""Quotas of the developer guide ("Guidelines and quotas"), which bound the memory too."""

_BATCH = 64
_SEED = 0


class NoTopics(Exception):
    """The documents have no topics to find; the message says why."""


@job(KIND, resumable=True)
def detect_topics(run: JobRun) -> dict[str, Any]:
    """Read all documents, then find their topics. Doing it twice gives the same, and does no harm."""
    request = run.payload["request"]
    config = request["InputDataConfig"]
    files = StoredFiles.of_parent(run.payload["account"])
    found = find_files(files, config["S3Uri"])
    _check_size(found, config["S3Uri"])
    with engines_of_parent() as engines:
        reading = _Reading(run, engines)
        reading.read(_documents(files, found, config))
        if run.should_stop():
            return {}
        run.progress(len(reading.names), None, "documents read; finding their topics")
        try:
            topics: Topics = engines.get("topics").find(reading.terms, request["NumberOfTopics"], _SEED)
        except UnsupportedInput as error:
            raise NoTopics(f"{error}. {reading.faults()}".rstrip()) from error
    run.log.info(
        "%d topics of %d documents; coherence (NPMI) %s. %s",
        len(topics.topics),
        len(reading.names),
        "unknown" if topics.coherence is None else f"{topics.coherence:.3f}",
        reading.faults(),
    )
    terms, shares = run.output_dir / "topic-terms.csv", run.output_dir / "doc-topics.csv"
    _write(terms, ("topic", "term", "weight"), _term_rows(topics))
    _write(shares, ("docname", "topic", "proportion"), _document_rows(reading.names, topics))
    return leave_archive(files, run.output_dir, [terms, shares])


class _Reading:
    """The names and the terms of the documents, and what could not be read."""

    def __init__(self, run: JobRun, engines: EngineHost) -> None:
        self.names: list[str] = []
        self.terms: list[list[str]] = []
        self._run = run
        self._engines = engines
        self._unreadable: list[Unreadable] = []
        self._uncut: Counter[str] = Counter()

    def read(self, documents: Iterable[Document | Unreadable]) -> None:
        """Read all, or until the job is told to stop.

        Raises NoTopics: there are more documents than AWS takes.
        """
        batch: list[Document] = []
        for document in documents:
            if isinstance(document, Unreadable):
                self._unreadable.append(document)
                continue
            batch.append(document)
            if len(batch) == _BATCH:
                self._take(batch)
                batch = []
                if self._run.should_stop():
                    return
        self._take(batch)

    def _take(self, batch: list[Document]) -> None:
        if not batch:
            return
        if len(self.names) + len(batch) > _MOST_DOCUMENTS:
            raise NoTopics(f"There are more than {_MOST_DOCUMENTS:,} documents; give fewer.")
        identify = self._engines.get("language").identify
        languages = [identify(document.text)[0].code for document in batch]
        answers = self._engines.get("topics").terms.each([document.text for document in batch], languages)
        for document, language, terms in zip(batch, languages, answers, strict=True):
            if isinstance(terms, UnsupportedLanguage):
                self._uncut[language] += 1
                terms = []
            elif isinstance(terms, Exception):
                raise terms
            self.names.append(document.file if document.line is None else f"{document.file}:{document.line}")
            self.terms.append(terms)
        self._run.progress(len(self.names), None, "documents read")

    def faults(self) -> str:
        """What could not be read, in a sentence for each kind; empty where all was."""
        said = []
        if self._unreadable:
            first = self._unreadable[0]
            where = first.file if first.line is None else f"{first.file}, line {first.line}"
            said.append(f"{len(self._unreadable)} could not be read, the first of them {where}: {first.message}")
        if self._uncut:
            kinds = ", ".join(f"{language} ({count})" for language, count in self._uncut.most_common())
            said.append(
                f"No words were found in documents in the languages {kinds}: plug in an engine that cuts them into "
                "words, as [engines.topics] of honmono.toml."
            )
        return " ".join(said)


def _check_size(found: list[StoredFile], uri: str) -> None:
    total = sum(file.size for file in found)
    if total > _MOST_BYTES:
        raise NoTopics(f"The files under {uri} have {total:,} bytes together; give {_MOST_BYTES:,} at most.")


def _documents(files: StoredFiles, found: list[StoredFile], config: dict[str, Any]) -> Iterator[Document | Unreadable]:
    by_line = config.get("InputFormat", "ONE_DOC_PER_LINE") == "ONE_DOC_PER_LINE"
    for file in found:
        yield from read(files, file, name_of(file, config["S3Uri"]), by_line=by_line, limit=_DOCUMENT_BYTES)


def _term_rows(topics: Topics) -> Iterator[tuple[str, ...]]:
    for number, topic in enumerate(topics.topics):
        for term in topic.terms:
            yield f"{number:03}", term.term, f"{term.weight:.9g}"


def _document_rows(names: list[str], topics: Topics) -> Iterator[tuple[str, ...]]:
    for name, shares in zip(names, topics.documents, strict=True):
        for share in shares:
            yield name, f"{share.topic:03}", f"{share.share:.9g}"


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
