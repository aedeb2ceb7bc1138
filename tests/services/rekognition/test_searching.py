"""Faces searched by id and by picture."""

from __future__ import annotations

from typing import Any

from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.test_collections import BLUE, GREEN, NAVY, ORANGE, RED, collection, index

__all__ = ["collection"]


def names(told: dict[str, Any]) -> list[str]:
    return [match["Face"]["ExternalImageId"] for match in told["FaceMatches"]]


def test_a_picture_finds_who_looks_like_its_largest_face(rekognition: Any, collection: str) -> None:
    for name, colour in (("red", RED), ("orange", ORANGE), ("green", GREEN), ("blue", BLUE)):
        index(rekognition, collection, colour, name=name)
    seen = {}
    for name, colours in (("red", (RED, BLUE)), ("blue", (BLUE, RED)), ("white", ((150, 150, 150),))):
        image = {"Bytes": picture(*colours, form="JPEG")}
        seen[name] = rekognition.search_faces_by_image(CollectionId=collection, Image=image)
    assert names(seen["red"]) == ["red", "orange"]
    assert names(seen["blue"]) == ["blue"]
    assert names(seen["white"]) == []
    likeness = [match["Similarity"] for match in seen["red"]["FaceMatches"]]
    assert likeness == sorted(likeness, reverse=True)
    assert 80 <= likeness[1] < likeness[0] <= 100
    assert seen["red"]["SearchedFaceConfidence"] > 80
    assert seen["red"]["SearchedFaceBoundingBox"]["Left"] < 0.1


def test_the_threshold_and_the_number_of_matches_are_as_asked(rekognition: Any, collection: str) -> None:
    for name, colour in (("red", RED), ("orange", ORANGE), ("green", GREEN), ("blue", BLUE)):
        index(rekognition, collection, colour, name=name)
    ask = {"CollectionId": collection, "Image": {"Bytes": picture(RED)}}
    everyone = rekognition.search_faces_by_image(**ask, FaceMatchThreshold=0)
    assert len(everyone["FaceMatches"]) == 4
    assert names(rekognition.search_faces_by_image(**ask, FaceMatchThreshold=0, MaxFaces=2)) == ["red", "orange"]
    second = everyone["FaceMatches"][1]["Similarity"]
    assert names(rekognition.search_faces_by_image(**ask, FaceMatchThreshold=second + 0.01)) == ["red"]


def test_a_face_is_searched_by_its_id_and_does_not_find_itself(rekognition: Any, collection: str) -> None:
    ids = {name: index(rekognition, collection, colour, name=name)[0] for name, colour in (("a", RED), ("b", ORANGE))}
    index(rekognition, collection, BLUE, name="c")
    for searched, found in (("a", "b"), ("b", "a")):
        told = rekognition.search_faces(CollectionId=collection, FaceId=ids[searched])
        assert told["SearchedFaceId"] == ids[searched]
        assert names(told) == [found]
    code, message = refused(
        rekognition.search_faces, CollectionId=collection, FaceId="00000000-0000-4000-8000-000000000000"
    )
    assert code == "InvalidParameterException"
    assert "was not found in the collection" in message


def test_a_picture_without_a_face_is_refused(rekognition: Any, collection: str) -> None:
    index(rekognition, collection, RED)
    ask = {"CollectionId": collection, "QualityFilter": "AUTO"}
    for image in (picture(), picture(NAVY)):
        code, message = refused(rekognition.search_faces_by_image, Image={"Bytes": image}, **ask)
        assert (code, message) == (
            "InvalidParameterException",
            "There are no faces in the image. Should be at least 1.",
        )


def test_what_was_indexed_last_is_found_at_once(rekognition: Any, collection: str) -> None:
    ask = {"CollectionId": collection, "Image": {"Bytes": picture(GREEN)}}
    assert names(rekognition.search_faces_by_image(**ask)) == []
    for number in range(3):
        index(rekognition, collection, GREEN, name=f"g{number}")
        found = rekognition.search_faces_by_image(**ask)
        assert sorted(names(found)) == [f"g{each}" for each in range(number + 1)]
