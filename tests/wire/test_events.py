"""Event streams: what boto3 reads of ours, what we read of clients', signed or not, whole or broken."""

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime

import botocore.eventstream
import botocore.parsers
import pytest
from botocore.awsrequest import AWSRequest

from honmono.wire import model as models
from honmono.wire.body import BodyReader
from honmono.wire.documents import OutputError
from honmono.wire.errors import ServiceError
from honmono.wire.events import encode_events, read_events
from honmono.wire.eventstream import Message, decode_message, encode_headers, event
from honmono.wire.protocols import protocol_for
from honmono.wire.signature import signing_key

from .asgi import call
from .botocore_side import service
from .dummies import dummy, gateway_of, sign
from .generating import Values, difference, same
from .streaming import heard, streaming_service

STREAMS = [
    ("polly", "rest-json", "StartSpeechSynthesisStream"),
    ("lexv2-runtime", "rest-json", "StartConversation"),
    ("sagemaker-runtime", "rest-json", "InvokeEndpointWithResponseStream"),
    ("lambda", "rest-json", "InvokeWithResponseStream"),
    ("bedrock-runtime", "rest-json", "ConverseStream"),
    ("s3", "rest-xml", "SelectObjectContent"),
    ("logs", "json", "StartLiveTail"),
    ("logs", "json", "GetLogObject"),
    ("kinesis", "json", "SubscribeToShard"),
    ("kinesis", "smithy-rpc-v2-cbor", "SubscribeToShard"),
]


class Pieces:
    """A raw HTTP body, as botocore's event streams take it."""

    def __init__(self, pieces):
        self._pieces = pieces

    def stream(self):
        yield from self._pieces

    def close(self):
        pass


def read_by_botocore(operation, protocol, response):
    parser = botocore.parsers.create_parser(protocol)
    raw = {
        "status_code": response.status,
        "headers": response.headers,
        "body": Pieces(list(response.body)),
        "context": {"operation_name": operation.name},
    }
    return parser.parse(raw, operation.output_shape)


def given_events(stream_shape, seed, *, xml):
    values = Values(seed, xml=xml, empty=False, full=True)
    values.finite = True
    events = []
    for name, member in stream_shape.members.items():
        if not member.metadata.get("exception"):
            events += [{name: values.of(member)} for _ in range(2)]
    return events


@pytest.mark.parametrize(("name", "protocol", "operation_name"), STREAMS)
def test_what_boto3_reads(name, protocol, operation_name):
    if protocol not in models.metadata(name)["protocols"]:
        pytest.skip(f"{name} does not speak {protocol}")
    theirs = service(name, protocol).operation_model(operation_name)
    ours = models.load(name).operations[operation_name]
    stream_name = next(n for n, m in theirs.output_shape.members.items() if m.serialization.get("eventstream"))
    stream_shape = theirs.output_shape.members[stream_name]
    events = given_events(stream_shape, operation_name, xml=name == "s3")
    answer = protocol_for(protocol).answer(ours, {stream_name: iter(events)}, "request-1")
    assert answer.headers["content-type"] == "application/vnd.amazon.eventstream"
    found = list(read_by_botocore(theirs, protocol, answer)[stream_name])
    for left, right in zip(found, events, strict=True):
        assert same(left, right), difference(left, right)


@pytest.mark.parametrize(("name", "protocol", "operation_name"), STREAMS)
def test_exceptions_that_boto3_reads(name, protocol, operation_name):
    if protocol not in models.metadata(name)["protocols"]:
        pytest.skip(f"{name} does not speak {protocol}")
    theirs = service(name, protocol).operation_model(operation_name)
    ours = models.load(name).operations[operation_name]
    stream_name, stream = next((n, m) for n, m in ours.output.members.items() if m.is_eventstream)
    modelled = [n for n, m in stream.members.items() if m.traits.get("exception")]
    for code in [*modelled, "OddException"]:

        def failing(code=code):
            raise ServiceError(code, "it broke: é")
            yield {}

        answer = protocol_for(protocol).answer(ours, {stream_name: failing()}, "request-1")
        with pytest.raises(botocore.exceptions.EventStreamError) as error:
            list(read_by_botocore(theirs, protocol, answer)[stream_name])
        assert error.value.response["Error"] == {"Code": code, "Message": "it broke: é"}


