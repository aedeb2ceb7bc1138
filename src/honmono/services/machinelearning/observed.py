"""In a job's child: the observations that a data source stands for."""

from __future__ import annotations

import resource
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.tabular.source import Source

_ENDINGS = (".schema", ".recipe", ".manifest", ".metadata", ".gz", ".zip")
"""Of files in a folder of data that hold no observations; Amazon ML leaves schema files lie beside the data."""


def payload_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a job needs to know of a data source, from its record's body."""
    return {"uri": body["Location"], "schema": body["Schema"], "selection": body["Selection"]}


def source_of(files: StoredFiles, data: Mapping[str, Any]) -> Source:
    """The source that `payload_of` told of.

    Raises:
        FilesMissing, SchemaInvalid, DataInvalid.
    """
    from honmono.engines.tabular.errors import DataInvalid
    from honmono.engines.tabular.schema import Schema
    from honmono.engines.tabular.selection import Selection
    from honmono.engines.tabular.source import CsvFile, Source

    uri = data["uri"]
    found = files.find(uri)
    if not (len(found) == 1 and found[0].uri == uri):
        found = [file for file in found if not file.uri.endswith(_ENDINGS)]
        # A prefix is a folder: what only begins alike is another's.
        folder = uri if uri.endswith("/") else f"{uri}/"
        found = [file for file in found if file.uri.startswith(folder)]
    if not found:
        raise DataInvalid(f"There are no data files under {uri}.")
    listed = [CsvFile(file.uri, file.size, partial(files.open, file)) for file in found]
    return Source(listed, Schema.parse(data["schema"]), Selection(**data["selection"]))


def compute_milliseconds() -> int:
    """The CPU time that this process has taken so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return round(1000 * (usage.ru_utime + usage.ru_stime))
