"""One request and its answer: route → signature → parse → validate → method → serialise."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from honmono.wire.authentication import is_signed
from honmono.wire.body import BodyReader
from honmono.wire.compression import decompress
from honmono.wire.documents import OutputError
from honmono.wire.errors import OperationMissing, OperationUnknown, ServiceError
from honmono.wire.events import event_form, read_events
from honmono.wire.eventstream_signing import EventSignatureChain
from honmono.wire.http import Headers, Request, Response
from honmono.wire.model import Operation
from honmono.wire.presigned_v2 import VerifiedV2
from honmono.wire.protocols import Protocol, protocol_for
from honmono.wire.protocols.query import form
from honmono.wire.routing import Route
from honmono.wire.service import Context, Identity, Service
from honmono.wire.signature import PayloadForm, Verified, credential_scope

if TYPE_CHECKING:
    from honmono.wire.gateway import Gateway

Signed = Verified[Identity] | VerifiedV2[Identity]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

ANONYMOUS = Identity("anonymous", "anonymous", "anonymous")
_PAYLOAD_RULE = "x-amz-content-sha256"
_FORM_LIMIT = 16 * 1024 * 1024
_FALLBACK_LIMIT = 256 * 1024 * 1024
_SMALL_BODY = 64 * 1024
SILENCE_SECONDS = 60.0
"""How long the rest of a body may be waited for without anything coming."""
_log = logging.getLogger("honmono.wire")


class Exchange:
    """One request and its answer."""

    def __init__(self, gateway: Gateway, request: Request, receive: Receive) -> None:
        self.gateway = gateway
        self.request = request
        self.receive = receive
        self.request_id = str(uuid4())
        self.named = f"{request.method} {request.raw_path[:80]}"
        self._pump: asyncio.Task[bool] | None = None
        self._complete = False
        self._protocol: Protocol = protocol_for("json")
        self._operation: Operation | None = None
        self._ctx: Context | None = None

    async def run(self) -> Response:
        """The answer, whatever happens."""
        try:
            return await self._answer()
        except ServiceError as error:
            return self._refusal(error)
        except Exception as error:  # noqa: BLE001 - the last line of defence: logged, and told without details
            translated = self.gateway.translate(error)
            if translated is not None:
                return self._refusal(translated)
            _log.exception("%s failed (request %s)", self.named, self.request_id)
            failure = ServiceError(
                "InternalFailure",
                f"The server failed on this request; its log has the details under {self.request_id}.",
                status=500,
            )
            return self._refusal(failure)

    def _refusal(self, error: ServiceError) -> Response:
        try:
            response = self._protocol.error(self._operation, error, self.request_id)
        except OutputError:
            # Its members do not fit the model's shape: the code and the message are what a client needs.
            _log.exception("%s: the error %s cannot be written (request %s)", self.named, error.code, self.request_id)
            bare = ServiceError(error.code, error.message, status=error.status)
            response = self._protocol.error(self._operation, bare, self.request_id)
        if self._ctx is not None:
            response.headers.update(self._ctx.response_headers)
        return response

    def finish(self) -> None:
        """Stop reading a body that nobody wants any more."""
        if self._pump is not None and not self._pump.done():
            self._pump.cancel()

    @property
    def left_unread(self) -> bool:
        """Whether a part of the body was not taken from the socket, so that no request can follow on it."""
        if self._pump is not None:
            return not self._pump.done() or self._pump.cancelled() or not self._pump.result()
        headers = self.request.headers
        return not self._complete and (headers.get("content-length", "0") != "0" or "transfer-encoding" in headers)

    async def client_left(self) -> None:
        """Return when the client has gone, reading on behind a body that streams in."""
        if self._pump is not None:
            await asyncio.wait({self._pump})
            if self._pump.cancelled() or not self._pump.result():
                return
        while (await self.receive())["type"] != "http.disconnect":
            pass  # a body that nobody reads

    async def _answer(self) -> Response:
        request, gateway = self.request, self.gateway
        scope = credential_scope(request.headers, request.query_string)
        signing_name = scope.service if scope is not None else None
        if signing_name is None and _might_be_form(request):
            await self._read_whole(_FORM_LIMIT)
        route = gateway.registry.route(request, signing_name)
        if route is None:
            return await self._elsewhere(signing_name)
        if route.rivals:
            await self._read_whole(_FORM_LIMIT)
            route = route.settled(request)
        self._protocol = protocol_for(route.protocol)
        service = route.service
        self.named = service.name
        routed = service.rewrite(request)
        special = service.special(routed)
        if special is not None:
            self._start_stream()
            routed.stream = request.stream
            return await self._special(special, routed, service)
        operation, labels = await self._find_operation(route, routed)
        self._operation = operation
        self.named = f"{service.name}.{operation.name}"
        method_of(service, operation)
        form = _unsaid_form(operation, request)
        streams = _may_stream(operation, route, request, form) and not self._complete
        if streams and route.protocol == "rest-xml" and _is_small(request) and is_signed(request):
            # The signature is checked first all the same: a refusal does not ask the client for the body.
            verified = self._verify(operation, route, form, streams=True, virtual_bucket=routed.virtual_bucket)
            await self._read_whole(service.max_body)
            if verified is not None:
                gateway.authenticator.check_body(verified, request.body, route.protocol)
            streams = False
        else:
            if streams:
                self._start_stream()
            else:
                await self._read_whole(service.max_body)
            verified = self._verify(operation, route, form, streams=streams, virtual_bucket=routed.virtual_bucket)
        # A rewritten request may have brought a body of its own, where the client sent none: a presigned URL has it.
        routed.stream, routed.body = request.stream, self._plain_body(route, service) or routed.body
        if operation.streaming_input is not None and not streams:
            routed.stream = BodyReader.holding(request.body)
        region = scope.region if scope is not None else gateway.default_region
        parsed = gateway.parse(self._protocol, operation, routed, labels, service)
        if routed.stream is not None:
            take_events(parsed, operation, routed.stream, route, verified)
        ctx = self._ctx = Context(
            service.name,
            operation.name,
            region,
            verified.identity if verified is not None else ANONYMOUS,
            self.request_id,
            routed.headers,
            gateway.call,
            routed,
        )
        output = await gateway.invoke(service, operation, parsed, ctx)
        return self._finish_answer(service, operation, output if output is not None else {}, ctx)

    def _finish_answer(self, service: Service, operation: Operation, output: Any, ctx: Context) -> Response:
        if isinstance(output, Response):
            response = output
            response.headers.setdefault("x-amzn-requestid", self.request_id)
        else:
            self.gateway.check_output(service, operation, output)
            response = self._protocol.answer(operation, output, self.request_id)
        if ctx.status is not None:
            response.status = ctx.status
        if ctx.response_headers:
            response.headers.update(ctx.response_headers)
        if ctx.engine is not None:
            response.headers["x-honmono-engine"] = ctx.engine
        return response

    async def _elsewhere(self, signing_name: str | None) -> Response:
        await self._read_whole(_FALLBACK_LIMIT)
        return await self.gateway.fall_back(self.request, signing_name)

    async def _special(self, special: Callable[[Request, Context], Any], routed: Request, service: Service) -> Response:
        gateway = self.gateway
        ctx = self._ctx = Context(
            service.name,
            "",
            gateway.default_region,
            ANONYMOUS,
            self.request_id,
            routed.headers,
            gateway.call,
            routed,
            lookup=gateway.authenticator.lookup,
        )
        if inspect.iscoroutinefunction(special):
            response = await special(routed, ctx)
        else:
            response = await gateway.in_thread(special, routed, ctx)
        response.headers.setdefault("x-amz-request-id", self.request_id)
        response.headers.update(ctx.response_headers)
        return response  # type: ignore[no-any-return]

    async def _find_operation(self, route: Route, routed: Request) -> tuple[Operation, dict[str, str]]:
        service = route.service
        name = route.operation
        if route.protocol in ("query", "ec2"):
            await self._read_whole(service.max_body)
            routed = replace(self.request, body=self._plain_body(route, service))
            name = form(routed).get("Action", "")
        if name is None:
            matched = self.gateway.registry.rules(service).match(routed)
            if matched is None:
                raise _no_rest_operation(service, routed)
            return matched
        operation = service.model.operations.get(name)
        if operation is None:
            raise _no_operation(route.protocol, service, name)
        return operation, {}

    def _verify(
        self,
        operation: Operation,
        route: Route,
        form: PayloadForm | None,
        *,
        streams: bool,
        virtual_bucket: str | None,
    ) -> Signed | None:
        """Who signed the request; None where nobody did and nobody needs to."""
        service, request = route.service, self.request
        if operation.name in service.unsigned and not is_signed(request):
            return None
        if form is PayloadForm.UNSIGNED:
            request = replace(request, headers=Headers([*request.headers.items(), (_PAYLOAD_RULE, form.value)]))
        return self.gateway.authenticator.verify(
            request,
            service.model.signing_name,
            route.protocol,
            streams=streams,
            events=form is PayloadForm.EVENTS,
            virtual_bucket=virtual_bucket,
        )

    def _plain_body(self, route: Route, service: Service) -> bytes:
        """The body that was read, unpacked where an RPC client packed it; the encoding of an object is its own."""
        encoding = self.request.headers.get("content-encoding")
        if encoding is None or route.protocol.startswith("rest"):
            return self.request.body
        return decompress(self.request.body, encoding, service.max_body)

    def _start_stream(self) -> None:
        reader = BodyReader(asyncio.get_running_loop())
        length = self.request.headers.get("content-length")
        reader.length = int(length) if length is not None and length.isdecimal() else None
        self.request.stream = reader
        # A stream of events may fall silent for as long as its speaker does.
        events = self._operation is not None and self._operation.event_input[0] is not None
        receive = self.receive if events else self._receive_soon
        self._pump = asyncio.create_task(_pump(receive, reader))

    async def _receive_soon(self) -> MutableMapping[str, Any]:
        """The next message of a client that sends its body without falling silent.

        Raises ServiceError.
        """
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                return await self.receive()
        except TimeoutError as error:
            raise ServiceError(
                "RequestTimeout",
                f"The request's body was announced, and nothing of it came for {SILENCE_SECONDS:g} seconds.",
                status=400,
            ) from error

    async def _read_whole(self, limit: int) -> None:
        if self._complete:
            return
        length = self.request.headers.get("content-length")
        if length is not None and length.isdecimal() and int(length) > limit:
            raise _too_large(limit)
        parts: list[bytes] = []
        have = 0
        while True:
            message = await self._receive_soon()
            if message["type"] == "http.disconnect":
                raise ServiceError("IncompleteBody", "The request body ended before its announced length.", status=400)
            if piece := message.get("body"):
                parts.append(piece)
                have += len(piece)
                if have > limit:
                    raise _too_large(limit)
            if not message.get("more_body"):
                break
        self._complete = True
        self.request.body = parts[0] if len(parts) == 1 else b"".join(parts)


def method_of(service: Service, operation: Operation) -> Callable[..., Any]:
    """The service's method for the operation.

    Raises OperationMissing.
    """
    method: Callable[..., Any] | None = getattr(service, operation.method_name, None)
    if method is None or hasattr(Service, operation.method_name):
        raise OperationMissing(service.name, operation.name)
    return method


async def _pump(receive: Receive, reader: BodyReader) -> bool:
    """Fill the reader; whether the body came whole."""
    error: Exception | None = ConnectionError("the client closed the connection")
    try:
        while (message := await receive())["type"] != "http.disconnect":
            if piece := message.get("body"):
                await reader.feed(piece)
            if not message.get("more_body"):
                error = None
                return True
        return False
    except ServiceError as silence:
        error = silence
        return False
    finally:
        # Cancelled too: a thread that still reads must not wait for ever.
        reader.end(error)


def take_events(
    parsed: dict[str, Any], operation: Operation, stream: BodyReader, route: Route, verified: Signed | None
) -> None:
    """Give the method the events of its input as an asynchronous iterator, where the operation has them."""
    name, shape = operation.event_input
    if name is None or shape is None:
        return
    chain, presigned = None, isinstance(verified, Verified) and verified.presigned
    if isinstance(verified, Verified) and (presigned or verified.payload.form is PayloadForm.EVENTS):
        chain = EventSignatureChain(verified)
    code = route.service.validation_code if route.service.validates else None
    parsed[name] = read_events(
        stream,
        shape,
        event_form(route.protocol),
        chain=chain,
        may_be_unsigned=presigned,
        validation_code=code,
    )


def _unsaid_form(operation: Operation, request: Request) -> PayloadForm | None:
    """How the body is signed where the client does not say it: boto3 and amazon-transcribe know it from the model."""
    if _PAYLOAD_RULE in request.headers:
        return None
    if operation.event_input[0] is not None and "content-length" not in request.headers:
        return PayloadForm.EVENTS
    return PayloadForm.UNSIGNED if operation.has_unsigned_payload and request.secure else None


def _may_stream(operation: Operation, route: Route, request: Request, form: PayloadForm | None) -> bool:
    """Whether the body can be handed on while it comes: outside S3, only if its hash is not needed beforehand."""
    if operation.streaming_input is None or route.protocol not in ("rest-json", "rest-xml"):
        return False
    return route.protocol == "rest-xml" or _PAYLOAD_RULE in request.headers or form is not None


def _is_small(request: Request) -> bool:
    """A body that one read gets, and that needs no decoding on the way: handing it on in pieces would cost more."""
    length = request.headers.get("content-length")
    if length is None or not length.isdecimal() or int(length) > _SMALL_BODY:
        return False
    return not (request.headers.get(_PAYLOAD_RULE) or "").startswith("STREAMING-")


def _might_be_form(request: Request) -> bool:
    return (request.headers.get("content-type") or "").startswith("application/x-www-form-urlencoded")


def _too_large(limit: int) -> ServiceError:
    return ServiceError("RequestEntityTooLargeException", f"The request body is larger than {limit} bytes.", status=413)


def _no_operation(protocol: str, service: Service, name: str) -> ServiceError:
    if protocol in ("query", "ec2"):
        version = service.model.metadata["apiVersion"]
        return ServiceError("InvalidAction", f"Could not find operation {name[:100]} for version {version}", status=400)
    return OperationUnknown(f"{service.name} has no operation {name[:100]!r}")


def _no_rest_operation(service: Service, request: Request) -> ServiceError:
    if service.name == "s3":
        return ServiceError(
            "MethodNotAllowed", "The specified method is not allowed against this resource.", status=405
        )
    return OperationUnknown(f"{service.name} has no operation for {request.method} {request.raw_path[:200]}")
