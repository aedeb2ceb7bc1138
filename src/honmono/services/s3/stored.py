"""Configurations that this server keeps and tells, and that change nothing in how it answers."""

from __future__ import annotations

from typing import Any

from honmono.services.s3.access import may_deliver_logs
from honmono.services.s3.configuration import ConfigurationOperations, document_of
from honmono.services.s3.errors import error, invalid_argument, malformed_xml
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_PAGE = 100


class StoredOperations(ConfigurationOperations):
    """Website, logging, replication, payment, acceleration, and the lists of reports by id."""

    def put_bucket_website(self, request: dict[str, Any], ctx: Context) -> None:
        """Set the website's pages and redirections."""
        bucket = self._settable(request, ctx, "s3:PutBucketWebsite")
        document = document_of(request, "PutBucketWebsite", "WebsiteConfiguration")
        if ("RedirectAllRequestsTo" in document) is ("IndexDocument" in document):
            raise invalid_argument(
                "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty"
            )
        if "/" in document.get("IndexDocument", {}).get("Suffix", ""):
            raise invalid_argument("The IndexDocument Suffix is not well formed", "IndexDocument")
        self._set(bucket, "website", document)

    def get_bucket_website(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The website's pages and redirections."""
        bucket = self._bucket(request, ctx, "s3:GetBucketWebsite")
        found: dict[str, Any] | None = bucket.settings.get("website")
        if found is None:
            raise error(
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration",
                BucketName=bucket.name,
            )
        return found

    def delete_bucket_website(self, request: dict[str, Any], ctx: Context) -> None:
        """Remove the website."""
        self._unset(request, ctx, "s3:DeleteBucketWebsite", "website")

    def put_bucket_logging(self, request: dict[str, Any], ctx: Context) -> None:
        """Say where access logs are to go."""
        bucket = self._settable(request, ctx, "s3:PutBucketLogging")
        document = document_of(request, "PutBucketLogging", "BucketLoggingStatus")
        wanted = document.get("LoggingEnabled")
        if wanted is not None:
            try:
                target = self._find_bucket(wanted["TargetBucket"])
            except ServiceError as failure:
                raise ServiceError(
                    "InvalidTargetBucketForLogging",
                    "The target bucket for logging does not exist",
                    status=400,
                    TargetBucket=wanted["TargetBucket"],
                ) from failure
            if target.account != bucket.account or target.region != bucket.region:
                raise ServiceError(
                    "InvalidTargetBucketForLogging",
                    "The owner for the bucket to be logged and the target bucket must be the same.",
                    status=400,
                    TargetBucket=target.name,
                )
            if not may_deliver_logs(target):
                raise ServiceError(
                    "InvalidTargetBucketForLogging",
                    "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket",
                    status=400,
                    TargetBucket=target.name,
                )
        self._set(bucket, "logging", document)

    def get_bucket_logging(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Where access logs are to go."""
        bucket = self._bucket(request, ctx, "s3:GetBucketLogging")
        found: dict[str, Any] = bucket.settings.get("logging", {})
        return found

    def put_bucket_replication(self, request: dict[str, Any], ctx: Context) -> None:
        """Set the rules of replication."""
        bucket = self._settable(request, ctx, "s3:PutReplicationConfiguration")
        document = document_of(request, "PutBucketReplication", "ReplicationConfiguration")
        if bucket.versioning != "Enabled":
            raise error(
                "InvalidRequest",
                "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
                BucketName=bucket.name,
            )
        for number, rule in enumerate(document["Rules"]):
            rule.setdefault("ID", f"rule-{number + 1}")
            rule.setdefault("Priority", number + 1)
        self._set(bucket, "replication", document)

    def get_bucket_replication(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The rules of replication."""
        bucket = self._bucket(request, ctx, "s3:GetReplicationConfiguration")
        found = bucket.settings.get("replication")
        if found is None:
            raise error(
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found",
                BucketName=bucket.name,
            )
        return {"ReplicationConfiguration": found}

    def delete_bucket_replication(self, request: dict[str, Any], ctx: Context) -> None:
        """Remove the rules of replication."""
        self._unset(request, ctx, "s3:PutReplicationConfiguration", "replication")

    def put_bucket_request_payment(self, request: dict[str, Any], ctx: Context) -> None:
        """Say who pays."""
        bucket = self._settable(request, ctx, "s3:PutBucketRequestPayment")
        document = document_of(request, "PutBucketRequestPayment", "RequestPaymentConfiguration")
        self._set(bucket, "payer", document["Payer"])

    def get_bucket_request_payment(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Who pays."""
        bucket = self._bucket(request, ctx, "s3:GetBucketRequestPayment")
        return {"Payer": bucket.settings.get("payer", "BucketOwner")}

    def put_bucket_accelerate_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Switch transfer acceleration on or off."""
        bucket = self._settable(request, ctx, "s3:PutAccelerateConfiguration")
        if "." in bucket.name:
            raise error(
                "InvalidRequest",
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
            )
        document = document_of(request, "PutBucketAccelerateConfiguration", "AccelerateConfiguration")
        if document.get("Status") is None:
            raise malformed_xml()
        if document["Status"] == "Suspended" and "accelerate" not in bucket.settings:
            return
        self._set(bucket, "accelerate", document["Status"])

    def get_bucket_accelerate_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Whether transfer acceleration is on."""
        bucket = self._bucket(request, ctx, "s3:GetAccelerateConfiguration")
        status = bucket.settings.get("accelerate")
        return {} if status is None else {"Status": status}

    def put_bucket_inventory_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Keep an inventory report's configuration."""
        self._put_report(request, ctx, "Inventory")

    def get_bucket_inventory_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """An inventory report's configuration."""
        return self._get_report(request, ctx, "Inventory")

    def delete_bucket_inventory_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Forget an inventory report."""
        self._delete_report(request, ctx, "Inventory")

    def list_bucket_inventory_configurations(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Inventory reports by id."""
        return self._list_reports(request, ctx, "Inventory")

    def put_bucket_analytics_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Keep an analysis's configuration."""
        self._put_report(request, ctx, "Analytics")

    def get_bucket_analytics_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """An analysis's configuration."""
        return self._get_report(request, ctx, "Analytics")

    def delete_bucket_analytics_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Forget an analysis."""
        self._delete_report(request, ctx, "Analytics")

    def list_bucket_analytics_configurations(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Analyses by id."""
        return self._list_reports(request, ctx, "Analytics")

    def put_bucket_metrics_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Keep a metrics filter."""
        self._put_report(request, ctx, "Metrics")

    def get_bucket_metrics_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """A metrics filter."""
        return self._get_report(request, ctx, "Metrics")

    def delete_bucket_metrics_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Forget a metrics filter."""
        self._delete_report(request, ctx, "Metrics")

    def list_bucket_metrics_configurations(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Metrics filters by id."""
        return self._list_reports(request, ctx, "Metrics")

    def put_bucket_intelligent_tiering_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Keep an archiving rule."""
        self._put_report(request, ctx, "IntelligentTiering")

    def get_bucket_intelligent_tiering_configuration(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """An archiving rule."""
        return self._get_report(request, ctx, "IntelligentTiering")

    def delete_bucket_intelligent_tiering_configuration(self, request: dict[str, Any], ctx: Context) -> None:
        """Forget an archiving rule."""
        self._delete_report(request, ctx, "IntelligentTiering")

    def list_bucket_intelligent_tiering_configurations(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Archiving rules by id."""
        return self._list_reports(request, ctx, "IntelligentTiering")

    def _put_report(self, request: dict[str, Any], ctx: Context, kind: str) -> None:
        bucket = self._settable(request, ctx, f"s3:Put{kind}Configuration")
        document = document_of(request, f"PutBucket{kind}Configuration", f"{kind}Configuration")
        if document.get("Id") != request["Id"]:
            raise malformed_xml()

        def change(settings: dict[str, Any]) -> None:
            settings.setdefault("reports", {}).setdefault(kind, {})[request["Id"]] = document

        self.buckets.update(bucket.name, change)

    def _get_report(self, request: dict[str, Any], ctx: Context, kind: str) -> dict[str, Any]:
        bucket = self._bucket(request, ctx, f"s3:Get{kind}Configuration")
        found = bucket.settings.get("reports", {}).get(kind, {}).get(request["Id"])
        if found is None:
            raise error("NoSuchConfiguration", "The specified configuration does not exist.")
        return {f"{kind}Configuration": found}

    def _delete_report(self, request: dict[str, Any], ctx: Context, kind: str) -> None:
        bucket = self._bucket(request, ctx, f"s3:Put{kind}Configuration")

        def change(settings: dict[str, Any]) -> None:
            if settings.get("reports", {}).get(kind, {}).pop(request["Id"], None) is None:
                raise error("NoSuchConfiguration", "The specified configuration does not exist.")

        self.buckets.update(bucket.name, change)

    def _list_reports(self, request: dict[str, Any], ctx: Context, kind: str) -> dict[str, Any]:
        bucket = self._bucket(request, ctx, f"s3:Get{kind}Configuration")
        after = request.get("ContinuationToken", "")
        found = sorted(bucket.settings.get("reports", {}).get(kind, {}).items())
        rest = [(name, document) for name, document in found if name > after]
        page = rest[:_PAGE]
        answer: dict[str, Any] = {"IsTruncated": len(rest) > _PAGE}
        if page:
            answer[f"{kind}ConfigurationList"] = [document for _, document in page]
        if after:
            answer["ContinuationToken"] = after
        if len(rest) > _PAGE:
            answer["NextContinuationToken"] = page[-1][0]
        return answer
