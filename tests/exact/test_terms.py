"""Every cost term changes some best plan; the optima are worked out by hand.

The ways of the lane are those of `tests.exact.test_rules`.
"""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.domain.client import ResponsibleCarer
from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.domain.plan import Plan
from optimizer.domain.policy import Policy, Term, Weights
from optimizer.domain.scenario import Familiar, Horizon, Scenario
from optimizer.domain.visit import CarerNeed, StartWindow
from optimizer.exact.recount import COUNTS
from optimizer.exact.terms import QUANTITIES
from tests.exact.solved import minutes, proven, words
from tests.verification.worlds import (
    MONDAY,
    TUESDAY,
    caregiver,
    lane,
    place,
    route,
    shifts,
    visit,
    with_client,
    with_visit,
)


def weighing(world: Scenario, flat: int = 2, **weights: Any) -> Scenario:
    """Return a world with some weights replaced."""
    # Neither fair shares nor idle time count unless a row is about them.
    weights = {"waiting": 0, "balance": 0, **weights}
    policy = Policy(weights=Weights(**weights), continuity_flat=flat)
    return world.model_copy(update={"policy": policy})


def short_day(overtime_limit: float = 0) -> Scenario:
    """Both caregivers work for two hours only; V1 with V2 takes 135 minutes, way included."""
    hours = shifts(MONDAY, end="10:00")
    people = [caregiver(n, shifts=hours, overtime_limit=overtime_limit) for n in ("N1", "N2")]
    return lane(caregivers=tuple(people))


def shortenable() -> Scenario:
    """V2 may be cut to 45 minutes, so that V1 and V2 fit into two hours."""
    return with_visit(short_day(), "V2", carers=(CarerNeed(minutes=60, shortest=45),))


def impatient(**fields: Any) -> Scenario:
    """V1 would like to begin by 08:10, V3 by 08:30."""
    world = with_visit(lane(**fields), "V1", preferred_until=490 * 60_000)
    return with_visit(world, "V3", preferred_until=510 * 60_000)


def idle() -> Scenario:
    """V1 begins at 08:10 sharp, V2 at noon."""
    world = lane(visits=(visit("V1", "C1", 30), visit("V2", "C2", 60)))
    early = with_visit(world, "V1", window=StartWindow(earliest="08:10", latest="08:10"))
    return with_visit(early, "V2", window=StartWindow(earliest="12:00", latest="12:00"))


def drowsy() -> Scenario:
    """V1 may begin at any time before V2, which begins at noon, and there is one caregiver."""
    morning = StartWindow(earliest="08:00", latest="11:30")
    noon = StartWindow(earliest="12:00", latest="12:00")
    visits = (visit("V1", "C1", 30, window=morning), visit("V2", "C2", 60, window=noon))
    return lane(visits=visits, caregivers=(caregiver("N1"),))


def far_and_near(**fields: Any) -> Scenario:
    """Only V1: 70 minutes for N1 who lives beside C3, 20 for N2."""
    people = (caregiver("N1", home=place(3), organisation="O1"), caregiver("N2", organisation="O2"))
    return lane(visits=(visit("V1", "C1", 30),), caregivers=people, **fields)


def known() -> Scenario:
    """C1 has seen N1 before."""
    return far_and_near(history=(Familiar(client="C1", caregiver="N1"),))


def chosen(fen_per_hour: int) -> Scenario:
    """C1 has chosen N1's organisation; N2's lends."""
    lender = Organisation(id="O2", lending=Lending(fen_per_hour=fen_per_hour))
    world = far_and_near(organisations=(Organisation(id="O1"), lender))
    return with_client(world, "C1", organisation="O1")


def promised() -> Scenario:
    """Two organisations of one caregiver each have half of the care promised."""
    people = (caregiver("N1", organisation="O1"), caregiver("N2", organisation="O2"))
    contracts = [
        Contract(
            id=f"K{n}",
            purchaser="civil",
            organisation=f"O{n}",
            start=MONDAY,
            end=MONDAY,
            min_share=50,
        )
        for n in (1, 2)
    ]
    bodies = (Organisation(id="O1"), Organisation(id="O2"))
    return lane(caregivers=people, organisations=bodies, contracts=tuple(contracts))


