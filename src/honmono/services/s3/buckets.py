"""Buckets: made, found, listed, deleted."""

from __future__ import annotations

from typing import Any

from honmono.services.s3 import acl
from honmono.services.s3.access import ANONYMOUS, owner_of
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import access_denied, error, no_such_bucket
from honmono.services.s3.names import check_bucket_name
from honmono.services.s3.tags import tags_of
from honmono.store.objects_values import Bucket, BucketExists, BucketMissing, BucketNotEmpty
from honmono.wire.http import Response
from honmono.wire.service import Context
from honmono.wire.xml import document

OWNERSHIPS = ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter")
MAX_BUCKETS = 10_000
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_CLASSIC_REGION = "us-east-1"


class BucketOperations(Operations):
    """Buckets by name; the names are one space for all accounts."""

    def create_bucket(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Make a bucket in the region that the request is signed for."""
        if ctx.account == ANONYMOUS:
            raise access_denied()
        name = request["Bucket"]
        check_bucket_name(name)
        region = _region(request, ctx)
        ownership = request.get("ObjectOwnership")
        if ownership is not None and ownership not in OWNERSHIPS:
            raise error(
                "InvalidArgument", "Invalid x-amz-object-ownership header", ArgumentName="x-amz-object-ownership"
            )
        _check_namespace(request, ctx, region)
        settings: dict[str, Any] = {}
        grants = acl.grants_of(request, ctx.account, None)
        if grants is not None:
            settings["acl"] = [{"grantee": grant.grantee, "permission": grant.permission} for grant in grants]
        if ownership is not None:
            settings["ownership"] = ownership
        if ownership == "BucketOwnerEnforced" and request.get("ACL", "private") not in (
            "private",
            "bucket-owner-full-control",
        ):
            raise error(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
        versioning = ""
        if request.get("ObjectLockEnabledForBucket"):
            settings["object_lock"] = {"ObjectLockEnabled": "Enabled"}
            versioning = "Enabled"
        tags = (request.get("CreateBucketConfiguration") or {}).get("Tags")
        if tags:
            settings["tags"] = tags_of({"TagSet": tags}, 50)
        try:
            self.buckets.create(name, ctx.account, region, versioning=versioning, settings=settings)
        except BucketExists as failure:
            if failure.account != ctx.account:
                raise error(
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the "
                    "system. Please select a different name and try again.",
                    BucketName=name,
                ) from failure
            if region == _CLASSIC_REGION and self._find_bucket(name).region == region:
                # The oldest region answers as if the bucket had been made anew.
                return {"Location": f"/{name}", "BucketArn": f"arn:aws:s3:::{name}"}
            raise error(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                BucketName=name,
            ) from failure
        location = f"/{name}" if region == _CLASSIC_REGION else f"http://{name}.s3.amazonaws.com/"
        return {"Location": location, "BucketArn": f"arn:aws:s3:::{name}"}

    def list_buckets(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The account's buckets, by name."""
        if ctx.account == ANONYMOUS:
            raise access_denied()
        limit = request.get("MaxBuckets", MAX_BUCKETS)
        if not 1 <= limit <= MAX_BUCKETS:
            raise error("InvalidArgument", f"Argument max-buckets must be an integer between 1 and {MAX_BUCKETS}")
        prefix, region = request.get("Prefix", ""), request.get("BucketRegion")
        listed = [
            bucket
            for bucket in self.buckets.list(ctx.account, after=request.get("ContinuationToken", ""), limit=1_000_000)
            if bucket.name.startswith(prefix) and region in (None, bucket.region)
        ]
        page = listed[:limit]
        paged = "MaxBuckets" in request or "BucketRegion" in request or "Prefix" in request
        answer: dict[str, Any] = {
            "Owner": owner_of(ctx.account),
            "Buckets": [_shown(bucket, with_region=paged) for bucket in page],
        }
        if prefix:
            answer["Prefix"] = prefix
        if len(listed) > limit:
            answer["ContinuationToken"] = page[-1].name
        return answer

    def head_bucket(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether the bucket is there and open to the caller."""
        bucket = self._bucket(request, ctx, "s3:ListBucket", permission="READ")
        ctx.response_headers["content-type"] = "application/xml"
        return {"BucketRegion": bucket.region, "BucketArn": f"arn:aws:s3:::{bucket.name}", "AccessPointAlias": False}

    def delete_bucket(self, request: dict[str, Any], ctx: Context) -> None:
        """Delete an empty bucket."""
        bucket = self._bucket(request, ctx, "s3:DeleteBucket")
        try:
            self.buckets.delete(bucket.name)
        except BucketMissing as failure:
            raise no_such_bucket(bucket.name) from failure
        except BucketNotEmpty as failure:
            message = "The bucket you tried to delete is not empty"
            if bucket.versioning:
                message += ". You must delete all versions in the bucket."
            raise error("BucketNotEmpty", message, BucketName=bucket.name) from failure

    def get_bucket_location(self, request: dict[str, Any], ctx: Context) -> dict[str, Any] | Response:
        """The bucket's region; nothing for the oldest one."""
        bucket = self._bucket(request, ctx, "s3:GetBucketLocation")
        region = "" if bucket.region == _CLASSIC_REGION else bucket.region
        if ctx.http is None:
            return {"LocationConstraint": region} if region else {}
        # The region is the root element's own text, which the model cannot say.
        opening = f'<LocationConstraint xmlns="{NAMESPACE}">'
        body = document([opening, region, "</LocationConstraint>"])
        return Response(200, {"content-type": "application/xml"}, body)


def _check_namespace(request: dict[str, Any], ctx: Context, region: str) -> None:
    """A name in the account's own namespace ends with the account and the region."""
    if request.get("BucketNamespace") == "account-regional" and not request["Bucket"].endswith(
        f"-{ctx.account}-{region}-an"
    ):
        raise error(
            "InvalidNamespaceHeader",
            "The bucket name does not end with the account ID and Region that the account-regional namespace needs.",
        )


def _region(request: dict[str, Any], ctx: Context) -> str:
    configuration = request.get("CreateBucketConfiguration")
    asked: str | None = (configuration or {}).get("LocationConstraint")
    if not asked:
        if ctx.region not in (_CLASSIC_REGION, "aws-global"):
            raise error(
                "IllegalLocationConstraintException",
                "The unspecified location constraint is incompatible for the region specific endpoint this request was "
                "sent to.",
            )
        return _CLASSIC_REGION
    if asked == "EU":
        asked = "eu-west-1"
    if ctx.region == _CLASSIC_REGION and asked == _CLASSIC_REGION:
        raise error(
            "InvalidLocationConstraint", "The specified location-constraint is not valid", LocationConstraint=asked
        )
    if ctx.region not in (_CLASSIC_REGION, "aws-global", asked):
        raise error(
            "IllegalLocationConstraintException",
            f"The {asked} location constraint is incompatible for the region specific endpoint this request was "
            "sent to.",
        )
    return asked


def _shown(bucket: Bucket, *, with_region: bool) -> dict[str, Any]:
    told = {"Name": bucket.name, "CreationDate": bucket.created.replace(microsecond=0)}
    if with_region:
        told["BucketRegion"] = bucket.region
    return told
