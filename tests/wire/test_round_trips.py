"""Requests that botocore writes are read as they were meant; answers that we write are read as they were meant."""

import pytest

from honmono.wire import model as models
from honmono.wire.errors import ServiceError
from honmono.wire.http import Headers, Request
from honmono.wire.protocols import protocol_for
from honmono.wire.routing import RestRules

from .botocore_side import PROTOCOLS, read, request_of, service
from .generating import Values, difference, same

XML = ("rest-xml", "query", "ec2")
RETIRED = {"PutBucketNotification", "GetBucketNotification"}
"""Two of their members have the same name on the wire, "Event": nobody can read those back."""


def operations(name, protocol):
    theirs = service(name, protocol)
    for operation_name, ours in models.load(name).operations.items():
        if operation_name in RETIRED:
            continue
        yield theirs.operation_model(operation_name), ours


def report(failures, total):
    if failures:
        pytest.fail(f"{len(failures)} of {total} differ:\n" + "\n".join(failures[:12]), pytrace=False)


def pruned(value, shape, protocol):
    """The value without what the protocol cannot say, or None where nothing is left.

    A form has no empty structures or maps, EC2's has no empty lists; a flattened list or map in XML is its items.
    """
    form = protocol in ("query", "ec2")
    flat = shape.serialization.get("flattened")
    if shape.type_name == "structure":
        found = {name: pruned(item, shape.members[name], protocol) for name, item in value.items()}
        found = {name: item for name, item in found.items() if item is not None}
        return None if form and not found else found
    if shape.type_name == "list":
        items = [pruned(item, shape.member, protocol) for item in value]
        items = [item for item in items if item is not None]
        return None if not items and (value or flat or protocol == "ec2") else items
    if shape.type_name == "map":
        found = {key: pruned(item, shape.value, protocol) for key, item in value.items()}
        return None if not found and (form or flat) else found
    return value


def inputs(operation, protocol, seed):
    values = Values(seed, xml=protocol == "rest-xml", fractions=True, binary_floats=protocol == "smithy-rpc-v2-cbor")
    if operation.input_shape is None:
        return {}
    given = values.of(operation.input_shape)
    for name, member in operation.input_shape.members.items():
        # The length is the HTTP library's to say.
        if member.serialization.get("eventstream") or member.serialization.get("name") == "Content-Length":
            given.pop(name, None)
    return given


def as_read(theirs, protocol, given):
    """What of the parameters can be read on the other side."""
    shape = theirs.input_shape
    if shape is None:
        return given
    if protocol in XML:
        given = pruned(given, shape, protocol) or {}
    payload = shape.serialization.get("payload")
    if payload and payload not in given:
        # A payload that is not given travels as an empty body, for rest-json as {}.
        if shape.members[payload].type_name == "blob":
            return {**given, payload: b""}
        kind = shape.members[payload]
        if kind.type_name == "structure" and not kind.serialization.get("eventstream") and protocol == "rest-json":
            return {**given, payload: {}}
    return given


@pytest.mark.parametrize(("name", "protocol"), PROTOCOLS)
def test_requests(name, protocol):
    reader = protocol_for(protocol)
    rules = RestRules(models.load(name)) if protocol.startswith("rest") else None
    failures, total = [], 0
    for theirs, ours in operations(name, protocol):
        for seed in range(2 if name == "ec2" else 4):
            total += 1
            given = inputs(theirs, protocol, f"{ours.name}{seed}")
            request = request_of(theirs, protocol, given)
            matched = rules.match(request) if rules else (ours, {})
            if matched is None:
                failures.append(f"{ours.name}: no rule for {request.method} {request.raw_path}")
                continue
            expected = as_read(theirs, protocol, given)
            try:
                found = reader.parse(ours, request, matched[1])
            except ServiceError as error:
                failures.append(f"{ours.name}/{seed}: {error}")
                continue
            if "ContentLength" not in expected:
                found.pop("ContentLength", None)
            if not same(found, expected):
                failures.append(f"{ours.name}/{seed}: {difference(found, expected)}")
    report(failures, total)


def readable(found, given, shape):
    """What boto3 read, without its additions: metadata, header maps that are always there, streams unread."""
    found = {name: value for name, value in found.items() if name != "ResponseMetadata"}
    for name, member in shape.members.items():
        if name in found and hasattr(found[name], "read"):
            found[name] = found[name].read()
        location = member.serialization.get("location")
        unsaid = location in ("headers", "statusCode") or name == shape.serialization.get("payload")
        if name not in given and (unsaid or member.serialization.get("name") == "Content-Type"):
            found.pop(name, None)
    return found


