"""The job that trains a model. Cut off, it goes on from its last checkpoint."""

from __future__ import annotations

from typing import Any

from honmono.jobs import JobRun, job
from honmono.services.machinelearning.observed import compute_milliseconds, source_of
from honmono.services.stored_files import StoredFiles

KIND = "machinelearning.train"
MODEL_FOLDER = "model"


@job(KIND, resumable=True)
def train_model(run: JobRun) -> dict[str, Any]:
    """Train. The payload has the account, the data, the kind of model, its parameters, and the recipe or None."""
    from honmono.engines.tabular.training import Parameters, train

    source = source_of(StoredFiles.of_parent(run.payload["account"]), run.payload["data"])
    trained = train(
        source,
        run.payload["kind"],
        Parameters(**run.payload["parameters"]),
        run.payload["recipe"],
        folder=run.checkpoint_dir,
        progress=run.progress,
    )
    size = trained.model.save(run.output_dir / MODEL_FOLDER)
    run.log.info("learned from %d observation(s); mean loss %.6g", trained.rows, trained.loss)
    run.log.info("%d feature(s), %d bytes", trained.model.encoder.index.size, size)
    result = {
        "SizeInBytes": size,
        "rows": trained.rows,
        "bad": trained.faults.count,
        "recipe": trained.model.recipe,
        "ComputeTime": compute_milliseconds(),
    }
    if trained.faults.count:
        run.log.warning("%d bad record(s): %s", trained.faults.count, trained.faults)
        result["Message"] = f"{trained.faults.count} record(s) could not be learned from: {trained.faults}"
    return result
