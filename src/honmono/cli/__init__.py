"""The `honmono` command."""

from honmono.cli.command import main

__all__ = ["main"]
