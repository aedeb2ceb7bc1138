"""Bodies that are wrong, deep, huge or malicious are refused with a typed error, soon and in bounded memory."""

import gzip
import struct
import sys
import time
import tracemalloc
from datetime import UTC, datetime

import cbor2
import orjson
import pytest

from honmono.wire import model as models
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.formats import load_cbor
from honmono.wire.gateway import Gateway
from honmono.wire.http import Headers, Request
from honmono.wire.model import ServiceModel
from honmono.wire.protocols import protocol_for
from honmono.wire.protocols.query import form, tree
from honmono.wire.xml import MalformedXML

from .dummies import dummy, gateway_of


@pytest.fixture(scope="module")
def gateway():
    gateway = gateway_of()
    yield gateway
    gateway.close()


def parse(gateway: Gateway, service, operation, protocol, body, *, method="POST", path="/", query="", headers=()):
    """What the gateway makes of a body: the parsed request, or the refusal."""
    request = Request(method, path, query, Headers(headers), body=body)
    operation = models.load(service).operations[operation]
    started = time.process_time()
    try:
        return gateway.parse(protocol_for(protocol), operation, request, {"Bucket": "b", "Key": "k"}, dummy(service))
    except ServiceError as error:
        assert error.status == 400, error
        assert len(error.message) < 50_000
        return error
    finally:
        assert time.process_time() - started < 3


def refused(gateway, *arguments, **options):
    error = parse(gateway, *arguments, **options)
    assert isinstance(error, ServiceError), error
    return error


DEEP = 100_000


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"nonsense", b"[]", b"3", b'"text"', b"null", b"\xff\xfe", b"{'Text': 1}", b'{"Text": NaN}',
        b'{"Text": 1}',
        b'{"Text": null, "LanguageCode": "en"}', b'{"Text": ["a"], "LanguageCode": "en"}', b'{"Text": "\\ud800"}',
        b'{"Text": "a", "LanguageCode": {}}', b"[" * DEEP, b'{"a":' * DEEP, b'{"Text": "a"} trailing', b"\x00" * 1000,
        b'{"Text": "\xed\xa0\x80", "LanguageCode": "en"}', b'\xef\xbb\xbf{"Text": "a", "LanguageCode": "xx"}',
        gzip.compress(b'{"Text": "a"}'), b"<xml/>", b"Action=DetectSentiment", b"{" + b'"a":1,' * 300_000 + b'"b":1}',
        b'{"x":[' + b"{}," * 3_000_000 + b"{}]}",
    ],
    ids=range(25),
)  # fmt: skip
def test_json(gateway, body):
    error = refused(gateway, "comprehend", "DetectSentiment", "json", body)
    assert error.code in ("SerializationException", "ValidationException")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"1"', "STRING_VALUE can not be converted to a Integer"),
        ("1.5", "NUMBER_VALUE can not be converted to a Integer"),
        ("true", "TRUE_VALUE can not be converted to a Integer"),
        ("false", "FALSE_VALUE can not be converted to a Integer"),
        ("[1]", "START_ARRAY token can not be converted to a Integer"),
        ("{}", "START_OBJECT token can not be converted to a Integer"),
        ("2147483648", "out of range"),
        ("1e300", "out of range"),
        ("9" * 400, ""),
        ("-1e400", ""),
    ],
)
def test_wrong_types_in_awss_words(gateway, value, said):
    error = refused(gateway, "comprehend", "ListEndpoints", "json", f'{{"MaxResults": {value}}}'.encode())
    assert error.code == "SerializationException"
    assert said in error.message


def test_null_is_absent_and_unknown_members_are_ignored(gateway):
    body = b'{"Text": "a", "LanguageCode": "en", "Nonsense": {"deep": [1]}, "__type": "x", "Filter": null}'
    assert parse(gateway, "comprehend", "DetectSentiment", "json", body) == {"Text": "a", "LanguageCode": "en"}


def nested(depth, protocol):
    """A value of a shape that contains itself, deeper than Python's stack."""
    document = b'{"Sub":' * depth + b"{}" + b"}" * depth
    return document if protocol == "json" else b"\xa1\x63Sub" * depth + b"\xa0"


@pytest.mark.parametrize("protocol", ["json", "smithy-rpc-v2-cbor"])
@pytest.mark.parametrize("depth", [300, 900, 1023, 50_000])
def test_a_recursive_shape_nested_deeply(gateway, protocol, depth):
    shapes = {"Root": {"type": "structure", "members": {"Sub": {"shape": "Root"}}}}
    document = {
        "metadata": {"protocol": "json", "apiVersion": "1"},
        "operations": {"Do": {"name": "Do", "input": {"shape": "Root"}}},
        "shapes": shapes,
    }
    operation = ServiceModel("test", document).operations["Do"]
    request = Request("POST", "/", "", Headers(), body=nested(depth, protocol))
    try:
        gateway.parse(protocol_for(protocol), operation, request, {}, dummy("comprehend"))
    except ServiceError as error:
        assert (error.code, error.status) == ("SerializationException", 400)


