"""Requests that botocore writes reach the service and the operation that they mean, with all services side by side."""

import asyncio
from urllib.parse import urlsplit

import botocore
import pytest
from botocore.awsrequest import AWSRequest

from honmono.wire import model as models
from honmono.wire.errors import OperationUnknown
from honmono.wire.http import Headers, Request
from honmono.wire.routing import Registry, RestRules

from .asgi import call
from .botocore_side import MISSION, PROTOCOLS, prepared, service, to_request
from .dummies import dummy, gateway_of, named_service, sign
from .generating import Values

# Two names of one thing: the retired one has the same method, path and members.
ALIASES = {
    "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
    "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
    "GetBucketNotification": "GetBucketNotificationConfiguration",
    "PutBucketNotification": "PutBucketNotificationConfiguration",
    "ListDirectoryBuckets": "ListBuckets",
}


def claims(form, field):
    """What tells Lex V1 from V2: its ARNs (bot:NAME, bot/ID), and the body of StartImport and ListImports."""

    def claims(self, request):
        if request.path.startswith("/tags/"):
            return form in request.path
        return (field in request.body.decode()) is (form == "bot:")

    return claims


LEX = {"lex-models": {"claims": claims("bot:", "payload")}, "lexv2-models": {"claims": claims("bot/", "payload")}}


@pytest.fixture(scope="module")
def everything():
    gateway = gateway_of(*(named_service(name, **LEX.get(name, {})) for name in reversed(MISSION)))
    yield gateway
    gateway.close()


def send(app, aws_request):
    sent = aws_request.prepare()
    url = urlsplit(sent.url)
    headers = [("host", url.netloc)]
    headers += [(k, v.decode("latin-1") if isinstance(v, bytes) else str(v)) for k, v in sent.headers.items()]
    target = url.path + (f"?{url.query}" if url.query else "")
    body = sent.body or b""
    return call(app, sent.method, target, headers, body.encode() if isinstance(body, str) else bytes(body))


def routed(app, *requests):
    async def run():
        return [await send(app, request) for request in requests]

    return [answer.headers.get("x-routed", answer.body[:200].decode()) for answer in asyncio.run(run())]


@pytest.mark.parametrize(
    ("name", "protocol"), [pair for pair in PROTOCOLS if pair[0] in MISSION], ids=lambda value: value
)
def test_every_operation(everything, name, protocol):
    model = service(name, protocol)
    requests, expected = [], []
    for operation_name in model.operation_names:
        operation = model.operation_model(operation_name)
        given = Values(operation_name, xml=name == "s3").of(operation.input_shape) if operation.input_shape else {}
        for member in ("resourceArn", "resourceARN"):
            if name in LEX and member in given:
                given[member] = f"arn:aws:lex:us-east-1:000000000000:{'bot:B' if name == 'lex-models' else 'bot/B'}"
        for member, shape in operation.input_shape.members.items() if operation.input_shape else ():
            if shape.serialization.get("eventstream") or shape.serialization.get("name") == "Content-Length":
                given.pop(member, None)
        requests.append(sign(prepared(operation, protocol, given), model.signing_name))
        expected.append(f"{name}.{ALIASES.get(operation_name, operation_name)}")
    found = routed(everything, *requests)
    wrong = [f"{want}: {got}" for want, got in zip(expected, found, strict=True) if want != got]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", MISSION)
def test_methods_are_named_as_in_boto3(name):
    for operation in models.load(name).operations.values():
        assert operation.method_name == botocore.xform_name(operation.name)


def test_names_that_boto3_spells_by_exception():
    exceptions = {name: spelled for (name, separator), spelled in botocore._xform_cache.items() if separator == "_"}
    assert {name: models.snake_case(name) for name in exceptions} == exceptions


