"""Errors that reach the client in the protocol's own form."""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """An error of the service, by AWS's code; the operation's model gives its shape and HTTP status.

    ``members`` are further members of the error's shape. ``status`` overrides the model's.
    """

    def __init__(self, code: str, message: str, *, status: int | None = None, **members: Any) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class SerializationError(ServiceError):
    """The request could not be read: malformed JSON, a string where a number belongs."""

    def __init__(self, message: str) -> None:
        super().__init__("SerializationException", message, status=400)


class OperationUnknown(ServiceError):
    """AWS has no such operation."""

    def __init__(self, message: str) -> None:
        super().__init__("UnknownOperationException", message, status=400)


class OperationMissing(ServiceError):
    """AWS has the operation and Honmono does not answer it yet."""

    def __init__(self, service: str, operation: str) -> None:
        super().__init__(
            "NotImplemented",
            f"Honmono does not answer {service}.{operation} yet. `honmono services {service}` lists what it answers.",
            status=501,
        )
