"""The data directory: made when missing, and held by one process at a time."""

import errno
import fcntl
import os
from pathlib import Path

from honmono.store.errors import DataDirectoryInUse, DirectoryNotWritable, DiskFull, StorageUnavailable

LOCK_NAME = "honmono.lock"


class DirectoryLock:
    """A lock on a directory that ends with the process, however that ends.

    It is a `flock` on a file in it: the kernel lets go of it when the last descriptor closes. The descriptor
    is not inherited by programs that we start. The file holds the process id for the message to the second
    comer.
    """

    def __init__(self, descriptor: int):
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, directory: Path) -> "DirectoryLock":
        """Make the directory if it is missing and lock it.

        Raises:
            DataDirectoryInUse: another process, or another Database of this one, holds it.
            DirectoryNotWritable: it cannot be made or written.
        """
        try:
            # Keys and user data lie in it: nobody else may look.
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _unusable(directory, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise DataDirectoryInUse(
                f"The data directory {directory} is in use by process {holder or '(unknown)'}. Stop that "
                "server, or give another directory with --data DIR."
            ) from error
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            os.close(descriptor)
            raise _unusable(directory, error) from error
        return cls(descriptor)

    def release(self) -> None:
        """Let another process have the directory."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _unusable(directory: Path, error: OSError) -> StorageUnavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(f"No space left for the data directory {directory}: free some space and start again.")
    return DirectoryNotWritable(
        f"The data directory {directory} cannot be used: {error.strerror}. Give a directory that you may "
        "write to with --data DIR."
    )
