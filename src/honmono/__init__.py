"""Honmono (本物, the real thing): a machine learning cloud on your own machine that speaks AWS's wire."""

__version__ = "0.1.0"
