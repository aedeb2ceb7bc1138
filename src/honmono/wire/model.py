"""Service models: what botocore's JSON files say of every request, answer and error.

botocore ships one ``service-2.json.gz`` for each AWS service. This module reads those files directly (importing
botocore itself costs half a second that a server does not need), and beside them the models of services that
botocore does not know, from ``wire/models/``. Shapes are resolved lazily: EC2's model has 5,000 of them.
"""

from __future__ import annotations

import gzip
import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import orjson

_OWN_MODELS = Path(__file__).parent / "models"
_HEAD = 64 * 1024
_BRANDS = ("iSCSI", "HITs", "OAuth", "OTel", "PartiQL", "WhatsApp")
"""Words that boto3 keeps together whatever their capitals."""


class UnknownService(LookupError):
    """Neither botocore nor ``wire/models`` has a model of that name."""


class Shape:
    """One shape as seen from one place: the definition with the traits of the reference laid over it."""

    __slots__ = ("__dict__", "model", "name", "traits", "type")

    def __init__(self, model: ServiceModel, name: str, traits: Mapping[str, Any]) -> None:
        self.model = model
        self.name = name
        self.traits = traits
        self.type: str = traits["type"]

    @cached_property
    def members(self) -> dict[str, Shape]:
        """The members of a structure, in the model's order."""
        return {name: self.model.resolve(ref) for name, ref in self.traits.get("members", {}).items()}

    @cached_property
    def member(self) -> Shape:
        """The element of a list."""
        return self.model.resolve(self.traits["member"])

    @cached_property
    def key(self) -> Shape:
        """The key of a map."""
        return self.model.resolve(self.traits["key"])

    @cached_property
    def value(self) -> Shape:
        """The value of a map."""
        return self.model.resolve(self.traits["value"])

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of the members that must be there."""
        return frozenset(self.traits.get("required", ()))

    @property
    def location(self) -> str | None:
        """Where a member travels in HTTP: uri, querystring, header, headers, statusCode; None for the body."""
        return self.traits.get("location")

    @property
    def location_name(self) -> str | None:
        """The member's name on the wire where it differs from the model's."""
        return self.traits.get("locationName")

    @property
    def is_streaming(self) -> bool:
        """A blob whose bytes are streamed, as S3's Body is."""
        return self.type == "blob" and bool(self.traits.get("streaming"))

    @property
    def is_eventstream(self) -> bool:
        """A structure whose members are the events of a stream."""
        return bool(self.traits.get("eventstream"))

    def __repr__(self) -> str:
        return f"<Shape {self.name} {self.type}>"


class Operation:
    """One operation of a service: its HTTP binding, its input, output and errors."""

    def __init__(self, model: ServiceModel, name: str, definition: Mapping[str, Any]) -> None:
        self.model = model
        self.name = name
        self.definition = definition
        http = definition.get("http", {})
        self.http_method: str = http.get("method", "POST")
        self.request_uri: str = http.get("requestUri", "/")
        self.response_code: int = int(http.get("responseCode", 200))

    @cached_property
    def method_name(self) -> str:
        """The Python name of the operation, as boto3 writes it: ``detect_sentiment``."""
        return snake_case(self.name)

    @cached_property
    def input(self) -> Shape:
        """The shape of the request; an empty structure where the operation takes nothing."""
        return self._structure("input")

    @cached_property
    def output(self) -> Shape:
        """The shape of the answer; an empty structure where the operation returns nothing."""
        return self._structure("output")

    def _structure(self, part: str) -> Shape:
        ref = self.definition.get(part)
        if ref is None:
            return Shape(self.model, f"{self.name}{part.title()}", {"type": "structure", "members": {}})
        return self.model.resolve(ref)

    @cached_property
    def errors(self) -> dict[str, Shape]:
        """The operation's modelled errors by shape name and by wire code."""
        found: dict[str, Shape] = {}
        for ref in self.definition.get("errors", ()):
            shape = self.model.resolve(ref)
            found[shape.name] = shape
            code = shape.traits.get("error", {}).get("code")
            if code:
                found.setdefault(code, shape)
        return found

    @property
    def has_unsigned_payload(self) -> bool:
        """Whether clients leave the body out of the signature (over TLS)."""
        return bool(self.definition.get("unsignedPayload")) or self.definition.get("authtype") == "v4-unsigned-body"

    @property
    def deprecated(self) -> bool:
        """Whether AWS has retired the operation, often for another one at the same address."""
        return bool(self.definition.get("deprecated"))

    @cached_property
    def streaming_input(self) -> Shape | None:
        """The member that streams in (a blob or an event stream), if there is one."""
        return _streaming_member(self.input)

    @cached_property
    def event_input(self) -> tuple[str | None, Shape | None]:
        """The name and the shape of the member whose events stream in, or two Nones."""
        return next(((name, m) for name, m in self.input.members.items() if m.is_eventstream), (None, None))

    @cached_property
    def streaming_output(self) -> Shape | None:
        """The member that streams out, if there is one."""
        return _streaming_member(self.output)

    def __repr__(self) -> str:
        return f"<Operation {self.model.name}.{self.name}>"


