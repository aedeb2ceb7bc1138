"""The child process: moto's application behind a socket that the parent made.

Run as `python -m honmono.fallback.child PARENT LISTENING_FD BARRED…`. It ends with its parent: the kernel kills it,
and where the kernel cannot, the end of standard input does.

A problem goes back as plain text under the header `x-honmono-problem`, for the parent to put into the protocol's form:
moto itself would answer with a page of HTML, which SDKs take for a passing failure and try again.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from honmono.compute.spawning import die_with_parent

PROBLEM = "x-honmono-problem"
_log = logging.getLogger("honmono.fallback")

StartResponse = Callable[..., Any]


class Refused(Exception):
    """No module of moto may or can answer."""


def main(arguments: list[str]) -> None:
    """Serve until the parent is gone."""
    parent, listening, *barred = arguments
    die_with_parent(int(parent))
    threading.Thread(target=_end_with_input, daemon=True).start()
    serve(socket.socket(fileno=int(listening)), frozenset(barred))


def serve(listening: socket.socket, barred: frozenset[str]) -> None:
    """Answer requests from the socket, each in a thread of its own."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        # The answer ends with the connection: the parent needs no decoder for chunks.
        protocol_version = "HTTP/1.0"

        def log(self, type: str, message: str, *args: Any) -> None:
            """The server has its own access log."""

        def address_string(self) -> str:
            """A peer on a unix socket has no address."""
            return "127.0.0.1"

        @property
        def client_address(self) -> tuple[str, int]:
            """What the WSGI environment says of the peer."""
            return ("127.0.0.1", 0)

        @client_address.setter
        def client_address(self, value: object) -> None:
            """What the socket says (an empty text) is of no use."""

    server = make_server(
        "unix://honmono",
        0,
        application(barred),
        threaded=True,
        request_handler=Handler,
        fd=listening.detach(),
    )
    server.serve_forever()


def application(barred: frozenset[str]) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """moto as a WSGI application that says plainly what it cannot do."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    class Dispatcher(DomainDispatcherApplication):
        def get_backend_for_host(self, host: str | None) -> Any:
            """The module for a host; None only for None, where the caller looks further."""
            found = super().get_backend_for_host(host)
            if host is not None and found is None:
                raise Refused(f"Neither Honmono nor moto answers for {host.partition('.')[0]!r}.")
            if found in barred:
                raise Refused(f"Honmono does not answer this operation of {found} yet.")
            return found

    moto = Dispatcher(create_backend_app)

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        head: list[Any] = []

        def keep_head(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
            head[:] = [status, headers]
            return lambda piece: None

        try:
            body = moto(environ, keep_head)
        except Refused as refusal:
            return _problem(start_response, "501 Not Implemented", "NotImplemented", str(refusal))
        except NotImplementedError as missing:
            message = f"{missing or 'This operation is missing'} in moto, which simulates this service."
            return _problem(start_response, "501 Not Implemented", "NotImplemented", message)
        except Exception as error:  # noqa: BLE001 - whatever moto fails with, the client gets an AWS error
            _log.exception("moto failed on %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            message = f"moto, which simulates this service, failed on this request: {type(error).__name__}: {error}"
            # What the simulator cannot do is not a fault that passes: clients try a 500 again, and not a 501.
            return _problem(start_response, "501 Not Implemented", "NotImplemented", message)
        status, headers = head
        if int(status[:3]) >= 400 and _is_page(headers):
            message = f"moto, which simulates this service, has no {environ['REQUEST_METHOD']} {environ['PATH_INFO']}."
            return _problem(start_response, "501 Not Implemented", "NotImplemented", message)
        start_response(status, headers)
        return body  # type: ignore[no-any-return]

    return answer


def _is_page(headers: list[tuple[str, str]]) -> bool:
    return any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)


def _problem(start_response: StartResponse, status: str, code: str, message: str) -> Iterable[bytes]:
    body = message.encode()
    start_response(status, [("content-type", "text/plain"), (PROBLEM, code), ("content-length", str(len(body)))])
    return [body]


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    main(sys.argv[1:])
