"""A job's child process as the supervisor holds it: its group, its channel, its output. Linux."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from honmono.compute.spawning import CORES_VARIABLE, THREAD_VARIABLES, how_it_ended
from honmono.jobs import messages

_READ_BYTES = 65536

# Reads in a row before others have their turn; more than a socket holds, so that one turn empties a dead
# child's.
_READS = 64


class Guard:
    """The small process that kills the groups of jobs when this process is gone; see `honmono.jobs.guard`.

    It is started with the first group, and again should somebody have killed it.
    """

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, group: int) -> None:
        """Kill the group when this process ends."""
        self._groups.add(group)
        if self._process is None or not self._tell(self._process, f"+{group}\n"):
            self._start()

    def forget(self, group: int) -> None:
        """The group is gone."""
        self._groups.discard(group)
        if self._process is not None and not self._tell(self._process, f"-{group}\n"):
            self._start()

    def close(self) -> None:
        """End it; groups that it still watches are killed."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _start(self) -> None:
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._tell(self._process, "".join(f"+{group}\n" for group in self._groups))

    @staticmethod
    def _tell(process: "subprocess.Popen[bytes]", lines: str) -> bool:
        assert process.stdin is not None  # it was asked for
        try:
            os.write(process.stdin.fileno(), lines.encode())
        except BrokenPipeError:
            return False
        return True


class Child:
    """A running child: everything that can be read from it is read without waiting.

    It must be started from a thread that lives as long as the child may: the kernel kills it when that thread
    ends.
    """

    def __init__(self, cores: float, environment: Mapping[str, str]):
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "honmono.jobs.child", str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                process_group=0,
                env=_environment(cores, environment),
            )
        self.channel = ours
        self.pid = self._process.pid
        """Also the id of its process group."""
        self.exited = os.pidfd_open(self.pid)
        """Readable once the child has ended."""
        self.outputs: dict[str, IO[bytes]] = {}
        for name, pipe in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            assert pipe is not None  # it was asked for
            os.set_blocking(pipe.fileno(), False)
            self.outputs[name] = pipe
        self._unframer = messages.Unframer()

    def begin(self, start: messages.Start) -> None:
        """Say what is to be done. It waits while the child starts, if that is more than a socket holds."""
        try:
            self.channel.sendall(messages.frame(start))
        except OSError:
            pass  # it has ended already, which is noticed as any end is
        self.channel.setblocking(False)

    def receive(self) -> tuple[list[messages.FromChild], bool]:
        """The messages that have arrived, and whether more may come.

        Raises:
            ProtocolBroken: what came is no message.
        """
        arrived: list[messages.FromChild] = []
        for _ in range(_READS):
            try:
                data = self.channel.recv(_READ_BYTES)
            except BlockingIOError:
                return arrived, True
            except ConnectionResetError:
                return arrived, False
            if not data:
                return arrived, False
            arrived += self._unframer.feed(data)
        return arrived, True

    def read(self, stream: str) -> bytes | None:
        """What it has written to `stdout` or `stderr`; None at the end, b"" if there is nothing now."""
        try:
            return os.read(self.outputs[stream].fileno(), _READ_BYTES) or None
        except BlockingIOError:
            return b""

    def ask_to_stop(self) -> None:
        """Tell it to stop, and its group to end: SIGTERM."""
        try:
            self.channel.send(messages.frame(messages.Stop()))
        except OSError:
            pass  # it is ending, or so busy that its inbox is full: the signal says the same
        self.signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all it has started."""
        self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the group. Only until `reap`: then the number may be another's."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass  # nobody is left in it

    def reap(self) -> int:
        """Collect the exit status of a child that has ended: negative for a signal."""
        return self._process.wait()

    def close(self) -> None:
        """Close what connects us to it."""
        self.channel.close()
        os.close(self.exited)
        for pipe in self.outputs.values():
            pipe.close()


_MEANINGS: dict[int, str] = {
    signal.SIGSEGV: " (a crash in native code)",
    signal.SIGABRT: " (a crash in native code)",
    signal.SIGBUS: " (a crash in native code, or a truncated file)",
    signal.SIGILL: " (code for another processor)",
    signal.SIGKILL: " (memory ran out, or somebody killed it)",
    signal.SIGXCPU: " (its limit of processor time)",
}


def why_it_ended(status: int) -> str:
    """What an exit status means, for the job's reason."""
    if status >= 0:
        return f"its process ended with exit status {status} before the job was done"
    meaning = _MEANINGS.get(-status, "")
    return f"its process was {how_it_ended(status)}{meaning}"


def _environment(cores: float, more: Mapping[str, str]) -> dict[str, str]:
    threads = str(max(1, int(cores)))
    return {
        **os.environ,
        **dict.fromkeys((*THREAD_VARIABLES, CORES_VARIABLE), threads),
        # The child finds the same modules as we do, wherever ours came from.
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONUNBUFFERED": "1",
        **more,
    }
