"""Pictures of measures as SVG, drawn without a library: a server that shows one needs no matplotlib."""

from honmono.evaluation.pictures.curves import (
    learning_curve,
    precision_recall_curves,
    reliability_diagram,
    roc_curves,
)
from honmono.evaluation.pictures.tables import confusion_matrix
from honmono.evaluation.pictures.topics import topic_terms

__all__ = [
    "confusion_matrix",
    "learning_curve",
    "precision_recall_curves",
    "reliability_diagram",
    "roc_curves",
    "topic_terms",
]
