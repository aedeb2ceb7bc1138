"""DetectLabels as applications call it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image
from tests.conftest import RunningServer
from tests.services.rekognition.drawn import encoded, flower, halves, palace, plain

pytestmark = pytest.mark.weights


def detect(server: RunningServer, image: bytes, **options: Any) -> dict[str, Any]:
    return server.client("rekognition").detect_labels(Image={"Bytes": image}, **options)


def names(answer: dict[str, Any]) -> list[str]:
    return [label["Name"] for label in answer["Labels"]]


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return caught.value.response["Error"]["Code"]


def test_two_pictures_have_two_lists_of_labels(server: RunningServer) -> None:
    building, bloom = (detect(server, image, MinConfidence=15) for image in (palace(), flower()))
    assert {"Architecture", "Building", "Palace"} <= set(names(building))
    assert names(bloom) and not {"Architecture", "Building", "Palace"} & set(names(bloom))
    assert building["LabelModelVersion"] == "3.0"


def test_every_parent_is_a_label_too_and_at_least_as_sure(server: RunningServer) -> None:
    labels = {each["Name"]: each for each in detect(server, palace(), MinConfidence=5)["Labels"]}
    assert any(label["Parents"] for label in labels.values())
    for label in labels.values():
        for parent in label["Parents"]:
            assert labels[parent["Name"]]["Confidence"] >= label["Confidence"] - 1e-4


def test_labels_come_surest_first_as_many_and_as_sure_as_asked(server: RunningServer) -> None:
    everything = detect(server, palace(), MinConfidence=1)["Labels"]
    sureness = [label["Confidence"] for label in everything]
    assert sureness == sorted(sureness, reverse=True) and len(sureness) > 5
    few = detect(server, palace(), MinConfidence=1, MaxLabels=3)["Labels"]
    assert [label["Name"] for label in few] == [label["Name"] for label in everything[:3]]
    threshold = sureness[3]
    sure = detect(server, palace(), MinConfidence=threshold)["Labels"]
    assert all(label["Confidence"] >= threshold - 1e-4 for label in sure) and len(sure) < len(everything)


def test_filters_choose_by_name_and_by_category(server: RunningServer) -> None:
    def filtered(**filters: list[str]) -> list[str]:
        return names(detect(server, palace(), MinConfidence=5, Settings={"GeneralLabels": filters}))

    everything, category = filtered(), "Buildings and Architecture"
    assert filtered(LabelInclusionFilters=["Palace"]) == ["Palace"]
    assert filtered(LabelExclusionFilters=["Palace"]) == [name for name in everything if name != "Palace"]
    buildings = filtered(LabelCategoryInclusionFilters=[category])
    assert "Palace" in buildings and set(buildings) < set(everything)
    assert filtered(LabelCategoryExclusionFilters=[category]) == [each for each in everything if each not in buildings]
    both = filtered(LabelCategoryInclusionFilters=[category], LabelExclusionFilters=["Palace"])
    assert both == [name for name in buildings if name != "Palace"]


def test_a_filter_cannot_include_and_exclude_the_same(server: RunningServer) -> None:
    filters = {"LabelInclusionFilters": ["Dog"], "LabelExclusionFilters": ["Dog"]}
    with pytest.raises(ClientError, match="Dog is both") as caught:
        detect(server, flower(), Settings={"GeneralLabels": filters})
    assert code(caught) == "InvalidParameterException"


@pytest.mark.parametrize("options", [{"MinConfidence": 50}, {"MaxLabels": 3}, {"Settings": {"GeneralLabels": {}}}])
def test_parameters_of_labels_need_that_feature(server: RunningServer, options: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="GENERAL_LABELS") as caught:
        detect(server, flower(), Features=["IMAGE_PROPERTIES"], **options)
    assert code(caught) == "InvalidParameterException"


def test_colours_are_those_of_the_picture(server: RunningServer) -> None:
    answer = detect(server, halves("#cc0000", "#0000ff"), Features=["IMAGE_PROPERTIES"])
    assert "Labels" not in answer
    colours = answer["ImageProperties"]["DominantColors"]
    assert {colour["SimplifiedColor"] for colour in colours} == {"red", "blue"}
    assert {colour["HexCode"] for colour in colours} == {"#cc0000", "#0000ff"}
    assert {colour["CSSColor"] for colour in colours} >= {"blue"}
    assert sum(colour["PixelPercent"] for colour in colours) == pytest.approx(100, abs=0.1)


def test_at_most_as_many_colours_as_asked(server: RunningServer) -> None:
    for most in (0, 3, 20):
        settings = {"ImageProperties": {"MaxDominantColors": most}}
        properties = detect(server, flower(), Features=["IMAGE_PROPERTIES"], Settings=settings)["ImageProperties"]
        assert len(properties["DominantColors"]) <= most
        assert (len(properties["DominantColors"]) > 0) == (most > 0)


def test_quality_tells_a_dark_and_a_blurred_picture(server: RunningServer) -> None:
    def quality(image: bytes) -> dict[str, float]:
        return detect(server, image, Features=["IMAGE_PROPERTIES"])["ImageProperties"]["Quality"]

    sharp = Image.open(BytesIO(palace()))
    small = sharp.resize((64, 43))
    plainly, darkly = quality(palace()), quality(encoded(sharp.point(lambda value: value // 4)))
    softly = quality(encoded(small.resize(sharp.size)))
    assert darkly["Brightness"] < plainly["Brightness"] / 2 and darkly["Contrast"] < plainly["Contrast"]
    assert softly["Sharpness"] < plainly["Sharpness"] / 2


def test_what_is_in_front_has_colours_of_its_own(server: RunningServer) -> None:
    image = Image.new("RGB", (200, 200), "#0a5f0a")
    image.paste(Image.new("RGB", (80, 80), "#f0e000"), (60, 60))
    properties = detect(server, encoded(image), Features=["IMAGE_PROPERTIES"])["ImageProperties"]
    assert properties["Foreground"]["DominantColors"][0]["SimplifiedColor"] == "yellow"
    assert properties["Background"]["DominantColors"][0]["SimplifiedColor"] == "green"


def test_a_picture_in_s3_is_answered_as_its_bytes_are(server: RunningServer) -> None:
    s3 = server.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="flower.jpg", Body=flower())
    place = {"S3Object": {"Bucket": "pictures", "Name": "flower.jpg"}}
    stored = server.client("rekognition").detect_labels(Image=place)
    assert stored["Labels"] == detect(server, flower())["Labels"]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "InvalidImageFormatException"),
        (flower()[:2000], "InvalidImageFormatException"),
        (b"GIF89a" + bytes(100), "InvalidImageFormatException"),
        (plain("red", 10_001, 1), "ImageTooLargeException"),
        (bytes(6 << 20), "InvalidParameterException"),
    ],
    ids=["svg", "truncated", "gif", "10,001 pixels", "6 MB"],
)
def test_what_cannot_be_looked_at_is_refused(server: RunningServer, image: bytes, expected: str) -> None:
    with pytest.raises(ClientError) as caught:
        detect(server, image)
    assert code(caught) == expected


def test_the_smallest_and_the_most_even_pictures_are_answered(server: RunningServer) -> None:
    for image in (plain("white", 80, 80), plain("black", 5000, 80)):
        answer = detect(server, image, Features=["GENERAL_LABELS", "IMAGE_PROPERTIES"])
        assert answer["ImageProperties"]["DominantColors"][0]["PixelPercent"] == pytest.approx(100)
