"""aws-chunked bodies: AWS's published example, botocore's own wrapper, an encoder by the specification, and

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")
damage."""

import hashlib
import hmac
import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.checksums import checksum_of
from honmono.wire.chunked import AwsChunkedDecoder, ChunkedBodyError, ChunkSigning
from honmono.wire.signature import Secret, SignedRequest, signing_key, verify

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TIME = "20130524T000000Z"
SCOPE = "20130524/us-east-1/s3/aws4_request"
KEY = signing_key(SECRET, "20130524", "us-east-1", "s3")
EMPTY = hashlib.sha256(b"").hexdigest()


def link(previous, algorithm, *digests):
    text = "\n".join([algorithm, TIME, SCOPE, previous, *digests])
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


def encode_signed(chunks, seed, trailers=(), blank_line=False):
    """Encode by the specification; the last chunk is added."""
    out, signature = b"", seed
    for chunk in [*chunks, b""]:
        signature = link(signature, "AWS4-HMAC-SHA256-PAYLOAD", EMPTY, hashlib.sha256(chunk).hexdigest())
        out += f"{len(chunk):x};chunk-signature={signature}\r\n".encode() + chunk + (b"\r\n" if chunk else b"")
    if trailers:
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(trailers))
        end = "\n\r\n" if blank_line else "\r\n"
        digest = hashlib.sha256(lines.encode()).hexdigest()
        signature = link(signature, "AWS4-HMAC-SHA256-TRAILER", digest)
        out += lines[:-1].replace("\n", "\r\n").encode() + end.encode()
        out += f"x-amz-trailer-signature:{signature}\r\n".encode()
    return out + b"\r\n"


def encode_unsigned(chunks, trailers=()):
    out = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks if chunk)
    return out + b"0\r\n" + b"".join(f"{n}:{v}\r\n".encode() for n, v in trailers) + b"\r\n"


def signed_decoder(seed="a" * 64, **options):
    return AwsChunkedDecoder(signing=ChunkSigning(KEY, TIME, SCOPE, seed), **options)


def decode(decoder, *pieces):
    payload = b"".join(b"".join(decoder.feed(piece)) for piece in pieces)
    decoder.finish()
    return payload


def failure(decoder, *pieces):
    with pytest.raises(ChunkedBodyError) as caught:
        decode(decoder, *pieces)
    return caught.value


# The example of "Transferring Payload in Multiple Chunks" in the Amazon S3 API reference.
EXAMPLE_SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
EXAMPLE = (
    b"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
    + b"a" * 65536
    + b"\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
    + b"a" * 1024
    + b"\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
)
# And that of "… Including Trailing Headers".
TRAILER_SEED = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
TRAILER_EXAMPLE = (
    b"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
    + b"a" * 65536
    + b"\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
    + b"a" * 1024
    + b"\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
    + b"x-amz-checksum-crc32c:sOO8/Q==\n\r\n"
    + b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
)


def test_the_published_example():
    assert decode(signed_decoder(EXAMPLE_SEED, decoded_length=66560), EXAMPLE) == b"a" * 66560


def test_the_published_example_with_a_trailer():
    decoder = signed_decoder(
        TRAILER_SEED,
        decoded_length=66560,
        trailer_names=frozenset({"x-amz-checksum-crc32c"}),
        signed_trailers=True,
    )
    payload = decode(decoder, TRAILER_EXAMPLE)
    assert decoder.trailers == {"x-amz-checksum-crc32c": checksum_of("CRC32C", payload)}


def test_one_changed_byte_of_data_or_of_a_signature_breaks_the_chain():
    for index in (90, 65600, 65700, len(EXAMPLE) - 10):
        damaged = bytearray(EXAMPLE)
        damaged[index] = ord("b") if damaged[index] != ord("b") else ord("c")
        error = failure(signed_decoder(EXAMPLE_SEED), bytes(damaged))
        assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert failure(signed_decoder("0" * 64), EXAMPLE).code == "SignatureDoesNotMatch"


def test_chunks_in_another_order_or_left_out_break_the_chain():
    body = encode_signed([b"x" * 8192, b"y" * 8192], "a" * 64)
    assert decode(signed_decoder(), body) == b"x" * 8192 + b"y" * 8192
    chunk = len(b"2000;chunk-signature=") + 64 + 2 + 8192 + 2
    swapped = body[chunk : 2 * chunk] + body[:chunk] + body[2 * chunk :]
    left_out = body[chunk:]
    for damaged in (swapped, left_out):
        assert failure(signed_decoder(), damaged).code == "SignatureDoesNotMatch"


