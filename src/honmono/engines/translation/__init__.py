"""Texts from one language into another. Knows no AWS."""
