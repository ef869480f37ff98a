"""Names of the village, all invented."""

from __future__ import annotations

from optimizer.formats.names import Kind, Name, Names
from optimizer.report.audience import Audience

NAMES = Names.of(
    [
        Name(
            Kind.CLIENT,
            "C0001",
            name="Ada <Invented>",
            phone="0574-0000001",
            address="1 Invented Road",
            contact="Bea Invented",
            contact_phone="0574-0000002",
            door="ring twice",
            caution="there is a dog",
        ),
        Name(Kind.CLIENT, "C0002", name="=Cora Invented"),
        Name(Kind.CAREGIVER, "G0001", name="Dora Invented"),
        Name(Kind.CAREGIVER, "G0002", name="Eva Invented"),
        Name(Kind.OFFICE, "", name="Invented Care", phone="0574-0000009"),
    ]
)
NAMED = Audience(NAMES)
"""C0003 has no name."""
