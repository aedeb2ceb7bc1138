"""A bucket's configurations: validated, kept, and told as they were given.

What changes how this server answers (versioning, CORS, policy, encryption, lock, ownership, public access) takes
effect; lifecycle, replication, logging, notification, website and the like are kept and told.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from honmono.services.s3 import acl, checksums, cors, encryption, lifecycle, policy
from honmono.services.s3.access import access_block, canonical_id, is_public_bucket
from honmono.services.s3.base import Operations
from honmono.services.s3.errors import access_denied, error, invalid_argument, malformed_xml
from honmono.services.s3.tags import shown as shown_tags
from honmono.services.s3.tags import tags_of
from honmono.store.objects_values import Bucket, Grant
from honmono.wire import validation
from honmono.wire.model import load
from honmono.wire.service import Context

MAX_BUCKET_TAGS = 50


class ConfigurationOperations(Operations):
    """Get, put and delete of what a bucket is set to."""

    def put_bucket_versioning(self, request: dict[str, Any], ctx: Context) -> None:
        """Keep versions from now on, or stop doing so."""
        bucket = self._settable(request, ctx, "s3:PutBucketVersioning")
        status = document_of(request, "PutBucketVersioning", "VersioningConfiguration").get("Status")
        if status not in ("Enabled", "Suspended"):
            raise error(
                "IllegalVersioningConfigurationException",
                "The Versioning element must be specified",
            )
        if status == "Suspended" and "object_lock" in bucket.settings:
            raise error(
                "InvalidBucketState",
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
            )
        self.buckets.update(bucket.name, lambda settings: None, versioning=status)

    def get_bucket_versioning(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether the bucket keeps versions; nothing where it never did."""
        bucket = self._bucket(request, ctx, "s3:GetBucketVersioning")
        return {"Status": bucket.versioning} if bucket.versioning else {}

    def put_bucket_tagging(self, request: dict[str, Any], ctx: Context) -> None:
        """Set the bucket's tags."""
        bucket = self._settable(request, ctx, "s3:PutBucketTagging")
        self._set(bucket, "tags", tags_of(request.get("Tagging"), MAX_BUCKET_TAGS))
        ctx.status = 204

    def get_bucket_tagging(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The bucket's tags."""
        bucket = self._bucket(request, ctx, "s3:GetBucketTagging")
        tags = bucket.settings.get("tags")
        if not tags:
            raise error("NoSuchTagSet", "The TagSet does not exist", BucketName=bucket.name)
        return {"TagSet": shown_tags(tags)}

    def delete_bucket_tagging(self, request: dict[str, Any], ctx: Context) -> None:
        """Remove the bucket's tags."""
        self._unset(request, ctx, "s3:PutBucketTagging", "tags")

    def put_bucket_cors(self, request: dict[str, Any], ctx: Context) -> None:
        """Say which origins may reach the bucket from a browser."""
        bucket = self._settable(request, ctx, "s3:PutBucketCORS")
        document = document_of(request, "PutBucketCors", "CORSConfiguration")
        rules = document.get("CORSRules")
        if not rules or len(rules) > 100:
            raise malformed_xml()
        cors.check_rules(rules)
        self._set(bucket, "cors", document)

    def get_bucket_cors(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The rules for other origins."""
        bucket = self._bucket(request, ctx, "s3:GetBucketCORS")
        found: dict[str, Any] | None = bucket.settings.get("cors")
        if found is None:
            raise cors.no_configuration(bucket.name)
        return found

    def delete_bucket_cors(self, request: dict[str, Any], ctx: Context) -> None:
        """Shut out other origins."""
        self._unset(request, ctx, "s3:PutBucketCORS", "cors")

    def put_bucket_policy(self, request: dict[str, Any], ctx: Context) -> None:
        """Set the bucket's policy."""
        bucket = self._settable(request, ctx, "s3:PutBucketPolicy")
        text = request.get("Policy", "")
        policy.check(text, bucket.name)
        if access_block(bucket).get("BlockPublicPolicy") and policy.is_public(text):
            raise access_denied()
        self._set(bucket, "policy", text)
        ctx.status = 204

    def get_bucket_policy(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The bucket's policy, as it was given."""
        bucket = self._bucket(request, ctx, "s3:GetBucketPolicy")
        return {"Policy": _policy(bucket)}

    def delete_bucket_policy(self, request: dict[str, Any], ctx: Context) -> None:
        """Remove the bucket's policy."""
        self._unset(request, ctx, "s3:DeleteBucketPolicy", "policy")

    def get_bucket_policy_status(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether the bucket is open to everybody."""
        bucket = self._bucket(request, ctx, "s3:GetBucketPolicyStatus")
        return {"PolicyStatus": {"IsPublic": is_public_bucket(bucket)}}

    def put_bucket_encryption(self, request: dict[str, Any], ctx: Context) -> None:
        """Set how objects are encrypted whose writers do not say."""
        bucket = self._settable(request, ctx, "s3:PutEncryptionConfiguration")
        document = document_of(request, "PutBucketEncryption", "ServerSideEncryptionConfiguration")
        encryption.check_rules(document.get("Rules"))
        document["Rules"][0].setdefault("BucketKeyEnabled", False)
        self._set(bucket, "encryption", document)

    def get_bucket_encryption(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The default encryption."""
        bucket = self._bucket(request, ctx, "s3:GetEncryptionConfiguration")
        document = bucket.settings.get("encryption", {"Rules": [encryption.DEFAULT_RULE]})
        return {"ServerSideEncryptionConfiguration": document}

    def delete_bucket_encryption(self, request: dict[str, Any], ctx: Context) -> None:
        """Go back to AES256."""
        self._unset(request, ctx, "s3:PutEncryptionConfiguration", "encryption")

    def put_bucket_lifecycle_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Set the lifecycle rules."""
        bucket = self._settable(request, ctx, "s3:PutLifecycleConfiguration")
        document = request.get("LifecycleConfiguration") or {}
        size = request.get("TransitionDefaultMinimumObjectSize", lifecycle.DEFAULT_MINIMUM_SIZE)
        self._set(bucket, "lifecycle", {"Rules": lifecycle.checked(document.get("Rules")), "MinimumSize": size})
        return {"TransitionDefaultMinimumObjectSize": size}

    def get_bucket_lifecycle_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The lifecycle rules."""
        bucket = self._bucket(request, ctx, "s3:GetLifecycleConfiguration")
        found = bucket.settings.get("lifecycle")
        if found is None:
            raise error(
                "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", BucketName=bucket.name
            )
        rules = [lifecycle.shown(rule) for rule in found["Rules"]]
        return {"Rules": rules, "TransitionDefaultMinimumObjectSize": found["MinimumSize"]}

    def delete_bucket_lifecycle(self, request: dict[str, Any], ctx: Context) -> None:
        """Remove the lifecycle rules."""
        self._unset(request, ctx, "s3:PutLifecycleConfiguration", "lifecycle")

    def put_public_access_block(self, request: dict[str, Any], ctx: Context) -> None:
        """Block public access."""
        bucket = self._settable(request, ctx, "s3:PutBucketPublicAccessBlock")
        document = request.get("PublicAccessBlockConfiguration")
        if document is None:
            raise malformed_xml()
        if not document:
            raise error("InvalidRequest", "Must specify at least one configuration.")
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        self._set(bucket, "public_access", {name: bool(document.get(name)) for name in names})

    def get_public_access_block(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """What of public access is blocked."""
        bucket = self._bucket(request, ctx, "s3:GetBucketPublicAccessBlock")
        found = bucket.settings.get("public_access")
        if found is None:
            raise error(
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found",
                BucketName=bucket.name,
            )
        return {"PublicAccessBlockConfiguration": found}

    def delete_public_access_block(self, request: dict[str, Any], ctx: Context) -> None:
        """Block no public access."""
        self._unset(request, ctx, "s3:PutBucketPublicAccessBlock", "public_access")

    def put_bucket_ownership_controls(self, request: dict[str, Any], ctx: Context) -> None:
        """Say who owns the objects that others write, and whether access control lists count."""
        bucket = self._settable(request, ctx, "s3:PutBucketOwnershipControls")
        rules = document_of(request, "PutBucketOwnershipControls", "OwnershipControls").get("Rules", [])
        if len(rules) != 1:
            raise malformed_xml()
        ownership = rules[0]["ObjectOwnership"]
        grants = bucket.settings.get("acl")
        owner_only = [{"grantee": canonical_id(bucket.account), "permission": "FULL_CONTROL"}]
        if ownership == "BucketOwnerEnforced" and grants and grants != owner_only:
            raise error(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
        self._set(bucket, "ownership", ownership)

    def get_bucket_ownership_controls(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Who owns the objects that others write."""
        bucket = self._bucket(request, ctx, "s3:GetBucketOwnershipControls")
        found = bucket.settings.get("ownership")
        if found is None:
            raise error(
                "OwnershipControlsNotFoundError",
                "The bucket ownership controls were not found",
                BucketName=bucket.name,
            )
        return {"OwnershipControls": {"Rules": [{"ObjectOwnership": found}]}}

    def delete_bucket_ownership_controls(self, request: dict[str, Any], ctx: Context) -> None:
        """Go back to the writers' ownership."""
        self._unset(request, ctx, "s3:PutBucketOwnershipControls", "ownership")

    def put_bucket_acl(self, request: dict[str, Any], ctx: Context) -> None:
        """Set the bucket's access control list."""
        checksums.check_document(ctx)
        bucket = self._bucket(request, ctx, "s3:PutBucketAcl", permission="WRITE_ACP")
        grants = acl.grants_of(request, bucket.account, None)
        if grants is None:
            raise error(
                "MissingSecurityHeader",
                "Your request was missing a required header",
                MissingHeaderName="x-amz-acl",
            )
        acl.check_allowed(bucket, request, grants)
        self._set(bucket, "acl", [{"grantee": grant.grantee, "permission": grant.permission} for grant in grants])

    def get_bucket_acl(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The bucket's access control list."""
        bucket = self._bucket(request, ctx, "s3:GetBucketAcl", permission="READ_ACP")
        found = bucket.settings.get("acl")
        return acl.shown(bucket.account, None if found is None else [Grant(**grant) for grant in found])

    def put_object_lock_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Switch Object Lock on, or set its default retention."""
        bucket = self._settable(request, ctx, "s3:PutBucketObjectLockConfiguration")
        if "ObjectLockConfiguration" not in request:
            raise error("MissingRequestBodyError", "Request Body is empty")
        document = document_of(request, "PutObjectLockConfiguration", "ObjectLockConfiguration")
        if bucket.versioning != "Enabled":
            raise error(
                "InvalidBucketState",
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
            )
        if document.get("ObjectLockEnabled") != "Enabled":
            raise malformed_xml()
        if "Rule" in document:
            retention = document["Rule"].get("DefaultRetention") or {}
            if "Mode" not in retention or ("Days" in retention) is ("Years" in retention):
                raise malformed_xml()
            for name in ("Days", "Years"):
                if retention.get(name, 1) <= 0:
                    raise invalid_argument("Default retention period must be a positive integer value")
        self._set(bucket, "object_lock", document)
        return {}

    def get_object_lock_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether Object Lock is on, and its default retention."""
        bucket = self._bucket(request, ctx, "s3:GetBucketObjectLockConfiguration")
        found = bucket.settings.get("object_lock")
        if found is None:
            raise error(
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket",
                BucketName=bucket.name,
            )
        return {"ObjectLockConfiguration": found}

    def put_bucket_notification_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Say who wants to hear of which events."""
        bucket = self._settable(request, ctx, "s3:PutBucketNotification")
        document = document_of(request, "PutBucketNotificationConfiguration", "NotificationConfiguration")
        for kind in ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations"):
            for entry in document.get(kind, ()):
                _check_notification(kind, entry)
        self._set(bucket, "notification", document)

    def get_bucket_notification_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Who hears of which events."""
        bucket = self._bucket(request, ctx, "s3:GetBucketNotification")
        found: dict[str, Any] = bucket.settings.get("notification", {})
        return found

    def _settable(self, request: dict[str, Any], ctx: Context, action: str) -> Bucket:
        checksums.check_document(ctx)
        return self._bucket(request, ctx, action)

    def _set(self, bucket: Bucket, name: str, value: Any) -> None:
        self.buckets.update(bucket.name, lambda settings: settings.__setitem__(name, value))

    def _unset(self, request: dict[str, Any], ctx: Context, action: str, name: str) -> None:
        bucket = self._bucket(request, ctx, action)
        self.buckets.update(bucket.name, lambda settings: settings.pop(name, None) and None)


@cache
def _check(operation: str, member: str) -> validation.Check:
    return validation.compile_check(load("s3").operations[operation].input.members[member])


def document_of(request: Mapping[str, Any], operation: str, member: str) -> dict[str, Any]:
    """A document of the request, if it has the form that the model gives it.

    Raises ServiceError MalformedXML.
    """
    document = request.get(member)
    if document is None or validation.violations(_check(operation, member), document):
        raise malformed_xml()
    found: dict[str, Any] = document
    return found


def _policy(bucket: Bucket) -> str:
    text: str | None = bucket.settings.get("policy")
    if text is None:
        raise error("NoSuchBucketPolicy", "The bucket policy does not exist", BucketName=bucket.name)
    return text


def _check_notification(kind: str, entry: dict[str, Any]) -> None:
    arn = entry.get(
        {"TopicConfigurations": "TopicArn", "QueueConfigurations": "QueueArn"}.get(kind, "LambdaFunctionArn")
    )
    service = {"TopicConfigurations": "sns", "QueueConfigurations": "sqs"}.get(kind, "lambda")
    if not arn or not arn.startswith("arn:") or f":{service}:" not in arn:
        raise invalid_argument("The ARN is not well formed", kind, arn)
    for rule in entry.get("Filter", {}).get("Key", {}).get("FilterRules", ()):
        if rule.get("Name", "").lower() not in ("prefix", "suffix"):
            raise invalid_argument(
                "filter rule name must be either prefix or suffix", "FilterRule.Name", rule.get("Name")
            )
    entry.setdefault("Id", uuid4().hex)
