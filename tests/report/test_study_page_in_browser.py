"""The page of a study in a real browser: nothing for axe to find, and nothing too wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from optimizer.report.study_page import study_page
from tests.browser import PHONE, WIDE, Opener, browser, findings
from tests.report.test_study_page import DAYS


@pytest.fixture(scope="module")
def chromium() -> Iterator[Opener]:
    """One browser for all tests of this module."""
    with browser() as started:
        yield Opener(started)


@pytest.mark.parametrize(("lang", "size"), [("en", WIDE), ("zh", PHONE)])
def test_axe_finds_nothing(
    chromium: Opener, tmp_path: Path, lang: str, size: tuple[int, int]
) -> None:
    """In either language and at either width; the page itself never scrolls sideways."""
    file = tmp_path / "study.html"
    file.write_text(study_page(DAYS, lang="zh" if lang == "zh" else "en"), encoding="utf-8")
    with chromium.opened(file, size) as page:
        assert findings(page) == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0]
