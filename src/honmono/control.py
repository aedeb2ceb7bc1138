"""What the owner of a data directory may ask of the server that runs on it: today, its access keys.

Only one process writes the database, so a command beside a running server must ask it. The owner proves to be one by
a token that the server made for this run and wrote into `server.json`, a file that nobody else can read.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import Any

import orjson

from honmono.services.iam.keys import AccessKeys, KeyMissing
from honmono.wire.gateway import Receive, Scope, Send

PATH = "/_honmono/keys"
_BODY_LIMIT = 64 * 1024


class KeyControl:
    """An ASGI page: POST {"action": "create" | "list" | "delete", …} with the token as bearer."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self.keys: AccessKeys | None = None
        """Set once the server has them."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        given = dict(scope["headers"]).get(b"authorization", b"")
        if self.keys is None or not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            await _send(send, 403, {"message": "This page is for the owner of the data directory."})
            return
        body = b""
        more = True
        while more and len(body) <= _BODY_LIMIT:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        try:
            answer = await asyncio.to_thread(perform, self.keys, orjson.loads(body))
        except KeyMissing as error:
            await _send(send, 404, {"message": str(error)})
        except (KeyError, TypeError, ValueError) as error:
            await _send(send, 400, {"message": f"{type(error).__name__}: {error}"})
        else:
            await _send(send, 200, answer)


def perform(keys: AccessKeys, request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked with the keys: on behalf of a command, in this process or in the server's.

    Raises:
        KeyMissing: the key to delete is not there.
        ValueError: the action is unknown.
    """
    match request["action"]:
        case "create":
            access_key, secret = keys.create_key(account=request.get("account"))
            return {"access_key": access_key, "secret_key": secret}
        case "list":
            return {
                "keys": [
                    {
                        "access_key": key.id,
                        "principal": key.principal,
                        "status": key.status,
                        "created": key.created.isoformat(timespec="seconds"),
                    }
                    for key in keys.list(request.get("account"))
                ]
            }
        case "delete":
            keys.delete_key(request["access_key"])
            return {"deleted": request["access_key"]}
    raise ValueError(f"no action is called {request['action']!r}")


async def _send(send: Send, status: int, document: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(document)})
