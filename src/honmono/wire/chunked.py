"""`Content-Encoding: aws-chunked`: chunks, their signature chain and the trailers behind them, decoded as
they come.

Source: "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" and
"… Including Trailing Headers" (Amazon S3 API reference).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from typing import Any

from honmono.wire.signature import PayloadForm, Verified

MAX_CHUNK_LINE = 1024  # bytes: 16 hex digits and a signature take 97
MAX_TRAILER_BYTES = 16_384
MIN_SIGNED_CHUNK = 8192  # bytes, of every chunk but the last

_EMPTY_SHA256 = sha256(b"").hexdigest()
_CHUNK_LINE = re.compile(rb"([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?\r\n")
_TRAILER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n]*)\r?\n")
_TRAILER_SIGNATURE = "x-amz-trailer-signature"


class ChunkedBodyError(Exception):
    """A chunked body that cannot be taken: S3's code, HTTP status and text."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def _incomplete(detail: str) -> ChunkedBodyError:
    return ChunkedBodyError("IncompleteBody", f"The request body terminated unexpectedly: {detail}")


def _malformed(detail: str) -> ChunkedBodyError:
    return ChunkedBodyError("InvalidRequest", f"The aws-chunked body is malformed: {detail}")


def _malformed_trailer(detail: str) -> ChunkedBodyError:
    return ChunkedBodyError(
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our "
        "published schema: " + detail,
    )


class _State(Enum):
    CHUNK_LINE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILERS = auto()
    DONE = auto()


@dataclass(slots=True)
class ChunkSigning:
    """The running signature chain of a signed body; `previous` starts as the request's own signature."""

    key: bytes
    timestamp: str
    scope: str
    previous: str

    def advance(self, algorithm: str, digests: str, given: str) -> None:
        """Check the next link and take it as the one before the next.

        Raises:
            ChunkedBodyError: SignatureDoesNotMatch.
        """
        text = f"{algorithm}\n{self.timestamp}\n{self.scope}\n{self.previous}\n{digests}"
        expected = hmac.digest(self.key, text.encode(), "sha256").hex()
        if not hmac.compare_digest(expected.encode(), given.encode()):
            raise ChunkedBodyError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and "
                "signing method.",
                403,
            )
        self.previous = expected