def test_a_crash_is_told_without_its_details(caplog):
    shape = models.load("sagemaker-runtime").operations["InvokeEndpointWithResponseStream"].streaming_output

    def crashing():
        yield {"PayloadPart": {"Bytes": b"x"}}
        raise RuntimeError("a secret of the server")

    frames = [decode_message(frame) for frame in encode_events(crashing(), shape, "json")]
    assert frames[0].payload == b"x"
    assert frames[1].headers[":message-type"] == "error"
    assert "secret" not in str(frames[1].headers)
    assert "a secret of the server" in caplog.text


def test_what_fits_no_shape_is_our_fault():
    shape = models.load("sagemaker-runtime").operations["InvokeEndpointWithResponseStream"].streaming_output
    for wrong in ({"Nonsense": {}}, {"PayloadPart": {"Other": 1}}, {}, {"PayloadPart": {}, "ModelStreamError": {}}):
        last = decode_message(list(encode_events([wrong], shape, "json"))[-1])
        assert last.headers[":error-code"] == "InternalFailure"
    with pytest.raises(OutputError):
        protocol_for("json").answer(models.load("logs").operations["StartLiveTail"], {"nonsense": 1}, "id")


# What clients send


def read_all(data, shape, **options):
    async def run():
        return [one async for one in read_events(BodyReader.holding(data), shape, "json", **options)]

    return asyncio.run(run())


def conversation():
    return models.load("lexv2-runtime").operations["StartConversation"].event_input[1]


def test_events_of_a_conversation_go_and_come():
    shape = conversation()
    theirs = service("lexv2-runtime").operation_model("StartConversation").input_shape.members["requestEventStream"]
    values = Values("conversation", empty=False, full=True)
    values.finite = True
    events = [{name: values.of(member)} for name, member in theirs.members.items()]
    data = b"".join(encode_events(events, shape, "json"))
    found = read_all(data, shape)
    assert same(found, events), difference(found, events)


def test_headers_and_payloads_by_hand():
    shape = models.load("polly").operations["StartSpeechSynthesisStream"].event_input[1]
    text = event("TextEvent", b'{"Text": "one", "TextType": "text"}', "application/json").encode()
    close = event("CloseStreamEvent", b"", "application/json").encode()
    found = read_all(text + close, shape)
    assert found == [{"TextEvent": {"Text": "one", "TextType": "text"}}, {"CloseStreamEvent": {}}]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (event("Nonsense", b"", "x").encode(), "SerializationException", "has no event 'Nonsense'"),
        (Message({":message-type": "exception"}).encode(), "SerializationException", "type 'event'"),
        (Message({}).encode(), "SerializationException", "type 'event'"),
        (event("TextEvent", b"{", "x").encode(), "SerializationException", "JSON"),
        (event("TextEvent", b'{"Text": 3}', "x").encode(), "SerializationException", "can not be converted"),
        (event("TextEvent", b'{"TextType": "wax"}', "x").encode(), "ValidationException", "enum value set"),
        (event("TextEvent", b'{"Text": "x"}', "x").encode()[:-1], "SerializationException", "ended"),
        (event("TextEvent", b"{}", "x").encode()[:-4] + b"junk", "SerializationException", "CRC"),
        (b"\xff" * 100, "SerializationException", "CRC"),
    ],
)
def test_damaged_streams(data, code, said):
    shape = models.load("polly").operations["StartSpeechSynthesisStream"].event_input[1]
    with pytest.raises(ServiceError, match=said) as error:
        read_all(data, shape, validation_code="ValidationException")
    assert error.value.code == code


# Through the gateway


@pytest.fixture
def gateway(monkeypatch):
    gateway = gateway_of(streaming_service(monkeypatch), strict=True)
    yield gateway
    gateway.close()


