"""A running service for the tests that speak HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.api.running import Running, running, settings_for


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a service on SQLite that all tests share."""
    with running(settings_for(tmp_path_factory.mktemp("service"))) as found:
        yield found
