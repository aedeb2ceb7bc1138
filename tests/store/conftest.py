from collections.abc import Iterator
from pathlib import Path

import pytest

from honmono.store import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "data" / "honmono.db")
    yield database
    database.close()
