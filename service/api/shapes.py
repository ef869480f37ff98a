"""The shapes of answers: what the routes write and the client reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from optimizer.needs import Severity
from service.jobs.states import JobState, Lane


def writable(text: str) -> str:
    """Return a text that can be written as UTF-8: JSON may escape halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")


Words = Annotated[str, AfterValidator(writable)]


class ProblemFault(BaseModel):
    """One thing that is wrong, and where."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    pointer: Words
    "JSON pointer into the body, or the name of a parameter after `#`."
    code: str
    "Stable code; see the page on errors."
    message: Words
    "What is wrong and what would mend it."
    record: Words | None = None
    "Id of the record in which it is, such as `C0004`."


class ProblemLimit(BaseModel):
    """The limit that was met."""

    name: str
    value: float


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    "`urn:homecare:problem:` and the code."
    title: str
    status: int
    detail: str
    instance: str
    "`urn:homecare:request:` and the request's id, which the log has as well."
    code: str
    "Stable code; see the page on errors."
    faults: list[ProblemFault] | None = None
    "All faults of a document at once."
    more_faults: int | None = None
    "How many faults are not listed."
    limit: ProblemLimit | None = None


class JobDocument(BaseModel):
    """A job and where it stands."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    id: str
    kind: str
    state: JobState
    lane: Lane
    attempt: int
    "How often it was begun; more than once only after a fault of the machine."
    cached: bool
    "Whether an identical job had this result already."
    parameters: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress: dict[str, Any] | None
    "What the work told last: elapsed seconds, cost, unserved visits, bound."
    result: dict[str, Any] | None
    "What is known of the result; the plan has an address of its own."
    fault: dict[str, Any] | None
    "Why it failed."
    links: dict[str, str]


class AlertDocument(BaseModel):
    """What visits cannot answer for, of one client."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    client: str
    alert: str
    "Stable code; see the page on needs."
    severity: Severity
    "How soon: today, within days, or when the record is next looked at."
    sentence: str
    "What is the matter, in words that name no diagnosis."
    to_do: str
    "What is to be done."


class AlertsDocument(BaseModel):
    """What visits cannot answer for, the most urgent first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    examined: int
    "How many clients had a health record or a care plan."
    alerts: list[AlertDocument]


class JobList(BaseModel):
    """Jobs, the newest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[JobDocument]
    next: str | None
    "What to give as `after` for the following page; null on the last one."
