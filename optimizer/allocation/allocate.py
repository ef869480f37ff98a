"""Allocation of clients to organisations, from the rules of a district to a line per client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from optimizer.allocation.draw import drawn_order
from optimizer.allocation.offers import Asking, grounded
from optimizer.allocation.packages import WHOLE, Package, Queue, packages_of
from optimizer.allocation.room import Room
from optimizer.allocation.rotation import Rotation, Turn
from optimizer.allocation.shares import shares_of
from optimizer.allocation.standing import KEPT_IN_SPITE, Standing
from optimizer.domain.allocation import (
    AllocationLine,
    AllocationLog,
    AllocationPolicy,
    Counts,
    Decline,
    Finding,
    OfferOutcome,
    Share,
    Step,
    Term,
    Tested,
    Unmet,
    Wish,
)
from optimizer.domain.client import Client, ServiceChoice
from optimizer.domain.index import ScenarioIndex
from optimizer.domain.scenario import Scenario
from optimizer.matching import chosen_organisation


def allocate(scenario: Scenario, policy: AllocationPolicy) -> AllocationLog:
    """Allocate the clients of a scenario to its organisations by the rules of a district.

    Clients keep their organisation while it may keep them; then come the wishes of clients,
    then rotation by the largest deficit against contracted shares. Whose turn comes first, in
    each step: critical care, then more care, then the draw. Nothing else has any weight; the
    order of the files and the clock have none.

    Parameters
    ----------
    scenario
        With its visits, checked with the policy (`check_allocation`).
    policy
        The rules, fixed before the names were known.

    References
    ----------
    Eastlake D (2004). RFC 3797. Tijdeman R (1980). The chairman assignment problem. Discrete
    Mathematics 32, 323-330.
    """
    office = _Office.of(scenario, policy)
    left = office.in_turn(packages_of(office.index, policy.lots))
    lines: list[AllocationLine] = []
    for step in (*policy.steps, None):
        waiting: list[Package] = []
        for package in left:
            line = office.line(package, step)
            if line is None:
                waiting.append(package)
            else:
                lines.append(line)
        left = waiting
    return office.log(lines)


_DECLINES = frozenset({OfferOutcome.DECLINED, OfferOutcome.SILENT})


@dataclass(frozen=True)
class _Office:
    """Everything that is asked when it is a client's turn."""

    index: ScenarioIndex
    policy: AllocationPolicy
    standing: Standing
    room: Room
    rotation: Rotation
    shares: dict[Queue, Mapping[str, int]] = field(default_factory=dict)
    orders: dict[Queue, tuple[str, ...]] = field(default_factory=dict)
    asked: dict[tuple[str, str | None], Asking] = field(default_factory=dict)
    numbers: Iterable[int] = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, scenario: Scenario, policy: AllocationPolicy) -> _Office:
        index = ScenarioIndex.of(scenario)
        return cls(
            index=index,
            policy=policy,
            standing=Standing.of(index, policy),
            room=Room.of(scenario.contracts, policy.bodies),
            rotation=Rotation.resumed(policy.mode, policy.accounts),
        )

    def in_turn(self, packages: Sequence[Package]) -> list[Package]:
        """Return packages with critical care first, then the larger, then by the draw."""
        by_queue: dict[Queue, list[Package]] = {}
        for package in packages:
            by_queue.setdefault(package.queue, []).append(package)
        ordered: list[Package] = []
        for queue in sorted(by_queue, key=lambda queue: (queue[0], queue[1] or "")):
            own = {package.client.id: package for package in by_queue[queue]}
            drawn = drawn_order(self.policy.draw, queue, self.policy.period, own)
            ordered += sorted(
                (own[client] for client in drawn),
                key=lambda package: (not package.is_critical, -package.care),
            )
        return ordered

    def line(self, package: Package, step: Step | None) -> AllocationLine | None:
        """Return the line of a package if this step decides it; None as the last step: unmet."""
        if package.lot is None:
            return self._line(package, None, None, unmet=Unmet.NO_LOT)
        if step is None:
            return self._line(package, None, None, unmet=Unmet.NO_STEP)
        steps: dict[Step, Callable[[Package], AllocationLine | None]] = {
            Step.KEEP: self._keep,
            Step.CHOICE: self._choose,
            Step.ROTATION: self._rotate,
        }
        return steps[step](package)

    def _keep(self, package: Package) -> AllocationLine | None:
        present = _present(package)
        if present is None:
            return None
        found = self.standing.against(present, package, self.index.scenario.contracts)
        if found is not None and found not in KEPT_IN_SPITE:
            return None
        return self._given(package, Step.KEEP, present, (Tested(organisation=present),))

    def _choose(self, package: Package) -> AllocationLine | None:
        wish = self._wish(package)
        if wish is None or not wish.ranked:
            return None
        asking = self._asking(package)
        tested: list[Tested] = []
        for organisation in wish.ranked:
            found = self._against(organisation, package)
            outcome = OfferOutcome.ACCEPTED
            if found is None and asking is not None:
                outcome = asking.ask(organisation)
                if outcome in _DECLINES:
                    found = Finding.DECLINED
            tested.append(Tested(organisation=organisation, finding=found))
            if outcome is OfferOutcome.OPEN:
                self.room.give(organisation, package)
                return self._line(
                    package, Step.CHOICE, None, unmet=Unmet.OFFERED, tested=tuple(tested)
                )
            if found is None:
                return self._given(package, Step.CHOICE, organisation, tuple(tested))
        if wish.waits:
            return self._line(package, Step.CHOICE, None, unmet=Unmet.WAITS, tested=tuple(tested))
        return None

    def _rotate(self, package: Package) -> AllocationLine:
        queue = package.queue
        shares = self._shares(package)
        order = self.orders.setdefault(
            queue, drawn_order(self._term.draw, queue, self._term.period, shares)
        )
        found: dict[str, Finding | None] = {}
        for one in order:
            found[one] = self._against(one, package)
            if found[one] is None and not shares[one]:
                found[one] = Finding.NO_SHARE
        taking = {one: shares[one] for one in order if found[one] is None}
        if not taking:
            tested = tuple(Tested(organisation=one, finding=found[one]) for one in order)
            return self._line(
                package, Step.ROTATION, None, unmet=Unmet.NO_ORGANISATION, tested=tested
            )
        turn = self.rotation.turn(package, taking, order, lambda one: self._declines(one, package))
        if turn.organisation is not None:
            self.room.give(turn.organisation, package)
        asking = self._asking(package)
        is_open = asking is not None and any(
            one.outcome is OfferOutcome.OPEN for one in asking.made
        )  # fmt: skip
        unmet = Unmet.ALL_DECLINED if turn.organisation is None else None
        return self._line(
            package,
            Step.ROTATION,
            None if is_open else turn.organisation,
            unmet=Unmet.OFFERED if is_open else unmet,
            tested=_tested(order, found, turn),
            declined=turn.declined,
            by_draw=turn.by_draw,
        )

    def _against(self, organisation: str, package: Package) -> Finding | None:
        """Return what is against a new client of an organisation."""
        declined = self.standing.declined(organisation, package)
        return (
            self.standing.against(organisation, package, self.index.scenario.contracts)
            or (Finding.DECLINED if declined is not None and declined.grounded else None)
            or (Finding.DECLINED if self._has_ground(organisation, package) else None)
            or (Finding.DECLINED if self._has_declined(organisation, package) else None)
            or self.room.against(organisation, package)
        )

    def _has_declined(self, organisation: str, package: Package) -> bool:
        """Return whether the client has chosen an organisation that has declined already."""
        asking = self._asking(package)
        return asking is not None and any(
            one.organisation == organisation and one.outcome in _DECLINES for one in asking.made
        )

    def _has_ground(self, organisation: str, package: Package) -> bool:
        offers = self.policy.offers
        return offers is not None and grounded(offers.answers, organisation, package)

    def _declines(self, organisation: str, package: Package) -> bool:
        declined = self.standing.declined(organisation, package)
        if declined is not None:
            return not declined.grounded
        asking = self._asking(package)
        return asking is not None and asking.ask(organisation) in _DECLINES

    @property
    def _term(self) -> Term:
        """Return by what the order of organisations is drawn."""
        return self.policy.term or Term(period=self.policy.period, draw=self.policy.draw)

    def _asking(self, package: Package) -> Asking | None:
        """Return the offers of a package; None where nobody is asked."""
        if self.policy.offers is None:
            return None
        key = package.client.id, None if package.lot is None else package.lot.id
        if key not in self.asked:
            self.asked[key] = Asking.about(package, self.policy.offers)
        return self.asked[key]

    def _shares(self, package: Package) -> Mapping[str, int]:
        queue = package.queue
        if queue not in self.shares:
            lot = package.lot or WHOLE
            self.shares[queue] = shares_of(self.index.scenario, self.policy, queue, lot)
        return self.shares[queue]

    def _wish(self, package: Package) -> Wish | None:
        """Return the wish about a lot, else the one about all lots."""
        lot = None if package.lot is None else package.lot.id
        own = [wish for wish in self.policy.wishes if wish.client == package.client.id]
        about = [wish for wish in own if wish.lot == lot] or [w for w in own if w.lot is None]
        return about[0] if about else None

    def _given(
        self, package: Package, step: Step, organisation: str, tested: tuple[Tested, ...]
    ) -> AllocationLine:
        self.room.give(organisation, package)
        if self.policy.counts is Counts.ALL:
            self.rotation.receive(package, organisation)
        return self._line(package, step, organisation, tested=tested)

    def _line(
        self,
        package: Package,
        step: Step | None,
        organisation: str | None,
        *,
        unmet: Unmet | None = None,
        tested: tuple[Tested, ...] = (),
        declined: tuple[str, ...] = (),
        by_draw: bool = False,
    ) -> AllocationLine:
        asking = self._asking(package)
        return AllocationLine(
            number=next(iter(self.numbers)),
            client=package.client.id,
            lot=None if package.lot is None else package.lot.id,
            town=package.client.town,
            care=package.care,
            critical=package.is_critical,
            step=step,
            organisation=organisation,
            unmet=unmet,
            previous=_present(package),
            tested=tested,
            declined=declined,
            by_draw=by_draw,
            offers=() if asking is None else tuple(asking.made),
        )

    def log(self, lines: Sequence[AllocationLine]) -> AllocationLog:
        """Return the log of all lines."""
        shares = tuple(
            Share(
                lot=queue[0],
                town=queue[1],
                organisation=one,
                millionths=self.shares[queue][one],
                drawn=place,
            )
            for queue, order in sorted(
                self.orders.items(), key=lambda item: (item[0][0], item[0][1] or "")
            )
            for place, one in enumerate(order, 1)
        )
        return AllocationLog(
            scenario=self.index.scenario.id,
            period=self.policy.period,
            draw=self.policy.draw,
            day=self.standing.day,
            mode=self.policy.mode,
            counts=self.policy.counts,
            shares=shares,
            lines=tuple(lines),
            accounts=self.rotation.accounts(),
            term=self.policy.term,
            declines=tuple(self._declined(lines)),
        )

    def _declined(self, lines: Iterable[AllocationLine]) -> Iterator[Decline]:
        """Yield groundless declines so far, those of this period last."""
        yield from self.policy.past_declines
        yield from (one for one in self.policy.declines if not one.grounded)
        for line in lines:
            for one in line.offers:
                if one.outcome in _DECLINES:
                    yield Decline(
                        client=line.client,
                        lot=line.lot,
                        organisation=one.organisation,
                        date=one.due.date(),
                    )


