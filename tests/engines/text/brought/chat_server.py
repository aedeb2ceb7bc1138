"""A server that speaks OpenAI's chat completions on the loopback and works out its answers from what it is asked."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOODS = {"splendid": "POSITIVE", "awful": "NEGATIVE", "素敵": "POSITIVE"}
NAMES = {"Tokyo": "LOCATION", "東京": "LOCATION", "Ana": "PERSON", "Acme": "ORGANIZATION", "art": "TITLE"}
PERSONAL = {"Ana": "NAME", "ana@example.org": "EMAIL"}
PHRASES = {"green energy": "PHRASE", "the old mill": "PHRASE"}


class ChatServer:
    """Listens until it is closed.

    Attributes:
        requests: headers and body of each request so far.
        spoil: called with the number of the request (from 1) and the answer before it goes out; it may change the
            answer, or give a status and a body (or headers) instead.
        with_logprobs: whether probabilities of tokens are given when they are asked for.
        busiest: the most requests that were under way at once.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.spoil: Callable[[int, dict[str, Any]], Any] = lambda number, answer: None
        self.with_logprobs = False
        self.pause = 0.0
        self.busiest = self._busy = 0
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                server.answer(self, content)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                pass  # a client that goes away is part of the tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        body = json.loads(content)
        with self._lock:
            self.requests.append({"path": handler.path, "headers": dict(handler.headers), "body": body})
            number = len(self.requests)
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        time.sleep(self.pause)
        answer = completion(body, self.with_logprobs)
        spoiled = self.spoil(number, answer)
        status, headers, sent = 200, {}, json.dumps(answer).encode()
        if spoiled is not None:
            status, headers, sent = spoiled
        with self._lock:
            self._busy -= 1
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("content-length", str(len(sent)))
            handler.end_headers()
            handler.wfile.write(sent)
        except OSError:
            pass  # the client did not wait


def completion(body: dict[str, Any], with_logprobs: bool) -> dict[str, Any]:
    """Counts words, as far as the prompt and the schema ask for it."""
    text = body["messages"][-1]["content"]
    schema = body["response_format"]["json_schema"]["schema"]["properties"]
    content = json.dumps(sentiment(text) if "sentiment" in schema else spans(text, schema), ensure_ascii=False)
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    if with_logprobs and body.get("logprobs"):
        choice["logprobs"] = {"content": tokens(content, body["top_logprobs"])}
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": body["model"], "choices": [choice]}


def sentiment(text: str) -> dict[str, Any]:
    counts = dict.fromkeys(("POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"), 1)
    for word, mood in MOODS.items():
        counts[mood] += 6 * text.count(word)
    if counts["POSITIVE"] == counts["NEGATIVE"]:
        counts["NEUTRAL" if counts["POSITIVE"] == 1 else "MIXED"] += 12
    whole = sum(counts.values())
    shares = {mood: round(count / whole, 3) for mood, count in counts.items()}
    return {"sentiment": max(shares, key=shares.__getitem__), "probabilities": shares}


def spans(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    types = schema["spans"]["items"]["properties"]["type"]["enum"]
    known = PHRASES if "PHRASE" in types else NAMES if "ORGANIZATION" in types else PERSONAL
    found = re.finditer("|".join(map(re.escape, sorted(known, key=len, reverse=True))), text)
    return {
        "spans": [
            {"text": match[0], "type": known[match[0]], "confidence": round(0.5 + len(match[0]) / 100, 2)}
            for match in found
        ]
    }


def tokens(content: str, rivals: int) -> list[dict[str, Any]]:
    """Pieces of up to four characters; each has the probability 0.8, where a mood begins 0.6."""
    found = []
    for piece in re.findall(r'NE|"?[A-Z]{1,3}|[^A-Z]{1,4}', content):
        begins = piece in ("POS", "NE", "MIX", '"POS', '"MIX')
        others = {"NE": [("POS", -1.6), ("MIX", -2.3)], "POS": [("NEG", -1.6), ("MIX", -2.3)]}.get(piece, [])
        found.append(
            {
                "token": piece, "logprob": -0.51 if begins else -0.22,
                "top_logprobs": [
                    {"token": token, "logprob": logprob}
                    for token, logprob in [(piece, -0.51 if begins else -0.22), *others]
                ][:rivals],
            }
        )  # fmt: skip
    return found


@contextmanager
def serving() -> Iterator[ChatServer]:
    server = ChatServer()
    try:
        yield server
    finally:
        server.close()
