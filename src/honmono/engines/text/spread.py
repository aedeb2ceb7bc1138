"""Answering the items of a batch on all cores.

Our networks take one text at a time, so that a text's answer does not depend on its neighbours, and a run of one is
too small to gain from more threads within. So a batch is spread: each text is computed on one thread, several texts at
once. onnxruntime gives the interpreter's lock back while it computes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from honmono.compute.devices import cores
from honmono.compute.spawning import CORES_VARIABLE

A = TypeVar("A")
R = TypeVar("R")

_MOST = 8


def spread(answer: Callable[[A], R], items: Sequence[A]) -> list[R]:
    """`answer(item)` of each item, in order. A lone one is answered on the caller's thread.

    Raises what `answer` raises of the first item that it fails on.
    """
    if len(items) < 2 or _threads() < 2:
        return [answer(item) for item in items]
    return list(_pool().map(answer, items))


@cache
def _threads() -> int:
    given = os.environ.get(CORES_VARIABLE, "")  # a job has what the ledger gave it
    return min(int(given) if given.isdecimal() else int(cores()), _MOST)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="spread")
