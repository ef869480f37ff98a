"""Writing a roster to a file; the name's ending says as what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optimizer.errors import UsageError
from optimizer.formats.registry import (
    PLAN_FORMATS,
    Opened,
    Origin,
    PlanFormat,
    ProblemFormat,
    plan_format_named,
    problem_format_named,
)
from optimizer.i18n import Lang, cause_of_refusal, say
from optimizer.report.audience import EVERYBODY, Audience
from optimizer.report.roster import Roster
from optimizer.report.views import VIEWS, View, view_named


def output_form(path: Path) -> PlanFormat | View:
    """Return what the ending of a file's name asks for; the longest ending counts.

    Raises
    ------
    UsageError
        If the ending is none that is known.
    """
    found = plan_format_named(path.name) or view_named(path.name)
    if found is not None:
        return found
    endings = [*(one.endings[0] for one in PLAN_FORMATS), *(view.ending for view in VIEWS)]
    raise UsageError(say("usage.ending", path=path, known=tuple(endings)))


def scenario_form(path: Path) -> ProblemFormat[Any]:
    """Return the format of problems that the ending of a file's name asks for.

    Raises
    ------
    UsageError
        If it is none in which a scenario is written.
    """
    found = problem_format_named(path.name)
    if found is None:
        raise UsageError(say("usage.scenario_ending", path=path))
    return found


def insist_on_form(path: Path, origin: Origin | None) -> None:
    """Make sure that plans of a problem can take the form that a file's name asks for.

    Parameters
    ----------
    path
        The file.
    origin
        The problem as its foreign format says it, or None.

    Raises
    ------
    UsageError
        If the form is one for plans of other problems only, or none that is known.
    """
    form = output_form(path)
    if isinstance(form, PlanFormat) and not form.can_hold_plans_of(origin):
        raise UsageError(say("usage.only_plans_of", path=path, whose=form.whose))


def write_output(
    path: Path,
    roster: Roster,
    *,
    lang: Lang,
    origin: Origin | None = None,
    audience: Audience = EVERYBODY,
) -> None:
    """Write a roster in the form that the file's name asks for.

    Parameters
    ----------
    path
        File to write, in a folder that exists.
    roster
        The roster.
    lang
        Language of a page or picture.
    origin
        The problem as its foreign format says it, for that format's form of a plan.
    audience
        With which names, and of which caregivers, where the form tells of people.

    Raises
    ------
    UsageError
        If the file cannot be written, or not in this form.
    """
    form = output_form(path)
    insist_on_form(path, origin)
    try:
        if isinstance(form, PlanFormat):
            form.write(roster.plan, Opened(roster.scenario, origin), path)
        elif form.needs_routes and not roster.routes:
            raise UsageError(say("usage.no_picture", path=path))
        else:
            drawn = form.draw(roster, audience, lang)
            path.write_bytes(drawn if isinstance(drawn, bytes) else drawn.encode())
    except OSError as error:
        raise UsageError(say("usage.unwritable", path=path, why=cause_of_refusal(error))) from error
