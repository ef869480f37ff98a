"""How hard staffing questions are tried: all by steps, so that they come out the same anywhere."""

from __future__ import annotations

from dataclasses import dataclass

USUAL_VISITS = 150
"Visits of a day for which the numbers below are meant; on larger ones steps grow with them."
FEWEST_ROUNDS = 50
"Rounds behind a proof on the largest days, where each takes long."


@dataclass(frozen=True, slots=True)
class Effort:
    """Steps and numbers; all at least 1.

    Attributes
    ----------
    base
        Steps for the day without hires.
    trial, confirm
        Steps of a first look at one more hire, and of the second look at the best of them.
    short_list, confirmed
        How many are looked at each time, and how many of these a second time.
    phantoms
        Steps of a search in which everybody may be used at a price.
    drop
        Steps with one hire fewer.
    final, seeds
        Steps and number of searches for the answer's own team.
    exchanged_for, exchanges
        For how many kinds, the most useful ones, a hire is exchanged; and how many exchanges are
        looked at closely.
    valued
        How many kinds are tried for what one more is worth.
    most_hires
        No team is larger.
    ranking_rounds, proof_rounds
        Rounds of column generation behind a ranking, and behind each proof.
    team_rounds, team_parts
        Rounds of column generation for one team, and how many certificates are made at most that
        speak of teams one by one, per number of hires.
    candidates, longest
        How many teams of which nothing can be proven are tried, and steps of the last look at the
        best of them.
    scarcest_seconds
        How long each proof about the scarcest grade is looked for: the one limit by the clock.
    """

    base: int = 30_000
    trial: int = 1_500
    confirm: int = 15_000
    short_list: int = 12
    confirmed: int = 2
    phantoms: int = 40_000
    drop: int = 8_000
    final: int = 20_000
    seeds: int = 3
    exchanged_for: int = 15
    exchanges: int = 6
    valued: int = 6
    most_hires: int = 30
    ranking_rounds: int = 25
    proof_rounds: int = 150
    team_rounds: int = 60
    team_parts: int = 40
    candidates: int = 150
    longest: int = 150_000
    scarcest_seconds: float = 2.0

    @classmethod
    def of(cls, visits: int) -> Effort:
        """Return what suits a day of so many visits: as many steps per visit as on a usual day."""
        usual = cls()
        factor = max(1.0, visits / USUAL_VISITS)
        return cls(
            base=int(usual.base * factor),
            trial=int(usual.trial * factor),
            confirm=int(usual.confirm * factor),
            phantoms=int(usual.phantoms * factor),
            drop=int(usual.drop * factor),
            final=int(usual.final * factor),
            longest=int(usual.longest * factor),
            proof_rounds=max(FEWEST_ROUNDS, int(usual.proof_rounds / factor)),
        )
