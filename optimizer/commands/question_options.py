"""Arguments by which a question is asked of an imagined day, in `simulate` and `staffing`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Words = list[str] | None
DropOption = Annotated[
    Words, typer.Option(metavar="ID", help="This organisation leaves; may be repeated.")
]
AwayOption = Annotated[
    str | None,
    typer.Option(metavar="SHARE", help="So many caregivers are away, such as 50% or 8."),
]
DemandOption = Annotated[
    str | None, typer.Option(metavar="CHANGE", help="Clients more or fewer, such as +6%.")
]
MoreOption = Annotated[
    str | None, typer.Option(metavar="CHANGE", help="Caregivers more, such as +10%.")
]
ClientsAwayOption = Annotated[
    str | None,
    typer.Option(metavar="SHARE", help="So many clients need no visit, such as 10%."),
]
LongerOption = Annotated[
    float | None,
    typer.Option(min=-720, max=720, metavar="MIN", help="Every shift ends so much later."),
]
TravelOption = Annotated[
    str | None, typer.Option(metavar="CHANGE", help="Journeys take longer, such as +30%.")
]
EntitlementOption = Annotated[
    str | None, typer.Option(metavar="CHANGE", help="Clients are granted so much more.")
]
PriceOption = Annotated[
    str | None,
    typer.Option(metavar="CHANGE", help="Care costs so much more, for the same money."),
]
RuleOffOption = Annotated[
    Words, typer.Option(metavar="RULE", help="This rule is relaxed; may be repeated.")
]
ShockOption = Annotated[
    Words,
    typer.Option(
        metavar="NAME[:P=V,…]",
        help="A named shock (homecare simulate --list-shocks); may be repeated.",
    ),
]
OriginOption = Annotated[
    Literal["local", "outside"] | None,
    typer.Option(help="Where the caregivers come from who are meant."),
]
TownOption = Annotated[str | None, typer.Option(metavar="CODE", help="Town of whoever is meant.")]
GradeOption = Annotated[
    str | None,
    typer.Option(
        metavar="CODE[/LEVEL]",
        help="Qualification of the caregivers meant, such as N or C/2.",
    ),
]
