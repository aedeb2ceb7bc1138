"""An engine's public methods as data: what goes in, what comes out, which are batched.

Both sides of a process boundary read it from the same class, so that values are decoded into the types that
the method's own annotations name.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from honmono.compute.codec import Decoder
from honmono.engines.base import BatchedMethod, BatchRule, Engine


@dataclass(frozen=True, slots=True)
class Method:
    """One public method.

    Attributes:
        rule: how it is batched; None: not.
        arguments: decodes a tuple of all arguments (of a batched method: of the columns).
        answer: decodes the answer (of a batched method: one item's).
    """

    name: str
    rule: BatchRule | None
    signature: inspect.Signature
    function: Callable[..., Any]
    arguments: Decoder[tuple[Any, ...]]
    answer: Decoder[Any]

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """All arguments in order, defaults filled in. Raises TypeError as a direct call would."""
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def columns(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows of a batched call's columns. Raises TypeError, and ValueError for columns of unequal
        length."""
        columns = self.bind(args, kwargs)
        if not all(isinstance(column, list) for column in columns):
            raise TypeError(f"{self.name} takes lists")
        return list(zip(*columns, strict=True))


def surface(engine: type[Engine]) -> dict[str, Method]:
    """The public methods of a class by name.

    Raises:
        TypeError: a method cannot cross processes; says which annotation is missing or impossible.
    """
    methods = {}
    for name in dir(engine):
        if name.startswith("_") or hasattr(Engine, name):
            continue
        attribute = inspect.getattr_static(engine, name)
        if isinstance(attribute, BatchedMethod):
            methods[name] = _describe(engine, name, attribute.function, attribute.rule)
        elif inspect.isfunction(attribute):
            methods[name] = _describe(engine, name, attribute, None)
    return methods


def _describe(engine: type[Engine], name: str, function: Callable[..., Any], rule: BatchRule | None) -> Method:
    where = f"{engine.__module__}:{engine.__qualname__}.{name}"
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if any(parameter.kind is not parameter.POSITIONAL_OR_KEYWORD for parameter in parameters):
        raise TypeError(f"{where}: every parameter must be one that can be given by place and by name")
    hints = _hints(function, where)
    if missing := [each for each in (*(p.name for p in parameters), "return") if each not in hints]:
        raise TypeError(f"{where}: has no annotation for {', '.join(missing)}")
    answer = hints["return"]
    if rule is not None:
        for each in (*(parameter.name for parameter in parameters), "return"):
            if typing.get_origin(hints[each]) is not list:
                raise TypeError(f"{where} is batched: {each} must be annotated as a list[...]")
        [answer] = typing.get_args(answer)
        if not parameters:
            raise TypeError(f"{where} is batched: it needs a parameter")
    try:
        kinds: Any = types.GenericAlias(tuple, tuple(hints[parameter.name] for parameter in parameters))
        arguments: Decoder[tuple[Any, ...]] = Decoder(kinds)
        decoder: Decoder[Any] = Decoder(answer)
    except TypeError as error:
        raise TypeError(f"{where}: {error}") from error
    return Method(name, rule, inspect.Signature(parameters), function, arguments, decoder)


def _hints(function: Callable[..., Any], where: str) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except NameError as error:
        if error.name not in ("np", "numpy", "npt", "NDArray"):
            raise TypeError(f"{where}: the annotation's name {error.name} is not known at run time") from error
    # The engine's module imports numpy for the type checker only; whoever exchanges arrays needs it now.
    import numpy
    import numpy.typing

    names = {"np": numpy, "numpy": numpy, "npt": numpy.typing, "NDArray": numpy.typing.NDArray}
    return typing.get_type_hints(function, localns=names)