def scoped(method, path, signing_name, headers=(), query="", body=b""):
    """A request whose credential scope names a service, for the registry alone."""
    fields = [("host", "localhost:4566"), *headers]
    if signing_name:
        fields.append(("authorization", f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{signing_name}/x, …"))
    return Request(method, path, query, Headers(fields), body=body)


@pytest.fixture(scope="module")
def registry():
    return Registry([named_service(name) for name in MISSION])


def test_an_unknown_target_is_for_somebody_else(registry):
    for target in ("DynamoDB_20120810.PutItem", "nonsense", "", ".", "Comprehend_20171127"):
        request = scoped("POST", "/", "comprehend", [("x-amz-target", target)])
        assert registry.route(request, "comprehend") is None


def test_a_service_that_is_not_registered_is_for_somebody_else(registry):
    assert registry.route(scoped("POST", "/", "dynamodb"), "dynamodb") is None


def test_an_unsigned_request_is_for_s3(registry):
    route = registry.route(scoped("GET", "/bucket/key", None), None)
    assert route is not None
    assert route.service.name == "s3"
    assert Registry([]).route(scoped("GET", "/bucket/key", None), None) is None


@pytest.mark.parametrize(("path", "version"), [("/", "2011-06-15"), ("/", "2010-05-08"), ("/", "2016-11-15")])
def test_an_unsigned_form_is_known_by_its_version(registry, path, version):
    form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")]
    body = f"Action=AssumeRoleWithWebIdentity&Version={version}".encode()
    names = {"2011-06-15": "sts", "2010-05-08": "iam", "2016-11-15": "ec2"}
    route = registry.route(scoped("POST", path, None, form, body=body), None)
    assert route.service.name == names[version]
    route = registry.route(scoped("GET", path, None, query=body.decode()), None)
    assert route.service.name == names[version]


def test_rest_services_that_share_a_name_refuse_what_none_of_them_has(registry):
    for signing_name, path in (("lex", "/no/such/path"), ("sagemaker", "/x"), ("personalize", "/")):
        with pytest.raises(OperationUnknown, match="No operation answers"):
            registry.route(scoped("PATCH", path, signing_name), signing_name)


def test_a_wrong_method_or_path_is_a_typed_error(everything):
    wanted = {
        ("lambda", "PATCH", "/2015-03-31/functions/f"): "UnknownOperationException",
        ("polly", "DELETE", "/v1/speech"): "UnknownOperationException",
        ("s3", "PATCH", "/bucket/key"): "MethodNotAllowed",
        ("iotdata", "PUT", "/topics"): "UnknownOperationException",
    }
    for (signing_name, method, path), code in wanted.items():
        request = sign(AWSRequest(method, f"http://localhost:4566{path}", data=b""), signing_name)
        answer = asyncio.run(send(everything, request))
        assert code in answer.headers.get("x-amzn-errortype", "") + answer.body.decode()
        assert answer.status in (400, 404, 405)


KEYS = [
    "k", "d/e", "d/", "d//", "//", "/lead", "a//b", "a b", "a+b", "a%2Fb", "a%20b", "%", "100%", "a?b", "a#b", "a&b=c",
    "日本語/é", "😀", "~.-_", ".", "..", "a/../b", "./a", "\u00a0", "a\nb", "?list-type=2", "x" * 900,
    "'\"<>\\", "\x7f",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_any_key_reaches_s3_as_it_was_given(key):
    seen = []

    async def get_object(self, request, ctx):
        seen.append((request["Bucket"], request["Key"]))
        return {}

    gateway = gateway_of(dummy("s3", get_object=get_object, validates=False))
    model = service("s3", "rest-xml")
    request = prepared(model.operation_model("GetObject"), "rest-xml", {"Bucket": "bucket", "Key": key})
    answer = asyncio.run(send(gateway, sign(request, "s3")))
    gateway.close()
    assert (answer.status, seen) == (200, [("bucket", key)]), answer.body


@pytest.mark.parametrize(
    ("raw", "key"),
    [("a%2fb", "a/b"), ("a+b", "a+b"), ("%e6%97%a5", "日"), ("%E6", "\udce6"), ("%zz", "%zz"), ("%", "%"), ("a%", "a%"),
     ("%41", "A"), ("a;b", "a;b"), ("a%00b", "a\0b"), ("%25", "%"), ("%2e%2e", "..")],
)  # fmt: skip
def test_percent_encoding_oddities(raw, key):
    rules = RestRules(models.load("s3"))
    operation, labels = rules.match(scoped("GET", f"/bucket/{raw}", "s3"))
    assert operation.name == "GetObject"
    assert labels == {"Bucket": "bucket", "Key": key}


@pytest.mark.parametrize(
    ("method", "path", "query", "operation"),
    [
        ("GET", "/", "", "ListBuckets"),
        ("GET", "/b", "", "ListObjects"),
        ("GET", "/b/", "", "ListObjects"),
        ("GET", "/b/", "list-type=2", "ListObjectsV2"),
        ("GET", "/b", "versions", "ListObjectVersions"),
        ("GET", "/b", "uploads=", "ListMultipartUploads"),
        ("GET", "/b/k", "uploadId=1", "ListParts"),
        ("GET", "/b/k", "tagging", "GetObjectTagging"),
        ("GET", "/b", "tagging", "GetBucketTagging"),
        ("GET", "/b/k", "versionId=3", "GetObject"),
        ("GET", "/b/k", "acl&versionId=3", "GetObjectAcl"),
        ("HEAD", "/b", "", "HeadBucket"),
        ("HEAD", "/b/k/", "", "HeadObject"),
        ("PUT", "/b/k", "partNumber=1&uploadId=2", "UploadPart"),
        ("POST", "/b", "delete", "DeleteObjects"),
        ("POST", "/b/k", "uploads", "CreateMultipartUpload"),
        ("POST", "/b/k", "uploadId=2", "CompleteMultipartUpload"),
        ("POST", "/b/k", "select&select-type=2", "SelectObjectContent"),
        ("DELETE", "/b/k", "uploadId=2", "AbortMultipartUpload"),
        ("DELETE", "/b/k", "", "DeleteObject"),
        ("GET", "/b//", "", "GetObject"),
    ],
)
def test_what_other_clients_send_to_s3(method, path, query, operation):
    assert RestRules(models.load("s3")).match(scoped(method, path, "s3", query=query))[0].name == operation


def test_copies_are_known_by_their_header():
    rules = RestRules(models.load("s3"))
    copy = [("x-amz-copy-source", "b/k")]
    assert rules.match(scoped("PUT", "/b/k", "s3"))[0].name == "PutObject"
    assert rules.match(scoped("PUT", "/b/k", "s3", copy))[0].name == "CopyObject"
    part = "partNumber=1&uploadId=2"
    assert rules.match(scoped("PUT", "/b/k", "s3", copy, query=part))[0].name == "UploadPartCopy"


def test_a_virtual_host_is_a_bucket():
    seen = []

    class Virtual(type(dummy("s3"))):
        def rewrite(self, request):
            bucket = request.host.removesuffix(".s3.localhost")
            path = f"/{bucket}{request.raw_path}" if bucket != request.host else request.raw_path
            return Request(request.method, path, request.query_string, request.headers)

    async def get_object(self, request, ctx):
        seen.append(request)
        return {}

    gateway = gateway_of(dummy("s3", base=Virtual, get_object=get_object, validates=False))
    request = sign(AWSRequest("GET", "http://photos.s3.localhost:4566/2026/a%20b.jpg"), "s3")
    assert asyncio.run(send(gateway, request)).status == 200
    gateway.close()
    assert seen == [{"Bucket": "photos", "Key": "2026/a b.jpg"}]


def test_host_prefixes_do_not_matter(everything):
    for name, operation in (("sagemaker", "ListModels"), ("logs", "StartLiveTail"), ("ecr", "DescribeRepositories")):
        model = service(name, "json")
        given = {"logGroupIdentifiers": ["g"]} if name == "logs" else {}
        endpoint = f"http://api.{name}.us-east-1.localhost:4566"
        request = prepared(model.operation_model(operation), "json", given, endpoint=endpoint)
        assert routed(everything, sign(request, model.signing_name)) == [f"{name}.{operation}"]


def test_a_form_without_a_body_is_answered(everything):
    """Nothing waits for a body that has already ended."""
    empty = sign(AWSRequest("POST", "http://localhost:4566/", data=b""), "sts")
    query = "Action=GetCallerIdentity&Version=2011-06-15"
    in_query = sign(AWSRequest("GET", f"http://localhost:4566/?{query}"), "sts")
    found = routed(everything, empty, in_query)
    assert "InvalidAction" in found[0]
    assert found[1] == "sts.GetCallerIdentity"


def test_operations_that_aws_has_and_we_do_not():
    gateway = gateway_of(dummy("comprehend"))
    model = service("comprehend", "json")
    request = prepared(model.operation_model("DetectSentiment"), "json", {"Text": "x", "LanguageCode": "en"})
    answer = asyncio.run(send(gateway, sign(request, "comprehend")))
    gateway.close()
    assert answer.status == 501
    assert b"comprehend.DetectSentiment" in answer.body


def test_operations_that_nobody_has(everything):
    request = AWSRequest(
        "POST", "http://localhost:4566/", data=b"{}", headers={"X-Amz-Target": "Comprehend_20171127.DetectNonsense"}
    )
    answer = asyncio.run(send(everything, sign(request, "comprehend")))
    assert answer.status == 400
    assert "UnknownOperationException" in answer.headers["x-amzn-errortype"]


def test_the_wire_request_of_a_botocore_request():
    """The tests' own conversion keeps what a socket would carry."""
    request = to_request(AWSRequest("GET", "http://h:1/a%20b?c=d%2F", headers={"X-A": "é".encode()}))
    assert (request.raw_path, request.query_string, request.host) == ("/a%20b", "c=d%2F", "h")
    assert request.headers["x-a"].encode("latin-1") == "é".encode()
