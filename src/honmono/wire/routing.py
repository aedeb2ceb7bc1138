"""Which service and which operation a request means.

In the order that AWS's own front ends imply: the RPC path of Smithy, the target header, the Version of a form, the
credential scope, the host, the path's rules; S3, whose paths match anything, last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from honmono.wire import model as models
from honmono.wire.errors import OperationUnknown
from honmono.wire.http import Request
from honmono.wire.model import Operation, ServiceModel
from honmono.wire.service import Service

_VERSION = re.compile(rb"(?:^|&)Version=([0-9-]+)(?=&|$)")
_RPC_PATH = re.compile(r"^/service/([^/]+)/operation/([^/]+)$")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: the service, the protocol it speaks, and for RPC protocols the operation's name.

    ``rivals`` are services of one signing name that have the same path: ``settled`` asks them, once the body is read.
    """

    service: Service
    protocol: str
    operation: str | None = None
    rivals: tuple[Service, ...] = ()

    def settled(self, request: Request) -> Route:
        """The route to the rival that claims the request, else to the first."""
        chosen = next((service for service in self.rivals if service.claims(request)), self.service)
        return Route(chosen, self.protocol)


@dataclass(frozen=True, slots=True)
class _Rule:
    operation: Operation
    pattern: re.Pattern[str]
    literals: int
    slash: bool | None
    """Whether the path ends in a slash; None where that is part of a label."""
    query: Mapping[str, str | None]
    needed_query: frozenset[str]
    needed_headers: frozenset[str]

    def fits(self, request: Request) -> bool:
        given = request.query
        for name, value in self.query.items():
            if name not in given or (value is not None and value not in given[name]):
                return False
        return all(name in given for name in self.needed_query) and all(
            name in request.headers for name in self.needed_headers
        )

    def is_exact(self, request: Request) -> bool:
        return self.slash is None or self.slash == request.raw_path.endswith("/")

    @property
    def weight(self) -> tuple[int, int, int, bool]:
        needed = len(self.needed_query) + len(self.needed_headers)
        return (self.literals, len(self.query), needed, not self.operation.deprecated)


class RestRules:
    """The paths of a REST service: which operation a method, path, query and headers mean."""

    def __init__(self, model: ServiceModel) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        for operation in model.operations.values():
            self._rules.setdefault(operation.http_method, []).append(_rule(operation))
        for rules in self._rules.values():
            rules.sort(key=lambda rule: rule.weight, reverse=True)

    def match(self, request: Request) -> tuple[Operation, dict[str, str]] | None:
        """The most specific operation that fits, with the path's labels, or None."""
        known = self._find(request)
        if known is None:
            return None
        rule, found = known
        labels = found.groupdict().items()
        return rule.operation, {_unlabel(name): unquote(text, errors="surrogateescape") for name, text in labels}

    def rank(self, request: Request) -> int:
        """How well the path fits: 0 not at all, 1 but for a slash at its end, 2 exactly."""
        known = self._find(request)
        return 0 if known is None else 1 + known[0].is_exact(request)

    def _find(self, request: Request) -> tuple[_Rule, re.Match[str]] | None:
        for rule in self._rules.get(request.method, ()):
            found = rule.pattern.match(request.raw_path)
            if found and rule.fits(request):
                return rule, found
        return None


def _rule(operation: Operation) -> _Rule:
    path, _, query_text = operation.request_uri.partition("?")
    pieces, literals = [], 0
    for segment in path.strip("/").split("/"):
        if not segment:
            continue
        label = re.fullmatch(r"\{([^}+]+)(\+?)\}", segment)
        if label:
            pieces.append(f"/(?P<{_label(label[1])}>{'.+' if label[2] else '[^/]+'})")
        elif "{" in segment:
            inner = re.sub(r"\\\{([^}+]+)\\\}", lambda m: f"(?P<{_label(m[1])}>[^/]+?)", re.escape(segment))
            pieces.append("/" + inner)
            literals += 1
        else:
            pieces.append("/" + re.escape(segment))
            literals += 1
    greedy = path.endswith("+}")
    pattern = re.compile("".join(pieces) + ("" if greedy else "/?") + r"\Z" if pieces else r"/?\Z", re.DOTALL)
    query = {name: value or None for name, value in parse_qsl(query_text, keep_blank_values=True)}
    members = operation.input.members
    needed = [members[name] for name in operation.input.required]
    return _Rule(
        operation,
        pattern,
        literals,
        None if greedy or not pieces else path.endswith("/"),
        query,
        frozenset(m.location_name or m.name for m in needed if m.location == "querystring") - query.keys(),
        frozenset((m.location_name or m.name).lower() for m in needed if m.location == "header"),
    )


