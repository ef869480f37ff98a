"""A question asked on the command line, as a study."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.domain.scenario import Scenario
from optimizer.domain.study import Study, Words
from optimizer.errors import UsageError
from optimizer.formats import parse_study
from optimizer.i18n import LANGUAGES, say, sentence
from optimizer.report.study_wording import arm_words

REPLICATIONS = 20
"Drawn days of a question asked in a meeting."
LONGEST = 1_000
"Letters of a question in words; what is longer is cut."
ARM = "asked"
"Name of its arm."

_SHARE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*[%％]")
_NUMBER = re.compile(r"\d+")
_GRADE = re.compile(r"([\w.:+-]+?)(?:/([1-9]))?")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as it was typed.

    Attributes
    ----------
    drop_organisation
        Ids of organisations that leave.
    add_organisation
        Id of an organisation that begins, to which those belong who are hired.
    away
        Caregivers who are away: a share such as ``50%``, or a number.
    demand
        Clients more or fewer, such as ``+6%``.
    hire
        Caregivers more.
    more_caregivers, clients_away, travel, wage
        Changes of how many caregivers there are, who needs no visit, how long journeys take, what
        is paid: such as ``+10%``.
    longer_shifts
        Minutes by which every shift ends later.
    entitlement, price
        Changes of what is granted, and of what an hour costs, such as ``+20%``.
    rule_off
        Rules that are relaxed.
    shock
        Named shocks, such as ``spring_festival`` or ``spring_festival:away=50,origin=outside``.
    origin, town, grade
        Who is meant by `away` and the like; the town also by `demand`. Never who is hired.
    hire_grade, hire_town
        What those hold and where they live whom `hire` finds.
    """

    drop_organisation: Sequence[str] = ()
    add_organisation: str | None = None
    away: str | None = None
    demand: str | None = None
    hire: int | None = None
    more_caregivers: str | None = None
    clients_away: str | None = None
    longer_shifts: float | None = None
    travel: str | None = None
    wage: str | None = None
    entitlement: str | None = None
    price: str | None = None
    rule_off: Sequence[str] = ()
    shock: Sequence[str] = ()
    origin: str | None = None
    town: str | None = None
    grade: str | None = None
    hire_grade: str | None = None
    hire_town: str | None = None

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked at all."""
        return any((self.drop_organisation, self.add_organisation, self.away, self.demand,
                    self.hire, self.more_caregivers, self.clients_away, self.longer_shifts,
                    self.travel, self.wage, self.entitlement, self.price, self.rule_off,
                    self.shock))  # fmt: skip


def inline_study(question: Question, scenario: Scenario, source: str = "simulate") -> Study:
    """Return the study of a question: the scenario as it is, and as it is imagined.

    Parameters
    ----------
    question
        What was asked.
    scenario
        The scenario that is asked about.
    source
        The command that asks, as faults name it.

    Raises
    ------
    UsageError
        If a share, number or shock is not written as it should be, or a filter filters nothing.
    InvalidDocument
        With all faults of the study that was meant.
    """
    document = {
        "id": "question",
        "base": scenario.id,
        "arms": [
            {
                "name": ARM,
                "edits": list(_edits(question, scenario)),
                "shocks": [_shock(text) for text in question.shock],
            }
        ],
        "replications": REPLICATIONS,
    }
    study = parse_study(json.dumps(document), source)
    (arm,) = study.arms
    if not arm.edits and not arm.shocks:
        return study
    en, zh = (
        sentence(lang, "study.what_if", arm=arm_words(lang, arm))[:LONGEST] for lang in LANGUAGES
    )
    return study.model_copy(update={"question": Words(en=en, zh=zh)})


def _insist_on_use(question: Question) -> None:
    """Refuse filters that filter nothing, and an organisation that has nobody."""
    of_staff = (
        question.away,
        question.more_caregivers,
        question.longer_shifts,
        question.wage,
    )
    named = {"--origin": question.origin, "--grade": question.grade}
    for option, value in named.items():
        if value is not None and not any(of_staff):
            raise UsageError(say("usage.filter", option=option))
    if question.town is not None and not (
        any(of_staff) or question.demand or question.clients_away or question.travel
    ):
        raise UsageError(say("usage.filter", option="--town"))
    of_hires = {"--hire-grade": question.hire_grade, "--hire-town": question.hire_town}
    for option, value in of_hires.items():
        if value is not None and question.hire is None:
            raise UsageError(say("usage.hire_filter", option=option))
    if question.add_organisation is not None and question.hire is None:
        raise UsageError(say("usage.simulate.add_nobody", name=question.add_organisation))


def _edits(question: Question, scenario: Scenario) -> Iterable[Document]:
    _insist_on_use(question)
    who = _caregivers(question)
    town: Document = {} if question.town is None else {"town": question.town}
    for name in question.drop_organisation:
        yield {"kind": "drop_organisation", "organisation": name}
    if question.add_organisation is not None:
        yield _new_organisation(question.add_organisation, scenario)
    if question.more_caregivers is not None:
        change = _change("--more-caregivers", question.more_caregivers)
        yield {"kind": "more_caregivers", "percent": change, "of": who}
    if question.away is not None:
        yield {"kind": "caregivers_away", **_share_or_number(question.away), "of": who}
    if question.demand is not None:
        yield {"kind": "demand", "percent": _change("--demand", question.demand), "of": town}
    yield from _other_changes(question, who, town)
    if question.entitlement is not None:
        yield {"kind": "entitlement", "percent": _change("--entitlement", question.entitlement)}
    if question.price is not None:
        yield {"kind": "price", "percent": _change("--price", question.price)}
    if question.hire is not None:
        yield {"kind": "hire", "count": question.hire, **_hired(question)}
    for rule in question.rule_off:
        yield {"kind": "rule_off", "rule": rule}


def _other_changes(question: Question, who: Document, town: Document) -> Iterable[Document]:
    """Yield what is asked of hours, journeys, wages and clients who are away."""
    if question.clients_away is not None:
        change = _change("--clients-away", question.clients_away)
        yield {"kind": "clients_away", "percent": change, "of": town}
    if question.longer_shifts is not None:
        yield {"kind": "shift_hours", "later": question.longer_shifts, "of": who}
    if question.travel is not None:
        change = _change("--travel", question.travel)
        yield {"kind": "travel_time", "percent": change, **town}
    if question.wage is not None:
        yield {"kind": "wage", "percent": _change("--wage", question.wage), "of": who}


def _new_organisation(name: str, scenario: Scenario) -> Document:
    """Return an organisation that may do everything everywhere, and lends to all others."""
    edit: Document = {
        "kind": "add_organisation",
        "organisation": {"id": name, "lending": {"fen_per_hour": 0}},
    }
    if scenario.contracts:
        days = scenario.horizon.dates()
        contract = {
            "id": f"{name}-all",
            "purchaser": scenario.contracts[0].purchaser,
            "organisation": name,
            "start": days[0].isoformat(),
            "end": days[-1].isoformat(),
        }
        edit["contracts"] = [contract]
    return edit


def _caregivers(question: Question) -> Document:
    of: Document = {}
    if question.origin is not None:
        of["origin"] = question.origin
    if question.town is not None:
        of["town"] = question.town
    if question.grade is not None:
        of["qualification"], level = _grade(question.grade)
        if level is not None:
            of["level"] = level
    return of


def _hired(question: Question) -> Document:
    new: Document = {}
    if question.add_organisation is not None:
        new["organisation"] = question.add_organisation
    if question.hire_town is not None:
        new["town"] = question.hire_town
    if question.hire_grade is not None:
        code, level = _grade(question.hire_grade)
        new["qualification"] = {"code": code, "level": level or 1}
    return new


def _grade(text: str) -> tuple[str, int | None]:
    match = _GRADE.fullmatch(text)
    if match is None:
        raise UsageError(say("usage.grade", value=text))
    code, level = match.groups()
    return code, None if level is None else int(level)


def _share_or_number(text: str) -> Mapping[str, float]:
    share = _SHARE.fullmatch(text.strip())
    if share is not None:
        return {"percent": float(share[1])}
    if _NUMBER.fullmatch(text.strip()):
        return {"count": int(text)}
    raise UsageError(say("usage.share", option="--away", value=text, example="50%"))


def _change(option: str, text: str) -> float:
    share = _SHARE.fullmatch(text.strip())
    if share is None:
        raise UsageError(say("usage.share", option=option, value=text, example="+6%"))
    return float(share[1])


def _shock(text: str) -> Document:
    """Return a shock from its name and, after a colon, its parameters."""
    name, _, rest = text.partition(":")
    shock: Document = {"kind": name.strip()}
    for part in rest.split(",") if rest else ():
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise UsageError(say("usage.shock", value=text))
        shock[key.strip()] = _value(value.strip())
    return shock


def _value(text: str) -> object:
    """Return a parameter: a number where it is one, a list where it has semicolons."""
    if ";" in text:
        return [part.strip() for part in text.split(";") if part.strip()]
    share = _SHARE.fullmatch(text)
    if share is not None:
        return float(share[1])
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
