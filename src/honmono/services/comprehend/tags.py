"""Tags of what Comprehend keeps, by ARN."""

from __future__ import annotations

from typing import Any

from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import check_number_of_tags, find
from honmono.wire.service import Context


class Tagging(Part):
    """TagResource, UntagResource and ListTagsForResource."""

    def tag_resource(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Add tags, in place of those with the same keys."""
        records = self.platform.records
        given = {tag["Key"]: tag.get("Value", "") for tag in request["Tags"]}
        with self.platform.database.transaction() as tx:
            record = find(self.platform, ctx, request["ResourceArn"])
            check_number_of_tags(records.tags(record.arn, tx=tx) | given)
            records.set_tags(record.arn, given, tx=tx)
        return {}

    def untag_resource(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Remove the tags with these keys; those that are not there are no error."""
        record = find(self.platform, ctx, request["ResourceArn"])
        self.platform.records.remove_tags(record.arn, request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The tags of a resource."""
        record = find(self.platform, ctx, request["ResourceArn"])
        tags = [{"Key": key, "Value": value} for key, value in sorted(record.tags.items())]
        return {"ResourceArn": record.arn, "Tags": tags}
