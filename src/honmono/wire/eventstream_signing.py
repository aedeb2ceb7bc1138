"""The signature chain of events that a client streams in (`STREAMING-AWS4-HMAC-SHA256-EVENTS`).

Each event travels as the payload of an outer message with two headers, `:date` and `:chunk-signature`; each
signature covers the one before it, the first one the request's. An event without payload ends the stream.
Source: "Setting up a streaming transcription: HTTP/2" (Amazon Transcribe developer guide).
"""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from honmono.wire.eventstream import EventStreamError, Message, encode_headers
from honmono.wire.signature import PayloadForm, Verified

_MAX_SKEW = timedelta(minutes=15)


class EventSignatureError(EventStreamError):
    """An event is not signed, its signature does not match, its date is off, or it comes after the end."""


class EventSignatureChain:
    """Check the events of one request in order, and take them out of their signed messages.

    A request whose payload rule is UNSIGNED or HASH has no chain; do not make one for it. The handshake of a WebSocket is
    presigned, and may begin one: aws-sdk-js signs its events there too.
    """

    def __init__(self, verified: Verified[Any], *, now: Callable[[], datetime] | None = None) -> None:
        """Start behind a verified request. `now` gives the time (timezone-aware) that dates are compared
        with.

        Raises:
            ValueError: the request's events are not signed.
        """
        if verified.payload.form is not PayloadForm.EVENTS and not verified.presigned:
            raise ValueError(f"The request's payload is {verified.payload.form.value}, not signed events.")
        self._verified = verified
        self._previous = verified.signature
        self._now = now or (lambda: datetime.now(UTC))
        self.ended = False

    def open(self, message: Message) -> bytes | None:
        """Check a signed message; give the bytes of the event in it, or None at the end of the stream.

        Raises:
            EventSignatureError: it is not the next event of this stream.
        """
        if self.ended:
            raise EventSignatureError("An event comes after the empty event that ended the stream.")
        date = message.headers.get(":date")
        given = message.headers.get(":chunk-signature")
        if not isinstance(date, datetime) or not isinstance(given, bytes):
            raise EventSignatureError("An event lacks the headers :date (timestamp) and :chunk-signature (bytes).")
        if abs(date - self._now()) > _MAX_SKEW:
            raise EventSignatureError(f"An event's :date {date.isoformat()} is more than 15 minutes off.")
        timestamp = date.strftime("%Y%m%dT%H%M%SZ")
        scope = self._verified.scope
        text = "\n".join(
            (
                "AWS4-HMAC-SHA256-PAYLOAD",
                timestamp,
                f"{timestamp[:8]}/{scope.region}/{scope.service}/aws4_request",
                self._previous,
                sha256(encode_headers({":date": date})).hexdigest(),
                sha256(message.payload).hexdigest(),
            )
        )
        key = self._verified.signing_key_of(timestamp[:8])
        expected = hmac.digest(key, text.encode(), "sha256")
        if not hmac.compare_digest(expected, given):
            raise EventSignatureError("An event's signature does not match the signature we calculated.")
        self._previous = expected.hex()
        self.ended = not message.payload
        return message.payload or None
