"""The S3 service, put together from its groups of operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from honmono.services.platform import Platform
from honmono.services.s3.buckets import BucketOperations
from honmono.services.s3.copies import CopyOperations
from honmono.services.s3.listing import ListOperations
from honmono.services.s3.objects import ObjectOperations
from honmono.store.objects import Objects
from honmono.store.objects_blobs import BlobStore, LocalBlobs
from honmono.store.objects_buckets import Buckets
from honmono.store.objects_listing import ObjectLists
from honmono.store.objects_uploads import Uploads
from honmono.wire.model import load
from honmono.wire.service import Service


class S3(BucketOperations, ObjectOperations, CopyOperations, ListOperations, Service):
    """Amazon S3: objects in buckets, durable once they are acknowledged.

    ``blobs`` says where the bytes of large objects lie: in the data directory where it is not given.
    """

    name = "s3"
    validates = False
    namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
    unsigned = frozenset(load("s3").operations)
    """Every operation is open to anonymous callers as far as a bucket lets them: `access.authorise` decides."""
    output_roots: ClassVar[Mapping[str, str]] = {
        "CopyObject": "CopyObjectResult",
        "ListBuckets": "ListAllMyBucketsResult",
        "ListObjects": "ListBucketResult",
        "ListObjectsV2": "ListBucketResult",
        "ListObjectVersions": "ListVersionsResult",
        "DeleteObjects": "DeleteResult",
        "GetBucketLocation": "LocationConstraint",
    }

    def __init__(self, platform: Platform, blobs: BlobStore | None = None) -> None:
        self.blobs = blobs or LocalBlobs(platform.blobs)
        self.objects = Objects(platform.database, self.blobs)
        self.buckets = Buckets(self.objects)
        self.lists = ObjectLists(platform.database)
        self.uploads = Uploads(self.objects)
        self.objects.sweep()
