"""Carrying weights to a machine without a network: one tar file out of a cache, and into another.

The archive may come from anywhere, so nothing in it is trusted: a file counts only if the *local* manifest
names it and its hash is the one given there. It is read as a stream; no path in it is ever used as a path.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from honmono.weights.cache import LICENCE, Cache
from honmono.weights.errors import ArchiveRefused, WeightsMissing, WrongContent
from honmono.weights.files import Progress, locked, no_progress, publish, writing
from honmono.weights.manifest import Weight, WeightFile
from honmono.weights.sources import CHUNK

INDEX = "honmono-weights.json"
_FORMAT = 1
_INDEX_LIMIT = 1 << 20
_LICENCE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        imported: "NAME/FILE" verified and now in the cache.
        present: "NAME/FILE" that the cache had already.
        refused: one line each for what was not taken, and why.
    """

    imported: tuple[str, ...]
    present: tuple[str, ...]
    refused: tuple[str, ...]


def export_weights(
    cache: Cache, target: Path, names: Sequence[str] | None = None, progress: Progress = no_progress
) -> list[str]:
    """Write weights (default: all that are present) into one tar file, with licences and an index of hashes.

    Returns the names written. The file appears under its name only when it is complete.

    Raises:
        WeightsMissing: a named weight is not (wholly) in the cache, or none is.
        WrongContent: a weight's content has changed since it was verified.
    """
    if names is None:
        names = [state.weight.name for state in cache.states() if state.state == "present"]
        if not names:
            raise WeightsMissing("(any)", "is not in the cache, there is nothing to export")
    weights = [cache.manifest[name] for name in names]
    for weight in weights:
        cache.path(weight.name)
        if (state := cache.verify(weight.name)).state != "present":
            raise WrongContent(weight.name, "the content that was verified", state.detail, state.folder)
    index = {"format": _FORMAT, "weights": {weight.name: _described(weight) for weight in weights}}
    total, done = sum(weight.size for weight in weights), 0
    temporary = target.with_name(f".{target.name}.new")
    with tarfile.open(temporary, "w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, INDEX, io.BytesIO(json.dumps(index, indent=1).encode()))
        for weight in weights:
            _add(archive, f"{weight.name}/{LICENCE}", io.BytesIO(weight.licence_text.encode()))
            for file in weight.files:
                with cache.path(weight.name, file.name).open("rb") as stream:
                    _add(archive, f"{weight.name}/{file.name}", stream)
                done += file.size
                progress(done, total, file.name)
    publish(temporary, target)
    return list(names)


def import_weights(cache: Cache, source: Path, progress: Progress = no_progress) -> ImportReport:
    """Take from an archive what the manifest of this installation knows, verifying every byte.

    A file of a wrong content is kept aside as FILE.rejected, and what the cache has already is never
    replaced by it.

    Raises:
        ArchiveRefused: it is no archive of weights, is cut off, or holds a link, a device or a foreign path.
            What was verified before that point stays.
    """
    imported: list[str] = []
    present: list[str] = []
    refused: list[str] = []
    touched: dict[str, Weight] = {}
    try:
        with writing(cache.folder), tarfile.open(source, "r|") as archive:
            described = _read_index(archive, source)
            _refuse_unknown(cache, described, refused)
            while (member := archive.next()) is not None:
                found = _expected(cache, described, member, source)
                if found is None:
                    continue
                weight, file = found
                label = f"{weight.name}/{file.name}"
                with locked(cache.lock_path(weight.name)):
                    if cache.state(weight.name).state == "present" and weight.name not in touched:
                        present.append(label)
                        continue
                    cache.check_space(file.size)
                    content = cast("IO[bytes]", archive.extractfile(member))
                    try:
                        cache.accept(weight, file, _chunks(content, file, progress))
                    except WrongContent as error:
                        refused.append(str(error))
                        continue
                    cache.note_licence(weight)
                touched[weight.name] = weight
                imported.append(label)
    except (tarfile.TarError, EOFError) as error:
        raise ArchiveRefused(f"{source} is not a whole tar archive: {error}") from error
    return ImportReport(tuple(imported), tuple(present), tuple(refused))


def _described(weight: Weight) -> dict[str, Any]:
    return {
        "engine": weight.engine,
        "version": weight.version,
        "code_licence": weight.code_licence,
        "code_origin": weight.code_origin,
        "weights_licence": weight.weights_licence,
        "weights_origin": weight.weights_origin,
        "files": {file.name: {"size": file.size, "sha256": file.sha256} for file in weight.files},
    }


def _add(archive: tarfile.TarFile, name: str, stream: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    archive.addfile(member, stream)


def _read_index(archive: tarfile.TarFile, source: Path) -> dict[str, Any]:
    first = archive.next()
    if first is None or first.name != INDEX or not first.isreg() or first.size > _INDEX_LIMIT:
        raise ArchiveRefused(f"{source} is not an export of weights: it does not begin with {INDEX}")
    try:
        index = json.loads(cast("IO[bytes]", archive.extractfile(first)).read())
        known = index["format"] == _FORMAT
        described: dict[str, Any] = {str(name): dict(entry["files"]) for name, entry in index["weights"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveRefused(f"{source}: its {INDEX} cannot be read: {error}") from error
    if not known:
        raise ArchiveRefused(f"{source} has format {index['format']!r}; this version reads {_FORMAT}")
    return described


def _refuse_unknown(cache: Cache, described: dict[str, Any], refused: list[str]) -> None:
    for name, files in described.items():
        if name not in cache.manifest:
            refused.append(f"{name}: the manifest of this installation has no weight of this name")
            continue
        for file in cache.manifest[name].files:
            entry = files.get(file.name)
            if not isinstance(entry, dict) or entry.get("sha256") != file.sha256:
                refused.append(f"{name}: the archive has another version than {cache.manifest[name].version}")
                break


def _expected(
    cache: Cache, described: dict[str, Any], member: tarfile.TarInfo, source: Path
) -> tuple[Weight, WeightFile] | None:
    """Which file of the manifest a member is; None for one to pass over.

    Raises:
        ArchiveRefused: a member that no export writes.
    """
    name, _, rest = member.name.partition("/")
    plain = member.isreg() and not member.issparse() and name in described
    if not plain or (rest != LICENCE and rest not in described[name]):
        raise ArchiveRefused(f"{source} holds {member.name!r}, which no export of weights has")
    if rest == LICENCE:  # the text in this installation is the one that counts
        if member.size > _LICENCE_LIMIT:
            raise ArchiveRefused(f"{source}: {member.name!r} is too large")
        return None
    if name not in cache.manifest:
        return None
    weight = cache.manifest[name]
    return next(((weight, file) for file in weight.files if file.name == rest), None)


def _chunks(content: IO[bytes], file: WeightFile, progress: Progress) -> Iterator[bytes]:
    done = 0
    while chunk := content.read(CHUNK):
        done += len(chunk)
        progress(done, file.size, file.name)
        yield chunk