# CBOR


def text(value):
    return cbor2.dumps({"Text": value, "LanguageCode": "en"})


@pytest.mark.parametrize(
    "body",
    [
        b"\xa1", b"\xff", b"\x9f", b"\xbf", b"\xbf\x64Text", b"\x1c", b"\xf8\x01", b"\x80", b"\x01", b"\xf6", b"\x63ab",
        b"\xa1\x64Text\x62\xff\xff", b"\x81" * DEEP, b"\xa1\x61a" * DEEP, b"\x9f" * DEEP, b"\xc1" * DEEP,
        b"\x5b" + struct.pack(">Q", 2**62), b"\x7b" + struct.pack(">Q", 2**63), b"\x9b" + struct.pack(">Q", 2**40),
        b"\xbb" + struct.pack(">Q", 2**40), b"\x9b" + struct.pack(">Q", 2**64 - 1), b"\x5f" + b"\x41a" * 10,
        text(3), text(None), text([]), text(datetime(2026, 1, 1, tzinfo=UTC)), text(b"bytes"), text("\0" * 6000)[:-1],
        b"\xa1\x80\x01", b"\xa1\xa0\x01", b"\xa2\x01\x02", b"{}", b"\x80" * 3_000_000, b"\x82" * 200,
        b"\x9a\x00\x2d\xc6\xc0" + b"\x80" * 3_000_000,
    ],
    ids=range(35),
)  # fmt: skip
def test_cbor(gateway, body):
    tracemalloc.start()
    error = refused(gateway, "comprehend", "DetectSentiment", "smithy-rpc-v2-cbor", body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.code in ("SerializationException", "ValidationException")
    assert peak < 60_000_000


@pytest.mark.parametrize("tag", [*range(300), 1001, 1004, 43000, 55799, 2**32, 2**63])
def test_cbor_tags_other_than_the_moment(tag):
    for value in ("x", b"\x01" * 3, 5, [1, 2], {"a": 1}, [[0, 1], 2]):
        body = cbor2.dumps(cbor2.CBORTag(tag, value))
        if tag == 1 and value == 5:
            assert load_cbor(body) == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
        else:
            with pytest.raises(SerializationError):
                load_cbor(body)


def test_cbor_does_not_unfold_shared_values():
    """Ten lists of ten references each would be ten thousand million values."""
    bomb = cbor2.dumps(["x"] * 10)
    for _ in range(10):
        bomb = b"\xd8\x1c\x8a" + bomb + b"\xd8\x1d\x00" * 9
    with pytest.raises(SerializationError, match="tag"):
        load_cbor(bomb)


def test_cbor_of_indefinite_lengths(gateway):
    body = b"\xbf\x64Text\x7f\x65I lov\x63e i\x61t\xff\x6cLanguageCode\x62en\xff"
    found = parse(gateway, "comprehend", "DetectSentiment", "smithy-rpc-v2-cbor", body)
    assert found == {"Text": "I love it", "LanguageCode": "en"}


def test_a_large_blob_in_cbor_costs_no_scan(gateway):
    body = cbor2.dumps({"Document": {"Bytes": b"\x80" * 9_000_000}})
    found = parse(gateway, "textract", "DetectDocumentText", "smithy-rpc-v2-cbor", body)
    assert len(found["Document"]["Bytes"]) == 9_000_000


# XML

DELETE = ("s3", "DeleteObjects", "rest-xml")
ONE = b"<Delete><Object><Key>k</Key></Object></Delete>"
LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b"<Delete><Object><Key>&c;</Key></Object></Delete>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"<", b"text", b"{}", b"<a>", b"<Delete><Object></Delete>", b"<Other/>", LAUGHS,
        b"<Delete>&undefined;</Delete>",
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><Delete/>', b'<?xml version="1.0" encoding="nonsense"?><Delete/>',
        b'<?xml version="1.0" encoding="utf-7"?><Delete/>', b"\xff\xfe<\x00", b"<Delete>\x00</Delete>",
        b"<Delete><Object><Key>\xff</Key></Object></Delete>", b"<a>" * DEEP, ONE + ONE, b"<D xmlns='x'/>",
        b"<Delete>" + b"<Object/>" * 600_000 + b"</Delete>", b"<Delete a='1' a='2'/>",
        b"<Delete><Quiet>maybe</Quiet></Delete>",
    ],
    ids=range(20),
)  # fmt: skip
def test_xml(gateway, body):
    assert refused(gateway, *DELETE, body).code == "MalformedXML"


