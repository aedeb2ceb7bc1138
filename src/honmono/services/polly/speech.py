"""What a request wants spoken: checked, and with everything in it that decides how it sounds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from honmono.engines.speech.reading.errors import INVALID_SSML, TEXT_TOO_LONG, UNSUPPORTED_LANGUAGE, ReadingError
from honmono.engines.speech.reading.markup import Characters, parse
from honmono.services.polly.cast import Cast
from honmono.services.polly.lexicons import find_lexicon
from honmono.services.polly.part import Request, invalid
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.store.records import Records
    from honmono.wire.service import Context

_COMPRESSED = (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)
_RATES = {
    "mp3": _COMPRESSED,
    "ogg_vorbis": _COMPRESSED,
    "ogg_opus": (48_000,),
    "pcm": (8_000, 16_000),
    "mulaw": (8_000,),
    "alaw": (8_000,),
    "json": _COMPRESSED,
}
"""Samples a second that each format may have, in AWS's words."""
_USUAL_RATES = {"ogg_opus": 48_000, "pcm": 16_000, "mulaw": 8_000, "alaw": 8_000}
_USUAL_BY_KIND = {"standard": 22_050, "neural": 24_000}
CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "ogg_vorbis": "audio/ogg",
    "ogg_opus": "audio/ogg",
    "pcm": "audio/pcm",
    "mulaw": "audio/mulaw",
    "alaw": "audio/alaw",
    "json": "application/x-json-stream",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters of a text, in all and without SSML's tags: what Polly bills."""

    all: int
    billed: int


AT_ONCE = Limits(6_000, 3_000)
AS_A_TASK = Limits(200_000, 100_000)


@dataclass(frozen=True, slots=True)
class Speech:
    """What is to be spoken, by whom and how written down.

    Attributes:
        text: plain, or SSML.
        is_ssml: which of them.
        voice, kind: the engine's voice, and "neural" or "standard".
        reads: the language that the voice reads texts as, `en-GB`.
        form: OutputFormat.
        rate: samples a second.
        marks: the types of speech marks, for the form `json`.
        lexicons: name and content of each, in the order of the request; those of other languages are left out.
        characters: what Polly would bill.
    """

    text: str
    is_ssml: bool
    voice: str
    kind: str
    reads: str
    form: str
    rate: int
    marks: tuple[str, ...]
    lexicons: tuple[tuple[str, str], ...]
    characters: int

    def document(self) -> dict[str, Any]:
        """As JSON has it; `of_document` reads it."""
        return asdict(self)

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Speech:
        """The speech that `document` was made of."""
        return cls(
            **{
                **document,
                "marks": tuple(document["marks"]),
                "lexicons": tuple((name, content) for name, content in document["lexicons"]),
            }
        )

    def digest(self, *more: str) -> str:
        """A name for the sound: the same for the same sound, given ``more`` that decides it, such as the engine."""
        text = json.dumps([self.document(), *more], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def speech_of(request: Request, ctx: Context, cast: Cast, records: Records, limits: Limits) -> Speech:
    """Check a request that speaks.

    Raises ServiceError with Polly's codes.
    """
    form, marks = request["OutputFormat"], tuple(dict.fromkeys(request.get("SpeechMarkTypes", ())))
    is_ssml = request.get("TextType", "text") == "ssml"
    _check_marks(form, marks, is_ssml)
    rate = _rate(form, request.get("SampleRate"))
    characters = billed(request["Text"], is_ssml, limits)
    stored = [find_lexicon(records, name, ctx) for name in dict.fromkeys(request.get("LexiconNames", ()))]
    standing, language, kind = cast.find(request["VoiceId"], request.get("LanguageCode"), request.get("Engine"))
    return Speech(
        text=request["Text"],
        is_ssml=is_ssml,
        voice=standing.voice,
        kind=kind,
        reads=standing.reads,
        form=form,
        rate=rate or _USUAL_RATES.get(form, _USUAL_BY_KIND[kind]),
        marks=marks,
        lexicons=tuple(
            (each.name, each.body["content"])
            for each in stored
            if each.body["language"] in (language, language.partition("-")[0])
        ),
        characters=characters,
    )


def billed(text: str, is_ssml: bool, limits: Limits) -> int:
    """The characters that Polly bills: all of a plain text, of SSML those that are not tags.

    Raises ServiceError TextLengthExceededException, InvalidSsmlException.
    """
    if len(text) > limits.all:
        raise _too_long(len(text), limits.all, "characters")
    found = len(text)
    if is_ssml:
        try:
            events = parse(text.encode(), INVALID_SSML, "Invalid SSML request")
        except ReadingError as error:
            raise refusal(error) from error
        found = sum(len(event.text) for event in events if isinstance(event, Characters))
    if found > limits.billed:
        raise _too_long(found, limits.billed, "billed characters")
    return found


def refusal(error: ReadingError) -> ServiceError:
    """What a text that cannot be read means to a client."""
    if error.code == INVALID_SSML:
        return ServiceError("InvalidSsmlException", error.message, status=400)
    if error.code == UNSUPPORTED_LANGUAGE:
        return ServiceError("LanguageNotSupportedException", error.message, status=400)
    if error.code == TEXT_TOO_LONG:
        return ServiceError("TextLengthExceededException", error.message, status=400)
    return invalid(error.message)


def _check_marks(form: str, marks: tuple[str, ...], is_ssml: bool) -> None:
    if marks and form != "json":
        raise ServiceError(
            "MarksNotSupportedForFormatException",
            f"Speech marks are not supported for the OutputFormat {form}; they are available in json alone.",
            status=400,
        )
    if form == "json" and not marks:
        raise invalid("The OutputFormat json needs SpeechMarkTypes: sentence, ssml, viseme or word.")
    if "ssml" in marks and not is_ssml:
        raise ServiceError(
            "SsmlMarksNotSupportedForTextTypeException",
            "SSML speech marks are not supported for plain text-type input.",
            status=400,
        )


def _rate(form: str, given: str | None) -> int | None:
    if given is None:
        return None
    known = _RATES[form]
    if given not in map(str, known):
        raise ServiceError(
            "InvalidSampleRateException",
            f"The specified sample rate is not valid: {given[:20]}. The format {form} has {', '.join(map(str, known))}.",
            status=400,
        )
    return int(given)


def _too_long(have: int, most: int, what: str) -> ServiceError:
    return ServiceError(
        "TextLengthExceededException",
        f"Maximum text length has been exceeded: {have} {what}, where {most} are allowed.",
        status=400,
    )
