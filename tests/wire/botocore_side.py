"""botocore as the other end of the wire: it writes our requests and reads our answers."""

from functools import cache
from urllib.parse import urlsplit

import botocore.loaders
import botocore.model
import botocore.parsers
import botocore.serialize
from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict
from botocore.response import StreamingBody

from honmono.wire import model as models
from honmono.wire.http import Headers, Request

_NAMES = """
comprehend rekognition textract transcribe translate polly lex-models lex-runtime lexv2-models lexv2-runtime
personalize personalize-runtime personalize-events forecast forecastquery machinelearning sagemaker sagemaker-runtime
sagemaker-featurestore-runtime s3 sts iam sns ec2 ecs ecr logs cloudwatch lambda iot-data
"""
MISSION = _NAMES.split()
"""The services of the mission, by botocore's names."""

ODD = ["dynamodb", "sqs", "bedrock-runtime", "route53", "cloudfront", "s3control", "autoscaling", "glacier", "kinesis"]
"""Services that use what the mission's do not: recursive unions, documents, flattened maps, query-compatible errors."""

PROTOCOLS = [(name, protocol) for name in [*MISSION, *ODD] for protocol in models.metadata(name)["protocols"]]
"""Every service with every protocol it speaks."""

_loader = botocore.loaders.Loader()


@cache
def service(name, protocol=None):
    """botocore's model of a service, made to speak one of its protocols."""
    # Without botocore's "extras": they make S3's Expires a moment, which is any text on the wire.
    version = _loader.determine_latest_version(name, "service-2")
    document = _loader.load_data(f"{name}/{version}/service-2")
    if protocol is not None:
        document = {**document, "metadata": {**document["metadata"], "protocol": protocol, "protocols": [protocol]}}
    return botocore.model.ServiceModel(document, name)


@cache
def _serializer(protocol):
    return botocore.serialize.create_serializer(protocol, include_validation=False)


@cache
def _parser(protocol):
    return botocore.parsers.create_parser(protocol)


def prepared(operation, protocol, params, endpoint="http://localhost:4566"):
    """The HTTP request that boto3 would send, unsigned."""
    parts = _serializer(protocol).serialize_to_request(params, operation)
    prepare_request_dict(parts, endpoint)
    return create_request_object(parts)


def to_request(aws_request):
    """An unsent botocore request as the wire sees it."""
    sent = aws_request.prepare()
    url = urlsplit(sent.url)
    body = sent.body or b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    headers = Headers([("host", url.netloc), *((name, _text(value)) for name, value in sent.headers.items())])
    return Request(sent.method, url.path, url.query, headers, body=bytes(body))


def _text(value):
    # What a socket carries is bytes; servers hand them on as latin-1.
    return (value if isinstance(value, bytes) else str(value).encode()).decode("latin-1")


def request_of(operation, protocol, params):
    """The wire's request for parameters given to boto3."""
    return to_request(prepared(operation, protocol, params))


def read(operation, protocol, response, shape=None):
    """What boto3 makes of our answer."""
    body = response.body
    raw = {
        "status_code": response.status,
        "headers": HeadersDict(response.headers),
        "body": body,
        "context": {"operation_name": operation.name},
    }
    if response.status < 300 and shape is None and operation.has_streaming_output:
        raw["body"] = StreamingBody(_Raw(body), None)
    parsed = _parser(protocol).parse(raw, shape or operation.output_shape)
    if "Error" in parsed and shape is None:
        # As botocore's endpoint does: the members of a modelled error are parsed in a second step.
        error_shape = operation.service_model.shape_for_error_code(parsed["Error"].get("QueryErrorCode") or "")
        error_shape = error_shape or operation.service_model.shape_for_error_code(parsed["Error"].get("Code", ""))
        if error_shape is not None:
            parsed.update(_parser(protocol).parse(raw, error_shape))
    return parsed


class _Raw:
    def __init__(self, body):
        self._left = body.encode() if isinstance(body, str) else bytes(body)

    def read(self, amount=None):
        piece, self._left = self._left, b""
        return piece
