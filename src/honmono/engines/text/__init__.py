"""Text: which language it is in, what mood it is in, and the vectors that other engines compare it by."""
