"""DetectFaces and CompareFaces as an application asks for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.engines.vision.faces.drawing import as_file, draw_face

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def two_faces() -> bytes:
    small = draw_face(640, at=(0.25, 0.5), scale=6, wide=1.2, skin=(120, 80, 60), lips=(120, 50, 60))
    return as_file(draw_face(640, at=(0.72, 0.5), scale=12, canvas=small), "JPEG")


def test_faces_are_where_they_are_and_as_many(server: RunningServer) -> None:
    rekognition = server.client("rekognition")
    (one,) = rekognition.detect_faces(Image={"Bytes": as_file(draw_face())})["FaceDetails"]
    large, small = rekognition.detect_faces(Image={"Bytes": two_faces()})["FaceDetails"]
    assert {each["Type"] for each in one["Landmarks"]} == {"eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose"}
    assert set(one) == {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}
    assert large["BoundingBox"]["Left"] > 0.4 > small["BoundingBox"]["Left"]
    assert large["BoundingBox"]["Height"] > small["BoundingBox"]["Height"]


def test_attributes_are_as_asked(server: RunningServer) -> None:
    rekognition = server.client("rekognition")
    picture = {"Bytes": as_file(draw_face(roll=15))}
    (some,) = rekognition.detect_faces(Image=picture, Attributes=["DEFAULT", "SMILE", "AGE_RANGE"])["FaceDetails"]
    assert {"Smile", "AgeRange"} <= set(some) and "Gender" not in some
    (whole,) = rekognition.detect_faces(Image=picture, Attributes=["ALL", "DEFAULT"])["FaceDetails"]
    assert len(whole["Landmarks"]) == 30
    assert whole["Pose"]["Roll"] == pytest.approx(15, abs=4)
    assert {each["Type"] for each in whole["Emotions"]} >= {"HAPPY", "CALM", "CONFUSED"}
    assert whole["AgeRange"]["Low"] < whole["AgeRange"]["High"]


def test_a_picture_in_s3_is_read_and_one_that_is_not_there_is_told(server: RunningServer) -> None:
    s3, rekognition = server.client("s3"), server.client("rekognition")
    s3.create_bucket(Bucket="portraits")
    s3.put_object(Bucket="portraits", Key="one.png", Body=as_file(draw_face()))
    place = {"Bucket": "portraits", "Name": "one.png"}
    assert len(rekognition.detect_faces(Image={"S3Object": place})["FaceDetails"]) == 1
    with pytest.raises(ClientError) as caught:
        rekognition.detect_faces(Image={"S3Object": {**place, "Name": "two.png"}})
    assert caught.value.response["Error"]["Code"] == "InvalidS3ObjectException"


def test_the_same_face_is_more_alike_than_another_and_the_threshold_divides_them(server: RunningServer) -> None:
    rekognition = server.client("rekognition")
    pictures = {"SourceImage": {"Bytes": as_file(draw_face(scale=10))}, "TargetImage": {"Bytes": two_faces()}}
    everything = rekognition.compare_faces(**pictures, SimilarityThreshold=0)
    first, second = everything["FaceMatches"]
    assert everything["UnmatchedFaces"] == []
    assert first["Similarity"] > 80 and first["Similarity"] > second["Similarity"]
    between = (first["Similarity"] + second["Similarity"]) / 2
    answer = rekognition.compare_faces(**pictures, SimilarityThreshold=between)
    (match,), (other,) = answer["FaceMatches"], answer["UnmatchedFaces"]
    assert match["Face"]["BoundingBox"]["Left"] > 0.4 > other["BoundingBox"]["Left"]
    assert answer["SourceImageFace"]["Confidence"] > 50


def test_without_a_face_there_is_nothing_to_compare(server: RunningServer) -> None:
    face, empty = as_file(draw_face()), as_file(np.full((200, 200, 3), 90, np.uint8))
    small = as_file(draw_face(320, scale=3))
    requests: list[tuple[bytes, bytes, dict[str, Any]]] = [
        (empty, face, {}),
        (face, empty, {}),
        (small, face, {"QualityFilter": "HIGH"}),
    ]
    for source, target, more in requests:
        with pytest.raises(ClientError, match="no face was found") as caught:
            server.client("rekognition").compare_faces(
                SourceImage={"Bytes": source}, TargetImage={"Bytes": target}, **more
            )
        assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_what_is_no_picture_is_told(server: RunningServer) -> None:
    for image in (
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        as_file(draw_face(), "JPEG")[:4000],
        b"\x89PNG\r\n\x1a\n",
    ):
        with pytest.raises(ClientError) as caught:
            server.client("rekognition").detect_faces(Image={"Bytes": image})
        assert caught.value.response["Error"]["Code"] == "InvalidImageFormatException"