@pytest.mark.parametrize(
    "body",
    [
        ONE,
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + ONE,
        b"\xef\xbb\xbf" + ONE,
        ONE.decode().encode("utf-16"),
        b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>k</Key></Object></Delete>',
        b'<s3:Delete xmlns:s3="http://x"><s3:Object><s3:Key>k</s3:Key></s3:Object></s3:Delete>',
        b"<Delete>\n  <Object>\n    <Key><![CDATA[k]]></Key>\n  </Object>\n</Delete>",
        b"<Delete><Unknown><Deep/></Unknown><Object><Key>k</Key><Extra/></Object></Delete>",
    ],
)
def test_xml_in_many_spellings(gateway, body):
    assert parse(gateway, *DELETE, body)["Delete"] == {"Objects": [{"Key": "k"}]}


def test_xml_parameters_of_the_wrong_type(gateway):
    error = refused(gateway, "s3", "ListObjectsV2", "rest-xml", b"", method="GET", query="max-keys=many")
    assert error.code == "InvalidArgument"
    assert "'many'" in error.message


def test_malformed_xml_is_told_in_s3s_words():
    assert str(MalformedXML(" (why)")).startswith("MalformedXML: The XML you provided was not well-formed")


# Forms


@pytest.mark.parametrize(
    "body",
    [
        b"A=1&A.=2", b"A.=1&A=2", b".=1", b"...=1", b"=1", b"=", b"&&&", b"A", b"%", b"%zz=%zz", b"A=%ff", b"\xff=1",
        b"A." * 5000 + b"=1", b"Tags.member.x.Key=1", b"Tags.member.-1.Key=1", b"Tags.member.1e3.Key=1", b"Tags=text",
        b"Tags.member." + b"9" * 5000 + b".Key=1", "Tags.member.١.Key=1".encode(), b"Tags.member.1=text",
        b"RoleName.Deep=1", b"MaxSessionDuration=long", b"MaxSessionDuration=99999999999", b"a=1&" * 30_000,
    ],
    ids=range(24),
)  # fmt: skip
def test_forms(gateway, body):
    error = refused(gateway, "iam", "CreateRole", "query", body)
    assert error.code in ("SerializationException", "ValidationException")


def test_a_list_of_many_numbers_is_in_its_order(gateway):
    fields = "&".join(f"PolicyNames.member.{n}=p{n}" for n in (10, 2, 1, 33))
    operation = models.load("iam").operations["SimulatePrincipalPolicy"]
    body = fields.replace("PolicyNames", "ActionNames").encode()
    found = protocol_for("query").parse(operation, Request("POST", "/", "", Headers(), body=body), {})
    assert found == {"ActionNames": ["p1", "p2", "p10", "p33"]}


def test_names_of_a_form_are_a_tree():
    assert tree(form(Request("POST", "/", "", Headers(), body=b"A.1.B=x&A.1=y&C=%2B+"))) == {
        "A": {"1": {None: "y", "B": {None: "x"}}},
        "C": {None: "+ "},
    }


# Answers


def test_whatever_an_error_says_it_can_be_written():
    """Messages quote what came in: control characters, lone surrogates, markup."""
    message = "bad \x00 \ud800 \udce6 <é> & ]]> \ufffe"
    for service, protocol in (
        ("comprehend", "json"), ("comprehend", "smithy-rpc-v2-cbor"), ("polly", "rest-json"), ("s3", "rest-xml"),
        ("iam", "query"), ("ec2", "ec2"),
    ):  # fmt: skip
        operation = next(iter(models.load(service).operations.values()))
        for code in ("ValidationException", "Odd & <code>"):
            response = protocol_for(protocol).error(operation, ServiceError(code, message, status=400), "id")
            assert isinstance(response.body, bytes)
            assert b"bad" in response.body


def test_parameters_that_are_no_utf8_are_refused(gateway):
    label = {"Bucket": "b", "Key": b"\xe6".decode("utf-8", "surrogateescape")}
    operation = models.load("s3").operations["GetObject"]
    request = Request("GET", "/b/%E6", "", Headers())
    with pytest.raises(ServiceError, match="not UTF-8"):
        gateway.parse(protocol_for("rest-xml"), operation, request, label, dummy("s3"))
    error = refused(gateway, "s3", "ListObjectsV2", "rest-xml", b"", method="GET", query="prefix=%E6")
    assert error.code == "InvalidArgument"


def test_numbers_too_long_to_print():
    body = cbor2.dumps({"MaxResults": 10**5000})
    with pytest.raises(SerializationError):
        operation = models.load("comprehend").operations["ListEndpoints"]
        protocol_for("smithy-rpc-v2-cbor").parse(operation, Request("POST", "/", "", Headers(), body=body), {})
    assert sys.get_int_max_str_digits() < 5000
    assert orjson.loads(b"1") == 1
