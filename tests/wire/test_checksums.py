"""Checksums against published check values, against awscrt where it is there, and against the joined

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")
bytes."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.checksums import (
    ALGORITHMS,
    COMPOSITE_ALGORITHMS,
    FULL_OBJECT_ALGORITHMS,
    ChecksumError,
    checksum_of,
    composite_checksum,
    decode_digest,
    encode_digest,
    full_object_checksum,
    header_name,
    new_checksum,
)

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")

# "123456789": CRCs from the catalogue of parametrised CRC algorithms; SHA and MD5 from coreutils; xxHash
# from xxhsum.
CHECK_VALUES = {
    "CRC32": "cbf43926",
    "CRC32C": "e3069283",
    "CRC64NVME": "ae8b14860a799888",
    "SHA1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "SHA256": "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    "MD5": "25f9e794323b453885f5181f1b624d0b",
    "XXHASH64": "8cb841db40e6ae83",
}


@pytest.mark.parametrize(("algorithm", "expected"), CHECK_VALUES.items())
def test_check_values(algorithm, expected):
    checksum = new_checksum(algorithm.lower())
    checksum.update(b"1234")
    checksum.update(memoryview(b"56789"))
    assert checksum.digest().hex() == expected
    assert checksum_of(algorithm, b"123456789") == base64.b64encode(bytes.fromhex(expected)).decode()


def test_every_algorithm_that_botocore_sends_is_there():
    import botocore.session

    model = botocore.session.Session().get_service_model("s3")
    assert set(ALGORITHMS) == set(model.shape_for("ChecksumAlgorithm").enum)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_digest_has_the_width_that_its_reader_expects(algorithm):
    text = checksum_of(algorithm, b"abc")
    assert encode_digest(decode_digest(algorithm, text)) == text
    assert text != checksum_of(algorithm, b"abd")


@given(data=st.binary(max_size=5000))
def test_crcs_agree_with_awscrt(data):
    crt = pytest.importorskip("awscrt.checksums")
    assert decode_digest("CRC32C", checksum_of("CRC32C", data)) == crt.crc32c(data).to_bytes(4, "big")
    assert decode_digest("CRC64NVME", checksum_of("CRC64NVME", data)) == crt.crc64nvme(data).to_bytes(8, "big")


@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=8))
def test_full_object_checksum_equals_that_of_the_joined_bytes(parts):
    for algorithm in FULL_OBJECT_ALGORITHMS:
        pairs = [(checksum_of(algorithm, part), len(part)) for part in parts]
        assert full_object_checksum(algorithm, pairs) == checksum_of(algorithm, b"".join(parts))


def test_composite_checksum_is_that_of_the_parts_digests():
    parts = [b"a" * 100, b"b" * 50, b"c"]
    for algorithm in COMPOSITE_ALGORITHMS:
        texts = [checksum_of(algorithm, part) for part in parts]
        joined = b"".join(base64.b64decode(text) for text in texts)
        assert composite_checksum(algorithm, texts) == f"{checksum_of(algorithm, joined)}-3"


def test_what_s3_does_not_have_is_refused():
    with pytest.raises(ChecksumError, match="CRC16"):
        new_checksum("CRC16")
    with pytest.raises(ChecksumError, match="COMPOSITE only"):
        full_object_checksum("SHA256", [(checksum_of("SHA256", b""), 0)])
    with pytest.raises(ChecksumError, match="FULL_OBJECT only"):
        composite_checksum("CRC64NVME", [checksum_of("CRC64NVME", b"")])


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "AAAAAA", "AAAAAA==\n", "é" * 6])
def test_text_that_is_no_checksum_is_refused(text):
    with pytest.raises(ChecksumError, match="x-amz-checksum-crc32 header is invalid"):
        decode_digest("CRC32", text)


def test_header_name():
    assert header_name("CRC64NVME") == "x-amz-checksum-crc64nvme"
