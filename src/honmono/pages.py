"""The server's own small pages: health, and the reset that test suites call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

from honmono.wire.gateway import Application, Receive, Scope, Send


def health_page(health: Callable[[], dict[str, Any]]) -> Application:
    """GET answers what ``health`` says, as JSON."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _send_json(send, 200, health())

    return page


def reset_page(reset: Callable[[], None]) -> Application:
    """POST empties the state."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await _send_json(send, 405, {"message": "POST /moto-api/reset empties the state"})
            return
        await asyncio.to_thread(reset)
        await _send_json(send, 200, {"status": "ok"})

    return page


async def _send_json(send: Send, status: int, document: Any) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(document)})
