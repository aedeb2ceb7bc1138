"""Tags of whatever Rekognition keeps under an ARN: collections, stream processors, models, projects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from honmono.services.rekognition.part import Answer, Part, Request, invalid, not_found
from honmono.store.errors import RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from honmono.store.records import Record
    from honmono.wire.service import Context

_MOST: Final = 50
"""Tags of a resource. Source: "Tagging AWS resources"."""
_ARN = re.compile(r"(?:arn:)?(aws[a-z-]*):rekognition:([a-z0-9-]+):(\d{12}):([A-Za-z-]+/.+)")


class Tagging(Part):
    """TagResource, UntagResource and ListTagsForResource."""

    def tag_resource(self, request: Request, ctx: Context) -> Answer:
        """Add tags, in place of those with the same keys."""
        given = request["Tags"]
        check_tags(given)
        records = self.platform.records
        with self.platform.database.transaction() as tx:
            record = self._tagged(request, ctx)
            check_tags(records.tags(record.arn, tx=tx) | given)
            records.set_tags(record.arn, given, tx=tx)
        return {}

    def untag_resource(self, request: Request, ctx: Context) -> Answer:
        """Remove the tags with these keys; those that are not there are no error."""
        self.platform.records.remove_tags(self._tagged(request, ctx).arn, request["TagKeys"])
        return {}

    def list_tags_for_resource(self, request: Request, ctx: Context) -> Answer:
        """The tags of a resource."""
        return {"Tags": dict(sorted(self._tagged(request, ctx).tags.items()))}

    def _tagged(self, request: Request, ctx: Context) -> Record:
        """The resource; its ARN may lack its beginning, as CreateCollection answers it."""
        given = request["ResourceArn"]
        found = _ARN.fullmatch(given)
        if found is None or (found[2], found[3]) != (ctx.region, ctx.account):
            raise invalid(
                f"Request has invalid parameters: {given} is not the ARN of a resource of Rekognition of the account "
                f"{ctx.account} in {ctx.region}."
            )
        try:
            record = self.platform.records.by_arn(f"arn:{found[1]}:rekognition:{found[2]}:{found[3]}:{found[4]}")
        except RecordMissing as error:
            raise not_found(f"There is no {found[4]}.") from error
        return record


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuse tags that a resource may not have.

    Raises ServiceError InvalidParameterException, ServiceQuotaExceededException.
    """
    reserved = [key for key in tags if key.lower().startswith("aws:")]
    if reserved:
        raise invalid(f"Tag keys that begin with aws: are Amazon's: {reserved[0]}")
    if len(tags) > _MOST:
        raise ServiceError(
            "ServiceQuotaExceededException", f"A resource has at most {_MOST} tags; these would be {len(tags)}."
        )
