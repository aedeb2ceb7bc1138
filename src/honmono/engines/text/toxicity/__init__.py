"""Toxic text: which of seven types of abuse it is, if any."""

from honmono.engines.text.toxicity.engine import TYPES, Toxicity, ToxicityEngine

__all__ = ["TYPES", "Toxicity", "ToxicityEngine"]
