"""Who sends slowly, or falls silent, holds up nobody else."""

import time

import pytest

from honmono.wire import exchange as exchanges

from .dummies import dummy, gateway_of
from .live import Live, exchange

LENGTH = 1_000_000


def put_object(self, request, ctx):
    return {"ETag": str(len(b"".join(request["Body"])))}


def list_buckets(self, request, ctx):
    return {"Owner": {"ID": "someone"}}


@pytest.fixture
def live():
    running = Live(gateway_of(dummy("s3", put_object=put_object, list_buckets=list_buckets), threads=2))
    yield running
    running.close()


def begin(live, connection):
    """Announce an object and send its beginning."""
    url = live.client("s3").generate_presigned_url("put_object", Params={"Bucket": "bucket", "Key": "k"})
    head = (
        f"PUT {url.removeprefix(live.url)} HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nContent-Length: {LENGTH}\r\n\r\n"
    )
    connection.sendall(head.encode() + b"x" * 100)


def test_more_uploads_under_way_than_threads_leave_other_operations_answered(live):
    with live.connect() as one, live.connect() as two, live.connect() as three:
        for connection in (one, two, three):
            begin(live, connection)
        time.sleep(0.2)

        assert live.client("s3").list_buckets()["Owner"]["ID"] == "someone"
        status, fields, _ = exchange(two, b"x" * (LENGTH - 100))
        assert (status, fields["etag"]) == (200, str(LENGTH))


def test_an_upload_that_falls_silent_is_ended(live, monkeypatch):
    monkeypatch.setattr(exchanges, "SILENCE_SECONDS", 1.5)
    with live.connect() as connection:
        begin(live, connection)
        for _ in range(6):  # slow is not silent
            time.sleep(0.3)
            connection.sendall(b"x")
        status, fields, body = exchange(connection, b"")

        assert (status, fields["connection"]) == (400, "close")
        assert b"RequestTimeout" in body
        assert connection.recv(1) == b""


def test_a_body_read_whole_that_falls_silent_is_ended(live, monkeypatch):
    monkeypatch.setattr(exchanges, "SILENCE_SECONDS", 0.3)
    with live.connect() as connection:
        request = (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 100\r\n\r\nAction=Lis"
        )
        status, _, body = exchange(connection, request)

        assert status == 400
        assert b"RequestTimeout" in body
