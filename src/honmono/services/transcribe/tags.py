"""Tags of jobs, vocabularies and filters, by ARN."""

from __future__ import annotations

from honmono.services.transcribe.part import Answer, Part, Request, scope_of
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_MOST = 200


class Tagging(Part):
    """TagResource, UntagResource and ListTagsForResource."""

    def tag_resource(self, request: Request, ctx: Context) -> Answer:
        """Add tags, in place of those with the same keys."""
        records = self.platform.records
        given = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
        record = self._tagged(request["ResourceArn"], ctx)
        with self.platform.database.transaction() as tx:
            if len(records.tags(record.arn, tx=tx) | given) > _MOST:
                raise ServiceError("LimitExceededException", f"A resource may have {_MOST} tags.")
            records.set_tags(record.arn, given, tx=tx)
        return {}

    def untag_resource(self, request: Request, ctx: Context) -> Answer:
        """Remove the tags with these keys; those that are not there are no error."""
        record = self._tagged(request["ResourceArn"], ctx)
        self.platform.records.remove_tags(record.arn, request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Request, ctx: Context) -> Answer:
        """The tags of a resource."""
        record = self._tagged(request["ResourceArn"], ctx)
        tags = self.platform.records.tags(record.arn)
        shown = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
        return {"ResourceArn": record.arn, **({"Tags": shown} if shown else {})}

    def _tagged(self, arn: str, ctx: Context) -> Record:
        try:
            record = self.platform.records.by_arn(arn)
        except RecordMissing as error:
            raise _not_found() from error
        if record.scope != scope_of(ctx):
            raise _not_found()
        return record


def _not_found() -> ServiceError:
    return ServiceError(
        "NotFoundException",
        "We can't find the requested resource. Check that the specified name is correct and try again.",
    )
