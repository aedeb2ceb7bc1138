"""The job that jobs.py runs: it says when it began."""

from __future__ import annotations

import time
from typing import Any

from honmono.jobs import JobRun, job

KIND = "bench.prompt"


@job(KIND)
def prompt(run: JobRun) -> dict[str, Any]:
    return {"began": time.time()}
