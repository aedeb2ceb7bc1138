"""Patterns for messages that are JSON: ``{ ($.user.id = 1) && ($.latency > 5 || $.errors[0] IS NULL) }``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from honmono.services.logs.pattern_syntax import Expression, PatternError, condition, text_of

_TOKEN = re.compile(
    r"""\s*(
        \$(?:\.(?:[A-Za-z0-9_*-]+)|\[\s*(?:\d+|\*|"(?:[^"\\]|\\.)*"|'[^']*')\s*\])+   # a selector
      | "(?:[^"\\]|\\.)*"
      | %(?:[^%\\]|\\.)*%
      | && | \|\| | != | <= | >= | [=<>()]
      | [^\s()=<>!&|"%]+
    )""",
    re.VERBOSE,
)
_STEP = re.compile(r"""\.([A-Za-z0-9_*-]+)|\[\s*(?:(\d+|\*)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*\]""")
_Selector = Callable[[Any], list[Any]]


def compile_json(text: str) -> Callable[[str], Mapping[str, str] | None]:
    """The function that applies a JSON pattern; the values of its selectors are what it extracts.

    Raises:
        PatternError: it cannot be read.
    """
    if not text.endswith("}"):
        raise PatternError(f"The pattern lacks its closing brace: {text[:80]}")
    selectors: dict[str, _Selector] = {}
    reader = _Reader(_tokens(text[1:-1]), text, selectors)
    test = reader.disjunction(reader.comparison)
    if reader.peek() is not None:
        raise PatternError(f"'{reader.peek()}' is not expected in {text[:80]}")

    def match(message: str) -> Mapping[str, str] | None:
        try:
            document = orjson.loads(message)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(document, (dict, list)) or not test(document):
            return None
        return {
            name: text_of(values[0])
            for name, select in selectors.items()
            if (values := select(document)) and not isinstance(values[0], (dict, list))
        }

    return match


def select(selector: str) -> _Selector:
    """The function that finds the values a selector (``$.a.b[0]``) means in a document; [] where there are none.

    Raises:
        PatternError: it is no selector.
    """
    if not selector.startswith("$"):
        raise PatternError(f"A selector begins with '$', not as '{selector[:40]}'")
    steps: list[str | int] = []
    position = 1
    while position < len(selector):
        found = _STEP.match(selector, position)
        if found is None:
            raise PatternError(f"The selector '{selector[:60]}' cannot be read")
        name, index, quoted, single = found.groups()
        if index is not None:
            steps.append("*" if index == "*" else int(index))
        else:
            steps.append(name or (re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else single))
        position = found.end()

    def run(document: Any) -> list[Any]:
        values = [document]
        for step in steps:
            values = [inner for value in values for inner in _step(value, step)]
        return values

    return run


def _step(value: Any, step: str | int) -> list[Any]:
    if isinstance(step, int):
        return [value[step]] if isinstance(value, list) and step < len(value) else []
    if step == "*":
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value[step]] if isinstance(value, dict) and step in value else []


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
        if found is None:
            raise PatternError(f"Invalid character(s) in the pattern at '{stripped[position:].strip()[:40]}'")
        tokens.append(found[1])
        position = found.end()
    return tokens


class _Reader(Expression):
    def __init__(self, tokens: list[str], pattern: str, selectors: dict[str, _Selector]) -> None:
        super().__init__(tokens, pattern)
        self._selectors = selectors

    def comparison(self) -> Callable[[Any], bool]:
        selector = self.take()
        chosen = self._selectors[selector] = select(selector)
        relation = self.take()
        match relation.upper():
            case "IS":
                return self._is(chosen, self.take().upper())
            case "NOT":
                self.expect_word("EXISTS")
                return lambda document: not chosen(document)
            case "EXISTS":
                return lambda document: bool(chosen(document))
            case "=" | "!=" | "<" | "<=" | ">" | ">=":
                test = condition(relation, self.take())
                return lambda document: any(
                    test(value) for value in chosen(document) if not isinstance(value, (dict, list))
                )
        raise PatternError(f"'{relation[:40]}' is no comparison in {self.pattern[:80]}")

    def expect_word(self, word: str) -> None:
        found = self.take()
        if found.upper() != word:
            raise PatternError(f"'{word}' is expected where '{found[:40]}' stands in {self.pattern[:80]}")

    def _is(self, chosen: _Selector, wanted: str) -> Callable[[Any], bool]:
        values: dict[str, bool | None] = {"NULL": None, "TRUE": True, "FALSE": False}
        if wanted not in values:
            raise PatternError(f"IS takes NULL, TRUE or FALSE, not '{wanted[:40]}'")
        return lambda document: any(value is values[wanted] for value in chosen(document))
