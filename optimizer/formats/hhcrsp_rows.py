"""The rows of a benchmark instance's file, each checked by itself.

The format is the JSON of the public home-health-care routing benchmark, together with its
published extension for several depots and working shifts. Fields that this page does not
name are passed over with a warning.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from optimizer.domain.record import Code, Id

Number = Annotated[float, Field(strict=True, ge=0, le=100_000, allow_inf_nan=False)]
TimeOfDay = Annotated[float, Field(strict=True, ge=0, le=1440, allow_inf_nan=False)]
Coordinate = Annotated[float, Field(strict=True, allow_inf_nan=False)]
MatrixIndex = Annotated[int, Field(strict=True, ge=0)]
PatientId = Annotated[str, Field(min_length=1, max_length=78, pattern=r"^[^\s/]+$")]


class Row(BaseModel):
    """An object of the file; what it says beside the known fields is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    descriptive: ClassVar[frozenset[str]] = frozenset()
    "Fields that the format has and that say nothing about a roster."

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of all fields, second names included."""
        names = set(cls.model_fields) | cls.descriptive
        for field in cls.model_fields.values():
            if isinstance(field.validation_alias, AliasChoices):
                names |= {str(choice) for choice in field.validation_alias.choices}
        return frozenset(names)


class ServiceRow(Row):
    """A service, its length in minutes where a patient does not say."""

    descriptive = frozenset({"type"})

    id: Code
    default_duration: Annotated[Number, Field(gt=0)] | None = None


class OfficeRow(Row):
    """A place where caregivers begin or end."""

    id: Id
    location: tuple[Coordinate, Coordinate] | None = None
    distance_matrix_index: MatrixIndex | None = None


class CaregiverRow(Row):
    """Somebody who gives care, with the services they can give."""

    # Its matrix row is the one of the point where it begins.
    descriptive = frozenset({"distance_matrix_index"})

    id: Id
    abilities: tuple[str, ...]
    start: str | None = Field(
        None, validation_alias=AliasChoices("starting_point_id", "departing_point")
    )
    end: str | None = Field(None, validation_alias=AliasChoices("ending_point_id", "arrival_point"))
    working_shift: tuple[TimeOfDay, TimeOfDay] | None = None


class NeedRow(Row):
    """One service that a patient needs, in minutes."""

    service: str
    duration: Annotated[Number, Field(gt=0)] | None = None


class SynchronisationRow(Row):
    """How the two services of a patient depend on each other; gaps are start to start."""

    type: Literal["simultaneous", "sequential"]
    distance: tuple[Number, Number] | None = None


class PatientRow(Row):
    """A patient; a window's end is soft."""

    id: PatientId
    location: tuple[Coordinate, Coordinate] | None = None
    distance_matrix_index: MatrixIndex | None = None
    time_window: tuple[TimeOfDay, Number] | None
    needs: tuple[NeedRow, ...] = Field(
        validation_alias=AliasChoices("required_caregivers", "required_services")
    )
    synchronization: SynchronisationRow | None = None
    incompatible_caregivers: tuple[str, ...] | None = None
