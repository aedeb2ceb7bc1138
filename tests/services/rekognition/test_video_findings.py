"""What is found in stored videos, with engines whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engines.vision.video.films import write_film
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.watched import Watching

pytestmark = pytest.mark.slow

RED, BLUE, WHITE = (230, 60, 60), (60, 60, 230), (250, 250, 250)


def ground(
    colour: tuple[int, int, int], frames: int, *boxes: tuple[int, int, int, int, tuple[int, int, int]]
) -> list[Any]:
    """Frames of one colour, 192 × 108, with boxes (left, top, right, bottom, colour) that move right by a pixel a frame."""
    film = []
    for number in range(frames):
        pixels = np.full((108, 192, 3), colour, np.uint8)
        for left, top, right, bottom, paint in boxes:
            pixels[top:bottom, left + number : right + number] = paint
        film.append(pixels)
    return film


@pytest.fixture(scope="module")
def warm_then_cold(framed: Watching, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    film = ground(RED, 25) + ground(BLUE, 25) + ground(RED, 25)
    return framed.put("warm.mp4", write_film(tmp_path_factory.mktemp("film") / "a.mp4", film))


def test_labels_are_told_at_each_time(framed: Watching, warm_then_cold: dict[str, Any]) -> None:
    job = framed.start("label_detection", warm_then_cold, JobTag="colours")
    found = framed.get("label_detection", job)
    assert (found["JobStatus"], found["JobTag"], found["JobId"]) == ("SUCCEEDED", "colours", job)
    assert found["Video"] == warm_then_cold
    assert found["VideoMetadata"]["FrameWidth"] == 192
    assert [(each["Timestamp"], each["Label"]["Name"]) for each in found["Labels"]] == [
        (0, "Temperature"), (0, "Warm"), (520, "Temperature"), (520, "Warm"), (1000, "Cold"), (1000, "Temperature"),
        (1520, "Cold"), (1520, "Temperature"), (2000, "Temperature"), (2000, "Warm"), (2520, "Temperature"), (2520, "Warm"),
    ]  # fmt: skip
    assert found["Labels"][1]["Label"]["Parents"] == [{"Name": "Temperature"}]
    by_name = framed.get("label_detection", job, SortBy="NAME")
    assert by_name["GetRequestMetadata"] == {"SortBy": "NAME", "AggregateBy": "TIMESTAMPS"}
    assert [each["Label"]["Name"] for each in by_name["Labels"]] == ["Cold"] * 2 + ["Temperature"] * 6 + ["Warm"] * 4
    sure = [each["Label"]["Confidence"] for each in by_name["Labels"][2:8]]
    assert sure == sorted(sure, reverse=True)


def test_labels_are_joined_to_stretches(framed: Watching, warm_then_cold: dict[str, Any]) -> None:
    job = framed.start("label_detection", warm_then_cold)
    found = framed.get("label_detection", job, AggregateBy="SEGMENTS")["Labels"]
    assert [
        (each["Label"]["Name"], each["StartTimestampMillis"], each["EndTimestampMillis"], each["DurationMillis"])
        for each in found
    ] == [("Temperature", 0, 2520, 2520), ("Warm", 0, 520, 520), ("Cold", 1000, 1520, 520), ("Warm", 2000, 2520, 520)]
    assert found[0]["Timestamp"] == 0


def test_labels_are_filtered(framed: Watching, warm_then_cold: dict[str, Any]) -> None:
    only = {"GeneralLabels": {"LabelInclusionFilters": ["Cold"]}}
    found = framed.done("label_detection", warm_then_cold, Settings=only)["Labels"]
    assert [each["Label"]["Name"] for each in found] == ["Cold", "Cold"]
    assert framed.done("label_detection", warm_then_cold, MinConfidence=99)["Labels"] == []
    both = {"GeneralLabels": {"LabelInclusionFilters": ["Cold"], "LabelExclusionFilters": ["Cold"]}}
    code, _ = refused(framed.rekognition.start_label_detection, Video=warm_then_cold, Settings=both)
    assert code == "InvalidParameterException"


def test_people_keep_their_index(framed: Watching, tmp_path: Path) -> None:
    dark, darker = (60, 20, 20), (20, 20, 60)
    film = ground(WHITE, 75, (10, 30, 30, 80, dark), (60, 30, 80, 80, darker))
    video = framed.put("people.mp4", write_film(tmp_path / "a.mp4", film))
    job = framed.start("person_tracking", video)
    found = framed.get("person_tracking", job)["Persons"]
    assert len(found) == 2 * 15
    assert found[0]["Timestamp"] == 0 and found[2]["Timestamp"] == 200
    for person, left in ((0, 10), (1, 60)):
        path = [each for each in found if each["Person"]["Index"] == person]
        assert len(path) == 15
        for each in path:
            moved = each["Timestamp"] * 25 / 1000
            assert each["Person"]["BoundingBox"]["Left"] * 192 == pytest.approx(left + moved, abs=2)
    indices = [each["Person"]["Index"] for each in framed.get("person_tracking", job, SortBy="INDEX")["Persons"]]
    assert indices == [0] * 15 + [1] * 15


def test_faces_are_told_at_each_time(framed: Watching, tmp_path: Path) -> None:
    film = ground(WHITE, 25) + ground(WHITE, 25, (40, 30, 80, 80, RED))
    found = framed.done("face_detection", framed.put("f.mp4", write_film(tmp_path / "a.mp4", film)))["Faces"]
    assert [each["Timestamp"] for each in found] == [1000, 1520]
    assert found[0]["Face"]["BoundingBox"]["Left"] == pytest.approx(40 / 192, abs=0.02)
    assert set(found[0]["Face"]) >= {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


def test_who_of_a_collection_was_seen(framed: Watching, tmp_path: Path) -> None:
    client = framed.rekognition
    client.create_collection(CollectionId="staff")
    for name, colour in (("red", RED), ("blue", BLUE)):
        client.index_faces(CollectionId="staff", Image={"Bytes": picture(colour)}, ExternalImageId=name)
    # A face that comes back after a second is the same person's; the other's is not.
    film = [
        *ground(WHITE, 25, (40, 30, 80, 80, RED)),
        *ground(WHITE, 25, (40, 30, 80, 80, (60, 230, 60))),
        *ground(WHITE, 25, (40, 30, 80, 80, RED)),
    ]
    video = framed.put("staff.mp4", write_film(tmp_path / "a.mp4", film))
    job = framed.start("face_search", video, CollectionId="staff")
    found = framed.get("face_search", job)["Persons"]
    names = [[match["Face"]["ExternalImageId"] for match in each.get("FaceMatches", [])] for each in found]
    assert names == [["red"], ["red"], [], [], ["red"], ["red"]]
    assert [each["Person"]["Index"] for each in found] == [0, 0, 1, 1, 0, 0]
    assert found[0]["FaceMatches"][0]["Similarity"] > 90
    sorted_by = framed.get("face_search", job, SortBy="INDEX")["Persons"]
    assert [each["Person"]["Index"] for each in sorted_by] == [0, 0, 0, 0, 1, 1]
    code, _ = refused(client.start_face_search, Video=video, CollectionId="nobody")
    assert code == "ResourceNotFoundException"


def test_celebrities_are_whom_the_gallery_names(framed: Watching, tmp_path: Path) -> None:
    film = ground(WHITE, 25, (40, 30, 80, 80, RED)) + ground(WHITE, 25, (40, 30, 80, 80, BLUE))
    video = framed.put("stars.mp4", write_film(tmp_path / "a.mp4", film))
    assert framed.done("celebrity_recognition", video)["Celebrities"] == []
    client = framed.rekognition
    client.create_collection(CollectionId="honmono-celebrities")
    image = {"Bytes": picture(BLUE)}
    client.index_faces(CollectionId="honmono-celebrities", Image=image, ExternalImageId="Ada_Lovelace:Q7259:Female")
    found = framed.done("celebrity_recognition", video)["Celebrities"]
    assert [(each["Timestamp"], each["Celebrity"]["Name"]) for each in found] == [
        (1000, "Ada Lovelace"), (1520, "Ada Lovelace"),
    ]  # fmt: skip
    assert found[0]["Celebrity"]["KnownGender"] == {"Type": "Female"}


def test_moderation_labels_are_told(framed: Watching, warm_then_cold: dict[str, Any]) -> None:
    job = framed.start("content_moderation", warm_then_cold, MinConfidence=60)
    found = framed.get("content_moderation", job)
    at_once = {each["Timestamp"] for each in found["ModerationLabels"]}
    assert at_once == {0, 520, 1000, 1520, 2000, 2520}
    red = {each["ModerationLabel"]["Name"] for each in found["ModerationLabels"] if each["Timestamp"] == 0}
    blue = {each["ModerationLabel"]["Name"] for each in found["ModerationLabels"] if each["Timestamp"] == 1000}
    assert red and blue and not red & blue
    stretches = framed.get("content_moderation", job, AggregateBy="SEGMENTS", SortBy="NAME")
    assert stretches["GetRequestMetadata"] == {"SortBy": "NAME", "AggregateBy": "SEGMENTS"}
    names = [each["ModerationLabel"]["Name"] for each in stretches["ModerationLabels"]]
    assert names == sorted(names)
    assert all(each["DurationMillis"] == 520 for each in stretches["ModerationLabels"])
