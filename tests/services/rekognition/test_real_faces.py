"""A collection with the real networks, from the picture to the match; the people are drawn."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageEnhance
from tests.conftest import RunningServer
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.drawn_faces import ADA, GRACE, HEDY, as_file, group, portrait

pytestmark = [pytest.mark.weights, pytest.mark.slow]

PEOPLE = {"Ada": ADA, "Grace": GRACE, "Hedy": HEDY}


def names(told: dict[str, Any]) -> list[str]:
    return [match["Face"]["ExternalImageId"] for match in told["FaceMatches"]]


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Any:
    found = server.client("rekognition")
    found.create_collection(CollectionId="drawn")
    for name, person in PEOPLE.items():
        told = found.index_faces(CollectionId="drawn", Image={"Bytes": as_file(portrait(person))}, ExternalImageId=name)
        assert len(told["FaceRecords"]) == 1
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_is_found_in_another_picture_of_them(client: Any, name: str) -> None:
    seen = ImageEnhance.Brightness(portrait(PEOPLE[name]).crop((20, 10, 470, 480))).enhance(0.9)
    image = {"Bytes": as_file(seen, "JPEG", quality=60)}
    told = client.search_faces_by_image(CollectionId="drawn", Image=image, FaceMatchThreshold=0)
    assert names(told)[0] == name
    likeness = [match["Similarity"] for match in told["FaceMatches"]]
    assert likeness[0] > 90
    assert likeness == sorted(likeness, reverse=True)
    assert len(likeness) == 3
    box = told["SearchedFaceBoundingBox"]
    assert 0.1 < box["Left"] < 0.4
    assert told["SearchedFaceConfidence"] > 90


def test_everybody_in_a_group_is_indexed_where_they_stand(client: Any) -> None:
    client.create_collection(CollectionId="groups")
    told = client.index_faces(
        CollectionId="groups",
        Image={"Bytes": as_file(group(HEDY, ADA))},
        ExternalImageId="group",
        DetectionAttributes=["ALL"],
    )
    assert told["UnindexedFaces"] == []
    records = sorted(told["FaceRecords"], key=lambda record: record["Face"]["BoundingBox"]["Left"])
    assert [int(2 * record["Face"]["BoundingBox"]["Left"]) for record in records] == [0, 1]
    assert all(record["FaceDetail"]["Emotions"] for record in records)
    for record, name in zip(records, ("Hedy", "Ada"), strict=True):
        face = {"CollectionId": "groups", "FaceId": record["Face"]["FaceId"]}
        client.create_user(CollectionId="groups", UserId=name)
        client.associate_faces(CollectionId="groups", UserId=name, FaceIds=[face["FaceId"]])
    for name in ("Ada", "Hedy"):
        image = {"Bytes": as_file(portrait(PEOPLE[name]))}
        told = client.search_users_by_image(CollectionId="groups", Image=image, UserMatchThreshold=0)
        assert told["UserMatches"][0]["User"]["UserId"] == name


def test_celebrities_are_told_from_passers_by(client: Any) -> None:
    client.create_collection(CollectionId="honmono-celebrities")
    client.index_faces(
        CollectionId="honmono-celebrities",
        Image={"Bytes": as_file(portrait(GRACE))},
        ExternalImageId="Grace_Hopper:Q11641:Female",
    )
    told = client.recognize_celebrities(Image={"Bytes": as_file(portrait(GRACE), "JPEG", quality=80)})
    (grace,) = told["CelebrityFaces"]
    assert (grace["Name"], grace["Urls"]) == ("Grace Hopper", ["www.wikidata.org/wiki/Q11641"])
    assert client.get_celebrity_info(Id=grace["Id"])["Name"] == "Grace Hopper"


def test_a_picture_without_a_face_has_none(client: Any) -> None:
    blank = {"Bytes": as_file(Image.new("RGB", (300, 300), "white"))}
    told = client.index_faces(CollectionId="drawn", Image=blank)
    assert told["FaceRecords"] == told["UnindexedFaces"] == []
    code, _ = refused(client.search_faces_by_image, CollectionId="drawn", Image=blank)
    assert code == "InvalidParameterException"
    assert client.recognize_celebrities(Image=blank)["UnrecognizedFaces"] == []
