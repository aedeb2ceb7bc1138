"""Lines of manifests, the hostile ones among them: each fault is named beside what is faulty."""

import json
from typing import Any

import pytest
from tests.services.rekognition.customised import box_line, label_line

from honmono.services.rekognition.manifest import MESSAGES, read_line

URI = "s3://pictures/a/1.png"
BOXES = [("Echo", (10, 20, 30, 40)), ("Echo Dot", (50, 20, 30, 40))]


def boxed() -> dict[str, Any]:
    return box_line(URI, BOXES, (640, 480))


def read(line: Any):
    return read_line(json.dumps(line))


def test_labels_of_a_whole_picture() -> None:
    line = read(label_line(URI, "football", "ball"))
    assert line.valid
    assert (line.source, line.bucket, line.labels, line.boxes) == (URI, "pictures", ["football", "ball"], [])
    assert not line.faults


def test_labelled_boxes() -> None:
    line = read(boxed())
    assert line.valid
    assert [(box.label, box.left, box.top, box.width, box.height) for box in line.boxes] == [
        ("Echo", 10, 20, 30, 40),
        ("Echo Dot", 50, 20, 30, 40),
    ]
    assert line.size == (640, 480)
    assert line.names == {"Echo", "Echo Dot"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ERROR_INVALID_JSON_LINE"),
        ("{", "ERROR_INVALID_JSON_LINE"),
        ("[1]", "ERROR_INVALID_JSON_LINE"),
        ("[" * 100_000, "ERROR_INVALID_JSON_LINE"),
        ('{"source-ref": "' + "x" * 100_000 + '"}', "ERROR_INVALID_JSON_LINE"),
        ('{"a": 1' + "0" * 5000 + "}", "ERROR_INVALID_JSON_LINE"),
        ('{"source": "s3://a/b"}', "ERROR_MISSING_SOURCE_REF"),
        ('{"source-ref": 7}', "ERROR_INVALID_SOURCE_REF_FORMAT"),
        ('{"source-ref": "https://a/b.png"}', "ERROR_INVALID_SOURCE_REF_FORMAT"),
        ('{"source-ref": "s3://a"}', "ERROR_INVALID_SOURCE_REF_FORMAT"),
        ('{"source-ref": "s3://a/\\ud800"}', "ERROR_INVALID_SOURCE_REF_FORMAT"),
        ('{"source-ref": "s3://a/b", "kind": 0}', "ERROR_NO_LABEL_ATTRIBUTES"),
        ('{"source-ref": "s3://a/b", "kind": 0, "kind-metadata": 3}', "ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT"),
    ],
)
def test_lines_that_cannot_be_used(text: str, code: str) -> None:
    line = read_line(text)
    assert not line.valid
    assert line.faults[0] == code
    assert {"code": code, "message": MESSAGES[code]} in line.data["errors"]
    json.dumps(line.data).encode()


def _changed(**changes: Any) -> dict[str, Any]:
    """The boxed line with members of its attribute and metadata changed."""
    line = boxed()
    for name, value in changes.items():
        part = line["box-metadata"] if name.replace("_", "-") in line["box-metadata"] else line["box"]
        part[name.replace("_", "-") if name.replace("_", "-") in part else name] = value
    return line


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"annotations": 5}, "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT"),
        ({"annotations": [5]}, "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT"),
        ({"image_size": []}, "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT"),
        ({"image_size": [{"width": 63, "height": 480, "depth": 3}]}, "ERROR_INVALID_IMAGE_DIMENSION"),
        ({"image_size": [{"width": True, "height": 480, "depth": 3}]}, "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT"),
        ({"objects": [{"confidence": 1}]}, "ERROR_MISSING_BOUNDING_BOX_CONFIDENCE"),
        ({"objects": [{"confidence": 1}, {"confidence": 7}]}, "ERROR_MISSING_BOUNDING_BOX_CONFIDENCE"),
        ({"class_map": {"0": "Echo"}}, "ERROR_MISSING_CLASS_MAP_ID"),
        ({"class_map": {"0": "Echo", "1": "\ud800"}}, "ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT"),
        ({"class_map": {"0": "Echo", "1": "x" * 256}}, "ERROR_INVALID_LABEL_NAME_LENGTH"),
        ({"type": "groundtruth/wrongtype"}, "ERROR_UNSUPPORTED_USE_CASE_TYPE"),
        ({"human_annotated": "maybe"}, "ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT"),
        (
            {"annotations": boxed()["box"]["annotations"] * 26, "objects": [{"confidence": 1}] * 52},
            "ERROR_TOO_MANY_BOUNDING_BOXES",
        ),
    ],
)
def test_boxes_whose_attribute_is_faulty(changes: dict[str, Any], code: str) -> None:
    line = read(_changed(**changes))
    assert not line.valid
    assert line.faults == [code, "ERROR_NO_VALID_LABEL_ATTRIBUTES"]


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ({"left": -1}, "ERROR_INVALID_BOUNDING_BOX"),
        ({"width": 700}, "ERROR_INVALID_BOUNDING_BOX"),
        ({"top": "7"}, "ERROR_INVALID_BOUNDING_BOX"),
        ({"top": float("nan")}, "ERROR_INVALID_BOUNDING_BOX"),
        ({"top": 10**400}, "ERROR_INVALID_BOUNDING_BOX"),
        ({"width": 1}, "ERROR_BOUNDING_BOX_TOO_SMALL"),
    ],
)
def test_a_faulty_box_is_left_out_and_the_others_stay(box: dict[str, Any], code: str) -> None:
    line = boxed()
    line["box"]["annotations"][0] |= box
    found = read(line)
    assert found.valid
    assert [each.label for each in found.boxes] == ["Echo Dot"]
    assert found.faults == [code]
    assert found.data["box"]["annotations"][0]["errors"] == [{"code": code, "message": MESSAGES[code]}]
    line["box"]["annotations"][1] |= box
    assert read(line).faults[-2:] == ["ERROR_NO_VALID_ANNOTATIONS", "ERROR_NO_VALID_LABEL_ATTRIBUTES"]


def test_a_line_without_annotations_is_neither_good_nor_faulty() -> None:
    unlabelled, empty = read({"source-ref": URI}), read(box_line(URI, [], (640, 480)))
    for line, code in ((unlabelled, "WARNING_UNANNOTATED_RECORD"), (empty, "WARNING_NO_ANNOTATIONS")):
        assert not line.valid
        assert not line.faults
        assert [warning["code"] for warning in line.data["warnings"]] == [code]


def test_what_an_earlier_check_noted_does_not_pile_up() -> None:
    line = boxed()
    line["box"]["annotations"][0]["left"] = -1
    once = read(line)
    twice = read(once.data)
    assert twice.data == once.data
    line["box"]["annotations"][0]["left"] = 10
    mended = json.loads(json.dumps(once.data))
    mended["box"]["annotations"][0]["left"] = 10
    assert read(mended).faults == []
