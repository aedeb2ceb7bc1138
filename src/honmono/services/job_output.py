"""What a job leaves in a bucket: its files, written in the transaction that ends it.

The job's child puts the bytes into the store and writes a list of the files, which the job's result names; once the job
has ended, `write_output` writes the objects into the customer's bucket.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job
from honmono.services.platform import Platform
from honmono.services.stored_files import Staged, StoredFiles, write_staged

_LIST = "files.jsonl"


def leave_files(
    files: StoredFiles,
    folder: Path,
    named: Iterable[tuple[str, Path]],
    content_type: str = "text/plain",
    listing: str = _LIST,
) -> dict[str, Any]:
    """Leave files as they are; the answer is the job's result.

    Args:
        files: the account's.
        folder: the job's output folder.
        named: of each file its key below the place of the job's output, and where it is now, within ``folder``.
        content_type: of all of them.
        listing: the name of the list of them; a job that leaves files in two places has two.
    """
    with (folder / listing).open("w", encoding="utf-8") as listed:
        for key, path in named:
            entry = {"key": key, "path": str(path.relative_to(folder)), "staged": asdict(files.stage(path))}
            listed.write(json.dumps(entry) + "\n")
    return {"files": listing, "type": content_type}


def write_output(
    platform: Platform, job: Job, uri: str, account: str, tx: Connection, names: Mapping[str, str] | None = None
) -> None:
    """Write what an ended job has left behind below a URI that ends in a slash; a job that left nothing writes nothing.

    Args:
        names: other keys for some of the files.

    Raises FilesMissing: the bucket is gone.
    """
    if not job.result or "files" not in job.result:
        return
    folder = platform.jobs.job_directory(job.id) / "output"
    with (folder / job.result["files"]).open(encoding="utf-8") as listed:
        for line in listed:
            entry = json.loads(line)
            write_staged(
                platform.database,
                platform.blobs,
                uri + (names or {}).get(entry["key"], entry["key"]),
                Staged(**entry["staged"]),
                folder / entry["path"],
                account=account,
                content_type=job.result["type"],
                tx=tx,
            )
