"""What is no picture, or too large or small a one, is refused in Rekognition's words, from bytes and from S3."""

import io
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image
from tests.conftest import RunningServer
from tests.documents import huge_png


def file(size: tuple[int, int], form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, form)
    return stream.getvalue()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'/>"


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (SVG, "InvalidImageFormatException", "neither JPEG nor PNG"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "InvalidImageFormatException", ""),
        (file((200, 200), "GIF"), "InvalidImageFormatException", "neither JPEG nor PNG"),
        (file((200, 200), "JPEG")[:700], "InvalidImageFormatException", "damaged"),
        (file((200, 200))[:-30], "InvalidImageFormatException", "damaged"),
        (file((1, 1)), "InvalidParameterException", "minimum for a side is 80"),
        (file((10_001, 80)), "ImageTooLargeException", "maximum for a side is 10000"),
        (huge_png(60_000, 60_000), "ImageTooLargeException", "60000 × 60000"),
        (bytes((5 << 20) + 1), "InvalidParameterException", "5242880"),
    ],
    ids=["svg", "svg-as-png", "gif", "half-jpeg", "half-png", "pixel", "wide", "bomb", "heavy"],
)
def test_bytes(server: RunningServer, data: bytes, code: str, says: str) -> None:
    with pytest.raises(ClientError) as caught:
        server.client("rekognition").detect_text(Image={"Bytes": data})
    error = caught.value.response["Error"]
    assert error["Code"] == code and says in error["Message"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.slow
def test_a_picture_of_ten_thousand_by_ten_thousand_is_looked_at(server: RunningServer) -> None:
    data = huge_png(10_000, 10_000)
    assert len(data) < 1 << 20
    try:
        answer = server.client("rekognition").detect_text(Image={"Bytes": data})
    except ClientError as error:  # of which only the head may be true
        assert error.response["Error"]["Code"] == "InvalidImageFormatException"
    else:
        assert answer["TextDetections"] == []


def test_an_image_is_in_the_request_or_in_s3(server: RunningServer) -> None:
    rekognition = server.client("rekognition")
    both: dict[str, Any] = {"Bytes": file((100, 100)), "S3Object": {"Bucket": "pictures", "Name": "a.png"}}
    for image in ({}, both, {"S3Object": {"Bucket": "pictures"}}):
        with pytest.raises(ClientError) as caught:
            rekognition.detect_text(Image=image)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_objects_may_have_fifteen_megabytes(server: RunningServer) -> None:
    s3, rekognition = server.client("s3"), server.client("rekognition")
    s3.create_bucket(Bucket="large")
    for size, code in ((6 << 20, "InvalidImageFormatException"), ((15 << 20) + 1, "ImageTooLargeException")):
        s3.put_object(Bucket="large", Key="large.bin", Body=bytes(size))
        with pytest.raises(ClientError) as caught:
            rekognition.detect_text(Image={"S3Object": {"Bucket": "large", "Name": "large.bin"}})
        assert caught.value.response["Error"]["Code"] == code
