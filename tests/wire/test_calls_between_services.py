"""An operation called from another service's method."""

import pytest

from .dummies import dummy, gateway_of
from .live import Live


async def list_buckets(self, request, ctx):
    return {"Owner": {"ID": "someone"}}


def get_caller_identity(self, request, ctx):
    return {"Account": ctx.client("s3").list_buckets()["Owner"]["ID"]}


async def get_session_token(self, request, ctx):
    return {"Credentials": ctx.client("s3").list_buckets()}


@pytest.fixture
def live():
    sts = dummy("sts", get_caller_identity=get_caller_identity, get_session_token=get_session_token)
    running = Live(gateway_of(dummy("s3", list_buckets=list_buckets), sts))
    yield running
    running.close()


def test_a_method_in_a_thread_calls_a_coroutine(live):
    assert live.client("sts").get_caller_identity()["Account"] == "someone"


def test_a_method_on_the_loop_is_refused_instead_of_waiting_for_itself(live):
    client = live.client("sts")
    with pytest.raises(client.exceptions.ClientError, match="InternalFailure"):
        client.get_session_token()
    assert client.get_caller_identity()["Account"] == "someone"
