"""The life of moto's process: started by the first request, started anew after a crash, ended with the server."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from honmono.compute.spawning import how_it_ended, spawn

_log = logging.getLogger("honmono.fallback")

# sockaddr_un.sun_path holds 108 bytes, 104 on macOS, one of them the end.
_PATH_BYTES = 100
_END_SECONDS = 3.0


class MotoProcess:
    """At most one child; the methods may be called from any thread."""

    def __init__(self, directory: Path, barred: Iterable[str]) -> None:
        """Start nothing yet. The socket will lie in `directory`, which only its owner may enter."""
        self._directory = directory
        self._barred = tuple(sorted(barred))
        self._child: subprocess.Popen[bytes] | None = None
        self._path: Path | None = None
        self._lock = threading.Lock()
        self._closed = False

    def socket_path(self) -> Path:
        """Where to connect. Starts the child where none runs: a connection is accepted at once and answered when it
        is ready, in two seconds or so.

        Raises:
            OSError: the socket or the process cannot be made.
        """
        with self._lock:
            if self._closed:
                raise ConnectionError("the server is ending")
            if self._child is None or self._child.poll() is not None:
                self._start()
            assert self._path is not None
            return self._path

    def ending(self) -> str | None:
        """How the child ended, in words; None while it runs."""
        child = self._child
        if child is None:
            return "not started"
        try:
            # A connection breaks a moment before the process can be seen to have ended.
            return how_it_ended(child.wait(timeout=0.5))
        except subprocess.TimeoutExpired:
            return None

    def reset(self) -> None:
        """Forget what moto knows: its state is its process."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """End the child for good."""
        with self._lock:
            self._closed = True
            self._end()

    def _start(self) -> None:
        if self._child is not None:
            self._end()
        path = self._directory / "moto.sock"
        if len(os.fsencode(path)) > _PATH_BYTES:
            path = Path(tempfile.mkdtemp(prefix="honmono-")) / "moto.sock"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            listening.bind(str(path))
            path.chmod(0o600)
            listening.listen(128)
            self._child = spawn(
                [sys.executable, "-m", "honmono.fallback.child", str(os.getpid()), str(listening.fileno()),
                 *self._barred],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(listening.fileno(),),
                env=_environment(),
                start_new_session=True,
            )  # fmt: skip
        # Our copy of the listening socket is closed now: when the child dies, who waits in it is refused at once.
        self._path = path
        _log.info("moto starts in process %d, to simulate a service that is not ours", self._child.pid)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            if child.stdin is not None:
                child.stdin.close()
            child.terminate()
            try:
                child.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            if self._path.parent != self._directory:
                self._path.parent.rmdir()
            self._path = None


def _environment() -> dict[str, str]:
    """Ours, without what would change whose account moto thinks it is."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MOTO_")}
