"""boto3 and raw sockets against a served gateway: every protocol, and HTTP's corners."""

import asyncio
import gzip
import hashlib
import threading
import time
from datetime import UTC, datetime

import boto3
import botocore.httpsession
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from honmono.wire.errors import ServiceError
from honmono.wire.http import FileRange
from honmono.wire.service import inline

from .dummies import dummy, gateway_of, sign
from .live import Live, exchange, head_of

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
LEFT = threading.Event()


def detect_sentiment(self, request, ctx):
    if request["Text"] == "fail":
        raise ServiceError("TextSizeLimitExceededException", "Input text size exceeds limit.")
    if request["Text"] == "crash":
        raise RuntimeError("a secret of the server")
    ctx.engine = "dummy/1"
    mood = "POSITIVE" if "good" in request["Text"] else "NEGATIVE"
    return {"Sentiment": mood, "SentimentScore": {"Positive": len(request["Text"]) / 100}}


async def detect_dominant_language(self, request, ctx):
    await asyncio.sleep(0)
    return {"Languages": [{"LanguageCode": request["Text"][:2], "Score": 0.5}]}


@inline
def get_caller_identity(self, request, ctx):
    return {"Account": ctx.account, "Arn": ctx.principal, "UserId": ctx.region}


def put_metric_data(self, request, ctx):
    if len(request["MetricData"]) == 1 and request["MetricData"][0]["MetricName"] == "missing":
        raise ServiceError("ResourceNotFoundException", "no such metric", ResourceType="metric", ResourceId="m")
    RECORDED.append((ctx.headers.get("content-encoding"), request))
    return {}


RECORDED = []
OBJECTS = {}


def put_object(self, request, ctx):
    body = b"".join(request["Body"])
    OBJECTS[request["Key"]] = body, request.get("Metadata", {})
    return {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}


def get_object(self, request, ctx):
    if request["Key"] == "endless":

        def endless():
            try:
                while True:
                    yield b"x" * 65_536
            finally:
                LEFT.set()

        return {"Body": endless(), "ContentType": "text/plain"}
    if request["Key"] == "breaks":

        def breaking():
            yield b"x" * 10_000
            raise OSError("disk gone")

        return {"Body": breaking(), "ContentLength": 50_000}
    if request["Key"] not in OBJECTS:
        raise ServiceError("NoSuchKey", "The specified key does not exist.", status=404, Key=request["Key"])
    body, metadata = OBJECTS[request["Key"]]
    return {
        "Body": FileRange(FILE[0], 100, 5000) if request["Key"] == "file" else body,
        "Metadata": metadata,
        "LastModified": NOW,
        "Expires": "whenever",
    }


FILE = []


def head_object(self, request, ctx):
    return {name: value for name, value in get_object(self, request, ctx).items() if name != "Body"} | {
        "ContentLength": len(OBJECTS[request["Key"]][0])
    }


def list_buckets(self, request, ctx):
    return {"Buckets": [{"Name": "b", "CreationDate": NOW}], "Owner": {"ID": "me"}}


def delete_object(self, request, ctx):
    return {"VersionId": "v"}


def describe_instances(self, request, ctx):
    ids = request.get("InstanceIds", [])
    if "i-0" in ids:
        raise ServiceError("InvalidInstanceID.NotFound", "The instance ID 'i-0' does not exist")
    return {"Reservations": [{"Instances": [{"InstanceId": name, "LaunchTime": NOW} for name in ids]}]}


def synthesize_speech(self, request, ctx):
    pieces = (word.encode() for word in request["Text"].split())
    return {"AudioStream": pieces, "ContentType": "audio/mpeg", "RequestCharacters": len(request["Text"])}


def post_text(self, request, ctx):
    return {"message": request["inputText"], "sessionAttributes": request.get("sessionAttributes", {})}