def signed_start(**headers):
    """The request that opens a stream, as amazon-transcribe signs it, and what its events' signatures begin with."""
    fields = {
        "Content-Type": "application/vnd.amazon.eventstream",
        "x-amzn-transcribe-language-code": "en-US",
        "x-amzn-transcribe-sample-rate": "16000",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        **headers,
    }
    request = AWSRequest("POST", "http://127.0.0.1:4566/stream-transcription", fields)
    sign(request, "transcribe")
    return request, request.headers["Authorization"].rpartition("Signature=")[2]


class Signer:
    """Signs events as the developer guide says."""

    def __init__(self, seed):
        self.previous = seed

    def sign(self, payload):
        now = datetime.now(UTC).replace(microsecond=0)
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        digests = [hashlib.sha256(data).hexdigest() for data in (encode_headers({":date": now}), payload)]
        scope = f"{stamp[:8]}/us-east-1/transcribe/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, self.previous, *digests])
        key = signing_key("test", stamp[:8], "us-east-1", "transcribe")
        signature = hmac.digest(key, text.encode(), "sha256")
        self.previous = signature.hex()
        return Message({":date": now, ":chunk-signature": signature}, payload).encode()


def audio(chunk):
    return event("AudioEvent", chunk, "application/octet-stream").encode()


def stream(gateway, pieces, request=None, **options):
    request = request or signed_start()[0]
    headers = [("host", "127.0.0.1:4566"), *request.headers.items()]
    return asyncio.run(call(gateway, "POST", "/stream-transcription", headers, pieces=pieces, **options))


def told(answer):
    """The texts and the last failure of an answer."""
    texts, failure = [], None
    for piece in filter(None, answer.pieces):
        message = decode_message(piece)
        kind = message.headers[":message-type"]
        if kind == "event":
            results = models.orjson.loads(message.payload)["Transcript"]["Results"]
            texts += [one["Alternatives"][0]["Transcript"] for one in results]
        else:
            failure = message.headers.get(":exception-type") or message.headers.get(":error-code")
    return texts, failure


def test_signed_events(gateway):
    request, seed = signed_start()
    signer = Signer(seed)
    pieces = [signer.sign(audio(chunk)) for chunk in (b"one", b"two")] + [signer.sign(b"")]
    answer = stream(gateway, pieces, request)
    assert answer.status == 200
    assert answer.headers["x-amzn-transcribe-language-code"] == "en-US"
    assert answer.pieces[0] == b""
    assert told(answer) == ([heard(b"one"), heard(b"two"), "heard 2"], None)


def test_events_in_any_pieces(gateway):
    request, seed = signed_start()
    signer = Signer(seed)
    whole = b"".join([signer.sign(audio(b"x" * 1000)), signer.sign(audio(b"y")), signer.sign(b"")])
    answer = stream(gateway, [whole[i : i + 7] for i in range(0, len(whole), 7)], request)
    assert told(answer)[0] == [heard(b"x" * 1000), heard(b"y"), "heard 2"]


def test_a_forged_event_ends_the_stream(gateway):
    request, seed = signed_start()
    signer = Signer(seed)
    good, forged = signer.sign(audio(b"one")), Signer("0" * 64).sign(audio(b"two"))
    answer = stream(gateway, [good, forged, signer.sign(b"")], request)
    assert told(answer) == ([heard(b"one")], "InvalidSignatureException")


def test_an_event_out_of_its_place_ends_the_stream(gateway):
    request, seed = signed_start()
    signer = Signer(seed)
    first, second = signer.sign(audio(b"one")), signer.sign(audio(b"two"))
    answer = stream(gateway, [second, first], request)
    assert told(answer) == ([], "InvalidSignatureException")


def test_unsigned_events_in_a_signed_stream_are_refused(gateway):
    assert told(stream(gateway, [audio(b"one")])) == ([], "InvalidSignatureException")


def test_a_client_that_stops_in_the_middle(gateway):
    request, seed = signed_start()
    piece = Signer(seed).sign(audio(b"one"))
    answer = stream(gateway, [piece[:-5]], request)
    assert told(answer) == ([], "SerializationException")


