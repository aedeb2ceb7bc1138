"""Puts the parts together: the one place that knows them all."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from honmono import __version__, server, tls
from honmono.chores import Chores
from honmono.compute import devices
from honmono.compute.ledger import Ledger
from honmono.engines.errors import EngineError, EngineUnavailable
from honmono.engines.host import EngineChoice, EngineHost, EngineState
from honmono.fallback import Fallback
from honmono.jobs import Job, Jobs, Supervisor
from honmono.pages import health_page, reset_page
from honmono.services.catalogue import our_services, service_names
from honmono.services.iam.keys import AccessKeys
from honmono.services.job_engines import ENGINES, engines_text
from honmono.services.platform import Platform
from honmono.services.rekognition.stream_sources import STREAMS, streams_text
from honmono.settings import Settings
from honmono.store.database import Database
from honmono.store.errors import BlobMissing, NotStorable, StorageUnavailable
from honmono.store.objects_place import blobs_at
from honmono.store.records import Records
from honmono.weights import Cache, WeightsError
from honmono.wire.errors import ServiceError
from honmono.wire.gateway import Application, Gateway
from honmono.wire.routing import Registry

_log = logging.getLogger("honmono")


class App:
    """One Honmono: its stores, jobs, engines, services and gateway.

    A context manager: leaving it ends the jobs' supervisor and the engines' workers and closes the stores. With
    ``strict``, answers are held against their shapes: for tests. ``pages`` are further ASGI applications by path prefix.
    """

    def __init__(
        self, settings: Settings, *, strict: bool = False, pages: Mapping[str, Application] | None = None
    ) -> None:
        self.settings = settings
        self.started = time.time()
        with ExitStack() as stack:
            self.database = Database.open(settings.database_url)
            stack.callback(self.database.close)
            self.ledger = Ledger(devices.cores(), devices.memory_bytes())
            choices = {field: engine_choice(table) for field, table in settings.engines.items()}
            self.engines = EngineHost(choices, Cache(settings.cache), self.ledger)
            stack.callback(self.engines.close)
            self.jobs = Jobs(self.database, settings.data / "jobs")
            self.supervisor = Supervisor(self.jobs, self.ledger, environment=self._job_environment)
            stack.callback(self.supervisor.close)
            self.keys = AccessKeys(
                self.database,
                account=settings.account,
                development_key=settings.loopback,
                foreign_keys=settings.allow_reset and settings.loopback,
            )
            self.fallback = Fallback(self.keys.lookup, service_names(), settings.data)
            stack.callback(self.fallback.close)
            self.platform = Platform(
                account=settings.account,
                keys=self.keys,
                database=self.database,
                records=Records(self.database),
                blobs=blobs_at(settings.objects, settings.remote_objects),
                jobs=self.jobs,
                engines=self.engines,
                simulated=self.fallback,
                data=settings.data,
                speech_cache_bytes=settings.speech_cache_mb << 20,
                databases=settings.databases,
                streams=frozenset(settings.streams),
            )
            self.services = our_services(self.platform)
            for service in self.services:
                stack.callback(service.close)
            self.gateway = self._gateway(strict, pages or {})
            stack.callback(self.gateway.close)
            chores = Chores(chore for service in self.services for chore in service.chores())
            stack.callback(chores.close)
            self.supervisor.start()
            chores.start()
            self._closing = stack.pop_all()

    def _job_environment(self, _job: Job) -> Mapping[str, str]:
        """Where a job's child finds the objects that it reads, the weights, and which engines the user chose.

        See `services.stored_files` and `services.job_engines`.
        """
        settings = self.settings
        database = settings.database_url
        return {
            "HONMONO_DATABASE": str(database.absolute() if isinstance(database, Path) else database),
            "HONMONO_DATA": str(settings.data.absolute()),
            **({"HONMONO_REMOTE_OBJECTS": settings.remote_objects} if settings.remote_objects else {}),
            "HONMONO_CACHE": str(settings.cache.absolute()),
            ENGINES: engines_text(settings.engines),
            "HONMONO_DATABASES": json.dumps(dict(settings.databases)),
            STREAMS: streams_text(settings.streams),
        }

    def _gateway(self, strict: bool, more: Mapping[str, Application]) -> Gateway:
        pages: dict[str, Application] = {
            **more,
            "/_honmono/health": health_page(self.health),
            "/_localstack/health": health_page(self.health),
        }
        if self.settings.allow_reset and self.settings.loopback:
            pages["/moto-api/reset"] = reset_page(self.reset)
        return Gateway(
            Registry(self.services),
            self.keys.lookup,
            fallback=self.fallback,
            pages=pages,
            threads=self.settings.threads,
            default_region=self.settings.region,
            translate=translate,
            strict=strict,
        )

    def health(self) -> dict[str, Any]:
        """What ``GET /_honmono/health`` answers: the version, the services with their operations, the engines."""
        return {
            "status": "running",
            "version": __version__,
            "uptime_seconds": round(time.time() - self.started, 1),
            "services": {service.name: "available" for service in self.services},
            "engines": {state.field: _engine_health(state) for state in self.engines.states()},
        }

    def reset(self) -> None:
        """Empty the state: every record, object, key and job. Weights and loaded engines stay."""
        self.supervisor.stop_all()
        for service in self.services:
            service.reset()
        self.fallback.reset()
        self.platform.records.clear()

    async def serve(self, stop: asyncio.Event, on_ready: Callable[[list[server.Endpoint]], None]) -> None:
        """Listen until ``stop`` is set.

        Raises PortTaken.
        """
        endpoints = [endpoint.bound() for endpoint in self._endpoints()]
        await server.serve(self.gateway, endpoints, lambda: on_ready(endpoints), stop)

    def _endpoints(self) -> Iterable[server.Endpoint]:
        settings = self.settings
        yield server.Endpoint(settings.host, settings.port)
        if settings.tls:
            made = tls.ensure(settings.data, settings.region, settings.host)
            yield server.Endpoint(settings.host, settings.https_port, made.certificate, made.key)

    def close(self) -> None:
        """End what runs and close the stores."""
        self._closing.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def engine_choice(table: Mapping[str, Any]) -> EngineChoice:
    """The choice that a table ``[engines.FIELD]`` of honmono.toml makes: engine, device, and the engine's options."""
    return EngineChoice.of_table(table)


def _engine_health(state: EngineState) -> dict[str, Any]:
    return {
        "engine": state.info.identity if state.info is not None else None,
        "loaded": state.loaded,
        "memory_mb": round(state.memory_bytes / 2**20),
        "missing_weights": list(state.missing_weights),
        "problem": state.problem,
    }


def translate(error: Exception) -> ServiceError | None:
    """What an error of the layers below means to a client, where it is one that a person can act upon."""
    if isinstance(error, NotStorable):
        return ServiceError("ValidationException", str(error), status=400)
    if isinstance(error, BlobMissing):
        _log.error("%s", error)
        return ServiceError("InternalError", f"The bytes of this object are gone from the server: {error}", status=424)
    if isinstance(error, StorageUnavailable):
        return ServiceError("ServiceUnavailable", str(error), status=503)
    if isinstance(error, (WeightsError, EngineUnavailable)):
        # Trying again does not help until a person has done something: clients retry 503, and not this status.
        _log.error("%s", error)
        return ServiceError("EngineUnavailable", str(error), status=424)
    if isinstance(error, EngineError):
        _log.error("%s", error)
        return ServiceError("ServiceUnavailable", str(error), status=503)
    return None
