"""Commands that the pages tell a reader to type exist, with the options that are given to them."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import typer.main
from tests.docs import fences

from honmono.cli.command import app

ROOT = typer.main.get_command(app)
MAKEFILE = (fences.ROOT / "Makefile").read_text("utf-8")


def commands() -> list[tuple[str, str]]:
    found = []
    for fence in fences.every(kind="console"):
        for line in fence.code.splitlines():
            if line.startswith("$ "):
                found.append((fence.where, line[2:].partition("  # ")[0].partition("     #")[0].strip()))
    for page in fences.PAGES:
        if page.name == "CHANGELOG.md":
            continue
        for inline in re.findall(r"`((?:make|honmono) [^`\n]+)`", page.read_text("utf-8")):
            found.append((page.name, inline))
    return found


HONMONO = sorted({(where, text) for where, text in commands() if re.search(r"(^|/|\$\()honmono ", text)})
MAKE = sorted({text.split()[1] for _, text in commands() if re.match(r"make [a-z]", text)})


@pytest.mark.parametrize(("where", "text"), HONMONO, ids=lambda value: str(value))
def test_a_command_exists_with_its_options(where: str, text: str) -> None:
    inner = re.search(r"\$\((.*?)\)", text)  # one that stands in another command
    words = shlex.split(inner[1] if inner else text)[1:]
    command: Any = ROOT
    while words and hasattr(command, "commands"):
        if words[0].startswith("-") or words[0].isupper() or words[0] == "…":
            break
        assert words[0] in command.commands, f"{where}: there is no `{text}`"
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words[: words.index("--")] if "--" in words else words:
        if word.startswith("-"):
            assert word.partition("=")[0] in options, f"{where}: `{text}` has no {word}"


@pytest.mark.parametrize("target", MAKE)
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_commands_are_found() -> None:
    assert len(HONMONO) > 10 and {"install", "weights", "demo", "check", "test"} <= set(MAKE)
