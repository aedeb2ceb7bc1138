"""CONTRIBUTING's walk-through, done step by step on a copy of the source."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs import fences

ROOT = fences.ROOT
BLOCKS = list(fences.fences(ROOT / "CONTRIBUTING.md"))


def changed(text: str, diff: str) -> str:
    """The text with one change: lines that begin with -, then with +, between lines that stay."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    assert text.count(old) == 1, f"the change does not fit:\n{diff}"
    return text.replace(old, new)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source and of what its tests need."""
    without = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=without)
    shutil.copytree(ROOT / "tests/services/logs", tmp_path / "tests/services/logs", ignore=without)
    for package in ("tests", "tests/services"):
        (tmp_path / package / "__init__.py").touch()
    for file in ("tests/conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


@pytest.mark.slow
def test_the_walk_through_works_as_it_is_written(copy: Path) -> None:
    texts = [path.read_text("utf-8") for path in (copy / "src/honmono/services/logs").glob("*.py")]
    assert not any("put_query_definition" in text for text in texts), (
        "the operation is there now: walk through another one"
    )
    tests = []
    for block in BLOCKS:
        what, _, path = block.mark.partition(": ")
        if what == "file":
            assert not (copy / path).exists(), f"{path} is there already"
            (copy / path).write_text(block.code, "utf-8")
            tests += [path] if path.startswith("tests/") else []
        elif what == "change":
            (copy / path).write_text(changed((copy / path).read_text("utf-8"), block.code), "utf-8")
    assert tests == ["tests/services/logs/test_saved_queries.py"]

    ran = python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert ran.returncode == 0 and "3 passed" in ran.stdout, ran.stdout + ran.stderr
    written = [block.mark.partition(": ")[2] for block in BLOCKS if block.mark.startswith("file: src/")]
    tidy = python(copy, "-m", "ruff", "check", "--no-cache", *written)
    assert tidy.returncode == 0, tidy.stdout


def test_the_walk_through_is_needed_for_its_test_to_pass(copy: Path) -> None:
    """Without the operation, AWS's client is told that it is not there."""
    block = next(block for block in BLOCKS if block.mark == "file: src/honmono/services/logs/saved_queries.py")
    assert "def put_query_definition" in block.code
    texts = [path.read_text("utf-8") for path in (copy / "src/honmono/services/logs").glob("*.py")]
    assert not any("put_query_definition" in text for text in texts)


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
