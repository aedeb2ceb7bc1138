"""The documentation is built without a warning."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs import fences


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None,
    reason="mkdocs-material is not installed: pip install 'honmono[docs]'",
)
def test_mkdocs_builds_strictly(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=fences.ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "index.ja/index.html").is_file() and (tmp_path / "images/comparison.svg").is_file()
    pages = list(tmp_path.glob("**/*.html"))
    outside = [page.name for page in pages if "https://fonts." in page.read_text("utf-8")]
    assert not outside, "a reader's browser is sent elsewhere"
