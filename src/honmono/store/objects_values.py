"""Buckets, object versions and uploads as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from honmono.store.blobs import BlobId
from honmono.store.clock import moment
from honmono.store.errors import StoreError

INLINE_BYTES = 64 * 1024
"""Objects up to this size that were written whole lie in their row; every other one in blobs."""

NULL_VERSION = "null"
"""The version of what was written while the bucket kept no versions."""


class BucketExists(StoreError):
    """There is a bucket of that name already; `account` has it."""

    def __init__(self, name: str, account: str):
        super().__init__(f"The bucket {name} exists and belongs to account {account}")
        self.account = account


class BucketMissing(StoreError):
    """No bucket has that name."""


class BucketNotEmpty(StoreError):
    """The bucket holds object versions, delete markers or unfinished uploads."""


class UploadMissing(StoreError):
    """No upload in parts has that id: it was completed, aborted, or never begun."""


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an access control list: `grantee` is a canonical user id or a group's URI."""

    grantee: str
    permission: str


class Checksum(msgspec.Struct, frozen=True):
    """A checksum that S3 keeps with an object; `value` is base64, with `-N` behind it where it is COMPOSITE."""

    algorithm: str
    value: str
    kind: str = "FULL_OBJECT"


class PartSize(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a part once its upload is complete."""

    number: int
    size: int
    checksum: str = ""


class Encryption(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the client asked for an object to be encrypted; `customer_key_md5` where it brought its own key."""

    algorithm: str = ""
    kms_key: str = ""
    bucket_key: bool = False
    customer_algorithm: str = ""
    customer_key_md5: str = ""


class Lock(msgspec.Struct, frozen=True, omit_defaults=True):
    """Protection of one version: retention until a moment (epoch seconds) and legal hold ("ON", "OFF" or "")."""

    mode: str = ""
    until: float = 0
    hold: str = ""


class Attributes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an object carries beside its bytes. Header names are in lower case."""

    owner: str = ""
    headers: dict[str, str] = {}
    metadata: dict[str, str] = {}
    tags: dict[str, str] = {}
    storage_class: str = "STANDARD"
    checksum: Checksum | None = None
    parts: list[PartSize] = []
    restored: float = 0  # until when an archived object can be read, in epoch seconds
    upload: str = ""  # the id of the upload that the object was made of
    grants: list[Grant] = []
    encryption: Encryption = Encryption()
    lock: Lock = Lock()


encode = msgspec.json.Encoder().encode
decode_attributes = msgspec.json.Decoder(Attributes).decode


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; `settings` are its configurations by name, as the service wrote them."""

    name: str
    account: str
    region: str
    created: datetime
    versioning: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of an object's bytes: a whole blob."""

    blob: BlobId
    size: int


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object about to be written: `content` where it is small, else `segments`, whose blobs are durable already."""

    size: int
    etag: str
    attributes: Attributes
    content: bytes | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One version of an object, or a delete marker (`deleted`). `modified` is in microseconds since 1970."""

    id: int
    bucket: str
    key: str
    version: str
    sequence: int
    latest: bool
    deleted: bool
    etag: str
    size: int
    modified: int
    attributes: Attributes
    content: bytes | None = None
    segments: tuple[Segment, ...] = field(default=())

    @property
    def last_modified(self) -> datetime:
        """The moment of writing, to the whole second, as S3 tells it in headers."""
        return moment(self.modified - self.modified % 1_000_000)


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload in parts that is under way."""

    id: str
    bucket: str
    key: str
    account: str
    created: datetime
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has arrived."""

    number: int
    blob: BlobId
    size: int
    etag: str
    checksum: str
    modified: datetime
