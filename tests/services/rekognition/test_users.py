"""Users: several faces of one person, searched as one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.test_collections import BLUE, GREEN, NAVY, ORANGE, RED, collection, index

__all__ = ["collection"]


def matched(told: dict[str, Any]) -> list[str]:
    return [match["User"]["UserId"] for match in told["UserMatches"]]


def test_users_are_made_listed_and_deleted(rekognition: Any, collection: str) -> None:
    for name in ("ada", "grace", "hedy"):
        rekognition.create_user(CollectionId=collection, UserId=name)
    assert refused(rekognition.create_user, CollectionId=collection, UserId="ada")[0] == "ConflictException"
    first = rekognition.list_users(CollectionId=collection, MaxResults=2)
    second = rekognition.list_users(CollectionId=collection, NextToken=first["NextToken"])
    assert [user["UserId"] for user in first["Users"] + second["Users"]] == ["ada", "grace", "hedy"]
    assert {user["UserStatus"] for user in first["Users"]} == {"CREATED"}
    rekognition.delete_user(CollectionId=collection, UserId="grace")
    assert rekognition.describe_collection(CollectionId=collection)["UserCount"] == 2
    assert refused(rekognition.delete_user, CollectionId=collection, UserId="grace")[0] == "ResourceNotFoundException"
    code, _ = refused(rekognition.list_users, CollectionId=collection, NextToken="x")
    assert code == "InvalidPaginationTokenException"
    assert refused(rekognition.list_users, CollectionId="no-such")[0] == "ResourceNotFoundException"


def test_a_request_with_the_same_token_is_done_once(rekognition: Any, collection: str) -> None:
    ask = {"CollectionId": collection, "ClientRequestToken": "once"}
    rekognition.create_user(**ask, UserId="ada")
    rekognition.create_user(**ask, UserId="ada")
    code, _ = refused(rekognition.create_user, **ask, UserId="grace")
    assert code == "IdempotentParameterMismatchException"
    faces = index(rekognition, collection, RED)
    told = [rekognition.associate_faces(**ask, UserId="ada", FaceIds=faces) for _ in range(2)]
    assert told[0]["AssociatedFaces"] == told[1]["AssociatedFaces"] == [{"FaceId": faces[0]}]
    fresh = rekognition.associate_faces(CollectionId=collection, UserId="ada", FaceIds=faces)
    assert fresh["AssociatedFaces"] == fresh["UnsuccessfulFaceAssociations"] == []


def test_faces_are_associated_where_they_fit(rekognition: Any, collection: str) -> None:
    red, orange, blue = index(rekognition, collection, RED, ORANGE, BLUE)
    for name in ("ada", "grace"):
        rekognition.create_user(CollectionId=collection, UserId=name)
    ada = {"CollectionId": collection, "UserId": "ada"}
    told = rekognition.associate_faces(**ada, FaceIds=[red])
    assert (told["AssociatedFaces"], told["UserStatus"]) == ([{"FaceId": red}], "ACTIVE")
    nobody = str(uuid4())
    told = rekognition.associate_faces(**ada, FaceIds=[red, orange, blue, nobody])
    assert told["AssociatedFaces"] == [{"FaceId": orange}]
    low, gone = told["UnsuccessfulFaceAssociations"]
    assert (low["FaceId"], low["UserId"], low["Reasons"]) == (blue, "ada", ["LOW_MATCH_CONFIDENCE"])
    assert low["Confidence"] < 75
    assert gone == {"FaceId": nobody, "Reasons": ["FACE_NOT_FOUND"]}
    told = rekognition.associate_faces(CollectionId=collection, UserId="grace", FaceIds=[red, blue])
    assert told["AssociatedFaces"] == [{"FaceId": blue}]
    (other,) = told["UnsuccessfulFaceAssociations"]
    assert other == {"FaceId": red, "UserId": "ada", "Reasons": ["ASSOCIATED_TO_A_DIFFERENT_USER"]}
    listed = rekognition.list_faces(**ada)["Faces"]
    assert {(face["FaceId"], face["UserId"]) for face in listed} == {(red, "ada"), (orange, "ada")}
    assert {user["UserStatus"] for user in rekognition.list_users(CollectionId=collection)["Users"]} == {"ACTIVE"}


def test_a_threshold_of_zero_takes_every_face(rekognition: Any, collection: str) -> None:
    red, blue = index(rekognition, collection, RED, BLUE)
    rekognition.create_user(CollectionId=collection, UserId="ada")
    ask = {"CollectionId": collection, "UserId": "ada"}
    rekognition.associate_faces(**ask, FaceIds=[red])
    told = rekognition.associate_faces(**ask, FaceIds=[blue], UserMatchThreshold=0)
    assert told["AssociatedFaces"] == [{"FaceId": blue}]


def test_an_associated_face_is_deleted_only_after_it_is_freed(rekognition: Any, collection: str) -> None:
    red, orange = index(rekognition, collection, RED, ORANGE)
    rekognition.create_user(CollectionId=collection, UserId="ada")
    ask = {"CollectionId": collection, "UserId": "ada"}
    rekognition.associate_faces(**ask, FaceIds=[red, orange])
    told = rekognition.delete_faces(CollectionId=collection, FaceIds=[red])
    assert told["DeletedFaces"] == []
    assert told["UnsuccessfulFaceDeletions"] == [
        {"FaceId": red, "UserId": "ada", "Reasons": ["ASSOCIATED_TO_AN_EXISTING_USER"]}
    ]
    nobody = str(uuid4())
    told = rekognition.disassociate_faces(**ask, FaceIds=[red, nobody])
    assert told["DisassociatedFaces"] == [{"FaceId": red}]
    assert told["UnsuccessfulFaceDisassociations"] == [{"FaceId": nobody, "Reasons": ["FACE_NOT_FOUND"]}]
    assert told["UserStatus"] == "ACTIVE"
    assert rekognition.delete_faces(CollectionId=collection, FaceIds=[red])["DeletedFaces"] == [red]
    assert rekognition.disassociate_faces(**ask, FaceIds=[orange])["UserStatus"] == "CREATED"
    rekognition.associate_faces(**ask, FaceIds=[orange])
    rekognition.delete_user(**ask)
    assert rekognition.delete_faces(CollectionId=collection, FaceIds=[orange])["DeletedFaces"] == [orange]


def test_users_are_searched_by_picture_face_and_user(rekognition: Any, collection: str) -> None:
    red, orange, blue, green = index(rekognition, collection, RED, ORANGE, BLUE, GREEN)
    for name, faces in (("ada", [red]), ("grace", [blue]), ("hedy", [orange])):
        rekognition.create_user(CollectionId=collection, UserId=name)
        rekognition.associate_faces(CollectionId=collection, UserId=name, FaceIds=faces)
    ask = {"CollectionId": collection}
    told = rekognition.search_users_by_image(**ask, Image={"Bytes": picture(BLUE, NAVY, RED)}, QualityFilter="AUTO")
    assert matched(told) == ["grace"]
    assert told["SearchedFace"]["FaceDetail"]["BoundingBox"]["Left"] < 0.05
    assert [face["Reasons"] for face in told["UnsearchedFaces"]] == [["LOW_BRIGHTNESS"], ["FACE_NOT_LARGEST"]]
    told = rekognition.search_users_by_image(**ask, Image={"Bytes": picture()})
    assert told["UserMatches"] == told["UnsearchedFaces"] == []
    assert "SearchedFace" not in told
    told = rekognition.search_users(**ask, FaceId=red)
    assert (matched(told), told["SearchedFace"]) == (["ada", "hedy"], {"FaceId": red})
    assert matched(rekognition.search_users(**ask, FaceId=green)) == []
    told = rekognition.search_users(**ask, UserId="ada")
    assert (matched(told), told["SearchedUser"]) == (["hedy"], {"UserId": "ada"})
    assert matched(rekognition.search_users(**ask, UserId="grace", UserMatchThreshold=0, MaxUsers=1)) in (
        ["ada"],
        ["hedy"],
    )
    assert refused(rekognition.search_users, **ask)[0] == "InvalidParameterException"
    assert refused(rekognition.search_users, **ask, UserId="nobody")[0] == "ResourceNotFoundException"


def test_a_user_is_what_its_faces_have_in_common(rekognition: Any, collection: str) -> None:
    red, orange, blue = index(rekognition, collection, RED, ORANGE, BLUE)
    rekognition.create_user(CollectionId=collection, UserId="ada")
    ask = {"CollectionId": collection, "UserId": "ada"}
    rekognition.associate_faces(**ask, FaceIds=[red])

    def likeness() -> float:
        told = rekognition.search_users(CollectionId=collection, FaceId=orange, UserMatchThreshold=0)
        return float(told["UserMatches"][0]["Similarity"])

    alone = likeness()
    rekognition.associate_faces(**ask, FaceIds=[orange])
    both = likeness()
    rekognition.disassociate_faces(**ask, FaceIds=[red])
    only = likeness()
    rekognition.associate_faces(**ask, FaceIds=[blue], UserMatchThreshold=0)
    assert alone < both < only
    assert likeness() < only
    rekognition.disassociate_faces(**ask, FaceIds=[orange, blue])
    told = rekognition.search_users(CollectionId=collection, FaceId=orange, UserMatchThreshold=0)
    assert told["UserMatches"] == []


def test_a_user_has_a_hundred_faces_at_most(rekognition: Any, collection: str) -> None:
    rekognition.create_user(CollectionId=collection, UserId="ada")
    ask = {"CollectionId": collection, "UserId": "ada"}
    faces = []
    for number in range(3):
        faces += index(rekognition, collection, *[(200, 30 + number, 30)] * 34, name=f"n{number}")
    rekognition.associate_faces(**ask, FaceIds=faces[:60])
    code, _ = refused(rekognition.associate_faces, **ask, FaceIds=faces[60:])
    assert code == "ServiceQuotaExceededException"
    assert len(rekognition.list_faces(**ask)["Faces"]) == 60
    assert len(rekognition.associate_faces(**ask, FaceIds=faces[60:100])["AssociatedFaces"]) == 40
