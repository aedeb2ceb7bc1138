from __future__ import annotations

import os
from pathlib import Path

from honmono.compute import devices

GB = 1 << 30


def machine(root: Path, files: dict[str, str]) -> Path:
    base = {"proc/meminfo": "MemTotal: 16777216 kB\nMemFree: 1 kB\nMemAvailable: 8388608 kB\n"}
    for name, text in {**base, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_no_control_group_means_the_whole_machine(tmp_path: Path) -> None:
    root = machine(tmp_path, {})
    assert devices.cores(root) == len(os.sched_getaffinity(0))
    assert devices.memory_bytes(root) == 16 * GB
    assert devices.free_memory_bytes(root) == 8 * GB


def test_version_2_limits_of_a_group_and_of_one_above(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        {
            "proc/self/cgroup": "0::/system.slice/honmono.service\n",
            "sys/fs/cgroup/system.slice/cpu.max": "50000 100000\n",
            "sys/fs/cgroup/system.slice/honmono.service/cpu.max": "max 100000\n",
            "sys/fs/cgroup/system.slice/honmono.service/memory.max": f"{2 * GB}\n",
            "sys/fs/cgroup/system.slice/honmono.service/memory.current": f"{GB + GB // 2}\n",
            "sys/fs/cgroup/system.slice/honmono.service/memory.stat": f"anon 5\ninactive_file {GB}\n",
        },
    )
    assert devices.cores(root) == 0.5
    assert devices.memory_bytes(root) == 2 * GB
    assert devices.free_memory_bytes(root) == GB + GB // 2


def test_version_1_limits_in_a_container_that_does_not_mount_its_path(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        {
            "proc/self/cgroup": "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "25000\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{GB}\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "0\n",
        },
    )
    assert devices.cores(root) == 0.25
    assert devices.memory_bytes(root) == GB


def test_gpus_are_named_and_what_they_lack_is_said(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        {
            "proc/cpuinfo": "processor: 0\nmodel name\t: Ryzen 9\n",
            "proc/driver/nvidia/gpus/0000:01:00.0/information": "Model: \t NVIDIA H100\nIRQ: 5\n",
        },
    )
    cpu, gpu = devices.devices(root)
    assert (cpu.kind, cpu.model, cpu.usable) == ("cpu", "Ryzen 9", True)
    assert (gpu.kind, gpu.model) == ("cuda", "NVIDIA H100")
    assert gpu.usable or "onnxruntime-gpu" in gpu.note


def test_this_machine_has_something() -> None:
    assert devices.cores() > 0
    assert 0 < devices.free_memory_bytes() <= devices.memory_bytes()
