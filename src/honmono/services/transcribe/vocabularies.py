"""Custom vocabularies and vocabulary filters: create, get, list, update, delete; and their words for a job."""

from __future__ import annotations

import secrets
from typing import Any

from honmono.services.own_buckets import OWNER
from honmono.services.platform import Platform
from honmono.services.stored_files import StoredFiles, write
from honmono.services.transcribe.media import check_readable, s3_uri
from honmono.services.transcribe.part import (
    Answer,
    Part,
    Request,
    arn_of,
    check_role,
    find,
    invalid,
    listed,
    scope_of,
)
from honmono.services.transcribe.vocabulary import MOST_BYTES, VocabularyInvalid, from_file, from_phrases
from honmono.services.transcribe.word_filter import FilterInvalid, checked, words_of
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

VOCABULARY, FILTER = "vocabulary", "vocabulary-filter"
MOST = 100
"""Of each kind in an account. Source: "Guidelines and quotas" in the Transcribe developer guide."""
_KEPT = ("LanguageCode", "DataAccessRoleArn", "EncryptionConfiguration")
_CALLED = {VOCABULARY: "vocabulary", FILTER: "vocabulary filter"}


class Vocabularies(Part):
    """The vocabulary operations. Words are checked before the answer is given: a new vocabulary is READY or FAILED."""

    def create_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Check the words and keep them."""
        record = self._create(VOCABULARY, request["VocabularyName"], request, ctx, self._vocabulary(request, ctx))
        return _vocabulary(record, "FailureReason")

    def get_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """How a vocabulary stands, and where its words can be read."""
        record = find(self.platform, ctx, VOCABULARY, request["VocabularyName"], _CALLED[VOCABULARY])
        uri = self.dictionaries.url(ctx, record.body["Key"])
        return _vocabulary(record, "FailureReason", *_KEPT[1:]) | {"DownloadUri": uri}

    def list_vocabularies(self, request: Request, ctx: Context) -> Answer:
        """The vocabularies that fit, the newest first."""
        state, part = request.get("StateEquals"), request.get("NameContains", "").lower()
        found, more = listed(
            self.platform,
            ctx,
            VOCABULARY,
            request,
            lambda record: part in record.name.lower() and state in (None, record.status),
        )
        vocabularies = [_vocabulary(record) for record in found]
        return {"Vocabularies": vocabularies, **({"Status": state} if state else {}), **more}

    def update_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Other words in place of all that there were."""
        record = find(self.platform, ctx, VOCABULARY, request["VocabularyName"], _CALLED[VOCABULARY])
        return _vocabulary(self._update(record, request, ctx, self._vocabulary(request, ctx)))

    def delete_vocabulary(self, request: Request, ctx: Context) -> Answer:
        """Forget a vocabulary."""
        return self._delete(VOCABULARY, request["VocabularyName"], ctx)

    def create_vocabulary_filter(self, request: Request, ctx: Context) -> Answer:
        """Check the words and keep them."""
        words = self._filter(request, ctx)
        return _filter(self._create(FILTER, request["VocabularyFilterName"], request, ctx, words))

    def get_vocabulary_filter(self, request: Request, ctx: Context) -> Answer:
        """What a filter is, and where its words can be read."""
        record = find(self.platform, ctx, FILTER, request["VocabularyFilterName"], _CALLED[FILTER])
        return _filter(record, *_KEPT[1:]) | {"DownloadUri": self.dictionaries.url(ctx, record.body["Key"])}

    def list_vocabulary_filters(self, request: Request, ctx: Context) -> Answer:
        """The filters whose names fit, the newest first."""
        part = request.get("NameContains", "").lower()
        found, more = listed(self.platform, ctx, FILTER, request, lambda record: part in record.name.lower())
        return {"VocabularyFilters": [_filter(record) for record in found], **more}

    def update_vocabulary_filter(self, request: Request, ctx: Context) -> Answer:
        """Other words in place of all that there were."""
        record = find(self.platform, ctx, FILTER, request["VocabularyFilterName"], _CALLED[FILTER])
        return _filter(self._update(record, request, ctx, self._filter(request, ctx)))

    def delete_vocabulary_filter(self, request: Request, ctx: Context) -> Answer:
        """Forget a filter."""
        return self._delete(FILTER, request["VocabularyFilterName"], ctx)

    def _vocabulary(self, request: Request, ctx: Context) -> dict[str, Any]:
        """The entries of a request, or why they cannot be used, and the text that they came in."""
        phrases, uri = request.get("Phrases"), request.get("VocabularyFileUri")
        if (phrases is None) == (uri is None):
            raise invalid("Either Phrases or VocabularyFileUri field should be provided.")
        if phrases is not None:
            if not phrases:
                raise invalid(
                    "1 validation error detected: Value '[]' at 'phrases' failed to satisfy constraint: Member must have "
                    "length greater than or equal to 1"
                )
            if sum(len(phrase.encode()) + 1 for phrase in phrases) > MOST_BYTES:
                raise invalid("The phrases of a vocabulary are at most 50 KB.")
            data = "\n".join(phrases).encode()
        else:
            data = self._read(str(uri), ctx)
        try:
            entries = from_file(data) if phrases is None else from_phrases(phrases)
        except VocabularyInvalid as error:
            return {"Words": [], "Text": data, "State": "FAILED", "FailureReason": str(error)}
        words = [[entry.phrase, entry.sounds_like, entry.display_as] for entry in entries]
        return {"Words": words, "Text": data, "State": "READY"}

    def _filter(self, request: Request, ctx: Context) -> dict[str, Any]:
        words, uri = request.get("Words"), request.get("VocabularyFilterFileUri")
        if (words is None) == (uri is None):
            raise invalid("Either Words or VocabularyFilterFileUri field should be provided.")
        try:
            found = checked(words) if words is not None else words_of(self._read(str(uri), ctx))
        except FilterInvalid as error:
            raise invalid(str(error)) from error
        return {"Words": found, "Text": "\n".join(found).encode(), "State": None}

    def _read(self, uri: str, ctx: Context) -> bytes:
        place = s3_uri(uri)
        size = check_readable(place, ctx)
        if size > MOST_BYTES:
            raise invalid(f"The file {uri} has {size} bytes; it may have {MOST_BYTES}.")
        files = StoredFiles(self.platform.database, self.platform.blobs, ctx.account)
        with files.open(files.find(place)[0]) as file:
            return file.read(MOST_BYTES + 1)

    def _create(self, kind: str, name: str, request: Request, ctx: Context, words: dict[str, Any]) -> Record:
        platform = self.platform
        check_role(platform, ctx, request.get("DataAccessRoleArn"))
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
        body = {key: request[key] for key in _KEPT if key in request}
        bucket, key = self.dictionaries.name(ctx.region), self._key(kind, name, ctx)
        with platform.database.transaction() as tx:
            if len(platform.records.list(scope_of(ctx), kind, limit=MOST, tx=tx).items) >= MOST:
                raise ServiceError(
                    "LimitExceededException",
                    f"You have {MOST} {_CALLED[kind]} resources. Delete some that you don't need.",
                )
            body |= self._keep(words, bucket, key, tx)
            try:
                return platform.records.create(
                    scope_of(ctx),
                    kind,
                    name,
                    body,
                    arn=arn_of(ctx, kind, name),
                    status=words["State"],
                    tags=tags,
                    tx=tx,
                )
            except RecordExists as error:
                raise ServiceError(
                    "ConflictException",
                    f"The requested {_CALLED[kind]} name already exists. Use a different {_CALLED[kind]} name.",
                ) from error

    def _update(self, record: Record, request: Request, ctx: Context, words: dict[str, Any]) -> Record:
        check_role(self.platform, ctx, request.get("DataAccessRoleArn"))
        if request.get("LanguageCode", record.body["LanguageCode"]) != record.body["LanguageCode"]:
            raise invalid(
                f"The {_CALLED[record.kind]} is in {record.body['LanguageCode']}; its language can't be changed."
            )
        given = {key: request[key] for key in _KEPT if key in request}
        kept = {key: value for key, value in record.body.items() if key != "FailureReason"}
        bucket, key = self.dictionaries.name(ctx.region), self._key(record.kind, record.name, ctx)
        with self.platform.database.transaction() as tx:
            body = kept | given | self._keep(words, bucket, key, tx)
            return self.platform.records.update(record, body=body, status=words["State"], tx=tx)

    def _delete(self, kind: str, name: str, ctx: Context) -> Answer:
        with self.platform.database.transaction() as tx:
            find(self.platform, ctx, kind, name, _CALLED[kind], tx=tx)
            self.platform.records.delete(scope_of(ctx), kind, name, tx=tx)
        return {}

    def _key(self, kind: str, name: str, ctx: Context) -> str:
        return f"{ctx.account}/{kind}/{name}/{secrets.token_hex(16)}/input.txt"

    def _keep(self, words: dict[str, Any], bucket: str, key: str, tx: Any) -> dict[str, Any]:
        """Write the words' text to where DownloadUri points; the answer is what the record keeps."""
        write(
            self.platform.database,
            self.platform.blobs,
            f"s3://{bucket}/{key}",
            words["Text"],
            account=OWNER,
            content_type="text/plain",
            tx=tx,
        )
        return {name: words[name] for name in ("Words", "FailureReason") if name in words} | {"Key": key}


