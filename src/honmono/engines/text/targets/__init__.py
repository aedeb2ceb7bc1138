"""Targeted sentiment: what a text speaks of, and in which mood it speaks of each."""
