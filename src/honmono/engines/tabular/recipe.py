"""A recipe held against a schema: every name is known, every function gets what it works on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import cast

from honmono.engines.tabular.nodes import (
    Cartesian,
    Category,
    Lowercase,
    NGram,
    Node,
    NoPunctuation,
    Normalize,
    NumericColumn,
    QuantileBin,
    SparseBigram,
    TextColumn,
)
from honmono.engines.tabular.recipe_syntax import Call, Expression, Name, Number, RecipeTree, parse
from honmono.engines.tabular.schema import Schema, Type

MOST_OUTPUTS = 10_000
"""Amazon ML's limit of what a recipe puts out ("recipe complexity")."""
_TYPE_GROUPS = {f"ALL_{kind}": kind for kind in Type}
_ALL = "ALL_INPUTS"
_BAG = "BAG"
"""What ngram, osb and a cartesian with a text make: words, no attribute's type."""
_WORDY = (Type.TEXT, Type.CATEGORICAL, Type.BINARY, _BAG)


class Resolved:
    """What a recipe puts out, as nodes; equal expressions share one.

    Attributes:
        outputs: what features are made of, without repetition, in the recipe's order.
        nodes: all of them, each after those that it stands on.
    """

    def __init__(self, outputs: Sequence[Node]) -> None:
        self.outputs = tuple(outputs)
        found: dict[str, Node] = {}
        for node in outputs:
            _collect(node, found)
        self.nodes = tuple(found.values())
        self.columns = tuple(dict.fromkeys(node.name for node in self.nodes if isinstance(node, _COLUMNS)))
        """The attributes that are read."""


def resolve(text: str, schema: Schema) -> Resolved:
    """Parse a recipe and hold it against a schema.

    Raises:
        RecipeInvalid: the message has the line and the column.
    """
    return _Resolver(parse(text), schema).outputs()


_COLUMNS = (NumericColumn, Category, TextColumn)
_Typed = tuple[Node, str]


class _Resolver:
    def __init__(self, tree: RecipeTree, schema: Schema) -> None:
        self._tree = tree
        self._types = {attribute.name: attribute.type for attribute in schema.inputs}
        self._all_names = set(schema.names)
        self._nodes: dict[str, Node] = {}
        self._groups: dict[str, list[str]] = {
            group: [name for name, each in self._types.items() if each == kind] for group, kind in _TYPE_GROUPS.items()
        }
        self._groups[_ALL] = list(self._types)
        self._assigned: dict[str, list[_Typed]] = {}
        for name, expression in tree.groups.items():
            self._check_free(name, expression)
            self._groups[name] = self._group(expression)
        for name, expression in tree.assignments.items():
            self._check_free(name, expression)
            self._assigned[name] = self._several(expression)

    def outputs(self) -> Resolved:
        found: dict[str, Node] = {}
        for expression in self._tree.outputs:
            for node, _ in self._several(expression):
                found[node.key] = node
                if len(found) > MOST_OUTPUTS:
                    raise self._tree.fault(f"the recipe puts out more than {MOST_OUTPUTS} variables", expression.place)
        if not found:
            raise self._tree.fault(
                "the outputs hold no variable: the groups that they name are empty", self._tree.outputs[0].place
            )
        return Resolved(list(found.values()))

    def _check_free(self, name: str, expression: Expression) -> None:
        if name in self._groups or name in self._assigned:
            raise self._tree.fault(f"the name '{name}' is taken by a group or an assignment", expression.place)
        if name in self._types:
            raise self._tree.fault(f"the name '{name}' is a variable's", expression.place)

    def _group(self, expression: Expression) -> list[str]:
        """The variables of `group(…)` or `group_remove(…)`."""
        if not isinstance(expression, Call) or expression.function not in ("group", "group_remove"):
            raise self._tree.fault("a group is made by group(…) or group_remove(…)", expression.place)
        sets = []
        for argument in expression.arguments:
            if not isinstance(argument, Name):
                raise self._tree.fault("a group holds variables and groups, nothing else", argument.place)
            if argument.name == _ALL:
                raise self._tree.fault("a group cannot be made with ALL_INPUTS", argument.place)
            sets.append(self._variables(argument))
        if expression.function == "group":
            return list(dict.fromkeys(name for each in sets for name in each))
        removed = {name for each in sets[1:] for name in each}
        return [name for name in sets[0] if name not in removed]

    def _variables(self, name: Name) -> list[str]:
        if name.name in self._groups:
            return self._groups[name.name]
        self._check_variable(name)
        return [name.name]

    def _check_variable(self, name: Name) -> None:
        if name.name in self._types:
            return
        if name.name in self._all_names:
            raise self._tree.fault(
                f"'{name.name}' is the target, the row's id or excluded: nothing can be learned from it", name.place
            )
        close = [known for known in (*self._types, *self._groups) if known.lower() == name.name.lower()]
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise self._tree.fault(f"there is no variable, group or assignment '{name.name}'{hint}", name.place)

    def _several(self, expression: Expression) -> list[_Typed]:
        """What an expression stands for: a group, or a function of one, for several."""
        if isinstance(expression, Number):
            raise self._tree.fault("a number alone is no variable", expression.place)
        if isinstance(expression, Name):
            if expression.name in self._assigned:
                return self._assigned[expression.name]
            return [self._column(name) for name in self._variables(expression)]
        return self._call(expression)

    def _column(self, name: str) -> _Typed:
        kind = self._types[name]
        if kind is Type.NUMERIC:
            return self._node(NumericColumn(name)), kind
        if kind is Type.TEXT:
            return self._node(TextColumn(name)), kind
        return self._node(Category(name, is_binary=kind is Type.BINARY)), kind

    def _node(self, node: Node) -> Node:
        return self._nodes.setdefault(node.key, node)

    def _call(self, call: Call) -> list[_Typed]:
        known = (*_WITHOUT, *_WITH, "cartesian")
        if call.function == "cartesian":
            return self._cartesian(call)
        if call.function in _WITHOUT:
            wanted, made, make = _WITHOUT[call.function]
            if len(call.arguments) != 1:
                raise self._tree.fault(f"{call.function} takes one variable or group", call.place)
            return [
                (self._node(make(node)), made or kind)
                for node, kind in self._fitting(call.arguments[0], wanted, call.function)
            ]
        if call.function in _WITH:
            wanted, made, build, low, high = _WITH[call.function]
            if len(call.arguments) != 2 or not isinstance(call.arguments[1], Number):
                raise self._tree.fault(f"{call.function} takes a variable or group, and a whole number", call.place)
            size = call.arguments[1].value
            if not low <= size <= high:
                raise self._tree.fault(
                    f"{call.function} takes a number from {low} to {high}, not {size}", call.arguments[1].place
                )
            found = self._fitting(call.arguments[0], wanted, call.function)
            return [(self._node(build(node, size)), made) for node, _ in found]
        if call.function in ("group", "group_remove"):
            raise self._tree.fault(f"{call.function} stands only in the section groups", call.place)
        raise self._tree.fault(
            f"there is no function '{call.function}'; there are {', '.join(sorted(known))}", call.place
        )

    def _fitting(self, argument: Expression, wanted: Sequence[str], function: str) -> list[_Typed]:
        found = self._several(argument)
        for node, kind in found:
            if kind not in wanted:
                what = "words" if kind == _BAG else kind
                raise self._tree.fault(
                    f"{function} works on {' and '.join(each for each in wanted if each != _BAG)}; {node.key} is {what}",
                    argument.place,
                )
        return found

    def _cartesian(self, call: Call) -> list[_Typed]:
        if len(call.arguments) < 2:
            raise self._tree.fault("cartesian takes two variables or more", call.place)
        inner: list[Node] = []
        is_bag = False
        for argument in call.arguments:
            found = self._fitting(argument, _WORDY, "cartesian")
            if len(found) != 1:
                raise self._tree.fault(f"cartesian takes single variables; this group has {len(found)}", argument.place)
            inner.append(found[0][0])
            is_bag = is_bag or found[0][1] in (Type.TEXT, _BAG)
        return [(self._node(Cartesian(inner)), _BAG if is_bag else Type.CATEGORICAL)]


