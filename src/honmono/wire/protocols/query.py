"""The query protocol (STS, IAM, SNS) and EC2's dialect of it: a form in, XML out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.http import Request, Response
from honmono.wire.model import Operation, Shape
from honmono.wire.protocols.base import Protocol, error_code, error_shape, error_status
from honmono.wire.xml import WriteElement, compile_element_writer, document, error_elements, escape_text, text_reader

Tree = dict[str | None, Any]
"""The form's dotted names as nested dicts: ``Tags.member.1=a`` → {"Tags": {"member": {"1": {None: "a"}}}}."""

_TEXT = None
_NUMBER = re.compile("[0-9]{1,9}")
_MAX_DEPTH = 32
_MAX_FIELDS = 20_000


def form(request: Request) -> dict[str, str]:
    """The request's parameters, from the body or, for GET, from the query.

    Raises SerializationError.
    """
    source = request.query_string if request.method == "GET" and not request.body else None
    try:
        text = request.body.decode() if source is None else source
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise SerializationError(f"The request's form cannot be read: {error}") from error
    return dict(pairs)


def tree(fields: dict[str, str]) -> Tree:
    """The form's dotted names as a tree.

    Raises SerializationError.
    """
    root: Tree = {}
    for name, text in fields.items():
        parts = name.split(".")
        if len(parts) > _MAX_DEPTH:
            raise SerializationError(f"The parameter {name[:60]} is nested too deeply")
        node = root
        for part in parts:
            node = node.setdefault(part, {})
        node[_TEXT] = text
    return root


class QueryProtocol(Protocol):
    """AWS Query: Action and Version beside the parameters, lists as ``Name.member.N``."""

    name: ClassVar[str] = "query"
    dialect: ClassVar[str] = "query"

    def __init__(self) -> None:
        self._readers: dict[Operation, Callable[[Tree], Any]] = {}
        self._writers: dict[Operation, WriteElement] = {}

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The form by the operation's input shape."""
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = _Readers(self.dialect).structure(operation.input)
        parsed: dict[str, Any] = reader(tree(form(request)))
        return parsed

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """``<OpResponse><OpResult>…</OpResult><ResponseMetadata>…``."""
        pieces = [f'<{operation.name}Response xmlns="{operation.model.namespace}">']
        returned = operation.definition.get("output")
        if returned is not None:
            self._writer(operation)(output, returned.get("resultWrapper", f"{operation.name}Result"), pieces)
        pieces.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>")
        pieces.append(f"</{operation.name}Response>")
        return Response(200, _headers(request_id), document(pieces))

    def _writer(self, operation: Operation) -> WriteElement:
        writer = self._writers.get(operation)
        if writer is None:
            writer = compile_element_writer(operation.output, dialect=self.dialect)
            self._writers[operation] = writer
        return writer

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """``<ErrorResponse><Error>`` with Sender or Receiver, code and message."""
        shape = error_shape(operation, error)
        status = error_status(shape, error)
        namespace = (
            operation.model.namespace if operation is not None else "http://webservices.amazon.com/AWSFault/2005-15-09"
        )
        body = document(
            [
                f'<ErrorResponse xmlns="{namespace}"><Error><Type>{"Receiver" if status >= 500 else "Sender"}</Type>',
                f"<Code>{escape_text(error_code(shape, error))}</Code>",
                f"<Message>{escape_text(error.message)}</Message>{error_elements(shape, error)}</Error>",
                f"<RequestId>{request_id}</RequestId></ErrorResponse>",
            ]
        )
        return Response(status, _headers(request_id), body)