class AwsChunkedDecoder:
    """Take an aws-chunked body apart while it arrives.

    `feed` gives views of the payload inside what it was fed: nothing is copied. What it has given is not to
    be trusted before `finish` has returned, because a chunk's signature, the length and the trailers are
    checked at their ends. `trailers` then holds what came behind the body (lower-case names), for the
    caller to compare.
    """

    def __init__(
        self,
        *,
        signing: ChunkSigning | None = None,
        trailer_names: frozenset[str] = frozenset(),
        decoded_length: int | None = None,
        signed_trailers: bool = False,
    ) -> None:
        """Start a body.

        `signing` is None for unsigned chunks; `trailer_names` are those that `x-amz-trailer` announces;
        `decoded_length` (bytes) is what `x-amz-decoded-content-length` says, if anything.
        """
        self.trailers: dict[str, str] = {}
        self.received = 0
        self._signing = signing
        self._trailer_names = trailer_names
        self._decoded_length = decoded_length
        self._signed_trailers = signed_trailers
        self._state = _State.CHUNK_LINE
        self._line = bytearray()
        self._remaining = 0
        self._short_chunk = False
        self._chunk_signature = ""
        self._chunk_hash: Any = None
        self._trailer_bytes = 0
        self._trailer_signature: str | None = None

    @classmethod
    def for_request(cls, verified: Verified[Any], headers: Mapping[str, str]) -> "AwsChunkedDecoder":
        """Start the body of a verified request, by its payload rule and headers.

        Raises:
            ChunkedBodyError: `x-amz-decoded-content-length` is missing or no number.
        """
        form = verified.payload.form
        length = headers.get("x-amz-decoded-content-length")
        if length is None:
            raise ChunkedBodyError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
        if not re.fullmatch(r"[0-9]{1,18}", length):
            raise ChunkedBodyError("InvalidArgument", f"x-amz-decoded-content-length is no number: {length!r}.")
        signing = None
        if form in (PayloadForm.SIGNED_CHUNKS, PayloadForm.SIGNED_CHUNKS_TRAILER):
            key = verified.signing_key_of(verified.scope.date)
            signing = ChunkSigning(key, verified.timestamp, verified.scope.text, verified.signature)
        names = (name.strip().lower() for name in headers.get("x-amz-trailer", "").split(","))
        return cls(
            signing=signing,
            trailer_names=frozenset(filter(None, names)),
            decoded_length=int(length),
            signed_trailers=form is PayloadForm.SIGNED_CHUNKS_TRAILER,
        )

    def feed(self, data: bytes) -> list[memoryview]:
        """Take the next bytes off the socket; give the payload in them, in order.

        Raises:
            ChunkedBodyError: the body is malformed, a signature does not match, or it is longer than
            announced.
        """
        view = memoryview(data)
        payload: list[memoryview] = []
        position = 0
        while position < len(data):
            if self._state is _State.DATA:
                piece = view[position : position + self._remaining]
                position += len(piece)
                self._remaining -= len(piece)
                if self._chunk_hash is not None:
                    self._chunk_hash.update(piece)
                payload.append(piece)
                if not self._remaining:
                    self._end_chunk()
                    self._state = _State.DATA_END
                continue
            end = data.find(b"\n", position) + 1
            self._line += view[position : end or len(data)]
            limit = MAX_TRAILER_BYTES if self._state is _State.TRAILERS else MAX_CHUNK_LINE
            if len(self._line) > limit:
                raise _malformed(f"a line of more than {limit} bytes where a chunk header or trailer belongs.")
            if not end:
                break
            position = end
            line = bytes(self._line)
            self._line.clear()
            self._take_line(line)
        return payload

    def finish(self) -> None:
        """Say that the body is over.

        Raises:
            ChunkedBodyError: it ended before its last chunk and trailers.
        """
        if self._state is not _State.DONE:
            raise _incomplete(f"the last chunk or its trailers did not arrive ({self.received} bytes announced).")
        if self._line:
            raise _malformed("bytes after the last chunk.")

    def _take_line(self, line: bytes) -> None:
        if self._state is _State.CHUNK_LINE:
            self._start_chunk(line)
        elif self._state is _State.DATA_END:
            if line != b"\r\n":
                raise _malformed("a chunk's data is longer than the chunk header says.")
            self._state = _State.CHUNK_LINE
        elif self._state is _State.TRAILERS:
            self._take_trailer(line)
        else:
            raise _malformed("bytes after the last chunk.")

    def _start_chunk(self, line: bytes) -> None:
        match = _CHUNK_LINE.fullmatch(line)
        if match is None or (match[2] is None) is not (self._signing is None):
            form = "HEX-SIZE" if self._signing is None else "HEX-SIZE;chunk-signature=64-HEX-DIGITS"
            raise _malformed(f"a chunk header is not of the form {form}: {line[:120]!r}.")
        size = int(match[1], 16)
        if size and self._short_chunk:
            raise ChunkedBodyError(
                "InvalidChunkSizeError",
                f"Only the last chunk is allowed to have a size less than {MIN_SIGNED_CHUNK} bytes",
                403,
            )
        self.received += size
        if self._decoded_length is not None and self.received > self._decoded_length:
            raise _incomplete(
                f"the chunks hold more than the {self._decoded_length} bytes of x-amz-decoded-content-length."
            )
        self._remaining = size
        if self._signing is not None:
            self._short_chunk = size < MIN_SIGNED_CHUNK
            self._chunk_signature = match[2].decode()
            self._chunk_hash = sha256()
        if size:
            self._state = _State.DATA
        else:
            self._end_chunk()
            self._state = _State.TRAILERS

    def _end_chunk(self) -> None:
        if self._signing is not None:
            digests = f"{_EMPTY_SHA256}\n{self._chunk_hash.hexdigest()}"
            self._signing.advance("AWS4-HMAC-SHA256-PAYLOAD", digests, self._chunk_signature)

    def _take_trailer(self, line: bytes) -> None:
        if line == b"\r\n":
            # AWS's documents put an empty line before the trailers' signature; its SDKs do not.
            if not self._signed_trailers or self._trailer_signature is not None:
                self._end_body()
            return
        self._trailer_bytes += len(line)
        match = _TRAILER_LINE.fullmatch(line)
        if match is None or self._trailer_bytes > MAX_TRAILER_BYTES:
            raise _malformed_trailer(f"{line[:120]!r} is not of the form NAME:VALUE, or there is too much of it.")
        name = match[1].decode().lower()
        value = match[2].decode("latin-1").strip()
        if name == _TRAILER_SIGNATURE and self._signed_trailers and self._trailer_signature is None:
            self._trailer_signature = value
        elif name in self._trailer_names and name not in self.trailers:
            self.trailers[name] = value
        else:
            raise _malformed_trailer(f"{name} is not announced in x-amz-trailer, or comes twice.")

    def _end_body(self) -> None:
        missing = self._trailer_names - self.trailers.keys()
        if missing:
            raise _malformed_trailer(f"{', '.join(sorted(missing))} is announced in x-amz-trailer and missing.")
        if self._signing is not None and self._trailer_signature is not None:
            lines = "".join(f"{name}:{self.trailers[name]}\n" for name in sorted(self.trailers))
            digest = sha256(lines.encode("latin-1")).hexdigest()
            self._signing.advance("AWS4-HMAC-SHA256-TRAILER", digest, self._trailer_signature)
        if self._decoded_length is not None and self.received != self._decoded_length:
            raise _incomplete(f"{self.received} bytes came, x-amz-decoded-content-length says {self._decoded_length}.")
        self._state = _State.DONE
