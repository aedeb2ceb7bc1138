"""S3's errors in its own words.

Source: "Error responses" (Amazon S3 API reference) and what the service was seen to answer.
"""

from __future__ import annotations

from typing import Any

from honmono.wire.errors import ServiceError

_STATUS = {
    "AccessControlListNotSupported": 400,
    "AccessDenied": 403,
    "BadDigest": 400,
    "BucketAlreadyExists": 409,
    "BucketAlreadyOwnedByYou": 409,
    "BucketNotEmpty": 409,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "IllegalLocationConstraintException": 400,
    "IllegalVersioningConfigurationException": 400,
    "IncompleteBody": 400,
    "InvalidArgument": 400,
    "InvalidBucketAclWithObjectOwnership": 400,
    "InvalidBucketName": 400,
    "InvalidBucketState": 409,
    "InvalidDigest": 400,
    "InvalidLocationConstraint": 400,
    "InvalidNamespaceHeader": 400,
    "InvalidObjectState": 403,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidRange": 416,
    "InvalidRequest": 400,
    "InvalidStorageClass": 400,
    "InvalidTag": 400,
    "KeyTooLongError": 400,
    "MalformedACLError": 400,
    "MalformedPolicy": 400,
    "MalformedXML": 400,
    "MetadataTooLarge": 400,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "MissingRequestBodyError": 400,
    "MissingSecurityHeader": 400,
    "NoSuchBucket": 404,
    "NoSuchBucketPolicy": 404,
    "NoSuchConfiguration": 404,
    "NoSuchCORSConfiguration": 404,
    "NoSuchKey": 404,
    "NoSuchLifecycleConfiguration": 404,
    "NoSuchObjectLockConfiguration": 404,
    "NoSuchPublicAccessBlockConfiguration": 404,
    "NoSuchTagSet": 404,
    "NoSuchUpload": 404,
    "NoSuchVersion": 404,
    "NoSuchWebsiteConfiguration": 404,
    "NotImplemented": 501,
    "ObjectLockConfigurationNotFoundError": 404,
    "OwnershipControlsNotFoundError": 404,
    "PreconditionFailed": 412,
    "ReplicationConfigurationNotFoundError": 404,
    "ServerSideEncryptionConfigurationNotFoundError": 404,
}


def error(code: str, message: str, **members: Any) -> ServiceError:
    """An error by its code; its status is S3's."""
    return ServiceError(code, message, status=_STATUS[code], **members)


def access_denied(message: str = "Access Denied") -> ServiceError:
    """The caller may not do this."""
    return error("AccessDenied", message)


def no_such_bucket(name: str) -> ServiceError:
    """There is no bucket of that name."""
    return error("NoSuchBucket", "The specified bucket does not exist", BucketName=name)


def no_such_key(key: str) -> ServiceError:
    """There is no object under that key, or a delete marker lies on it."""
    return error("NoSuchKey", "The specified key does not exist.", Key=key)


def no_such_version(key: str, version: str) -> ServiceError:
    """The key has no version of that id."""
    return error("NoSuchVersion", "The specified version does not exist.", Key=key, VersionId=version)


def no_such_upload(upload: str) -> ServiceError:
    """The upload was completed, aborted, or never begun."""
    return error(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
        "completed.",
        UploadId=upload,
    )


def invalid_argument(message: str, name: str | None = None, value: object = None) -> ServiceError:
    """A header or parameter has a value that S3 does not take."""
    return error("InvalidArgument", message, ArgumentName=name, ArgumentValue=value)


def invalid_request(message: str) -> ServiceError:
    """The request does not hang together."""
    return error("InvalidRequest", message)


def malformed_xml() -> ServiceError:
    """The body is no XML of the form that the operation takes."""
    return error(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"
    )


def precondition_failed(condition: str) -> ServiceError:
    """A condition of the request does not hold; `condition` is the header."""
    return error(
        "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", Condition=condition
    )


def method_not_allowed(method: str) -> ServiceError:
    """A delete marker cannot be read."""
    return error(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        Method=method,
        ResourceType="DeleteMarker",
    )
