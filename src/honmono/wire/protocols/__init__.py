"""AWS's six protocols, each in both directions.

A protocol parses a request into the dict that a service's method takes, and writes its answer or its error. All are
built from the operation's shapes, compiled on first use.
"""

from functools import cache

from honmono.wire.protocols.base import Protocol
from honmono.wire.protocols.cbor import CborProtocol
from honmono.wire.protocols.json import JsonProtocol
from honmono.wire.protocols.query import Ec2Protocol, QueryProtocol
from honmono.wire.protocols.rest import RestJsonProtocol, RestXmlProtocol

__all__ = ["Protocol", "protocol_for"]

_KINDS: dict[str, type[Protocol]] = {
    kind.name: kind
    for kind in (JsonProtocol, CborProtocol, RestJsonProtocol, RestXmlProtocol, QueryProtocol, Ec2Protocol)
}


@cache
def protocol_for(name: str) -> Protocol:
    """The protocol of that name, as botocore's models write it."""
    return _KINDS[name]()
