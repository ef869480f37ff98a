"""The service keeps its contract: every endpoint, asked for what it allows and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection

from service.api.contract import contract_of
from service.app import routers
from service.auth.permissions import Permission
from tests.patience import wait_until
from tests.service.api.running import Running
from tests.sweeps import few

EXAMPLES = few([2, 12], 1)
"Per operation and mode."

CALLERS = {Permission.OFFICE_DECIDE: "purchaser", Permission.OFFICE_ASSESS: "assessor"}
"Who is asked where the administrator of the district may not."

CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A document may be of the right shape and still contradict itself: 422.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "400", "401", "403", "404", "409", "412", "422", "428"]
            },
        },
    }
)


def described() -> FastAPI:
    """Return an application that has the routes and answers nothing."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for router in routers():
        app.router.routes.extend(router.routes)
    return app


SCHEMA = schemathesis.openapi.from_dict(contract_of(described()), config=CONFIG)
OPERATIONS: list[Any] = [found.ok() for found in SCHEMA.get_all_operations()]  # type: ignore[union-attr]


@pytest.fixture(scope="module", autouse=True)
def _ready(service: Running) -> None:
    """Until its kernels are loaded the service says 503, as it should."""
    wait_until(lambda: service.send("GET", "/readyz").status_code == 200)


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_server_error_and_no_breach(
    operation: Any, mode: GenerationMode, examples: int, service: Running
) -> None:
    """Requests that keep or break the contract get documented answers, and never a 500."""
    if mode is GenerationMode.NEGATIVE and not can_be_wrong(operation):
        return  # There is nothing in it that could be wrong.
    permission = operation.definition.raw["x-permission"]
    headers = {"Authorization": f"Bearer {service.keys[CALLERS.get(permission, 'district')]}"}

    # Validation is there to be given faulty documents, and says of them what is wrong.
    excluded: list[Any] = [negative_data_rejection] if operation.path == "/v1/validate" else []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url=service.address, headers=headers, excluded_checks=excluded)

    check()


def can_be_wrong(operation: Any) -> bool:
    """Return whether an operation has parameters or a body."""
    return bool(list(operation.iter_parameters()) or operation.body)


def test_the_published_contract_is_the_one_that_is_tested(service: Running) -> None:
    """What the service hands out has the same operations, each with its permission."""
    published = service.send("GET", "/v1/openapi.json").json()
    assert published["paths"] == contract_of(described())["paths"]
    for path, operations in published["paths"].items():
        for method, operation in operations.items():
            assert operation["x-permission"], (path, method)
