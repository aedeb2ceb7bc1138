"""TranslateText, and the translating that every operation shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedLanguage
from honmono.engines.translation.languages import PLUG_IN
from honmono.services.translate.languages import source_language
from honmono.services.translate.part import FIELD, Answer, Part, Request, invalid
from honmono.services.translate.terminologies import applied, named, terms_of
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.translation.translation import Example, Term, Translation
    from honmono.wire.service import Context

MOST_BYTES = 10_000


class Texts(Part):
    """TranslateText."""

    def translate_text(self, request: Request, ctx: Context) -> Answer:
        """A text in another language."""
        text, target = request["Text"], request["TargetLanguageCode"]
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > MOST_BYTES:
            raise ServiceError(
                "TextSizeLimitExceededException",
                f"Input text size exceeds limit. Max length of request text allowed is {MOST_BYTES} bytes while in this "
                f"request the text size is {size} bytes",
            )
        check_settings(request.get("Settings", {}))
        terminology = named(self.platform, ctx, request)
        source = source_language(self.engines, text, request["SourceLanguageCode"])
        ctx.engine = self.engines.identity(FIELD)
        terms = terms_of(terminology.body, source, target) if terminology else []
        [made] = translated(self.engines, [text], source, target, terms, [])
        return {
            "TranslatedText": made.text,
            "SourceLanguageCode": source,
            "TargetLanguageCode": target,
            **(applied(terminology.name, made.applied) if terminology else {}),
        }


def check_settings(settings: dict[str, Any]) -> None:
    """Refuse what no engine that is installed can do.

    Raises ServiceError InvalidRequestException.
    """
    for name in ("Formality", "Brevity", "Profanity"):
        if name in settings:
            raise invalid(
                f"{name} cannot be set: no engine that is installed can change it. Plug one in for the field "
                f"`{FIELD}` (docs/translate.md)."
            )


def translated(
    engines: EngineHost, texts: list[str], source: str, target: str, terms: list[Term], examples: list[Example]
) -> list[Translation]:
    """Texts in another language; in their own where both are the same.

    Raises ServiceError UnsupportedLanguagePairException.
    """
    try:
        answer: list[Translation] = engines.get(FIELD).translate(texts, source, target, terms, examples)
    except UnsupportedLanguage as error:
        raise unsupported(source, target, list(error.supported)) from error
    return answer


def unsupported(source: str, target: str, known: list[str]) -> ServiceError:
    """A direction that nothing installed translates."""
    return ServiceError(
        "UnsupportedLanguagePairException",
        f"Unsupported language pair: {source} to {target}. What is installed translates "
        f"{', '.join(known) or 'nothing'}. To add a pair, {PLUG_IN}.",
        SourceLanguageCode=source,
        TargetLanguageCode=target,
    )
