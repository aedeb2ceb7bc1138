"""Who holds a lease: a supervisor's name says where it runs, so that its neighbours can tell when it is
dead."""

import os
import platform
import secrets
from pathlib import Path

_SEPARATOR = "|"


def new_owner() -> str:
    """A name for a supervisor in this process: host, boot, process namespace, process, its start, and
    chance."""
    return _SEPARATOR.join([*_place(), str(os.getpid()), _started(os.getpid()) or "", secrets.token_hex(4)])


def is_dead(owner: str) -> bool:
    """Whether the owner ran here, under the same kernel, and its process is gone.

    False also where that cannot be told, of another host or after a reboot: such a lease expires.
    """
    *place, process, started, _ = owner.split(_SEPARATOR)
    return place == _place() and _started(int(process)) != started


def _place() -> list[str]:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return [platform.node(), boot, str(Path("/proc/self/ns/pid").readlink())]


def _started(process: int) -> str | None:
    """When the process started, in clock ticks since boot; None if there is none. See proc(5), stat, field
    22."""
    try:
        # The second field is the name in parentheses, and may hold anything, spaces and parentheses too.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in {"Z", "X"} else fields[19]
