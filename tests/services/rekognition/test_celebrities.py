"""Celebrities: a gallery that the user fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.test_collections import BLUE, GREEN, ORANGE, RED, index

GALLERY = "honmono-celebrities"


@pytest.fixture
def gallery(rekognition: Any) -> Iterator[str]:
    rekognition.create_collection(CollectionId=GALLERY)
    yield GALLERY
    rekognition.delete_collection(CollectionId=GALLERY)


def test_without_a_gallery_every_face_is_unrecognised(rekognition: Any) -> None:
    told = rekognition.recognize_celebrities(Image={"Bytes": picture(RED, BLUE)})
    assert told["CelebrityFaces"] == []
    first, second = told["UnrecognizedFaces"]
    assert first["BoundingBox"]["Width"] > second["BoundingBox"]["Width"]
    assert refused(rekognition.get_celebrity_info, Id="0123456789")[0] == "ResourceNotFoundException"


def test_who_is_in_the_gallery_is_recognised_by_name(rekognition: Any, gallery: str) -> None:
    index(rekognition, gallery, RED, name="Ada_Lovelace:Q7259:Female")
    index(rekognition, gallery, (210, 30, 35), name="Ada_Lovelace:nm0000001")
    index(rekognition, gallery, BLUE, name="Ada_Lovelace-Byron")
    index(rekognition, gallery, ORANGE)  # faces without a name are nobody's
    index(rekognition, gallery, GREEN, name=":Q1:Male")
    told = rekognition.recognize_celebrities(Image={"Bytes": picture(GREEN, RED, BLUE)})
    ada, byron = told["CelebrityFaces"]
    assert (ada["Name"], byron["Name"]) == ("Ada Lovelace", "Ada Lovelace-Byron")
    assert set(ada["Urls"]) == {"www.wikidata.org/wiki/Q7259", "www.imdb.com/name/nm0000001"}
    assert ada["KnownGender"] == {"Type": "Female"}
    assert byron["Urls"] == []
    assert "KnownGender" not in byron
    assert ada["MatchConfidence"] > 99
    assert 0.34 < ada["Face"]["BoundingBox"]["Left"] < 0.37
    (green,) = told["UnrecognizedFaces"]
    assert green["BoundingBox"]["Left"] < 0.05
    info = rekognition.get_celebrity_info(Id=ada["Id"])
    assert (info["Name"], set(info["Urls"])) == ("Ada Lovelace", set(ada["Urls"]))
    assert rekognition.get_celebrity_info(Id=byron["Id"])["Name"] == "Ada Lovelace-Byron"
    assert refused(rekognition.get_celebrity_info, Id="0123456789")[0] == "ResourceNotFoundException"


def test_somebody_keeps_the_id_whatever_faces_come_and_go(rekognition: Any, gallery: str) -> None:
    (old,) = index(rekognition, gallery, RED, name="Grace_Hopper")
    image = {"Bytes": picture(RED)}
    before = rekognition.recognize_celebrities(Image=image)["CelebrityFaces"][0]["Id"]
    index(rekognition, gallery, (205, 30, 30), name="Grace_Hopper:Q11641")
    rekognition.delete_faces(CollectionId=gallery, FaceIds=[old])
    (after,) = rekognition.recognize_celebrities(Image=image)["CelebrityFaces"]
    assert after["Id"] == before
    assert after["Urls"] == ["www.wikidata.org/wiki/Q11641"]


def test_liveness_is_refused_and_no_session_pretended(rekognition: Any) -> None:
    code, message = refused(rekognition.create_face_liveness_session, Settings={"AuditImagesLimit": 2})
    assert code == "EngineUnavailable"
    assert "CompareFaces" in message
    code, _ = refused(rekognition.create_face_liveness_session, Settings={"AuditImagesLimit": 5})
    assert code == "InvalidParameterException"
    session = "12345678-1234-4234-8234-123456789012"
    code, message = refused(rekognition.get_face_liveness_session_results, SessionId=session)
    assert code == "SessionNotFoundException"
    assert session in message
