from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import honmono
from honmono.cli import failures
from honmono.words import in_japanese, say
from honmono.words.japanese import MESSAGES

SOURCES = Path(honmono.__file__).parent / "cli"
# Said by a variable: states of weights, headings of tables, what an exit code is about.
BY_VARIABLE = {"present", "partial", "missing", "outdated", "damaged", *failures._SUMMARIES.values()}
HEADINGS = {"Name", "Size", "State", "Licence", "What it is", "Licence of the code"}


def said() -> Iterator[tuple[str, str]]:
    """Every message that the commands say, with the place."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                message = node.args[0]
                if isinstance(message, ast.Constant):
                    yield message.value, f"{path.name}:{node.lineno}"


def fields(text: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(text) if name}


def test_every_message_has_its_japanese():
    missing = {f"{place}: {message}" for message, place in said() if message not in MESSAGES}
    assert missing == set()
    assert (BY_VARIABLE | HEADINGS) - MESSAGES.keys() == set()


def test_no_translation_is_left_over():
    assert MESSAGES.keys() - {message for message, _ in said()} - BY_VARIABLE - HEADINGS == set()


@pytest.mark.parametrize("message", [message for message in MESSAGES if "{" in message])
def test_both_have_the_same_fields(message):
    assert fields(message) == fields(MESSAGES[message])


@pytest.mark.parametrize(
    ("environ", "japanese"),
    [
        ({"LANG": "ja_JP.UTF-8"}, True),
        ({"LANG": "ja"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_MESSAGES": "ja_JP.UTF-8"}, True),
        ({}, False),
    ],
)
def test_the_environment_chooses(environ, japanese):
    assert in_japanese(environ) is japanese


def test_fields_are_filled_in_both_languages(monkeypatch):
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "C")
    assert say("No server runs on {data}.", data="/x") == "No server runs on /x."
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert say("No server runs on {data}.", data="/x").startswith("/x で")
