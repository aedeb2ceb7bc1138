"""A client of a server that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, LM Studio, OpenAI itself.

Texts go to the URL that the user configured and nowhere else: redirects are not followed and the environment's proxies
are not used. Reference: https://platform.openai.com/docs/api-reference/chat
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from msgspec import Meta, field

from honmono.engines.errors import EngineError, EngineFailed, EngineTimeout, EngineUnavailable
from honmono.engines.text.brought.options import BroughtOptions, misconfigured

_ANSWER_BYTES = 4 << 20
_PASSING = (408, 409, 425, 429, 500, 502, 503, 504)
"""Statuses after which the same request may succeed."""
LONGEST = 60
"""Seconds that a text may take, at most."""


class ChatOptions(BroughtOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the engine takes.

    Attributes:
        url: up to and with the version: http://127.0.0.1:8000/v1.
        model: as the server calls it.
        key_env: the environment's variable that has the key; empty: none is sent.
        timeout: seconds for a text, tries included.
        retries: further tries after an answer that cannot be used, a refusal that passes, or a lost connection.
        concurrency: texts under way at once.
        logprobs: ask for the tokens' probabilities, which become the scores.
        max_tokens: of an answer.
        parameters: of the request, beside or in place of ours: { temperature = 1 }.
    """

    url: str
    model: Annotated[str, Meta(min_length=1)]
    key_env: str = ""
    timeout: Annotated[float, Meta(gt=0, le=LONGEST)] = 30.0
    retries: Annotated[int, Meta(ge=0, le=10)] = 2
    concurrency: Annotated[int, Meta(ge=1, le=64)] = 4
    logprobs: bool = True
    max_tokens: Annotated[int, Meta(ge=16, le=100_000)] = 4096
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer, its log-probability, and those of the likeliest tokens in its place."""

    text: str
    logprob: float
    rivals: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text, and its tokens where the server gave them and they spell it."""

    content: str
    tokens: tuple[Token, ...]


