"""A transformer with a head over labels: windows of token numbers in, logits out, by onnxruntime or by torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.errors import EngineFailed, EngineUnavailable
from honmono.engines.text.brought.directory import ModelDirectory
from honmono.engines.text.brought.sessions import open_session
from honmono.engines.text.brought.windows import Window

if TYPE_CHECKING:
    import onnxruntime

Logits = NDArray[np.float32]


class Network(ABC):
    """Answers windows. `per_token` says whether there are logits for each token or for the whole window."""

    def __init__(self, engine: str, labels: int, per_token: bool, padding: int) -> None:
        self._engine = engine
        self._labels = labels
        self._per_token = per_token
        self._padding = padding

    def logits(self, windows: Sequence[Window], batch: int) -> list[Logits]:
        """For each window an array (labels), or (tokens, labels).

        Raises:
            EngineFailed: what comes out is not of that shape, or not finite.
        """
        found: list[Logits] = []
        for start in range(0, len(windows), batch):
            found += self._run(windows[start : start + batch])
        return found

    def _run(self, windows: Sequence[Window]) -> list[Logits]:
        longest = max(len(window.ids) for window in windows)
        shape = (len(windows), longest)
        ids, mask, types = np.full(shape, self._padding, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, window in enumerate(windows):
            count = len(window.ids)
            ids[row, :count], mask[row, :count], types[row, :count] = window.ids, 1, window.types
        try:
            out = self._forward(ids, mask, types)
        except Exception as error:  # the libraries' errors have no base of their own
            raise EngineFailed(self._engine, f"its network refused {shape} tokens: {str(error)[:300]}") from error
        expected = (*shape, self._labels) if self._per_token else (len(windows), self._labels)
        if out.shape != expected:
            raise EngineFailed(self._engine, f"its network gave logits of shape {out.shape} instead of {expected}")
        if not np.isfinite(out).all():
            raise EngineFailed(self._engine, "its network gave numbers that are not finite")
        if self._per_token:
            return [out[row, : len(window.ids)] for row, window in enumerate(windows)]
        return list(out)

    @abstractmethod
    def _forward(self, ids: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64]) -> Logits: ...


class OnnxNetwork(Network):
    """By onnxruntime."""

    def __init__(
        self, directory: ModelDirectory, path: Path, device: str, threads: int,
        *, labels: int, per_token: bool, padding: int,
    ) -> None:  # fmt: skip
        super().__init__(directory.engine, labels, per_token, padding)
        self._session = open_session(directory, path, device, threads)
        self._inputs = {each.name: _integer(directory, path, each) for each in self._session.get_inputs()}
        known = {"input_ids", "attention_mask", "token_type_ids"}
        if "input_ids" not in self._inputs or not self._inputs.keys() <= known:
            raise directory.refused(
                f"has {path.name} with the inputs {', '.join(self._inputs)}; known are {', '.join(sorted(known))}"
            )
        outputs = self._session.get_outputs()
        named = [each for each in outputs if each.name == "logits"] or outputs[:1]
        self._output = named[0].name
        rank = 3 if per_token else 2
        form = named[0].shape
        if len(form) != rank or (isinstance(form[-1], int) and form[-1] != labels):
            task = "token classification" if per_token else "text classification"
            raise directory.refused(
                f"has {path.name} whose output {self._output} has the shape {form}: {task} over the {labels} labels of "
                f"config.json gives {rank} dimensions, the last of {labels}"
            )

    def _forward(self, ids: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64]) -> Logits:
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        feed = {name: given[name].astype(kind) for name, kind in self._inputs.items()}
        return np.asarray(self._session.run([self._output], feed)[0], np.float32)


class TransformersNetwork(Network):
    """By torch and the user's own installation of transformers, from safetensors alone."""

    def __init__(
        self, directory: ModelDirectory, device: str, threads: int, *, labels: int, per_token: bool, padding: int
    ) -> None:
        import torch
        import transformers

        super().__init__(directory.engine, labels, per_token, padding)
        if device == "cuda" and not torch.cuda.is_available():
            raise EngineUnavailable(directory.engine, 'device = "cuda", and the installed torch sees no GPU')
        torch.set_num_threads(threads)
        transformers.utils.logging.disable_progress_bar()
        kind: Any = (
            transformers.AutoModelForTokenClassification
            if per_token
            else transformers.AutoModelForSequenceClassification
        )
        try:
            model = kind.from_pretrained(
                str(directory.path), local_files_only=True, use_safetensors=True, trust_remote_code=False
            )
        except Exception as error:  # as above
            raise directory.refused(f"cannot be loaded by transformers: {str(error)[:300]}") from error
        self._torch = torch
        self._device = device
        self._model = model.to(device).eval()
        self._takes_types = int(getattr(model.config, "type_vocab_size", 0) or 0) > 1

    def _forward(self, ids: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64]) -> Logits:
        given = {"input_ids": ids, "attention_mask": mask} | ({"token_type_ids": types} if self._takes_types else {})
        tensors = {name: self._torch.from_numpy(values).to(self._device) for name, values in given.items()}
        with self._torch.inference_mode():
            logits = self._model(**tensors).logits
        return np.asarray(logits.float().cpu().numpy(), np.float32)


def _integer(directory: ModelDirectory, path: Path, each: onnxruntime.NodeArg) -> type[np.generic]:
    kinds: dict[str, type[np.generic]] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
    if each.type not in kinds:
        raise directory.refused(f"has {path.name} whose input {each.name} is {each.type}, not whole numbers")
    if any(isinstance(size, int) and size > 1 for size in each.shape) or len(each.shape) != 2:
        raise directory.refused(
            f"has {path.name} whose input {each.name} has the shape {each.shape}: export it with a length that varies"
        )
    return kinds[each.type]
