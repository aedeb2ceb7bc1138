"""What clients ask of encryption at rest: checked, kept with the object and told again.

The bytes themselves are not encrypted: on one's own machine that is the disk's business. A customer's key (SSE-C) is
needed again to read, as on AWS.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any

from honmono.services.s3.errors import error, invalid_argument, invalid_request, malformed_xml
from honmono.store.objects_values import Bucket, Encryption

_ALGORITHMS = ("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx")
DEFAULT_RULE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
_KMS_NEEDED = (
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
)
_PLAIN = Encryption(algorithm="AES256")


def encryption_of(request: Mapping[str, Any], bucket: Bucket) -> Encryption:
    """The encryption that the request asks for, or the bucket's default.

    Raises ServiceError InvalidArgument or InvalidRequest.
    """
    algorithm, kms_key = request.get("ServerSideEncryption"), request.get("SSEKMSKeyId")
    customer = customer_key(request)
    if customer is not None:
        if algorithm is not None:
            raise invalid_argument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                "specified",
                "x-amz-server-side-encryption",
                algorithm,
            )
        return Encryption(customer_algorithm="AES256", customer_key_md5=customer)
    if algorithm is None:
        if kms_key is not None:
            raise invalid_argument(_KMS_NEEDED, "x-amz-server-side-encryption")
        return _default(bucket)
    if algorithm not in _ALGORITHMS:
        raise invalid_argument(
            "The encryption method specified is not supported", "x-amz-server-side-encryption", algorithm
        )
    if algorithm == "AES256" and kms_key is not None:
        raise invalid_argument(_KMS_NEEDED, "x-amz-server-side-encryption", algorithm)
    if algorithm.startswith("aws:kms") and not kms_key:
        kms_key = f"arn:aws:kms:{bucket.region}:{bucket.account}:alias/aws/s3"
    return Encryption(algorithm, kms_key or "", bool(request.get("BucketKeyEnabled")))


def check_rules(rules: list[Mapping[str, Any]] | None) -> None:
    """Refuse default encryption that S3 would not take.

    Raises ServiceError MalformedXML or InvalidArgument.
    """
    if not rules or len(rules) != 1:
        raise malformed_xml()
    default = rules[0].get("ApplyServerSideEncryptionByDefault")
    if default is not None and default.get("SSEAlgorithm") == "AES256" and default.get("KMSMasterKeyID"):
        raise invalid_argument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms")


def _default(bucket: Bucket) -> Encryption:
    rules = bucket.settings.get("encryption", {}).get("Rules")
    if not rules:
        return _PLAIN
    rule = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    algorithm = rule.get("SSEAlgorithm", "AES256")
    key = rule.get("KMSMasterKeyID", "")
    if algorithm.startswith("aws:kms") and not key:
        key = f"arn:aws:kms:{bucket.region}:{bucket.account}:alias/aws/s3"
    return Encryption(algorithm, key, bool(rules[0].get("BucketKeyEnabled")))


def customer_key(request: Mapping[str, Any], prefix: str = "") -> str | None:
    """The MD5 (base64) of the customer's key in the request, whose members begin with ``prefix`` (CopySource).

    Raises ServiceError InvalidArgument or InvalidRequest where algorithm, key and MD5 do not fit together.
    """
    algorithm = request.get(f"{prefix}SSECustomerAlgorithm")
    key, md5 = request.get(f"{prefix}SSECustomerKey"), request.get(f"{prefix}SSECustomerKeyMD5")
    if algorithm is None and key is None and md5 is None:
        return None
    if algorithm is None:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption "
            "algorithm.",
            "x-amz-server-side-encryption",
        )
    if algorithm != "AES256":
        raise error(
            "InvalidArgument",
            "The requested encryption algorithm is not valid, must be AES256.",
            ArgumentName="x-amz-server-side-encryption-customer-algorithm",
        )
    if key is None:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret "
            "key.",
            "x-amz-server-side-encryption",
        )
    try:
        secret = b64decode(key, validate=True)
    except (Base64Error, ValueError):
        secret = b""
    if len(secret) != 32:
        raise invalid_argument(
            "The secret key was invalid for the specified algorithm.", "x-amz-server-side-encryption"
        )
    actual = b64encode(hashlib.md5(secret, usedforsecurity=False).digest()).decode()
    if md5 is None:
        raise invalid_argument(
            "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated "
            "MD5 of the secret key.",
            "x-amz-server-side-encryption",
        )
    if md5 != actual:
        raise invalid_argument(
            "The calculated MD5 hash of the key did not match the hash that was provided.",
            "x-amz-server-side-encryption",
        )
    return actual


def check_no_algorithm(headers: Mapping[str, str]) -> None:
    """Refuse a read that says how to encrypt, which is for writers alone.

    Raises ServiceError InvalidArgument.
    """
    if "x-amz-server-side-encryption" in headers:
        raise invalid_argument(
            "x-amz-server-side-encryption header is not supported for this operation.", "x-amz-server-side-encryption"
        )


def check_reader(request: Mapping[str, Any], encryption: Encryption, prefix: str = "") -> None:
    """Refuse a reader without the customer's key that the object was written with.

    Raises ServiceError InvalidRequest or AccessDenied.
    """
    given = customer_key(request, prefix) if request.get(f"{prefix}SSECustomerAlgorithm") else None
    if encryption.customer_key_md5:
        if given is None:
            raise invalid_request(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided "
                "to retrieve the object."
            )
        if given != encryption.customer_key_md5:
            raise error("AccessDenied", "Access Denied")
    elif given is not None:
        raise invalid_request("The encryption parameters are not applicable to this object.")


def shown(encryption: Encryption, *, customer: bool = True) -> dict[str, Any]:
    """The members of an answer that tell how the object is encrypted; some answers have none for a customer's key."""
    if encryption.customer_key_md5:
        if not customer:
            return {}
        return {
            "SSECustomerAlgorithm": encryption.customer_algorithm,
            "SSECustomerKeyMD5": encryption.customer_key_md5,
        }
    answer: dict[str, Any] = {"ServerSideEncryption": encryption.algorithm or "AES256"}
    if encryption.kms_key:
        answer["SSEKMSKeyId"] = encryption.kms_key
    if encryption.bucket_key:
        answer["BucketKeyEnabled"] = True
    return answer
