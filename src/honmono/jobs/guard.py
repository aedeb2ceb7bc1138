"""Kills the process groups of jobs when the server is gone: `python guard.py`, standard library only.

PDEATHSIG reaches a job's child but not what the child has started. This small process, started with the first
job, is told on its standard input which groups live (`+ID`, `-ID`, a line each); at end of file, which a
`kill -9` of the server brings as surely as a clean end, it kills those that are left and ends.
"""

import os
import signal
import sys


def main() -> None:
    """Follow standard input to its end, then kill the groups that are left."""
    # Ctrl-C and a terminal's hang-up are for the server, which ends this process by closing the pipe.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
