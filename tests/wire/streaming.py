"""Services that stream: one in and out, of a model that botocore does not have (like Transcribe's), others out."""

import asyncio
import hashlib
from pathlib import Path

from honmono.wire import model as models
from honmono.wire.errors import ServiceError

from .dummies import dummy

OWN = Path(__file__).parent / "models"


def result(text, number):
    return {
        "TranscriptEvent": {
            "Transcript": {
                "Results": [
                    {
                        "ResultId": f"r{number}",
                        "StartTime": number / 2,
                        "EndTime": number / 2 + 0.5,
                        "IsPartial": False,
                        "ChannelId": "ch_0",
                        "Alternatives": [{"Transcript": text, "Items": []}],
                    }
                ]
            }
        }
    }


async def start_stream_transcription(self, request, ctx):
    async def hear():
        number = 0
        async for event in request["AudioStream"]:
            ((name, value),) = event.items()
            if name == "ConfigurationEvent":
                yield result(f"role {value['Role']}", number)
                continue
            chunk = value["AudioChunk"]
            if not chunk:
                break
            if chunk == b"bad":
                raise ServiceError("BadRequestException", "the audio is bad")
            if chunk == b"unmodelled":
                raise ServiceError("OddException", "an odd thing")
            if chunk == b"crash":
                raise RuntimeError("a secret of the server")
            number += 1
            yield result(f"{hashlib.sha256(chunk).hexdigest()[:8]} in {request['LanguageCode']}", number)
        yield result(f"heard {number}", number + 1)

    return {
        "LanguageCode": request["LanguageCode"],
        "MediaSampleRateHertz": request["MediaSampleRateHertz"],
        "SessionId": request.get("SessionId", "a session"),
        "TranscriptResultStream": hear(),
    }


def heard(chunk, language="en-US"):
    """What the service says of a chunk."""
    return f"{hashlib.sha256(chunk).hexdigest()[:8]} in {language}"


def streaming_service(monkeypatch):
    """The service; the model's folder stands in for the product's own models meanwhile."""
    monkeypatch.setattr(models, "_OWN_MODELS", OWN)
    return dummy(
        "test-streaming", start_stream_transcription=start_stream_transcription, validation_code="BadRequestException"
    )


async def invoke_endpoint_with_response_stream(self, request, ctx):
    body = request["Body"]

    async def parts():
        for word in body.split():
            await asyncio.sleep(0.05)
            if word == b"break":
                raise ServiceError("ModelStreamError", "the model broke", ErrorCode="ModelInvocationTimeExceeded")
            yield {"PayloadPart": {"Bytes": word}}

    return {"Body": parts(), "ContentType": "text/plain", "InvokedProductionVariant": "blue"}


def invoke_with_response_stream(self, request, ctx):
    def parts():
        yield {"PayloadChunk": {"Payload": request["Payload"][::-1]}}
        yield {"InvokeComplete": {"LogResult": "done"}}

    return {"StatusCode": 200, "EventStream": parts()}


def select_object_content(self, request, ctx):
    def parts():
        yield {"Records": {"Payload": request["Expression"].encode()}}
        yield {"Stats": {"Details": {"BytesScanned": 3, "BytesProcessed": 4, "BytesReturned": 5}}}
        yield {"End": {}}

    return {"Payload": parts()}


async def start_live_tail(self, request, ctx):
    async def sessions():
        yield {"sessionStart": {"logGroupIdentifiers": request["logGroupIdentifiers"], "sessionId": "s"}}
        yield {"sessionUpdate": {"sessionResults": [{"message": "日本", "timestamp": 1}]}}
        raise ServiceError("SessionTimeoutException", "long enough")

    return {"responseStream": sessions()}


def answering_services():
    """Services of botocore's models that stream their answers."""
    return [
        dummy("sagemaker-runtime", invoke_endpoint_with_response_stream=invoke_endpoint_with_response_stream),
        dummy("lambda", invoke_with_response_stream=invoke_with_response_stream),
        dummy("s3", select_object_content=select_object_content, validates=False),
        dummy("logs", start_live_tail=start_live_tail),
    ]
