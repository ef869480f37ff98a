"""What a roster gives of what was bought: one line per contract, for purchaser and payer."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.report.roster import Roster
from optimizer.units import to_ms


@dataclass(frozen=True, slots=True)
class ContractUse:
    """One contract and the care that the roster charges to it.

    Attributes
    ----------
    contract, organisation, purchaser
        What was bought, from whom, and by whom.
    funding
        Where the money comes from.
    care
        Care charged to it, in milliseconds.
    cap
        Most care that may still be charged, in milliseconds; None for no limit.
    fen
        What the care charged costs the purchaser.
    """

    contract: str
    organisation: str
    purchaser: str
    funding: tuple[str, ...]
    care: int
    cap: int | None
    fen: int


def contract_uses(roster: Roster) -> tuple[ContractUse, ...]:
    """Return what the roster charges to each contract, in the scenario's order."""
    ticks_per_minute = roster.scenario.ticks_per_minute
    return tuple(
        ContractUse(
            contract=one.id,
            organisation=one.organisation,
            purchaser=one.purchaser,
            funding=one.funding,
            care=to_ms(roster.verdict.charged.get(one.id, 0), ticks_per_minute),
            cap=one.left,
            fen=roster.verdict.charged_fen.get(one.id, 0),
        )
        for one in roster.scenario.contracts
    )
