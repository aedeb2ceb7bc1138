"""What this machine has to compute with, found without importing anything heavy.

In a container the whole machine's numbers are wrong: the scheduler's affinity and the control group's
limits count.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_ROOT = Path("/")


@dataclass(frozen=True, slots=True)
class Device:
    """One thing to compute with.

    Attributes:
        kind: the name that engines take as `device`.
        model: what it calls itself.
        usable: False where the machine has it and an installed package cannot drive it; `note` says what to
        install.
    """

    kind: Literal["cpu", "cuda"]
    model: str
    usable: bool = True
    note: str = ""


def cores(root: Path = _ROOT) -> float:
    """Cores that this process may use: its affinity, or less where a control group's quota says so."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = []
    for folder in _groups(root, "cpu"):
        quota, period = -1, 100_000
        if words := _read(folder / "cpu.max").split():
            quota, period = (-1 if words[0] == "max" else int(words[0])), int(words[1])
        elif text := _read(folder / "cpu.cfs_quota_us"):
            quota, period = int(text), int(_read(folder / "cpu.cfs_period_us") or period)
        if quota > 0:
            quotas.append(quota / period)
    return min([float(affinity), *quotas])


def memory_bytes(root: Path = _ROOT) -> int:
    """Memory for this process and its children: the machine's, or a control group's limit."""
    return min([_meminfo(root)["MemTotal"], *(limit for limit, _ in _limits(root))])


def free_memory_bytes(root: Path = _ROOT) -> int:
    """Memory that is free for new things now, caches counted as free."""
    return min([_meminfo(root)["MemAvailable"], *(max(0, limit - used) for limit, used in _limits(root))])


def devices(root: Path = _ROOT) -> list[Device]:
    """The processor, and the GPUs that the kernel shows."""
    found = [Device("cpu", _cpu_model(root))]
    for information in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")):
        model = next(
            (line.partition(":")[2].strip() for line in _read(information).splitlines() if "Model" in line),
            "NVIDIA GPU",
        )
        usable = onnxruntime_has_cuda()
        found.append(Device("cuda", model, usable, "" if usable else "install onnxruntime-gpu to use it"))
    return found


def onnxruntime_has_cuda() -> bool:
    """Whether the installed onnxruntime brings its CUDA provider; looks at its files and imports nothing."""
    spec = importlib.util.find_spec("onnxruntime")
    folders = (spec.submodule_search_locations if spec else None) or []
    return any(any(Path(folder, "capi").glob("*onnxruntime_providers_cuda*")) for folder in folders)


def _meminfo(root: Path) -> dict[str, int]:
    lines = _read(root / "proc/meminfo").splitlines()
    if not lines:  # not Linux
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return {"MemTotal": pages, "MemAvailable": pages}
    return {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}


def _limits(root: Path) -> Iterator[tuple[int, int]]:
    """Limit and use of each control group with a memory limit that we are in."""
    for folder in _groups(root, "memory"):
        for limit_file, use_file, cache in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            limit = _read(folder / limit_file).strip()
            if limit.isdigit():
                used = int(_read(folder / use_file) or 0)
                statistics = (line.split() for line in _read(folder / "memory.stat").splitlines())
                reclaimable = next((int(words[1]) for words in statistics if words[0] == cache), 0)
                yield int(limit), max(0, used - reclaimable)


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of our control group and those above it, for version 1 and 2.

    Inside a container the path that the kernel names often is not mounted: then the mount's top is our group.
    """
    mount = root / "sys/fs/cgroup"
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        if names and controller not in names.split(","):
            continue
        tops = [mount / names, mount / controller] if names else [mount, mount / "unified"]
        top = next((each for each in tops if each.is_dir()), None)
        if top is None:
            continue
        folder = top / path.lstrip("/")
        while folder != top:
            if folder.is_dir():
                yield folder
            folder = folder.parent
        yield top


def _cpu_model(root: Path) -> str:
    for line in _read(root / "proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return sys.platform


def _read(path: Path) -> str:
    """A small file of the kernel's; empty where it is not."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
