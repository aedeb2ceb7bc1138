"""What a job is: plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

JobId = NewType("JobId", str)


class State(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def ended(self) -> bool:
        """Whether nothing will happen to the job any more."""
        return self in {State.SUCCEEDED, State.FAILED, State.STOPPED}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attempt may use.

    `cores` and `memory_bytes` are what the job waits for before it starts; the libraries' threads are set to
    `cores`. They are promises, not fences: a fence is `address_space_bytes` and `cpu_seconds`, which the
    kernel holds against the child (RLIMIT_AS, RLIMIT_CPU), and the sandbox where user code runs.
    """

    cores: float = 1.0
    memory_bytes: int = 512 * 1024 * 1024
    wall_seconds: float | None = None
    """From the start of the child; then it is stopped and the job has failed."""
    cpu_seconds: int | None = None
    address_space_bytes: int | None = None
    """Of the child; far above what it uses, as libraries reserve more than they touch."""
    grace_seconds: float = 10.0
    """From the polite request to end (SIGTERM) to SIGKILL."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job says it is: `done` of `total` units (None: unknown) of `what`."""

    done: float
    total: float | None
    what: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was when it was read."""

    id: JobId
    kind: str
    payload: dict[str, Any]
    resource_arn: str | None
    limits: Limits
    state: State
    attempt: int
    """The attempt that runs or ran last; 0 before the first."""
    max_attempts: int
    stop_requested: bool
    progress: Progress | None
    result: dict[str, Any] | None
    """What the function returned; also of a stopped job that ended by itself."""
    error: str | None
    """Why it failed, or why the attempt before failed."""
    error_type: str | None
    """The exception's class, or one of `JobCrashed`, `JobTimedOut`, `JobInterrupted`, `JobKindUnknown` …"""
    created: datetime
    started: datetime | None
    finished: datetime | None
    log_lines: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that a job wrote: `stream` is `stdout`, `stderr`, `log` (its logger) or `supervisor`."""

    number: int
    """Counts from 1 within the job, over all attempts."""
    attempt: int
    time: datetime
    stream: str
    text: str
