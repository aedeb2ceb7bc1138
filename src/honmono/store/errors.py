"""What can go wrong in the store, as types: every one says what was wrong, where, and what to do."""


class StoreError(Exception):
    """Base of every error that the store raises by itself."""


class RecordExists(StoreError):
    """A record of this scope, kind and name, or with this ARN, is there already."""


class RecordMissing(StoreError):
    """No record of this scope, kind and name, or with this ARN."""


class RecordChanged(StoreError):
    """The record was changed or deleted since it was read: read it again and decide anew."""


class BadPageToken(StoreError):
    """The paging token did not come from this list call."""


class NotStorable(StoreError):
    """The value is not JSON: bytes, dates, sets and objects must be turned into text or numbers first."""


class NestedTransaction(StoreError):
    """A thread that is inside a transaction asked for another one: pass `tx` on instead."""


class BlobMissing(StoreError):
    """No blob has this id."""


class StorageUnavailable(StoreError):
    """The database cannot be used as it is; the subclasses say why."""


class DataDirectoryInUse(StorageUnavailable):
    """Another process has this data directory open: only one may write to it."""


class DirectoryNotWritable(StorageUnavailable):
    """The data directory cannot be created or written."""


class DiskFull(StorageUnavailable):
    """No space is left; the transaction was rolled back and nothing is damaged."""


class DatabaseCorrupt(StorageUnavailable):
    """The file is not a SQLite database, or is damaged."""


class DatabaseGone(StorageUnavailable):
    """The file was deleted or replaced while it was open."""


class SchemaTooNew(StorageUnavailable):
    """The database was written by a newer version of Honmono."""


class DatabaseUnreachable(StorageUnavailable):
    """The database server does not answer, or its driver is not installed."""
