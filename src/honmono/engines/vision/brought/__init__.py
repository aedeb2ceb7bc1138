"""Engines that run a network for pictures that the user brings."""
