"""The options of ``homecare replan``: what may have happened, what is taken of the proposals."""

from pathlib import Path
from typing import Annotated

import typer

Words = list[str] | None

Absentees = Annotated[
    Words,
    typer.Option(metavar="CAREGIVER", help="Does not come, or goes home now; may be repeated."),
]
Latecomers = Annotated[
    Words,
    typer.Option(metavar="CAREGIVER=MIN", help="Comes so many minutes late; may be repeated."),
]
Leavers = Annotated[
    Words,
    typer.Option(metavar="CAREGIVER=TIME", help="Has to be back by then; may be repeated."),
]
AwayClients = Annotated[
    Words,
    typer.Option(metavar="CLIENT", help="Is not at home that day; may be repeated."),
]
HospitalStays = Annotated[
    Words,
    typer.Option(
        metavar="CLIENT[=DAY]",
        help="Is in hospital, to that last day if it is given; may be repeated.",
    ),
]
NewShifts = Annotated[
    Words,
    typer.Option(metavar="CAREGIVER=TIME-TIME", help="Works at these hours; may be repeated."),
]
ActualTimes = Annotated[
    Words,
    typer.Option(
        metavar="VISIT=TIME[-TIME]", help="When a visit really began, and ended; may be repeated."
    ),
]
ClosedRoads = Annotated[
    Words,
    typer.Option(
        metavar="TOWN=FACTOR", help="Ways to the town take so many times as long; may be repeated."
    ),
]
Refusals = Annotated[
    Words,
    typer.Option(
        metavar="CLIENT=CAREGIVER", help="Does not want to be visited by; may be repeated."
    ),
]
Cancellations = Annotated[
    Words,
    typer.Option(metavar="VISIT", help="Is not wanted; may be repeated."),
]
LongerVisits = Annotated[
    Words,
    typer.Option(metavar="VISIT=MIN", help="Takes so many minutes more; may be repeated."),
]
NewVisits = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="A new visit; may be repeated."),
]
EventsFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="All that has happened, as one file."),
]
Now = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="What begins until then has begun and stays as it is."),
]
Date = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Day it happens on; the first if not given."),
]
Freeze = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Minutes after now in which visits move only if they must; "
        "as the scenario says if not given.",
    ),
]
ProposalNumber = Annotated[
    int, typer.Option(min=1, help="Number of the proposal to take and to write.")
]
Accepted = Annotated[
    Words,
    typer.Option(metavar="GROUP", help="Take this group or visit only; may be repeated."),
]
Refused = Annotated[
    Words,
    typer.Option(metavar="GROUP", help="Take all but this group or visit; may be repeated."),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="File to write the roster to; may be repeated."
    ),
]
DayFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the scenario as it is now, for the next replan."),
]
PeopleFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Names file: type and print names; else pseudonyms."),
]
Iterations = Annotated[int | None, typer.Option(min=0, help="Steps of the search per proposal.")]
