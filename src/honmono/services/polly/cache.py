"""Speech that was made before, on the disk, the longest unused forgotten first.

A file is written whole before it gets its name, and its name says all that is known of it: the digest of what decides
the sound, and the characters that were billed. How long ago it was used is the file's time, so that a server that
starts again knows it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile


@dataclass(frozen=True, slots=True)
class _Kept:
    path: Path
    size: int


class SpeechCache:
    """A folder of speech within a bound.

    Args:
        folder: made on first use.
        bytes_allowed: of all files; 0 keeps nothing.
    """

    def __init__(self, folder: Path, bytes_allowed: int) -> None:
        self._folder = folder
        self._allowed = bytes_allowed
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        if folder.is_dir():
            self._look()

    def find(self, digest: str) -> bytes | None:
        """The speech, if it is kept."""
        with self._lock:
            kept = self._kept.get(digest)
            if kept is None:
                return None
            self._kept.move_to_end(digest)
        try:
            found = kept.path.read_bytes()
            os.utime(kept.path)
        except FileNotFoundError:  # somebody has emptied the folder
            with self._lock:
                self._forget(digest)
            return None
        return found

    def keeping(self, digest: str, pieces: Generator[bytes]) -> Generator[bytes]:
        """The pieces as they come; once the last one has, they are kept. Who closes it early keeps nothing."""
        with contextlib.closing(pieces):
            if not self._allowed:
                yield from pieces
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                path = Path(file.name)
                try:
                    for piece in pieces:
                        file.write(piece)
                        yield piece
                    file.flush()
                    self._keep(digest, path, file.tell())
                finally:
                    path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for digest in list(self._kept):
                self._forget(digest)

    def _keep(self, digest: str, path: Path, size: int) -> None:
        if size > self._allowed:
            return
        place = self._folder / digest
        with self._lock:
            path.replace(place)
            self._size += size - (self._kept[digest].size if digest in self._kept else 0)
            self._kept[digest] = _Kept(place, size)
            self._kept.move_to_end(digest)
            while self._size > self._allowed:
                self._forget(next(iter(self._kept)))

    def _forget(self, digest: str) -> None:
        if (kept := self._kept.pop(digest, None)) is not None:
            self._size -= kept.size
            kept.path.unlink(missing_ok=True)

    def _look(self) -> None:
        """What an earlier server has left; files that it did not finish are removed."""
        found: list[tuple[float, Path, int]] = []
        for path in self._folder.iterdir():
            if path.name.startswith("."):
                path.unlink(missing_ok=True)
                continue
            state = path.stat()
            found.append((state.st_mtime, path, state.st_size))
        for _, path, size in sorted(found):
            self._kept[path.name] = _Kept(path, size)
            self._size += size
        while self._size > self._allowed:
            self._forget(next(iter(self._kept)))
