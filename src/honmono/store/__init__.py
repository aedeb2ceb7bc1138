"""Durable state: records in SQL, objects in immutable files."""

from honmono.store.blobs import BlobId, Blobs, BlobWriter
from honmono.store.database import Database
from honmono.store.errors import (
    BadPageToken,
    BlobMissing,
    DatabaseCorrupt,
    DatabaseGone,
    DatabaseUnreachable,
    DataDirectoryInUse,
    DirectoryNotWritable,
    DiskFull,
    NestedTransaction,
    NotStorable,
    RecordChanged,
    RecordExists,
    RecordMissing,
    SchemaTooNew,
    StorageUnavailable,
    StoreError,
)
from honmono.store.paging import Page
from honmono.store.records import Record, Records, Scope

__all__ = [
    "BadPageToken",
    "BlobId",
    "BlobMissing",
    "BlobWriter",
    "Blobs",
    "DataDirectoryInUse",
    "Database",
    "DatabaseCorrupt",
    "DatabaseGone",
    "DatabaseUnreachable",
    "DirectoryNotWritable",
    "DiskFull",
    "NestedTransaction",
    "NotStorable",
    "Page",
    "Record",
    "RecordChanged",
    "RecordExists",
    "RecordMissing",
    "Records",
    "SchemaTooNew",
    "Scope",
    "StorageUnavailable",
    "StoreError",
]
