"""The job that looks at a data source: its files, and the statistics of what is in them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.machinelearning.observed import compute_milliseconds, source_of
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.tabular.source import Source

KIND = "machinelearning.data-source"
STATISTICS = "statistics.json"
EXPORTED = "data.csv"
"""What a query answered, until it is in the customer's bucket."""


@job(KIND, resumable=True)
def look_at(run: JobRun) -> dict[str, Any]:
    """Find the files and, where asked, read every observation. Doing it twice does no harm.

    The payload has the account, what `payload_of` tells, and whether statistics are wanted.
    """
    from honmono.engines.tabular.statistics import compute

    files = StoredFiles.of_parent(run.payload["account"])
    source = _exported(run) if "query" in run.payload else source_of(files, run.payload["data"])
    result: dict[str, Any] = {"files": len(source.files), "bytes": source.size}
    run.log.info("%d file(s), %d bytes", len(source.files), source.size)
    told: list[str] = []
    if run.payload["statistics"]:
        told += source.strange_headers()[:1]
        found = compute(source, progress=run.progress)
        text = json.dumps(found.described(), ensure_ascii=False)
        (run.output_dir / STATISTICS).write_text(text, encoding="utf-8")
        result |= {"observations": found.observations, "bad": found.faults.count}
        for line in found.lines():
            run.log.info("%s", line)
        if found.faults.count:
            run.log.warning("%d bad record(s): %s", found.faults.count, found.faults)
            told.append(f"{found.faults.count} invalid record(s): {found.faults}")
    if told:
        result["Message"] = "; ".join(told)
    if "query" in run.payload:
        result["staged"] = asdict(files.stage(run.output_dir / EXPORTED))
    return result | {"ComputeTime": compute_milliseconds()}


def _exported(run: JobRun) -> Source:
    """What the query answers, as a source."""
    from honmono.engines.tabular.schema import Schema
    from honmono.engines.tabular.selection import Selection
    from honmono.engines.tabular.source import source_of as source_of_paths
    from honmono.services.machinelearning.databases import export

    payload = run.payload
    place = {**payload["export"], "user": payload["user"], "password": payload["password"]}
    schema = Schema.parse(payload["data"]["schema"])
    path = run.output_dir / EXPORTED
    rows = export(
        payload["query"],
        place,
        path,
        len(schema.attributes),
        payload["export"]["header"],
        lambda done: run.progress(done, None, "rows copied"),
    )
    run.log.info("the query answered %d row(s)", rows)
    return source_of_paths([path], schema, Selection(**payload["data"]["selection"]))
