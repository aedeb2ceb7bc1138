"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from honmono.words import say

Data = Annotated[
    Path | None,
    typer.Option("--data", help=say("The data directory."), metavar="DIR", show_default="~/.local/share/honmono"),
]
Config = Annotated[
    Path | None, typer.Option("--config", help=say("A settings file instead of ./honmono.toml."), metavar="FILE")
]
