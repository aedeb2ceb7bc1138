"""Face collections: create, describe, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from honmono.services.rekognition import collection as stored
from honmono.services.rekognition.collection import FACES_FIELD, Collection
from honmono.services.rekognition.part import Answer, Part, Request, bad_token, scope_of
from honmono.services.rekognition.sweeping import doom, sweep
from honmono.services.rekognition.tags import check_tags
from honmono.store.errors import BadPageToken, RecordMissing

if TYPE_CHECKING:
    from honmono.services.rekognition.galleries import Galleries
    from honmono.wire.service import Context

LONGEST_PAGE: Final = 4096


class Collections(Part):
    """The four operations."""

    galleries: Galleries

    def create_collection(self, request: Request, ctx: Context) -> Answer:
        """Make an empty collection for the faces of the engine that is chosen now."""
        name, tags = request["CollectionId"], request.get("Tags", {})
        check_tags(tags)
        made = stored.create(self.platform.records, ctx, name, self.engines.info(FACES_FIELD), tags)
        # AWS writes this one without its beginning, and only here (aws-sdk-js-v3 issue 6704).
        return {
            "StatusCode": 200,
            "CollectionArn": made.arn.removeprefix("arn:"),
            "FaceModelVersion": made.model_version,
        }

    def describe_collection(self, request: Request, ctx: Context) -> Answer:
        """How many faces and users there are."""
        found = stored.find(self.platform.records, ctx, request["CollectionId"])
        return {
            "FaceCount": found.faces,
            "UserCount": found.users,
            "FaceModelVersion": found.model_version,
            "CollectionARN": found.arn,
            "CreationTimestamp": found.created,
        }

    def list_collections(self, request: Request, ctx: Context) -> Answer:
        """The collections by name."""
        limit = request.get("MaxResults") or LONGEST_PAGE
        try:
            page = self.platform.records.list(
                scope_of(ctx), stored.KIND, after=request.get("NextToken") or None, limit=limit
            )
        except BadPageToken as error:
            raise bad_token() from error
        found = [Collection.of(record) for record in page]
        return {
            "CollectionIds": [each.name for each in found],
            "FaceModelVersions": [each.model_version for each in found],
            **({"NextToken": page.next} if page.next else {}),
        }

    def delete_collection(self, request: Request, ctx: Context) -> Answer:
        """Delete a collection with its faces and users; they are gone for all when this returns."""
        name, records = request["CollectionId"], self.platform.records
        with self.platform.database.transaction() as tx:
            try:
                found = Collection.of(records.delete(scope_of(ctx), stored.KIND, name, tx=tx))
            except RecordMissing as error:
                raise stored.missing(name) from error
            doom(records, found, tx)
        self.galleries.forget(found)
        sweep(self.platform.database, records)
        return {"StatusCode": 200}
