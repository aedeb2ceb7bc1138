"""The job that looks at a document page by page and leaves its blocks.

What is found of a page is noted before the next is begun; a later attempt goes on after the last one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from honmono.engines.errors import (
    DamagedInput,
    EngineCrashed,
    EngineFailed,
    EngineTimeout,
    UnsupportedInput,
)
from honmono.jobs import JobRun, job
from honmono.services.findings import FILE, write_findings
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.stored_files import FilesMissing, StoredFiles
from honmono.services.textract.analysing import MODEL_VERSION, features_of
from honmono.services.textract.blocks import blocks_of
from honmono.services.textract.part import FIELD

KIND = "textract.analyse"
MOST_PAGES = 3_000
_RUN = 8
"""Pages that the engine is asked for at once."""
_PAGE = 1_000
"""Blocks of a file of OutputConfig."""


class AnalysisFailed(Exception):
    """Its message becomes the job's StatusMessage."""


@job(KIND, resumable=True)
def analyse(run: JobRun) -> dict[str, Any] | None:
    """Analyse. The payload has the operation's name, the account and the request."""
    files = StoredFiles.of_parent(run.payload["account"])
    # The reader parses hostile files: it has a process of its own, and one page that crashes it costs that page.
    with engines_of_parent(in_process=False) as engines:
        return _Analysing(run, files, engines).run()


class _Analysing:
    def __init__(self, run: JobRun, files: StoredFiles, engines: Any) -> None:
        self._run = run
        self._files = files
        self._engines = engines
        request = run.payload["request"]
        self._features = features_of(request) if "FeatureTypes" in request else []
        self._note = run.checkpoint_dir / "pages.jsonl"

    def run(self) -> dict[str, Any] | None:
        data = self._document()
        done = list(_lines(self._note))
        bad = [line["page"] for line in done if line["problem"]]
        pages, number = 0, len(done) + 1
        with self._note.open("ab") as note:
            while True:
                found = self._look(data, number)
                pages = found.pages_in_all
                if pages > MOST_PAGES:
                    raise AnalysisFailed(f"The document has {pages} pages; at most {MOST_PAGES} are read.")
                for page in found.pages:
                    problem = page.page.problem
                    if problem:
                        bad.append(page.page.number)
                        self._run.log.warning("page %d cannot be read: %s", page.page.number, problem)
                    blocks = [] if problem else blocks_of([page], data[:4096] + str(len(data)).encode())
                    line = {"page": page.page.number, "problem": problem, "blocks": blocks}
                    note.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                    note.flush()
                    os.fsync(note.fileno())
                    number = page.page.number + 1
                    self._run.progress(page.page.number, pages, "pages")
                if number > pages:
                    break
                if self._run.should_stop():
                    return None
        return self._left(pages, bad)

    def _look(self, data: bytes, number: int) -> Any:
        try:
            found = self._engines.get(FIELD).analyse(data, number, _RUN, self._features)
        except UnsupportedInput as error:
            raise AnalysisFailed(f"UNSUPPORTED_DOCUMENT: {error}.") from error
        except (DamagedInput, EngineCrashed, EngineTimeout, EngineFailed) as error:
            raise AnalysisFailed(f"INVALID_DOCUMENT: {error}.") from error
        return found

    def _document(self) -> bytes:
        place = self._run.payload["request"]["DocumentLocation"]["S3Object"]
        try:
            found = self._files.version(place["Bucket"], place["Name"], place.get("Version"))
            with self._files.open(found) as opened:
                return opened.read()
        except FilesMissing as error:
            raise AnalysisFailed(f"INVALID_S3_OBJECT: {error}.") from error

    def _left(self, pages: int, bad: list[int]) -> dict[str, Any]:
        metadata = {"DocumentMetadata": {"Pages": pages}}
        answer: dict[str, Any] = dict(metadata)
        if bad:
            answer["Warnings"] = [{"ErrorCode": "BAD_PAGE", "Pages": bad}]
        head = {"engine": self._engines.identity(FIELD), "answer": answer}
        path = self._run.output_dir / FILE
        write_findings(path, head, (block for line in _lines(self._note) for block in line["blocks"]))
        result: dict[str, Any] = {
            **leave_files(self._files, self._run.output_dir, [(FILE, path)], "application/jsonl"),
            "status": "PARTIAL_SUCCESS" if bad else "SUCCEEDED",
        }
        if len(bad) == pages:
            raise AnalysisFailed("INVALID_DOCUMENT: no page of the document can be read.")
        if "OutputConfig" in self._run.payload["request"]:
            result["pages"] = self._output(answer)
        return result

    def _output(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The files of OutputConfig: what Get would answer, a thousand blocks each, named 1, 2, …"""
        folder = self._run.output_dir / "pages"
        folder.mkdir(exist_ok=True)
        version = "AnalyzeDocumentModelVersion" if self._features else "DetectDocumentTextModelVersion"
        named: list[tuple[str, Path]] = []
        waiting: list[Any] = []

        def write() -> None:
            path = folder / str(len(named) + 1)
            whole = {"JobStatus": "SUCCEEDED", **answer, "Blocks": waiting, version: MODEL_VERSION}
            path.write_bytes(orjson.dumps(whole))
            named.append((path.name, path))

        for line in _lines(self._note):
            for block in line["blocks"]:
                waiting.append(block)
                if len(waiting) == _PAGE:
                    write()
                    waiting = []
        if waiting or not named:
            write()
        return leave_files(self._files, self._run.output_dir, named, "application/json", "pages.jsonl")


def _lines(path: Path) -> Iterator[Any]:
    """What was noted; a last line that a crash cut short is cut off."""
    if not path.exists():
        return
    whole = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            yield json.loads(line)
            whole += len(line)
    if whole < path.stat().st_size:
        os.truncate(path, whole)
