"""Links between the pages lead somewhere."""

import re

import pytest
from tests.docs import fences

LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", fences.PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_to_files(page) -> None:
    text = page.read_text("utf-8")
    targets = [target.partition("#")[0] for target in LINK.findall(text) if not re.match(r"https?:|#", target)]
    assert not [target for target in targets if target and not (page.parent / target).exists()]


@pytest.mark.parametrize("page", ["README", "docs/index"])
def test_both_languages_link_to_each_other(page: str) -> None:
    english, japanese = fences.ROOT / f"{page}.md", fences.ROOT / f"{page}.ja.md"
    assert japanese.name in LINK.findall(english.read_text("utf-8"))
    assert english.name in LINK.findall(japanese.read_text("utf-8"))
