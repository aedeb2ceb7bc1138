"""Damaged requests through the whole application in process: a typed refusal each time, soon, with no traceback.

HONMONO_FUZZ gives another number of requests, HONMONO_FUZZ_SEED another seed. ``bench/fuzz.py`` sends them by socket.
"""

import asyncio
import os
import resource
import time

import pytest

from .asgi import call
from .botocore_side import MISSION
from .dummies import dummy, gateway_of
from .mutations import OPERATIONS, Mutants

COUNT = int(os.environ.get("HONMONO_FUZZ", "1500"))
SEED = os.environ.get("HONMONO_FUZZ_SEED", "honmono")
PARTS = 6
TELLTALE = (b"Traceback", b'File "', b"site-packages", b"honmono/", b"Error(", b"InternalFailure")


def has_null(value):
    """Whether there is a null anywhere in a request."""
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    return any(map(has_null, value)) if isinstance(value, list) else value is None


def answering(name):
    """A service whose methods give an empty answer."""

    def method(self, request, ctx):
        assert not has_null(request), "a service need not expect nulls"
        body = request.get("Body") or request.get("inputStream")
        if hasattr(body, "read"):
            body.read()
        return {}

    operations = {operation for service, _, operation in OPERATIONS if service == name}
    service = dummy(name)
    methods = {o.method_name: method for o in service.model.operations.values() if o.name in operations}
    return dummy(name, validates=name != "s3", max_body=8 * 1024 * 1024, **methods)


@pytest.fixture(scope="module")
def gateway():
    gateway = gateway_of(*(answering(name) for name in MISSION))
    yield gateway
    gateway.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_damaged_requests(gateway, part):
    mutants = Mutants(f"{SEED}{part}")
    statuses = {}

    async def run():
        for number in range(COUNT // PARTS):
            mutant = mutants.next()
            told = f"#{number} of part {part}: {mutant.method} {mutant.target[:200]} {mutant.notes}"
            started = time.process_time()
            try:
                headers = [
                    ("host", "127.0.0.1:4566"),
                    ("content-length", str(len(mutant.body))),
                    *mutant.headers.items(),
                ]
                answer = await call(gateway, mutant.method, mutant.target, headers, mutant.body)
            except Exception as error:
                raise AssertionError(f"{told}: {type(error).__name__} {error}") from error
            spent = time.process_time() - started
            assert answer.status < 500 or answer.status == 501, f"{told}: {answer.status} {answer.body[:500]}"
            assert not any(sign in answer.body for sign in TELLTALE), f"{told}: {answer.body[:500]}"
            assert spent < 2, f"{told}: {spent:.1f} s"
            statuses[answer.status] = statuses.get(answer.status, 0) + 1

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asyncio.run(run())
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 500_000, f"{grown} kB more than before"
    # The mutants are neither all refused at the door nor all let through.
    assert {200, 400, 403} <= statuses.keys(), statuses
