"""A server with TLS, and a voice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conftest import RunningServer, settings_for

from .talking import Voice


@pytest.fixture(scope="package")
def listening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One for all tests: the recogniser is loaded once."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data"), tls=True, tls_port=0))
    try:
        yield running
    finally:
        running.close()


@pytest.fixture(scope="package")
def voice() -> Voice:
    return Voice()
