"""Tags of terminologies and parallel data, by ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from honmono.services.translate.part import Answer, Part, Request, bad_value, not_found, scope_of
from honmono.store.errors import RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.store.records import Record
    from honmono.wire.service import Context

_MOST = 50


class Tagging(Part):
    """TagResource, UntagResource and ListTagsForResource."""

    def tag_resource(self, request: Request, ctx: Context) -> Answer:
        """Add tags, in place of those with the same keys."""
        given = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        records = self.platform.records
        record = self._tagged(request["ResourceArn"], ctx)
        with self.platform.database.transaction() as tx:
            check_tags(records.tags(record.arn, tx=tx) | given, record.arn)
            records.set_tags(record.arn, given, tx=tx)
        return {}

    def untag_resource(self, request: Request, ctx: Context) -> Answer:
        """Remove the tags with these keys; those that are not there are no error."""
        self.platform.records.remove_tags(self._tagged(request["ResourceArn"], ctx).arn, request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Request, ctx: Context) -> Answer:
        """The tags of a resource."""
        tags = self.platform.records.tags(self._tagged(request["ResourceArn"], ctx).arn)
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}

    def _tagged(self, arn: str, ctx: Context) -> Record:
        if not arn.startswith("arn:") or ":translate:" not in arn:
            raise bad_value(f"{arn} is not the ARN of a resource of Translate.")
        try:
            record = self.platform.records.by_arn(arn)
        except RecordMissing as error:
            raise not_found(arn) from error
        if record.scope != scope_of(ctx):
            raise not_found(arn)
        return record


def check_tags(tags: Mapping[str, str], arn: str = "") -> None:
    """Refuse tags that a resource may not have.

    Raises ServiceError InvalidParameterValueException, TooManyTagsException.
    """
    if reserved := [key for key in tags if key.lower().startswith("aws:")]:
        raise bad_value(f"Tag keys that begin with aws: are Amazon's: {reserved[0]}.")
    if len(tags) > _MOST:
        details: dict[str, Any] = {"ResourceArn": arn} if arn else {}
        raise ServiceError("TooManyTagsException", f"A resource may have {_MOST} tags.", **details)
