"""A trained model on disk: `model.json` says what it is, `model.npz` holds numbers alone, no pickles."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from honmono.engines import model_files
from honmono.engines.vision.custom.classifier import Classifier
from honmono.engines.vision.custom.detector import detect
from honmono.engines.vision.custom.features import Features, Pixels
from honmono.engines.vision.custom.perceptron import Perceptron
from honmono.engines.vision.custom.results import CustomLabel
from honmono.engines.vision.pictures import Box

Task = Literal["classification", "detection"]

_FORMAT = 1
_MOST_BYTES = 64 << 20
"""Of a model's arrays: 250 labels take less than 2 MB."""
_CLASSIFIER = ("centre", "weights", "bias")
_PERCEPTRON = ("centre", "spread", "inner", "inner_bias", "outer", "outer_bias")


class ModelUnreadable(ValueError):
    """The folder holds no model that this version reads."""


@dataclass(frozen=True, slots=True)
class CustomModel:
    """A model.

    Attributes:
        labels: in the order of the columns.
        thresholds: of each label, see `CustomLabel`.
        head: what was trained.
    """

    labels: tuple[str, ...]
    thresholds: tuple[float, ...]
    head: Classifier | Perceptron

    @property
    def task(self) -> Task:
        """What it does."""
        return "classification" if isinstance(self.head, Classifier) else "detection"

    def look(self, picture: Pixels, features: Features) -> list[CustomLabel]:
        """The labels of a picture, the surest first."""
        if isinstance(self.head, Classifier):
            scores = self.head.probabilities(features.whole([picture]))[0]
            found = [self._label(place, float(score), None) for place, score in enumerate(scores)]
        else:
            found = [self._label(one.label, one.score, one.box) for one in detect(self.head, picture, features)]
        return sorted(found, key=lambda each: (-each.confidence, each.name))

    def _label(self, place: int, score: float, box: Box | None) -> CustomLabel:
        return CustomLabel(self.labels[place], score, box, self.thresholds[place])

    def save(self, folder: Path) -> None:
        """Write the two files, durably, into a folder that is made if it is missing."""
        described: dict[str, Any] = {
            "format": _FORMAT,
            "task": self.task,
            "labels": list(self.labels),
            "thresholds": list(self.thresholds),
        }
        names: tuple[str, ...] = _PERCEPTRON
        if isinstance(self.head, Classifier):
            described["exclusive"] = self.head.exclusive
            names = _CLASSIFIER
        model_files.write(folder, described, {name: getattr(self.head, name) for name in names})

    @classmethod
    def load(cls, folder: Path) -> CustomModel:
        """Read what `save` wrote.

        Raises:
            ModelUnreadable: it is not there, damaged, or of another format.
        """
        try:
            described = json.loads((folder / "model.json").read_text("utf-8"))
            if described["format"] != _FORMAT:
                raise ModelUnreadable(f"{folder} holds a model of format {described['format']}, not {_FORMAT}")
            with zipfile.ZipFile(folder / "model.npz") as archive:
                if (size := sum(member.file_size for member in archive.infolist())) > _MOST_BYTES:
                    raise ModelUnreadable(f"{folder} holds {size} bytes of numbers; a model has {_MOST_BYTES} at most")
            labels, thresholds = tuple(map(str, described["labels"])), tuple(map(float, described["thresholds"]))
            classifies = described["task"] == "classification"
            with np.load(folder / "model.npz", allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in (_CLASSIFIER if classifies else _PERCEPTRON)}
            head = Classifier(bool(described["exclusive"]), **arrays) if classifies else Perceptron(**arrays)
            columns = head.bias.shape[0] if isinstance(head, Classifier) else head.classes
            if not len(labels) == len(thresholds) == columns:
                raise ModelUnreadable(f"{folder} holds {columns} columns for {len(labels)} labels")
            return cls(labels, thresholds, head)
        except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
            if isinstance(error, ModelUnreadable):
                raise
            raise ModelUnreadable(f"{folder} holds no model that can be read: {error}") from error
