"""Targets for workers in tests."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time

from honmono.compute.worker import Handler


def capable() -> Handler:
    def handle(method: str, body: bytes) -> bytes:
        if method == "reverse":
            return body[::-1]
        if method == "pid":
            return str(os.getpid()).encode()
        if method == "environment":
            return os.environ.get(body.decode(), "").encode()
        if method == "niceness":
            return str(os.nice(0)).encode()
        if method == "segfault":
            ctypes.string_at(0)
        if method == "exit":
            os._exit(int(body))
        if method == "raise":
            raise LookupError("nothing here")
        if method == "sleep":
            time.sleep(float(body))
        if method == "hog":
            return bytes(int(body))
        if method == "garbage":
            garble(body)
        if method == "print":
            sys.stdout.write("said by the child\n")
        if method == "descendant":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            return str(child.pid).encode()
        if method == "limit":
            return str(resource.getrlimit(resource.RLIMIT_DATA)[0]).encode()
        return b""

    return handle


def garble(data: bytes) -> None:
    """Write into the connection, wherever it is, as a hijacked library could."""
    for descriptor in range(3, 40):
        try:
            if os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:"):
                os.write(descriptor, data)
        except OSError:
            continue


def broken() -> Handler:
    raise RuntimeError("the model's folder is empty")


def silent() -> Handler:
    time.sleep(60)
    return capable()


def killed() -> Handler:
    os.kill(os.getpid(), signal.SIGKILL)
    return capable()
