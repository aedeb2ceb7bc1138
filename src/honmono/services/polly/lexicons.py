"""Pronunciation lexicons: put, get, list, delete."""

from __future__ import annotations

from sqlalchemy import Connection

from honmono.engines.speech.reading.errors import ReadingError
from honmono.engines.speech.reading.lexicon import Lexicon
from honmono.services.polly.part import Answer, Part, Request, bad_token, invalid, scope_of
from honmono.services.polly.tags import check_tags
from honmono.store.errors import BadPageToken, RecordMissing
from honmono.store.records import Record, Records
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

LEXICON = "lexicon"
_MOST = 100
"""Lexicons of an account in a region."""


class Lexicons(Part):
    """The four operations."""

    def put_lexicon(self, request: Request, ctx: Context) -> Answer:
        """Keep a lexicon, in place of the one that has its name; that one's tags stay."""
        name, content, tags = request["Name"], request["Content"], request.get("Tags", {})
        check_tags(tags)
        try:
            read = Lexicon.parse(content.encode("utf-8", "surrogatepass"), name)
        except ReadingError as error:
            raise ServiceError(f"{error.code}Exception", error.message, status=400) from error
        body = {"content": content, "alphabet": read.alphabet, "language": read.language, "count": read.count}
        records, scope = self.platform.records, scope_of(ctx)
        with self.platform.database.transaction() as tx:
            try:
                known = records.get(scope, LEXICON, name, tx=tx)
            except RecordMissing:
                _check_number(records, ctx, tx)
                records.create(scope, LEXICON, name, body, arn=_arn(ctx, name), tags=tags, tx=tx)
                return {}
            if tags:
                raise invalid(
                    "Tags can be given only when a lexicon is created. Use TagResource and UntagResource to change the "
                    f"tags of {name}.",
                    "other",
                )
            records.update(known, body=body, tx=tx)
        return {}

    def get_lexicon(self, request: Request, ctx: Context) -> Answer:
        """A lexicon with its text."""
        record = find_lexicon(self.platform.records, request["Name"], ctx)
        return {
            "Lexicon": {"Name": record.name, "Content": record.body["content"]},
            "LexiconAttributes": _attributes(record),
        }

    def list_lexicons(self, request: Request, ctx: Context) -> Answer:
        """All lexicons by name, without their texts."""
        try:
            page = self.platform.records.list(
                scope_of(ctx), LEXICON, after=request.get("NextToken") or None, limit=_MOST
            )
        except BadPageToken as error:
            raise bad_token() from error
        found = [{"Name": record.name, "Attributes": _attributes(record)} for record in page]
        return {"Lexicons": found, **({"NextToken": page.next} if page.next else {})}

    def delete_lexicon(self, request: Request, ctx: Context) -> Answer:
        """Forget a lexicon."""
        try:
            self.platform.records.delete(scope_of(ctx), LEXICON, request["Name"])
        except RecordMissing as error:
            raise _missing(request["Name"]) from error
        return {}


def find_lexicon(records: Records, name: str, ctx: Context) -> Record:
    """A lexicon of the caller's account and region.

    Raises ServiceError LexiconNotFoundException.
    """
    try:
        return records.get(scope_of(ctx), LEXICON, name)
    except RecordMissing as error:
        raise _missing(name) from error


def _missing(name: str) -> ServiceError:
    return ServiceError("LexiconNotFoundException", f"Lexicon not found: {name}", status=404)


def _check_number(records: Records, ctx: Context, tx: Connection) -> None:
    if len(records.list(scope_of(ctx), LEXICON, limit=_MOST, tx=tx).items) >= _MOST:
        raise ServiceError(
            "MaxLexiconsNumberExceededException",
            f"There are {_MOST} lexicons in {ctx.region}; delete one before you store another.",
            status=400,
        )


def _arn(ctx: Context, name: str) -> str:
    return f"arn:aws:polly:{ctx.region}:{ctx.account}:lexicon/{name}"


def _attributes(record: Record) -> Answer:
    body = record.body
    return {
        "Alphabet": body["alphabet"],
        "LanguageCode": body["language"],
        "LastModified": record.updated,
        "LexiconArn": record.arn,
        "LexemesCount": body["count"],
        "Size": len(body["content"]),
    }
