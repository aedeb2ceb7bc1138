"""Servers whose engines are planted: faces are patches of colour, and so is what is watched for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for
from tests.services.rekognition import planted_faces, planted_watchers

PATCHES = {"faces": {"engine": "patches"}}
WATCHERS = {"moderation": {"engine": "colours"}, "protective-equipment": {"engine": "colours"}}


@pytest.fixture(scope="package")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Packages with the planted engines, on the path of this process and its children."""
    site = tmp_path_factory.mktemp("site")
    for name, module in (("planted_faces", planted_faces), ("planted_watchers", planted_watchers)):
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(module.ENTRY_POINTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        yield


@pytest.fixture(scope="module")
def patches(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server shared by the tests of a module."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=PATCHES))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def rekognition(patches: RunningServer) -> Any:
    """A client of the server of patches."""
    return patches.client("rekognition")


@pytest.fixture(scope="module")
def watched(planted: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A rekognition client of a server with the engines of `planted_watchers`."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=WATCHERS))
    try:
        yield running.client("rekognition")
    finally:
        running.close()


def refused(call: Any, **request: Any) -> tuple[str, str]:
    """The code and the message with which a call is refused."""
    with pytest.raises(ClientError) as error:
        call(**request)
    said = error.value.response["Error"]
    return said["Code"], said["Message"]
