"""What all tests share: how random cases are drawn, and whether a test may be skipped."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

NOTHING_SKIPPED = "HOMECARE_TESTS_NOTHING_SKIPPED"
"Variable that says that all is installed, so that a skipped test is a fault (`.ci/run`)."

GARBAGE_AFTER = (20_000, 20, 20)
"""Objects, and looks at young ones, after which garbage is looked for: more seldom than usual.

What tests keep from one another grows to millions of objects; to look through them as often as
Python does by itself takes a tenth of all the time.
"""

# The first case may have to compile kernels, so no deadline; and the same cases are drawn on
# every machine, so that a failure is everybody's failure.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

# Children of tests are forked with all that any of them needs, as those of the service are: each
# would otherwise load the engine for itself, which takes seconds.
multiprocessing.get_context("forkserver").set_forkserver_preload(
    [
        "service.jobs.preload",
        "service.documents.work",
        "service.documents.rosters",
        "optimizer.shortfall.preload",
        "tests.service.jobs.kinds",
        "tests.parallel.works",
    ]
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are looked for, nor afterwards in what they are.

    Thousands of tests are millions of objects that stay, and each look through them takes a
    second.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_AFTER)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as failed where everything that tests need is there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(NOTHING_SKIPPED):
        report.outcome = "failed"
        report.longrepr = f"skipped, although everything is installed: {report.longrepr}"
    return report
