"""Every block that is written without asking a server: which page, which block, who writes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from documentation import blocks, engines, figures, operations, voices

BLOCKS: tuple[tuple[Path, str, Callable[[], str]], ...] = (
    (blocks.ROOT / "README.md", "quality", engines.quality),
    (blocks.ROOT / "README.ja.md", "quality", engines.quality),
    (blocks.ROOT / "docs/engines.md", "quality", engines.quality),
    (blocks.ROOT / "docs/engines.md", "engines", engines.engines),
    (blocks.ROOT / "docs/installation.md", "weights", engines.weights),
    (blocks.ROOT / "docs/measuring.md", "figures", figures.render),
    (blocks.ROOT / "docs/polly.md", "voices", voices.render),
    (blocks.ROOT / "docs/polly.md", "voiceless", voices.voiceless),
    (blocks.ROOT / "docs/services.md", "operations", operations.render),
)
