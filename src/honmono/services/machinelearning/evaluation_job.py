"""The job that measures a model on a data source that has the target."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.machinelearning.observed import compute_milliseconds, source_of
from honmono.services.stored_files import StoredFiles

KIND = "machinelearning.evaluate"
MEASURES = "measures.json"


@job(KIND, resumable=True)
def evaluate_model(run: JobRun) -> dict[str, Any]:
    """Measure. The payload has the account, the data, the model's folder and, of a BINARY one, its threshold."""
    from honmono.engines.tabular.model import Model
    from honmono.services.machinelearning.measuring import measured

    source = source_of(StoredFiles.of_parent(run.payload["account"]), run.payload["data"])
    model = Model.load(Path(run.payload["model"]))
    found = measured(model, source, run.payload["threshold"], run.progress)
    (run.output_dir / MEASURES).write_text(json.dumps(found.details, ensure_ascii=False), encoding="utf-8")
    run.log.info("%s", json.dumps(found.details, ensure_ascii=False))
    run.log.info("baseline, always answering the same: %s = %.6g", found.name, found.baseline)
    message = f"{found.name} {found.value:.6g}; the baseline, always answering the same, has {found.baseline:.6g}."
    if found.faults.count:
        run.log.warning("%d bad record(s): %s", found.faults.count, found.faults)
        message += f" {found.faults.count} record(s) could not be measured: {found.faults}"
    return {
        "properties": {found.name: f"{found.value:.10g}"},
        "Message": message,
        "ComputeTime": compute_milliseconds(),
    }
