"""Why this carer, in words: who answers for the client is named."""

from __future__ import annotations

import pytest

from optimizer.domain.client import ResponsibleCarer
from optimizer.explanation import PlanState, alternatives
from optimizer.i18n import Lang
from optimizer.report.explain_text import alternatives_text
from optimizer.travel import travel_matrices
from tests.verification.worlds import lane, roster, route, with_client, with_visit


@pytest.mark.parametrize(
    ("own", "lang", "told"),
    [
        ("N1", "en", "N1 answers for C1 and makes 1 of 2 visits; at least 2 are due."),
        ("N2", "zh", "C1 的责任护理员是 N2：2 次服务中由其上门 0 次，按最低比例至少应为 2 次。"),
        ("N9", "en", None),  # who is gone answers for nobody
        (None, "en", None),
    ],
)
def test_the_responsible_caregiver_is_named(own: str | None, lang: Lang, told: str | None) -> None:
    """Before a stop and its alternatives stands who answers for the client, and how often."""
    world = with_visit(lane(), "V2", client="C1")
    if own is not None:
        carer = ResponsibleCarer(caregiver=own, min_share=100)
        world = with_client(world, "C1", responsible=carer)
    plan = roster(route("N1", ("V1", "C1", "09:00", 30)), unserved=("V2", "V3"))
    state = PlanState.of(world, plan, travel_matrices(world))
    lines = list(alternatives_text(state, alternatives(state, "V1", 1), lang=lang))
    named = [line for line in lines if "answers for" in line or "的责任护理员是" in line]
    assert named == ([] if told is None else [told])