def words_for(platform: Platform, ctx: Context, request: Request) -> dict[str, Any]:
    """The words of the vocabularies and the filters that a job names, by the code of their language, as they are now.

    Raises ServiceError BadRequestException: one is not there, not ready, or of another language than the job.
    """
    found: dict[str, Any] = {"vocabularies": {}, "filters": {}}
    named = request.get("LanguageIdSettings", {})
    if "LanguageCode" in request:
        named = {request["LanguageCode"]: request.get("Settings", {})}
    for code, settings in named.items():
        for group, kind, member in (
            ("vocabularies", VOCABULARY, "VocabularyName"),
            ("filters", FILTER, "VocabularyFilterName"),
        ):
            if member not in settings:
                continue
            record = find(platform, ctx, kind, settings[member], _CALLED[kind])
            if record.status == "FAILED":
                raise invalid(f"The vocabulary {record.name} isn't READY: {record.body.get('FailureReason', '')}")
            if record.body["LanguageCode"] == code:
                found[group][code] = record.body["Words"]
            elif "LanguageCode" in request:
                raise invalid(
                    f"The {_CALLED[kind]} {record.name} is in {record.body['LanguageCode']} and the job in {code}."
                )
    return found


def _vocabulary(record: Record, *more: str) -> Answer:
    return {
        "VocabularyName": record.name,
        "LanguageCode": record.body["LanguageCode"],
        "LastModifiedTime": record.updated,
        "VocabularyState": record.status,
        **{key: record.body[key] for key in more if key in record.body},
    }


def _filter(record: Record, *more: str) -> Answer:
    return {
        "VocabularyFilterName": record.name,
        "LanguageCode": record.body["LanguageCode"],
        "LastModifiedTime": record.updated,
        **{key: record.body[key] for key in more if key in record.body},
    }
