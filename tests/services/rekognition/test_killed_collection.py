"""kill -9 while faces are indexed: what was acknowledged is there after the next start, and is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from tests.services.comprehend.test_killed_training import Killable
from tests.services.rekognition.planted_faces import picture

pytestmark = pytest.mark.slow


@pytest.fixture
def server(planted: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killable]:
    (tmp_path / "honmono.toml").write_text('[engines.faces]\nengine = "patches"\n')
    monkeypatch.chdir(tmp_path)
    running = Killable(tmp_path / "data")
    yield running
    running.kill()


def test_every_face_that_was_acknowledged_is_found_after_kill_9(server: Killable) -> None:
    server.client("rekognition").create_collection(CollectionId="killed")
    acknowledged: dict[str, int] = {}
    enough, stop = threading.Event(), threading.Event()

    def work(number: int) -> None:
        client: Any = server.client("rekognition")
        for count in range(1000):
            red = 5 * number + 40 * (count % 4)
            try:
                told = client.index_faces(
                    CollectionId="killed",
                    Image={"Bytes": picture((red, 20 * (count // 4 % 8), 120))},
                    ExternalImageId=f"{number}:{count}",
                    QualityFilter="NONE",
                )
            except (BotoCoreError, ClientError):
                return
            (record,) = told["FaceRecords"]
            acknowledged[record["Face"]["FaceId"]] = red
            if len(acknowledged) >= 40:
                enough.set()
            if stop.is_set():
                return

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    assert enough.wait(60)
    server.kill()
    stop.set()
    for worker in workers:
        worker.join()
    server.start()

    client = server.client("rekognition")
    pages = client.get_paginator("list_faces").paginate(CollectionId="killed", PaginationConfig={"PageSize": 7})
    listed = {face["FaceId"] for page in pages for face in page["Faces"]}
    assert set(acknowledged) <= listed
    assert client.describe_collection(CollectionId="killed")["FaceCount"] == len(listed)
    for face_id in acknowledged:
        told = client.search_faces(CollectionId="killed", FaceId=face_id, FaceMatchThreshold=0)
        assert len(told["FaceMatches"]) == len(listed) - 1
    gone = sorted(acknowledged)[:10]
    assert sorted(client.delete_faces(CollectionId="killed", FaceIds=gone)["DeletedFaces"]) == gone
    server.kill()
    server.start()
    client = server.client("rekognition")
    image = {"Bytes": picture((5, 20, 120))}
    told = client.search_faces_by_image(CollectionId="killed", Image=image, FaceMatchThreshold=0)
    found = {match["Face"]["FaceId"] for match in told["FaceMatches"]}
    assert found == listed - set(gone)