def dearer(fen_per_hour: int) -> Scenario:
    """N2's organisation asks for a price, and a yuan weighs a minute; N1's costs nothing."""
    world = far_and_near(
        organisations=(Organisation(id="O1"), Organisation(id="O2")),
        contracts=tuple(
            Contract(
                id=f"K{n}",
                purchaser="civil",
                organisation=f"O{n}",
                start=MONDAY,
                end=MONDAY,
                fen_per_hour=price,
            )
            for n, price in ((1, 0), (2, fen_per_hour))
        ),
    )
    people = tuple(
        one.model_copy(update={"organisation": f"O{n}"})
        for n, one in enumerate(world.caregivers, 1)
    )
    return weighing(world.model_copy(update={"caregivers": people}), purchase=1)


def paid() -> Scenario:
    """Work costs two fen a minute."""
    return lane(caregivers=tuple(caregiver(n, fen_per_minute=2) for n in ("N1", "N2")))


def riding() -> Scenario:
    """N1 is paid 10 fen per kilometre (1 km takes 10 minutes) and travel costs nothing else."""
    return lane(caregivers=(caregiver("N1", fen_per_km=10),), visits=(visit("V2", "C2", 60),))


def announced() -> Scenario:
    """N1 has been promised to C1 for noon."""
    plan = Plan(scenario="lane", routes=(route("N1", ("V1", "C1", "12:00", 30)),))
    return far_and_near(published=plan)


def answered(weight: int) -> Scenario:
    """N1 answers for C1, so much a visit."""
    own = ResponsibleCarer(caregiver="N1", min_share=100)
    return weighing(with_client(far_and_near(), "C1", responsible=own), responsible=weight)


def hard(weight: int) -> Scenario:
    """All three visits are hard."""
    world = weighing(lane(), burdens=weight)
    for name in ("C1", "C2", "C3"):
        world = with_client(world, name, need_tier=3)
    return world


def late(weight: int) -> Scenario:
    """All three visits are of the evening: the same lane, ten hours later."""
    window = StartWindow(earliest="18:00", latest="02:00+1")
    hours = shifts(MONDAY, start="18:00", end="03:00+1")
    world = lane(caregivers=tuple(caregiver(name, shifts=hours) for name in ("N1", "N2")))
    for name in ("V1", "V2", "V3"):
        world = with_visit(world, name, window=window)
    return weighing(world, burdens=weight)


def day_after_day(weight: int) -> Scenario:
    """V1 is due on Monday, V2 on Tuesday; N1 does them in 60 minutes, N2 lives beside C3."""
    people = (
        caregiver("N1", shifts=shifts(MONDAY, TUESDAY)),
        caregiver("N2", home=place(3), shifts=shifts(MONDAY, TUESDAY)),
    )
    visits = (
        visit("V1", "C1", 30, dates=(MONDAY,)),
        visit("V2", "C2", 60, dates=(TUESDAY,)),
    )
    world = weighing(lane(visits=visits, caregivers=people), streaks=weight)
    policy = world.policy.model_copy(update={"preferred_consecutive_days": 1})
    horizon = Horizon(start=MONDAY, days=2)
    return world.model_copy(update={"policy": policy, "horizon": horizon})


def beside() -> Scenario:
    """N2 lives beside C3: V3 costs N2 nothing, V1 with V2 cost N1 45 minutes."""
    return lane(caregivers=(caregiver("N1"), caregiver("N2", home=place(3))))


