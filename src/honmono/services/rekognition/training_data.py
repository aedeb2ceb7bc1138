"""The data of a training: read, checked line by line and as a whole, and the pictures that are left.

What is wrong as a whole stops the training ("Terminal manifest content errors" in the developer guide); what is wrong in a
line leaves the line out, or the box.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from honmono.engines.errors import DamagedInput, InputTooLarge, InputTooSmall, UnsupportedInput
from honmono.engines.vision.custom.taking import take
from honmono.services.rekognition.manifest import MOST_LABELS, Line, read_line
from honmono.services.rekognition.splitting import split
from honmono.services.stored_files import FilesMissing

if TYPE_CHECKING:
    from honmono.engines.vision.pictures import Picture
    from honmono.services.stored_files import StoredFiles

UseCase = Literal["IMAGE_LEVEL_LABELS", "OBJECT_LOCALIZATION", "NOT_DETERMINED"]
Progress = Callable[[float, float | None, str], None]

_MOST_PICTURE_BYTES = 15 << 20
_MOST_INVALID = 0.2
_TEST_SHARE = 0.2
_LEAST_OVERLAP = 0.5
_LEAST_LABELS: dict[UseCase, int] = {"IMAGE_LEVEL_LABELS": 2, "OBJECT_LOCALIZATION": 1, "NOT_DETERMINED": 1}

MESSAGES = {
    "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST": "The manifest file contains too many invalid rows.",
    "ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS": "The manifest file contains images from multiple S3 buckets.",
    "ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT": "The manifest file contains insufficient labeled images per label "
    "to perform auto-split.",
    "ERROR_MANIFEST_TOO_FEW_LABELS": "The manifest file has too few labels.",
    "ERROR_MANIFEST_TOO_MANY_LABELS": "The manifest file has too many labels.",
    "ERROR_INSUFFICIENT_LABEL_OVERLAP": "Less than 50% label overlap between the training and testing manifest files.",
    "ERROR_MANIFEST_TOO_FEW_USABLE_LABELS": "The manifest file has too few usable labels.",
    "ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP": "Less than 50% usable label overlap between the training and testing "
    "manifest files.",
    "ERROR_FAILED_IMAGES_S3_COPY": "Failed to copy images from S3 bucket.",
}


@dataclass(slots=True)
class Part:
    """The training part or the testing part.

    Attributes:
        lines: all of them, in their order; faults are noted in them.
        use_case: what its lines are for.
        errors: codes of what is wrong with it as a whole.
    """

    lines: list[Line]
    use_case: UseCase = "NOT_DETERMINED"
    errors: list[str] = field(default_factory=list)

    def usable(self, use_case: UseCase) -> list[Line]:
        """The lines that a model of this kind learns from, or is tested with."""
        boxed = use_case == "OBJECT_LOCALIZATION"
        return [line for line in self.lines if line.valid and (line.boxes if boxed else line.labels)]

    def labels(self, use_case: UseCase) -> set[str]:
        """The labels of those lines."""
        return {name for line in self.usable(use_case) for name in names_of(line, use_case)}

    def statistics(self) -> dict[str, Any]:
        """As "Understanding the manifest summary" lays them out; lines are counted from 1."""
        invalid = [number for number, line in enumerate(self.lines, 1) if not line.valid and line.faults]
        valid = sum(line.valid for line in self.lines)
        return {
            "use_case": self.use_case,
            "total_json_lines": len(self.lines),
            "valid_json_lines": valid,
            "invalid_json_lines": len(invalid),
            "ignored_json_lines": len(self.lines) - valid - len(invalid),
            "error_json_line_indices": [number for number, line in enumerate(self.lines, 1) if line.faults],
            "errors": [{"code": code, "message": MESSAGES[code]} for code in self.errors],
        }


@dataclass(slots=True)
class TrainingData:
    """Both parts.

    Attributes:
        errors: codes of what is wrong between them.
        use_case: the kind of model that is to be trained.
    """

    training: Part
    testing: Part
    errors: list[str] = field(default_factory=list)
    use_case: UseCase = "NOT_DETERMINED"

    @property
    def problem(self) -> str:
        """What stops the training, in AWS's words; empty if nothing does."""
        codes = [*self.training.errors, *self.testing.errors, *self.errors]
        return MESSAGES[codes[0]] if codes else ""

    def summary(self) -> dict[str, Any]:
        """The manifest summary."""
        return {
            "statistics": {"training": self.training.statistics(), "testing": self.testing.statistics()},
            "errors": [{"code": code, "message": MESSAGES[code]} for code in self.errors],
        }


class Pictures:
    """The pictures of an account by their URIs."""

    def __init__(self, files: StoredFiles) -> None:
        self._files = files

    def take(self, uri: str) -> Picture:
        """Read and decode one.

        Raises FilesMissing, UnsupportedInput, DamagedInput, InputTooLarge, InputTooSmall.
        """
        found = self._files.find(uri)
        if found[0].uri != uri:
            raise FilesMissing(f"there is no object {uri}")
        if found[0].size > _MOST_PICTURE_BYTES:
            raise InputTooLarge(f"{uri} has {found[0].size} bytes; at most {_MOST_PICTURE_BYTES} are read")
        with self._files.open(found[0]) as stream:
            return take(stream.read())


