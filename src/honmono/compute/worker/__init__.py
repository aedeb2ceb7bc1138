"""A supervised child process that answers calls; what kills it costs one call.

The parent's side is `Worker`; the child is `python -m honmono.compute.worker` (`__main__`), which imports a
*target* and lets it answer. Between them go length-prefixed msgpack messages (`channel`) over a socket
pair.
"""

from honmono.compute.worker.channel import Handler
from honmono.compute.worker.supervised import (
    Worker,
    WorkerCrashed,
    WorkerError,
    WorkerFault,
    WorkerNotStarted,
    WorkerTimeout,
)

__all__ = [
    "Handler",
    "Worker",
    "WorkerCrashed",
    "WorkerError",
    "WorkerFault",
    "WorkerNotStarted",
    "WorkerTimeout",
]
