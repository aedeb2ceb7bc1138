from __future__ import annotations

import asyncio

import pytest

from honmono.fallback.exchange import BrokenExchange, exchange, whole


def ask(tmp_path, answer: bytes, **request):
    """Send a request to a server that answers these bytes and closes; the answer and what the server got."""
    got = []

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        got.append(head + await reader.readexactly(length))
        writer.write(answer)
        writer.close()

    async def main():
        server = await asyncio.start_unix_server(serve, tmp_path / "s")
        async with server:
            response = await exchange(
                tmp_path / "s",
                request.get("method", "POST"),
                request.get("target", "/a?b=c%20d"),
                request.get("fields", [("host", "example"), ("x-amz-target", "T.Op")]),
                request.get("body", b"body"),
            )
            return response, await whole(response)

    response, body = asyncio.run(main())
    return response, body, got[0]


def test_request_and_answer_arrive_as_they_are(tmp_path):
    response, body, got = ask(
        tmp_path, b"HTTP/1.0 418 Teapot\r\nX-One: 1\r\nset-cookie: a\r\nSet-Cookie: b\r\n\r\nlukewarm"
    )
    assert (response.status, body) == (418, b"lukewarm")
    assert response.headers == {"x-one": "1", "set-cookie": "a, b"}
    assert got.startswith(b"POST /a?b=c%20d HTTP/1.0\r\nhost: example\r\n")
    assert got.endswith(b"\r\n\r\nbody")


def test_a_length_is_kept_to(tmp_path):
    _, body, _ = ask(tmp_path, b"HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nabcdef")
    assert body == b"abc"


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.0 200 OK\r\ncontent-le", b"nonsense\r\n\r\n", b"HTTP/1.0 200 OK\r\nx\r\n\r\n"]
)
def test_no_answer_is_a_broken_exchange(tmp_path, answer):
    with pytest.raises(BrokenExchange):
        ask(tmp_path, answer)


def test_a_body_that_ends_early_is_not_taken_for_whole(tmp_path):
    with pytest.raises(BrokenExchange, match="2 bytes"):
        ask(tmp_path, b"HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nabc")
