"""The grammar of recipes: from a text to a tree of expressions, each of which knows its place.

    recipe      = "{" [ "groups" ":" named "," ] [ "assignments" ":" named "," ] "outputs" ":" list "}"
    named       = "{" [ string ":" expression { "," … } ] "}"
    list        = "[" expression { "," expression } "]"
    expression  = call | name | integer
    call        = word "(" expression { "," expression } ")"
    name        = word | "'" any "'" | '"' any '"'

Expressions stand within JSON strings; what follows `//` in one is a comment. Source: "Recipe Format Reference" (Amazon
Machine Learning developer guide).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from honmono.engines.tabular.errors import RecipeInvalid

MOST_DEPTH = 32
_SECTIONS = ("groups", "assignments", "outputs")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\s,'\"()\\]+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a group or an assignment."""

    name: str
    place: int


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number: how many bins, how long an n-gram."""

    value: int
    place: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what it is applied to."""

    function: str
    arguments: tuple[Expression, ...]
    place: int


Expression = Name | Number | Call


@dataclass(frozen=True, slots=True)
class RecipeTree:
    """A recipe that keeps to the grammar; whether it makes sense the schema will tell.

    Attributes:
        text: what was parsed; places are positions in it.
    """

    text: str
    groups: dict[str, Expression]
    assignments: dict[str, Expression]
    outputs: tuple[Expression, ...]

    def fault(self, problem: str, place: int) -> RecipeInvalid:
        """An error at a place."""
        return fault(self.text, problem, place)


def fault(text: str, problem: str, place: int) -> RecipeInvalid:
    """An error at a position of a text."""
    before = text[:place]
    return RecipeInvalid(problem, before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1)


def parse(text: str) -> RecipeTree:
    """A recipe's tree.

    Raises:
        RecipeInvalid: the text breaks the grammar.
    """
    return _Outer(text).recipe()


class _Outer:
    """JSON, read by hand: its own parser would not tell where a string stood."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def recipe(self) -> RecipeTree:
        groups: dict[str, Expression] = {}
        assignments: dict[str, Expression] = {}
        outputs: tuple[Expression, ...] = ()
        self._expect("{")
        last = -1
        for section, place in self._members():
            if section not in _SECTIONS:
                raise fault(self.text, f"unknown section '{section}'; there are {', '.join(_SECTIONS)}", place)
            if _SECTIONS.index(section) <= last:
                raise fault(self.text, f"'{section}' is out of order: {', then '.join(_SECTIONS)}, each once", place)
            last = _SECTIONS.index(section)
            if section == "outputs":
                outputs = self._list()
            else:
                self._named(groups if section == "groups" else assignments)
        self._space()
        if self.at != len(self.text):
            raise fault(self.text, "nothing may follow the recipe's closing brace", self.at)
        if last != 2:
            raise fault(self.text, "the recipe has no outputs: nothing would be learned from", self.at)
        return RecipeTree(self.text, groups, assignments, outputs)

    def _named(self, found: dict[str, Expression]) -> None:
        self._expect("{")
        for name, place in self._members():
            if name in found:
                raise fault(self.text, f"'{name}' is defined twice", place)
            if not 1 <= len(name) <= 64:
                raise fault(self.text, "a name has 1 to 64 characters", place)
            found[name] = self._expression()

    def _list(self) -> tuple[Expression, ...]:
        self._space()
        start = self.at
        self._expect("[")
        found: list[Expression] = []
        while not self._take("]"):
            if found:
                self._expect(",")
            found.append(self._expression())
        if not found:
            raise fault(self.text, "outputs is empty: nothing would be learned from", start)
        return tuple(found)

    def _members(self) -> Iterator[tuple[str, int]]:
        """The keys of an object whose brace is open; the caller reads each value."""
        first = True
        while not self._take("}"):
            if not first:
                self._expect(",")
            first = False
            raw, place = self._string()
            self._expect(":")
            yield _unescaped(self.text, raw, place), place

    def _expression(self) -> Expression:
        raw, place = self._string()
        content = _unescaped(self.text, raw, place)
        # Without escapes a position in the content is a position in the text.
        return _Inner(self.text, content, place + 1 if len(content) == len(raw) - 2 else None, place).whole()

    def _string(self) -> tuple[str, int]:
        self._space()
        found = _STRING.match(self.text, self.at)
        if found is None:
            raise fault(self.text, f"a string in double quotes is wanted, not {self._here()}", self.at)
        self.at = found.end()
        return found[0], found.start()

    def _expect(self, sign: str) -> None:
        self._space()
        if self.text[self.at : self.at + 1] != sign:
            raise fault(self.text, f"'{sign}' is wanted, not {self._here()}", self.at)
        self.at += 1

    def _take(self, sign: str) -> bool:
        self._space()
        if self.text[self.at : self.at + 1] != sign:
            return False
        self.at += 1
        return True

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _here(self) -> str:
        return f"'{self.text[self.at]}'" if self.at < len(self.text) else "the end"


def _unescaped(text: str, raw: str, place: int) -> str:
    try:
        return str(json.loads(raw, strict=False))
    except json.JSONDecodeError as error:
        raise fault(text, f"the string is not valid JSON: {error.msg}", place + error.pos) from error


class _Inner:
    """An expression within a string."""

    def __init__(self, text: str, content: str, base: int | None, outer: int) -> None:
        self.text, self.content, self.base, self.outer = text, content, base, outer
        self.at = 0

    def whole(self) -> Expression:
        found = self._expression(0)
        self._space()
        if self.at < len(self.content) and not self.content.startswith("//", self.at):
            raise self._fault(f"nothing may follow the expression; there is '{self.content[self.at]}'")
        return found

    def _expression(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise self._fault(f"expressions are nested more than {MOST_DEPTH} deep")
        self._space()
        start = self._place()
        quoted = _QUOTED.match(self.content, self.at)
        if quoted is not None:
            self.at = quoted.end()
            return Name(quoted[1] if quoted[1] is not None else quoted[2], start)
        word = _WORD.match(self.content, self.at)
        if word is None or word[0].startswith("//"):
            raise self._fault("a variable, a group, a function or a number is wanted")
        self.at = word.end()
        self._space()
        if self.content[self.at : self.at + 1] == "(":
            return Call(word[0], self._arguments(depth), start)
        return Number(int(word[0]), start) if word[0].isdecimal() and len(word[0]) <= 9 else Name(word[0], start)

    def _arguments(self, depth: int) -> tuple[Expression, ...]:
        self.at += 1
        found: list[Expression] = []
        while True:
            found.append(self._expression(depth + 1))
            self._space()
            sign = self.content[self.at : self.at + 1]
            if sign == ")":
                self.at += 1
                return tuple(found)
            if sign != ",":
                raise self._fault("',' or ')' is wanted" + (f", not '{sign}'" if sign else ", not the end"))
            self.at += 1

    def _space(self) -> None:
        found = _SPACE.match(self.content, self.at)
        self.at = found.end() if found else self.at

    def _place(self) -> int:
        return self.outer if self.base is None else self.base + self.at

    def _fault(self, problem: str) -> RecipeInvalid:
        return fault(self.text, problem, self._place())