def services():
    return [
        dummy("comprehend", detect_sentiment=detect_sentiment, detect_dominant_language=detect_dominant_language),
        dummy("sts", get_caller_identity=get_caller_identity),
        dummy("cloudwatch", put_metric_data=put_metric_data),
        dummy(
            "s3",
            validates=False,
            put_object=put_object,
            get_object=get_object,
            head_object=head_object,
            list_buckets=list_buckets,
            delete_object=delete_object,
        ),
        dummy("ec2", describe_instances=describe_instances),
        dummy("polly", synthesize_speech=synthesize_speech),
        dummy("lex-runtime", post_text=post_text),
    ]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    file = tmp_path_factory.mktemp("wire") / "blob"
    file.write_bytes(bytes(range(256)) * 100)
    FILE[:] = [file]
    running = Live(gateway_of(*services()))
    yield running
    running.close()


class CborLoader(Loader):
    """botocore's models, with CBOR as the only protocol."""

    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if type_name == "service-2" and "smithy-rpc-v2-cbor" in model["metadata"].get("protocols", ()):
            metadata = {**model["metadata"], "protocol": "smithy-rpc-v2-cbor", "protocols": ["smithy-rpc-v2-cbor"]}
            model = {**model, "metadata": metadata}
        return model


def cbor_client(live, service):
    session = boto3.Session()
    session._session.register_component("data_loader", CborLoader())
    return session.client(
        service,
        endpoint_url=live.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.parametrize("make", [Live.client, cbor_client], ids=["json", "cbor"])
def test_comprehend(live, make):
    comprehend = make(live, "comprehend")
    protocol = comprehend.meta.service_model.resolved_protocol
    assert protocol == ("json" if make is Live.client else "smithy-rpc-v2-cbor")
    good = comprehend.detect_sentiment(Text="good 日本語 😀", LanguageCode="en")
    bad = comprehend.detect_sentiment(Text="awful", LanguageCode="en")
    assert (good["Sentiment"], bad["Sentiment"]) == ("POSITIVE", "NEGATIVE")
    assert good["SentimentScore"]["Positive"] == pytest.approx(0.10)
    headers = good["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-honmono-engine"] == "dummy/1"
    assert headers["x-amzn-requestid"] == good["ResponseMetadata"]["RequestId"]
    found = comprehend.detect_dominant_language(Text="de …")["Languages"]
    assert found == [{"LanguageCode": "de", "Score": 0.5}]


@pytest.mark.parametrize("make", [Live.client, cbor_client], ids=["json", "cbor"])
def test_comprehends_errors(live, make):
    comprehend = make(live, "comprehend")
    with pytest.raises(comprehend.exceptions.TextSizeLimitExceededException) as error:
        comprehend.detect_sentiment(Text="fail", LanguageCode="en")
    assert error.value.response["Error"]["Message"] == "Input text size exceeds limit."
    with pytest.raises(ClientError, match="Member must satisfy enum value set") as error:
        comprehend.detect_sentiment(Text="x", LanguageCode="xx")
    assert error.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(ClientError) as error:
        comprehend.detect_sentiment(Text="crash", LanguageCode="en")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "secret" not in str(error.value)
    with pytest.raises(ClientError, match="does not answer comprehend"):
        comprehend.detect_entities(Text="x", LanguageCode="en")


@pytest.mark.parametrize("make", [Live.client, cbor_client], ids=["json", "cbor"])
def test_large_metric_data_come_compressed(live, make):
    RECORDED.clear()
    cloudwatch = make(live, "cloudwatch")
    data = [
        {"MetricName": f"m{n}", "Value": n / 4, "Timestamp": NOW, "Dimensions": [{"Name": "n", "Value": "日本" * 20}]}
        for n in range(500)
    ]
    cloudwatch.put_metric_data(Namespace="test", MetricData=data)
    [(encoding, request)] = RECORDED
    assert encoding == "gzip"
    assert request == {"Namespace": "test", "MetricData": data}


@pytest.mark.parametrize("make", [Live.client, cbor_client], ids=["json", "cbor"])
def test_an_error_that_has_an_older_code(live, make):
    """CloudWatch spoke the query protocol: its clients still look for those codes."""
    cloudwatch = make(live, "cloudwatch")
    with pytest.raises(cloudwatch.exceptions.ResourceNotFoundException) as error:
        cloudwatch.put_metric_data(Namespace="test", MetricData=[{"MetricName": "missing", "Value": 1}])
    assert error.value.response["ResourceType"] == "metric"
    assert error.value.response["Error"]["Message"] == "no such metric"


def test_query_and_ec2(live):
    assert live.client("sts").get_caller_identity()["Account"] == "000000000000"
    assert live.client("sts", region_name="eu-west-1").get_caller_identity()["UserId"] == "eu-west-1"
    ec2 = live.client("ec2")
    found = ec2.describe_instances(InstanceIds=["i-1", "i-2"])["Reservations"][0]["Instances"]
    assert [(one["InstanceId"], one["LaunchTime"]) for one in found] == [("i-1", NOW), ("i-2", NOW)]
    with pytest.raises(ClientError, match="does not exist") as error:
        ec2.describe_instances(InstanceIds=["i-0"])
    assert error.value.response["Error"]["Code"] == "InvalidInstanceID.NotFound"
    assert error.value.response["ResponseMetadata"]["RequestId"]


def test_rest_json(live):
    answer = live.client("polly").synthesize_speech(Text="one two three", OutputFormat="mp3", VoiceId="Mizuki")
    assert answer["AudioStream"].read() == b"onetwothree"
    assert (answer["ContentType"], answer["RequestCharacters"]) == ("audio/mpeg", 13)
    with pytest.raises(ClientError, match="outputFormat"):
        live.client("polly").synthesize_speech(Text="x", OutputFormat="wax", VoiceId="Mizuki")
    lex = live.client("lex-runtime")
    said = lex.post_text(botName="b", botAlias="a", userId="user", inputText="é?", sessionAttributes={"k": "v"})
    assert (said["message"], said["sessionAttributes"]) == ("é?", {"k": "v"})


def test_s3(live):
    s3 = live.client("s3")
    for key in ("a", "d/e", "d/", "日 本/+&?%2F#", " lead", "x//y"):
        body = key.encode() * 1000
        put = s3.put_object(Bucket="b", Key=key, Body=body, Metadata={"name": "value"})
        assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
        got = s3.get_object(Bucket="b", Key=key)
        assert got["Body"].read() == body
        assert (got["Metadata"], got["LastModified"]) == ({"name": "value"}, NOW)
        head = s3.head_object(Bucket="b", Key=key)
        assert (head["ContentLength"], head["Metadata"]) == (len(body), {"name": "value"})
    with pytest.raises(s3.exceptions.NoSuchKey) as error:
        s3.get_object(Bucket="b", Key="missing")
    assert error.value.response["Error"]["Key"] == "missing"
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="b", Key="missing")
    assert s3.list_buckets()["Buckets"] == [{"Name": "b", "CreationDate": NOW}]
    assert s3.delete_object(Bucket="b", Key="a")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_large_bodies_stream_both_ways(live):
    s3 = live.client("s3")
    body = hashlib.sha256(b"seed").digest() * 400_000
    s3.put_object(Bucket="b", Key="large", Body=body)
    assert s3.get_object(Bucket="b", Key="large")["Body"].read() == body
    s3.put_object(Bucket="b", Key="file", Body=b"")
    assert s3.get_object(Bucket="b", Key="file")["Body"].read() == (bytes(range(256)) * 100)[100:5100]


