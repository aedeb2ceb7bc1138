"""DetectModerationLabels: AWS's names for what the engine tells, parents first."""

import io
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from honmono.engines.vision.moderation import EXPLICIT, THINGS
from honmono.services.rekognition.moderation_taxonomy import ILLUSTRATED, TOLD

ADAPTER = "arn:aws:rekognition:us-east-1:000000000000:project/p/version/v/1700000000000"


def picture(red: float, green: float, blue: float, size: int = 100) -> dict[str, bytes]:
    stream = io.BytesIO()
    colour = tuple(round(255 * share) for share in (red, green, blue))
    Image.new("RGB", (size, size), colour).save(stream, "PNG")
    return {"Bytes": stream.getvalue()}


def told(answer: Any) -> list[tuple[str, str, int, int]]:
    return [
        (each["Name"], each["ParentName"], each["TaxonomyLevel"], round(each["Confidence"]))
        for each in answer["ModerationLabels"]
    ]


def test_labels_with_their_parents_the_surest_first(watched: Any) -> None:
    assert told(watched.detect_moderation_labels(Image=picture(0.6, 0.2, 0.8))) == [
        ("Swimwear or Underwear", "", 1, 80),
        ("Female Swimwear or Underwear", "Swimwear or Underwear", 2, 80),
        ("Explicit", "", 1, 60),
    ]
    assert told(watched.detect_moderation_labels(Image=picture(0.2, 1, 0.2))) == [
        ("Violence", "", 1, 100),
        ("Weapons", "Violence", 2, 100),
    ]


def test_what_is_not_sure_enough_is_not_told(watched: Any) -> None:
    harmless = picture(0.2, 0.3, 0.4)
    assert told(watched.detect_moderation_labels(Image=harmless)) == []
    found = told(watched.detect_moderation_labels(Image=harmless, MinConfidence=25))
    assert [name for name, *_ in found] == [
        "Swimwear or Underwear",
        "Female Swimwear or Underwear",
        "Violence",
        "Weapons",
    ]
    least = told(watched.detect_moderation_labels(Image=harmless, MinConfidence=0))
    assert ("Male Swimwear or Underwear", "Swimwear or Underwear", 2, 20) in least


def test_what_kind_of_picture_it_is(watched: Any) -> None:
    assert watched.detect_moderation_labels(Image=picture(0.1, 0.9, 0.9))["ContentTypes"] == []
    (kind,) = watched.detect_moderation_labels(Image=picture(1, 0.8, 1))["ContentTypes"]
    assert (kind["Name"], round(kind["Confidence"])) == ("Illustrated", 80)


def test_the_model_is_named(watched: Any) -> None:
    answer = watched.detect_moderation_labels(Image=picture(0, 0, 0))
    assert answer["ModerationModelVersion"] == "colours/1.0"


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        ({"ProjectVersion": ADAPTER}, "ResourceNotFoundException", "adapters cannot be trained"),
        (
            {"HumanLoopConfig": {"HumanLoopName": "review", "FlowDefinitionArn": "arn:aws:sagemaker:us-east-1:0:x/y"}},
            "InvalidParameterException",
            "A2I",
        ),
    ],
)
def test_what_is_not_there_is_refused(watched: Any, more: Any, code: str, says: str) -> None:
    with pytest.raises(ClientError, match=says) as caught:
        watched.detect_moderation_labels(Image=picture(0, 0, 0), **more)
    assert caught.value.response["Error"]["Code"] == code


def test_all_that_the_engine_tells_has_a_name() -> None:
    assert {*TOLD, ILLUSTRATED} == {EXPLICIT, *THINGS}
