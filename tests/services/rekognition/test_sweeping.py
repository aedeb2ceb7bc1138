"""Nothing is left of what is deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from tests.conftest import RunningServer, settings_for
from tests.services.rekognition.conftest import refused
from tests.services.rekognition.planted_faces import picture
from tests.services.rekognition.test_collections import BLUE, RED, collection, index
from tests.services.rekognition.test_galleries import Kept

from honmono.services.rekognition import sweeping
from honmono.services.rekognition.collection import KIND, Collection
from honmono.services.rekognition.requests import forget_old
from honmono.store.database import Database
from honmono.store.faces_schema import collection_faces, collection_requests, collection_users
from honmono.store.records import Scope

__all__ = ["collection"]
SCOPE = Scope("000000000000", "us-east-1", "rekognition")


def rows(database: Database, key: str) -> list[int]:
    """How many faces, users and requests of a collection there are."""
    with database.reading() as tx:
        return [
            tx.execute(select(func.count()).where(table.c.collection == key)).scalar_one()
            for table in (collection_faces, collection_users, collection_requests)
        ]


def test_deleting_a_collection_leaves_no_row(rekognition: Any, patches: RunningServer, collection: str) -> None:
    platform = patches.app.platform
    key = Collection.of(platform.records.get(SCOPE, KIND, collection)).key
    index(rekognition, collection, RED, BLUE)
    rekognition.create_user(CollectionId=collection, UserId="ada")
    assert rows(platform.database, key) == [2, 1, 1]
    rekognition.delete_collection(CollectionId=collection)
    assert rows(platform.database, key) == [0, 0, 0]


def test_a_deletion_that_a_crash_cut_short_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_AT_ONCE", 4)
    kept = Kept(tmp_path)
    kept.add(10)
    found = kept.now()
    with kept.database.transaction() as tx:  # and then it crashed
        kept.records.delete(SCOPE, KIND, "kept", tx=tx)
        sweeping.doom(kept.records, found, tx)
    assert rows(kept.database, "k") == [10, 0, 0]
    for _ in range(2):
        sweeping.sweep(kept.database, kept.records)
        assert rows(kept.database, "k") == [0, 0, 0]
    kept.database.close()


def test_tokens_are_forgotten_after_a_day(rekognition: Any, patches: RunningServer, collection: str) -> None:
    database = patches.app.platform.database
    for name in ("ada", "grace"):
        rekognition.create_user(CollectionId=collection, UserId=name, ClientRequestToken=name)
    with database.transaction() as tx:
        past = collection_requests.c.time - 25 * 3_600_000_000
        tx.execute(update(collection_requests).where(collection_requests.c.token == "ada").values(time=past))
    forget_old(database)
    rekognition.create_user(CollectionId=collection, UserId="grace", ClientRequestToken="grace")
    code, _ = refused(rekognition.create_user, CollectionId=collection, UserId="ada", ClientRequestToken="ada")
    assert code == "ConflictException"


def test_faces_of_another_engine_are_not_held_against_this_ones(
    rekognition: Any, patches: RunningServer, collection: str
) -> None:
    (face,) = index(rekognition, collection, RED)
    records = patches.app.platform.records
    other = {"model": "other/2.0", "model_version": "2.0"}
    records.modify(SCOPE, KIND, collection, lambda record: {**record.body, **other})
    ask = {"CollectionId": collection, "Image": {"Bytes": picture(RED)}}
    for call in (rekognition.index_faces, rekognition.search_faces_by_image, rekognition.search_users_by_image):
        code, message = refused(call, **ask)
        assert code == "InvalidParameterException"
        assert "other/2.0" in message
        assert "patches/1.0" in message
    assert rekognition.search_faces(CollectionId=collection, FaceId=face)["FaceModelVersion"] == "2.0"
    rekognition.delete_faces(CollectionId=collection, FaceIds=[face])
    assert rekognition.index_faces(**ask)["FaceModelVersion"] == "1.0"  # an empty collection takes any engine's


def test_vectors_of_another_length_are_not_held_against_each_other(
    planted: None, tmp_path: Path, rekognition: Any
) -> None:
    ask = {"CollectionId": "exchanged", "Image": {"Bytes": picture(RED)}}
    for dimensions, refusing in ((128, False), (64, True), (128, False)):
        engines = {"faces": {"engine": "patches", "dimensions": dimensions}}
        running = RunningServer(settings_for(tmp_path / "data", engines=engines))
        try:
            client = running.client("rekognition")
            if not client.list_collections()["CollectionIds"]:
                client.create_collection(CollectionId="exchanged")
                client.index_faces(**ask)
            for call in (client.index_faces, client.search_faces_by_image):
                if refusing:
                    code, message = refused(call, **ask)
                    assert code == "InvalidParameterException"
                    assert "128 numbers each" in message
                else:
                    call(**ask)
        finally:
            running.close()
