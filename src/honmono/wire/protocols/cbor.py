"""Smithy RPC v2 with CBOR: POST /service/NAME/operation/NAME, everything in the body."""

from __future__ import annotations

from typing import Any, ClassVar

from honmono.wire.documents import Form
from honmono.wire.formats import dump_cbor, load_cbor
from honmono.wire.model import Operation
from honmono.wire.protocols.rpc import RpcProtocol


class CborProtocol(RpcProtocol):
    """Smithy RPC v2 CBOR. Timestamps are tag 1, blobs are byte strings."""

    name: ClassVar[str] = "smithy-rpc-v2-cbor"
    form: ClassVar[Form] = "cbor"

    def load(self, body: bytes) -> Any:
        """The CBOR in the body."""
        return load_cbor(body)

    def dump(self, document: Any) -> bytes:
        """The document as CBOR."""
        return dump_cbor(document)

    def headers(self, operation: Operation | None, request_id: str) -> dict[str, str]:
        """They name the protocol."""
        return {
            "content-type": "application/cbor",
            "smithy-protocol": "rpc-v2-cbor",
            "x-amzn-requestid": request_id,
        }
