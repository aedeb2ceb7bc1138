"""Event streams inside a WebSocket: what browsers use to stream audio to Transcribe.

The handshake is a GET with a presigned query; the operation's parameters stand in the query too. Every binary message,
in both directions, is one message of the event stream, and need not be signed by itself; aws-sdk-js signs its own, each
with the one before, beginning with the handshake's signature. Source: "Setting up a streaming transcription: WebSocket"
(Amazon Transcribe developer guide).

An operation takes part when its definition has ``"websocket": {"requestUri": "/stream-transcription-websocket",
"headerPrefix": "x-amzn-transcribe-"}``: the query's ``language-code`` then means the header
``x-amzn-transcribe-language-code`` of the HTTP/2 form. botocore's models know nothing of it; ours do.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from honmono.wire.body import BodyReader
from honmono.wire.errors import OperationUnknown, ServiceError
from honmono.wire.eventstream import error as error_message
from honmono.wire.exchange import Signed, method_of, take_events
from honmono.wire.http import Headers, Request
from honmono.wire.model import Operation
from honmono.wire.protocols import protocol_for
from honmono.wire.routing import Route
from honmono.wire.service import Context, Service
from honmono.wire.signature import credential_scope

if TYPE_CHECKING:
    from honmono.wire.gateway import Gateway

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_POLICY_VIOLATION = 1008
_NORMAL_CLOSURE = 1000
_log = logging.getLogger("honmono.wire")
_access = logging.getLogger("honmono.access")


async def answer_websocket(gateway: Gateway, request: Request, receive: Receive, send: Send) -> None:
    """Answer one WebSocket. A handshake that is not signed, or means no operation of ours, is refused with 403."""
    request_id = str(uuid4())
    await receive()  # websocket.connect
    try:
        session = _open(gateway, request, request_id)
    except ServiceError as refusal:
        _log.info("WebSocket %s refused: %s", request.raw_path[:80], refusal)
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    await send({"type": "websocket.accept", "headers": [(b"x-amzn-requestid", request_id.encode())]})
    started = time.perf_counter()
    await session.run(receive, send)
    named = f"{session.route.service.name}.{session.operation.name}"
    _access.info("%s %s WebSocket %.1f ms", named, request_id, (time.perf_counter() - started) * 1000)


def _open(gateway: Gateway, request: Request, request_id: str) -> _Session:
    """The session that a handshake asks for.

    Raises ServiceError.
    """
    scope = credential_scope(request.headers, request.query_string)
    if scope is None:
        raise OperationUnknown("A WebSocket needs a presigned query")
    service, operation = _find(gateway, scope.service, request.path)
    method_of(service, operation)
    protocol = str(service.model.metadata["protocol"])
    verified = gateway.authenticator.verify(request, scope.service, protocol, streams=False)
    return _Session(gateway, Route(service, protocol), operation, request, verified, scope.region, request_id)


def _find(gateway: Gateway, signing_name: str, path: str) -> tuple[Service, Operation]:
    for service in gateway.registry.signed_as(signing_name):
        for operation in service.model.operations.values():
            if operation.definition.get("websocket", {}).get("requestUri") == path:
                return service, operation
    raise OperationUnknown(f"No operation answers a WebSocket at {path[:200]}")


class _Session:
    def __init__(
        self,
        gateway: Gateway,
        route: Route,
        operation: Operation,
        request: Request,
        verified: Signed,
        region: str,
        request_id: str,
    ) -> None:
        self.gateway = gateway
        self.route = route
        self.operation = operation
        self.request = _as_http(operation, request)
        self.verified = verified
        self.region = region
        self.request_id = request_id

    async def run(self, receive: Receive, send: Send) -> None:
        """Hand the client's events to the method and the method's to the client, until one of them ends."""
        reader = BodyReader(asyncio.get_running_loop())
        pumping = asyncio.create_task(_pump(receive, reader))
        answering = asyncio.create_task(self._answer(reader, send))
        try:
            await asyncio.wait({pumping, answering}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                # granian cannot close a socket that somebody still receives from.
                pumping.cancel()
                await asyncio.wait({pumping})
                await send({"type": "websocket.close", "code": _NORMAL_CLOSURE})
        finally:
            pumping.cancel()
            answering.cancel()
            await asyncio.wait({pumping, answering})

    async def _answer(self, reader: BodyReader, send: Send) -> None:
        try:
            async with aclosing(await self._frames(reader)) as frames:
                async for frame in frames:
                    await send({"type": "websocket.send", "bytes": frame})
        except Exception as failure:  # noqa: BLE001 - the last line of defence
            # The socket is open by now: the client learns from a last message what was wrong.
            told = self._told(failure)
            await send({"type": "websocket.send", "bytes": error_message(told.code, told.message).encode()})

    def _told(self, failure: Exception) -> ServiceError:
        """What the client may know of a failure; ours is logged, and told without details."""
        known = failure if isinstance(failure, ServiceError) else self.gateway.translate(failure)
        if known is not None:
            return known
        _log.error("%s failed (request %s)", self.operation, self.request_id, exc_info=failure)
        return ServiceError("InternalFailure", f"The server's log has the details under {self.request_id}.")

    async def _frames(self, reader: BodyReader) -> AsyncGenerator[bytes]:
        protocol, service = protocol_for(self.route.protocol), self.route.service
        parsed = self.gateway.parse(protocol, self.operation, self.request, {}, service)
        take_events(parsed, self.operation, reader, self.route, self.verified)
        ctx = Context(
            service.name,
            self.operation.name,
            self.region,
            self.verified.identity,
            self.request_id,
            self.request.headers,
            self.gateway.call,
            self.request,
        )
        output = await self.gateway.invoke(service, self.operation, parsed, ctx)
        body = protocol.answer(self.operation, output, self.request_id).body
        if not isinstance(body, AsyncGenerator):
            raise TypeError(f"{self.operation} must answer with an asynchronous iterator of events")
        return body


def _as_http(operation: Operation, request: Request) -> Request:
    """The request that the HTTP/2 form would have been."""
    binding = operation.definition["websocket"]
    prefix = binding.get("headerPrefix", "")
    parameters = [
        (f"{prefix}{name}", ",".join(values))
        for name, values in request.query.items()
        if not name.lower().startswith("x-amz-")
    ]
    headers = Headers([*request.headers.items(), *parameters])
    return replace(request, method=operation.http_method, raw_path=operation.request_uri, headers=headers)


async def _pump(receive: Receive, reader: BodyReader) -> None:
    """Fill the reader with the client's messages until it leaves. A text message is no event: its bytes say so."""
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            data = message.get("bytes") or (message.get("text") or "").encode()
            if data:
                await reader.feed(data)
    finally:
        reader.end(ConnectionError("the client closed the WebSocket"))
