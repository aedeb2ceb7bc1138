"""docs/settings.md names every setting with its variable and its default."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from tests.docs import fences

from honmono.settings import Settings, load

PAGE = fences.ROOT / "docs/settings.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {name: (variable, default) for name, variable, default, _ in ROW.findall(PAGE.read_text("utf-8"))}
# Defaults that follow from other settings are told in words.
IN_WORDS = {
    "tls_port": "the HTTP port + 1",
    "database": "SQLite in `data`",
    "remote_objects": "in `data`",
    "engines": "each field's first engine",
    "databases": "none",
    "streams": "none",
}


def test_the_table_has_the_settings_and_no_others() -> None:
    assert list(ROWS) == [field.name for field in fields(Settings)]


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_a_setting_has_its_default_and_its_variable(field) -> None:
    variable, told = ROWS[field.name]
    tables = ("engines", "databases", "streams")
    assert variable == ("(file only)" if field.name in tables else f"`HONMONO_{field.name.upper()}`")
    default = field.default if field.default is not MISSING else field.default_factory()
    if field.name in IN_WORDS:
        assert not default and told == IN_WORDS[field.name]
        return
    text = str(default).lower() if isinstance(default, bool) else str(default)
    assert told.replace("~", str(Path.home())) == f"`{text}`"


def test_the_words_for_defaults_are_true(tmp_path: Path) -> None:
    assert Settings(port=4000).https_port == 4001
    assert Settings(data=tmp_path).database_url == tmp_path / "honmono.sqlite"


def test_the_file_on_the_page_is_read(tmp_path: Path) -> None:
    [file] = [fence for fence in fences.fences(PAGE) if fence.kind == "toml"]
    path = tmp_path / "honmono.toml"
    path.write_text(file.code, "utf-8")
    settings = load(path, {})
    assert settings.log == "json" and settings.engines["sentiment"]["engine"] == "e5-sentiment"
