"""Who learns a flywheel's model, by AWS's ModelType: a further kind plugs in here and in `custom_models.KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from honmono.services.comprehend.classifier_learner import ClassifierLearner
from honmono.services.comprehend.learner import Learner
from honmono.services.comprehend.recognizer_learner import RecognizerLearner

LEARNERS: Mapping[str, Learner[Any]] = {
    "DOCUMENT_CLASSIFIER": ClassifierLearner(),
    "ENTITY_RECOGNIZER": RecognizerLearner(),
}
