"""Kinds of jobs: which function does the work, found again by name in the child process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from honmono.jobs.errors import JobKindInvalid, JobKindUnknown
from honmono.jobs.run import JobRun

JobFunction = Callable[[JobRun], dict[str, Any] | None]
Function = TypeVar("Function", bound=JobFunction)


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind and where its function is found."""

    name: str
    module: str
    function: str
    resumable: bool


_kinds: dict[str, JobKind] = {}


def job(name: str, *, resumable: bool = False) -> Callable[[Function], Function]:
    """Register a module's function as the work of a kind of job.

    It is called in a child process with a `JobRun` and returns the result, a JSON object; what it raises
    makes the attempt fail.

        @job("text.train", resumable=True)
        def train(run: JobRun) -> dict[str, Any]: ...

    Args:
        name: the kind, unique in the server: `comprehend.train-classifier`, say.
        resumable: after a crash or restart of the server it is started again, whatever `max_attempts` says:
            it goes on from its checkpoint, or may safely be done twice.

    Raises:
        JobKindInvalid: the child could not import the function, or another one has this kind.
    """

    def register(function: Function) -> Function:
        where = f"{function.__module__}.{function.__qualname__}"
        if "<" in function.__qualname__ or "." in function.__qualname__ or function.__module__ == "__main__":
            raise JobKindInvalid(
                f"{where} cannot be the job {name!r}: a child process imports it by name, so it must be a "
                "function of an importable module, not nested in another and not of the main script."
            )
        kind = JobKind(name, function.__module__, function.__qualname__, resumable)
        taken = _kinds.setdefault(name, kind)
        if taken != kind:
            raise JobKindInvalid(f"{where} cannot be the job {name!r}: {taken.module}.{taken.function} is.")
        return function

    return register


def kind_named(name: str) -> JobKind:
    """The kind of this name.

    Raises:
        JobKindUnknown: no imported module registers it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise JobKindUnknown(
            f"No function does jobs of the kind {name!r} in this server. The module that registers it with "
            f"@job({name!r}) is not installed or not loaded."
        ) from None