ROWS = [
    (Term.UNSERVED, short_day(), 20_300 + 100, {"no V1"}),  # the shortest visit
    (Term.UNSERVED, with_visit(short_day(), "V1", mandatory=True), 20_450 + 60, {"no V3"}),
    (Term.SHORTENED, shortenable(), 105 + 8 * 15, {"V1 V2", "V3"}),  # rather cut than left out
    (Term.TRAVEL, lane(), 80, {"V1 V2 V3"}),  # one round
    (Term.TRAVEL, weighing(lane(), travel=3), 240, {"V1 V2 V3"}),  # three times as much
    (Term.LATENESS, impatient(), 95, {"V1", "V2 V3"}),  # nobody is late
    (
        Term.WORST_LATENESS,
        weighing(impatient(caregivers=(caregiver("N1"),)), lateness=0, worst_lateness=1),
        90 + 45,  # V1, V3 at 09:15, V2
        {"V1 V2 V3", "V3 09:15"},
    ),
    (Term.WAITING, idle(), 45, {"V1 V2"}),  # waiting is free
    (Term.WAITING, weighing(idle(), waiting=1), 60, {"V1", "V2"}),  # 185 minutes are too long
    (Term.WAITING, weighing(drowsy(), waiting=1), 45, {"V1 11:15"}),  # no need to be early
    (Term.OVERTIME, short_day(30), 105 + 4 * 15, {"V1 V2", "V3"}),  # back at 10:15
    (Term.WAGE, weighing(paid(), wage=1), 105 + 2 * 150, {"V1 V2", "V3"}),  # shortest way between
    (Term.WAGE, weighing(riding(), travel=0, wage=1), 2 * 20, {"N1: V2"}),  # two times 2 km
    (Term.CONTINUITY, weighing(known(), flat=1), 20 + 15, {"N2: V1"}),  # a new face is cheaper
    (Term.CONTINUITY, weighing(known(), flat=1, continuity=60), 70, {"N1: V1"}),  # than 50 minutes
    (Term.PREFERENCE, with_client(far_and_near(), "C1", preferred=("N1",)), 20 + 15, {"N2: V1"}),
    (
        Term.PREFERENCE,
        weighing(with_client(far_and_near(), "C1", preferred=("N1",)), preference=60),
        70,  # the wish is worth more than the way
        {"N1: V1"},
    ),
    (Term.BALANCE, weighing(lane(), balance=1), 115 + 7.5, {"V1 V3", "V2"}),  # 67.5 each are fair
    (Term.SHARE, promised(), 115 + 5 * 7.5, {"V1 V3", "V2"}),  # 60 of 67.5 minutes
    (Term.LENDING, chosen(60), 20 + 30, {"N2: V1"}),  # 30 fen for 30 minutes
    (Term.LENDING, chosen(120), 70, {"N1: V1"}),  # 60 fen are too much
    (Term.PURCHASE, dearer(8_000), 20 + 40, {"N2: V1"}),  # 40 yuan are 40 minutes
    (Term.PURCHASE, dearer(12_000), 70, {"N1: V1"}),  # 60 yuan are too much
    (Term.PURCHASE, weighing(dearer(12_000), purchase=0), 20, {"N2: V1"}),  # no matter what
    (Term.STAFF_USED, beside(), 45, {"V1 V2", "V3"}),  # each where it is near
    (Term.STAFF_USED, weighing(beside(), staff_used=40), 75 + 40, {"V1 V2 V3"}),  # N2 alone
    (Term.RESPONSIBLE, answered(60), 70, {"N1: V1"}),  # an hour, and less ways are 50
    (Term.RESPONSIBLE, answered(49), 20 + 49, {"N2: V1"}),
    (Term.BURDENS, hard(7), 80 + 6 * 7, {"V1 V2 V3"}),  # 1 + 2 + 3 steps, and the least ways
    (Term.BURDENS, hard(8), 95 + 4 * 8, {"V1", "V2 V3"}),  # 1 and 1 + 2 steps, 15 minutes more
    (Term.BURDENS, late(7), 80 + 6 * 7, {"V1 V2 V3"}),  # evenings likewise
    (Term.BURDENS, late(8), 95 + 4 * 8, {"V1", "V2 V3"}),
    (Term.STREAKS, day_after_day(9), 60 + 9, {"N1: V1", "N1: V2"}),  # a second day in a row
    (Term.STREAKS, day_after_day(11), 20 + 50, {"N1: V1", "N2: V2"}),  # ten minutes more
    (Term.DISRUPTION, announced(), 70, {"N1: V1"}),  # one phone call is 60, and less ways are 50
    (Term.DISRUPTION, weighing(announced(), disruption=49), 20 + 49, {"N2: V1"}),  # call
]


@pytest.mark.parametrize(("term", "world", "cost", "said"), ROWS)
def test_a_term_shapes_the_best_plan(
    term: Term, world: Scenario, cost: float, said: set[str]
) -> None:
    """The best plan costs what it costs by hand, and looks so."""
    result, plan = proven(world)
    assert minutes(result) == cost
    assert said <= words(plan)


def test_every_term_is_in_the_model_and_in_this_table() -> None:
    """Each term has a function in the model, one that recounts it, and a row above."""
    assert QUANTITIES.keys() == COUNTS.keys() == set(Term)
    assert {row[0] for row in ROWS} == set(Term)


def test_a_published_start_is_kept_within_the_tolerance() -> None:
    """A start moves by up to a quarter of an hour before somebody has to be called."""
    assert "V1 11:45" in words(proven(announced())[1])


def test_without_another_reason_visits_begin_early() -> None:
    """Of equally good plans the one that begins early is returned."""
    assert "V1 08:10" in words(proven(drowsy())[1])
