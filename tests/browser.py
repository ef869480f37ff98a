"""A browser for tests of pages: Playwright with the Chromium that the system has."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def opened(
    started: Any, file: Path, size: tuple[int, int] = WIDE, *, media: str = "screen"
) -> Iterator[Any]:
    """Give a page of a browser, of a size in pixels, and insist that it logs no fault."""
    width, height = size
    context = started.new_context(
        viewport={"width": width, "height": height}, has_touch=size == PHONE
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: _only(file, request.url, faults))
    page.emulate_media(media=media)
    page.goto(file.as_uri())
    yield page
    context.close()
    assert faults == []


def _only(file: Path, url: str, faults: list[str]) -> None:
    if url != file.as_uri():
        faults.append(f"asked for {url}")


def findings(page: Any) -> list[str]:
    """Return what axe-core finds wrong with the page as it is shown now."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in violations for node in one["nodes"]]
