"""A small district whose clients need one visit each: who cares for whom can be done by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from optimizer.domain.allocation import AllocationPolicy
from optimizer.domain.caregiver import Caregiver, Qualification, Shift
from optimizer.domain.client import Client
from optimizer.domain.contract import Contract, Organisation
from optimizer.domain.place import Place
from optimizer.domain.policy import Priority
from optimizer.domain.scenario import Horizon, Scenario
from optimizer.domain.visit import CarerNeed, Requirement, StartWindow, Visit

DAY = dt.date(2026, 3, 2)
MINUTE = 60_000
HERE = Place(lat=29.95, lon=121.7)


def policy(**fields: object) -> AllocationPolicy:
    """Return rules of March with a draw, and whatever else is given."""
    return AllocationPolicy.model_validate({"period": "2026-03", "draw": "3D 052: 385", **fields})


def district(
    minutes: Sequence[int],
    organisations: Sequence[str] = ("O1", "O2"),
    *,
    contracts: tuple[Contract, ...] = (),
    chosen: dict[str, str] | None = None,
    nurses: Sequence[str] = (),
    nursing: Sequence[int] = (),
    critical: Sequence[int] = (),
    town: str = "luotuo",
) -> Scenario:
    """Return a scenario of one day.

    Parameters
    ----------
    minutes
        Care of each client: C1, C2, ...
    organisations
        Each employs one caregiver.
    chosen
        Present organisation of clients.
    nurses
        Organisations whose caregiver is a nurse.
    nursing, critical
        Numbers of the clients who need a nurse, and whose visit is critical.
    """
    present = chosen or {}
    return Scenario(
        id="district",
        horizon=Horizon(start=DAY),
        organisations=tuple(Organisation(id=one) for one in organisations),
        contracts=contracts,
        clients=tuple(
            Client(id=f"C{n}", home=HERE, town=town, organisation=present.get(f"C{n}"))
            for n in range(1, len(minutes) + 1)
        ),
        caregivers=tuple(
            Caregiver(
                id=f"G-{one}",
                organisation=one,
                home=HERE,
                qualifications=(Qualification(code="N"),) if one in nurses else (),
                shifts=(Shift(date=DAY, start="08:00", end="18:00"),),
            )
            for one in organisations
        ),
        visits=tuple(
            Visit(
                id=f"V{n}",
                client=f"C{n}",
                services=("INSULIN_INJ",) if n in nursing else ("HYG_BATH",),
                carers=(
                    CarerNeed(
                        minutes=care,
                        qualifications=(Requirement(code="N"),) if n in nursing else (),
                    ),
                ),
                window=StartWindow(earliest="08:00", latest="17:00"),
                priority=Priority.CRITICAL if n in critical else Priority.ESSENTIAL,
            )
            for n, care in enumerate(minutes, 1)
        ),
    )
