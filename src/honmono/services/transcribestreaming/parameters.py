"""What a stream's request asks for, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from honmono.wire.errors import ServiceError
from honmono.wire.model import load

_AGREEING = {"high": 2, "medium": 3, "low": 4}
"""How many hypotheses in a row must have a word before it is stable: fewer settle sooner, more are surer."""
PII_TYPES = frozenset(
    {
        *("ADDRESS", "BANK_ACCOUNT_NUMBER", "BANK_ROUTING", "CREDIT_DEBIT_CVV", "CREDIT_DEBIT_EXPIRY"),
        *("CREDIT_DEBIT_NUMBER", "EMAIL", "NAME", "PHONE", "PIN", "SSN", "AGE", "DATE_TIME", "LICENSE_PLATE"),
        *("PASSPORT_NUMBER", "PASSWORD", "USERNAME", "VEHICLE_IDENTIFICATION_NUMBER"),
    }
)
_NOT_YET = {
    "VocabularyName": "custom vocabularies",
    "VocabularyNames": "custom vocabularies",
    "VocabularyFilterName": "vocabulary filters",
    "VocabularyFilterNames": "vocabulary filters",
    "VocabularyFilterMethod": "vocabulary filters",
    "LanguageModelName": "custom language models",
    "SessionResumeWindow": "sessions that are resumed",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stream's parameters.

    Attributes:
        rate: samples a second, as the client says.
        encoding: pcm, flac or ogg-opus.
        channels: 2 where each is to be heard apart.
        apart: whether channels are told apart.
        language: AWS's code; None where it is to be identified.
        options: AWS's codes, one of which is spoken.
        preferred: the one of them that is taken until more is known.
        several: whether the language may change from utterance to utterance.
        agreeing: hypotheses that must agree on a stable word; None where results are not stabilised.
        personal: what to do with personal data.
        personal_types: which; None for all.
    """

    rate: int
    encoding: str
    channels: int
    apart: bool
    language: str | None
    options: tuple[str, ...]
    preferred: str | None
    several: bool
    agreeing: int | None
    personal: Literal["identify", "redact"] | None
    personal_types: frozenset[str] | None


def wanted(request: dict[str, Any]) -> Wanted:
    """The parameters of a request that fits its shape.

    Raises ServiceError BadRequestException: they contradict each other, or ask for what is not here.
    """
    for name, what in _NOT_YET.items():
        if request.get(name) is not None:
            raise invalid(f"{name}: {what} are not applied to streams here. Leave the parameter out.")
    if request.get("ShowSpeakerLabel"):
        raise invalid(
            "ShowSpeakerLabel needs an engine that tells speakers apart while they speak, and none is installed. "
            "StartTranscriptionJob labels the speakers of a recording."
        )
    if request.get("TranscriptFormat", "written") != "written":
        raise invalid("TranscriptFormat spoken: the recogniser writes numbers and dates in their written form only.")
    language, options, several = _languages(request)
    personal, types = _personal_data(request)
    if personal is not None and language is None:
        raise invalid("Language identification can't be combined with content redaction or identification.")
    apart = bool(request.get("EnableChannelIdentification"))
    if apart != (request.get("NumberOfChannels") is not None):
        raise invalid("EnableChannelIdentification and NumberOfChannels must be set together.")
    if apart and request["NumberOfChannels"] != 2:
        raise invalid("NumberOfChannels must be 2: only two channels are supported.")
    if request.get("PartialResultsStability") and not request.get("EnablePartialResultsStabilization"):
        raise invalid("PartialResultsStability requires EnablePartialResultsStabilization.")
    stability = request.get("PartialResultsStability") or "high"
    return Wanted(
        rate=request["MediaSampleRateHertz"],
        encoding=request["MediaEncoding"],
        channels=2 if apart else 1,
        apart=apart,
        language=language,
        options=options,
        preferred=request.get("PreferredLanguage"),
        several=several,
        agreeing=_AGREEING[stability] if request.get("EnablePartialResultsStabilization") else None,
        personal=personal,
        personal_types=types,
    )


def invalid(message: str) -> ServiceError:
    """A request, or audio, that makes no sense."""
    return ServiceError("BadRequestException", message)


def _languages(request: dict[str, Any]) -> tuple[str | None, tuple[str, ...], bool]:
    ways = ("LanguageCode", "IdentifyLanguage", "IdentifyMultipleLanguages")
    chosen = [name for name in ways if request.get(name)]
    if len(chosen) != 1:
        raise invalid("Specify exactly one of LanguageCode, IdentifyLanguage or IdentifyMultipleLanguages.")
    named = request.get("LanguageOptions")
    preferred = request.get("PreferredLanguage")
    if chosen == ["LanguageCode"]:
        if named or preferred:
            raise invalid(
                "LanguageOptions and PreferredLanguage require IdentifyLanguage or IdentifyMultipleLanguages."
            )
        return request["LanguageCode"], (), False
    options = tuple(code.strip() for code in (named or "").split(",") if code.strip())
    known = set(load("transcribestreaming").shape("LanguageCode").traits["enum"])
    if unknown := [code for code in options if code not in known]:
        raise invalid(f"LanguageOptions has values that are no language codes: {', '.join(unknown)}")
    if len(options) < 2:
        raise invalid(f"{chosen[0]} requires LanguageOptions with at least two language codes.")
    if len({code.partition("-")[0] for code in options}) < len(options):
        raise invalid("LanguageOptions can have only one dialect of a language.")
    if preferred is not None and (preferred not in options or chosen != ["IdentifyLanguage"]):
        raise invalid("PreferredLanguage must be one of LanguageOptions, with IdentifyLanguage.")
    return None, options, chosen == ["IdentifyMultipleLanguages"]


def _personal_data(request: dict[str, Any]) -> tuple[Literal["identify", "redact"] | None, frozenset[str] | None]:
    identify, redact = request.get("ContentIdentificationType"), request.get("ContentRedactionType")
    named = request.get("PiiEntityTypes")
    if identify and redact:
        raise invalid("ContentIdentificationType and ContentRedactionType can't both be set.")
    if not identify and not redact:
        if named:
            raise invalid("PiiEntityTypes requires ContentIdentificationType or ContentRedactionType.")
        return None, None
    types = frozenset(each.strip() for each in (named or "ALL").split(",") if each.strip())
    if unknown := sorted(types - PII_TYPES - {"ALL"}):
        raise invalid(f"PiiEntityTypes has unknown values: {', '.join(unknown)}")
    return ("redact" if redact else "identify"), (None if "ALL" in types or not types else types)
