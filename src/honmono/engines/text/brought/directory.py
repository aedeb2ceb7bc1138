"""The directory of a model that the user names: which of its files are opened, and which never.

Nothing in it is trusted. A file counts when it is a plain one within the directory (or, as the Hugging Face hub's cache
lays it out, behind a link into the same repository's blobs) and of a size that its kind can have. Pickles
(`pytorch_model.bin`, `*.pt`) run what they hold when they are opened, so they are not.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from honmono.engines.errors import EngineUnavailable
from honmono.engines.external_data import external_files

_TEXT_BYTES = 64 << 20
"""The largest tokenizers have some 40 MB."""
_CONFIG_BYTES = 4 << 20
_GRAPH_BYTES = 2 << 30
"""What a protocol buffer can have; larger weights lie beside it."""
_WEIGHT_BYTES = 64 << 30
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")


class ModelDirectory:
    """A directory that was named, opened file by file. Every method raises `EngineUnavailable` naming the file."""

    def __init__(self, engine: str, path: str, file: str = "") -> None:
        """`engine` is for messages; `file` the network's within the directory, where it has several."""
        self.engine = engine
        self.path = Path(path).expanduser()
        self._wanted = file
        if not self.path.is_absolute():  # jobs run in folders of their own
            raise self.refused("is no absolute path (nor one that begins with ~)")
        if not self.path.is_dir():
            raise self.refused("is no directory" if self.path.exists() else "does not exist")
        self._home = self.path.resolve()
        # A snapshot in the hub's cache is a folder of links: …/snapshots/REVISION/FILE → …/blobs/HASH.
        self._blobs = self._home.parent.parent / "blobs" if self._home.parent.name == "snapshots" else None

    @property
    def name(self) -> str:
        """The directory's name, in letters that a header may have."""
        folder = self.path if self._blobs is None else self.path.parent.parent
        return re.sub(r"[^A-Za-z0-9._-]+", "-", folder.name).strip("-") or "model"

    def refused(self, reason: str) -> EngineUnavailable:
        """An error that names the directory."""
        return EngineUnavailable(self.engine, f"the model directory {self.path} {reason}")

    def has(self, name: str) -> bool:
        """Whether there is such an entry."""
        return (self.path / name).exists()

    def file(self, name: str, most: int) -> Path:
        """The path of a file within the directory that has at most `most` bytes."""
        path = self.path / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise self.refused(f"is asked for {name!r}, which points outside of it")
        if not path.exists():
            raise self.refused(f"has no {name}")
        real = path.resolve()
        if not real.is_relative_to(self._home) and not (self._blobs and real.is_relative_to(self._blobs)):
            raise self.refused(f"has a link {name} that points outside of it, to {real}")
        if not real.is_file():
            raise self.refused(f"has {name}, which is no plain file")
        if (size := real.stat().st_size) > most:
            raise self.refused(f"has {name} of {size:,} bytes, where at most {most:,} are read")
        return path

    def json(self, name: str) -> dict[str, Any]:
        """A file of settings."""
        path = self.file(name, _CONFIG_BYTES)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise self.refused(f"has {name}, which is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise self.refused(f"has {name}, which is no JSON object")
        return found

    def tokenizer(self) -> Path:
        """Its tokenizer.json."""
        if not self.has("tokenizer.json"):
            raise self.refused(
                "has no tokenizer.json: save it with a fast tokenizer of transformers, "
                "AutoTokenizer.from_pretrained(…).save_pretrained(…)"
            )
        return self.file("tokenizer.json", _TEXT_BYTES)

    def network(self) -> Path:
        """The file of the network: ONNX where there is one, else safetensors."""
        if self._wanted:
            if Path(self._wanted).suffix in _PICKLES:
                raise self.refused(f"is asked for {self._wanted}, {_PICKLED}")
            if Path(self._wanted).suffix not in (".onnx", ".safetensors"):
                raise self.refused(f"is asked for {self._wanted}, which is neither .onnx nor .safetensors")
            return self._checked(self._wanted)
        for usual in ("model.onnx", "onnx/model.onnx"):
            if self.has(usual):
                return self._checked(usual)
        found = sorted(
            str(path.relative_to(self.path))
            for pattern in ("*.onnx", "onnx/*.onnx")
            for path in self.path.glob(pattern)
        )
        if len(found) > 1:
            raise self.refused(f'has several networks: choose one, such as file = "{found[0]}" (of {", ".join(found)})')
        if found:
            return self._checked(found[0])
        if self.has("model.safetensors"):
            return self._checked("model.safetensors")
        if self.has("model.safetensors.index.json"):
            parts = self.json("model.safetensors.index.json").get("weight_map")
            for part in set(map(str, parts.values())) if isinstance(parts, dict) else ():
                self.file(part, _WEIGHT_BYTES)
            return self.path / "model.safetensors.index.json"
        if pickled := sorted(path.name for path in self.path.iterdir() if path.suffix in _PICKLES):
            raise self.refused(f"has only {', '.join(pickled)}, {_PICKLED}")
        raise self.refused("has neither model.onnx (or onnx/model.onnx) nor model.safetensors")

    def weight_bytes(self) -> int:
        """Bytes of the network's weights on the disk, those in files beside it included."""
        network = self.network()
        if network.suffix == ".onnx":
            beside = [path for path in network.parent.iterdir() if path.name.startswith(network.name)]
            beside += [path for path in network.parent.glob("*.data") if path not in beside]
        else:
            beside = list(self.path.glob("*.safetensors"))
        return sum(path.stat().st_size for path in {network, *beside} if path.is_file())

    def check_external_data(self, network: Path) -> None:
        """Refuse a graph whose weights lie anywhere but in plain files of its directory."""
        try:
            locations = external_files(network)
        except ValueError as error:
            raise self.refused(f"has {network.name}, which cannot be read: {error}") from error
        within = network.parent.relative_to(self.path)
        for location in sorted(locations):
            self.file(str(within / location), _WEIGHT_BYTES)

    def _checked(self, name: str) -> Path:
        path = self.file(name, _WEIGHT_BYTES if name.endswith(".safetensors") else _GRAPH_BYTES)
        if path.stat().st_size == 0:
            raise self.refused(f"has {name}, which is empty")
        return path


_PICKLED = (
    "which are pickles: opening one runs whatever it holds, so it is not opened. Export the model to ONNX "
    "(optimum-cli export onnx --model MODEL DIRECTORY) or save it as safetensors"
)
