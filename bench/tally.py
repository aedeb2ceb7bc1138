"""A job that takes a second in small steps and goes on from its checkpoint."""

from __future__ import annotations

import time
from typing import Any

from honmono.jobs import JobRun, job

KIND = "bench.tally"


@job(KIND, resumable=True)
def tally(run: JobRun) -> dict[str, Any]:
    mark = run.checkpoint_dir / "steps"
    done = len(mark.read_text()) if mark.exists() else 0
    for step in range(done, run.payload["steps"]):
        time.sleep(0.05)
        with mark.open("a") as file:
            file.write(".")
        run.progress(step + 1, run.payload["steps"], "steps")
    return {"steps": len(mark.read_text()), "attempt": run.attempt}