class Ec2Protocol(QueryProtocol):
    """EC2's dialect: capitalised names, lists as ``Name.N``, no result wrapper."""

    name: ClassVar[str] = "ec2"
    dialect: ClassVar[str] = "ec2"

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """``<OpResponse><requestId>…</requestId>`` and the members beside it."""
        root = f"{operation.name}Response"
        pieces: list[str] = []
        self._writer(operation)(output, root, pieces)
        pieces[0] = f'<{root} xmlns="{operation.model.namespace}/"><requestId>{request_id}</requestId>'
        return Response(200, _headers(request_id), document(pieces))

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """``<Response><Errors><Error>``."""
        shape = error_shape(operation, error)
        body = document(
            [
                f"<Response><Errors><Error><Code>{escape_text(error_code(shape, error))}</Code>",
                f"<Message>{escape_text(error.message)}</Message>{error_elements(shape, error)}</Error></Errors>",
                f"<RequestID>{request_id}</RequestID></Response>",
            ]
        )
        return Response(error_status(shape, error), _headers(request_id), body)


class _Readers:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._done: dict[tuple[str, bool], Callable[[Tree], Any]] = {}

    def reader(self, shape: Shape) -> Callable[[Tree], Any]:
        if shape.type in ("structure", "list", "map"):
            key = (shape.name, bool(shape.traits.get("flattened")))
            known = self._done.get(key)
            if known is None:
                self._done[key] = lambda node: self._done[key](node)
                known = self._done[key] = getattr(self, shape.type)(shape)
            return known
        read = text_reader(shape)

        def scalar(node: Tree) -> Any:
            if _TEXT not in node:
                raise SerializationError(f"A {shape.type} is expected where there are nested parameters")
            return read(node[_TEXT])

        return scalar

    def _wire_name(self, name: str, member: Shape) -> str:
        if self.dialect == "ec2":
            query_name = member.traits.get("queryName")
            if query_name:
                return str(query_name)
            wire_name = member.location_name or name
            return wire_name[:1].upper() + wire_name[1:]
        if member.type == "list" and member.traits.get("flattened"):
            return member.member.location_name or member.location_name or name
        return member.location_name or name

    def structure(self, shape: Shape) -> Callable[[Tree], Any]:
        members = [
            (
                name,
                self._wire_name(name, member),
                self.reader(member),
                member.type in ("integer", "boolean", "timestamp"),
            )
            for name, member in shape.members.items()
        ]

        def read(node: Tree) -> dict[str, Any]:
            _refuse_text(node, shape)
            found = {}
            for name, wire_name, member, skip_empty in members:
                child = node.get(wire_name)
                if isinstance(child, dict) and not (skip_empty and child == {_TEXT: ""}):
                    found[name] = member(child)
            return found

        return read

    def list(self, shape: Shape) -> Callable[[Tree], Any]:
        member = self.reader(shape.member)
        flattened = self.dialect == "ec2" or bool(shape.traits.get("flattened"))
        item_name = shape.member.location_name or "member"

        def read(node: Tree) -> list[Any]:
            if not flattened:
                _refuse_text(node, shape)
                node = node.get(item_name, {})
            return [member(child) for child in _numbered(node)]

        return read

    def map(self, shape: Shape) -> Callable[[Tree], Any]:
        key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
        member = self.reader(shape.value)
        flattened = bool(shape.traits.get("flattened"))

        def read(node: Tree) -> dict[str, Any]:
            if not flattened:
                node = node.get("entry", {})
            found = {}
            for entry in _numbered(node):
                if key_name not in entry or value_name not in entry:
                    raise SerializationError(f"An entry of {shape.name} needs {key_name} and {value_name}")
                found[entry[key_name].get(_TEXT, "")] = member(entry[value_name])
            return found

        return read


def _refuse_text(node: Tree, shape: Shape) -> None:
    if node.get(_TEXT):
        raise SerializationError(
            f"A {shape.type} ({shape.name}) is expected where there is the text {node[_TEXT][:40]!r}"
        )


def _numbered(node: Tree) -> list[Tree]:
    names = [name for name in node if name is not _TEXT]
    if not all(_NUMBER.fullmatch(name) for name in names) or node.get(_TEXT):
        raise SerializationError("List parameters are numbered: Name.1, Name.2 …")
    return [node[name] for name in sorted(names, key=int)]


def _headers(request_id: str) -> dict[str, str]:
    return {"content-type": "text/xml", "x-amzn-requestid": request_id}
