"""What every test may use: a whole Honmono on a free port, spoken to by boto3."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from honmono.app import App
from honmono.settings import Settings

CACHE = Path(os.environ.get("HONMONO_CACHE", "~/.cache/honmono")).expanduser()


class RunningServer:
    """An App that serves on a thread, and boto3 clients for it."""

    def __init__(self, settings: Settings) -> None:
        self.app = App(settings, strict=True)
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self.url = self.tls_url = ""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="server")
        self._thread.start()
        assert self._ready.wait(10), "the server did not become ready"

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()

        def ready(endpoints: list[Any]) -> None:
            self.url, self.tls_url = endpoints[0].url, endpoints[-1].url
            self._ready.set()

        await self.app.serve(self._stop, ready)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client with the development key; no retries, so that a test sees every answer."""
        options.setdefault("config", Config(retries={"total_max_attempts": 1}))
        return boto3.client(
            service,
            **{
                "endpoint_url": self.url,
                "region_name": "us-east-1",
                "aws_access_key_id": "test",
                "aws_secret_access_key": "test",
                **options,
            },
        )

    def close(self) -> None:
        """Stop listening and close the app."""
        assert self._loop is not None and self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        self.app.close()


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a test server: a free port, data in the folder, the machine's own cache of weights."""
    return Settings(**{"port": 0, "data": folder, "cache": CACHE, "allow_reset": True, **changes})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server shared by the tests of a module."""
    running = RunningServer(settings_for(tmp_path_factory.mktemp("data")))
    try:
        yield running
    finally:
        running.close()
