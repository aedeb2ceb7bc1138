"""SynthesizeSpeech: a text in, sound out while it is made."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import orjson

from honmono import __version__
from honmono.engines.base import UnsupportedInput, UnsupportedLanguage
from honmono.engines.speech.reading.errors import ReadingError
from honmono.services.polly.cast import FIELD
from honmono.services.polly.part import Answer, Part, invalid
from honmono.services.polly.part import Request as Parsed
from honmono.services.polly.speaking import LONGEST_AT_ONCE, read, said, written
from honmono.services.polly.speech import AT_ONCE, CONTENT_TYPES, Speech, refusal, speech_of
from honmono.wire.errors import ServiceError
from honmono.wire.http import Request
from honmono.wire.service import Context

_PATH = "/v1/speech"
_LISTS = ("LexiconNames", "SpeechMarkTypes")
_MEMBERS = ("Engine", "LanguageCode", "OutputFormat", "SampleRate", "Text", "TextType", "VoiceId")


class Synthesis(Part):
    """Speech at once."""

    def synthesize_speech(self, request: Parsed, ctx: Context) -> Answer:
        """Speak a text.

        The first sentence is spoken before the answer begins, so that what goes wrong is a typed error; each further
        one when the client has taken what was there before. A client that hangs up ends the work after the sentence
        that is being spoken.
        """
        cast = self.casting.now()
        speech = speech_of(request, ctx, cast, self.platform.records, AT_ONCE)
        ctx.engine = self.platform.engines.identity(FIELD)
        digest = speech.digest(ctx.engine, self.casting.chosen, __version__)
        kept = self.cache.find(digest)
        return {
            "AudioStream": self._stream(speech, digest) if kept is None else kept,
            "ContentType": CONTENT_TYPES[speech.form],
            "RequestCharacters": speech.characters,
        }

    def _stream(self, speech: Speech, digest: str) -> Generator[bytes]:
        try:
            sounds = said(speech, self.platform.engines.get(FIELD), read(speech))
            pieces = self.cache.keeping(digest, written(speech, sounds, LONGEST_AT_ONCE))
            first = next(pieces, b"")
        except (ReadingError, UnsupportedLanguage, UnsupportedInput) as error:
            raise refused(error) from error
        return _resumed(first, pieces)


def refused(error: ReadingError | UnsupportedLanguage | UnsupportedInput) -> ServiceError:
    """What reading or speaking refuses, in Polly's words."""
    if isinstance(error, ReadingError):
        return refusal(error)
    if isinstance(error, UnsupportedLanguage):
        return ServiceError("LanguageNotSupportedException", str(error), status=400)
    return invalid(str(error))


def _resumed(first: bytes, pieces: Generator[bytes]) -> Generator[bytes]:
    """All pieces, the first of which was taken already; closing it closes them."""
    try:
        if first:
            yield first
        yield from pieces
    finally:
        pieces.close()


def as_posted(request: Request) -> Request:
    """A presigned GET (or a POST with everything in its URL) as the POST that the model describes.

    boto3's ``generate_presigned_url`` puts the body's members into the query; so do the presigners of the other SDKs.
    """
    if request.path != _PATH or request.method not in ("GET", "POST") or "VoiceId" not in request.query:
        return request
    query = request.query
    members = {name: query[name][0] for name in _MEMBERS if name in query}
    lists = {name: query[name] for name in _LISTS if name in query}
    return replace(request, method="POST", body=orjson.dumps({**members, **lists}))
