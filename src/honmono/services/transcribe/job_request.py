"""What a request for a transcription job may ask, and what of it its job needs."""

from __future__ import annotations

from typing import Any

from honmono.engines.errors import EngineUnavailable
from honmono.services.platform import Platform
from honmono.services.transcribe.languages import spoken
from honmono.services.transcribe.part import Request, invalid
from honmono.services.transcribe.redaction import LANGUAGES as REDACTED_LANGUAGES
from honmono.services.transcribe.speaker_labels import FIELD as SPEAKERS_FIELD
from honmono.services.transcribe.toxic_speech import LANGUAGE as TOXIC_LANGUAGE
from honmono.services.transcribe.transcription_job import FIELD, PII_FIELD, TOXICITY_FIELD

_SHORTEST_OPTIONS = 2


def check(platform: Platform, request: Request) -> list[str]:
    """Refuse what makes no sense; the answer is the fields of the engines that the job asks.

    Raises ServiceError BadRequestException.
    """
    _check_language(platform, request)
    _check_settings(request)
    _check_places(request)
    if "ModelSettings" in request and "LanguageModelName" in request["ModelSettings"]:
        raise no_language_model(request["ModelSettings"]["LanguageModelName"])
    fields = [FIELD]
    if "ContentRedaction" in request:
        _check_redaction(request)
        fields.append(PII_FIELD)
    if request.get("Settings", {}).get("ShowSpeakerLabels"):
        fields.append(SPEAKERS_FIELD)
    if request.get("ToxicityDetection"):
        _check_toxicity(request)
        fields.append(TOXICITY_FIELD)
    for field in fields:
        try:
            platform.engines.info(field)
        except EngineUnavailable as error:
            raise invalid(
                f"There is no engine for this request: plug one in as [engines.{field}] ({error})."
            ) from error
    return fields


def no_language_model(name: str) -> Exception:
    """There are no custom language models; says what to do instead."""
    return invalid(
        f"The requested language model {name} couldn't be found: Honmono trains no language models. Name a folder with a "
        f"tuned faster-whisper model instead: [engines.{FIELD}] model in honmono.toml; or use a custom vocabulary."
    )


def _check_language(platform: Platform, request: Request) -> None:
    ways = [way for way in ("IdentifyLanguage", "IdentifyMultipleLanguages") if request.get(way)]
    if ("LanguageCode" in request) + len(ways) != 1:
        raise invalid("Give one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages, and not more.")
    options = request.get("LanguageOptions", [])
    named = request.get("LanguageIdSettings", {})
    if options and not ways:
        raise invalid("LanguageOptions need IdentifyLanguage or IdentifyMultipleLanguages.")
    if options and len(options) < _SHORTEST_OPTIONS:
        raise invalid("Give two LanguageOptions or more, or none.")
    if len(set(options)) < len(options):
        raise invalid("LanguageOptions must not name one language twice.")
    if named and not ways:
        raise invalid("LanguageIdSettings need IdentifyLanguage or IdentifyMultipleLanguages.")
    if options and not set(named) <= set(options):
        raise invalid("LanguageIdSettings must name languages of the LanguageOptions.")
    for settings in named.values():
        if "LanguageModelName" in settings:
            raise no_language_model(settings["LanguageModelName"])
    known = platform.engines.info(FIELD).languages
    for code in (*options, *([request["LanguageCode"]] if "LanguageCode" in request else ())):
        if known and spoken(code) not in known:
            raise invalid(
                f"The language {code} is not one that the engine knows ({', '.join(known)}). Plug in one that does: "
                f"[engines.{FIELD}] of honmono.toml."
            )


def _check_settings(request: Request) -> None:
    settings: dict[str, Any] = request.get("Settings", {})
    if bool(settings.get("ShowAlternatives")) != ("MaxAlternatives" in settings):
        raise invalid("ShowAlternatives and MaxAlternatives go together: give both or neither.")
    if bool(settings.get("ShowSpeakerLabels")) != ("MaxSpeakerLabels" in settings):
        raise invalid("ShowSpeakerLabels and MaxSpeakerLabels go together: give both or neither.")
    if settings.get("ShowSpeakerLabels") and settings.get("ChannelIdentification"):
        raise invalid("ShowSpeakerLabels and ChannelIdentification do not go together: give one of them.")
    by_language = any("VocabularyFilterName" in each for each in request.get("LanguageIdSettings", {}).values())
    if "VocabularyFilterName" in settings and "VocabularyFilterMethod" not in settings:
        raise invalid("VocabularyFilterName needs a VocabularyFilterMethod.")
    if "VocabularyFilterMethod" in settings and not ("VocabularyFilterName" in settings or by_language):
        raise invalid("VocabularyFilterMethod needs a VocabularyFilterName.")
    if "LanguageCode" not in request and ({"VocabularyName", "VocabularyFilterName"} & set(settings)):
        raise invalid("Where languages are identified, name vocabularies and filters in LanguageIdSettings.")
    execution = request.get("JobExecutionSettings", {})
    if execution.get("AllowDeferredExecution") and "DataAccessRoleArn" not in execution:
        raise invalid("AllowDeferredExecution needs a DataAccessRoleArn.")


def _check_places(request: Request) -> None:
    if "OutputKey" in request and "OutputBucketName" not in request:
        raise invalid("OutputKey needs an OutputBucketName.")
    if "OutputEncryptionKMSKeyId" in request and "OutputBucketName" not in request:
        raise invalid("OutputEncryptionKMSKeyId needs an OutputBucketName.")
    if "KMSEncryptionContext" in request and "OutputEncryptionKMSKeyId" not in request:
        raise invalid("KMSEncryptionContext needs an OutputEncryptionKMSKeyId.")
    if "RedactedMediaFileUri" in request["Media"]:
        raise invalid("RedactedMediaFileUri is for call analytics jobs.")


def _check_redaction(request: Request) -> None:
    languages = [request["LanguageCode"]] if "LanguageCode" in request else request.get("LanguageOptions", ["?"])
    if request.get("IdentifyMultipleLanguages") or not set(languages) <= set(REDACTED_LANGUAGES):
        raise invalid(
            f"ContentRedaction is for the languages {' and '.join(REDACTED_LANGUAGES)}: give one as LanguageCode, or both "
            "as LanguageOptions."
        )


def _check_toxicity(request: Request) -> None:
    if request.get("LanguageCode") != TOXIC_LANGUAGE:
        raise invalid(f"ToxicityDetection is for the LanguageCode {TOXIC_LANGUAGE}.")
    if request.get("Settings", {}).get("ChannelIdentification"):
        raise invalid("ToxicityDetection does not go together with ChannelIdentification.")
