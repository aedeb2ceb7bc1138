"""DescribeVoices."""

from __future__ import annotations

from honmono.services.polly.cast import Cast, VoiceId, language_names
from honmono.services.polly.part import Answer, Part, Request, bad_token
from honmono.store.errors import BadPageToken
from honmono.store.paging import page_token, position
from honmono.wire.service import Context

_PAGE = 100


class Voices(Part):
    """Which voices there are."""

    def describe_voices(self, request: Request, ctx: Context) -> Answer:
        """The voices that can speak here, by id; those of Polly's that nobody stands behind are left out."""
        cast = self.casting.now()
        language, kind = request.get("LanguageCode"), request.get("Engine")
        also = request.get("IncludeAdditionalLanguageCodes", False)
        found = [
            row
            for row in cast.listed()
            if (language is None or language == row.language or (also and language in cast.languages(row)))
            and (kind is None or kind in cast.kinds(row.id, row.language))
        ]
        after = request.get("NextToken")
        if after:
            found = [row for row in found if row.id > _last(after)]
        more = {"NextToken": page_token(found[_PAGE - 1].id)} if len(found) > _PAGE else {}
        return {"Voices": [_shown(cast, row) for row in found[:_PAGE]], **more}


def _last(token: str) -> str:
    try:
        (name,) = position(token, str)
    except BadPageToken as error:
        raise bad_token() from error
    return str(name)


def _shown(cast: Cast, row: VoiceId) -> Answer:
    others = cast.languages(row)[1:]
    return {
        "Gender": row.gender,
        "Id": row.id,
        "LanguageCode": row.language,
        "LanguageName": language_names()[row.language],
        "Name": row.name,
        **({"AdditionalLanguageCodes": others} if others else {}),
        "SupportedEngines": cast.kinds(row.id, row.language),
    }