def _label(name: str) -> str:
    return "l_" + name.replace("-", "_2d_").replace(".", "_2e_")


def _unlabel(name: str) -> str:
    return name[2:].replace("_2d_", "-").replace("_2e_", ".")


class Registry:
    """The services that this server answers itself, and the way from a request to one of them."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = {service.name: service for service in services}
        self._targets: dict[str, Service] = {}
        self._versions: dict[str, Service] = {}
        self._signing: dict[str, list[Service]] = {}
        self._rules: dict[str, RestRules] = {}
        for service in self.services.values():
            self._register(service, models.metadata(service.name))

    def _register(self, service: Service, metadata: Mapping[str, Any]) -> None:
        if "targetPrefix" in metadata:
            self._targets[metadata["targetPrefix"]] = service
        protocols = metadata.get("protocols") or [metadata["protocol"]]
        if "query" in protocols or "ec2" in protocols:
            self._versions[metadata["apiVersion"]] = service
        self._signing.setdefault(metadata.get("signingName") or metadata["endpointPrefix"], []).append(service)

    def signed_as(self, signing_name: str) -> Sequence[Service]:
        """The services of that name in a credential scope; several may share one."""
        return self._signing.get(signing_name, [])

    def rules(self, service: Service) -> RestRules:
        """The service's REST paths, compiled on first use."""
        rules = self._rules.get(service.name)
        if rules is None:
            rules = self._rules[service.name] = RestRules(service.model)
        return rules

    def route(self, request: Request, signing_name: str | None) -> Route | None:
        """The service that a request means, or None where it is not one of ours.

        ``signing_name`` is the service in the credential scope, where the request is signed. Raises OperationUnknown
        for an RPC call without an operation.
        """
        target = request.headers.get("x-amz-target")
        if target is not None:
            prefix, _, operation = target.rpartition(".")
            service = self._targets.get(prefix)
            return Route(service, "json", operation) if service is not None else None
        rpc = _RPC_PATH.match(request.path)
        if rpc and request.headers.get("smithy-protocol") == "rpc-v2-cbor":
            service = self._targets.get(rpc[1])
            return Route(service, "smithy-rpc-v2-cbor", rpc[2]) if service is not None else None
        candidates = self._signing.get(signing_name or "", [])
        for service in candidates:
            protocols = models.metadata(service.name).get("protocols") or [models.metadata(service.name)["protocol"]]
            form_protocol = next((p for p in protocols if p in ("query", "ec2")), None)
            if form_protocol and (len(protocols) == 1 or _is_form(request)):
                return Route(service, form_protocol)
        if signing_name is None and _is_form(request):
            service = self._by_version(request)
            if service is not None:
                return Route(service, "ec2" if models.metadata(service.name)["protocol"] == "ec2" else "query")
        if signing_name is not None and not candidates:
            return None
        return self._rest(request, candidates)

    def _by_version(self, request: Request) -> Service | None:
        in_query = request.query.get("Version")
        in_body = _VERSION.search(request.body)
        version = in_query[0] if in_query else in_body[1].decode() if in_body else None
        return self._versions.get(version) if version is not None else None

    def _rest(self, request: Request, candidates: list[Service]) -> Route | None:
        ranked: list[tuple[int, Service, str]] = []
        for service in candidates:
            protocol = str(models.metadata(service.name)["protocol"])
            if protocol in ("rest-json", "rest-xml"):
                if len(candidates) == 1:
                    return Route(service, protocol)
                ranked.append((self.rules(service).rank(service.rewrite(request)), service, protocol))
        best = max((rank for rank, _, _ in ranked), default=0)
        if best:
            fitting = [(service, protocol) for rank, service, protocol in ranked if rank == best]
            rivals = tuple(service for service, _ in fitting) if len(fitting) > 1 else ()
            return Route(*fitting[0], rivals=rivals)
        if candidates:
            raise OperationUnknown(f"No operation answers {request.method} {request.raw_path[:200]}")
        s3 = self.services.get("s3")
        return Route(s3, "rest-xml") if s3 is not None else None


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type") or ""
    return kind.startswith("application/x-www-form-urlencoded") or (
        request.method == "GET" and "Action" in request.query
    )
