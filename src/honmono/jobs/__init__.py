"""Long work: one durable table of jobs and the supervisor that runs them in child processes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from honmono.jobs.errors import (
    JobError,
    JobKindInvalid,
    JobKindUnknown,
    JobMissing,
    JobNotEnded,
)
from honmono.jobs.kinds import job
from honmono.jobs.run import JobRun
from honmono.jobs.snapshot import Job, JobId, Limits, LogLine, Progress, State

if TYPE_CHECKING:
    from honmono.jobs.supervisor import Supervisor
    from honmono.jobs.table import Jobs

__all__ = [
    "Job",
    "JobError",
    "JobId",
    "JobKindInvalid",
    "JobKindUnknown",
    "JobMissing",
    "JobNotEnded",
    "JobRun",
    "Jobs",
    "Limits",
    "LogLine",
    "Progress",
    "State",
    "Supervisor",
    "job",
]

# A job's module imports this package in the child process too, which needs none of these: SQLAlchemy behind
# them would cost it .4 s and 30 MB.
_SERVER_SIDE = {
    "Jobs": "honmono.jobs.table",
    "Supervisor": "honmono.jobs.supervisor",
}


def __getattr__(name: str) -> Any:
    if name in _SERVER_SIDE:
        return getattr(import_module(_SERVER_SIDE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
