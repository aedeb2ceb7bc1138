"""A line of a SageMaker Ground Truth manifest: a picture with its labels, or with labelled boxes, and what is wrong in it.

Every fault gets the code and the words of "Non-terminal JSON line validation errors" in the developer guide, beside what
is faulty. A line with a faulty box is used without it; a line that is faulty itself is not used.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_LENGTH = 100_000
"""Characters of a line."""
MOST_LABELS, MOST_BOXES = 250, 50
"""Labels of a dataset; boxes of a picture."""
_LABEL_LENGTH = 255  # the guide says 256, and the shapes of ListDatasetLabels end here
_LEAST_SIDE, _MOST_SIDE, _RESIZED = 64, 4096, 1280
_CLASSIFICATION, _DETECTION = "groundtruth/image-classification", "groundtruth/object-detection"
_SOURCE = re.compile(r"s3://([^/]+)/(.+)", re.DOTALL)
_OURS = ("cl-errors", "cl-metadata", "errors", "warnings")
"""Members that Custom Labels itself adds; a manifest that it has written may be given to it again."""

MESSAGES = {
    "ERROR_INVALID_JSON_LINE": "The JSON Line has an invalid format.",
    "ERROR_MISSING_SOURCE_REF": "The source-ref key is missing.",
    "ERROR_INVALID_SOURCE_REF_FORMAT": "The format of the source-ref value is invalid.",
    "ERROR_NO_LABEL_ATTRIBUTES": "No label attributes found.",
    "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT": "The format of the label attribute {} is invalid.",
    "ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT": "The format of the label attribute metadata is invalid.",
    "ERROR_NO_VALID_LABEL_ATTRIBUTES": "No valid label attributes found.",
    "ERROR_MISSING_BOUNDING_BOX_CONFIDENCE": "One or more bounding boxes has a missing confidence value.",
    "ERROR_MISSING_CLASS_MAP_ID": "One of more class ids is missing from the class map.",
    "ERROR_INVALID_IMAGE": "The image is invalid. Check S3 path and/or image properties.",
    "ERROR_INVALID_IMAGE_DIMENSION": "The image dimension(s) do not conform to allowed dimensions.",
    "ERROR_INVALID_BOUNDING_BOX": "The bounding box has off frame values.",
    "ERROR_NO_VALID_ANNOTATIONS": "No valid annotations found.",
    "ERROR_BOUNDING_BOX_TOO_SMALL": "The height and width of the bounding box is too small.",
    "ERROR_TOO_MANY_BOUNDING_BOXES": "There are more bounding boxes than the allowed maximum.",
    "ERROR_UNSUPPORTED_USE_CASE_TYPE": "The use case type of the {} label attribute metadata is unsupported. Check the "
    "type field.",
    "ERROR_INVALID_LABEL_NAME_LENGTH": "The length of the label name is invalid.",
    "WARNING_UNANNOTATED_RECORD": "Record is unannotated.",
    "WARNING_NO_ANNOTATIONS": "No annotations were found.",
    "WARNING_NO_ATTRIBUTE_ANNOTATIONS": "No attribute annotations were found.",
}


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """An object, in pixels of the picture as its file has them."""

    label: str
    left: float
    top: float
    width: float
    height: float


@dataclass(slots=True)
class Line:
    """A line, as it is understood.

    Attributes:
        data: the JSON object, with faults noted in it; of a line that is none, the faults alone.
        source: the picture's S3 URI; empty where there is none.
        labels: of the whole picture.
        boxes: of objects in it.
        size: width and height of the picture as the boxes have it.
        faults: codes, in the order in which they were found.
        valid: whether it can be learned from. A line without annotations is neither valid nor faulty.
    """

    data: dict[str, Any]
    source: str = ""
    labels: list[str] = field(default_factory=list)
    boxes: list[LabelledBox] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    faults: list[str] = field(default_factory=list)
    valid: bool = False

    @property
    def names(self) -> set[str]:
        """The labels that it uses, of either kind."""
        return {*self.labels, *(box.label for box in self.boxes)}

    @property
    def bucket(self) -> str:
        """Where the picture is."""
        found = _SOURCE.fullmatch(self.source)
        return found[1] if found else ""

    def note(self, code: str, place: dict[str, Any] | None = None, *, about: str = "") -> None:
        """Write a fault into the line, beside what is faulty."""
        kind = "warnings" if code.startswith("WARNING") else "errors"
        (self.data if place is None else place).setdefault(kind, []).append(
            {"code": code, "message": MESSAGES[code].format(about)}
        )
        if kind == "errors":
            self.faults.append(code)

    def spoil(self, code: str) -> None:
        """Note a fault because of which the line cannot be used."""
        self.note(code)
        self.valid = False


def read_line(text: str) -> Line:
    """Understand a line; whatever it is, there is an answer."""
    data = _object(text)
    if data is None:
        line = Line({})
        line.spoil("ERROR_INVALID_JSON_LINE")
        return line
    line = Line(_without_ours(data))
    source = line.data.get("source-ref")
    if "source-ref" not in line.data:
        line.spoil("ERROR_MISSING_SOURCE_REF")
        return line
    if not isinstance(source, str) or not _SOURCE.fullmatch(source) or not _writable(source):
        line.spoil("ERROR_INVALID_SOURCE_REF_FORMAT")
        return line
    line.source = source
    attributes = [name for name in line.data if f"{name}-metadata" in line.data]
    if not attributes:
        if set(line.data) == {"source-ref"}:
            line.note("WARNING_UNANNOTATED_RECORD")
        else:
            line.spoil("ERROR_NO_LABEL_ATTRIBUTES")
        return line
    empty = [_read_attribute(line, name) for name in attributes]
    line.labels = list(dict.fromkeys(line.labels))
    if line.labels or line.boxes:
        line.valid = True
    elif "empty" in empty and "faulty" not in empty:
        line.note("WARNING_NO_ANNOTATIONS")
    else:
        line.spoil("ERROR_NO_VALID_LABEL_ATTRIBUTES")
    return line


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > MOST_LENGTH:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _without_ours(value: Any, depth: int = 0) -> Any:
    """Without what an earlier check has noted: at the top, in attributes, in their metadata and in annotations."""
    if isinstance(value, dict) and depth <= 3:
        return {name: _without_ours(each, depth + 1) for name, each in value.items() if name not in _OURS}
    if isinstance(value, list) and depth <= 3:
        return [_without_ours(each, depth + 1) for each in value]
    return value


def _read_attribute(line: Line, name: str) -> str:
    """Take an attribute's labels or boxes; whether it was "good", "empty" or "faulty"."""
    value, metadata = line.data[name], line.data[f"{name}-metadata"]
    if not isinstance(metadata, dict):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT")
        return "faulty"
    kind = metadata.get("type")
    if kind not in (_CLASSIFICATION, _DETECTION):
        line.note("ERROR_UNSUPPORTED_USE_CASE_TYPE", metadata, about=f"{name}-metadata")
        return "faulty"
    if metadata.get("human-annotated") not in ("yes", "no") or not isinstance(metadata.get("creation-date"), str):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT", metadata)
        return "faulty"
    if kind == _CLASSIFICATION:
        return _read_label(line, name, value, metadata)
    return _read_boxes(line, name, value, metadata)