def _streaming_member(shape: Shape) -> Shape | None:
    payload = shape.traits.get("payload")
    if payload and (shape.members[payload].is_streaming or shape.members[payload].is_eventstream):
        return shape.members[payload]
    return next((member for member in shape.members.values() if member.is_eventstream), None)


class ServiceModel:
    """A service as botocore describes it.

    ``output_roots`` names the root element of an operation's XML answer where AWS's differs from the shape's name:
    botocore's models do not carry it, so the service tells.
    """

    def __init__(self, name: str, document: Mapping[str, Any]) -> None:
        self.name = name
        self.metadata: Mapping[str, Any] = document["metadata"]
        self.operations = {key: Operation(self, key, definition) for key, definition in document["operations"].items()}
        self.output_roots: dict[str, str] = {}
        self.namespace: str | None = self.metadata.get("xmlNamespace")
        self._shapes: Mapping[str, Any] = document["shapes"]
        self._resolved: dict[str, Shape] = {}

    @cached_property
    def by_method(self) -> dict[str, Operation]:
        """Operations by their Python names."""
        return {operation.method_name: operation for operation in self.operations.values()}

    @property
    def shape_names(self) -> Iterator[str]:
        """The names of all shapes."""
        return iter(self._shapes)

    def shape(self, name: str) -> Shape:
        """The shape of that name, with no reference's traits over it."""
        shape = self._resolved.get(name)
        if shape is None:
            shape = self._resolved[name] = Shape(self, name, self._shapes[name])
        return shape

    def resolve(self, ref: Mapping[str, Any]) -> Shape:
        """The shape that a reference names, the reference's own traits over the definition's."""
        name = ref["shape"]
        if len(ref) == 1 or (len(ref) == 2 and "documentation" in ref):
            return self.shape(name)
        return Shape(self, name, {**self._shapes[name], **ref})

    @property
    def protocols(self) -> list[str]:
        """Every protocol the service speaks, the model's preferred one first."""
        return list(self.metadata.get("protocols") or [self.metadata["protocol"]])

    @property
    def signing_name(self) -> str:
        """The service's name in a credential scope."""
        return str(self.metadata.get("signingName") or self.metadata["endpointPrefix"])

    def __repr__(self) -> str:
        return f"<ServiceModel {self.name}>"


@cache
def _botocore_data() -> Path:
    spec = importlib.util.find_spec("botocore")
    if spec is None or not spec.submodule_search_locations:
        raise UnknownService("botocore is not installed, and it carries AWS's service models: pip install botocore")
    return Path(spec.submodule_search_locations[0]) / "data"


@cache
def model_file(name: str) -> Path:
    """The newest model file of the service; our own models come first.

    Raises UnknownService.
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        for root in (_OWN_MODELS, _botocore_data()):
            for version in sorted((root / name).glob("*/"), reverse=True):
                for file in (version / "service-2.json.gz", version / "service-2.json"):
                    if file.is_file():
                        return file
    raise UnknownService(f"there is no service model named {name!r}")


@cache
def load(name: str) -> ServiceModel:
    """The whole model of a service, read once.

    Raises UnknownService.
    """
    file = model_file(name)
    raw = file.read_bytes()
    return ServiceModel(name, orjson.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw))


@cache
def metadata(name: str) -> Mapping[str, Any]:
    """Only the model's ``metadata``, without parsing the rest: what routing needs of services not yet used.

    Raises UnknownService.
    """
    file = model_file(name)
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        head = stream.read(_HEAD)
    match = re.search(rb'"metadata"\s*:\s*(\{.*?\})\s*,\s*"operations"', head, re.DOTALL)
    parsed: Mapping[str, Any] = orjson.loads(match[1]) if match else load(name).metadata
    return parsed


@cache
def service_names() -> frozenset[str]:
    """Every service that has a model."""
    roots = (root for root in (_OWN_MODELS, _botocore_data()) if root.is_dir())
    return frozenset(entry.name for root in roots for entry in root.iterdir() if entry.is_dir())


@cache
def snake_case(name: str) -> str:
    """An operation's name as boto3 spells it: ListObjectsV2 → list_objects_v2, ListARNs → list_arns."""
    for brand in _BRANDS:
        name = name.replace(brand, brand.capitalize())
    plural = re.search(r"[A-Z]{2,}s$", name)
    if plural:
        name = name[: plural.start()] + "_" + plural[0].lower()
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
