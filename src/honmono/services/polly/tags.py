"""Tags of lexicons, by ARN."""

from __future__ import annotations

import re
from collections.abc import Mapping

from honmono.services.polly.part import Answer, Part, Request
from honmono.store.errors import RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_MOST = 50
_ARN = re.compile(r"arn:aws[a-z-]*:polly:([a-z0-9-]+):(\d{12}):lexicon/([0-9A-Za-z]{1,20})")


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
        """The tags of a lexicon."""
        return {"Tags": dict(sorted(self._tagged(request, ctx).tags.items()))}

    def _tagged(self, request: Request, ctx: Context) -> Record:
        arn = request["ResourceArn"]
        found = _ARN.fullmatch(arn)
        if found is None or (found[1], found[2]) != (ctx.region, ctx.account):
            raise ServiceError(
                "InvalidTagParameterException",
                f"{arn} is not the ARN of a lexicon of the account {ctx.account} in {ctx.region}.",
                status=400,
            )
        try:
            return self.platform.records.by_arn(arn)
        except RecordMissing as error:
            raise ServiceError(
                "ResourceNotFoundException",
                f"There is no lexicon {found[3]}.",
                status=404,
                resourceId=found[3],
                resourceType="lexicon",
            ) from error


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuse tags that a resource may not have.

    Raises ServiceError InvalidTagParameterException, TooManyTagsException.
    """
    reserved = [key for key in tags if key.lower().startswith("aws:")]
    if reserved:
        raise ServiceError(
            "InvalidTagParameterException", f"Tag keys that begin with aws: are Amazon's: {reserved[0]}", status=400
        )
    if len(tags) > _MOST:
        raise ServiceError(
            "TooManyTagsException", f"A resource has at most {_MOST} tags; these would be {len(tags)}.", status=400
        )
