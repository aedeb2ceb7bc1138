"""DetectProtectiveEquipment: what an engine sees, in AWS's form, and what is said where there is none."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.services.rekognition.test_moderation import picture

RED, PALE = picture(0.8, 0, 0), picture(0.4, 0, 0)


def summary(watched: Any, image: Any, *kinds: str, least: float = 60) -> list[list[int]]:
    wanted = {"MinConfidence": least, "RequiredEquipmentTypes": list(kinds)}
    found = watched.detect_protective_equipment(Image=image, SummarizationAttributes=wanted)["Summary"]
    return [found[f"Persons{name}"] for name in ("WithRequiredEquipment", "WithoutRequiredEquipment", "Indeterminate")]


def test_people_their_parts_and_what_covers_them(watched: Any) -> None:
    answer = watched.detect_protective_equipment(Image=RED)
    first, second, _ = answer["Persons"]
    assert "Summary" not in answer and answer["ProtectiveEquipmentModelVersion"] == "colours/1.0"
    assert [part["Name"] for part in first["BodyParts"]] == ["HEAD", "LEFT_HAND", "RIGHT_HAND"]
    (helmet,) = first["BodyParts"][0]["EquipmentDetections"]
    assert (helmet["Type"], helmet["CoversBodyPart"]["Value"], round(helmet["Confidence"])) == ("HEAD_COVER", True, 80)
    assert helmet["BoundingBox"] == {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
    assert [each["Id"] for each in answer["Persons"]] == [0, 1, 2]
    assert second["BodyParts"][0]["EquipmentDetections"] == []


def test_who_wears_what_is_required(watched: Any) -> None:
    assert summary(watched, RED, "HEAD_COVER") == [[0], [1], [2]]
    assert summary(watched, RED, "HAND_COVER") == [[1, 2], [0], []]
    assert summary(watched, RED, "HEAD_COVER", "HAND_COVER") == [[], [0, 1], [2]]
    assert summary(watched, RED, "FACE_COVER") == [[], [], [0, 1, 2]]


def test_what_is_not_sure_counts_for_nothing(watched: Any) -> None:
    assert summary(watched, RED, "HEAD_COVER", least=85) == [[], [0, 1], [2]]
    assert summary(watched, PALE, "HAND_COVER", least=1) == [[], [0, 1, 2], []]  # under 50 nothing counts
    assert summary(watched, RED, "HEAD_COVER", least=95) == [[], [], [0, 1, 2]]


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (picture(1, 0, 0, size=63), "InvalidParameterException"),
        (picture(1, 0, 0, size=4_097), "ImageTooLargeException"),
        ({"Bytes": b"no picture"}, "InvalidImageFormatException"),
        ({"Bytes": bytes((4 << 20) + 1)}, "ImageTooLargeException"),
        (picture(1, 0, 0, size=64), "EngineUnavailable"),
    ],
    ids=["small", "large", "text", "heavy", "good"],
)
def test_without_an_engine_pictures_are_checked_and_it_is_said_what_to_plug_in(
    server: RunningServer, image: Any, code: str
) -> None:
    with pytest.raises(ClientError) as caught:
        server.client("rekognition").detect_protective_equipment(Image=image)
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert ("[engines.protective-equipment]" in error["Message"]) == (code == "EngineUnavailable")
