"""The job that looks at a data source: its files, and the statistics of what is in them."""

from __future__ import annotations

import json
from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.machinelearning.observed import compute_milliseconds, source_of
from honmono.services.stored_files import StoredFiles

KIND = "machinelearning.data-source"
STATISTICS = "statistics.json"


@job(KIND, resumable=True)
def look_at(run: JobRun) -> dict[str, Any]:
    """Find the files and, where asked, read every observation. Doing it twice does no harm.

    The payload has the account, what `payload_of` tells, and whether statistics are wanted.
    """
    from honmono.engines.tabular.statistics import compute

    files = StoredFiles.of_parent(run.payload["account"])
    source = source_of(files, run.payload["data"])
    result: dict[str, Any] = {"files": len(source.files), "bytes": source.size}
    run.log.info("%d file(s), %d bytes", len(source.files), source.size)
    if run.payload["statistics"]:
        found = compute(source, progress=run.progress)
        text = json.dumps(found.described(), ensure_ascii=False)
        (run.output_dir / STATISTICS).write_text(text, encoding="utf-8")
        result |= {"observations": found.observations, "bad": found.faults.count}
        for line in found.lines():
            run.log.info("%s", line)
        if found.faults.count:
            run.log.warning("%d bad record(s): %s", found.faults.count, found.faults)
            result["Message"] = f"{found.faults.count} invalid record(s): {found.faults}"
    return result | {"ComputeTime": compute_milliseconds()}
