"""What a video analysis found, as it is kept and read: a file in a bucket of the service's own.

The first line is the head: VideoMetadata and what else is the same on every page. Each further line is a finding with
the members that an answer lists, in the order of time.
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
from honmono.services.rekognition.part import bad_token
from honmono.services.stored_files import StoredFiles
from honmono.store.errors import BadPageToken
from honmono.store.paging import page_token, position

if TYPE_CHECKING:
    from honmono.services.platform import Platform

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


class VideoResults:
    """The findings of analyses that have ended; the last few that were read are kept in memory."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.bucket = OwnBucket(platform, "rekognition")
        self._lock = threading.Lock()
        self._read: OrderedDict[str, Findings] = OrderedDict()

    def folder(self, region: str, job_id: str) -> str:
        """The URI of an analysis' folder."""
        return f"s3://{self.bucket.name(region)}/video/{job_id}/"

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
    items: list[Finding], request: dict[str, Any], job_id: str, order: str, shown: Callable[[Finding], Finding]
) -> tuple[list[Finding], dict[str, Any]]:
    """A page of findings, and NextToken where more follow.

    Args:
        items: all of them, in order.
        request: with MaxResults and NextToken.
        job_id: whose they are.
        order: how they are sorted and aggregated: a token leads on in the same list only.
        shown: what of a finding is told.

    Raises ServiceError InvalidPaginationTokenException.
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


def segments(items: list[Finding], name: Callable[[Finding], str], step: float) -> list[Finding]:
    """Findings at moments joined to stretches in which one was found without a break.

    Args:
        items: in the order of time, each with Timestamp and confidence.
        name: what is one and the same from moment to moment.
        step: milliseconds from one moment that was looked at to the next.

    Each stretch is the finding of its surest moment with StartTimestampMillis, EndTimestampMillis and DurationMillis.
    """
    open_: dict[str, list[Finding]] = {}
    closed: list[list[Finding]] = []
    for item in items:
        key = name(item)
        stretch = open_.get(key)
        if stretch is not None and item["Timestamp"] - stretch[-1]["Timestamp"] <= 1.6 * step:
            stretch.append(item)
            continue
        if stretch is not None:
            closed.append(stretch)
        open_[key] = [item]
    closed += open_.values()
    joined = []
    for stretch in closed:
        begin, end = stretch[0]["Timestamp"], stretch[-1]["Timestamp"]
        surest = max(stretch, key=lambda item: item["confidence"])
        joined.append(
            {
                **surest,
                "Timestamp": begin,
                "StartTimestampMillis": begin,
                "EndTimestampMillis": end,
                "DurationMillis": end - begin,
            }
        )
    return sorted(joined, key=lambda item: (item["Timestamp"], name(item)))
