"""Objects: put, get, head, delete."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import msgspec

from honmono.services.s3 import archive, attributes, checksums, conditions, encryption
from honmono.services.s3.access import may
from honmono.services.s3.base import Operations
from honmono.services.s3.bodies import ObjectBody
from honmono.services.s3.cors import add_headers
from honmono.services.s3.errors import error, invalid_request, malformed_xml, no_such_bucket
from honmono.services.s3.locks import check_unlocked
from honmono.services.s3.names import check_key, check_version_id
from honmono.services.s3.receiving import check_length, receive
from honmono.store.errors import BlobMissing
from honmono.store.objects import Check
from honmono.store.objects_values import INLINE_BYTES, NULL_VERSION, Bucket, BucketMissing, NewObject, ObjectVersion
from honmono.wire.body import MemoryBody
from honmono.wire.errors import ServiceError
from honmono.wire.http import Response
from honmono.wire.service import Context, inline

MAX_DELETES = 1000


@dataclass(frozen=True, slots=True)
class _Taken:
    """An object that has arrived and is not yet in the index."""

    bucket: Bucket
    key: str
    new: NewObject
    check: Check | None


class ObjectOperations(Operations):
    """One object at a time, and deletes by the thousand."""

    async def put_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Write an object: a small one without a thread of its own."""
        body = request.get("Body", b"")
        if body.length is not None and body.length <= INLINE_BYTES and body.complete and not self.shared:
            taken = self._take(request, ctx)
            return self._told(taken, await asyncio.wrap_future(self._submit(taken)))
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._put, request, ctx)

    def _put(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        taken = self._take(request, ctx)
        try:
            return self._told(taken, self._submit(taken).result())
        except BaseException:
            for segment in taken.new.segments:
                self.blobs.delete(segment.blob)
            raise

    def _take(self, request: dict[str, Any], ctx: Context) -> _Taken:
        """The object that a request brings, its bytes durable where they are many, before its row is written."""
        key = request["Key"]
        check_key(key)
        bucket = self._bucket(request, ctx, "s3:PutObject", permission="WRITE", key=key)
        described = attributes.attributes_of(request, ctx, bucket)
        check = conditions.write_check(request, key)
        check_length(request.get("Body", b""))
        expected = checksums.expectation(request, ctx.headers, checksums.DEFAULT_ALGORITHM)
        received = receive(request.get("Body", b""), self.blobs, expected)
        described = msgspec.structs.replace(described, checksum=received.checksum)
        new = NewObject(received.size, received.etag, described, received.content, received.segments)
        return _Taken(bucket, key, new, check)

    def _submit(self, taken: _Taken) -> Future[ObjectVersion]:
        return self.objects.submit_put(taken.bucket.name, taken.key, taken.new, check=taken.check)

    @staticmethod
    def _told(taken: _Taken, written: ObjectVersion) -> dict[str, Any]:
        described = taken.new.attributes
        return {
            "ETag": f'"{written.etag}"',
            **checksums.shown(described.checksum),
            **encryption.shown(described.encryption),
            **shown_version(taken.bucket, written),
        }

    @inline
    def get_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any] | Response:
        """An object's bytes, or a range of them."""
        bucket, version = self._object(request, ctx, "s3:GetObject", content=True)
        archive.check_readable(version.attributes)
        found = self._read(request, ctx, bucket, version)
        if isinstance(found, Response):
            return found
        answer, start, length = found
        if version.content is not None:
            whole = start == 0 and length == version.size
            piece = version.content if whole else version.content[start : start + length]
            answer["Body"] = piece if ctx.http is not None else MemoryBody(piece)
            return answer
        try:
            answer["Body"] = ObjectBody(self.blobs, version.segments, start, length)
        except BlobMissing:
            # Overwritten since its row was read: the new row tells of the new bytes.
            again = self.objects.get(bucket.name, version.key, request.get("VersionId"))
            if again is not None and again.sequence == version.sequence:
                raise
            return self.get_object(request, ctx)
        return answer

    @inline
    def head_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any] | Response:
        """What GetObject would answer, without the bytes."""
        bucket, version = self._object(request, ctx, "s3:GetObject")
        found = self._read(request, ctx, bucket, version)
        return found if isinstance(found, Response) else found[0]

    def _read(
        self, request: dict[str, Any], ctx: Context, bucket: Bucket, version: ObjectVersion
    ) -> tuple[dict[str, Any], int, int] | Response:
        described = version.attributes
        encryption.check_no_algorithm(ctx.headers)
        encryption.check_reader(request, described.encryption)
        if conditions.not_modified(request, version):
            headers = {"etag": f'"{version.etag}"', "last-modified": _http_date(version)}
            return Response(304, headers)
        answer = attributes.shown(described, request, ctx)
        answer.update(archive.shown(described))
        answer.update(encryption.shown(described.encryption))
        answer.update(shown_version(bucket, version))
        start, length = 0, version.size
        if (number := request.get("PartNumber")) is not None:
            if request.get("Range") is not None:
                raise invalid_request("Cannot specify both Range header and partNumber query parameter")
            start, length = _part(version, number)
            if described.parts:
                answer["PartsCount"] = len(described.parts)
            if request.get("ChecksumMode") == "ENABLED":
                answer.update(_part_checksum(version, number))
            if length:
                answer["ContentRange"] = f"bytes {start}-{start + length - 1}/{version.size}"
        elif (span := conditions.byte_range(request.get("Range"), version.size)) is not None:
            start, length = span
            answer["ContentRange"] = f"bytes {start}-{start + length - 1}/{version.size}"
        elif request.get("ChecksumMode") == "ENABLED":
            answer.update(checksums.shown(described.checksum))
        if "ContentRange" in answer or number is not None:
            ctx.status = 206
        answer["ETag"] = f'"{version.etag}"'
        answer["LastModified"] = version.last_modified
        answer["ContentLength"] = length
        answer["AcceptRanges"] = "bytes"
        return answer, start, length

    def delete_object(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete an object or one version of it; no error if it is not there."""
        key, version_id = request["Key"], request.get("VersionId")
        check_key(key)
        check_version_id(version_id)
        action = "s3:DeleteObject" if version_id is None else "s3:DeleteObjectVersion"
        bucket = self._bucket(request, ctx, action, permission="WRITE", key=key)
        return self._delete(bucket, key, version_id, request, ctx)

    def _delete(
        self, bucket: Bucket, key: str, version_id: str | None, request: dict[str, Any], ctx: Context
    ) -> dict[str, Any]:
        bypass = bool(request.get("BypassGovernanceRetention"))

        def check(current: ObjectVersion | None) -> None:
            conditions.check_delete(request, current)
            if version_id is not None and current is not None:
                check_unlocked(current, bypass=bypass)

        try:
            if version_id is not None:
                gone = self.objects.delete_version(bucket.name, key, version_id, check=check)
                answer: dict[str, Any] = {}
                if version_id != NULL_VERSION or bucket.versioning:
                    answer["VersionId"] = version_id
                if gone is not None and gone.deleted:
                    answer["DeleteMarker"] = True
                return answer
            marker, _ = self.objects.delete(bucket.name, key, owner=ctx.account, check=check)
        except BucketMissing as failure:
            raise no_such_bucket(bucket.name) from failure
        return {} if marker is None else {"DeleteMarker": True, "VersionId": marker.version}

    def delete_objects(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete up to 1000 objects; each one's fate is told."""
        checksums.check_document(ctx, required=True)
        wanted = (request.get("Delete") or {}).get("Objects")
        if not wanted or len(wanted) > MAX_DELETES:
            raise malformed_xml()
        bucket = self._find_bucket(request["Bucket"])
        add_headers(bucket, ctx)
        self._expect_owner(request.get("ExpectedBucketOwner"), bucket)
        deleted, errors = [], []
        for entry in wanted:
            if not entry.get("Key"):
                raise malformed_xml()
            key, version_id = entry["Key"], entry.get("VersionId")
            try:
                check_key(key)
                check_version_id(version_id)
                action = "s3:DeleteObject" if version_id is None else "s3:DeleteObjectVersion"
                if not may(ctx, bucket, action, permission="WRITE", key=key):
                    raise error("AccessDenied", "Access Denied")
                conditional = {**request, "IfMatch": entry.get("ETag")}
                conditional["IfMatchSize"] = entry.get("Size")
                conditional["IfMatchLastModifiedTime"] = entry.get("LastModifiedTime")
                gone = self._delete(bucket, key, version_id, conditional, ctx)
            except ServiceError as failure:
                named = {"Key": key, "Code": failure.code, "Message": failure.message}
                errors.append(named if version_id is None else {**named, "VersionId": version_id})
                continue
            told: dict[str, Any] = {"Key": key}
            if version_id is not None:
                told["VersionId"] = version_id
            if gone.get("DeleteMarker"):
                told["DeleteMarker"] = True
                told["DeleteMarkerVersionId"] = gone["VersionId"]
            deleted.append(told)
        answer: dict[str, Any] = {}
        if deleted and not request["Delete"].get("Quiet"):
            answer["Deleted"] = deleted
        if errors:
            answer["Errors"] = errors
        return answer

    def get_object_attributes(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Size, parts, checksum, storage class and entity tag, as asked for."""
        bucket, version = self._object(request, ctx, "s3:GetObjectAttributes")
        described = version.attributes
        encryption.check_reader(request, described.encryption)
        wanted = {name.strip() for text in request.get("ObjectAttributes", ()) for name in text.split(",")}
        if not wanted or not wanted <= _ATTRIBUTES:
            raise error("InvalidArgument", "Invalid attribute name specified.", ArgumentName="x-amz-object-attributes")
        answer: dict[str, Any] = {"LastModified": version.last_modified, **shown_version(bucket, version)}
        if "ETag" in wanted:
            answer["ETag"] = version.etag
        if "Checksum" in wanted and described.checksum is not None and described.checksum.value:
            answer["Checksum"] = checksums.shown(described.checksum)
        if "ObjectParts" in wanted and described.parts:
            answer["ObjectParts"] = _object_parts(version, request)
        if "StorageClass" in wanted:
            answer["StorageClass"] = described.storage_class
        if "ObjectSize" in wanted:
            answer["ObjectSize"] = version.size
        return answer


_ATTRIBUTES = {"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}


def shown_version(bucket: Bucket, version: ObjectVersion) -> dict[str, str]:
    """The version id, where the bucket keeps or kept versions."""
    return {"VersionId": version.version} if bucket.versioning else {}


def _http_date(version: ObjectVersion) -> str:
    return version.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT")


def _part(version: ObjectVersion, number: int) -> tuple[int, int]:
    """The first byte and the length of a part; of an object that was written whole there is one."""
    parts = version.attributes.parts
    if not 1 <= number <= 10_000:
        raise error(
            "InvalidArgument",
            "Part number must be an integer between 1 and 10000, inclusive",
            ArgumentName="partNumber",
        )
    if number > max(len(parts), 1):
        raise ServiceError(
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable",
            status=416,
            ActualPartCount=max(len(parts), 1),
            PartNumberRequested=number,
        )
    if not parts:
        return 0, version.size
    return sum(part.size for part in parts[: number - 1]), parts[number - 1].size


def _part_checksum(version: ObjectVersion, number: int) -> dict[str, Any]:
    checksum, parts = version.attributes.checksum, version.attributes.parts
    if checksum is None or not parts:
        return checksums.shown(checksum)
    told: dict[str, Any] = checksums.shown_part(checksum.algorithm, parts[number - 1].checksum)
    return {**told, "ChecksumType": checksum.kind} if told else {}


def _object_parts(version: ObjectVersion, request: dict[str, Any]) -> dict[str, Any]:
    parts, checksum = version.attributes.parts, version.attributes.checksum
    after, limit = request.get("PartNumberMarker") or 0, request.get("MaxParts")
    limit = 1000 if limit is None else limit
    page = [part for part in parts if part.number > int(after)][:limit]
    answer: dict[str, Any] = {
        "TotalPartsCount": len(parts),
        "PartNumberMarker": int(after),
        "MaxParts": limit,
        "IsTruncated": bool(page) and page[-1].number != parts[-1].number,
        "NextPartNumberMarker": page[-1].number if page else int(after),
    }
    algorithm = checksum.algorithm if checksum is not None else None
    if page:
        answer["Parts"] = [
            {"PartNumber": part.number, "Size": part.size, **checksums.shown_part(algorithm, part.checksum)}
            for part in page
        ]
    return answer
