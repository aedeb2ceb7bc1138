"""A Hugging Face pipeline directory with its head over labels: classifies texts, or tags their tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput
from honmono.engines.text.brought.directory import ModelDirectory
from honmono.engines.text.brought.options import ModelOptions
from honmono.engines.text.brought.tagging import Span, kinds, spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.text.brought.networks import Network
    from honmono.engines.text.brought.windows import Windows

_MOST_LABELS = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """What config.json says of the labels.

    Attributes:
        labels: by number.
        several: each label has a probability of its own; else they share one.
        padding: number of the token that fills up.
    """

    config: dict[str, Any]
    labels: tuple[str, ...]
    several: bool
    padding: int

    @classmethod
    def of(cls, directory: ModelDirectory) -> Head:
        """Read it. Raises `EngineUnavailable`."""
        config = directory.json("config.json")
        if "auto_map" in config:
            raise directory.refused("brings code of its own (auto_map in config.json), which is not run")
        table = config.get("id2label")
        if not isinstance(table, dict) or not 0 < len(table) <= _MOST_LABELS:
            raise directory.refused("has a config.json without id2label, which names the labels")
        try:
            labels = {int(number): label for number, label in table.items()}
        except ValueError as error:
            raise directory.refused(f"has an id2label in config.json whose keys are no numbers: {error}") from error
        if sorted(labels) != list(range(len(labels))) or not all(isinstance(label, str) for label in labels.values()):
            raise directory.refused("has an id2label in config.json that does not name the labels 0, 1, 2 …")
        padding = config.get("pad_token_id")
        return cls(
            config=config,
            labels=tuple(labels[number] for number in range(len(labels))),
            several=config.get("problem_type") == "multi_label_classification",
            padding=padding if isinstance(padding, int) and padding >= 0 else 0,
        )

    def kinds(self) -> list[str]:
        """The labels of a tagger without the prefixes of a tagging scheme."""
        return kinds(self.labels)


class _Pipeline:
    def __init__(self, directory: ModelDirectory, options: ModelOptions, *, per_token: bool) -> None:
        from honmono.engines.text.brought.networks import OnnxNetwork, TransformersNetwork
        from honmono.engines.text.brought.windows import Windows

        self._head = Head.of(directory)
        self._batch = options.batch
        self._windows: Windows = Windows(directory, self._head.config)
        path = directory.network()
        count = len(self._head.labels)
        self._network: Network = (
            OnnxNetwork(directory, path, options.device, options.threads,
                        labels=count, per_token=per_token, padding=self._head.padding)
            if path.suffix == ".onnx"
            else TransformersNetwork(directory, options.device, options.threads,
                                     labels=count, per_token=per_token, padding=self._head.padding)
        )  # fmt: skip


class TextClassifier(_Pipeline):
    """`text-classification`."""

    def __init__(self, directory: ModelDirectory, options: ModelOptions) -> None:
        """Load it. Raises `EngineUnavailable`."""
        super().__init__(directory, options, per_token=False)

    def probabilities(self, text: str) -> NDArray[np.float64]:
        """Of each label. Of a long text the logits of its windows are averaged, by their number of tokens.

        Raises:
            UnsupportedInput: the model's tokenizer finds nothing in the text.
        """
        import numpy as np

        windows = self._windows.cut(text)
        lengths = [window.length for window in windows]
        if not any(lengths):
            raise UnsupportedInput("the model's tokenizer finds no token in this text")
        logits = self._network.logits(windows, self._batch)
        whole = np.average(np.asarray(logits, np.float64), axis=0, weights=lengths)
        return 1 / (1 + np.exp(-whole)) if self._head.several else _softmax(whole)


class TokenTagger(_Pipeline):
    """`token-classification`."""

    def __init__(self, directory: ModelDirectory, options: ModelOptions) -> None:
        """Load it. Raises `EngineUnavailable`."""
        super().__init__(directory, options, per_token=True)

    def spans(self, text: str) -> list[Span]:
        """What the tags spell, in order."""
        return list(spans(text, self._tagged(text), self._head.labels))

    def _tagged(self, text: str) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
        windows = [window for window in self._windows.cut(text) if window.length]
        for window, logits in zip(windows, self._network.logits(windows, self._batch), strict=True):
            probabilities = _softmax(logits.astype("float64"))
            for place, span in self._windows.kept(window):
                yield span, probabilities[place]


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = odds / odds.sum(axis=-1, keepdims=True)
    return shares
