"""Collections and the faces in them, as an application keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.conftest import RunningServer
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture

RED, ORANGE, GREEN, BLUE, NAVY = (200, 30, 30), (190, 45, 30), (30, 160, 40), (30, 40, 190), (20, 20, 60)


@pytest.fixture
def collection(rekognition: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.name.removeprefix("test_")[:200]
    rekognition.create_collection(CollectionId=name)
    return name


def index(rekognition: Any, collection: str, *colours: Any, name: str | None = None, **more: Any) -> list[str]:
    request = {"CollectionId": collection, "Image": {"Bytes": picture(*colours)}, **more}
    if name is not None:
        request["ExternalImageId"] = name
    return [record["Face"]["FaceId"] for record in rekognition.index_faces(**request)["FaceRecords"]]


def test_a_collection_is_made_told_listed_and_deleted(rekognition: Any, patches: RunningServer) -> None:
    made = rekognition.create_collection(CollectionId="guests", Tags={"door": "north"})
    assert made["StatusCode"] == 200
    assert made["CollectionArn"] == "aws:rekognition:us-east-1:000000000000:collection/guests"
    rekognition.create_collection(CollectionId="staff")
    index(rekognition, "staff", RED, BLUE)
    told = {name: rekognition.describe_collection(CollectionId=name) for name in ("guests", "staff")}
    assert [told[name]["FaceCount"] for name in ("guests", "staff")] == [0, 2]
    assert told["guests"]["CollectionARN"] == "arn:aws:rekognition:us-east-1:000000000000:collection/guests"
    assert told["guests"]["FaceModelVersion"] == made["FaceModelVersion"] == "1.0"
    assert abs(told["guests"]["CreationTimestamp"] - datetime.now(UTC)) < timedelta(seconds=30)
    first = rekognition.list_collections(MaxResults=1)
    second = rekognition.list_collections(MaxResults=4096, NextToken=first["NextToken"])
    assert first["CollectionIds"] + second["CollectionIds"][:1] == ["guests", "staff"]
    assert first["FaceModelVersions"] == ["1.0"]
    assert patches.client("rekognition", region_name="eu-west-1").list_collections()["CollectionIds"] == []
    assert refused(rekognition.create_collection, CollectionId="staff") == (
        "ResourceAlreadyExistsException",
        "The collection id: staff already exists",
    )
    for name in ("guests", "staff"):
        assert rekognition.delete_collection(CollectionId=name)["StatusCode"] == 200
    for call in (rekognition.delete_collection, rekognition.describe_collection, rekognition.list_faces):
        assert refused(call, CollectionId="staff")[0] == "ResourceNotFoundException"
    assert refused(rekognition.list_collections, NextToken="bm9uc2Vuc2U")[0] == "InvalidPaginationTokenException"


def test_a_collection_made_again_has_none_of_the_old_faces(rekognition: Any, collection: str) -> None:
    (old,) = index(rekognition, collection, RED)
    rekognition.delete_collection(CollectionId=collection)
    rekognition.create_collection(CollectionId=collection)
    assert rekognition.list_faces(CollectionId=collection)["Faces"] == []
    assert rekognition.describe_collection(CollectionId=collection)["FaceCount"] == 0
    code, _ = refused(rekognition.search_faces, CollectionId=collection, FaceId=old)
    assert code == "InvalidParameterException"
    found = rekognition.search_faces_by_image(CollectionId=collection, Image={"Bytes": picture(RED)})
    assert found["FaceMatches"] == []


def test_what_is_indexed_is_told_and_listed(rekognition: Any, collection: str) -> None:
    told = rekognition.index_faces(
        CollectionId=collection, Image={"Bytes": picture(BLUE, NAVY, RED)}, ExternalImageId="party:1"
    )
    blue, red = told["FaceRecords"]
    assert blue["Face"]["BoundingBox"]["Width"] > red["Face"]["BoundingBox"]["Width"]
    assert blue["Face"]["BoundingBox"] == blue["FaceDetail"]["BoundingBox"]
    assert blue["Face"]["ImageId"] == red["Face"]["ImageId"]
    assert blue["Face"]["FaceId"] != red["Face"]["FaceId"]
    assert blue["Face"]["ExternalImageId"] == "party:1"
    assert blue["Face"]["Confidence"] == pytest.approx(90)
    (left,) = told["UnindexedFaces"]
    assert left["Reasons"] == ["LOW_BRIGHTNESS"]
    assert 0.34 < left["FaceDetail"]["BoundingBox"]["Left"] < 0.37
    index(rekognition, collection, GREEN)
    listed = rekognition.list_faces(CollectionId=collection, MaxResults=2)
    assert [face["FaceId"] for face in listed["Faces"]] == [blue["Face"]["FaceId"], red["Face"]["FaceId"]]
    assert listed["Faces"][0]["ImageId"] == blue["Face"]["ImageId"]
    rest = rekognition.list_faces(CollectionId=collection, NextToken=listed["NextToken"])
    assert len(rest["Faces"]) == 1
    assert "NextToken" not in rest
    assert "ExternalImageId" not in rest["Faces"][0]
    some = rekognition.list_faces(CollectionId=collection, FaceIds=[red["Face"]["FaceId"]])["Faces"]
    assert [face["FaceId"] for face in some] == [red["Face"]["FaceId"]]


def test_no_more_faces_are_indexed_than_asked(rekognition: Any, collection: str) -> None:
    told = rekognition.index_faces(CollectionId=collection, Image={"Bytes": picture(RED, GREEN, BLUE)}, MaxFaces=2)
    assert len(told["FaceRecords"]) == 2
    (left,) = told["UnindexedFaces"]
    assert left["Reasons"] == ["EXCEEDS_MAX_FACES"]
    assert rekognition.describe_collection(CollectionId=collection)["FaceCount"] == 2


def test_the_quality_filter_can_be_switched_off(rekognition: Any, collection: str) -> None:
    assert index(rekognition, collection, NAVY) == []
    assert len(index(rekognition, collection, NAVY, QualityFilter="NONE")) == 1


def test_the_same_picture_under_the_same_name_adds_nothing(rekognition: Any, collection: str) -> None:
    first = index(rekognition, collection, RED, GREEN, name="one")
    assert index(rekognition, collection, RED, GREEN, name="one") == first
    assert index(rekognition, collection, RED, GREEN, name="two") != first
    assert index(rekognition, collection, RED, BLUE, name="one") != first
    assert rekognition.describe_collection(CollectionId=collection)["FaceCount"] == 6
    # More faces of a picture that was cut short before are added to those that were.
    (blue,) = index(rekognition, collection, BLUE, GREEN, RED, name="cut", MaxFaces=1)
    again = index(rekognition, collection, BLUE, GREEN, RED, name="cut")
    assert again[0] == blue
    assert len(again) == 3


def test_faces_are_deleted_and_no_longer_found(rekognition: Any, collection: str) -> None:
    red, orange, blue = index(rekognition, collection, RED, ORANGE, BLUE)
    search = {"CollectionId": collection, "FaceId": red}
    assert [match["Face"]["FaceId"] for match in rekognition.search_faces(**search)["FaceMatches"]] == [orange]
    nobody = "00000000-0000-4000-8000-000000000000"
    told = rekognition.delete_faces(CollectionId=collection, FaceIds=[orange, nobody])
    assert told["DeletedFaces"] == [orange]
    assert told["UnsuccessfulFaceDeletions"] == [{"FaceId": nobody, "Reasons": ["FACE_NOT_FOUND"]}]
    assert rekognition.search_faces(**search)["FaceMatches"] == []
    assert rekognition.describe_collection(CollectionId=collection)["FaceCount"] == 2
    left = rekognition.list_faces(CollectionId=collection)["Faces"]
    assert [face["FaceId"] for face in left] == [red, blue]


def test_pictures_that_cannot_be_looked_at_are_refused_in_rekognitions_words(rekognition: Any, collection: str) -> None:
    whole = picture(RED)
    for call in (rekognition.index_faces, rekognition.search_faces_by_image, rekognition.search_users_by_image):
        for data in (whole[: len(whole) // 2], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"nonsense"):
            said = refused(call, CollectionId=collection, Image={"Bytes": data})
            assert said[0] == "InvalidImageFormatException"
        code, _ = refused(call, CollectionId=collection, Image={"S3Object": {"Bucket": "no-such", "Name": "x.png"}})
        assert code == "InvalidS3ObjectException"
        assert refused(call, CollectionId="no-such", Image={"Bytes": whole})[0] == "ResourceNotFoundException"


def test_pictures_are_read_from_s3(rekognition: Any, patches: RunningServer, collection: str) -> None:
    s3 = patches.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="two.png", Body=picture(RED, GREEN))
    at = {"S3Object": {"Bucket": "pictures", "Name": "two.png"}}
    assert len(rekognition.index_faces(CollectionId=collection, Image=at)["FaceRecords"]) == 2


def test_tags_of_a_collection(rekognition: Any) -> None:
    made = rekognition.create_collection(CollectionId="tagged", Tags={"team": "doors", "floor": "3"})
    arn = rekognition.describe_collection(CollectionId="tagged")["CollectionARN"]
    for form in (arn, made["CollectionArn"]):
        assert rekognition.list_tags_for_resource(ResourceArn=form)["Tags"] == {"floor": "3", "team": "doors"}
    rekognition.tag_resource(ResourceArn=arn, Tags={"floor": "4", "wing": "east"})
    rekognition.untag_resource(ResourceArn=arn, TagKeys=["team", "nothing"])
    assert rekognition.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"floor": "4", "wing": "east"}
    code, _ = refused(rekognition.tag_resource, ResourceArn=arn, Tags={f"key{n}": "" for n in range(51)})
    assert code == "ServiceQuotaExceededException"
    code, _ = refused(rekognition.list_tags_for_resource, ResourceArn=arn.replace("tagged", "gone"))
    assert code == "ResourceNotFoundException"
    code, _ = refused(rekognition.list_tags_for_resource, ResourceArn="arn:aws:s3:::a-bucket-of-somebody")
    assert code == "InvalidParameterException"
