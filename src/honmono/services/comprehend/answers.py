"""How an analysis job keeps its answers while it runs: one file for the archive, or one for each file of the customer's.

Each can say how far it is written, and go on from there in a later attempt.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

from honmono.services.comprehend.analysis_output import leave_archive
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFiles


class Answers(ABC):
    """Answers in the order of the documents. A context manager: leaving it closes its files."""

    _open: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    @abstractmethod
    def write(self, file: int, data: bytes) -> None:
        """Add an answer to a document of the customer's file of that index."""

    @abstractmethod
    def written(self) -> int:
        """Have all that was written on the disk; the answer is what `go_on` wants to know."""

    @abstractmethod
    def leave(self, files: StoredFiles, folder: Path, names: Sequence[str]) -> dict[str, Any]:
        """Leave the answers as the job's output in ``folder``; ``names`` are those of the files that were answered."""

    def _start(self, path: Path, size: int) -> BinaryIO:
        """Open a file to go on after its first ``size`` bytes."""
        path.touch()
        os.truncate(path, size)
        self._open = path.open("ab")
        return self._open

    def _sync(self) -> int:
        if self._open is None:
            return 0
        self._open.flush()
        os.fsync(self._open.fileno())
        return self._open.tell()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class InArchive(Answers):
    """All answers in one file of an archive.

    Args:
        path: that file; the archive has it under its own name.
        size: how much of it was written by an earlier attempt.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._output = self._start(path, size)

    def write(self, file: int, data: bytes) -> None:
        """See `Answers.write`."""
        self._output.write(data)

    def written(self) -> int:
        """See `Answers.written`."""
        return self._sync()

    def leave(self, files: StoredFiles, folder: Path, names: Sequence[str]) -> dict[str, Any]:
        """See `Answers.leave`."""
        self._close()
        return leave_archive(files, folder, [self._path])


class BesideEachOther(Answers):
    """The answers to each file of the customer's in a file of its own, which has its name and `.out`.

    Args:
        folder: for the files, within the job's output.
        file: the index of the file that an earlier attempt was writing.
        size: how much of it was written.
    """

    def __init__(self, folder: Path, file: int, size: int) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._at = file
        self._start(self._path(file), size)

    def write(self, file: int, data: bytes) -> None:
        """See `Answers.write`."""
        if file != self._at or self._open is None:
            self._sync()
            self._close()
            self._at = file
            self._start(self._path(file), 0)
        assert self._open is not None  # just opened
        self._open.write(data)

    def written(self) -> int:
        """See `Answers.written`."""
        return self._sync()

    def leave(self, files: StoredFiles, folder: Path, names: Sequence[str]) -> dict[str, Any]:
        """See `Answers.leave`. A file without a document has an empty one beside it."""
        self._close()
        for index in range(len(names)):
            self._path(index).touch()
        return leave_files(files, folder, ((f"{name}.out", self._path(index)) for index, name in enumerate(names)))

    def _path(self, file: int) -> Path:
        # By number: the customer's names are not to be trusted with our folders.
        return self._folder / str(file)
