"""From a socket to a service's method and back: the ASGI application.

socket → route → signature → parse → validate → method → serialise → socket. A plain method runs in a thread.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

from honmono.wire import validation
from honmono.wire.authentication import Authenticator, is_signed
from honmono.wire.body import BodyReader, MemoryBody
from honmono.wire.errors import OperationMissing, OperationUnknown, SerializationError, ServiceError
from honmono.wire.http import Headers, Request, Response
from honmono.wire.model import Operation
from honmono.wire.protocols import Protocol, protocol_for
from honmono.wire.routing import Registry, Route
from honmono.wire.sending import send_response
from honmono.wire.service import Context, Identity, Service
from honmono.wire.signature import Lookup, credential_scope

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Fallback = Callable[[Request, str | None], Awaitable[Response]]

ANONYMOUS = Identity("anonymous", "anonymous", "anonymous")
_log = logging.getLogger("honmono.wire")
_access = logging.getLogger("honmono.access")


class Gateway:
    """The ASGI application that answers AWS's clients.

    ``lookup`` knows the access keys. ``fallback`` answers requests for services that are not in the registry.
    ``pages`` are further ASGI applications by path prefix (health, console). ``translate`` says what a known error of
    the layers below means to a client. With ``strict`` every answer is held against its output shape too: for tests.
    """

    def __init__(
        self,
        registry: Registry,
        lookup: Lookup[Identity],
        *,
        fallback: Fallback | None = None,
        pages: Mapping[str, Application] | None = None,
        threads: int = 16,
        default_region: str = "us-east-1",
        translate: Callable[[Exception], ServiceError | None] = lambda error: None,
        strict: bool = False,
    ) -> None:
        self.registry = registry
        self.authenticator = Authenticator(lookup)
        self._fallback = fallback
        self._pages = dict(pages or {})
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="operation")
        self._default_region = default_region
        self.translate = translate
        self._strict = strict
        self._checks: dict[Operation, validation.Check] = {}
        self._output_checks: dict[Operation, validation.Check] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def close(self) -> None:
        """Wait for the methods that still run; the services themselves belong to who made them."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        path: str = scope["path"]
        for prefix, page in self._pages.items():
            if path.startswith(prefix):
                await page(scope, receive, send)
                return
        started = time.perf_counter()
        self._loop = asyncio.get_running_loop()
        exchange = _Exchange(self, _request(scope), receive)
        response = await exchange.run()
        sent = await send_response(response, send, head=exchange.request.method == "HEAD", threads=self._threads)
        exchange.finish()
        _access.info(
            "%s %s %d %.1f ms%s%s",
            exchange.named,
            exchange.request_id,
            response.status,
            (time.perf_counter() - started) * 1000,
            f" {engine}" if (engine := response.headers.get("x-honmono-engine")) else "",
            "" if sent else " client left",
        )

    def parse(
        self,
        protocol: Protocol,
        operation: Operation,
        request: Request,
        labels: dict[str, str],
        service: Service,
    ) -> dict[str, Any]:
        """The request's members, parsed and validated.

        Raises ServiceError.
        """
        try:
            parsed = protocol.parse(operation, request, labels)
        except RecursionError as error:
            raise SerializationError("The request body is nested too deeply") from error
        if service.validates:
            self.validate(operation, parsed, service)
        return parsed

    def validate(self, operation: Operation, parsed: dict[str, Any], service: Service) -> None:
        """Hold a request against its shape.

        Raises ServiceError with the service's validation code.
        """
        check = self._checks.get(operation)
        if check is None:
            check = self._checks[operation] = validation.compile_check(operation.input)
        found = validation.violations(check, parsed)
        if found:
            raise ServiceError(service.validation_code, validation.message(found), status=400)

    def check_output(self, operation: Operation, output: dict[str, Any]) -> None:
        """In strict mode, hold an answer against its shape.

        Raises AssertionError.
        """
        if self._strict:
            check = self._output_checks.get(operation)
            if check is None:
                check = self._output_checks[operation] = validation.compile_check(operation.output, closed=True)
            found = validation.violations(check, output)
            if found:
                raise AssertionError(f"{operation.model.name}.{operation.name} answered: {'; '.join(found)}")

    async def invoke(self, service: Service, operation: Operation, parsed: dict[str, Any], ctx: Context) -> Any:
        """Run the service's method where it belongs.

        Raises OperationMissing where the service has none.
        """
        method = method_of(service, operation)
        if inspect.iscoroutinefunction(method):
            return await method(parsed, ctx)
        if getattr(method, "inline", False):
            return method(parsed, ctx)
        return await asyncio.get_running_loop().run_in_executor(self._threads, method, parsed, ctx)

    def call(self, ctx: Context, service_name: str, method_name: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call an operation from another service's method, in this thread.

        Raises ServiceError as the service does; OperationMissing for a service that is not ours.
        """
        service = self.registry.services.get(service_name)
        operation = service.model.by_method.get(method_name) if service is not None else None
        if service is None or operation is None:
            raise OperationMissing(service_name, method_name)
        streaming = operation.streaming_input
        if streaming is not None:
            for name, value in request.items():
                if isinstance(value, bytes) and operation.input.members[name].is_streaming:
                    request[name] = MemoryBody(value)
        if service.validates:
            self.validate(operation, request, service)
        inner = Context(service_name, operation.name, ctx.region, ctx.identity, ctx.request_id, {}, self.call)
        method = method_of(service, operation)
        if inspect.iscoroutinefunction(method):
            if self._loop is None:
                raise OperationMissing(service_name, method_name)
            output = asyncio.run_coroutine_threadsafe(method(request, inner), self._loop).result()
        else:
            output = method(request, inner)
        answer: dict[str, Any] = output
        return answer

    async def fall_back(self, request: Request, signing_name: str | None) -> Response:
        """Hand a request for none of our services on, or refuse it."""
        if self._fallback is None:
            raise OperationUnknown(f"No service here answers {request.method} {request.raw_path[:200]}")
        return await self._fallback(request, signing_name)


class _Exchange:
    """One request and its answer."""

    def __init__(self, gateway: Gateway, request: Request, receive: Receive) -> None:
        self.gateway = gateway
        self.request = request
        self.receive = receive
        self.request_id = str(uuid4())
        self.named = f"{request.method} {request.raw_path[:80]}"
        self._pump: asyncio.Task[None] | None = None
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
        except Exception as error:
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
        response = self._protocol.error(self._operation, error, self.request_id)
        if self._ctx is not None:
            response.headers.update(self._ctx.response_headers)
        return response

    def finish(self) -> None:
        """Stop reading a body that nobody wants any more."""
        if self._pump is not None and not self._pump.done():
            self._pump.cancel()

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
        unsigned = _has_unsigned_payload(operation, request)
        streams = _may_stream(operation, route, request) and not self._complete
        if streams:
            self._start_stream()
        else:
            await self._read_whole(service.max_body)
        routed.stream, routed.body = request.stream, request.body
        identity = self._identify(
            operation, route, streams=streams, unsigned=unsigned, virtual_bucket=routed.virtual_bucket
        )
        if operation.streaming_input is not None and not streams:
            routed.stream = BodyReader.holding(request.body)
        region = scope.region if scope is not None else gateway._default_region
        parsed = gateway.parse(self._protocol, operation, routed, labels, service)
        ctx = self._ctx = Context(
            service.name,
            operation.name,
            region,
            identity,
            self.request_id,
            routed.headers,
            gateway.call,
            routed,
        )
        output = await gateway.invoke(service, operation, parsed, ctx)
        return self._finish_answer(operation, output if output is not None else {}, ctx)

    def _finish_answer(self, operation: Operation, output: Any, ctx: Context) -> Response:
        if isinstance(output, Response):
            response = output
            response.headers.setdefault("x-amzn-requestid", self.request_id)
        else:
            self.gateway.check_output(operation, output)
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
            gateway._default_region,
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
            response = await asyncio.get_running_loop().run_in_executor(gateway._threads, special, routed, ctx)
        response.headers.setdefault("x-amz-request-id", self.request_id)
        response.headers.update(ctx.response_headers)
        return response  # type: ignore[no-any-return]

    async def _find_operation(self, route: Route, routed: Request) -> tuple[Operation, dict[str, str]]:
        service = route.service
        name = route.operation
        if route.protocol in ("query", "ec2"):
            await self._read_whole(service.max_body)
            from honmono.wire.protocols.query import form

            name = form(self.request).get("Action", "")
        if name is None:
            matched = self.gateway.registry.rules(service).match(routed)
            if matched is None:
                raise _no_rest_operation(service, routed)
            return matched
        operation = service.model.operations.get(name)
        if operation is None:
            raise _no_operation(route.protocol, service, name)
        return operation, {}

    def _identify(
        self, operation: Operation, route: Route, *, streams: bool, unsigned: bool, virtual_bucket: str | None
    ) -> Identity:
        service, request = route.service, self.request
        if operation.name in service.unsigned and not is_signed(request):
            return ANONYMOUS
        if unsigned:
            request = replace(request, headers=Headers([*request.headers.items(), _UNSIGNED_PAYLOAD]))
        verified = self.gateway.authenticator.verify(
            request, service.model.signing_name, route.protocol, streams=streams, virtual_bucket=virtual_bucket
        )
        return verified.identity

    def _start_stream(self) -> None:
        reader = BodyReader(asyncio.get_running_loop())
        length = self.request.headers.get("content-length")
        reader.length = int(length) if length is not None and length.isdecimal() else None
        self.request.stream = reader
        self._pump = asyncio.create_task(_pump(self.receive, reader))

    async def _read_whole(self, limit: int) -> None:
        if self._complete:
            return
        length = self.request.headers.get("content-length")
        if length is not None and length.isdecimal() and int(length) > limit:
            raise _too_large(limit)
        parts: list[bytes] = []
        have = 0
        while True:
            message = await self.receive()
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


_UNSIGNED_PAYLOAD = ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
_FORM_LIMIT = 16 * 1024 * 1024
_FALLBACK_LIMIT = 256 * 1024 * 1024


def method_of(service: Service, operation: Operation) -> Callable[..., Any]:
    """The service's method for the operation.

    Raises OperationMissing.
    """
    method: Callable[..., Any] | None = getattr(service, operation.method_name, None)
    if method is None or hasattr(Service, operation.method_name):
        raise OperationMissing(service.name, operation.name)
    return method


def _request(scope: Scope) -> Request:
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Request(
        scope["method"],
        raw_path.decode("latin-1").partition("?")[0],
        scope["query_string"].decode("latin-1"),
        Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        secure=scope.get("scheme") == "https",
    )


async def _pump(receive: Receive, reader: BodyReader) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            reader.end(ConnectionError("the client closed the connection"))
            return
        if piece := message.get("body"):
            await reader.feed(piece)
        if not message.get("more_body"):
            reader.end()
            return


def _has_unsigned_payload(operation: Operation, request: Request) -> bool:
    """Whether the client leaves the body out of the signature without saying so, as boto3 does over TLS."""
    return operation.has_unsigned_payload and request.secure and "x-amz-content-sha256" not in request.headers


def _may_stream(operation: Operation, route: Route, request: Request) -> bool:
    """Whether the body can be handed on while it comes: outside S3, only if its hash is not needed beforehand."""
    if operation.streaming_input is None or route.protocol not in ("rest-json", "rest-xml"):
        return False
    return (
        route.protocol == "rest-xml"
        or "x-amz-content-sha256" in request.headers
        or _has_unsigned_payload(operation, request)
    )


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