def read(
    training: Iterable[str], testing: Iterable[str] | None, pictures: Pictures, progress: Progress
) -> TrainingData:
    """Read the manifests' lines, look at each picture, and say what is wrong.

    `testing` is None where a fifth of the training lines is to be put aside for it.
    """
    part = Part([read_line(text) for text in training])
    data = TrainingData(part, Part([] if testing is None else [read_line(text) for text in testing]))
    parts = [data.training] if testing is None else [data.training, data.testing]
    for each in parts:
        _check_pictures(each.lines, pictures, progress)
        _check_part(each)
    data.use_case = _use_case(data.training)
    if testing is None and not data.training.errors:
        _auto_split(data)
    data.training.use_case = data.testing.use_case = data.use_case
    if not data.problem:
        _check_labels(data)
    return data


def names_of(line: Line, use_case: UseCase) -> set[str]:
    """The labels of a line that count for a model of this kind."""
    return {box.label for box in line.boxes} if use_case == "OBJECT_LOCALIZATION" else set(line.labels)


def manifest_text(lines: Sequence[Line]) -> str:
    """Lines as a manifest, with the faults that were noted in them."""
    return "".join(json.dumps(line.data) + "\n" for line in lines)


def write_manifest(path: Path, lines: Sequence[Line]) -> None:
    """Write such a manifest."""
    path.write_text(manifest_text(lines), encoding="utf-8")


def _check_pictures(lines: list[Line], pictures: Pictures, progress: Progress) -> None:
    for number, line in enumerate(lines, 1):
        if line.valid:
            try:
                picture = pictures.take(line.source)
            except (FilesMissing, UnsupportedInput, DamagedInput, InputTooLarge, InputTooSmall):
                line.spoil("ERROR_INVALID_IMAGE")
            else:
                # Boxes in pixels of a picture of another shape, one that was not turned upright say, are elsewhere.
                if line.boxes and not _same_shape(line.size, (picture.width, picture.height)):
                    line.spoil("ERROR_INVALID_IMAGE_DIMENSION")
        progress(number, len(lines), "images checked")


def _same_shape(said: tuple[int, int], seen: tuple[int, int]) -> bool:
    """Whether two sizes have the same ratio of the sides, within a pixel's rounding or two hundredths."""
    return abs(said[0] * seen[1] / (said[1] * seen[0]) - 1) <= 0.02


def _check_part(part: Part) -> None:
    invalid = sum(not line.valid and bool(line.faults) for line in part.lines)
    valid = [line for line in part.lines if line.valid]
    if invalid > _MOST_INVALID * len(part.lines):
        codes = Counter(code for line in part.lines for code in line.faults)
        nothing_came = not valid and codes["ERROR_INVALID_IMAGE"] == len(part.lines)
        part.errors.append("ERROR_FAILED_IMAGES_S3_COPY" if nothing_came else "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST")
    if len({line.bucket for line in valid}) > 1:
        part.errors.append("ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS")
    labels = {name for line in valid for name in line.names}
    if not labels and not part.errors:
        part.errors.append("ERROR_MANIFEST_TOO_FEW_LABELS")
    if len(labels) > MOST_LABELS:
        part.errors.append("ERROR_MANIFEST_TOO_MANY_LABELS")


def _use_case(part: Part) -> UseCase:
    """What most lines are for; boxes where they are as many, as they say more."""
    boxed, whole = (len(part.usable(case)) for case in ("OBJECT_LOCALIZATION", "IMAGE_LEVEL_LABELS"))
    if not boxed and not whole:
        return "NOT_DETERMINED"
    return "OBJECT_LOCALIZATION" if boxed >= whole else "IMAGE_LEVEL_LABELS"


def _auto_split(data: TrainingData) -> None:
    usable = {id(line) for line in data.training.usable(data.use_case)}
    lines = data.training.lines
    chosen = split([sorted(names_of(line, data.use_case)) if id(line) in usable else [] for line in lines], _TEST_SHARE)
    if chosen is None:
        data.training.errors.append("ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT")
        return
    data.testing.lines = [line for place, line in enumerate(lines) if place in chosen]
    data.training.lines = [line for place, line in enumerate(lines) if place not in chosen]


def _check_labels(data: TrainingData) -> None:
    for part in (data.training, data.testing):
        if len({name for line in part.lines if line.valid for name in line.names}) < _LEAST_LABELS[data.use_case]:
            part.errors.append("ERROR_MANIFEST_TOO_FEW_LABELS")
        elif len(part.labels(data.use_case)) < _LEAST_LABELS[data.use_case]:
            part.errors.append("ERROR_MANIFEST_TOO_FEW_USABLE_LABELS")
    if data.problem:
        return
    every = [
        {name for line in part.lines if line.valid for name in line.names} for part in (data.training, data.testing)
    ]
    usable = [part.labels(data.use_case) for part in (data.training, data.testing)]
    if len(every[0] & every[1]) < _LEAST_OVERLAP * len(every[0]):
        data.errors.append("ERROR_INSUFFICIENT_LABEL_OVERLAP")
    elif len(usable[0] & usable[1]) < _LEAST_OVERLAP * len(usable[0]):
        data.errors.append("ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP")
