"""What is told of a model's real-time endpoint."""

from __future__ import annotations

from honmono.services.machinelearning.part import Answer
from honmono.store import clock
from honmono.store.records import Record
from honmono.wire.service import Context

PEAK = 200
"""Requests a second: Amazon ML's default for an endpoint. It is told and not enforced."""


def endpoint_info(record: Record, ctx: Context) -> Answer:
    """Of a model's record. The endpoint's address is the one that this request came to.

    AWS's is https://realtime.machinelearning.REGION.amazonaws.com, which would lead there.
    """
    created = record.body.get("Endpoint")
    if created is None:
        return {"PeakRequestsPerSecond": 0, "EndpointStatus": "NONE"}
    scheme = "https" if ctx.http is not None and ctx.http.secure else "http"
    return {
        "PeakRequestsPerSecond": PEAK,
        "CreatedAt": clock.moment(created),
        "EndpointUrl": f"{scheme}://{ctx.headers.get('host', '127.0.0.1')}",
        "EndpointStatus": "READY",
    }
