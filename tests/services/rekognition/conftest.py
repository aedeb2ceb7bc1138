"""Servers whose engines are planted, and words for their answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for
from tests.services.rekognition.planted_faces import ENTRY_POINTS as FACES
from tests.services.rekognition.planted_frames import ENTRY_POINTS as FRAMES
from tests.services.rekognition.planted_watchers import ENTRY_POINTS as WATCHERS
from tests.services.rekognition.watched import Watching

PATCHES = {"faces": {"engine": "patches"}}
WATCHED = {"moderation": {"engine": "colours"}, "protective-equipment": {"engine": "colours"}}

FRAMED = {
    "faces": {"engine": "frame-patches"},
    "image-labels": {"engine": "shapes"},
    "moderation": {"engine": "frame-colours"},
}


@pytest.fixture(scope="package")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A package with the planted engines, on the path of this process and its children."""
    site = tmp_path_factory.mktemp("site")
    info = site / "planted_engines-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted-engines\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(FACES + WATCHERS.partition("\n")[2] + FRAMES.lstrip())
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield


@pytest.fixture(scope="module")
def watched(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A rekognition client of a server with the engines of `planted_watchers`."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=WATCHED))
    try:
        yield running.client("rekognition")
    finally:
        running.close()


@pytest.fixture(scope="module")
def patches(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server shared by the tests of a module."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=PATCHES))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def framed(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """Stored videos on a server with the engines of `planted_frames`."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=FRAMED))
    try:
        yield Watching(running)
    finally:
        running.close()


@pytest.fixture
def rekognition(patches: RunningServer) -> Any:
    """A client of the server of patches."""
    return patches.client("rekognition")


def refused(call: Any, **request: Any) -> tuple[str, str]:
    """The code and the message with which a call is refused."""
    with pytest.raises(ClientError) as error:
        call(**request)
    said = error.value.response["Error"]
    return said["Code"], said["Message"]