def _read_label(line: Line, name: str, value: Any, metadata: dict[str, Any]) -> str:
    label: Any = metadata.get("class-name")
    if not _whole(value):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT", about=name)
        return "faulty"
    if not _named(label) or not _share(metadata.get("confidence")):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT", metadata)
        return "faulty"
    if len(label) > _LABEL_LENGTH:
        line.note("ERROR_INVALID_LABEL_NAME_LENGTH", metadata)
        return "faulty"
    line.labels.append(label)
    return "good"


def _read_boxes(line: Line, name: str, value: Any, metadata: dict[str, Any]) -> str:
    size = _size(value)
    annotations = value.get("annotations") if isinstance(value, dict) else None
    if size is None or not isinstance(annotations, list) or not all(isinstance(each, dict) for each in annotations):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT", value if isinstance(value, dict) else None, about=name)
        return "faulty"
    if not all(_LEAST_SIDE <= side <= _MOST_SIDE for side in size):
        line.note("ERROR_INVALID_IMAGE_DIMENSION", value)
        return "faulty"
    objects, names = metadata.get("objects"), metadata.get("class-map")
    if not isinstance(objects, list) or not isinstance(names, dict) or not all(map(_named, names.values())):
        line.note("ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT", metadata)
        return "faulty"
    if any(len(each) > _LABEL_LENGTH for each in names.values()):
        line.note("ERROR_INVALID_LABEL_NAME_LENGTH", metadata)
        return "faulty"
    if not annotations:
        line.note("WARNING_NO_ATTRIBUTE_ANNOTATIONS", value)
        return "empty"
    if len(annotations) > MOST_BOXES:
        line.note("ERROR_TOO_MANY_BOUNDING_BOXES", value)
        return "faulty"
    if len(objects) < len(annotations) or not all(
        isinstance(each, dict) and _share(each.get("confidence")) for each in objects[: len(annotations)]
    ):
        line.note("ERROR_MISSING_BOUNDING_BOX_CONFIDENCE", metadata)
        return "faulty"
    if not all(str(each.get("class_id")) in names for each in annotations):
        line.note("ERROR_MISSING_CLASS_MAP_ID", metadata)
        return "faulty"
    boxes = list(_valid_boxes(line, annotations, names, size))
    if not boxes:
        line.note("ERROR_NO_VALID_ANNOTATIONS", value)
        return "faulty"
    line.boxes += boxes
    line.size = size
    return "good"


def _valid_boxes(
    line: Line, annotations: list[dict[str, Any]], names: dict[str, str], size: tuple[int, int]
) -> Iterator[LabelledBox]:
    shrunk = min(1.0, _RESIZED / max(size))
    for each in annotations:
        numbers = [each.get(side) for side in ("left", "top", "width", "height")]
        if not all(map(_finite, numbers)):
            line.note("ERROR_INVALID_BOUNDING_BOX", each)
            continue
        left, top, width, height = (float(number) for number in numbers if number is not None)
        if min(left, top, width, height) < 0 or left + width > size[0] or top + height > size[1]:
            line.note("ERROR_INVALID_BOUNDING_BOX", each)
        elif width * shrunk <= 1 or height * shrunk <= 1:
            line.note("ERROR_BOUNDING_BOX_TOO_SMALL", each)
        else:
            yield LabelledBox(names[str(each["class_id"])], left, top, width, height)


def _size(value: Any) -> tuple[int, int] | None:
    sizes = value.get("image_size") if isinstance(value, dict) else None
    if not isinstance(sizes, list) or len(sizes) != 1 or not isinstance(sizes[0], dict):
        return None
    width, height, depth = (sizes[0].get(side) for side in ("width", "height", "depth"))
    if not (_whole(width) and _whole(height) and _whole(depth)):
        return None
    return width, height  # type: ignore[return-value]  # whole numbers, as was just looked


def _named(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and _writable(value) and "\n" not in value


def _writable(text: str) -> bool:
    """Whether it is text: JSON can spell halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53


def _finite(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1 << 53 and math.isfinite(value)
    )


def _share(value: Any) -> bool:
    return _finite(value) and 0 <= value <= 1
