"""Where the bytes of objects lie: here, or in a bucket elsewhere."""

from pathlib import Path

from honmono.store.blobs import Blobs
from honmono.store.errors import StorageUnavailable
from honmono.store.objects_blobs import BlobStore, LocalBlobs


def blobs_at(directory: Path, url: str | None) -> BlobStore:
    """The blobs of a server: in its directory, or, with a URL, in a bucket elsewhere.

    Raises:
        StorageUnavailable: the URL means no bucket, or obstore is missing.
    """
    if url is None:
        return LocalBlobs(Blobs(directory))
    try:
        from honmono.store.objects_remote import RemoteBlobs

        return RemoteBlobs.at(url, directory / "unsent")
    except ImportError as error:
        raise StorageUnavailable(f"{error}; objects elsewhere need: pip install 'honmono[cluster]'") from error
    except Exception as error:
        raise StorageUnavailable(f"Objects cannot be kept in {url}: {error}") from error
