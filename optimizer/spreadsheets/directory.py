"""Who is who: pseudonyms of people and organisations, and the names they are listed under."""

from __future__ import annotations

import re
from collections import defaultdict

from optimizer.formats.names import Kind, Name, Names
from optimizer.spreadsheets.codes import CellFault
from optimizer.spreadsheets.unreadable import UnreadableCell
from optimizer.spreadsheets.words import fold

_USABLE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}", re.ASCII)
_PRIVATE = re.compile(r"\d{11,}")
_ID = re.compile(r"[^\s/]{1,80}")
PREFIXES = {Kind.CLIENT: "C", Kind.CAREGIVER: "G", Kind.ORGANISATION: "O"}


class Directory:
    """The people of one kind in a workbook.

    Whoever is in the names file of an earlier import keeps the pseudonym.

    Parameters
    ----------
    kind
        Whom it is about.
    known
        Names of earlier imports.
    is_ours
        Whether the workbook is one of ours, whose numbers are pseudonyms already.
    """

    def __init__(self, kind: Kind, known: Names, *, is_ours: bool) -> None:
        self._kind = kind
        self._is_ours = is_ours
        self._known_numbers = {
            entry.source_id: entry.id for entry in known if entry.kind is kind and entry.source_id
        }
        self._known_names: dict[str, list[Name]] = defaultdict(list)
        for entry in known:
            if entry.kind is kind and entry.name:
                self._known_names[fold(entry.name)].append(entry)
        self._reserved = {entry.id for entry in known if entry.kind is kind}
        self._places: dict[str, str] = {}
        self._by_number: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._gone: dict[str, str] = {}
        self._next = 1

    def __len__(self) -> int:
        return len(self._places)

    def enter(self, number: str, name: str, address: str, place: str) -> str:
        """Enter somebody and return the pseudonym.

        Parameters
        ----------
        number, name, address
            As the workbook says; empty where it does not.
        place
            The cell, for messages.

        Raises
        ------
        UnreadableCell
            If somebody with this number has been entered.
        """
        if number and fold(number) in self._by_number:
            raise UnreadableCell(
                CellFault.REPEATED_ROW, "sheets.repeated_number", other=self.place_of(number)
            )
        pseudonym = self._pseudonym(number, name, address)
        self._places[pseudonym] = place
        self._by_number[fold(pseudonym)] = pseudonym
        if number:
            self._by_number[fold(number)] = pseudonym
        if name:
            self._by_name[fold(name)].append(pseudonym)
        return pseudonym

    def find(self, text: str) -> str | None:
        """Return the pseudonym of a number or name; None if nobody has it.

        Raises
        ------
        UnreadableCell
            If several people have this name.
        """
        by_number = self._by_number.get(fold(text))
        if by_number is not None:
            return by_number
        named = self._by_name.get(fold(text), [])
        if len(named) > 1:
            places = tuple(self._places[one] for one in named)
            raise UnreadableCell(CellFault.AMBIGUOUS_NAME, "sheets.ambiguous_name", places=places)
        return named[0] if named else None

    def is_gone(self, text: str) -> bool:
        """Return whether nobody is listed by a number or name, nor by one much like it.

        Whoever was in an earlier import by exactly this name is gone, whatever is like it.
        """
        if fold(text) in self._by_number or self._by_name.get(fold(text)):
            return False
        was_here = (
            fold(text) in self._known_names or text in self._known_numbers or text in self._reserved
        )
        return was_here or not any(
            _is_slip(fold(text), other) for other in (*self._by_name, *self._by_number)
        )

    def gone(self, text: str) -> str:
        """Return the pseudonym of somebody who is not listed any more, always the same one."""
        if fold(text) not in self._gone:
            is_number = text in self._known_numbers or self._may_keep(text)
            number, name = (text, "") if is_number else ("", text)
            self._gone[fold(text)] = self._pseudonym(number, name, "")
            self._reserved.add(self._gone[fold(text)])
        return self._gone[fold(text)]

    def place_of(self, text: str) -> str:
        """Return the cell where somebody with this number or pseudonym is listed."""
        return self._places.get(self._by_number.get(fold(text), text), "")

    def near(self, text: str) -> str | None:
        """Return the cell of the name most like another, in case it is a slip of the pen."""
        import difflib  # noqa: PLC0415 (only where something is wrong)

        near = difflib.get_close_matches(fold(text), [*self._by_name, *self._by_number], 1, 0.6)
        if not near:
            return None
        named = self._by_name.get(near[0]) or [self._by_number[near[0]]]
        return self._places[named[0]]

    def _pseudonym(self, number: str, name: str, address: str) -> str:
        if number and self._may_keep(number):
            return number
        if number and number in self._known_numbers:
            return self._known_numbers[number]
        before = [
            entry for entry in self._known_names.get(fold(name), ()) if entry.id not in self._places
        ]
        if len(before) > 1 and address:
            before = [entry for entry in before if fold(entry.address) == fold(address)]
        if name and not number and len(before) == 1:
            return before[0].id
        while (made := f"{PREFIXES[self._kind]}{self._next:04d}") in self._taken():
            self._next += 1
        self._next += 1
        return made

    def _taken(self) -> set[str]:
        return self._reserved | self._places.keys() | set(self._by_number.values())

    def _may_keep(self, number: str) -> bool:
        """Return whether a number says nothing of the person: no name, no identity number."""
        if self._is_ours:
            return _ID.fullmatch(number) is not None
        return bool(_USABLE.fullmatch(number)) and not _PRIVATE.search(number)


_SHORT = 5
"Signs up to which a name has one slip of the pen; longer ones have two."


def _is_slip(one: str, other: str) -> bool:
    """Return whether a name becomes another by few signs changed, left out or added."""
    most = 1 if min(len(one), len(other)) <= _SHORT else 2
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for number, sign in enumerate(one, 1):
        last, row[0] = row[0], number
        for at, letter in enumerate(other, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (sign != letter))
    return row[-1] <= most
