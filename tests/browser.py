"""A browser for tests of pages: Playwright with the Chromium that the system has."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

WIDE, PHONE = (1280, 800), (360, 740)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def program() -> str | None:
    """Return the path of Chromium, or None where it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Any]:
    """Give a browser; skip where it, or what drives it, is not installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="run `make browser` first")
    pytest.importorskip("axe_playwright_python", reason="run `make browser` first")
    path = program()
    if path is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path)
        yield started
        started.close()


@dataclass
class Opener:
    """Opens pages in a browser, one after the other.

    A tab of either kind, with touch or without, serves all pages that are opened in turn: most of
    what a page costs is the process that shows a new tab. Each page is loaded anew and keeps
    nothing outside of itself.
    """

    browser: Any
    _tabs: dict[bool, Any] = field(default_factory=dict)

    @contextmanager
    def opened(
        self, file: Path, size: tuple[int, int] = WIDE, *, media: str = "screen"
    ) -> Iterator[Any]:
        """Give a page of a size in pixels, and insist that it logs no fault."""
        width, height = size
        page = self._tab(has_touch=size == PHONE)
        faults: list[str] = []
        heard: dict[str, Callable[[Any], None]] = {
            "console": lambda message: faults.append(message.text),
            "pageerror": lambda error: faults.append(str(error)),
            "request": lambda request: _only(file, request.url, faults),
        }
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media=media)
        for event, hear in heard.items():
            page.on(event, hear)
        page.goto(file.as_uri())
        try:
            yield page
        finally:
            for event, hear in heard.items():
                page.remove_listener(event, hear)
        assert faults == []

    def _tab(self, *, has_touch: bool) -> Any:
        if has_touch not in self._tabs:
            self._tabs[has_touch] = self.browser.new_context(has_touch=has_touch).new_page()
        return self._tabs[has_touch]


def _only(file: Path, url: str, faults: list[str]) -> None:
    if url != file.as_uri():
        faults.append(f"asked for {url}")


def findings(page: Any) -> list[str]:
    """Return what axe-core finds wrong with the page as it is shown now."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in violations for node in one["nodes"]]
