"""What can go wrong with jobs, as types."""


class JobError(Exception):
    """Base of every error that jobs raise by themselves."""


class JobMissing(JobError):
    """No job has this id."""


class JobNotEnded(JobError):
    """The job is queued or running: stop it first, or wait for it."""


class JobKindInvalid(JobError):
    """The function cannot be a job: a child process could not import it, or its kind is taken by another."""


class JobKindUnknown(JobError):
    """No function is registered for the kind: the module that defines it was not imported."""
