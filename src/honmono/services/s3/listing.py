"""Lists of objects: both forms of ListObjects, and ListObjectVersions."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from honmono.services.s3.access import owner_of
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import invalid_argument
from honmono.store.clock import moment
from honmono.store.objects_listing import Listing
from honmono.store.objects_values import ObjectVersion
from honmono.wire.service import Context

MAX_KEYS = 1000


class ListOperations(Operations):
    """Pages of keys in the binary order of UTF-8."""

    def list_objects(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The first form: pages by marker, each object with its owner."""
        bucket = self._bucket(request, ctx, "s3:ListBucket", permission="READ")
        spell = speller(request)
        prefix, delimiter, limit = _asked(request)
        marker = request.get("Marker", "")
        answer: dict[str, Any] = {
            "Name": bucket.name,
            "Prefix": spell(prefix),
            "Marker": spell(marker),
            "MaxKeys": limit,
            "IsTruncated": False,
        }
        _echo(answer, request, spell)
        if limit:
            page = self.lists.objects(bucket.name, prefix, delimiter, marker, min(limit, MAX_KEYS))
            answer["IsTruncated"] = page.truncated
            _add(answer, page, spell, owner=True)
            if page.truncated and delimiter:
                answer["NextMarker"] = spell(page.last_key)
        return answer

    def list_objects_v2(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The second form: pages by an opaque token."""
        bucket = self._bucket(request, ctx, "s3:ListBucket", permission="READ")
        spell = speller(request)
        prefix, delimiter, limit = _asked(request)
        after = request.get("StartAfter", "")
        token = request.get("ContinuationToken")
        if token is not None:
            after = _read_token(token)
        answer: dict[str, Any] = {
            "Name": bucket.name,
            "Prefix": spell(prefix),
            "MaxKeys": limit,
            "KeyCount": 0,
            "IsTruncated": False,
        }
        _echo(answer, request, spell)
        if token is not None:
            answer["ContinuationToken"] = token
        if "StartAfter" in request:
            answer["StartAfter"] = spell(request["StartAfter"])
        if limit:
            page = self.lists.objects(bucket.name, prefix, delimiter, after, min(limit, MAX_KEYS))
            answer["IsTruncated"] = page.truncated
            answer["KeyCount"] = len(page.items) + len(page.prefixes)
            _add(answer, page, spell, owner=bool(request.get("FetchOwner")))
            if page.truncated:
                answer["NextContinuationToken"] = urlsafe_b64encode(page.last_key.encode()).decode()
        return answer

    def list_object_versions(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Every version and delete marker, a key's newest first."""
        bucket = self._bucket(request, ctx, "s3:ListBucketVersions", permission="READ")
        spell = speller(request)
        prefix, delimiter, limit = _asked(request)
        marker, version_marker = request.get("KeyMarker", ""), request.get("VersionIdMarker")
        if version_marker is not None and not marker:
            raise invalid_argument(
                "A version-id marker cannot be specified without a key marker.", "version-id-marker", version_marker
            )
        if version_marker == "":
            raise invalid_argument("A version-id marker cannot be empty.", "version-id-marker", version_marker)
        answer: dict[str, Any] = {
            "Name": bucket.name,
            "Prefix": spell(prefix),
            "KeyMarker": spell(marker),
            "VersionIdMarker": version_marker or "",
            "MaxKeys": limit,
            "IsTruncated": False,
        }
        _echo(answer, request, spell)
        if not limit:
            return answer
        page = self.lists.versions(bucket.name, prefix, delimiter, marker, version_marker, min(limit, MAX_KEYS))
        versions = [_version(item, spell) for item in page.items if not item.deleted]
        markers = [_marker(item, spell) for item in page.items if item.deleted]
        if versions:
            answer["Versions"] = versions
        if markers:
            answer["DeleteMarkers"] = markers
        if page.prefixes:
            answer["CommonPrefixes"] = [{"Prefix": spell(prefix)} for prefix in page.prefixes]
        answer["IsTruncated"] = page.truncated
        if page.truncated:
            answer["NextKeyMarker"] = spell(page.last_key)
            if page.last_item is not None:
                answer["NextVersionIdMarker"] = page.last_item.version
        return answer


def speller(request: Mapping[str, Any]) -> Callable[[str], str]:
    """How keys are written in the answer: as they are, or percent-encoded.

    Raises ServiceError InvalidArgument.
    """
    encoding = request.get("EncodingType")
    if encoding is None:
        return str
    if encoding != "url":
        raise invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", encoding)
    return lambda text: quote(text, safe="/*-._", errors="surrogateescape")


def _asked(request: Mapping[str, Any]) -> tuple[str, str, int]:
    limit = request.get("MaxKeys", MAX_KEYS)
    if limit < 0:
        raise invalid_argument("Argument maxKeys must be an integer between 0 and 2147483647", "maxKeys", limit)
    return request.get("Prefix", ""), request.get("Delimiter", ""), limit


def _echo(answer: dict[str, Any], request: Mapping[str, Any], spell: Callable[[str], str]) -> None:
    if request.get("Delimiter"):
        answer["Delimiter"] = spell(request["Delimiter"])
    if "EncodingType" in request:
        answer["EncodingType"] = request["EncodingType"]


def _add(answer: dict[str, Any], page: Listing[ObjectVersion], spell: Callable[[str], str], *, owner: bool) -> None:
    if page.items:
        answer["Contents"] = [_shown(item, spell, owner=owner) for item in page.items]
    if page.prefixes:
        answer["CommonPrefixes"] = [{"Prefix": spell(prefix)} for prefix in page.prefixes]


def _shown(item: ObjectVersion, spell: Callable[[str], str], *, owner: bool) -> dict[str, Any]:
    told = {
        "Key": spell(item.key),
        "LastModified": moment(item.modified // 1000 * 1000),
        "ETag": f'"{item.etag}"',
        "Size": item.size,
        "StorageClass": item.attributes.storage_class,
    }
    checksum = item.attributes.checksum
    if checksum is not None and checksum.value:
        told["ChecksumAlgorithm"] = [checksum.algorithm]
        told["ChecksumType"] = checksum.kind
    if owner:
        told["Owner"] = owner_of(item.attributes.owner)
    return told


def _version(item: ObjectVersion, spell: Callable[[str], str]) -> dict[str, Any]:
    return {**_shown(item, spell, owner=True), "VersionId": item.version, "IsLatest": item.latest}


def _marker(item: ObjectVersion, spell: Callable[[str], str]) -> dict[str, Any]:
    return {
        "Key": spell(item.key),
        "VersionId": item.version,
        "IsLatest": item.latest,
        "LastModified": moment(item.modified // 1000 * 1000),
        "Owner": owner_of(item.attributes.owner),
    }


def _read_token(token: str) -> str:
    try:
        if not token:
            raise ValueError("empty")
        return b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError as failure:
        raise invalid_argument("The continuation token provided is incorrect", "continuation-token", token) from failure
