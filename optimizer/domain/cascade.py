"""The steps between a need and a payment, and why care is lost at each: closed lists."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from optimizer.domain.allocation import Unmet
from optimizer.domain.reason import UnservedReason


class Stage(StrEnum):
    """How far care has come; each step is a part of the one before."""

    NEEDED = "needed"
    ELIGIBLE = "eligible"
    FUNDED = "funded"
    ASSIGNED = "assigned"
    PLANNED = "planned"
    DELIVERED = "delivered"
    VERIFIED = "verified"
    PAID = "paid"


class Loss(StrEnum):
    """Why care is lost, beside the reasons of allocations and rosters."""

    NOT_ELIGIBLE = "not_eligible"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    ENDED = "ended"
    COPAY_DECLINED = "copay_declined"
    POOL_DRY = "pool_dry"
    ABOVE_ENTITLEMENT = "above_entitlement"
    CAP_USED = "cap_used"
    FULL = "full"
    SHORTENED = "shortened"
    NO_REASON = "no_reason"
    CLIENT_CANCELLED = "client_cancelled"
    CLIENT_AWAY = "client_away"
    HOSPITAL = "hospital"
    CARER_MISSED = "carer_missed"
    NO_RECORD = "no_record"
    SHORT = "short"
    UNVERIFIED = "unverified"
    REJECTED = "rejected"
    TOO_SHORT = "too_short"
    NO_PRICE = "no_price"
    OVER_CAP = "over_cap"


LossCode = Loss | Unmet | UnservedReason

_ELIGIBLE = (Loss.NOT_ELIGIBLE, Loss.NOT_STARTED, Loss.PAUSED, Loss.ENDED)
_FUNDED = (Loss.COPAY_DECLINED, Loss.POOL_DRY, Loss.ABOVE_ENTITLEMENT)
_ASSIGNED = (Loss.CAP_USED, Loss.FULL, *Unmet)
_PLANNED = (Loss.SHORTENED, Loss.NO_REASON, *UnservedReason)
_DELIVERED = (
    Loss.CLIENT_CANCELLED,
    Loss.CLIENT_AWAY,
    Loss.HOSPITAL,
    Loss.CARER_MISSED,
    Loss.NO_RECORD,
    Loss.SHORT,
)
_VERIFIED = (Loss.UNVERIFIED, Loss.REJECTED)
_PAID = (Loss.TOO_SHORT, Loss.NO_PRICE, Loss.OVER_CAP)

CODES: Mapping[Stage, tuple[LossCode, ...]] = MappingProxyType(
    {
        Stage.NEEDED: (),
        Stage.ELIGIBLE: _ELIGIBLE,
        Stage.FUNDED: _FUNDED,
        Stage.ASSIGNED: _ASSIGNED,
        Stage.PLANNED: _PLANNED,
        Stage.DELIVERED: _DELIVERED,
        Stage.VERIFIED: _VERIFIED,
        Stage.PAID: _PAID,
    }
)
"Codes by the step at which they take care away; each stands at one step only."

STAGE_OF: Mapping[LossCode, Stage] = MappingProxyType(
    {code: stage for stage, codes in CODES.items() for code in codes}
)
