"""Nothing phones home, the libraries below the engines included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OPEN_A_GRAPH = """
from importlib import resources
from honmono.engines.text.encoder import open_graph
with resources.as_file(resources.files("honmono.engines.text") / "sentiment.onnx") as path:
    open_graph(path)
"""


def test_onnxruntime_neither_reports_nor_leaves_a_device_id(tmp_path: Path) -> None:
    # It keeps silent by itself where it sees that it is tested: those signs are taken away.
    signs = ("CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in signs}
    environment["HOME"] = str(tmp_path)

    subprocess.run([sys.executable, "-c", OPEN_A_GRAPH], env=environment, check=True)

    assert list(tmp_path.rglob("*")) == []
