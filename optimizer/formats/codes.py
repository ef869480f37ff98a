"""The closed list of codes that a fault or a warning about a document can carry."""

from __future__ import annotations

from enum import StrEnum


class FaultCode(StrEnum):
    """Why a document is refused; each is explained in ``docs/errors.md``."""

    # The text itself.
    EMPTY_DOCUMENT = "empty-document"
    NOT_UTF8 = "not-utf8"
    BAD_JSON = "bad-json"
    TOO_DEEP = "too-deep"
    NOT_AN_OBJECT = "not-an-object"
    DUPLICATE_KEY = "duplicate-key"
    NOT_A_NUMBER = "not-a-number"
    WRONG_FORMAT = "wrong-format"
    # One field by itself.
    MISSING_FIELD = "missing-field"
    UNKNOWN_FIELD = "unknown-field"
    WRONG_TYPE = "wrong-type"
    WRONG_CHOICE = "wrong-choice"
    WRONG_COUNT = "wrong-count"
    OUT_OF_RANGE = "out-of-range"
    BAD_TEXT = "bad-text"
    BAD_DATE = "bad-date"
    BAD_CLOCK = "bad-clock"
    BAD_MINUTES = "bad-minutes"
    BAD_VALUE = "bad-value"
    BAD_TIME_ZONE = "bad-time-zone"
    # Records that name each other.
    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_ENTITLEMENT = "duplicate-entitlement"
    UNKNOWN_CLIENT = "unknown-client"
    UNKNOWN_CAREGIVER = "unknown-caregiver"
    UNKNOWN_ORGANISATION = "unknown-organisation"
    UNKNOWN_VISIT = "unknown-visit"
    UNKNOWN_PAYER = "unknown-payer"
    # Times that contradict each other.
    WINDOW_REVERSED = "window-reversed"
    PREFERRED_OUTSIDE_WINDOW = "preferred-outside-window"
    EMPTY_DURATION = "empty-duration"
    SHORTEST_TOO_LONG = "shortest-too-long"
    DATE_OUTSIDE_HORIZON = "date-outside-horizon"
    SHIFT_REVERSED = "shift-reversed"
    SHIFTS_OVERLAP = "shifts-overlap"
    BREAK_REVERSED = "break-reversed"
    PERIOD_REVERSED = "period-reversed"
    FINER_THAN_A_TICK = "finer-than-a-tick"
    PIN_TOO_MANY = "pin-too-many"
    PIN_REPEATED = "pin-repeated"
    # Couplings.
    COUPLING_ITSELF = "coupling-itself"
    COUPLING_CLIENTS = "coupling-clients"
    COUPLING_REPEATED = "coupling-repeated"
    TOGETHER_TWO_CARERS = "together-two-carers"
    TOGETHER_TWICE = "together-twice"
    GAP_REVERSED = "gap-reversed"
    DAYS_REVERSED = "days-reversed"
    DEPENDENCY_LOOP = "dependency-loop"
    NO_COMMON_DATE = "no-common-date"
    # Explicit travel matrices.
    MATRIX_SHAPE = "matrix-shape"
    MATRIX_VALUE = "matrix-value"
    MISSING_MODE = "missing-mode"
    MISSING_METRES = "missing-metres"
    MISSING_INDEX = "missing-index"
    INDEX_OUT_OF_RANGE = "index-out-of-range"


class WarningCode(StrEnum):
    """What is suspicious in a document that is accepted; see ``docs/errors.md``."""

    FAR_AWAY = "far-away"
    COORDINATES_SWAPPED = "coordinates-swapped"
    LOOKS_LIKE_SECONDS = "looks-like-seconds"
    UNREACHABLE = "unreachable"
    NO_SHIFTS = "no-shifts"
    SHIFT_OUTSIDE_HORIZON = "shift-outside-horizon"
    LIMIT_BELOW_NORM = "limit-below-norm"
    PREFERRED_AND_REFUSED = "preferred-and-refused"
    NOBODY_QUALIFIED = "nobody-qualified"
    NOBODY_AT_WORK = "nobody-at-work"
    FITS_NO_SHIFT = "fits-no-shift"
    NOBODY_ALLOWED = "nobody-allowed"
    NEVER_BOTH = "never-both"
    PIN_OUTSIDE_WINDOW = "pin-outside-window"
    PIN_OUTSIDE_DATES = "pin-outside-dates"
    OTHER_SCENARIO = "other-scenario"
