"""Starting child processes that die with this one.

On Linux a child asks the kernel to be killed when its parent ends (PR_SET_PDEATHSIG). The kernel means the
*thread* that started it: a child started from a request's thread would die with that request. So all
children are started from one thread, which lives as long as the process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""What libraries ask for their number of threads."""

CORES_VARIABLE = "HONMONO_CORES"
"""What tells a child how many cores the ledger gave it, where that is fewer than the machine has."""

_PR_SET_PDEATHSIG = 1
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="honmono-spawner")


def spawn(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen(command, **options)` from the thread that lives as long as this process.

    The child calls `die_with_parent(parent)` first thing; give it `os.getpid()` on its command line.
    """

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, **options)

    return _spawner.submit(start).result()


def die_with_parent(parent: int) -> None:
    """Called in a child: be killed when the parent ends, and end now if it has ended already."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit("the parent has ended")


def how_it_ended(code: int) -> str:
    """A child's return code in words: "killed by SIGSEGV" or "exited with code 3"."""
    if code >= 0:
        return f"exited with code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
