"""The scripts that write the pages are no part of the package: tests find them here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
