"""Custom terminologies: import, get, list, delete; and their terms for a translation.

Source: "Customizing your translations with custom terminology" in the developer guide.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from honmono.engines.translation.translation import Term
from honmono.services.own_buckets import OWNER
from honmono.services.stored_files import write
from honmono.services.translate.bilingual import Bilingual, FileInvalid, read
from honmono.services.translate.part import (
    TERMINOLOGY,
    Answer,
    Part,
    Request,
    arn_of,
    bad_value,
    find,
    invalid,
    listed,
    scope_of,
)
from honmono.services.translate.tags import check_tags
from honmono.store.errors import RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

MOST = 100
"""Terminologies of an account in a region."""
_URL_SECONDS = 30 * 60
_SHOWN_TERMS = 250


class Terminologies(Part):
    """The four operations."""

    def import_terminology(self, request: Request, ctx: Context) -> Answer:
        """Read a file of terms and keep it, in place of the terminology that has its name."""
        name, data = request["Name"], request["TerminologyData"]
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
        check_tags(tags)
        try:
            found = read(data["File"], data["Format"])
        except FileInvalid as error:
            raise bad_value(f"The terminology cannot be read: {error}.") from error
        kept, skipped = _without_doubles(found)
        if not kept:
            raise bad_value("The terminology has no term.")
        body: dict[str, Any] = {
            "Languages": found.languages,
            "Terms": kept,
            "Format": data["Format"],
            "Directionality": data.get("Directionality", "UNI"),
            "SizeBytes": len(data["File"]),
            "SkippedTermCount": found.skipped + skipped,
            **{key: request[key] for key in ("Description", "EncryptionKey") if key in request},
        }
        return {"TerminologyProperties": _properties(self._keep(name, body, tags, ctx))}

    def get_terminology(self, request: Request, ctx: Context) -> Answer:
        """A terminology's properties, and where its file can be read."""
        record = find(self.platform, ctx, TERMINOLOGY, request["Name"])
        form = str(request.get("TerminologyDataFormat", record.body["Format"]))
        key = f"{ctx.account}/{TERMINOLOGY}/{record.name}/{secrets.token_hex(16)}.{form.lower()}"
        bucket = self.files.name(ctx.region)
        with self.platform.database.transaction() as tx:
            write(
                self.platform.database,
                self.platform.blobs,
                f"s3://{bucket}/{key}",
                _written(record.body, form),
                account=OWNER,
                content_type="text/csv" if form == "CSV" else "text/plain",
                tx=tx,
            )
        return {
            "TerminologyProperties": _properties(record),
            "TerminologyDataLocation": {"RepositoryType": "S3", "Location": self.files.url(ctx, key, _URL_SECONDS)},
        }

    def list_terminologies(self, request: Request, ctx: Context) -> Answer:
        """The account's terminologies by name."""
        found, more = listed(self.platform, ctx, TERMINOLOGY, request)
        return {"TerminologyPropertiesList": [_properties(record) for record in found], **more}

    def delete_terminology(self, request: Request, ctx: Context) -> Answer:
        """Forget a terminology."""
        find(self.platform, ctx, TERMINOLOGY, request["Name"])
        self.platform.records.delete(scope_of(ctx), TERMINOLOGY, request["Name"])
        return {}

    def _keep(self, name: str, body: dict[str, Any], tags: dict[str, str], ctx: Context) -> Record:
        records, scope = self.platform.records, scope_of(ctx)
        with self.platform.database.transaction() as tx:
            try:
                known = records.get(scope, TERMINOLOGY, name, tx=tx)
            except RecordMissing:
                if len(records.list(scope, TERMINOLOGY, limit=MOST, tx=tx).items) >= MOST:
                    raise ServiceError(
                        "LimitExceededException",
                        f"There are {MOST} terminologies; delete one before you import another.",
                    ) from None
                arn = arn_of(ctx, TERMINOLOGY, name)
                return records.create(scope, TERMINOLOGY, name, body, arn=arn, tags=tags, tx=tx)
            if tags:
                records.set_tags(known.arn, tags, tx=tx)
            return records.update(known, body=body, tx=tx)


def named(platform: Platform, ctx: Context, request: Request) -> Record | None:
    """The terminology of a translation; AWS takes one.

    Raises ServiceError ResourceNotFoundException, InvalidRequestException.
    """
    names = request.get("TerminologyNames", ())
    if not names:
        return None
    if len(names) > 1:
        raise invalid("TerminologyNames has more than one name; a translation takes one terminology.")
    return find(platform, ctx, TERMINOLOGY, names[0])


def terms_of(body: dict[str, Any], source: str, target: str) -> list[Term]:
    """The terms of a terminology in one direction; none where it has not both languages."""
    if source not in body["Languages"] or target not in body["Languages"]:
        return []
    if body["Directionality"] == "UNI" and source != body["Languages"][0]:
        return []
    return [Term(row[source], row[target]) for row in body["Terms"] if source in row and target in row]


def applied(name: str, terms: Sequence[Term]) -> Answer:
    """The member AppliedTerminologies, where a term was found."""
    if not terms:
        return {}
    shown = [{"SourceText": term.source, "TargetText": term.target} for term in terms[:_SHOWN_TERMS]]
    return {"AppliedTerminologies": [{"Name": name, "Terms": shown}]}


def _without_doubles(found: Bilingual) -> tuple[list[dict[str, str]], int]:
    """The rows, the last of those with the same source where several are, and how many were left out."""
    first = found.languages[0]
    kept = {row[first]: row for row in found.rows if first in row}
    return list(kept.values()), len(found.rows) - len(kept)


def _properties(record: Record) -> Answer:
    body = record.body
    return {
        "Name": record.name,
        "Arn": record.arn,
        "SourceLanguageCode": body["Languages"][0],
        "TargetLanguageCodes": body["Languages"][1:],
        "TermCount": sum(len(row) - 1 for row in body["Terms"]),
        "CreatedAt": record.created,
        "LastUpdatedAt": record.updated,
        **{
            key: body[key]
            for key in ("Description", "EncryptionKey", "SizeBytes", "Directionality", "SkippedTermCount", "Format")
            if key in body
        },
    }


def _written(body: dict[str, Any], form: str) -> bytes:
    """A terminology as a file."""
    if form == "TMX":
        return _tmx(body).encode()
    out = io.StringIO(newline="")
    if form == "CSV":
        writer = csv.writer(out, lineterminator="\n")
    else:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerow(body["Languages"])
    for row in body["Terms"]:
        cells = [row.get(code, "") for code in body["Languages"]]
        writer.writerow(cells if form == "CSV" else [" ".join(cell.split()) for cell in cells])
    return out.getvalue().encode()


def _tmx(body: dict[str, Any]) -> str:
    source = quoteattr(body["Languages"][0])
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<tmx version="1.4"><header creationtool="honmono" creationtoolversion="1" segtype="phrase" o-tmf="csv" '
        f'adminlang="en" srclang={source} datatype="plaintext"/><body>',
    ]
    for row in body["Terms"]:
        variants = "".join(
            f"<tuv xml:lang={quoteattr(code)}><seg>{escape(text)}</seg></tuv>" for code, text in row.items()
        )
        lines.append(f"<tu>{variants}</tu>")
    return "\n".join([*lines, "</body></tmx>", ""])
