"""Every error this project raises on purpose, as one tree.

::

    HomecareError                       code              exit  HTTP
    ├── InputError                      bad-input            3   422
    │   ├── UnreadableFile              unreadable-file      3   400
    │   ├── UnsupportedVersion          unsupported-version  3   422
    │   └── InvalidDocument             invalid-document     3   422
    ├── UsageError                      bad-usage            2   400
    └── InternalError                   internal            70   500
        └── EngineDisagreement          engine-disagreement 70   500
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, SkipValidation

MOST_TOLD = 50
"Faults that a person is told one by one; the rest is counted. Programs get all of them."


class Fault(BaseModel):
    """One thing wrong (or suspicious) in a document, and where.

    Attributes
    ----------
    path
        Place in the document, such as ``clients[3].home.lat``; empty for the
        document as a whole.
    code
        Stable kebab-case code, documented in ``docs/errors.md``.
    message
        One English sentence: what is wrong and what would mend it. Usually one that can be
        said in Chinese too, see `optimizer.i18n.Sentence`.
    record
        Id of the record in which the place lies, such as ``C0004``; None if it is in none, or
        in one without an id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    code: str
    message: SkipValidation[str]
    record: str | None = None

    @property
    def place(self) -> str:
        """The place with the record's id, such as ``clients[3].home.lat (C0004)``."""
        return self.path if self.record is None else f"{self.path} ({self.record})"

    def __str__(self) -> str:
        return f"{self.place or 'document'}: {self.message}"


class HomecareError(Exception):
    """Something went wrong."""

    code = "error"
    exit_code = 70
    http_status = 500

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class InputError(HomecareError):
    """The input cannot be used as it is."""

    code = "bad-input"
    exit_code = 3
    http_status = 422


class UnreadableFile(InputError):
    """The file cannot be read; check its path, its rights and that it is complete."""

    code = "unreadable-file"
    http_status = 400


class UnsupportedVersion(InputError):
    """The document's format version is not one this program reads."""

    code = "unsupported-version"


class InvalidDocument(InputError):
    """The document has faults; each one is listed with its place.

    Parameters
    ----------
    faults
        All faults found, in document order; never empty.
    source
        File name or other origin, for the heading.
    """

    code = "invalid-document"

    def __init__(self, faults: Sequence[Fault], source: str = "document") -> None:
        self.faults = tuple(faults)
        self.source = source
        count = len(self.faults)
        head = f"{source} has {count} fault{'' if count == 1 else 's'}"
        lines = [head + ":", *(f"  {fault}" for fault in self.faults[:MOST_TOLD])]
        if count > MOST_TOLD:
            lines.append(f"  ... and {count - MOST_TOLD} more")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[InvalidDocument], tuple[Sequence[Fault], str]]:
        return type(self), (self.faults, self.source)  # As it was made, in another process too.


class UsageError(HomecareError):
    """The command or call is used in a way that cannot work."""

    code = "bad-usage"
    exit_code = 2
    http_status = 400


class InternalError(HomecareError):
    """A defect of this program; please report it with the scenario that shows it."""

    code = "internal"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What engine and verifier say of the same plan.

    Attributes
    ----------
    what
        Name of the quantity, for instance ``travel`` or ``violations``.
    engine, verifier
        The two values, as text.
    """

    what: str
    engine: str
    verifier: str


class EngineDisagreement(InternalError):
    """Engine and verifier disagree about a plan, so no plan is returned.

    Parameters
    ----------
    differences
        Every quantity on which the two disagree; never empty.
    """

    code = "engine-disagreement"

    def __init__(self, differences: Sequence[Disagreement]) -> None:
        self.differences = tuple(differences)
        rows = (f"  {d.what}: engine {d.engine}, verifier {d.verifier}" for d in self.differences)
        super().__init__("\n".join(["Engine and verifier disagree; no plan is returned:", *rows]))
