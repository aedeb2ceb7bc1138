"""A gateway on real sockets, served as the product serves it."""

import asyncio
import contextlib
import socket
import threading

import boto3
from botocore.config import Config

from honmono.server import Endpoint, serve


class Live:
    """A running server. ``url`` is plain HTTP, ``tls_url`` TLS with h2 where a certificate was given."""

    def __init__(self, gateway, certificate=None, key=None):
        self.gateway = gateway
        self._ready = threading.Event()
        endpoints = [Endpoint("127.0.0.1", 0).bound()]
        if certificate:
            endpoints.append(Endpoint("127.0.0.1", 0, certificate, key).bound())
        self.url, self.port = endpoints[0].url, endpoints[0].port
        self.tls_port = endpoints[-1].port
        self.tls_url = f"https://localhost:{self.tls_port}"
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(endpoints)), name="server")
        self._thread.start()
        assert self._ready.wait(10)

    async def _serve(self, endpoints):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await serve(self.gateway, endpoints, self._ready.set, self._stop)

    def close(self):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        assert not self._thread.is_alive()
        self.gateway.close()

    def client(self, service, **options):
        """A boto3 client without retries: a test sees every answer."""
        config = Config(retries={"total_max_attempts": 1}, read_timeout=20).merge(options.pop("config", Config()))
        given = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, **{"endpoint_url": self.url, "config": config, **given, **options})

    def connect(self):
        """A socket to the plain port."""
        return contextlib.closing(socket.create_connection(("127.0.0.1", self.port), timeout=10))


def head_of(connection):
    """Read an answer's head off a socket: status, fields, and what came of the body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return 0, {}, data
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), fields, rest


def exchange(connection, request):
    """Send raw bytes and read one answer with a Content-Length, or to the end."""
    connection.sendall(request)
    status, fields, body = head_of(connection)
    if status == 100:
        return exchange(connection, b"")
    wanted = int(fields.get("content-length", -1))
    while wanted < 0 or len(body) < wanted:
        if wanted < 0 and fields.get("transfer-encoding") == "chunked" and body.endswith(b"0\r\n\r\n"):
            break
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return status, fields, body
