"""What is wrong with the data of a training as a whole, in AWS's codes."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from tests.services.rekognition.customised import box_line, label_line

from honmono.engines.errors import DamagedInput, InputTooSmall
from honmono.engines.vision.pictures import Picture
from honmono.services.rekognition.training_data import MESSAGES, read


@dataclass
class Shown:
    """Pictures that are there, but those whose names begin with "bad"."""

    size: tuple[int, int] = (640, 480)
    asked: list[str] = field(default_factory=list)

    def take(self, uri: str) -> Picture:
        self.asked.append(uri)
        if "/bad" in uri:
            raise DamagedInput("it is damaged")
        if "/tiny" in uri:
            raise InputTooSmall("it is too small")
        return Picture(np.zeros((8, 8, 3), np.uint8), *self.size, "PNG")


def labelled(count: int, *labels: str, name: str = "p", bucket: str = "b") -> list[dict[str, Any]]:
    return [label_line(f"s3://{bucket}/{name}{labels}{number}", *labels) for number in range(count)]


def boxed(count: int, label: str, name: str = "q") -> list[dict[str, Any]]:
    return [
        box_line(f"s3://b/{name}{label}{number}", [(label, (10, 20, 30, 40))], (640, 480)) for number in range(count)
    ]


def checked(training: list[Any], testing: list[Any] | None, pictures: Shown | None = None):
    def texts(lines: list[Any]) -> list[str]:
        return [line if isinstance(line, str) else json.dumps(line) for line in lines]

    given = None if testing is None else texts(testing)
    return read(texts(training), given, pictures or Shown(), lambda done, total, what: None)


def test_good_data_of_whole_pictures() -> None:
    data = checked(labelled(4, "a") + labelled(4, "b"), labelled(1, "a") + labelled(1, "b"))
    assert data.problem == ""
    assert data.use_case == "IMAGE_LEVEL_LABELS"
    assert len(data.training.usable(data.use_case)) == 8
    assert data.summary()["statistics"]["testing"]["valid_json_lines"] == 2


def test_a_fifth_is_split_off() -> None:
    data = checked(labelled(10, "a") + labelled(10, "b"), None)
    assert (len(data.training.lines), len(data.testing.lines)) == (16, 4)
    assert data.testing.labels(data.use_case) == {"a", "b"}


def test_boxes_make_a_detector_of_one_label() -> None:
    data = checked(boxed(5, "a"), boxed(2, "a", "r"))
    assert (data.problem, data.use_case) == ("", "OBJECT_LOCALIZATION")


def test_lines_of_the_rarer_kind_are_not_used() -> None:
    data = checked(boxed(5, "a") + labelled(2, "b"), boxed(2, "a", "r"))
    assert data.use_case == "OBJECT_LOCALIZATION"
    assert len(data.training.usable(data.use_case)) == 5


@pytest.mark.parametrize(
    ("training", "testing", "where", "code"),
    [
        (labelled(4, "a"), labelled(1, "a"), "training", "ERROR_MANIFEST_TOO_FEW_LABELS"),
        (labelled(1, "a") + labelled(4, "b"), None, "training", "ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT"),
        (labelled(4, "a") + labelled(4, "b", bucket="c"), None, "training", "ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS"),
        (
            labelled(4, "a") + labelled(4, "b"),
            labelled(1, "c") + labelled(1, "d"),
            "between",
            "ERROR_INSUFFICIENT_LABEL_OVERLAP",
        ),
        (
            labelled(4, "a") + ["{"] * 2,
            labelled(1, "a"),
            "training",
            "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST",
        ),
        (labelled(3, "a", name="bad"), None, "training", "ERROR_FAILED_IMAGES_S3_COPY"),
        (
            [line for number in range(251) for line in labelled(1, f"l{number}")],
            None,
            "training",
            "ERROR_MANIFEST_TOO_MANY_LABELS",
        ),
    ],
)
def test_data_that_stops_a_training(training, testing, where: str, code: str) -> None:
    data = checked(training, testing)
    assert data.problem == MESSAGES[code]
    summary = data.summary()
    errors = summary["errors"] if where == "between" else summary["statistics"][where]["errors"]
    assert errors == [{"code": code, "message": MESSAGES[code]}]


def test_bad_pictures_are_left_out_and_named_by_their_lines() -> None:
    lines = labelled(5, "a") + labelled(1, "b", name="bad") + labelled(5, "b") + labelled(1, "b", name="tiny")
    data = checked(lines, labelled(1, "a") + labelled(1, "b"))
    assert data.problem == ""
    statistics = data.summary()["statistics"]["training"]
    assert statistics["error_json_line_indices"] == [6, 12]
    assert (statistics["total_json_lines"], statistics["valid_json_lines"], statistics["invalid_json_lines"]) == (
        12,
        10,
        2,
    )
    assert data.training.lines[5].data["errors"][0]["code"] == "ERROR_INVALID_IMAGE"


def test_unlabelled_pictures_are_ignored_and_not_looked_at() -> None:
    pictures = Shown()
    lines = labelled(3, "a") + labelled(3, "b") + [{"source-ref": f"s3://b/u{number}"} for number in range(9)]
    data = checked(lines, labelled(1, "a") + labelled(1, "b"), pictures)
    assert data.problem == ""
    assert data.summary()["statistics"]["training"]["ignored_json_lines"] == 9
    assert not any("/u" in uri for uri in pictures.asked)


def test_boxes_of_a_picture_of_another_shape_are_refused() -> None:
    assert checked(boxed(5, "a"), boxed(2, "a", "r"), Shown(size=(1280, 960))).problem == ""
    turned = checked(boxed(5, "a"), boxed(2, "a", "r"), Shown(size=(480, 640)))
    assert turned.problem == MESSAGES["ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST"]
    assert turned.training.lines[0].faults == ["ERROR_INVALID_IMAGE_DIMENSION"]
