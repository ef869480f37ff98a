"""Rules about who visits whom, and what a planner has fixed: qualified, allowed and pin."""

from __future__ import annotations

from types import MappingProxyType

from ortools.sat.python import cp_model

from optimizer.domain.client import Flag
from optimizer.domain.policy import Rule
from optimizer.exact.options import Options, Strikes
from optimizer.exact.variables import Binds, Literal, Variables
from optimizer.exact.world import HOME, World
from optimizer.matching.reasons import Reason

_QUALIFIED = {Reason.NOT_QUALIFIED, Reason.EXPIRED}
_ALLOWED = {
    Reason.REFUSED,
    Reason.GENDER,
    Reason.VOLUNTEER,
    Reason.ORGANISATION,
    Reason.CONTRACT,
    Reason.NOT_ON_THIS_DAY,
}


def qualified(world: World, options: Options) -> None:
    """A caregiver serves only what their qualifications, valid on the day, cover."""
    options.strike_pairs(lambda r, k: bool(_QUALIFIED.intersection(world.reasons[r, k])))


def allowed(world: World, options: Options) -> None:
    """Client, organisation and contract admit the caregiver, and the visit the day."""
    options.strike_pairs(lambda r, k: bool(_ALLOWED.intersection(world.reasons[r, k])))


def clean_first(world: World, options: Options) -> None:
    """No other client is visited directly after an infectious one, hence none at all."""
    infectious = {t.number for t in world.tasks if Flag.INFECTIOUS in t.client.flags}
    options.strike_legs(
        lambda _, i, j: i in infectious and j != HOME and j not in infectious,
    )


def pinned_people(world: World, options: Options) -> None:
    """A carer or a day that a planner has fixed closes all others."""
    options.strike_pairs(lambda r, k: Reason.PINNED_ELSEWHERE in world.reasons[r, k])


def pin(variables: Variables) -> None:
    """A served visit begins at the start that a planner has fixed."""
    world = variables.world
    for v, visit in enumerate(world.scenario.visits):
        if visit.pin is not None and visit.pin.start is not None:
            fixed = variables.model.add(variables.start[v] == world.ticks(visit.pin.start))
            fixed.only_enforce_if(variables.served[v])


def caregivers_per_client(variables: Variables) -> None:
    """No more different caregivers come to a client than may."""
    world, model = variables.world, variables.model
    for client in world.scenario.clients:
        most = world.index.most_caregivers(client.id)
        if most is None:
            continue
        tasks = [task.number for task in world.tasks if task.client.id == client.id]
        coming: list[Literal] = []
        for g, caregiver in enumerate(world.scenario.caregivers):
            stops = [variables.on[pair] for k in tasks for pair in variables.pairs_by(k, g)]
            if stops:
                comes = model.new_bool_var(f"{caregiver.id} comes to {client.id}")
                coming.append(comes)
                for on in stops:
                    model.add_implication(on, comes)
        if len(coming) > most:
            model.add(cp_model.LinearExpr.sum(coming) <= most)


STRIKES_PAIRS: Strikes = MappingProxyType(
    {Rule.QUALIFIED: qualified, Rule.ALLOWED: allowed, Rule.PIN: pinned_people}
)
STRIKES_LEGS: Strikes = MappingProxyType({Rule.ALLOWED: clean_first})
BINDS: Binds = MappingProxyType({Rule.CAREGIVERS_PER_CLIENT: caregivers_per_client, Rule.PIN: pin})
