"""The S3 service, put together from its groups of operations."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from honmono.services.platform import Platform
from honmono.services.s3.archive import ArchiveOperations
from honmono.services.s3.browsers import BrowserOperations, Special
from honmono.services.s3.buckets import NAMESPACE, BucketOperations
from honmono.services.s3.hosts import with_bucket_in_path, with_headers_of_query
from honmono.services.s3.listing import ListOperations
from honmono.services.s3.multipart import MultipartOperations
from honmono.services.s3.object_settings import ObjectSettingOperations
from honmono.services.s3.objects import ObjectOperations
from honmono.services.s3.stored import StoredOperations
from honmono.store.objects import Objects
from honmono.store.objects_buckets import Buckets
from honmono.store.objects_listing import ObjectLists
from honmono.store.objects_uploads import Uploads
from honmono.wire.http import Request
from honmono.wire.model import load
from honmono.wire.service import Service


class S3(
    BucketOperations,
    ObjectOperations,
    MultipartOperations,
    ListOperations,
    ObjectSettingOperations,
    StoredOperations,
    ArchiveOperations,
    BrowserOperations,
    Service,
):
    """Amazon S3: objects in buckets, durable once they are acknowledged."""

    name = "s3"
    validates = False
    namespace = NAMESPACE
    unsigned = frozenset(load("s3").operations)
    """Every operation is open to anonymous callers as far as a bucket lets them: `access.authorise` decides."""
    output_roots: ClassVar[Mapping[str, str]] = {
        "CopyObject": "CopyObjectResult",
        "ListBuckets": "ListAllMyBucketsResult",
        "ListObjects": "ListBucketResult",
        "ListObjectsV2": "ListBucketResult",
        "ListObjectVersions": "ListVersionsResult",
        "DeleteObjects": "DeleteResult",
        "CreateMultipartUpload": "InitiateMultipartUploadResult",
        "CompleteMultipartUpload": "CompleteMultipartUploadResult",
        "UploadPartCopy": "CopyPartResult",
        "ListParts": "ListPartsResult",
        "ListMultipartUploads": "ListMultipartUploadsResult",
        "GetObjectAttributes": "GetObjectAttributesResponse",
        "GetBucketVersioning": "VersioningConfiguration",
        "GetBucketTagging": "Tagging",
        "GetObjectTagging": "Tagging",
        "GetBucketCors": "CORSConfiguration",
        "GetBucketAcl": "AccessControlPolicy",
        "GetObjectAcl": "AccessControlPolicy",
        "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
        "GetBucketWebsite": "WebsiteConfiguration",
        "GetBucketLogging": "BucketLoggingStatus",
        "GetBucketRequestPayment": "RequestPaymentConfiguration",
        "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
        "GetBucketNotificationConfiguration": "NotificationConfiguration",
        "ListBucketInventoryConfigurations": "ListInventoryConfigurationsResult",
        "ListBucketAnalyticsConfigurations": "ListBucketAnalyticsConfigurationResult",
        "ListBucketMetricsConfigurations": "ListMetricsConfigurationsResult",
        "ListBucketIntelligentTieringConfigurations": "ListBucketIntelligentTieringConfigurationsOutput",
    }

    def __init__(self, platform: Platform) -> None:
        self.blobs = platform.blobs
        self.objects = Objects(platform.database, self.blobs)
        self.buckets = Buckets(self.objects)
        self.lists = ObjectLists(platform.database)
        self.uploads = Uploads(self.objects)
        self.threads = ThreadPoolExecutor(64, thread_name_prefix="object")
        self.shared = platform.database.shared
        self.objects.sweep()

    def close(self) -> None:
        """Wait for the writes under way."""
        self.threads.shutdown()
        self.objects.commits.close()

    def rewrite(self, request: Request) -> Request:
        """The request with the bucket of its Host header in its path, and a presigned URL's headers as headers."""
        return with_bucket_in_path(with_headers_of_query(request))

    def special(self, request: Request) -> Special | None:
        """A preflight question or a form."""
        return self._special(request)

    def reset(self) -> None:
        """Forget every bucket and object."""
        self.objects.clear()