def _column_of(node: Node) -> NumericColumn:
    """The attribute that a number comes from: scaling it changes neither its bins nor its scaled value."""
    return node.column if isinstance(node, Normalize) else cast(NumericColumn, node)


_WITHOUT: dict[str, tuple[Sequence[str], str, Callable[[Node], Node]]] = {
    "lowercase": ((Type.TEXT, Type.CATEGORICAL, _BAG), "", Lowercase),
    "no_punct": ((Type.TEXT, Type.CATEGORICAL, _BAG), "", NoPunctuation),
    "nopunct": ((Type.TEXT, Type.CATEGORICAL, _BAG), "", NoPunctuation),
    "normalize": ((Type.NUMERIC,), Type.NUMERIC, lambda node: Normalize(_column_of(node))),
}
"""Functions of one variable: what they work on, what they make (as before, where empty)."""

_WITH: dict[str, tuple[Sequence[str], str, Callable[[Node, int], Node], int, int]] = {
    "ngram": ((Type.TEXT,), _BAG, NGram, 1, 10),
    "osb": ((Type.TEXT,), _BAG, SparseBigram, 2, 10),
    "quantile_bin": (
        (Type.NUMERIC,),
        Type.CATEGORICAL,
        lambda node, bins: QuantileBin(_column_of(node), bins),
        2,
        1000,
    ),
}
"""Functions of a variable and a number: what they work on and make, and the least and the most of the number."""


def quoted(name: str) -> str:
    """A variable's name as it can stand in any recipe.

    >>> quoted("age"), quoted("hours, a week")
    ("'age'", "'hours, a week'")
    """
    return f'"{name}"' if "'" in name else f"'{name}'"


def written(groups: dict[str, str], outputs: Sequence[str]) -> str:
    """A recipe's text."""
    return json.dumps({"groups": groups, "assignments": {}, "outputs": list(outputs)}, ensure_ascii=False, indent=2)


def _collect(node: Node, found: dict[str, Node]) -> None:
    for part in node.parts():
        _collect(part, found)
    found.setdefault(node.key, node)
