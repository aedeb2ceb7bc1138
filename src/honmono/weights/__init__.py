"""The manifest of model weights: where each comes from, its licence, its sha256; pull, verify, cache."""
