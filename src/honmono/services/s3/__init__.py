"""Amazon S3."""

from honmono.services.s3.service import S3

__all__ = ["S3"]
