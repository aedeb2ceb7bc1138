"""What a long analysis found, as it is kept and read page by page: a file in a bucket of the service's own.

The first line is the head: what is the same on every page. Each further line is a finding with the members that an answer
lists, in their order.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from honmono.services.own_buckets import OWNER, OwnBucket
from honmono.services.stored_files import StoredFiles
from honmono.store.errors import BadPageToken
from honmono.store.paging import page_token, position

if TYPE_CHECKING:
    from honmono.services.platform import Platform
    from honmono.wire.errors import ServiceError

Finding = dict[str, Any]

FILE = "findings.jsonl"
MOST_RESULTS = 1000
"""On a page; a request that asks for more gets as many."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """The head and the findings of one analysis."""

    head: dict[str, Any]
    items: list[Finding]


def write_findings(path: Path, head: dict[str, Any], items: Iterable[Finding]) -> None:
    """Write the file."""
    with path.open("wb") as file:
        file.write(orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY))
        for item in items:
            file.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY))


class FindingsStore:
    """The findings of analyses that have ended; the last few that were read are kept in memory."""

    def __init__(self, platform: Platform, service: str, folder: str) -> None:
        """`service` names the bucket, `folder` where in it the analyses lie."""
        self._platform = platform
        self._folder = folder
        self.bucket = OwnBucket(platform, service)
        self._lock = threading.Lock()
        self._read: OrderedDict[str, Findings] = OrderedDict()

    def folder(self, region: str, job_id: str) -> str:
        """The URI of an analysis' folder."""
        return f"s3://{self.bucket.name(region)}/{self._folder}/{job_id}/"

    def read(self, uri: str) -> Findings:
        """The findings in a folder.

        Raises FilesMissing.
        """
        with self._lock:
            if uri in self._read:
                self._read.move_to_end(uri)
                return self._read[uri]
        files = StoredFiles(self._platform.database, self._platform.blobs, OWNER)
        with files.open(files.find(uri + FILE)[0]) as file:
            head, *items = map(orjson.loads, file)
        findings = Findings(head, items)
        with self._lock:
            self._read[uri] = findings
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return findings

    def clear(self) -> None:
        """Let go of what is in memory."""
        with self._lock:
            self._read.clear()


def paged(
    items: list[Finding],
    request: dict[str, Any],
    job_id: str,
    order: str,
    bad_token: Callable[[], ServiceError],
    shown: Callable[[Finding], Finding] = dict,
) -> tuple[list[Finding], dict[str, Any]]:
    """A page of findings, and NextToken where more follow.

    Args:
        items: all of them, in order.
        request: with MaxResults and NextToken.
        job_id: whose they are.
        order: how they are sorted and aggregated: a token leads on in the same list only.
        bad_token: the error for a token that is none of this list's.
        shown: what of a finding is told.

    Raises ServiceError: what `bad_token` makes.
    """
    limit, begin = min(request.get("MaxResults", MOST_RESULTS), MOST_RESULTS), 0
    if "NextToken" in request:
        try:
            job, sorting, at = position(request["NextToken"], str, str, int)
        except BadPageToken as error:
            raise bad_token() from error
        if (job, sorting) != (job_id[:16], order) or not isinstance(at, int) or not 0 < at < max(1, len(items)):
            raise bad_token()
        begin = at
    end = begin + limit
    more = {"NextToken": page_token(job_id[:16], order, end)} if end < len(items) else {}
    return [shown(item) for item in items[begin:end]], more
