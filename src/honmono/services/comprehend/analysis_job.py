"""The job that asks an engine about each document of the customer's, and leaves the answers.

It reads and writes as a stream: the documents in hand are one batch. Every few seconds it notes how far it is, and goes
on from there after a crash; told to stop, it leaves what it has.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from honmono.engines.errors import EngineError, EngineUnavailable
from honmono.engines.host import EngineHost
from honmono.jobs import JobRun, job
from honmono.services.comprehend.analysis import DOCUMENTS
from honmono.services.comprehend.analysis_kinds import ASKING, Asking
from honmono.services.comprehend.answers import Answers, BesideEachOther, InArchive
from honmono.services.comprehend.documents import Document, Native, Unreadable, find_files, name_of, read, read_native
from honmono.services.job_engines import engines_of_parent
from honmono.services.stored_files import StoredFile, StoredFiles

KIND = DOCUMENTS
BATCH = 16
"""Documents that the engine is asked about at once, at most."""
_BATCH_CHARACTERS = 1 << 16
_NOTE_SECONDS = 2.0

_NOTHING = {"documents": 0, "file": 0, "number": 0, "size": 0}

Batch = list[tuple[int, int, Document | Native | Unreadable]]
"""Documents with the index of their file and their number within it."""


@job(KIND, resumable=True)
def analyse_documents(run: JobRun) -> dict[str, Any]:
    """Answer for every document, in the order of the files and their lines."""
    files = StoredFiles.of_parent(run.payload["account"])
    with engines_of_parent() as engines, engines_of_parent(in_process=False) as readers:
        return _Analysing(run, files, engines, readers).run()


class _Analysing:
    """One run over the documents, with what a later attempt needs to go on."""

    def __init__(self, run: JobRun, files: StoredFiles, engines: EngineHost, readers: EngineHost) -> None:
        self._run = run
        self._files = files
        self._engines = engines
        self._readers = readers
        self._asking: Asking = ASKING[run.payload["analysis"]]
        self._input = run.payload["request"]["InputDataConfig"]
        self._by_line = self._input.get("InputFormat", "ONE_DOC_PER_LINE") == "ONE_DOC_PER_LINE"
        takes_native = run.payload["model"] is not None and not self._by_line
        self._native = self._asking.native if takes_native else None
        self._found = self._inputs()
        self._note = run.checkpoint_dir / "done.json"

    def run(self) -> dict[str, Any]:
        """Ask about what is left, and leave all answers."""
        done = json.loads(self._note.read_bytes()) if self._note.exists() else _NOTHING
        documents, file = done["documents"], done["file"]
        noted = time.monotonic()
        with self._answers(done) as answers:
            for batch in _batches(self._documents(file, done["number"])):
                if self._run.should_stop():
                    break
                for (file, _, _), data in zip(batch, self._answered(batch), strict=True):
                    answers.write(file, data)
                documents += len(batch)
                self._run.progress(documents, None, "documents")
                if time.monotonic() - noted > _NOTE_SECONDS:
                    file, number, _ = batch[-1]
                    size = answers.written()
                    _write(self._note, {"documents": documents, "file": file, "number": number + 1, "size": size})
                    noted = time.monotonic()
            else:
                file = len(self._found) - 1
            self._run.log.info("%d documents in %d files", documents, len(self._found))
            names = [self._name(found) for found in self._found[: file + 1]]
            return answers.leave(self._files, self._run.output_dir, names)

    def _answers(self, done: dict[str, int]) -> Answers:
        if self._asking.file is None:
            return BesideEachOther(self._run.output_dir / "files", done["file"], done["size"])
        return InArchive(self._run.checkpoint_dir / self._asking.file, done["size"])

    def _inputs(self) -> list[StoredFile]:
        """The files as the first attempt found them."""
        kept = self._run.checkpoint_dir / "inputs.json"
        if kept.exists():
            return [StoredFile(**each) for each in json.loads(kept.read_bytes())]
        found = find_files(self._files, self._input["S3Uri"])
        _write(kept, [asdict(file) for file in found])
        return found

    def _name(self, file: StoredFile) -> str:
        return name_of(file, self._input["S3Uri"])

    def _documents(self, first: int, number: int) -> Iterator[tuple[int, int, Document | Native | Unreadable]]:
        limit = self._asking.limit
        for index, file in enumerate(self._found[first:], first):
            name = self._name(file)
            documents: Iterable[Document | Native | Unreadable]
            if self._native is None:
                documents = read(self._files, file, name, by_line=self._by_line, limit=limit)
            else:
                config = self._input.get("DocumentReaderConfig")
                documents = [read_native(self._files, file, name, self._readers, config, limit)]
            for at, document in enumerate(documents):
                if index > first or at >= number:
                    yield index, at, document

    def _answered(self, batch: Batch) -> Iterator[bytes]:
        texts = [document.text for _, _, document in batch if isinstance(document, Document)]
        answers = iter(self._asking.answers(self._engines, self._run.payload, texts) if texts else ())
        for _, _, document in batch:
            told: dict[str, Any] | str | EngineError
            if isinstance(document, Unreadable):
                told = {"ErrorCode": document.code, "ErrorMessage": document.message}
            elif isinstance(document, Native):
                told = self._told_of(document)
            else:
                told = next(answers)
            if isinstance(told, EngineUnavailable):
                raise told
            if isinstance(told, EngineError):
                told = {"ErrorCode": "INTERNAL_SERVER_ERROR", "ErrorMessage": str(told)}
            yield self._told(document, told)

    def _told_of(self, native: Native) -> dict[str, Any] | EngineError:
        assert self._native is not None  # or nothing would have been read as a native document
        try:
            return self._native(self._engines, self._run.payload, native.document)
        except EngineError as error:
            return error

    def _told(self, document: Document | Native | Unreadable, told: dict[str, Any] | str) -> bytes:
        if isinstance(told, str):
            return (told + "\n" if self._by_line else told).encode()
        place: dict[str, Any] = {"File": document.file}
        if document.line is not None:
            place["Line"] = self._asking.line(document.line)
        return json.dumps(place | told, ensure_ascii=False).encode() + b"\n"


def _batches(documents: Iterator[tuple[int, int, Document | Native | Unreadable]]) -> Iterator[Batch]:
    batch: Batch = []
    characters = 0
    for each in documents:
        batch.append(each)
        if isinstance(each[2], Document):
            characters += len(each[2].text)
        elif isinstance(each[2], Native):
            characters += sum(len(page.text) for page in each[2].document.pages)
        if len(batch) == BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _write(path: Path, value: Any) -> None:
    """Replace a file as a whole, so that after a crash it is the old one or the new one."""
    beside = path.with_suffix(".new")
    with beside.open("w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
