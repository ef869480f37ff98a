"""The closed lists of what can be said about a workbook, beside the faults of a document."""

from __future__ import annotations

from enum import StrEnum


class CellFault(StrEnum):
    """Why a workbook is refused; each is explained in ``docs/errors.md``."""

    # The file as a whole.
    NOT_A_WORKBOOK = "not-a-workbook"
    LOCKED_WORKBOOK = "locked-workbook"
    HUGE_WORKBOOK = "huge-workbook"
    NO_TABLE = "no-table"
    NOTHING_TO_IMPORT = "nothing-to-import"
    FORM_NOT_TABLE = "form-not-table"
    MISSING_COLUMN = "missing-column"
    BAD_MAPPING = "bad-mapping"
    NEWER_TEMPLATE = "newer-template"
    # One cell.
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    FORMULA_ERROR = "formula-error"
    EMPTY_CELL = "empty-cell"
    BAD_NUMBER = "bad-number"
    BAD_DAY = "bad-day"
    BAD_TIME = "bad-time"
    BAD_LENGTH = "bad-length"
    BAD_WEEKDAY = "bad-weekday"
    BAD_FREQUENCY = "bad-frequency"
    BAD_WORD = "bad-word"
    BAD_COORDINATE = "bad-coordinate"
    BAD_CODE = "bad-code"
    # Rows that name each other.
    AMBIGUOUS_NAME = "ambiguous-name"
    REPEATED_ROW = "repeated-row"
    UNKNOWN_NAME = "unknown-name"
    UNKNOWN_ADDRESS = "unknown-address"


class Assumption(StrEnum):
    """What a reader of a workbook took for granted, told as a warning."""

    UNREAD_SHEET = "unread-sheet"
    NOTHING_FILLED_IN = "nothing-filled-in"
    SAME_HEADING = "same-heading"
    GUESSED_HEADING = "guessed-heading"
    SWITCHED_OFF = "switched-off"
    ASSUMED_DAYS = "assumed-days"
    ASSUMED_HOURS = "assumed-hours"
    ASSUMED_WINDOW = "assumed-window"
    ASSUMED_MINUTES = "assumed-minutes"
    ASSUMED_HOME = "assumed-home"
    SPREAD_EVENLY = "spread-evenly"
    OUTSIDE_DAYS = "outside-days"
    NO_CAREGIVERS = "no-caregivers"
    OTHER_DATUM = "other-datum"
    ASSUMED_SKILLS = "assumed-skills"
    PLANNED_AS_HISTORY = "planned-as-history"
    NUMBERED_PRIORITY = "numbered-priority"
    BAD_IDENTITY_NUMBER = "bad-identity-number"
    IDENTITY_DROPPED = "identity-dropped"
    NOT_IMPORTED = "not-imported"
    GEOCODED = "geocoded"
    GEOCODER_SILENT = "geocoder-silent"
    NAME_IN_ADDRESS = "name-in-address"
