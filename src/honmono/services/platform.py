"""What a service may use of the house below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from honmono.engines.host import EngineHost
    from honmono.jobs import Jobs
    from honmono.services.iam.keys import AccessKeys
    from honmono.store.database import Database
    from honmono.store.objects_blobs import BlobStore
    from honmono.store.records import Records


class Simulated(Protocol):
    """Services that are not ours, for what ours do with them of their own accord: publish to a topic, put a record."""

    def post(
        self, service: str, region: str, account: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a POST in an account's name; the answer's status and body.

        Raises:
            OSError: it gave none.
        """


@dataclass(frozen=True, slots=True)
class Platform:
    """The keys, the stores, the jobs and the engines, put together once by ``app`` and handed to every service.

    ``data`` is the data directory; ``speech_cache_bytes`` how much of it speech that was made may take; ``databases`` the
    URLs of the databases that data may be taken from, by the names that requests use; ``streams`` the names of the Kinesis
    video streams that have a source.
    """

    account: str
    keys: AccessKeys
    database: Database
    records: Records
    blobs: BlobStore
    jobs: Jobs
    engines: EngineHost
    simulated: Simulated
    data: Path
    speech_cache_bytes: int
    databases: Mapping[str, str]
    streams: frozenset[str] = frozenset()
