"""DetectText as it is called: lines, words, their places, and what filters leave."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests import documents
from tests.conftest import RunningServer

SIGN = documents.picture(["Keep off the grass", "Platform 4"], width=700, height=250)


@pytest.fixture
def rekognition(server: RunningServer) -> Any:
    return server.client("rekognition")


def words(answer: Any) -> list[str]:
    return [each["DetectedText"] for each in answer["TextDetections"] if each["Type"] == "WORD"]


def test_lines_first_then_words_that_point_to_them(rekognition: Any) -> None:
    found = rekognition.detect_text(Image={"Bytes": SIGN})["TextDetections"]
    assert [(each["Type"], each["DetectedText"], each.get("ParentId")) for each in found] == [
        ("LINE", "Keep off the grass", None),
        ("LINE", "Platform 4", None),
        ("WORD", "Keep", 0),
        ("WORD", "off", 0),
        ("WORD", "the", 0),
        ("WORD", "grass", 0),
        ("WORD", "Platform", 1),
        ("WORD", "4", 1),
    ]
    assert [each["Id"] for each in found] == list(range(8))
    for each in found:
        box, polygon = each["Geometry"]["BoundingBox"], each["Geometry"]["Polygon"]
        assert len(polygon) == 4 and 80 < each["Confidence"] <= 100
        assert min(point["X"] for point in polygon) == pytest.approx(box["Left"])
        assert max(point["Y"] for point in polygon) == pytest.approx(box["Top"] + box["Height"])


def test_another_picture_has_another_text(rekognition: Any) -> None:
    other = documents.picture(["改札口 Exit 3"], width=700, height=200)
    assert words(rekognition.detect_text(Image={"Bytes": other})) == ["改札口", "Exit", "3"]
    assert rekognition.detect_text(Image={"Bytes": documents.picture([])})["TextDetections"] == []


def test_a_picture_in_s3(server: RunningServer, rekognition: Any) -> None:
    s3 = server.client("s3")
    s3.create_bucket(Bucket="signs")
    s3.put_object(Bucket="signs", Key="grass.png", Body=SIGN)
    image = {"S3Object": {"Bucket": "signs", "Name": "grass.png"}}
    assert "grass" in words(rekognition.detect_text(Image=image))
    image["S3Object"]["Name"] = "other.png"
    with pytest.raises(ClientError) as caught:
        rekognition.detect_text(Image=image)
    assert caught.value.response["Error"]["Code"] == "InvalidS3ObjectException"


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"WordFilter": {"MinConfidence": 100}}, []),
        ({"WordFilter": {"MinBoundingBoxWidth": 0.1}}, ["Keep", "grass", "Platform"]),
        ({"WordFilter": {"MinBoundingBoxHeight": 0.9}}, []),
        (
            {"RegionsOfInterest": [{"BoundingBox": {"Left": 0, "Top": 0.45, "Width": 1, "Height": 0.5}}]},
            ["Platform", "4"],
        ),
        (
            {
                "RegionsOfInterest": [
                    {"Polygon": [{"X": 0, "Y": 0}, {"X": 0.25, "Y": 0}, {"X": 0.25, "Y": 1}, {"X": 0, "Y": 1}]}
                ]
            },
            ["Keep", "Platform"],
        ),
        ({"RegionsOfInterest": []}, ["Keep", "off", "the", "grass", "Platform", "4"]),
    ],
    ids=["confidence", "width", "height", "box", "polygon", "nowhere"],
)
def test_filters(rekognition: Any, filters: Any, left: list[str]) -> None:
    assert words(rekognition.detect_text(Image={"Bytes": SIGN}, Filters=filters)) == left


@pytest.mark.parametrize(
    "region",
    [
        {},
        {"BoundingBox": {"Left": 0, "Top": 0, "Width": 1}},
        {"BoundingBox": {"Left": 0.5, "Top": 0, "Width": 1, "Height": 1}},
        {"BoundingBox": {"Left": 0.5, "Top": 0, "Width": 0, "Height": 1}},
        {"Polygon": [{"X": 0, "Y": 0}, {"X": 1, "Y": 1}]},
    ],
    ids=["nothing", "no-height", "outside", "flat", "two-points"],
)
def test_a_region_that_is_none(rekognition: Any, region: Any) -> None:
    with pytest.raises(ClientError, match="RegionsOfInterest 1") as caught:
        rekognition.detect_text(Image={"Bytes": SIGN}, Filters={"RegionsOfInterest": [region]})
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_no_more_than_a_hundred_words(rekognition: Any) -> None:
    page = documents.picture(["in an to of by my we us he me up at on no so"] * 8, width=1000, height=700)
    answer = rekognition.detect_text(Image={"Bytes": page})
    assert len(words(answer)) == 100
