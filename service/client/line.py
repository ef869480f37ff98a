"""The line to a service: requests with a key, and problems as errors."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx

from optimizer.domain import Scenario
from optimizer.errors import HomecareError
from optimizer.formats import format_scenario
from service.api.shapes import Problem

Document = dict[str, Any]
JSON = {"content-type": "application/json"}
_LONGEST_WAIT = 30
_SPARE_SECONDS = 30.0


class ServiceError(HomecareError):
    """The service has answered with a problem.

    Parameters
    ----------
    problem
        Its document.
    """

    code = "service-problem"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        rows = [f"  {fault.pointer}: {fault.message}" for fault in problem.faults or ()]
        super().__init__("\n".join([f"{problem.code} ({problem.status}): {problem.detail}", *rows]))


@cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes longer than most requests, so clients share them.
    return httpx.create_ssl_context()


class Line:
    """Sends requests to one service with one key.

    Parameters
    ----------
    address, key, transport
        See `ServiceClient`.
    """

    def __init__(self, address: str, key: str, transport: httpx.BaseTransport | None) -> None:
        self._http = httpx.Client(
            base_url=address,
            headers={"authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(_SPARE_SECONDS, read=_LONGEST_WAIT + _SPARE_SECONDS),
            transport=transport,
            verify=_certificates(),
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def document(self, method: str, address: str, **options: Any) -> Document:
        """Return the JSON object that a request is answered with.

        Raises
        ------
        ServiceError
            If the service refuses.
        """
        content: Document = self.send(method, address, **options).json()
        return content

    def send(self, method: str, address: str, **options: Any) -> httpx.Response:
        """Return the answer to a request.

        Raises
        ------
        ServiceError
            If the service refuses.
        """
        answer = self._http.request(method, address, **options)
        _insist(answer)
        return answer

    @contextmanager
    def stream(self, method: str, address: str, **options: Any) -> Iterator[httpx.Response]:
        """Give an answer that comes bit by bit.

        Raises
        ------
        ServiceError
            If the service refuses.
        """
        with self._http.stream(method, address, **options) as answer:
            if answer.is_error:
                answer.read()
            _insist(answer)
            yield answer


def _insist(answer: httpx.Response) -> None:
    if answer.is_error:
        raise ServiceError(Problem.model_validate_json(answer.content))


def repeatable(idempotency_key: str | None) -> dict[str, str]:
    """Return the header that makes a repetition harmless, if there is a key."""
    return {} if idempotency_key is None else {"idempotency-key": idempotency_key}


def waiting(seconds: float | None) -> dict[str, str]:
    """Return the header that asks to wait for a result, if it is to be waited for."""
    return {} if seconds is None else {"prefer": f"wait={seconds:.0f}"}


def text_of(scenario: Scenario | str | bytes) -> str | bytes:
    """Return a scenario as JSON."""
    return format_scenario(scenario) if isinstance(scenario, Scenario) else scenario
