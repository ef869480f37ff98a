"""The closed lists of an explanation: obstacles, how firm a statement is, kinds of fixes."""

from __future__ import annotations

from enum import StrEnum

from optimizer.matching import Reason


class Standing(StrEnum):
    """How firm it is that a visit is left unserved."""

    PROVEN = "proven"
    "Nobody could serve it even as the only visit of an empty roster."
    CROWDED_OUT = "crowded_out"
    "Somebody could serve it alone, but not beside the rest of this plan."
    FITS = "fits"
    "It fits into this plan as it stands."


class Obstacle(StrEnum):
    """Why one caregiver does not serve a visit, from far off to nearly possible.

    Of several shifts of a caregiver the one that comes nearest counts.
    """

    NOT_QUALIFIED = "not_qualified"
    EXPIRED = "expired"
    CONTRACT = "contract"
    ORGANISATION = "organisation"
    VOLUNTEER = "volunteer"
    GENDER = "gender"
    REFUSED = "refused"
    PINNED_ELSEWHERE = "pinned_elsewhere"
    NOT_ON_THIS_DAY = "not_on_this_day"
    UNREACHABLE = "unreachable"
    LONGEST_LEG = "longest_leg"
    WINDOW_AGAINST_SHIFT = "window_against_shift"
    TRAVEL = "travel"
    BREAK = "break"
    DAY_MINUTES = "day_minutes"
    WEEK_MINUTES = "week_minutes"
    DAYS_OFF = "days_off"
    CONSECUTIVE_DAYS = "consecutive_days"
    MONTH_OVERTIME = "month_overtime"
    NIGHTS = "nights"
    VISITS_PER_DAY = "visits_per_day"
    CONTRACT_CAP = "contract_cap"
    ENTITLEMENT = "entitlement"
    COUPLING = "coupling"
    REST = "rest"
    INFECTION = "infection"
    CAREGIVERS_PER_CLIENT = "caregivers_per_client"
    NO_FREE_TIME = "no_free_time"
    PARTNER = "partner"


class FixKind(StrEnum):
    """A single change that would let a visit take place, smaller ones first."""

    BEGIN_LATER = "begin_later"
    BEGIN_EARLIER = "begin_earlier"
    SHIFT_LATER = "shift_later"
    SHIFT_EARLIER = "shift_earlier"
    SHORTER = "shorter"
    QUALIFICATION = "qualification"
    ONE_MORE = "one_more"


RANK: dict[Obstacle, int] = {obstacle: number for number, obstacle in enumerate(Obstacle)}
"How near to possible an obstacle is."

ONLY_ALONE = frozenset(
    {Obstacle.UNREACHABLE, Obstacle.LONGEST_LEG, Obstacle.TRAVEL, Obstacle.BREAK}
)
"Obstacles that another visit on the way might remove, though not for the only visit of a day."

OF_MATCHING: dict[Reason, Obstacle] = {reason: Obstacle(reason.value) for reason in Reason}
