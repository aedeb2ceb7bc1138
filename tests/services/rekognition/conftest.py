"""A server whose engines are planted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import RunningServer, settings_for
from tests.services.rekognition.planted_watchers import ENTRY_POINTS


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A rekognition client of a server with the engines of `planted_watchers`."""
    site = tmp_path_factory.mktemp("site")
    info = site / "planted_watchers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted-watchers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    engines = {"moderation": {"engine": "colours"}, "protective-equipment": {"engine": "colours"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), engines=engines))
        try:
            yield running.client("rekognition")
        finally:
            running.close()