def test_a_forged_signature_is_refused(live):
    for service, call in (
        ("comprehend", lambda client: client.detect_sentiment(Text="x", LanguageCode="en")),
        ("s3", lambda client: client.list_buckets()),
        ("sts", lambda client: client.get_caller_identity()),
        ("ec2", lambda client: client.describe_instances()),
        ("polly", lambda client: client.synthesize_speech(Text="x", OutputFormat="mp3", VoiceId="Mizuki")),
    ):
        with pytest.raises(ClientError) as error:
            call(live.client(service, aws_secret_access_key="other"))
        code, status = ("InvalidSignatureException", 400) if service == "comprehend" else ("SignatureDoesNotMatch", 403)
        if service == "polly":
            code = "InvalidSignatureException"
        if service == "ec2":
            code, status = "AuthFailure", 401
        assert error.value.response["Error"]["Code"] == code, service
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status, service


# HTTP's corners


def raw(live, signing_name, method, path, body=b"", headers=None, version="1.1", extra=""):
    """A signed request as bytes."""
    request = AWSRequest(method, f"{live.url}{path}", dict(headers or {}), body)
    sign(request, signing_name)
    fields = "".join(f"{k}: {v.decode() if isinstance(v, bytes) else v}\r\n" for k, v in request.headers.items())
    if "transfer-encoding" not in extra.lower():
        fields += f"Content-Length: {len(body)}\r\n"
    return f"{method} {path} HTTP/{version}\r\nHost: 127.0.0.1:{live.port}\r\n{fields}{extra}\r\n".encode(), body


