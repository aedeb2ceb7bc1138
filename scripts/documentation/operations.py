"""Which operations of AWS are answered: counted from the service classes, AWS's models and the tests."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from documentation import blocks

PAGE = blocks.ROOT / "docs/services.md"
BLOCK = "operations"
PARTIAL = blocks.ROOT / "docs/partial.toml"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of AWS: `state` is real, partial, untested or not yet; `says` is what there is to add."""

    name: str
    method: str
    state: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """A service with all its operations, by name."""

    service: str
    title: str
    operations: tuple[Operation, ...]

    def of(self, *states: str) -> list[Operation]:
        """Those in one of these states."""
        return [operation for operation in self.operations if operation.state in states]


def coverage() -> list[Coverage]:
    """Every service of ours.

    An operation without a method is not yet there. One in docs/partial.toml is partial, or not yet there where it only
    checks the request and says what is missing. One that no test calls is answered, and nobody has shown that rightly: it
    is not called real.
    """
    from honmono.services.catalogue import service_class, service_names
    from honmono.wire.model import load
    from honmono.wire.service import Service

    remarks = partial()
    found = []
    for name in service_names():
        service, model, called = service_class(name), load(name), _called_in_tests(name)
        operations = []
        for operation_name, operation in sorted(model.operations.items()):
            method = getattr(service, operation.method_name, None)
            if method is None or hasattr(Service, operation.method_name):
                operations.append(Operation(operation_name, operation.method_name, "not yet"))
                continue
            untold = "real" if operation.method_name in called else "untested", _sentence(method)
            state, says = remarks.get((name, operation_name), untold)
            operations.append(Operation(operation_name, operation.method_name, state, says))
        title = str(model.metadata.get("serviceFullName", name))
        found.append(Coverage(name, title, tuple(operations)))
    return found


def partial() -> dict[tuple[str, str], tuple[str, str]]:
    """The states and notes that docs/partial.toml gives, by service and operation."""
    tables = tomllib.loads(PARTIAL.read_text("utf-8"))
    return {
        (service, operation): ("not yet" if group.get("refuses") else "partial", group["note"])
        for service, groups in tables.items()
        for group in groups
        for operation in group["operations"]
    }


def render() -> str:
    """The counts, then a section for each service."""
    found = coverage()
    head = ("service", "boto3", "real", "partial", "answered, untested", "not yet")
    states = ("real", "partial", "untested", "not yet")
    counts = [
        (
            f"[{each.title}](#{each.title.lower().replace(' ', '-')})",
            f"`{each.service}`",
            *(str(len(each.of(state))) for state in states),
        )
        for each in found
    ]
    return "\n\n".join([blocks.table(head, counts), *(part for each in found for part in _section(each))])


def _section(each: Coverage) -> Iterator[str]:
    yield f"## {each.title}"
    there = each.of("real", "partial", "untested")
    if there:
        words = {"untested": "answered, untested"}
        rows = [
            (f"`{operation.name}`", words.get(operation.state, operation.state), operation.says) for operation in there
        ]
        yield blocks.table(("operation", "state", ""), rows)
    missing = each.of("not yet")
    if missing:
        names = [f"`{each.name}`" + (f" ({each.says})" if each.says else "") for each in missing]
        yield f"Not yet ({len(missing)}): " + ", ".join(names) + "."


def _called_in_tests(service: str) -> set[str]:
    """Names that are called as methods in the service's tests."""
    folder = blocks.ROOT / "tests/services" / service
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("**/*.py"))]
    return {name for text in texts for name in re.findall(r"\.([a-z]\w+)\b", text)} | {
        name for text in texts for name in re.findall(r"[\"']([a-z]\w+)[\"']", text)
    }


def _sentence(method: object) -> str:
    """The first sentence of a method's docstring."""
    text = inspect.getdoc(method) or ""
    first = text.split("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=[.;])\s", first)[0]
