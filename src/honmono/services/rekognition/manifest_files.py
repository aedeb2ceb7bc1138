"""Manifests as files: where they come from, how they are read line by line, and what is wrong with them as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from honmono.services.rekognition.manifest import MOST_LENGTH
from honmono.services.stored_files import FilesMissing, StoredFiles

INPUT = "input"
"""Of a job: the folder of the manifests that it was given, beside its output."""
MOST_LINES = 250_000
_MOST_BYTES = 1 << 30
_READ = 4 * MOST_LENGTH + 2
"""Bytes of the longest line that can have so many characters."""

MESSAGES = {
    "ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT": "The manifest file extension or contents are invalid.",
    "ERROR_EMPTY_MANIFEST": "The manifest file is empty.",
    "ERROR_MANIFEST_SIZE_TOO_LARGE": "The manifest file size exceeds the maximum supported size.",
    "ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM": "The manifest file has too many rows.",
    "ERROR_TOO_MANY_RECORDS_IN_ERROR": "The manifest file has too many terminal errors.",
    "ERROR_MANIFEST_TOO_MANY_LABELS": "The manifest file has too many labels.",
    "ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE": "The manifest file doesn't have enough labeled images to "
    "distribute the dataset.",
}
"""Source: "Debugging terminal dataset errors" and "Terminal manifest file errors" in the developer guide."""


class ManifestInvalid(Exception):
    """A manifest that cannot be used at all; the message is AWS's, with what we know more."""

    def __init__(self, code: str, more: str = "") -> None:
        self.code = code
        super().__init__(f"{MESSAGES[code]} {more}".strip())


def lines_of_object(files: StoredFiles, uri: str) -> Iterator[str]:
    """The lines of a manifest in S3. Raises ManifestInvalid."""
    try:
        found = files.find(uri)
        if found[0].uri != uri:
            raise FilesMissing(f"there is no object {uri}")
        if found[0].size > _MOST_BYTES:
            raise ManifestInvalid("ERROR_MANIFEST_SIZE_TOO_LARGE")
        with files.open(found[0]) as stream:
            yield from _lines(stream)
    except FilesMissing as error:
        raise ManifestInvalid("ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT", f"({error})") from error


def lines_of_file(path: Path) -> Iterator[str]:
    """The lines of a manifest that a job was given or has written. Raises ManifestInvalid."""
    with path.open("rb") as stream:
        yield from _lines(stream)


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines, blank ones among them; of one that is too long so much that this can be seen."""
    count = 0
    while line := stream.readline(_READ):
        if not line.endswith(b"\n") and len(line) == _READ:
            while (more := stream.readline(_READ)) and not more.endswith(b"\n"):
                pass
        count += 1
        if count > MOST_LINES:
            raise ManifestInvalid("ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        yield text.removeprefix("\ufeff") if count == 1 else text
    if count == 0:
        raise ManifestInvalid("ERROR_EMPTY_MANIFEST")