def sentiment(live, text="good", **options):
    body = f'{{"Text": "{text}", "LanguageCode": "en"}}'.encode()
    target = {"X-Amz-Target": "Comprehend_20171127.DetectSentiment", "Content-Type": "application/x-amz-json-1.1"}
    return raw(live, "comprehend", "POST", "/", body, target, **options)


def test_keep_alive_after_answers_and_errors(live):
    with live.connect() as connection:
        for text, status in (("good", 200), ("fail", 400), ("crash", 500), ("good", 200)):
            head, body = sentiment(live, text)
            assert exchange(connection, head + body)[0] == status
        # Refused before the body was read: whatever the server does with it, the next request is answered right.
        head, body = raw(live, "s3", "PUT", "/b/key", b"x" * 200_000)
        forged = head.replace(b"Signature=", b"Signature=0000")
        assert exchange(connection, forged + body)[0] in (400, 403)
    with live.connect() as connection:
        head, body = sentiment(live)
        assert exchange(connection, head + body)[0] == 200


@pytest.mark.parametrize("size", [10, 100_000, 3_000_000])
def test_an_unread_body_does_not_spoil_the_connection(live, size):
    """A PUT that is refused at the door, and another request behind it on the same connection."""
    s3 = live.client("s3", config=Config(s3={"addressing_style": "path"}))
    forged = live.client("s3", aws_secret_access_key="other", config=Config(s3={"addressing_style": "path"}))
    session = botocore.httpsession.URLLib3Session()
    for client in (s3, forged):
        client._endpoint.http_session = session
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        forged.put_object(Bucket="b", Key="k", Body=b"x" * size)
    assert s3.list_buckets()["Owner"] == {"ID": "me"}


def test_chunked_transfer_encoding(live):
    head, body = sentiment(live, extra="Transfer-Encoding: chunked\r\n")
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 7]), body[i : i + 7]) for i in range(0, len(body), 7))
    with live.connect() as connection:
        status, _, answer = exchange(connection, head + chunked + b"0\r\n\r\n")
    assert (status, b"POSITIVE" in answer) == (200, True)


def test_expect_100_continue(live):
    head, body = raw(live, "s3", "PUT", "/b/expected", b"patience", extra="Expect: 100-continue\r\n")
    with live.connect() as connection:
        connection.sendall(head)
        status, _, _ = head_of(connection)
        assert status == 100
        assert exchange(connection, body)[0] == 200
    assert OBJECTS["expected"][0] == b"patience"