def test_a_changed_trailer_is_refused_where_trailers_are_signed():
    options = {"trailer_names": frozenset({"x-amz-checksum-sha1"}), "signed_trailers": True}
    trailer = ("x-amz-checksum-sha1", checksum_of("SHA1", b"abc"))
    for blank_line in (False, True):
        body = encode_signed([b"abc"], "a" * 64, [trailer], blank_line)
        decoder = signed_decoder(**options)
        assert decode(decoder, body) == b"abc"
        assert decoder.trailers == dict([trailer])
        forged = body.replace(trailer[1].encode(), checksum_of("SHA1", b"abd").encode())
        assert failure(signed_decoder(**options), forged).code == "SignatureDoesNotMatch"
    unsigned = encode_signed([b"abc"], "a" * 64)
    assert failure(signed_decoder(**options), unsigned).code == "IncompleteBody"


def test_what_botocore_wraps_comes_out():
    data = bytes(range(256)) * 5000
    wrapper = AwsChunkedWrapper(
        io.BytesIO(data), checksum_cls=Crc32Checksum, checksum_name="x-amz-checksum-crc32", chunk_size=65536
    )
    decoder = AwsChunkedDecoder(trailer_names=frozenset({"x-amz-checksum-crc32"}), decoded_length=len(data))
    assert decode(decoder, wrapper.read()) == data
    assert decoder.trailers == {"x-amz-checksum-crc32": checksum_of("CRC32", data)}


def signed_request(payload_word, **headers):
    request = AWSRequest("PUT", "http://localhost/bucket/key", headers=headers)
    signer = S3SigV4Auth(Credentials("AKID", SECRET), "s3", "us-east-1")
    signer.payload = lambda _: payload_word
    signer.add_auth(request)
    received = {"host": "localhost"} | {name.lower(): value for name, value in request.headers.items()}
    signed = SignedRequest("PUT", "/bucket/key", "", received)
    return verify(signed, lambda *_: Secret(SECRET, None), now=datetime.now(UTC)), received


def test_a_decoder_is_made_for_a_verified_request():
    word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    options = {"X-Amz-Trailer": "x-amz-checksum-crc32", "X-Amz-Decoded-Content-Length": "5"}
    decoder = AwsChunkedDecoder.for_request(*signed_request(word, **options))
    assert decode(decoder, encode_unsigned([b"hello"], [("x-amz-checksum-crc32", "NhCmhg==")])) == b"hello"
    assert decoder.trailers == {"x-amz-checksum-crc32": "NhCmhg=="}

    signed_word = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    verified, headers = signed_request(signed_word, **{"X-Amz-Decoded-Content-Length": "5"})
    key = verified.signing_key_of(verified.scope.date)
    body = encode_unsigned([b"hello"])
    assert failure(AwsChunkedDecoder.for_request(verified, headers), body).code == "InvalidRequest"
    first = hmac.new(
        key,
        "\n".join(
            [
                "AWS4-HMAC-SHA256-PAYLOAD",
                verified.timestamp,
                verified.scope.text,
                verified.signature,
                EMPTY,
                hashlib.sha256(b"hello").hexdigest(),
            ]
        ).encode(),
        hashlib.sha256,
    ).hexdigest()
    decoder = AwsChunkedDecoder.for_request(verified, headers)
    assert b"".join(decoder.feed(f"5;chunk-signature={first}\r\nhello\r\n".encode())) == b"hello"


