"""The job that looks at the pictures of a manifest, one after the other, and leaves what it found.

A manifest has a line of JSON for each picture: {"source-ref": "s3://bucket/key"}. Source: "Bulk analysis" in the Amazon
Rekognition Developer Guide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from honmono.engines.errors import EngineError
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.rekognition.images import MOST_OBJECT_BYTES
from honmono.services.rekognition.moderation import FIELD, LEAST
from honmono.services.rekognition.moderation_taxonomy import content_types, moderation_labels
from honmono.services.rekognition.video_job import whole_lines
from honmono.services.stored_files import FilesMissing, StoredFiles, split_uri

KIND = "rekognition.media-analysis"
RESULTS, SUMMARY = "results.jsonl", "manifest-summary.json"
MOST_MANIFEST_BYTES = 50 << 20


class MediaFailed(Exception):
    """Its message is the code of MediaAnalysisJobFailureDetails, a colon, and what happened."""


@dataclass(frozen=True, slots=True)
class _Invalid(Exception):
    """A line of the manifest that nothing can be said of."""

    code: str
    reason: str
    source: str | None = None


@job(KIND, resumable=True)
def moderate(run: JobRun) -> dict[str, Any] | None:
    """Moderate pictures. The payload has the account and the request."""
    files = StoredFiles.of_parent(run.payload["account"])
    lines = _manifest(run, files)
    note = run.checkpoint_dir / "said.jsonl"
    said = [line["said"] for line in whole_lines(note)]
    with engines_of_parent(in_process=False) as engines, note.open("ab") as file:
        engine, version = engines.get(FIELD), engines.identity(FIELD)
        for line in lines[len(said) :]:
            told = _told(files, engine, version, line, run.payload["request"])
            file.write(orjson.dumps({"said": told}, option=orjson.OPT_APPEND_NEWLINE))
            file.flush()
            said.append(told)
            run.progress(len(said), len(lines), "pictures")
            if run.should_stop():
                return None
    named = [(RESULTS, run.output_dir / RESULTS), (SUMMARY, run.output_dir / SUMMARY)]
    with named[0][1].open("wb") as results:
        for told in said:
            if "error" not in told:
                results.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
    errors = [{"line-number": number, **told["error"]} for number, told in enumerate(said, 1) if "error" in told]
    statistics = {
        "total-json-lines": len(said),
        "valid-json-lines": len(said) - len(errors),
        "invalid-json-lines": len(errors),
    }
    summary = {"version": "1.0", "statistics": statistics, "errors": errors}
    named[1][1].write_text(json.dumps(summary, ensure_ascii=False, indent=2), "utf-8")
    return {**leave_files(files, run.output_dir, named, "application/json"), "moderation": version}


def _manifest(run: JobRun, files: StoredFiles) -> list[bytes]:
    place = run.payload["request"]["Input"]["S3Object"]
    copy = run.checkpoint_dir / "manifest"
    if not copy.exists():
        try:
            found = files.version(place["Bucket"], place["Name"], place.get("Version"))
            if found.size > MOST_MANIFEST_BYTES:
                raise MediaFailed(f"INVALID_MANIFEST: it has {found.size} bytes; {MOST_MANIFEST_BYTES} may be")
            with files.open(found) as source:
                _replace(copy, source.read())
        except FilesMissing as error:
            raise MediaFailed(f"INVALID_S3_OBJECT: the manifest cannot be read: {error}") from error
    lines = [line for line in copy.read_bytes().splitlines() if line.strip()]
    if not lines:
        raise MediaFailed("INVALID_MANIFEST: it has no line")
    return lines


def _told(files: StoredFiles, engine: Any, version: str, line: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """A line of the output, or why there is none."""
    try:
        source = _source(line)
        image = _image(files, source)
        try:
            scores = engine.detect(image).scores
        except EngineError as error:
            raise _Invalid("ERROR_INVALID_IMAGE_FORMAT", str(error), source) from error
    except _Invalid as invalid:
        named = {"source-ref": invalid.source} if invalid.source is not None else {}
        return {"error": {**named, "code": invalid.code, "message": invalid.reason}}
    least = request["OperationsConfig"].get("DetectModerationLabels", {}).get("MinConfidence", LEAST)
    found = {
        "ModerationLabels": moderation_labels(scores, least),
        "ModerationModelVersion": version,
        "ContentTypes": content_types(scores, least),
    }
    return {"source-ref": source, "detect-moderation-labels": found}


def _source(line: bytes) -> str:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Invalid("ERROR_INVALID_JSON", "The line is no JSON.") from error
    source = document.get("source-ref") if isinstance(document, dict) else None
    if not isinstance(source, str):
        raise _Invalid("ERROR_MISSING_SOURCE_REF", "The line has no source-ref.")
    return source


def _image(files: StoredFiles, source: str) -> bytes:
    try:
        found = files.version(*split_uri(source))
        if found.size > MOST_OBJECT_BYTES:
            raise _Invalid("ERROR_IMAGE_TOO_LARGE", f"It has {found.size} bytes.", source)
        with files.open(found) as opened:
            return opened.read()
    except FilesMissing as error:
        raise _Invalid("ERROR_INVALID_S3_OBJECT", str(error), source) from error


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(path)
