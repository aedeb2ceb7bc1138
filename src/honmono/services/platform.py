"""What a service may use of the house below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.jobs import Jobs
    from honmono.services.iam.keys import AccessKeys
    from honmono.store.database import Database
    from honmono.store.objects_blobs import BlobStore
    from honmono.store.records import Records


@dataclass(frozen=True, slots=True)
class Platform:
    """The keys, the stores, the jobs and the engines, put together once by ``app`` and handed to every service."""

    account: str
    keys: AccessKeys
    database: Database
    records: Records
    blobs: BlobStore
    jobs: Jobs
    engines: EngineHost
