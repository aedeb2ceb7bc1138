"""The command as a user has it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import honmono


def _environment(**more: str) -> dict[str, str]:
    """The environment of a command: this source tree, English, no settings from outside."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HONMONO_", "AWS_", "LC_")) or name == "HONMONO_CACHE"
    }
    # COVERAGE and the like stay; a terminal's width and colours must not matter.
    return kept | {
        "PYTHONPATH": str(Path(honmono.__file__).parents[1]),
        "LANG": "C.UTF-8",
        "COLUMNS": "120",
        "NO_COLOR": "1",
        **more,
    }


def _run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `honmono ARGUMENTS` to its end."""
    environment = _environment(**options.pop("env", {}))
    return subprocess.run(
        [sys.executable, "-m", "honmono", *arguments],
        env=environment,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
        **options,
    )


class Up:
    """A running `honmono up`, ready to answer."""

    def __init__(self, data: Path, *arguments: str, **env: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "honmono", "up", "--port", "0", "--log", "json", "--data", str(data), *arguments],
            env=_environment(**env),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=data.parent,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if '"ready"' not in line:
            self.process.kill()
            raise AssertionError(line + self.process.communicate()[1])
        self.ready: dict[str, Any] = json.loads(line)
        """The first line of the log."""
        self.url: str = self.ready["endpoints"][0]

    def end(self, signal_number: int) -> tuple[int, float]:
        """Send the signal; the answer is the exit code and how many seconds the end took."""
        began = time.monotonic()
        self.process.send_signal(signal_number)
        self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="session")
def honmono_command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `honmono ARGUMENTS` to its end; `env` adds variables."""
    return _run


@pytest.fixture(scope="session")
def command_environment() -> Callable[..., dict[str, str]]:
    """The environment that a command is given; keywords add variables."""
    return _environment


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    """Starts servers; ends those that the test leaves."""
    started: list[Up] = []

    def start(*arguments: str, data: Path | None = None, **env: str) -> Up:
        server = Up(data or tmp_path / "data", *arguments, **env)
        started.append(server)
        return server

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()
