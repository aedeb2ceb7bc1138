from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading

import pytest

from honmono import server
from honmono.server import Endpoint, HostUnusable, PortTaken


def test_a_free_port_becomes_a_definite_one():
    endpoint = Endpoint("127.0.0.1", 0).bound()
    assert endpoint.port > 0
    assert endpoint.url == f"http://127.0.0.1:{endpoint.port}"


def test_a_taken_port_and_a_foreign_address_are_told_apart():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            Endpoint("127.0.0.1", port).bound()
    with pytest.raises(HostUnusable, match=r"192\.0\.2\.1"):
        Endpoint("192.0.2.1", 0).bound()
    with pytest.raises(HostUnusable, match=r"no\.such\.host"):
        Endpoint("no.such.host.invalid", 0).bound()


def test_a_name_becomes_an_address():
    endpoint = Endpoint("localhost", 0).bound()
    assert endpoint.host == "127.0.0.1"

    async def main():
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(server.serve(_echo, [endpoint], ready.set, stop))
        await asyncio.wait_for(ready.wait(), 5)
        stop.set()
        await serving

    asyncio.run(main())


def test_a_server_that_cannot_begin_says_so_at_once():
    async def main():
        await server.serve(_echo, [Endpoint("no-address", 4999)], lambda: None, asyncio.Event())

    with pytest.raises(server.ServerEnded, match="before it listened: "):
        asyncio.run(asyncio.wait_for(main(), 5))


def test_a_server_that_ends_by_itself_is_no_orderly_end(monkeypatch):
    begun = []
    make = server._server
    monkeypatch.setattr(server, "_server", lambda *given: begun.append(make(*given)) or begun[-1])

    async def main():
        await server.serve(_echo, [Endpoint("127.0.0.1", 0).bound()], lambda: begun[0].stop(), asyncio.Event())

    with pytest.raises(server.ServerEnded, match="by itself"):
        asyncio.run(asyncio.wait_for(main(), 10))


def test_an_ipv6_address_is_written_in_brackets(tmp_path):
    assert Endpoint("::1", 4566).url == "http://[::1]:4566"
    assert Endpoint("::1", 4567, tmp_path, tmp_path).url == "https://[::1]:4567"


async def _echo(scope, receive, send):
    body = f"{scope['scheme']} {scope['path']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


async def _get(endpoint: Endpoint, path: str) -> bytes:
    reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


def test_every_endpoint_answers_when_ready_and_none_afterwards():
    endpoints = [Endpoint("127.0.0.1", 0).bound(), Endpoint("127.0.0.1", 0).bound()]

    async def main():
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(server.serve(_echo, endpoints, ready.set, stop))
        await ready.wait()
        answers = [await _get(endpoint, f"/{index}") for index, endpoint in enumerate(endpoints)]
        stop.set()
        await serving
        with pytest.raises(OSError):
            await _get(endpoints[0], "/late")
        return answers

    assert asyncio.run(main()) == [b"http /0", b"http /1"]


def test_signals_set_the_event():
    async def main(stop):
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        await asyncio.wait_for(stop.wait(), 5)

    server.run(main)


def test_the_log_survives_granian():
    """granian's constructor closes every handler of the process unless it is told to leave them."""
    closed = []

    class Handler(logging.Handler):
        def close(self):
            closed.append(self)

    handler = Handler()
    logging.getLogger("honmono.test").addHandler(handler)
    server._server(_echo, Endpoint("127.0.0.1", 0).bound())
    assert closed == []
    logging.getLogger("honmono.test").removeHandler(handler)
