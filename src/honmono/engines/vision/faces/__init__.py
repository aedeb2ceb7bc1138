"""Faces: where they are, how they look, and the numbers by which they are told apart."""
