"""Downloading one file over HTTP, going on where an earlier attempt stopped."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO

from honmono.weights.errors import SourceError
from honmono.weights.files import Progress

ATTEMPTS = 4
_CHUNK = 1 << 20
_TIMEOUT = 60.0


def download(address: str, target: Path, limit: int, progress: Progress, *, what: str) -> None:
    """Fetch `address` into `target`, of which a first part may be there already.

    A broken connection is taken up again with a range request, up to `ATTEMPTS` times; after the last one
    what came stays for the next call. A file of more than `limit` bytes is not wanted: reading ends one
    byte after.

    Raises:
        SourceError: the server refuses, or the connection keeps breaking.
    """
    complete = target.with_name(f"{target.name}.complete")
    if complete.exists():
        return
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _attempt(address, target, limit, progress, what)
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == ATTEMPTS:
                raise SourceError(f"{address} answers {error.code} {error.reason}") from error
        except OSError as error:  # URLError and timeouts are OSErrors
            if attempt == ATTEMPTS:
                raise SourceError(f"{address}: {error}") from error
        else:
            complete.touch()
            return
        time.sleep(0.2 * 2**attempt)


def _attempt(address: str, target: Path, limit: int, progress: Progress, what: str) -> None:
    have = target.stat().st_size if target.exists() else 0
    request = urllib.request.Request(address, headers={"User-Agent": "honmono", "Accept-Encoding": "identity"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # nothing comes after what we have
            return
        raise
    with response, target.open("ab") as file:
        if response.status != 206:
            file.truncate(0)
            have = 0
        length = int(response.headers.get("Content-Length") or 0)
        _copy(response, file, have, have + length if length else 0, limit, progress, what)


def _copy(response: IO[bytes], file: IO[bytes], done: int, end: int, limit: int, progress: Progress, what: str) -> None:
    while done <= limit and (chunk := response.read(min(_CHUNK, limit + 1 - done))):
        file.write(chunk)
        done += len(chunk)
        progress(done, end, what)
    if end and done < min(end, limit + 1):
        raise OSError(f"the connection ended after {done} of {end} bytes")