def test_expect_100_continue_refused_at_the_door(live):
    head, _ = raw(live, "s3", "PUT", "/b/expected", b"patience", extra="Expect: 100-continue\r\n")
    with live.connect() as connection:
        connection.sendall(head.replace(b"Signature=", b"Signature=0000"))
        assert head_of(connection)[0] in (100, 400, 403)


def test_http_1_0(live):
    with live.connect() as connection:
        head, body = sentiment(live, version="1.0")
        status, fields, answer = exchange(connection, head + body)
        assert (status, b"POSITIVE" in answer) == (200, True)
        assert int(fields["content-length"]) == len(answer)
        assert connection.recv(1) == b""


def test_head_has_no_body(live):
    OBJECTS["headed"] = b"y" * 77, {}
    with live.connect() as connection:
        head, _ = raw(live, "s3", "HEAD", "/b/headed")
        connection.sendall(head)
        status, fields, rest = head_of(connection)
        assert (status, fields["content-length"], rest) == (200, "77", b"")
        head, _ = raw(live, "s3", "HEAD", "/b/nothing")
        connection.sendall(head)
        status, _, rest = head_of(connection)
        assert (status, rest) == (404, b"")


def test_gzip_is_bounded(live):
    body = gzip.compress(b"0" * 70_000_000)
    target = {"X-Amz-Target": "Comprehend_20171127.DetectSentiment", "Content-Encoding": "gzip"}
    head, _ = raw(live, "comprehend", "POST", "/", body, target)
    with live.connect() as connection:
        assert exchange(connection, head + body)[0] == 413


def test_a_body_over_the_limit_is_refused_unread(live):
    head, _ = sentiment(live, extra="")
    huge = head.replace(b"Content-Length: ", b"Content-Length: 99999999")
    with live.connect() as connection:
        assert exchange(connection, huge)[0] == 413


def test_a_client_that_leaves_ends_the_stream(live):
    LEFT.clear()
    head, _ = raw(live, "s3", "GET", "/b/endless")
    with live.connect() as connection:
        connection.sendall(head)
        assert head_of(connection)[0] == 200
        assert len(connection.recv(65_536)) > 0
    assert LEFT.wait(10)


def test_a_client_that_reads_slowly_holds_the_answer_back(live):
    made = 0

    def counted():
        nonlocal made
        for _ in range(2000):
            made += 65_536
            yield b"x" * 65_536

    OBJECTS["slow"] = counted(), {}
    head, _ = raw(live, "s3", "GET", "/b/slow")
    with live.connect() as connection:
        connection.sendall(head)
        assert head_of(connection)[0] == 200
        time.sleep(0.5)
        assert made < 40_000_000


def test_an_answer_that_breaks_off_does_not_look_whole(live):
    head, _ = raw(live, "s3", "GET", "/b/breaks")
    with live.connect() as connection:
        status, fields, body = exchange(connection, head)
    assert (status, fields.get("content-length")) == (200, "50000")
    assert len(body) < 50_000


def test_a_client_that_leaves_while_it_sends(live):
    head, _ = raw(live, "s3", "PUT", "/b/half", b"x" * 100_000)
    with live.connect() as connection:
        connection.sendall(head + b"x" * 50_000)
    time.sleep(0.2)
    assert "half" not in OBJECTS
    head, body = sentiment(live)
    with live.connect() as connection:
        assert exchange(connection, head + body)[0] == 200


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00\xff\x00\xff\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\njunk",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000 + b"\r\n", b"GET / HTTP/1.1\r\nHost: \xe6\x97\xa5\r\n\r\n",
    ],
    ids=range(12),
)  # fmt: skip
def test_broken_http(live, junk):
    with live.connect() as connection:
        connection.settimeout(2)
        try:
            connection.sendall(junk)
            answer = connection.recv(65_536)
        except (TimeoutError, ConnectionError):
            answer = b""
    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 5")
    head, body = sentiment(live)
    with live.connect() as connection:
        assert exchange(connection, head + body)[0] == 200
