"""boto3 reads the event streams of answers over a real socket."""

import time

import botocore.exceptions
import pytest
from botocore.config import Config


@pytest.fixture
def live(streaming_live):
    return streaming_live


def test_a_model_answers_word_by_word(live):
    client = live.client("sagemaker-runtime")
    started = time.perf_counter()
    answer = client.invoke_endpoint_with_response_stream(EndpointName="e", Body=b"one two three")
    assert (answer["ContentType"], answer["InvokedProductionVariant"]) == ("text/plain", "blue")
    times, words = [], []
    for event in answer["Body"]:
        times.append(time.perf_counter() - started)
        words.append(event["PayloadPart"]["Bytes"])
    assert words == [b"one", b"two", b"three"]
    assert times[-1] - times[0] > 0.06


def test_a_model_that_breaks(live):
    answer = live.client("sagemaker-runtime").invoke_endpoint_with_response_stream(
        EndpointName="e", Body=b"one break two"
    )
    words = []
    with pytest.raises(botocore.exceptions.EventStreamError, match="the model broke") as error:
        words += [event["PayloadPart"]["Bytes"] for event in iter(answer["Body"])]
    assert error.value.response["Error"]["Code"] == "ModelStreamError"


def test_a_function_streams(live):
    answer = live.client("lambda").invoke_with_response_stream(FunctionName="f", Payload=b"abc")
    assert list(answer["EventStream"]) == [
        {"PayloadChunk": {"Payload": b"cba"}},
        {"InvokeComplete": {"LogResult": "done"}},
    ]


def test_s3_select(live):
    answer = live.client("s3").select_object_content(
        Bucket="b",
        Key="k",
        Expression="SELECT 日本",
        ExpressionType="SQL",
        InputSerialization={"CSV": {}},
        OutputSerialization={"CSV": {}},
    )
    events = list(answer["Payload"])
    assert events[0] == {"Records": {"Payload": "SELECT 日本".encode()}}
    assert events[1]["Stats"]["Details"] == {"BytesScanned": 3, "BytesProcessed": 4, "BytesReturned": 5}
    assert events[2] == {"End": {}}


def test_an_rpc_service_begins_with_its_initial_response(live):
    logs = live.client("logs", config=Config(inject_host_prefix=False))
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:g"
    stream = iter(logs.start_live_tail(logGroupIdentifiers=[arn])["responseStream"])
    assert next(stream)["sessionStart"] == {"logGroupIdentifiers": [arn], "sessionId": "s"}
    assert next(stream)["sessionUpdate"]["sessionResults"] == [{"message": "日本", "timestamp": 1}]
    with pytest.raises(botocore.exceptions.EventStreamError, match="long enough"):
        next(stream)
