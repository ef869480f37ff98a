"""Why a visit is left unserved: the closed list of first reasons."""

from __future__ import annotations

from enum import StrEnum


class UnservedReason(StrEnum):
    """First reason found why a visit does not take place; see ``docs/reasons.md``."""

    NOBODY_QUALIFIED = "nobody_qualified"
    NOT_ON_THIS_DAY = "not_on_this_day"
    REFUSED_OR_NOT_ALLOWED = "refused_or_not_allowed"
    WINDOW_AGAINST_SHIFT = "window_against_shift"
    TRAVEL = "travel"
    BREAK = "break"
    WORK_LIMIT = "work_limit"
    PARTNER_MISSING = "partner_missing"
    ENTITLEMENT = "entitlement"
    CONTRACT = "contract"
    COUPLING = "coupling"
    REST = "rest"
    INFECTION = "infection"
    CAREGIVERS_PER_CLIENT = "caregivers_per_client"
    CROWDED_OUT = "crowded_out"
    FITS = "fits"
    NOBODY_FOUND = "nobody_found"
