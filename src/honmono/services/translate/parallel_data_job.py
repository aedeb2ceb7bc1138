"""The job that reads a file of parallel data."""

from __future__ import annotations

import json
from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFiles
from honmono.services.translate.bilingual import FileInvalid, read

KIND = "translate.import-parallel-data"
ROWS = "rows.jsonl"
MOST_BYTES = 256 << 20
_MOST_CHARACTERS = 1_000
"""Of an example. Source: "Parallel data input files": 1,000 bytes of a segment."""


class ImportFailed(Exception):
    """The file is of no use; the message says why."""


@job(KIND)
def import_parallel_data(run: JobRun) -> dict[str, Any]:
    """Read the file; the result names the rows, a JSON object a line, and counts them."""
    files = StoredFiles.of_parent(run.payload["account"])
    found = files.find(run.payload["uri"])[0]
    if found.size > MOST_BYTES:
        raise ImportFailed(f"The file has {found.size} bytes; at most {MOST_BYTES} are read.")
    with files.open(found) as opened:
        data = opened.read()
    try:
        read_file = read(data, run.payload["format"])
    except FileInvalid as error:
        raise ImportFailed(f"The file cannot be read: {error}.") from error
    kept, size, failed = 0, 0, 0
    path = run.output_dir / ROWS
    with path.open("w", encoding="utf-8") as out:
        for row in read_file.rows:
            if read_file.languages[0] not in row or max(map(len, row.values())) > _MOST_CHARACTERS:
                failed += 1
                continue
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            kept += 1
            size += sum(map(len, row.values()))
    if not kept:
        raise ImportFailed("The file has no example: no row with a text in the first language and in another one.")
    run.progress(kept, kept, "examples")
    return {
        **leave_files(files, run.output_dir, [(ROWS, path)], "application/jsonl"),
        "languages": read_file.languages,
        "ImportedDataSize": size,
        "ImportedRecordCount": kept,
        "FailedRecordCount": failed,
        "SkippedRecordCount": read_file.skipped,
    }
