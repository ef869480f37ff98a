"""What can be wrong with a request, beside what its document or the store says.

::

    HomecareError
    └── RequestError               bad-request            400
        ├── NotThere               no-such-route          404
        ├── NotAllowed             method-not-allowed     405
        ├── NotReady               not-ready              409
        ├── PlanChanged            plan-changed           412
        ├── BodyTooSlow            body-too-slow          408
        ├── BodyTooLarge           body-too-large         413
        ├── WrongMediaType         wrong-media-type       415
        ├── InvalidRequest         invalid-request        422
        │   └── MovesCollide       moves-collide          409
        ├── ConditionNeeded        condition-needed       428
        ├── TooManyRequests        too-many-requests      429
        ├── TooManyJobs            too-many-jobs          429
        └── TooBusy                too-busy               503
"""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.errors import HomecareError
from service.documents.limits import LimitError


class RequestError(HomecareError):
    """The request cannot be answered as it is."""

    code = "bad-request"
    exit_code = 2
    http_status = 400


class InvalidRequest(RequestError):
    """Parameters or fields of the request have faults; each one is listed with its place.

    Parameters
    ----------
    faults
        Place, code and sentence of each.
    """

    code = "invalid-request"
    http_status = 422

    def __init__(self, faults: Sequence[tuple[str, str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__()


class MovesCollide(InvalidRequest):
    """Another roster has been published meanwhile; begin the draft from that one (rebase)."""

    code = "moves-collide"
    http_status = 409


class NotThere(RequestError):
    """There is nothing at this address; /docs shows what there is."""

    code = "no-such-route"
    http_status = 404


class NotAllowed(RequestError):
    """The method is not known at this address."""

    code = "method-not-allowed"
    http_status = 405


class NotReady(RequestError):
    """The job has no result: it is still at work, or ended without one."""

    code = "not-ready"
    http_status = 409


class PlanChanged(RequestError):
    """The plan is not the one that ``If-Match`` names; read it again."""

    code = "plan-changed"
    http_status = 412


class WrongMediaType(RequestError):
    """The body must be JSON: send ``Content-Type: application/json``."""

    code = "wrong-media-type"
    http_status = 415


class ConditionNeeded(RequestError):
    """Say which plan or draft you have read: ``If-Match`` with its ETag."""

    code = "condition-needed"
    http_status = 428


class TooBusy(RequestError):
    """The answer was not ready in time; try again, or ask without waiting."""

    code = "too-busy"
    http_status = 503


class BodyTooSlow(LimitError):
    """The body has not come in time."""

    code = "body-too-slow"
    http_status = 408


class BodyTooLarge(LimitError):
    """The body is larger than this installation reads."""

    code = "body-too-large"
    http_status = 413


class TooManyRequests(LimitError):
    """The key has asked too often; wait for as long as ``Retry-After`` says.

    Parameters
    ----------
    message, limit, value
        As for every limit.
    retry_after
        Seconds after which the next request is answered.
    """

    code = "too-many-requests"
    http_status = 429

    def __init__(self, message: str, *, limit: str, value: float, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message, limit=limit, value=value)


class TooManyJobs(TooManyRequests):
    """The key has too many jobs that are not finished."""

    code = "too-many-jobs"
