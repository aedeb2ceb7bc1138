"""Engines that hear and speak."""
