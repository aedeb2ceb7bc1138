"""Where the pictures of a Kinesis video stream come from: the operator says it, in honmono.toml.

    [streams]
    front-door = "rtsp://camera.example/stream1"
    loading-dock = "/srv/recordings/dock.mp4"

There is no Kinesis Video Streams here to put media into. A stream processor names a stream by its ARN, as with AWS; what is
under its name in this table is read. A client can read nothing that the table does not name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

STREAMS = "HONMONO_STREAM_SOURCES"
"""The variable that tells a job's child what the table says: addresses hold passwords, which no job's payload should."""


def stream_name(arn: str) -> str:
    """The name in a stream's ARN.

    >>> stream_name("arn:aws:kinesisvideo:us-east-1:000000000000:stream/front-door/1510254365350")
    'front-door'
    """
    resource = arn.split(":", 5)[-1]
    return resource.split("/")[1] if resource.count("/") else resource


def streams_text(streams: Mapping[str, str]) -> str:
    """The table as text for `STREAMS`."""
    return json.dumps(dict(streams))


def source_of_parent(arn: str) -> str | None:
    """In a job's child: the address or path of a stream's source."""
    table: dict[str, str] = json.loads(os.environ.get(STREAMS, "{}"))
    return table.get(stream_name(arn))


def is_address(source: str) -> bool:
    """Whether a source is a camera's address, and not a file's path."""
    return source.startswith(("rtsp://", "rtsps://"))
