"""Personal data (PII) in a text: found by rules, and taken out.

from honmono.engines.text.pii import detect, redact

text = "Call Ana Torres at 520-555-0134."
redact(text, detect(text, "en"))          # "Call [NAME] at [PHONE]."
"""

from honmono.engines.text.pii.engine import PiiEngine, detect
from honmono.engines.text.pii.entity import TYPES, PiiEntity
from honmono.engines.text.pii.redaction import redact

__all__ = ["TYPES", "PiiEngine", "PiiEntity", "detect", "redact"]
