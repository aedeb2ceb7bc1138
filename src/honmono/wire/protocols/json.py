"""AWS JSON 1.0 and 1.1: one POST, the operation in X-Amz-Target, everything in the body."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson

from honmono.wire.documents import Form
from honmono.wire.formats import load_json
from honmono.wire.model import Operation
from honmono.wire.protocols.rpc import RpcProtocol


class JsonProtocol(RpcProtocol):
    """AWS JSON."""

    name: ClassVar[str] = "json"
    form: ClassVar[Form] = "json"

    def load(self, body: bytes) -> Any:
        """The JSON in the body."""
        return load_json(body)

    def dump(self, document: Any) -> bytes:
        """The document as JSON."""
        return orjson.dumps(document)

    def headers(self, operation: Operation | None, request_id: str) -> dict[str, str]:
        """The JSON version is the model's."""
        version = operation.model.metadata.get("jsonVersion", "1.1") if operation is not None else "1.1"
        return {"content-type": f"application/x-amz-json-{version}", "x-amzn-requestid": request_id}
