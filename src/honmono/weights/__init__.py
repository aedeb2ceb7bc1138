"""The manifest of model weights: where each comes from, its licence, its sha256; pull, verify, cache."""

from honmono.weights.bundle import ImportReport, export_weights, import_weights
from honmono.weights.cache import Cache, PullReport, WeightState
from honmono.weights.errors import (
    ArchiveRefused,
    CacheUnusable,
    ManifestInvalid,
    NotEnoughSpace,
    PullFailed,
    SourceFailure,
    WeightsError,
    WeightsMissing,
    WeightsUnknown,
    WrongContent,
)
from honmono.weights.files import Progress
from honmono.weights.manifest import Manifest, Weight, WeightFile

__all__ = [
    "ArchiveRefused",
    "Cache",
    "CacheUnusable",
    "ImportReport",
    "Manifest",
    "ManifestInvalid",
    "NotEnoughSpace",
    "Progress",
    "PullFailed",
    "PullReport",
    "SourceFailure",
    "Weight",
    "WeightFile",
    "WeightState",
    "WeightsError",
    "WeightsMissing",
    "WeightsUnknown",
    "WrongContent",
    "export_weights",
    "import_weights",
]
