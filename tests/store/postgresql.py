"""A real PostgreSQL server for the tests that are marked `service`."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


class PostgreSQL:
    """A server on a Unix socket, in a folder of its own, that ends with the tests."""

    def __init__(self, binaries: Path):
        self.folder = Path(tempfile.mkdtemp(prefix="honmono-pg-"))
        # The server refuses to run as root.
        user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        data = self.folder / "data"
        made = subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "tests", "-N", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            capture_output=True,
            text=True,
            cwd=self.folder,
            **become,
        )
        assert made.returncode == 0, made.stderr
        # Nothing here outlives the tests: without fsync and with an immediate end they take half the time.
        settings = ["fsync=off", "listen_addresses=", f"unix_socket_directories={self.folder}"]
        command = [binaries / "postgres", "-D", data, *(f"-c{setting}" for setting in settings)]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, process_group=0, **become)
        deadline = time.monotonic() + 30
        while self._psql("SELECT 1", check=False).returncode:
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "PostgreSQL did not become ready"
            time.sleep(0.05)

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        self._psql(f"CREATE DATABASE {name}")
        return f"postgresql://tests@/{name}?host={self.folder}"

    def _psql(self, statement: str, *, check: bool = True) -> "subprocess.CompletedProcess[str]":
        command = ["psql", "-h", str(self.folder), "-U", "tests", "-d", "postgres", "-qc", statement]
        return subprocess.run(command, capture_output=True, text=True, check=check)

    def close(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        shutil.rmtree(self.folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running server; skips where PostgreSQL is not installed, and fails there in CI."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not shutil.which("psql") or not (found or debian):
        missing = "PostgreSQL is not installed: apt-get install -y postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    server = PostgreSQL(Path(found).parent if found else debian[-1])
    try:
        yield server
    finally:
        server.close()
