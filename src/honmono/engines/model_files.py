"""The two files of a model that was trained here: `model.json` says what it is, `model.npz` holds numbers alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write(folder: Path, described: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write both, durably, into a folder that is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "model.npz").open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    with (folder / "model.json").open("w", encoding="utf-8") as text:
        json.dump(described, text, ensure_ascii=False)
        text.flush()
        os.fsync(text.fileno())
