"""Engines over what the user brings: a directory with a model, or the address of a server that speaks OpenAI's API."""
