"""The job that translates every document of a folder into every language asked for.

Each document is written before the next is begun; a later attempt goes on after the last one. One that cannot be
translated is told of in the details of its language, and spoils no other.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from honmono.engines.errors import DamagedInput, EngineError, EngineUnavailable, UnsupportedInput, UnsupportedLanguage
from honmono.engines.host import EngineHost
from honmono.engines.translation.translation import Example, Term
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFile, StoredFiles, split_uri
from honmono.services.translate.documents import TRANSLATORS
from honmono.services.translate.languages import source_language
from honmono.services.translate.parallel_data import examples_of
from honmono.services.translate.part import FIELD, SERVICE, TERMINOLOGY
from honmono.services.translate.terminologies import terms_of
from honmono.store.database import Database
from honmono.store.records import Records, Scope
from honmono.wire.errors import ServiceError

KIND = "translate.translate-documents"
MOST_BYTES = 20 << 20
"""Of a document. Source: "Guidelines and quotas"."""
MOST_FILES = 1_000_000


class JobFailed(Exception):
    """There is nothing to translate; the message says why."""


@job(KIND, resumable=True)
def translate_documents(run: JobRun) -> dict[str, Any]:
    """Translate. The payload has the account, the region, what was requested, the form of the documents, the name of the
    terminology and the place of the parallel data."""
    files = StoredFiles.of_parent(run.payload["account"])
    with engines_of_parent() as engines:
        return _Translating(run, files, engines).run()


class _Translating:
    def __init__(self, run: JobRun, files: StoredFiles, engines: EngineHost) -> None:
        self._run = run
        self._files = files
        self._engines = engines
        self._request = run.payload["request"]
        self._input = self._request["InputDataConfig"]["S3Uri"]
        self._terms: dict[tuple[str, str], list[Term]] = {}
        self._examples: dict[tuple[str, str], list[Example]] = {}
        self._terminology = _terminology(run.payload)

    def run(self) -> dict[str, Any]:
        found = self._files.find(self._input)
        targets = self._request["TargetLanguageCodes"]
        told = run_notes(self._run.checkpoint_dir / "done.jsonl")
        done = {(each["target"], each["index"]) for each in told}
        total = len(found) * len(targets)
        with (self._run.checkpoint_dir / "done.jsonl").open("a", encoding="utf-8") as notes:
            for index, file in enumerate(found):
                if self._run.should_stop():
                    break
                for target in targets:
                    if (target, index) in done:
                        continue
                    note = {"target": target, "index": index, **self._document(index, file, target)}
                    notes.write(json.dumps(note) + "\n")
                    notes.flush()
                    os.fsync(notes.fileno())
                    told.append(note)
                    self._run.progress(len(told), total, "documents")
        return self._left(found, told)

    def _document(self, index: int, file: StoredFile, target: str) -> dict[str, Any]:
        """Translate one document; the answer is what the details tell of it."""
        if file.size > MOST_BYTES:
            return _error("InvalidRequestException", f"The document has {file.size} bytes; {MOST_BYTES} are allowed.")
        with self._files.open(file) as opened:
            data = opened.read()
        characters = 0
        applied: dict[str, Term] = {}
        source = self._request["SourceLanguageCode"]

        def translate(texts: list[str]) -> list[str]:
            nonlocal characters, source
            source = source_language(self._engines, "\n".join(texts), source)
            characters += sum(map(len, texts))
            if source == target:
                return texts
            made = self._engines.get(FIELD).translate(
                texts, source, target, self._terms_of(source, target), self._examples_of(source, target)
            )
            for each in made:
                applied.update({term.source: term for term in each.applied})
            return [each.text for each in made]

        try:
            content = TRANSLATORS[self._run.payload["form"]](data, translate)
        except EngineUnavailable:
            raise
        except UnsupportedLanguage as error:
            return _error("UnsupportedLanguagePairException", f"Unsupported language pair: {error.language}.")
        except ServiceError as error:
            return _error(error.code, error.message)
        except (UnsupportedInput, DamagedInput) as error:
            return _error("InvalidRequestException", f"The document cannot be translated: {error}.")
        except EngineError as error:
            return _error("InternalServerException", str(error))
        place = self._place(target, index)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        terms = [{"sourceText": term.source, "targetText": term.target} for term in applied.values()]
        return {"characters": characters, "source": source, "terms": terms}

    def _left(self, found: list[StoredFile], told: list[dict[str, Any]]) -> dict[str, Any]:
        named: list[tuple[str, Path]] = []
        for note in told:
            if "error" not in note:
                key = _key(self._name(found[note["index"]]), note["target"])
                named.append((key, self._place(note["target"], note["index"])))
        for target in self._request["TargetLanguageCodes"]:
            path = self._run.output_dir / f"details-{target}.json"
            of_target = [note for note in told if note["target"] == target]
            path.write_text(json.dumps(self._details(found, of_target, target), ensure_ascii=False, indent=2))
            named.append((f"details/{target}.auxiliary-translation-details.json", path))
        bad = {note["index"] for note in told if "error" in note}
        good = {note["index"] for note in told} - bad
        return {
            **leave_files(self._files, self._run.output_dir, named, self._run.payload["form"]),
            "counts": {
                "InputDocumentsCount": len(found),
                "TranslatedDocumentsCount": len(good),
                "DocumentsWithErrorsCount": len(bad),
            },
        }

    def _details(self, found: list[StoredFile], told: Iterable[dict[str, Any]], target: str) -> dict[str, Any]:
        entries, characters, customer, server = [], 0, 0, 0
        for note in told:
            name = self._name(found[note["index"]])
            entry: dict[str, Any] = {"sourceFile": name}
            if "error" in note:
                entry["auxiliaryData"] = {"error": note["error"]}
                mine = note["error"]["errorCode"] == "InternalServerException"
                customer, server = customer + (not mine), server + mine
            else:
                entry["targetFile"] = _key(name, target)
                data: dict[str, Any] = {}
                if self._request["SourceLanguageCode"] == "auto":
                    data["detectedLanguage"] = note["source"]
                if note["terms"]:
                    data["appliedTerminologies"] = [{"name": self._run.payload["terminology"], "terms": note["terms"]}]
                entry["auxiliaryData"] = data
                characters += note["characters"]
            entries.append(entry)
        return {
            "sourceLanguageCode": self._request["SourceLanguageCode"],
            "targetLanguageCode": target,
            "charactersTranslated": str(characters),
            "documentCountWithCustomerError": str(customer),
            "documentCountWithServerError": str(server),
            "inputDataPrefix": self._input,
            "outputDataPrefix": self._request["OutputDataConfig"]["S3Uri"],
            "details": entries,
        }

    def _name(self, file: StoredFile) -> str:
        """A file's key below the folder of the input."""
        _, prefix = split_uri(self._input)
        folder = prefix if prefix.endswith("/") or not prefix else prefix.rpartition("/")[0] + "/"
        return file.key.removeprefix(folder).lstrip("/") or file.key.rpartition("/")[2]

    def _place(self, target: str, index: int) -> Path:
        # By number: the customer's names are not to be trusted with our folders.
        return self._run.output_dir / "documents" / target / str(index)

    def _terms_of(self, source: str, target: str) -> list[Term]:
        if self._terminology is None:
            return []
        if (source, target) not in self._terms:
            self._terms[source, target] = terms_of(self._terminology, source, target)
        return self._terms[source, target]

    def _examples_of(self, source: str, target: str) -> list[Example]:
        uri = self._run.payload["parallel_data"]
        if uri is None:
            return []
        if (source, target) not in self._examples:
            owned = StoredFiles.of_parent("aws")
            self._examples[source, target] = examples_of(owned, uri, source, target)
        return self._examples[source, target]


def _terminology(payload: dict[str, Any]) -> dict[str, Any] | None:
    if payload["terminology"] is None:
        return None
    records = Records(Database.attach(os.environ["HONMONO_DATABASE"]))
    scope = Scope(payload["account"], payload["region"], SERVICE)
    return dict(records.get(scope, TERMINOLOGY, payload["terminology"]).body)


def _key(name: str, target: str) -> str:
    """The key of a translation: `letters/one.txt` into Spanish is `letters/es.one.txt`."""
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}{target}.{file}"


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"errorCode": code, "errorMessage": message}}


def run_notes(path: Path) -> list[dict[str, Any]]:
    """The documents that an earlier attempt has done; a line that a crash cut short is none."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        path.write_bytes(whole)
    return [json.loads(line) for line in whole.splitlines()]