def test_a_client_that_leaves(gateway):
    request, seed = signed_start()
    answer = stream(gateway, [Signer(seed).sign(audio(b"one"))], request, leave=True)
    assert answer.status == 200


@pytest.mark.parametrize(
    ("chunk", "failure"),
    [(b"bad", "BadRequestException"), (b"unmodelled", "OddException"), (b"crash", "InternalFailure")],
)
def test_failures_in_the_middle(gateway, chunk, failure):
    request, seed = signed_start()
    signer = Signer(seed)
    answer = stream(gateway, [signer.sign(audio(one)) for one in (b"one", chunk, b"two")], request)
    assert told(answer) == ([heard(b"one")], failure)
    assert b"secret" not in answer.body


def test_events_are_validated(gateway):
    request, seed = signed_start()
    answer = stream(gateway, [Signer(seed).sign(audio(b"x" * 100_001))], request)
    assert told(answer) == ([], "BadRequestException")


def test_parameters_are_validated_before_the_stream_begins(gateway):
    answer = stream(gateway, [], signed_start(**{"x-amzn-transcribe-language-code": "xx"})[0])
    assert answer.status == 400
    assert b"enum value set" in answer.body


def test_answers_come_while_the_request_still_streams(gateway):
    """Full duplex: each event is answered before the next one is sent."""

    async def run():
        request, seed = signed_start()
        signer = Signer(seed)
        answered: asyncio.Queue[bytes] = asyncio.Queue()
        seen = []

        async def receive():
            if not seen:
                # The header fields come before any event.
                assert await asyncio.wait_for(answered.get(), 5) == b""
            elif len(seen) < 4:
                texts = told(type("A", (), {"pieces": [await asyncio.wait_for(answered.get(), 5)]}))[0]
                assert texts == [heard(f"chunk {len(seen)}".encode())]
            if len(seen) < 3:
                seen.append(1)
                chunk = f"chunk {len(seen)}".encode()
                return {"type": "http.request", "body": signer.sign(audio(chunk)), "more_body": True}
            if len(seen) == 4:
                await asyncio.Event().wait()
            seen.append(1)
            return {"type": "http.request", "body": signer.sign(b""), "more_body": False}

        async def send(message):
            if message["type"] == "http.response.body":
                await answered.put(message["body"])

        from .asgi import scope

        headers = [("host", "127.0.0.1:4566"), *request.headers.items()]
        await asyncio.wait_for(gateway(scope("POST", "/stream-transcription", headers), receive, send), 20)
        return len(seen)

    assert asyncio.run(run()) == 4


def test_a_whole_body_of_events_signed_by_its_hash():
    """What a plain client sends: all events at once, unsigned, under the request's own signature."""
    seen = []

    async def start_conversation(self, request, ctx):
        async def answers():
            async for one in request["requestEventStream"]:
                seen.append(one)
                yield {"HeartbeatEvent": {"eventId": "e"}}

        return {"responseEventStream": answers()}

    gateway = gateway_of(dummy("lexv2-runtime", start_conversation=start_conversation))
    body = b"".join(encode_events([{"TextInputEvent": {"text": "hello", "eventId": "e1"}}], conversation(), "json"))
    url = "http://127.0.0.1:4566/bots/b123456789/botAliases/ALIAS/botLocales/en_US/sessions/abc/conversation"
    request = sign(AWSRequest("POST", url, {"x-amz-lex-conversation-mode": "TEXT"}, body), "lex")
    length = ("content-length", str(len(body)))
    headers = [("host", "127.0.0.1:4566"), length, *request.headers.items()]
    answer = asyncio.run(call(gateway, "POST", url.partition("4566")[2], headers, body))
    gateway.close()
    assert answer.status == 200, answer.body
    assert seen == [{"TextInputEvent": {"text": "hello", "eventId": "e1"}}]
    assert decode_message(answer.body).headers[":event-type"] == "HeartbeatEvent"
