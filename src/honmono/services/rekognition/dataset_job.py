"""The job that writes a dataset: from a manifest, with changed entries, or split in two.

A dataset's entries are one file in the output of the job that wrote them, one JSON object a line, each picture once. A job
reads what it was given in its folder `input`, so that it does not matter what becomes of the dataset meanwhile.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.rekognition.manifest import MOST_LABELS, MOST_LENGTH, Line, read_line
from honmono.services.rekognition.manifest_files import (
    INPUT,
    MOST_LINES,
    ManifestInvalid,
    lines_of_file,
    lines_of_object,
)
from honmono.services.rekognition.splitting import split
from honmono.services.stored_files import StoredFiles

KIND = "rekognition.write-dataset"
ENTRIES, CHANGES = "entries.jsonl", "changes.jsonl"
TEST_ENTRIES = "test_entries.jsonl"
_TERMINAL = {"ERROR_INVALID_JSON_LINE", "ERROR_MISSING_SOURCE_REF", "ERROR_INVALID_SOURCE_REF_FORMAT"}
"""Faults because of which an entry is left out."""
_MOST_LEFT_OUT = 0.2
_TEST_SHARE = 0.2


@job(KIND, resumable=True)
def write_dataset(run: JobRun) -> dict[str, Any]:
    """Write the entries. Doing it twice does no harm: they appear once the job has ended.

    The payload has the account and the operation; of "create" the manifest's URI, where it is none that was given.
    The result has for each file that was written its statistics and labels; or what AWS says of a manifest that cannot
    be used.
    """
    given = run.output_dir.parent / INPUT
    try:
        match run.payload["operation"]:
            case "create":
                uri = run.payload.get("uri")
                files = StoredFiles.of_parent(run.payload["account"])
                lines = lines_of_object(files, uri) if uri else lines_of_file(given / ENTRIES)
                kept = _kept(lines, run)
            case "update":
                kept = _kept(lines_of_file(given / ENTRIES), run) if (given / ENTRIES).exists() else {}
                kept |= _kept(lines_of_file(given / CHANGES), run)
            case _:
                return _distribute(_kept(lines_of_file(given / ENTRIES), run), run)
        return {"written": {ENTRIES: _write(run.output_dir / ENTRIES, kept.values())}}
    except ManifestInvalid as error:
        return {"message": str(error)}


def _kept(lines: Iterable[str], run: JobRun) -> dict[str, Line]:
    """The entries by their pictures. Raises ManifestInvalid."""
    kept: dict[str, Line] = {}
    total = 0
    for total, line in enumerate(map(read_line, lines), 1):
        if total % 1000 == 0:
            run.progress(total, None, "entries read")
        if not _TERMINAL.intersection(line.faults) and line.source not in kept and len(_text(line)) <= MOST_LENGTH:
            kept[line.source] = line
    if total - len(kept) > _MOST_LEFT_OUT * total:
        raise ManifestInvalid("ERROR_TOO_MANY_RECORDS_IN_ERROR", f"({total - len(kept)} of {total} entries)")
    return kept


def _distribute(kept: dict[str, Line], run: JobRun) -> dict[str, Any]:
    lines = list(kept.values())
    names = [sorted(line.names) for line in lines]
    chosen = split(names, _TEST_SHARE)
    if chosen is None:
        raise ManifestInvalid("ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE")
    parts = {
        ENTRIES: [line for place, line in enumerate(lines) if place not in chosen],
        TEST_ENTRIES: [line for place, line in enumerate(lines) if place in chosen],
    }
    return {"written": {name: _write(run.output_dir / name, part) for name, part in parts.items()}}


def _text(line: Line) -> str:
    return json.dumps({**line.data, "cl-metadata": {"is_labeled": bool(line.names)}})


def _write(path: Path, lines: Iterable[Line]) -> dict[str, Any]:
    """Write entries durably; their statistics. Raises ManifestInvalid."""
    labelled = total = faulty = 0
    counts: dict[str, list[int]] = {}
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(_text(line) + "\n")
            total += 1
            if total > MOST_LINES:
                raise ManifestInvalid("ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM")
            labelled += bool(line.names)
            faulty += bool(line.faults)
            boxed = {box.label for box in line.boxes}
            for name in line.names:
                count = counts.setdefault(name, [0, 0])
                count[0] += 1
                count[1] += name in boxed
        file.flush()
        os.fsync(file.fileno())
    if len(counts) > MOST_LABELS:
        raise ManifestInvalid("ERROR_MANIFEST_TOO_MANY_LABELS", f"({len(counts)}; at most {MOST_LABELS})")
    return {
        "stats": {
            "LabeledEntries": labelled,
            "TotalEntries": total,
            "TotalLabels": len(counts),
            "ErrorEntries": faulty,
        },
        "labels": [[name, *counts[name]] for name in sorted(counts)],
    }


def entries(path: Path, offset: int) -> Iterator[tuple[str, int]]:
    """The entries of a written file from a byte on, each with the place where the next one begins.

    Raises ValueError: no entry begins there.
    """
    with path.open("rb") as file:
        file.seek(max(0, offset - 1))
        if offset and file.read(1) != b"\n":
            raise ValueError(f"no entry begins at byte {offset}")
        while line := file.readline():
            yield line.decode().rstrip("\n"), file.tell()
