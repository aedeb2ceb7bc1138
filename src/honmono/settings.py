"""One typed object with every setting, read from honmono.toml and from HONMONO_* variables."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DEFAULT_PORT = 4566
DEVELOPMENT_ACCOUNT = "000000000000"


class SettingsError(ValueError):
    """honmono.toml or a HONMONO_* variable says something that cannot be."""


_TABLES = ("engines", "databases", "streams")
"""Settings that are tables, and come from the file only."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen. Every field has its HONMONO_ variable in upper case (HONMONO_PORT).

    ``data`` is the data directory; ``database`` a SQLAlchemy URL, or None for SQLite within ``data``; ``remote_objects`` a URL
    (``s3://bucket/prefix``, ``gs://…``, ``az://…``) where the bytes of large objects lie instead of ``data``; ``cache`` where
    weights are kept; ``speech_cache_mb`` how many megabytes of ``data`` speech that was made before may take; ``engines`` the
    choice of engine for each field, from ``[engines.FIELD]`` tables; ``databases`` the URLs of databases that data may be taken
    from, by "instance/database", from the table ``[databases]``; ``streams`` where the pictures of each Kinesis video stream
    come from, a camera's ``rtsp://`` address or the path of a file, from the table ``[streams]``.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls: bool = False
    tls_port: int | None = None
    data: Path = field(default_factory=lambda: Path("~/.local/share/honmono").expanduser())
    cache: Path = field(default_factory=lambda: Path("~/.cache/honmono").expanduser())
    database: str | None = None
    remote_objects: str | None = None
    region: str = "us-east-1"
    account: str = DEVELOPMENT_ACCOUNT
    allow_reset: bool = False
    log: str = "text"
    threads: int = 16
    speech_cache_mb: int = 512
    engines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    databases: Mapping[str, str] = field(default_factory=dict)
    streams: Mapping[str, str] = field(default_factory=dict)

    @property
    def loopback(self) -> bool:
        """Whether the server is reached from this machine alone."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def https_port(self) -> int:
        """The TLS port: as set, else the one after ``port``, or any free one where that is any."""
        if self.tls_port is not None:
            return self.tls_port
        return self.port + 1 if self.port else 0

    @property
    def database_url(self) -> str | Path:
        """What Database.open takes."""
        return self.database or self.data / "honmono.sqlite"

    @property
    def objects(self) -> Path:
        """Where the bytes of objects lie."""
        return self.data / "objects"


def load(file: Path | None = None, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from a file (honmono.toml here, where there is one), the environment and the command line.

    The command line wins over the environment, that over the file. None among the overrides means "not said".
    Raises SettingsError, naming the place.
    """
    environ = os.environ if environ is None else environ
    path = file or Path("honmono.toml")
    settings = Settings()
    if file is not None or path.is_file():
        settings = _from_file(settings, path)
    given = {
        name: environ[variable]
        for name in Settings.__dataclass_fields__
        if name not in _TABLES and (variable := f"HONMONO_{name.upper()}") in environ
    }
    settings = _apply(settings, given, "the environment variable HONMONO_{}", upper=True)
    return _apply(settings, {k: v for k, v in overrides.items() if v is not None}, "the option --{}")


def _from_file(settings: Settings, path: Path) -> Settings:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return _apply(settings, table, f"{path}: {{}}")


def _apply(settings: Settings, given: Mapping[str, Any], where: str, *, upper: bool = False) -> Settings:
    changes: dict[str, Any] = {}
    for name, value in given.items():
        place = where.format(name.upper() if upper else name)
        spec = Settings.__dataclass_fields__.get(name)
        if spec is None:
            known = ", ".join(sorted(Settings.__dataclass_fields__))
            raise SettingsError(f"{place} is no setting; the settings are {known}")
        changes[name] = _convert(name, value, place)
    return replace(settings, **changes)


_WHOLE_NUMBERS = {
    "port": (0, 65_535),
    "tls_port": (0, 65_535),
    "threads": (1, 65_535),
    "speech_cache_mb": (0, 1_000_000),
}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _convert(name: str, value: Any, place: str) -> Any:
    if name == "engines":
        if not isinstance(value, dict) or not all(isinstance(table, dict) for table in value.values()):
            raise SettingsError(f"{place} holds one table for each field: [engines.sentiment]")
        return value
    if name == "databases":
        if not isinstance(value, dict) or not all(isinstance(url, str) and "/" in key for key, url in value.items()):
            raise SettingsError(f'{place} holds URLs of databases: "INSTANCE/DATABASE" = "postgresql://…"')
        return value
    if name == "streams":
        if not isinstance(value, dict) or not all(isinstance(source, str) and source for source in value.values()):
            raise SettingsError(f'{place} holds one source for each stream: front-door = "rtsp://camera/stream1"')
        return value
    if name in ("data", "cache"):
        if not isinstance(value, (str, Path)) or not str(value):
            raise SettingsError(f"{place} is a path")
        return Path(value).expanduser()
    if name in _WHOLE_NUMBERS:
        low, high = _WHOLE_NUMBERS[name]
        if isinstance(value, bool) or not str(value).isdecimal() or not low <= int(value) <= high:
            raise SettingsError(f"{place} is a whole number from {low} to {high}, not {value!r}")
        return int(value)
    if name in ("tls", "allow_reset"):
        text = str(value).lower()
        if text not in _TRUE | _FALSE:
            raise SettingsError(f"{place} is true or false, not {value!r}")
        return text in _TRUE
    if not isinstance(value, str) or not value:
        raise SettingsError(f"{place} is a text")
    if name == "account" and not (value.isdecimal() and len(value) == 12):
        raise SettingsError(f"{place} is twelve digits, not {value!r}")
    if name == "log" and value not in ("text", "json"):
        raise SettingsError(f"{place} is text or json, not {value!r}")
    return value
