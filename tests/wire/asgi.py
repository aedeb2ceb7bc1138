"""A Gateway called in process, as an ASGI server would call it."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Answer:
    """What the application sent."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: list[bytes] = field(default_factory=list)


def scope(method, target, headers=()):
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 4566),
    }


async def call(app, method, target, headers=(), body=b"", pieces=None, leave=False, timeout=20):
    """One request. ``pieces`` gives the body piece by piece; with ``leave`` the client goes away after them."""
    answer = Answer()
    waiting = list(pieces) if pieces is not None else [body]
    sent_all = asyncio.Event()

    async def receive():
        if waiting:
            piece = waiting.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(waiting) or leave}
        if leave:
            return {"type": "http.disconnect"}
        # A server that has delivered the whole body is silent until the client goes.
        await sent_all.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answer.pieces.append(bytes(message.get("body", b"")))

    try:
        await asyncio.wait_for(app(scope(method, target, headers), receive, send), timeout)
    finally:
        sent_all.set()
    answer.body = b"".join(answer.pieces)
    return answer
