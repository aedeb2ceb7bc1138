from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.planted_engines import REGISTRY
from honmono.compute import Ledger
from honmono.engines.host import EngineChoice, EngineHost
from honmono.engines.registry import Registry
from honmono.weights import Cache

MakeHost = Callable[..., EngineHost]


@pytest.fixture
def make_host(tmp_path: Path) -> Iterator[MakeHost]:
    """Hosts over the planted engines, closed at the end."""
    hosts = []

    def make(
        settings: dict[str, EngineChoice] | None = None,
        *,
        ledger: Ledger | None = None,
        registry: Registry | None = None,
        **options: Any,
    ) -> EngineHost:
        cache = Cache(tmp_path / "cache")
        host = EngineHost(
            settings or {},
            cache,
            ledger or Ledger(2, 4 << 30),
            registry=registry or Registry(REGISTRY),
            **options,
        )
        hosts.append(host)
        return host

    yield make
    for host in hosts:
        host.close()