def test_the_decoded_length_is_needed_and_must_be_true():
    word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    with pytest.raises(ChunkedBodyError) as caught:
        AwsChunkedDecoder.for_request(*signed_request(word))
    assert (caught.value.code, caught.value.status) == ("MissingContentLength", 411)
    with pytest.raises(ChunkedBodyError, match="no number"):
        AwsChunkedDecoder.for_request(*signed_request(word, **{"X-Amz-Decoded-Content-Length": "-5"}))
    for length in (4, 6):
        error = failure(AwsChunkedDecoder(decoded_length=length), encode_unsigned([b"hello"]))
        assert error.code == "IncompleteBody"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "IncompleteBody"),
        (b"5\r\nhel", "IncompleteBody"),
        (b"5\r\nhello\r\n", "IncompleteBody"),
        (b"5\r\nhello\r\n0\r\n", "IncompleteBody"),
        (b"5\r\nhello!\r\n0\r\n\r\n", "InvalidRequest"),
        (b"5\nhello\r\n0\r\n\r\n", "InvalidRequest"),
        (b"-5\r\nhello\r\n0\r\n\r\n", "InvalidRequest"),
        (b"0x5\r\nhello\r\n0\r\n\r\n", "InvalidRequest"),
        (b" 5\r\nhello\r\n0\r\n\r\n", "InvalidRequest"),
        (b"5;chunk-signature=" + b"a" * 64 + b"\r\nhello\r\n0\r\n\r\n", "InvalidRequest"),
        (b"5\r\nhello\r\n0\r\n\r\nmore", "InvalidRequest"),
        (b"5\r\nhello\r\n0\r\n\r\nmore\r\n", "InvalidRequest"),
        (b"1" * 5000, "InvalidRequest"),
        (b"f" * 17 + b"\r\n", "InvalidRequest"),
        (b"0\r\nx-amz-checksum-crc32 AAAA\r\n\r\n", "MalformedTrailerError"),
        (b"0\r\nx-not-announced:AAAA\r\n\r\n", "MalformedTrailerError"),
        (b"0\r\nx-a:1\r\nx-a:2\r\n\r\n", "MalformedTrailerError"),
        (b"0\r\n" + b"x-a:" + b"1" * 20_000 + b"\r\n\r\n", "InvalidRequest"),
    ],
)
def test_malformed_and_truncated_bodies_are_typed_errors(body, code):
    decoder = AwsChunkedDecoder(trailer_names=frozenset({"x-a"}) if b"x-a:" in body else frozenset())
    assert failure(decoder, body).code == code


def test_an_announced_trailer_must_come():
    decoder = AwsChunkedDecoder(trailer_names=frozenset({"x-amz-checksum-crc32"}))
    assert failure(decoder, encode_unsigned([b"hello"])).code == "MalformedTrailerError"


def test_only_the_last_signed_chunk_may_be_short():
    body = encode_signed([b"x" * 8191, b"y"], "a" * 64)
    error = failure(signed_decoder(), body)
    assert (error.code, error.status) == ("InvalidChunkSizeError", 403)
    assert len(decode(signed_decoder(), encode_signed([b"x" * 8192, b"y"], "a" * 64))) == 8193


def test_payload_is_given_as_it_comes_without_copies():
    decoder = AwsChunkedDecoder()
    piece = b"10\r\nabcdefgh"
    views = decoder.feed(piece)
    assert [bytes(view) for view in views] == [b"abcdefgh"]
    assert views[0].obj is piece


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=60), max_size=5),
    cuts=st.lists(st.integers(min_value=0, max_value=800), max_size=12),
    signed=st.booleans(),
)
def test_any_split_of_the_bytes_gives_the_same(chunks, cuts, signed):
    trailers = [("x-amz-checksum-crc32", checksum_of("CRC32", b"".join(chunks)))]
    options = {"trailer_names": frozenset({trailers[0][0]})}
    if signed:
        chunks = [b"".join(chunks)] if chunks else []
        body = encode_signed(chunks, "a" * 64, trailers)
        decoder = signed_decoder(signed_trailers=True, **options)
    else:
        body = encode_unsigned(chunks, trailers)
        decoder = AwsChunkedDecoder(**options)
    edges = sorted({0, len(body), *(min(cut, len(body)) for cut in cuts)})
    pieces = [body[a:b] for a, b in pairwise(edges)]
    assert decode(decoder, *pieces) == b"".join(chunks)
    assert decoder.trailers == dict(trailers)


@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet="0123456789abcdef;=:\r\nchunk-signature", max_size=200).map(str.encode),
    ),
    signed=st.booleans(),
)
def test_noise_never_raises_anything_but_the_typed_error(body, signed):
    decoder = signed_decoder(signed_trailers=True) if signed else AwsChunkedDecoder(decoded_length=10)
    try:
        decode(decoder, body)
    except ChunkedBodyError as error:
        assert error.code
