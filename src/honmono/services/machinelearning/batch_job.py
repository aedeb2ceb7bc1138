"""The job that predicts every observation of a data source."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.job_output import leave_files
from honmono.services.machinelearning.observed import compute_milliseconds, source_of
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.tabular.source import CsvFile

KIND = "machinelearning.batch-predict"
_LEVEL = 4
"""Of compression: 9 takes four times as long for a few percent."""


@job(KIND, resumable=True)
def predict_all(run: JobRun) -> dict[str, Any]:
    """Predict. The results appear when the job has ended; begun again it begins from the start.

    The payload has the account, the data, the model's folder, its threshold, the batch prediction's id, and the place
    of the output.
    """
    from honmono.engines.tabular.model import Model
    from honmono.engines.tabular.observations import Faults
    from honmono.services.machinelearning.batch_file import Columns

    payload = run.payload
    files = StoredFiles.of_parent(payload["account"])
    source = source_of(files, payload["data"])
    columns = Columns(Model.load(Path(payload["model"])), source.schema, payload["threshold"])
    keys = result_keys([file.name for file in source.files], payload["id"])
    places = {name: run.output_dir / f"{number}.gz" for number, name in enumerate(keys)}
    faults, total = Faults(), 0
    size = source.size
    blocks = source.by_file(faults, lambda done: run.progress(done, size, "bytes predicted"))
    for file, lines, count in _by_file(source.files, blocks, columns):
        with gzip.open(places[file.name], "wt", compresslevel=_LEVEL, encoding="utf-8", newline="") as out:
            out.write(columns.header())
            for each in lines:
                out.write(each)
        total += count[0]
    manifest = run.output_dir / "manifest"
    written = {name: payload["output"] + key for name, key in keys.items()}
    manifest.write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    named = [(key, places[name]) for name, key in keys.items()]
    left = leave_files(files, run.output_dir, [*named, (f"{payload['id']}.manifest", manifest)], "binary/octet-stream")
    run.log.info("%d record(s), %d of them invalid", total, faults.count)
    result = {"total": total, "invalid": faults.count, "ComputeTime": compute_milliseconds(), **left}
    if faults.count:
        run.log.warning("%s", faults)
        result["Message"] = f"{faults.count} record(s) could not be predicted: {faults}"
    return result


def result_keys(names: list[str], identity: str) -> dict[str, str]:
    """Where the result of each file goes, below the output's place.

    >>> result_keys(["s3://in/a.csv", "s3://in/x/a.csv"], "bp-1")
    {'s3://in/a.csv': 'result/bp-1-a.csv.gz', 's3://in/x/a.csv': 'result/bp-1-x-a.csv.gz'}
    """
    found: dict[str, str] = {}
    for name in names:
        parts = name.removeprefix("s3://").split("/")[1:]
        kept = 1
        key = f"result/{identity}-{parts[-1]}.gz"
        while key in found.values() and kept < len(parts):
            kept += 1
            key = f"result/{identity}-{'-'.join(parts[-kept:])}.gz"
        found[name] = key
    return found


def _by_file(
    files: Any, blocks: Iterator[tuple[CsvFile, Any]], columns: Any
) -> Iterator[tuple[CsvFile, Iterator[str], list[int]]]:
    """Of each file, an empty one too, the lines of its blocks, and a counter of its records."""
    waiting = next(blocks, None)
    for file in files:
        count = [0]

        def lines(file: CsvFile = file, count: list[int] = count) -> Iterator[str]:
            nonlocal waiting
            while waiting is not None and waiting[0] is file:
                count[0] += len(waiting[1].is_good)
                yield columns.lines(waiting[1])
                waiting = next(blocks, None)

        yield file, lines(), count