def _present(package: Package) -> str | None:
    """Return the organisation that the client has for this care now."""
    return chosen_organisation(package.client, package.visits[0])


def _tested(
    order: Sequence[str], found: Mapping[str, Finding | None], turn: Turn
) -> tuple[Tested, ...]:
    return tuple(
        Tested(
            organisation=one,
            finding=found[one],
            credited=turn.credited.get(one),
            before=turn.before.get(one),
            after=turn.after.get(one),
        )
        for one in order
    )


def resumed(policy: AllocationPolicy, before: AllocationLog) -> AllocationPolicy:
    """Return rules that begin where the period before has ended: accounts, and declines so far.

    Parameters
    ----------
    policy, before
        The rules, and the log of the period before.
    """
    past = (*policy.past_declines, *before.declines)
    return policy.model_copy(update={"accounts": before.accounts, "past_declines": past})


def with_organisations(
    scenario: Scenario, policy: AllocationPolicy, log: AllocationLog
) -> Scenario:
    """Return a scenario with the organisations of an allocation written at its clients.

    Parameters
    ----------
    scenario
        What was allocated, with its health records or without.
    policy, log
        The rules, and what came of them. Who was given no organisation has none afterwards.
    """
    lots = {lot.id: lot for lot in policy.lots or (WHOLE,)}
    given: dict[str, list[AllocationLine]] = {}
    for line in log.lines:
        given.setdefault(line.client, []).append(line)

    def allocated(client: Client) -> Client:
        own = given.get(client.id)
        if own is None:
            return client
        chosen = {line.organisation for line in own}
        if len(chosen) == 1:
            return client.model_copy(
                update={"organisation": next(iter(chosen)), "service_choices": ()}
            )
        whole = [line.organisation for line in own if line.lot and not lots[line.lot].services]
        return client.model_copy(
            update={
                "organisation": whole[0] if whole else None,
                "service_choices": tuple(
                    ServiceChoice(services=lots[line.lot].services, organisation=line.organisation)
                    for line in own
                    if line.lot and line.organisation and lots[line.lot].services
                ),
            }
        )

    return scenario.model_copy(update={"clients": tuple(map(allocated, scenario.clients))})
