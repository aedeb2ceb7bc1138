"""TranslateDocument, and the documents that jobs translate.

Source: "Translating documents with Amazon Translate" in the developer guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from honmono.engines.errors import DamagedInput, UnsupportedInput
from honmono.engines.translation.flow import TranslateAll
from honmono.engines.translation.html import translate_html
from honmono.engines.translation.office import PRESENTATION, WORD, WORKBOOK, OfficeFormat, translate_office
from honmono.services.translate.languages import source_language
from honmono.services.translate.part import FIELD, Answer, Part, Request, invalid
from honmono.services.translate.terminologies import applied, named, terms_of
from honmono.services.translate.texts import check_settings, translated

if TYPE_CHECKING:
    from honmono.engines.translation.translation import Term
    from honmono.wire.service import Context

Translator = Callable[[bytes, TranslateAll], bytes]
_OFFICE = "application/vnd.openxmlformats-officedocument."
_REAL_TIME = ("text/plain", "text/html", f"{_OFFICE}wordprocessingml.document")


class Documents(Part):
    """TranslateDocument."""

    def translate_document(self, request: Request, ctx: Context) -> Answer:
        """A document in another language; its markup stays."""
        document, target = request["Document"], request["TargetLanguageCode"]
        form = document["ContentType"].partition(";")[0].strip().lower()
        if form not in _REAL_TIME:
            raise invalid(f"The ContentType {document['ContentType']} is not one of {', '.join(_REAL_TIME)}.")
        check_settings(request.get("Settings", {}))
        terminology = named(self.platform, ctx, request)
        ctx.engine = self.engines.identity(FIELD)
        source = request["SourceLanguageCode"]
        found: dict[str, Term] = {}

        def translate(texts: list[str]) -> list[str]:
            nonlocal source
            source = source_language(self.engines, "\n".join(texts), source)
            terms = terms_of(terminology.body, source, target) if terminology else []
            made = translated(self.engines, texts, source, target, terms, [])
            for each in made:
                found.update({term.source: term for term in each.applied})
            return [each.text for each in made]

        try:
            content = TRANSLATORS[form](document["Content"], translate)
        except (UnsupportedInput, DamagedInput) as error:
            raise invalid(f"The document cannot be translated: {error}.") from error
        return {
            "TranslatedDocument": {"Content": content},
            "SourceLanguageCode": source,
            "TargetLanguageCode": target,
            **(applied(terminology.name, list(found.values())) if terminology else {}),
        }


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DamagedInput(f"the text is not UTF-8: byte {error.start}") from error


def _plain(data: bytes, translate: TranslateAll) -> bytes:
    return translate([_text(data)])[0].encode()


def _html(data: bytes, translate: TranslateAll) -> bytes:
    return translate_html(_text(data), translate).encode()


def _office(form: OfficeFormat) -> Translator:
    return lambda data, translate: translate_office(data, form, translate)


TRANSLATORS: dict[str, Translator] = {
    "text/plain": _plain,
    "text/html": _html,
    f"{_OFFICE}wordprocessingml.document": _office(WORD),
    f"{_OFFICE}presentationml.presentation": _office(PRESENTATION),
    f"{_OFFICE}spreadsheetml.sheet": _office(WORKBOOK),
}
"""How each content type is translated. Raises DamagedInput, UnsupportedInput."""
