"""What can go wrong with weights, each with a message that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class WeightsError(Exception):
    """Base of the errors of this package."""


class ManifestInvalid(WeightsError):
    """A manifest file does not say what it must; the message names the file, the entry and the key."""


class WeightsUnknown(WeightsError):
    """No weight of this name is in the manifest."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        super().__init__(f"no weight is called {name!r}; there are: {', '.join(sorted(known)) or 'none'}")


class WeightsMissing(WeightsError):
    """The weight is not in the cache."""

    def __init__(self, name: str, detail: str = "is not in the cache") -> None:
        self.name = name
        self.detail = detail
        super().__init__(f"weight {name!r} {detail}; run: honmono weights pull {name}")


class CacheUnusable(WeightsError):
    """The cache's folder cannot be written (permissions, read-only, full)."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"the weights' cache {folder} cannot be written: {reason}; "
            "make room or choose another folder with HONMONO_CACHE"
        )


class NotEnoughSpace(WeightsError):
    """The disk has less room than the pull or import needs; nothing was started."""

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        self.needed = needed
        self.free = free
        super().__init__(
            f"{folder} has {free / 1e6:.0f} MB free and {needed / 1e6:.0f} MB are needed; "
            "make room or choose another folder with HONMONO_CACHE"
        )


class SourceError(WeightsError):
    """One source could not deliver a file."""


class WrongContent(SourceError):
    """A source delivered something else than the manifest says; it was kept aside for inspection."""

    def __init__(self, file: str, expected: str, got: str, kept: Path) -> None:
        self.kept = kept
        super().__init__(f"{file} is refused: expected {expected}, got {got}; kept aside as {kept}")


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source that was tried in vain."""

    file: str
    source: str
    reason: str


class PullFailed(WeightsError):
    """No source delivered a file; `failures` says what each of them answered."""

    def __init__(self, name: str, file: str, failures: list[SourceFailure]) -> None:
        self.name = name
        self.file = file
        self.failures = failures
        tried = "; ".join(f"{failure.source}: {failure.reason}" for failure in failures) or "it has no source"
        super().__init__(f"weight {name!r}: {file} could not be had: {tried}")


class ArchiveRefused(WeightsError):
    """An archive for import is not one of ours, or holds something that it must not."""
