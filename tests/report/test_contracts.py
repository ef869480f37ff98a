"""What a roster gives of what was bought."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from rich.console import Console

from optimizer.domain.contract import Contract
from optimizer.i18n import sentence
from optimizer.report.contracts import ContractUse, contract_uses
from optimizer.report.page import roster_page
from optimizer.report.roster import Roster
from optimizer.report.text import MAX_CONTRACTS, roster_text
from optimizer.units import MS_PER_MINUTE

BOUGHT = Contract(
    id="K1",
    purchaser="district",
    organisation="O1",
    start="2026-03-01",
    end="2026-03-31",
    cap=90,
    funding=("lottery_fund", "ltci"),
)


def _with_contracts(roster: Roster, *contracts: Contract, fen: int = 0, **charged: int) -> Roster:
    scenario = roster.scenario.model_copy(update={"contracts": contracts})
    verdict = replace(roster.verdict, charged=charged, charged_fen=dict.fromkeys(charged, fen))
    return replace(roster, scenario=scenario, verdict=verdict)


def _shown(roster: Roster) -> str:
    out = StringIO()
    Console(file=out, width=120, highlight=False).print(roster_text(roster, lang="en"))
    return out.getvalue()


def test_the_care_charged_stands_beside_who_buys_and_who_pays(roster: Roster) -> None:
    """Each contract tells its purchaser, its funding, the care charged to it and its cap."""
    bought = _with_contracts(roster, BOUGHT, K1=75 * 60, fen=5_400)
    assert contract_uses(bought) == (
        ContractUse(
            "K1",
            "O1",
            "district",
            ("lottery_fund", "ltci"),
            75 * MS_PER_MINUTE,
            90 * MS_PER_MINUTE,
            5_400,
        ),
    )
    line = next(line for line in _shown(bought).splitlines() if "K1" in line)
    for words in ("O1", "district", "lottery_fund ltci", "1 h 15 min", "1 h 30 min", "54.00"):
        assert words in line
        assert words in roster_page(bought, lang="en")


def test_nothing_charged_and_no_cap(roster: Roster) -> None:
    """A contract that nothing is charged to is listed with no care, one without cap with none."""
    free = BOUGHT.model_copy(update={"cap": None})
    assert [(use.care, use.cap) for use in contract_uses(_with_contracts(roster, free))] == [
        (0, None)
    ]


def test_no_contracts_no_heading(roster: Roster) -> None:
    """Where nothing was bought by contract, the roster does not speak of it."""
    assert sentence("en", "head.contracts") not in _shown(roster)
    assert sentence("en", "head.contracts") in _shown(_with_contracts(roster, BOUGHT))


def test_many_contracts_are_cut_short(roster: Roster) -> None:
    """A terminal shows the first contracts, and how many more there are."""
    many = [BOUGHT.model_copy(update={"id": f"K{n}"}) for n in range(MAX_CONTRACTS + 4)]
    shown = _shown(_with_contracts(roster, *many))
    assert shown.count("district") == MAX_CONTRACTS
    assert sentence("en", "list.more", count=4) in shown
