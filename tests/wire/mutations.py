"""Requests that are nearly right: true ones of many operations, signed as boto3 signs, then damaged by a seed."""

import gzip
import json
import random
import zlib
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import cbor2
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .botocore_side import prepared, service
from .generating import Values

OPERATIONS = [
    ("comprehend", "json", "DetectSentiment"), ("comprehend", "smithy-rpc-v2-cbor", "BatchDetectSentiment"),
    ("comprehend", "json", "CreateEntityRecognizer"), ("rekognition", "json", "DetectLabels"),
    ("textract", "smithy-rpc-v2-cbor", "AnalyzeDocument"), ("transcribe", "json", "StartTranscriptionJob"),
    ("sagemaker", "json", "CreateTrainingJob"), ("logs", "json", "PutLogEvents"), ("ecs", "json",
    "RegisterTaskDefinition"),
    ("cloudwatch", "smithy-rpc-v2-cbor", "PutMetricData"), ("cloudwatch", "query", "PutMetricData"),
    ("sts", "query", "AssumeRole"), ("sts", "query", "GetCallerIdentity"), ("iam", "query", "CreateRole"),
    ("iam", "query", "SimulateCustomPolicy"), ("ec2", "ec2", "RunInstances"), ("ec2", "ec2", "DescribeInstances"),
    ("polly", "rest-json", "SynthesizeSpeech"), ("lex-runtime", "rest-json", "PostText"),
    ("lex-runtime", "rest-json", "PostContent"), ("lambda", "rest-json", "CreateFunction"),
    ("lambda", "rest-json", "Invoke"), ("sagemaker-runtime", "rest-json", "InvokeEndpoint"),
    ("personalize-events", "rest-json", "PutEvents"), ("s3", "rest-xml", "ListBuckets"), ("s3", "rest-xml",
    "PutObject"),
    ("s3", "rest-xml", "GetObject"), ("s3", "rest-xml", "DeleteObjects"), ("s3", "rest-xml", "CompleteMultipartUpload"),
    ("s3", "rest-xml", "ListObjectsV2"), ("s3", "rest-xml", "PutBucketLifecycleConfiguration"),
    ("s3", "rest-xml", "PutObjectTagging"), ("s3", "rest-xml", "PutBucketCors"),
]  # fmt: skip
"""Where mutants come from: every protocol, nested and flat inputs, blobs and streams."""

_JUNK = [
    "", "0", "-1", "null", "\x00", "%", "%zz", "../../etc/passwd", "é", "日本", "\ud7ff", "a" * 5000, "'\"<>&;",
    "{{7*7}}",
    "${jndi:ldap://x}", "\r\nx-injected: 1", "1e999", "2" * 400, "NaN", "true", "[]", "{}", "AWS4-HMAC-SHA256",
    ",", "=",
]  # fmt: skip
_TYPES = [
    None,
    True,
    False,
    0,
    -1,
    1e308,
    2**31,
    2**64,
    "",
    "x",
    "\x00",
    [],
    {},
    [None],
    [[]],
    {"": None},
    {"a": {"b": []}},
]
_CONTENT_TYPES = [
    "application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/cbor", "text/xml",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/vnd.amazon.eventstream", "",
    "application/octet-stream", "junk",
]  # fmt: skip
_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X"]


@cache
def bomb():
    """Eighty megabytes in eighty kilobytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(80)) + packer.flush()


@dataclass
class Mutant:
    """A request as it will be sent; ``notes`` says what was done to it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    signing_name: str
    notes: list[str] = field(default_factory=list)


