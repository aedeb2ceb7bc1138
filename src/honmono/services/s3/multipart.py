"""Uploads in parts.

Source: "Uploading and copying objects using multipart upload" (Amazon S3 user guide).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from honmono.services.s3 import checksums, conditions, encryption
from honmono.services.s3.access import owner_of
from honmono.services.s3.attributes import attributes_of
from honmono.services.s3.bodies import ObjectBody
from honmono.services.s3.copies import CopyOperations
from honmono.services.s3.errors import (
    error,
    invalid_argument,
    invalid_request,
    malformed_xml,
    no_such_bucket,
    no_such_upload,
)
from honmono.services.s3.listing import speller
from honmono.services.s3.names import check_key
from honmono.services.s3.objects import shown_version
from honmono.services.s3.receiving import Received, check_length, receive
from honmono.store.objects_uploads import MAX_PARTS
from honmono.store.objects_values import (
    Attributes,
    Bucket,
    BucketMissing,
    Checksum,
    NewObject,
    ObjectVersion,
    Part,
    PartSize,
    Segment,
    Upload,
    UploadMissing,
)
from honmono.wire.checksums import composite_checksum, full_object_checksum
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

MIN_PART_BYTES = 5 * 1024**2
"""Of every part but the last."""


class MultipartOperations(CopyOperations):
    """An object in up to 10,000 parts, sent in any order."""

    def create_multipart_upload(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Begin an upload."""
        key = request["Key"]
        check_key(key)
        bucket = self._bucket(request, ctx, "s3:PutObject", permission="WRITE", key=key)
        described = attributes_of(request, ctx, bucket)
        algorithm = request.get("ChecksumAlgorithm")
        kind: str | None = request.get("ChecksumType")
        if algorithm is None and kind is not None:
            raise invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        if algorithm is not None:
            algorithm = checksums.known_algorithm(algorithm)
            described = msgspec.structs.replace(
                described, checksum=Checksum(algorithm, "", checksums.checksum_type(algorithm, kind))
            )
        upload = self.uploads.begin(bucket.name, key, ctx.account, described)
        answer = {"Bucket": bucket.name, "Key": key, "UploadId": upload.id, **encryption.shown(described.encryption)}
        if described.checksum is not None:
            answer["ChecksumAlgorithm"] = described.checksum.algorithm
            answer["ChecksumType"] = described.checksum.kind
        return answer

    def upload_part(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Send a part; one of the same number is replaced."""
        _, upload = self._upload(request, ctx, "s3:PutObject")
        number = _part_number(request)
        described = upload.attributes
        _check_customer_key(request, described)
        default = described.checksum.algorithm if described.checksum else checksums.DEFAULT_ALGORITHM
        check_length(request.get("Body", b""))
        expected = checksums.expectation(request, ctx.headers, default)
        if described.checksum is not None and expected.algorithm != default:
            raise invalid_request(
                f"Checksum Type mismatch occurred, expected checksum Type: {default.lower()}, actual checksum Type: "
                f"{expected.algorithm.lower()}"
            )
        received = receive(request.get("Body", b""), self.blobs, expected, inline=False)
        part = self._put_part(upload, number, received)
        told = described.checksum is not None or expected.checksum is not None or expected.trailer is not None
        return {
            "ETag": f'"{part.etag}"',
            **encryption.shown(described.encryption),
            **(checksums.shown_part(expected.algorithm, received.checksum.value) if told else {}),
        }

    def upload_part_copy(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Take a part from another object."""
        _, upload = self._upload(request, ctx, "s3:PutObject")
        number = _part_number(request)
        _check_customer_key(request, upload.attributes)
        source_bucket, source = self._copy_source(request, ctx)
        start, length = 0, source.size
        if "CopySourceRange" in request:
            start, length = conditions.copy_range(request["CopySourceRange"], source.size)
        kept = upload.attributes.checksum
        algorithm = kept.algorithm if kept else checksums.DEFAULT_ALGORITHM
        body: Any
        if source.content is not None:
            body = source.content[start : start + length]
        else:
            body = ObjectBody(self.blobs, source.segments, start, length)
        received = receive(body, self.blobs, checksums.Expectation(algorithm), inline=False)
        part = self._put_part(upload, number, received)
        result = {"ETag": f'"{part.etag}"', "LastModified": part.modified.replace(microsecond=0)}
        if kept is not None:
            result.update(checksums.shown_part(algorithm, received.checksum.value))
        answer = {"CopyPartResult": result, **encryption.shown(upload.attributes.encryption)}
        if source_bucket.versioning:
            answer["CopySourceVersionId"] = source.version
        return answer

    def _put_part(self, upload: Upload, number: int, received: Received) -> Part:
        assert received.blob is not None
        try:
            return self.uploads.put_part(
                upload, number, received.blob, received.size, received.etag, _stored(upload, received)
            )
        except BaseException as failure:
            self.blobs.delete(received.blob)
            if isinstance(failure, UploadMissing):
                raise no_such_upload(upload.id) from failure
            raise

    def complete_multipart_upload(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Make the object of its parts."""
        try:
            bucket, upload = self._upload(request, ctx, "s3:PutObject")
        except ServiceError as failure:
            completed = self._completed(request, ctx) if failure.code == "NoSuchUpload" else None
            if completed is None:
                raise
            return completed
        wanted = (request.get("MultipartUpload") or {}).get("Parts")
        if not wanted:
            raise malformed_xml()
        check = conditions.write_check(request, upload.key)
        _check_customer_key(request, upload.attributes, needed=False)

        def assemble(parts: Sequence[Part]) -> tuple[NewObject, Sequence[Part]]:
            used = _chosen(wanted, parts, upload)
            described = msgspec.structs.replace(upload.attributes, upload=upload.id)
            return _assembled(used, described, request), used

        try:
            written = self.uploads.complete(upload, assemble, check=check)
        except UploadMissing as failure:
            raise no_such_upload(upload.id) from failure
        except BucketMissing as failure:
            raise no_such_bucket(bucket.name) from failure
        return self._completion(bucket, written, ctx)

    def _completed(self, request: dict[str, Any], ctx: Context) -> dict[str, Any] | None:
        """The answer to a completion that was done already: a client whose connection broke asks again."""
        bucket = self._find_bucket(request["Bucket"])
        version = self.objects.get(bucket.name, request["Key"])
        if version is None or version.attributes.upload != request["UploadId"]:
            return None
        return self._completion(bucket, version, ctx)

    @staticmethod
    def _completion(bucket: Bucket, written: ObjectVersion, ctx: Context) -> dict[str, Any]:
        host = ctx.headers.get("host") or "s3.amazonaws.com"
        return {
            "Location": f"http://{host}/{bucket.name}/{written.key}",
            "Bucket": bucket.name,
            "Key": written.key,
            "ETag": f'"{written.etag}"',
            **checksums.shown(written.attributes.checksum),
            **encryption.shown(written.attributes.encryption, customer=False),
            **shown_version(bucket, written),
        }

    def abort_multipart_upload(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Throw an upload away."""
        _, upload = self._upload(request, ctx, "s3:AbortMultipartUpload")
        try:
            self.uploads.abort(upload)
        except UploadMissing as failure:
            raise no_such_upload(upload.id) from failure
        return {}

    def list_parts(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The parts that have arrived."""
        bucket, upload = self._upload(request, ctx, "s3:ListMultipartUploadParts")
        limit = min(request.get("MaxParts", 1000), 1000)
        after = int(request.get("PartNumberMarker") or 0)
        for name, value in (("max-parts", limit), ("part-number-marker", after)):
            if value < 0:
                raise invalid_argument(f"Argument {name} must be an integer between 0 and 2147483647", name, value)
        parts = self.uploads.parts(upload, after=after, limit=limit + 1)
        page = parts[:limit]
        kept = upload.attributes.checksum
        answer: dict[str, Any] = {
            "Bucket": bucket.name,
            "Key": upload.key,
            "UploadId": upload.id,
            "PartNumberMarker": after,
            "NextPartNumberMarker": page[-1].number if page else 0,
            "MaxParts": limit,
            "IsTruncated": len(parts) > limit,
            "Initiator": owner_of(upload.account),
            "Owner": owner_of(upload.attributes.owner),
            "StorageClass": upload.attributes.storage_class,
        }
        if page:
            answer["Parts"] = [
                {
                    "PartNumber": part.number,
                    "LastModified": part.modified.replace(microsecond=part.modified.microsecond // 1000 * 1000),
                    "ETag": f'"{part.etag}"',
                    "Size": part.size,
                    **checksums.shown_part(kept.algorithm if kept else None, part.checksum),
                }
                for part in page
            ]
        if kept is not None:
            answer["ChecksumAlgorithm"], answer["ChecksumType"] = kept.algorithm, kept.kind
        return answer

    def list_multipart_uploads(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The bucket's uploads under way."""
        bucket = self._bucket(request, ctx, "s3:ListBucketMultipartUploads", permission="READ")
        spell = speller(request)
        prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
        limit = min(request.get("MaxUploads", 1000), 1000)
        marker, upload_marker = request.get("KeyMarker", ""), request.get("UploadIdMarker", "")
        page = self.lists.uploads(bucket.name, prefix, delimiter, marker, upload_marker if marker else "", limit)
        answer: dict[str, Any] = {
            "Bucket": bucket.name,
            "KeyMarker": spell(marker),
            "UploadIdMarker": upload_marker,
            "Prefix": spell(prefix),
            "MaxUploads": limit,
            "IsTruncated": page.truncated,
        }
        if delimiter:
            answer["Delimiter"] = spell(delimiter)
        if "EncodingType" in request:
            answer["EncodingType"] = request["EncodingType"]
        if page.items:
            answer["Uploads"] = [_shown(upload, spell(upload.key)) for upload in page.items]
        if page.prefixes:
            answer["CommonPrefixes"] = [{"Prefix": spell(prefix)} for prefix in page.prefixes]
        if page.truncated:
            answer["NextKeyMarker"] = spell(page.last_key)
            answer["NextUploadIdMarker"] = page.last_item.id if page.last_item is not None else ""
        return answer

    def _upload(self, request: dict[str, Any], ctx: Context, action: str) -> tuple[Bucket, Upload]:
        key = request["Key"]
        check_key(key)
        bucket = self._bucket(request, ctx, action, permission="WRITE", key=key)
        try:
            return bucket, self.uploads.get(bucket.name, key, request["UploadId"])
        except UploadMissing as failure:
            raise no_such_upload(request["UploadId"]) from failure


def _part_number(request: dict[str, Any]) -> int:
    number: int = request["PartNumber"]
    if not 1 <= number <= MAX_PARTS:
        raise invalid_argument(
            f"Part number must be an integer between 1 and {MAX_PARTS}, inclusive", "partNumber", number
        )
    return number


def _check_customer_key(request: dict[str, Any], described: Attributes, *, needed: bool = True) -> None:
    """Every part must bring the customer's key that the upload was begun with."""
    given, wanted = encryption.customer_key(request) or "", described.encryption.customer_key_md5
    if not needed and not given:
        return
    if wanted and not given:
        raise invalid_request(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate "
            "encryption parameters."
        )
    if given != wanted:
        raise invalid_request(
            "The provided encryption parameters did not match the ones used originally to encrypt the object."
        )


def _stored(upload: Upload, received: Received) -> str:
    """The part's checksum as it is kept: of an upload without an algorithm of its own, the default one's."""
    kept = upload.attributes.checksum
    algorithm = kept.algorithm if kept else checksums.DEFAULT_ALGORITHM
    return received.checksum.value if received.checksum.algorithm == algorithm else ""


def _chosen(wanted: Sequence[dict[str, Any]], parts: Sequence[Part], upload: Upload) -> list[Part]:
    """The parts that a completion names, if it names them rightly and in order."""
    have = {part.number: part for part in parts}
    used: list[Part] = []
    kept = upload.attributes.checksum
    for entry in wanted:
        number, etag = entry.get("PartNumber"), entry.get("ETag")
        if number is None or etag is None:
            raise malformed_xml()
        if used and number <= used[-1].number:
            raise error(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
                UploadId=upload.id,
            )
        part = have.get(number)
        given = [(name, entry[member]) for member, name in checksums.MEMBERS.items() if member in entry]
        if (
            part is None
            or etag.strip('"') != part.etag
            or any(kept is None or name != kept.algorithm or text != part.checksum for name, text in given)
        ):
            raise error(
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
                "specified entity tag may not match the part's entity tag.",
                UploadId=upload.id,
                PartNumber=number,
                ETag=etag,
            )
        if kept is not None and kept.kind == "COMPOSITE" and not given:
            raise invalid_request(
                f"The upload was created using a {kept.algorithm.lower()} checksum. The complete request must include "
                f"the checksum for each part. It was missing for part {number} in the request."
            )
        used.append(part)
    for part in used[:-1]:
        if part.size < MIN_PART_BYTES:
            raise error(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                ProposedSize=part.size,
                MinSizeAllowed=MIN_PART_BYTES,
                PartNumber=part.number,
                ETag=part.etag,
            )
    return used


def _assembled(used: Sequence[Part], described: Attributes, request: dict[str, Any]) -> NewObject:
    """The object: its hash is one of its parts' hashes, and so is its checksum unless that can be combined."""
    digest = hashlib.md5(b"".join(bytes.fromhex(part.etag) for part in used), usedforsecurity=False).hexdigest()
    size = sum(part.size for part in used)
    asked = request.get("MpuObjectSize")
    if asked is not None and int(asked) != size:
        raise invalid_request(
            f"The provided 'x-amz-mp-object-size' header value {asked} does not match what was computed: {size}"
        )
    checksum = _whole_checksum(used, described.checksum)
    given = [(name, request[member]) for member, name in checksums.MEMBERS.items() if member in request]
    for name, text in given:
        if checksum is None or name != checksum.algorithm or text.partition("-")[0] != checksum.value.partition("-")[0]:
            raise checksums.bad_checksum(name)
    own = described.checksum is not None
    sizes = [PartSize(number, part.size, part.checksum if own else "") for number, part in enumerate(used, 1)]
    described = msgspec.structs.replace(described, checksum=checksum, parts=sizes)
    segments = tuple(Segment(part.blob, part.size) for part in used)
    return NewObject(size, f"{digest}-{len(used)}", described, None, segments)


def _whole_checksum(used: Sequence[Part], kept: Checksum | None) -> Checksum | None:
    if not all(part.checksum for part in used):
        return None
    if kept is None:
        kept = Checksum(checksums.DEFAULT_ALGORITHM, "", "FULL_OBJECT")
    if kept.kind == "COMPOSITE":
        return Checksum(kept.algorithm, composite_checksum(kept.algorithm, [part.checksum for part in used]), kept.kind)
    whole = full_object_checksum(kept.algorithm, [(part.checksum, part.size) for part in used])
    return Checksum(kept.algorithm, whole, kept.kind)


def _shown(upload: Upload, key: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "UploadId": upload.id,
        "Key": key,
        "Initiated": upload.created.replace(microsecond=upload.created.microsecond // 1000 * 1000),
        "StorageClass": upload.attributes.storage_class,
        "Owner": owner_of(upload.attributes.owner),
        "Initiator": owner_of(upload.account),
    }
    if upload.attributes.checksum is not None:
        told["ChecksumAlgorithm"] = upload.attributes.checksum.algorithm
        told["ChecksumType"] = upload.attributes.checksum.kind
    return told
