"""What the JSON and the space-delimited patterns share: conditions on a value, joined by && and ||."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TypeVar

import regex

from honmono.services.wildcards import wildcards

_REGEX_SECONDS = 0.1

Operand = str | float | bool | None
"""A value as a message has it: text, a number, a truth value or null."""

Test = Callable[[Operand], bool]

_Item = TypeVar("_Item")


class PatternError(ValueError):
    """A filter pattern cannot be read."""


@lru_cache(maxsize=256)
def _compiled(expression: str) -> regex.Pattern[str]:
    try:
        return regex.compile(expression)
    except regex.error as error:
        raise PatternError(f"Invalid regular expression '{expression[:60]}': {error}") from error


def search(expression: str, text: str) -> bool:
    """Whether a regular expression is found in a text.

    Raises:
        PatternError: it is no regular expression, or takes too long on this text.
    """
    try:
        return _compiled(expression).search(text, timeout=_REGEX_SECONDS) is not None
    except TimeoutError as error:
        raise PatternError(f"The regular expression '{expression[:60]}' takes too long") from error


_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def condition(relation: str, literal: str) -> Test:
    """A test of a value: ``relation`` is one of = != < <= > >=, ``literal`` as the pattern writes it.

    Raises:
        PatternError: the literal does not fit the relation.
    """
    if relation in _ORDER:
        compare = _ORDER[relation]
        limit = number(literal)
        if limit is None:
            raise PatternError(f"'{relation}' needs a number, not '{literal[:40]}'")
        return lambda value: (found := number(value)) is not None and compare(found, limit)
    equal = _equality(literal)
    if relation == "!=":
        return lambda value: not equal(value)
    return equal


def _equality(literal: str) -> Test:
    if len(literal) > 1 and literal[0] == literal[-1] == "%":
        expression = literal[1:-1]
        _compiled(expression)
        return lambda value: value is not None and search(expression, text_of(value))
    if literal[:1] == '"':
        return _text_test(re.sub(r"\\(.)", r"\1", literal[1:-1]))
    wanted = number(literal)
    if wanted is not None:
        return lambda value: number(value) == wanted
    if "/" in literal:
        try:
            network = ip_network(literal, strict=False)
        except ValueError:
            return _text_test(literal)
        return lambda value: _is_within(value, network)
    return _text_test(literal)


def _is_within(value: Operand, network: object) -> bool:
    try:
        return ip_address(text_of(value)) in network  # type: ignore[operator]
    except ValueError:
        return False


def _text_test(wanted: str) -> Test:
    if "*" not in wanted:
        return lambda value: value is not None and text_of(value) == wanted
    fits = wildcards(wanted, question_mark=False)
    return lambda value: value is not None and fits(text_of(value))


def number(value: Operand) -> float | None:
    """The number that a value is or spells; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    return float(value)


def text_of(value: Operand) -> str:
    """A value as text, as JSON would spell it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "null" if value is None else str(value)


class Expression:
    """A reader of ``a && (b || c)``: tokens are given, what an atom is is the caller's business."""

    def __init__(self, tokens: list[str], pattern: str) -> None:
        self.tokens = tokens
        self.position = 0
        self.pattern = pattern

    def peek(self) -> str | None:
        """The next token, or None at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> str:
        """The next token, which is used up.

        Raises:
            PatternError: there is none.
        """
        token = self.peek()
        if token is None:
            raise PatternError(f"The pattern ends too early: {self.pattern[:80]}")
        self.position += 1
        return token

    def expect(self, wanted: str) -> None:
        """Use up this very token.

        Raises:
            PatternError: it is another.
        """
        found = self.take()
        if found != wanted:
            raise PatternError(f"'{wanted}' is expected where '{found[:40]}' stands in {self.pattern[:80]}")

    def disjunction(self, atom: Callable[[], Callable[[_Item], bool]]) -> Callable[[_Item], bool]:
        """Read ``x || y || z``; && binds closer."""
        parts = [self._conjunction(atom)]
        while self.peek() == "||":
            self.take()
            parts.append(self._conjunction(atom))
        return parts[0] if len(parts) == 1 else lambda item: any(part(item) for part in parts)

    def _conjunction(self, atom: Callable[[], Callable[[_Item], bool]]) -> Callable[[_Item], bool]:
        parts = [self._atom(atom)]
        while self.peek() == "&&":
            self.take()
            parts.append(self._atom(atom))
        return parts[0] if len(parts) == 1 else lambda item: all(part(item) for part in parts)

    def _atom(self, atom: Callable[[], Callable[[_Item], bool]]) -> Callable[[_Item], bool]:
        if self.peek() == "(":
            self.take()
            inner = self.disjunction(atom)
            self.expect(")")
            return inner
        return atom()