class Mutants:
    """A seeded source of mutants for a server at ``endpoint``."""

    def __init__(self, seed, endpoint="http://127.0.0.1:4566", credentials=("test", "test")):
        self.random = random.Random(seed)
        self.endpoint = endpoint
        self.credentials = Credentials(*credentials)

    def true_request(self):
        """An undamaged request for a random operation, unsigned."""
        name, protocol, operation_name = self.random.choice(OPERATIONS)
        operation = service(name, protocol).operation_model(operation_name)
        values = Values(self.random.random(), xml=protocol == "rest-xml")
        given = values.of(operation.input_shape) if operation.input_shape else {}
        request = prepared(operation, protocol, given, endpoint=self.endpoint).prepare()
        url = urlsplit(request.url)
        body = request.body or b""
        headers = {k: v.decode("latin-1") if isinstance(v, bytes) else str(v) for k, v in request.headers.items()}
        headers.pop("Content-Length", None)
        return Mutant(
            request.method,
            (url.path or "/") + (f"?{url.query}" if url.query else ""),
            headers,
            body.encode() if isinstance(body, str) else bytes(body),
            service(name).signing_name,
            [f"{name}.{operation_name} {protocol}"],
        )

    def next(self):
        """The next mutant, signed or not."""
        mutant = self.true_request()
        chosen = self.random
        changes = [
            self.damage_body,
            self.retype,
            self.junk_header,
            self.junk_target,
            self.swap,
            self.encode,
            self.chunk,
        ]
        before = chosen.choices(changes, k=chosen.choice([0, 1, 1, 1, 2]))
        for change in before:
            change(mutant)
        kind = chosen.random()
        if kind < 0.75:
            self.sign(mutant)
        if kind < 0.35 or not before:
            chosen.choice([self.forge, self.damage_body, self.junk_header, self.junk_target])(mutant)
        return mutant

    def sign(self, mutant):
        """Sign as boto3 does; what cannot be signed stays as it is."""
        headers = {k: v for k, v in mutant.headers.items() if "\r" not in v and "\n" not in v}
        try:
            request = AWSRequest(mutant.method, self.endpoint + mutant.target, headers, mutant.body)
            kind = S3SigV4Auth if mutant.signing_name == "s3" else SigV4Auth
            kind(self.credentials, mutant.signing_name, "us-east-1").add_auth(request)
        except (ValueError, UnicodeError, KeyError):
            mutant.notes.append("unsignable")
            return
        mutant.headers = {
            k: v.decode("latin-1") if isinstance(v, bytes) else str(v) for k, v in request.headers.items()
        }
        mutant.notes.append("signed")

    # What is done to them

    def damage_body(self, mutant):
        chosen, body = self.random, mutant.body
        how = chosen.choice(["flip", "cut", "double", "insert", "empty", "junk", "huge", "deep", "repeat"])
        at = chosen.randrange(len(body) + 1)
        if how == "flip" and body:
            at = chosen.randrange(len(body))
            body = body[:at] + bytes([body[at] ^ chosen.randrange(1, 256)]) + body[at + 1 :]
        elif how == "cut":
            body = body[:at]
        elif how == "double":
            body = body + body
        elif how == "insert":
            body = body[:at] + chosen.randbytes(chosen.choice([1, 4, 100])) + body[at:]
        elif how == "empty":
            body = b""
        elif how == "junk":
            body = chosen.randbytes(chosen.choice([1, 10, 1000]))
        elif how == "huge":
            body = body[:at] + chosen.choice([b"x", b"[", b"<a>", b"\x9f", b"A=1&", b"0"]) * 200_000 + body[at:]
        elif how == "deep":
            opening = chosen.choice([b"[", b'{"Text":', b"<a>", b"\x81", b"\xa1\x61a", b"\xc1", b"A."])
            body = opening * chosen.choice([50, 2000, 50_000])
        else:
            body = body * chosen.choice([2, 50])
        mutant.body = body
        mutant.notes.append(f"body {how}")

    def retype(self, mutant):
        """Put a value of another type somewhere into the document."""
        content_type = next((v for k, v in mutant.headers.items() if k.lower() == "content-type"), "")
        try:
            if "cbor" in content_type:
                document, write = cbor2.loads(mutant.body), cbor2.dumps
            else:
                document, write = json.loads(mutant.body), lambda value: json.dumps(value).encode()
            if not isinstance(document, dict) or not document:
                return
            node, key = document, self.random.choice(list(document))
            while isinstance(node[key], (dict, list)) and node[key] and self.random.random() < 0.7:
                node = node[key]
                key = self.random.choice(list(node)) if isinstance(node, dict) else self.random.randrange(len(node))
            node[key] = self.random.choice(_TYPES)
            mutant.body = write(document)
            mutant.notes.append(f"retyped {key}")
        except (ValueError, TypeError, OverflowError, RecursionError, cbor2.CBORError):
            self.damage_body(mutant)

    def junk_header(self, mutant):
        chosen = self.random
        known = [
            "X-Amz-Target", "Content-Type", "X-Amz-Date", "X-Amz-Content-Sha256", "Authorization",
            "X-Amz-Security-Token",
            "smithy-protocol", "Content-Encoding", "x-amz-decoded-content-length", "x-amz-trailer", "Range", "Expect",
            "x-amz-copy-source", "If-Match", "Content-MD5", "x-amz-checksum-crc32", "x-amz-tagging",
            "x-amz-acl", "Date",
            "x-amz-meta-a", "Accept-Encoding", "x-amz-sdk-checksum-algorithm", "x-amzn-query-mode", "Origin",
        ]  # fmt: skip
        name = chosen.choice([*known, *mutant.headers])
        present = next((k for k in mutant.headers if k.lower() == name.lower()), name)
        how = chosen.choice(["junk", "drop", "edit"])
        if how == "drop":
            mutant.headers.pop(present, None)
        elif how == "edit" and mutant.headers.get(present):
            value = mutant.headers[present]
            at = chosen.randrange(len(value))
            mutant.headers[present] = value[:at] + chosen.choice("azAZ09/=,.:;-_ ") + value[at + 1 :]
        else:
            values = _CONTENT_TYPES if name == "Content-Type" else _JUNK
            mutant.headers[present] = chosen.choice(values).encode().decode("latin-1")
        mutant.notes.append(f"header {how} {name}")

    def junk_target(self, mutant):
        chosen = self.random
        path, _, query = mutant.target.partition("?")
        how = chosen.choice(["method", "path", "query", "both", "long"])
        junk = "".join(c if 32 < ord(c) < 127 else f"%{ord(c) & 255:02X}" for c in chosen.choice(_JUNK))
        if how == "method":
            mutant.method = chosen.choice(_METHODS)
        elif how == "path":
            at = chosen.randrange(len(path) + 1)
            path = path[:at] + chosen.choice([junk, "/", "//", "%2F", "%00", "%E6", "%", ";a=b"]) + path[at:]
        elif how == "query":
            query = chosen.choice(
                [
                    junk, f"{query}&{junk}={junk}", "Action=X&Version=2011-06-15", "list-type=2&max-keys=x", "uploads",
                    "X-Amz-Signature=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/d/e&X-Amz-Date=1",
                    "AWSAccessKeyId=test&Signature=x&Expires=1", "partNumber=x&uploadId=y", "versionId=%00",
                    "a=1&" * 2000,
                    "tagging", "Action=GetCallerIdentity", "uploadId", "partNumber=99999999999999999999&uploadId=1",
                ]
            )  # fmt: skip
        elif how == "long":
            path += "/" + "x" * chosen.choice([300, 4000])
        else:
            path, query = "/" + junk, junk
        mutant.target = ("/" + path.lstrip() if not path.startswith("/") else path) + (f"?{query}" if query else "")
        mutant.notes.append(f"target {how}")

    def swap(self, mutant):
        """Give it another operation's body or headers: the wrong protocol."""
        other = self.true_request()
        which = self.random.choice(["body", "headers", "target", "scope"])
        if which == "body":
            mutant.body = other.body
        elif which == "headers":
            mutant.headers = dict(other.headers)
        elif which == "target":
            mutant.method, mutant.target = other.method, other.target
        else:
            mutant.signing_name = other.signing_name
        mutant.notes.append(f"{which} of {other.notes[0]}")

    def encode(self, mutant):
        how = self.random.choice(["gzip", "bomb", "cut gzip", "not gzip", "br"])
        if how in ("gzip", "cut gzip"):
            packed = gzip.compress(mutant.body)
            mutant.body = packed if how == "gzip" else packed[: len(packed) // 2]
        elif how == "bomb":
            mutant.body = bomb()
        mutant.headers["Content-Encoding"] = "br" if how == "br" else "gzip"
        mutant.notes.append(how)

    def chunk(self, mutant):
        """Call the body aws-chunked, rightly or not."""
        form = self.random.choice(
            ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "UNSIGNED-PAYLOAD", "0" * 64]
        )
        if self.random.random() < 0.7:
            mutant.body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(mutant.body), mutant.body)
        mutant.headers["X-Amz-Content-Sha256"] = form
        mutant.headers["x-amz-decoded-content-length"] = self.random.choice(
            ["0", "10", "-1", "x", str(len(mutant.body))]
        )
        mutant.headers["Content-Encoding"] = "aws-chunked"
        mutant.notes.append(f"chunked {form[:25]}")

    def forge(self, mutant):
        value = mutant.headers.get("Authorization")
        if not value:
            return
        how = self.random.choice(["signature", "key", "scope", "headers", "cut", "date"])
        if how == "signature":
            value = value[:-4] + "beef"
        elif how == "key":
            value = value.replace("test/", "AKIAFORGED/")
        elif how == "scope":
            value = value.replace("us-east-1", "mars-1")
        elif how == "headers":
            value = value.replace("SignedHeaders=", "SignedHeaders=x-not-there;")
        elif how == "cut":
            value = value[: self.random.randrange(len(value))]
        else:
            mutant.headers["X-Amz-Date"] = "19700101T000000Z"
        mutant.headers["Authorization"] = value
        mutant.notes.append(f"forged {how}")
