"""What every protocol offers, and which one a request speaks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from honmono.wire.errors import ServiceError
from honmono.wire.events import CONTENT_TYPE, Form, encode_events
from honmono.wire.http import Request, Response
from honmono.wire.model import Operation, Shape


class Protocol(ABC):
    """One of AWS's protocols. Instances are stateless but for compiled shapes."""

    name: ClassVar[str]

    @abstractmethod
    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The request as the service's method takes it; ``labels`` are the path's parameters.

        Raises SerializationError.
        """

    @abstractmethod
    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """The HTTP answer for what the service's method returned."""

    @abstractmethod
    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """The HTTP answer for an error."""


def plain_members(operation: Operation) -> list[str]:
    """The output's members that are no stream of events."""
    return [name for name, member in operation.output.members.items() if not member.is_eventstream]


def event_answer(operation: Operation, output: dict[str, Any], form: Form, plain: Response) -> Response:
    """An RPC protocol's answer of events: the body that the plain members make is the ``initial-response``."""
    name, shape = next((n, member) for n, member in operation.output.members.items() if member.is_eventstream)
    assert isinstance(plain.body, bytes)
    headers = {**plain.headers, "content-type": CONTENT_TYPE}
    return Response(plain.status, headers, encode_events(output.get(name, ()), shape, form, initial=plain.body))


def error_shape(operation: Operation | None, error: ServiceError) -> Shape | None:
    """The modelled shape of an error: the operation's own, or any of the service's of that name."""
    if operation is None:
        return None
    shape = operation.errors.get(error.code)
    if shape is None and error.code in set(operation.model.shape_names):
        candidate = operation.model.shape(error.code)
        shape = candidate if candidate.traits.get("exception") else None
    return shape


def error_code(shape: Shape | None, error: ServiceError) -> str:
    """The code on the wire, which the model may spell differently from the shape's name."""
    if shape is None:
        return error.code
    return str(shape.traits.get("error", {}).get("code") or shape.name)


def error_status(shape: Shape | None, error: ServiceError) -> int:
    """The HTTP status: the error's own, the model's, 500 for faults, else 400."""
    if error.status is not None:
        return error.status
    if shape is None:
        return 400
    modelled = shape.traits.get("error", {}).get("httpStatusCode")
    return int(modelled or (500 if shape.traits.get("fault") else 400))
