"""From a socket to a service's method and back: the ASGI application.

socket → route → signature → parse → validate → method → serialise → socket. A plain method runs in a thread.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from honmono.wire import validation
from honmono.wire.authentication import Authenticator
from honmono.wire.body import MemoryBody
from honmono.wire.errors import OperationMissing, OperationUnknown, SerializationError, ServiceError
from honmono.wire.exchange import Exchange, method_of
from honmono.wire.http import Headers, Request, Response
from honmono.wire.model import Operation
from honmono.wire.protocols import Protocol
from honmono.wire.routing import Registry
from honmono.wire.sending import send_response
from honmono.wire.service import Context, Identity, Service
from honmono.wire.signature import Lookup
from honmono.wire.websocket import answer_websocket

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Fallback = Callable[[Request, str | None], Awaitable[Response]]

_UPLOADS = 64
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
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="operation")
        # Apart: who sends slowly holds a thread for as long, and would hold up every other operation.
        self.uploads = ThreadPoolExecutor(_UPLOADS, thread_name_prefix="upload")
        self.default_region = default_region
        self.translate = translate
        self._strict = strict
        self._checks: dict[Operation, validation.Check] = {}
        self._output_checks: dict[Operation, validation.Check] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_thread = 0

    def close(self) -> None:
        """Wait for the methods that still run; the services themselves belong to who made them."""
        for pool in (self.threads, self.uploads):
            pool.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        self._loop, self._loop_thread = asyncio.get_running_loop(), threading.get_ident()
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await answer_websocket(self, _request(scope), receive, send)
            return
        path: str = scope["path"]
        for prefix, page in self._pages.items():
            if path.startswith(prefix):
                await page(scope, receive, send)
                return
        started = time.perf_counter()
        exchange = Exchange(self, _request(scope), receive)
        response = await exchange.run()
        is_head = exchange.request.method == "HEAD"
        if exchange.left_unread and str(scope.get("http_version", "1.1")).startswith("1"):
            # The server closes a connection with bytes that nobody read: the client must not send its next request on it.
            response.headers["connection"] = "close"
        try:
            sent = await send_response(response, send, head=is_head, threads=self.threads, left=exchange.client_left)
        except Exception:
            # The server cuts the connection: an answer that broke off must not look whole.
            _log.exception("%s broke off (request %s)", exchange.named, exchange.request_id)
            raise
        finally:
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
            if service.validates:
                self.validate(operation, parsed, service)
        except RecursionError as error:
            raise SerializationError("The request body is nested too deeply") from error
        return parsed

    def validate(self, operation: Operation, parsed: dict[str, Any], service: Service) -> None:
        """Hold a request against its shape.

        Raises ServiceError with the service's validation code.
        """
        check = self._checks.get(operation)
        if check is None:
            check = self._checks[operation] = validation.compile_check(
                operation.input, open_patterns=service.open_patterns
            )
        found = validation.violations(check, parsed)
        if found:
            raise ServiceError(service.validation_code, validation.message(found), status=400)

    def check_output(self, service: Service, operation: Operation, output: dict[str, Any]) -> None:
        """In strict mode, hold an answer against its shape.

        Raises AssertionError.
        """
        if self._strict:
            check = self._output_checks.get(operation)
            if check is None:
                check = self._output_checks[operation] = validation.compile_check(
                    operation.output,
                    closed=True,
                    open_enums=service.open_enums,
                    open_patterns=service.open_patterns,
                )
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
        return await self.in_thread(method, parsed, ctx)

    async def in_thread(self, method: Callable[[Any, Context], Any], argument: Any, ctx: Context) -> Any:
        """Run a method of a service in a thread: one of the uploads' where the body is still coming."""
        stream = ctx.http.stream if ctx.http is not None else None
        pool = self.threads if stream is None or stream.complete else self.uploads
        return await asyncio.get_running_loop().run_in_executor(pool, method, argument, ctx)

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
            output = self._wait_for(method(request, inner), f"{service_name}.{method_name}")
        else:
            output = method(request, inner)
        answer: dict[str, Any] = output
        return answer

    def _wait_for(self, answer: Coroutine[Any, Any, Any], name: str) -> Any:
        if self._loop is None or threading.get_ident() == self._loop_thread:
            answer.close()
            raise RuntimeError(f"{name} runs on the event loop: call it from a method that runs in a thread")
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result()

    async def fall_back(self, request: Request, signing_name: str | None) -> Response:
        """Hand a request for none of our services on, or refuse it."""
        if self._fallback is None:
            raise OperationUnknown(f"No service here answers {request.method} {request.raw_path[:200]}")
        return await self._fallback(request, signing_name)


def _request(scope: Scope) -> Request:
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return Request(
        scope.get("method", "GET"),  # a WebSocket's handshake has none
        raw_path.decode("latin-1").partition("?")[0],
        scope["query_string"].decode("latin-1"),
        Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        secure=scope.get("scheme") == "https",
    )