def check(engine: str, of: str, options: ChatOptions) -> None:
    """Refuse a URL, key or device that cannot be, without calling anybody.

    Raises:
        EngineUnavailable: says which.
    """
    try:
        parts = urlsplit(options.url)
        _ = parts.port
    except ValueError as error:
        raise misconfigured(engine, of, f"url {options.url!r} is no URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise misconfigured(engine, of, f"url {options.url!r} does not begin with http:// or https:// and a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise misconfigured(engine, of, "url has a user, a query or a fragment: a key goes into the variable key_env")
    if options.key_env and not os.environ.get(options.key_env):
        raise misconfigured(engine, of, f"key_env names {options.key_env}, which the environment does not have")
    if options.device != "cpu":
        raise misconfigured(engine, of, "device has no meaning here: the server computes")


class ChatClient:
    """Asks the server. Safe to call from many threads."""

    def __init__(self, engine: str, options: ChatOptions) -> None:
        """Connect to nobody yet."""
        import urllib3

        self._engine = engine
        self._options = options
        self._url = options.url.rstrip("/") + "/chat/completions"
        self._headers = {"content-type": "application/json", "accept": "application/json"}
        if options.key_env:
            self._headers["authorization"] = f"Bearer {os.environ.get(options.key_env, '')}"
        self._pool = urllib3.PoolManager(maxsize=options.concurrency, retries=False)

    def ask(self, system: str, text: str, name: str, schema: Mapping[str, Any], deadline: float) -> Reply:
        """One answer to `text` that the server was told to give by the JSON schema, before `deadline`
        (`time.monotonic`).

        Raises:
            EngineUnavailable: the server refuses for a reason that only a person can remove.
            EngineTimeout: the time is over.
            Passing: trying again may help.
        """
        body = {
            "model": self._options.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": text}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": schema},
            },
            "temperature": 0,
            "seed": 0,
            "max_tokens": self._options.max_tokens,
        }
        if self._options.logprobs:
            body |= {"logprobs": True, "top_logprobs": 20}
        return self._reply(self._post(body | self._options.parameters, deadline))

    def _post(self, body: dict[str, Any], deadline: float) -> bytes:
        import urllib3

        left = deadline - time.monotonic()
        if left <= 0:
            raise EngineTimeout(self._engine, self._options.timeout)
        try:
            answer = self._pool.request(
                "POST", self._url, body=json.dumps(body).encode(), headers=self._headers, redirect=False,
                timeout=urllib3.Timeout(total=left), preload_content=False,
            )  # fmt: skip
            with answer:
                content = _within(answer, deadline)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # A refused connection is a subclass of urllib3's timeout of connections.
            late = isinstance(error, (urllib3.exceptions.TimeoutError, TimeoutError))
            if late and not isinstance(error, urllib3.exceptions.NewConnectionError):
                raise EngineTimeout(self._engine, self._options.timeout) from None
            raise Passing(self._engine, f"{self._url} did not answer: {error}") from error
        if len(content) > _ANSWER_BYTES:
            raise EngineFailed(self._engine, f"{self._url} answers with more than {_ANSWER_BYTES:,} bytes")
        if answer.status == 200:
            return content
        said = _message(content)
        if answer.status in _PASSING:
            raise Passing(self._engine, f"{self._url} answers {answer.status}: {said}", _pause(answer.headers))
        raise EngineUnavailable(self._engine, f"{self._url} answers {answer.status}: {said}")

    def _reply(self, content: bytes) -> Reply:
        try:
            choice = json.loads(content)["choices"][0]
            text = choice["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            raise Passing(self._engine, f"{self._url} answers with something that is no chat completion") from None
        if not isinstance(text, str):
            raise Passing(self._engine, "the model gave no text")
        if choice.get("finish_reason") == "length":
            raise EngineFailed(
                self._engine, f"the answer is longer than max_tokens = {self._options.max_tokens}: raise it"
            )
        return Reply(text, _tokens(choice.get("logprobs"), text))


class Passing(EngineFailed):
    """An answer after which trying again may help.

    Attributes:
        pause: seconds that the server asks to wait.
    """

    def __init__(self, engine: str, reason: str, pause: float = 0.0) -> None:
        self.pause = pause
        super().__init__(engine, reason)


def _within(answer: Any, deadline: float) -> bytes:
    """The body, read while there is time and no farther than is allowed."""
    content = b""
    while len(content) <= _ANSWER_BYTES:
        piece: bytes = answer.read1(1 << 16)
        if not piece:
            break
        content += piece
        if time.monotonic() > deadline:
            raise TimeoutError
    return content


def _message(content: bytes) -> str:
    """What an error says, as OpenAI's servers write it or as it is."""
    try:
        error = json.loads(content)["error"]
        said = error["message"] if isinstance(error, dict) else error
    except (ValueError, LookupError, TypeError, RecursionError):
        said = content.decode(errors="replace")
    return str(said).strip()[:300] or "nothing more"


def _pause(headers: Mapping[str, str]) -> float:
    said = headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() else 0.0


def _tokens(logprobs: object, text: str) -> tuple[Token, ...]:
    """The answer's tokens; none unless they spell it (a token may be a piece of a letter, which no text can show)."""
    try:
        found = tuple(
            Token(
                entry["token"],
                min(float(entry["logprob"]), 0.0),
                tuple((rival["token"], float(rival["logprob"])) for rival in entry.get("top_logprobs") or ()),
            )
            for entry in (logprobs["content"] if isinstance(logprobs, dict) else None) or ()
        )
    except (LookupError, TypeError, ValueError):
        return ()
    return found if "".join(token.text for token in found) == text else ()


def again(error: EngineError, tried: int, options: ChatOptions, deadline: float) -> None:
    """Wait before the next try, or raise `error` where there is none."""
    pause = max(error.pause, min(0.25 * 2**tried, 4.0)) if isinstance(error, Passing) else 0.0
    if not isinstance(error, Passing) or tried >= options.retries or time.monotonic() + pause >= deadline:
        raise error
    time.sleep(pause)
