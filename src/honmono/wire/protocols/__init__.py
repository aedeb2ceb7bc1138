"""AWS's six protocols, each in both directions.

A protocol parses a request into the dict that a service's method takes, and writes its answer or its error. All are
built from the operation's shapes, compiled on first use.
"""

from honmono.wire.protocols.base import Protocol, protocol_for

__all__ = ["Protocol", "protocol_for"]