@pytest.mark.parametrize(("name", "protocol"), PROTOCOLS)
def test_answers(name, protocol):
    writer = protocol_for(protocol)
    failures, total = [], 0
    for theirs, ours in operations(name, protocol):
        shape = theirs.output_shape
        if shape is None or theirs.has_event_stream_output:
            continue
        for seed in range(2 if name == "ec2" else 4):
            total += 1
            xml = protocol in XML
            values = Values(f"{ours.name}{seed}", xml=xml, fractions=True)
            values.finite = protocol == "json"  # botocore leaves "NaN" a string there
            given = values.of(shape)
            for member_name, member in shape.members.items():
                if member.serialization.get("location") == "statusCode" and member_name in given:
                    given[member_name] = 202
            response = writer.answer(ours, given, "request-1")
            try:
                parsed = read(theirs, protocol, response)
            except Exception as error:  # noqa: BLE001 - whatever botocore makes of it is the finding
                failures.append(f"{ours.name}/{seed}: {type(error).__name__} {error} {response.body[:300]}")
                continue
            assert parsed["ResponseMetadata"]["RequestId"] == "request-1"
            found = readable(parsed, given, shape)
            expected = pruned(given, shape, "rest-xml") if xml else given
            if not same(found, expected):
                failures.append(f"{ours.name}/{seed}: {difference(found, expected)}")
    report(failures, total)


@pytest.mark.parametrize(("name", "protocol"), PROTOCOLS)
def test_modelled_errors(name, protocol):
    writer = protocol_for(protocol)
    failures, total = [], 0
    for theirs, ours in operations(name, protocol):
        for shape in theirs.error_shapes:
            total += 1
            values = Values(shape.name, xml=protocol in XML, empty=False, full=True)
            members = {k: v for k, v in values.of(shape).items() if k.lower() not in ("message", "code")}
            code = shape.metadata.get("error", {}).get("code") or shape.name
            message = "It failed: 日本 <é> & more"
            for spelling in {shape.name, code}:
                response = writer.error(ours, ServiceError(spelling, message, **members), "request-2")
                parsed = read(theirs, protocol, response)
                error = parsed["Error"]
                wire_code = code
                status = shape.metadata.get("error", {}).get("httpStatusCode")
                status = status or (500 if ours.errors[shape.name].traits.get("fault") else 400)
                for wrong, left, right in (
                    ("code", error["Code"], wire_code),
                    ("message", error["Message"], message),
                    ("status", response.status, status),
                    ("request id", parsed["ResponseMetadata"]["RequestId"], "request-2"),
                ):
                    if left != right:
                        failures.append(f"{ours.name} {shape.name}: {wrong} {left!r} is not {right!r}")
                for member, value in members.items():
                    if not same(parsed.get(member), value):
                        failures.append(f"{ours.name} {shape.name}.{member}: {parsed.get(member)!r} is not {value!r}")
    report(failures, total)


@pytest.mark.parametrize(("name", "protocol"), PROTOCOLS)
def test_an_unmodelled_error_keeps_its_code_and_message(name, protocol):
    theirs, ours = next(operations(name, protocol))
    for status, code in ((400, "ValidationException"), (403, "ExpiredTokenException"), (500, "InternalFailure")):
        if code in ours.errors or code in set(ours.model.shape_names):
            continue
        response = protocol_for(protocol).error(ours, ServiceError(code, f"because {code}", status=status), "request-3")
        parsed = read(theirs, protocol, response)
        assert (response.status, parsed["Error"]["Code"]) == (status, code)
        assert parsed["Error"]["Message"] == f"because {code}"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("a,b", ["a", "b"]),
        (' a , "b,c" ,d', ["a", "b,c", "d"]),
        (r'"say \"hi\"",x', ['say "hi"', "x"]),
        ('"a",', ["a"]),
        ("a,,b", ["a", "", "b"]),
    ],
)
def test_lists_in_headers(text, items):
    operation = models.load("s3").operations["GetObjectAttributes"]
    request = Request("GET", "/b/k", "attributes", Headers([("x-amz-object-attributes", text)]))
    found = protocol_for("rest-xml").parse(operation, request, {"Bucket": "b", "Key": "k"})
    assert found["ObjectAttributes"] == items
