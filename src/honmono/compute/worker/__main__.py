"""The child: import the target, answer calls one after the other, end when the parent does.

Called by `Worker` as `python -m honmono.compute.worker FD PARENT TARGET MEMORY NICENESS` (MEMORY 0: no
limit).
"""

from __future__ import annotations

import faulthandler
import importlib
import logging
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from honmono.compute.spawning import die_with_parent
from honmono.compute.worker.channel import Answer, ChannelClosed, Fault, Handler, Ready, receive_call, send

log = logging.getLogger("honmono.compute.worker")


def main() -> None:
    """Serve one parent until it goes."""
    descriptor, parent, target, memory, niceness = sys.argv[1:]
    die_with_parent(int(parent))
    _settle(int(memory), int(niceness))
    connection = socket.socket(fileno=int(descriptor))
    try:
        module, _, attribute = target.partition(":")
        handler: Handler = getattr(importlib.import_module(module), attribute)()
    except Exception as error:
        log.exception("%s cannot be started", target)
        send(connection, Fault(0, type(error).__name__, str(error)))
        sys.exit(1)
    send(connection, Ready(os.getpid()))
    try:
        while True:
            _answer(connection, handler)
    except ChannelClosed:
        # Libraries' threads and atexit hooks may hang or crash on the way out; there is nothing left to save.
        logging.shutdown()
        os._exit(0)


def _answer(connection: socket.socket, handler: Handler) -> None:
    call = receive_call(connection)
    try:
        reply: Answer | Fault = Answer(call.number, handler(call.method, call.body))
    except Exception as error:
        log.exception("the call of %s failed", call.method)
        reply = Fault(call.number, type(error).__name__, str(error))
    send(connection, reply)


def _settle(memory: int, niceness: int) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
    faulthandler.enable()  # a native crash leaves its Python stack in the log
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        # Private memory, not address space: mapped weights do not count. The target may raise it up to the
        # hard limit: this guards against accidents, while a sandbox guards against malice.
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    if niceness:
        os.nice(niceness)
    if sys.platform == "linux":
        # When the machine runs out of memory, the kernel ends a worker before the server.
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    main()
