"""ListLanguages, and the language of a text that its sender did not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.services.translate.part import AUTO, FIELD, Answer, Part, Request, bad_value
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.wire.service import Context

_PAGE = 500
_SURE = 0.5
"""A language told with less certainty is asked for. AWS does not say where its own limit lies."""
_OF_DETECTOR = {"zh-cn": "zh", "zh-tw": "zh-TW", "nb": "no"}
_AUTO_NAMES = {
    "en": "Auto", "de": "Automatisch", "es": "Automático", "fr": "Automatique", "it": "Automatico", "ja": "自動",
    "ko": "자동", "pt": "Automático", "zh": "自动", "zh-TW": "自動",
}  # fmt: skip


class Languages(Part):
    """ListLanguages."""

    def list_languages(self, request: Request, ctx: Context) -> Answer:
        """The languages that something installed translates from or into, and `auto`."""
        display = request.get("DisplayLanguageCode", "en")
        ctx.engine = self.engines.identity(FIELD)
        codes = sorted({code for pair in self.engines.get(FIELD).pairs() for code in (pair.source, pair.target)})
        named = [{"LanguageName": name_of(code, display), "LanguageCode": code} for code in [AUTO, *codes]]
        named.sort(key=lambda each: each["LanguageName"].casefold())
        start = _start(request.get("NextToken"), len(named))
        end = start + request.get("MaxResults", _PAGE)
        more = {"NextToken": str(end)} if end < len(named) else {}
        return {"Languages": named[start:end], "DisplayLanguageCode": display, **more}


def name_of(code: str, display: str) -> str:
    """What a language is called in another, after Unicode's CLDR."""
    from babel import Locale

    if code == AUTO:
        return str(_AUTO_NAMES[display])
    locale = Locale.parse(display.replace("-", "_"))
    language, _, country = code.partition("-")
    name = Locale.parse(code.replace("-", "_")).get_display_name(locale) if country else None
    return str(name or locale.languages.get(language) or code)


def source_language(engines: EngineHost, text: str, given: str) -> str:
    """The language of a text: the one given, or, for `auto`, the one that it seems to be in.

    Raises ServiceError DetectedLanguageLowConfidenceException.
    """
    if given != AUTO:
        return given
    found: list[Any] = engines.get("language").identify(text)
    if not found:
        raise _unsure("", "")
    code = _OF_DETECTOR.get(found[0].code.lower(), found[0].code)
    if found[0].score < _SURE:
        raise _unsure(code, f" It may be {code} ({found[0].score:.2f}).")
    return str(code)


def _unsure(code: str, guess: str) -> ServiceError:
    details: dict[str, Any] = {"DetectedLanguageCode": code} if code else {}
    return ServiceError(
        "DetectedLanguageLowConfidenceException",
        f"The language of the text cannot be told.{guess} Name it in SourceLanguageCode.",
        **details,
    )


def _start(token: str | None, count: int) -> int:
    if not token:
        return 0
    if not token.isascii() or not token.isdecimal() or int(token) >= count:
        raise bad_value("The NextToken is not one that this operation gave.")
    return int(token)
