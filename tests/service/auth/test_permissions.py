"""What each role may do."""

from __future__ import annotations

import pytest

from service.auth.permissions import (
    DISTRICT_ROLES,
    OF_DISTRICT,
    PERMISSIONS,
    Forbidden,
    Permission,
    Principal,
    Role,
)
from service.database.scope import DISTRICT

ALLOWED = {
    Role.VIEWER: "public jobs.read",
    Role.PLANNER: "public jobs.read jobs.write plans.publish people.read people.write",
    Role.ADMIN: "public jobs.read jobs.write plans.publish people.read people.write "
    "audit.read keys.manage webhooks.write evidence.write notices.read",
    Role.DISTRICT_ANALYST: "public jobs.read jobs.write aggregates.read studies.run",
    Role.DISTRICT_ADMIN: " ".join(set(Permission) - {"office.decide", "office.assess"}),
    Role.SERVICE: "public jobs.read jobs.write metrics.read",
    Role.PURCHASER: "public jobs.read office.decide office.audit",
    Role.ASSESSOR: "public jobs.read office.assess office.audit",
    Role.AUDITOR: "public office.audit",
    Role.ORGANISATION: "public evidence.write notices.read",
}


@pytest.mark.parametrize("role", list(Role))
def test_roles_may_do_what_is_written_here(role: Role) -> None:
    """A role that may do more than before is changed here too."""
    assert {str(each) for each in PERMISSIONS[role]} == set(ALLOWED[role].split())


def test_every_role_has_its_row() -> None:
    """No role is without an entry."""
    assert PERMISSIONS.keys() == set(Role)


@pytest.mark.parametrize("role", sorted(set(Role) - DISTRICT_ROLES))
def test_no_role_of_an_organisation_reaches_beyond_it(role: Role) -> None:
    """Organisations are made, and compared with one another, by the district only."""
    beyond = {
        Permission.ORGANISATIONS_MANAGE,
        Permission.AGGREGATES_READ,
        Permission.STUDIES_RUN,
        Permission.OFFICE_DECIDE,
        Permission.OFFICE_ASSESS,
        Permission.OFFICE_AUDIT,
    }
    assert not PERMISSIONS[role] & beyond


@pytest.mark.parametrize("role", list(Role))
def test_who_scores_does_not_assign(role: Role) -> None:
    """No role may both evaluate organisations and give them clients or money (purchase.md, 4).

    Source: waivers of the United States, which keep who assesses apart from who provides (S74).
    """
    assert not {Permission.OFFICE_DECIDE, Permission.OFFICE_ASSESS} <= PERMISSIONS[role]


@pytest.mark.parametrize("permission", sorted(OF_DISTRICT))
@pytest.mark.parametrize("role", list(Role))
def test_what_reaches_beyond_is_for_the_district(permission: Permission, role: Role) -> None:
    """Figures of the whole installation are no organisation's business, whatever its role."""
    assert not Principal("key", "A", role).may(permission)
    assert Principal("key", DISTRICT, Role.SERVICE).may(Permission.METRICS_READ)


@pytest.mark.parametrize("role", [Role.DISTRICT_ANALYST, Role.SERVICE, Role.VIEWER])
def test_names_are_for_those_who_need_them(role: Role) -> None:
    """Analysts, programs and viewers read no personal data."""
    assert not Principal("key", "A", role).may(Permission.PEOPLE_READ)


def test_who_may_not_is_told_which_permission_is_missing() -> None:
    """The refusal names the permission and nothing else."""
    with pytest.raises(Forbidden, match=r"keys\.manage"):
        Principal("key", "A", Role.VIEWER).require(Permission.KEYS_MANAGE)
    Principal("key", "A", Role.ADMIN).require(Permission.KEYS_MANAGE)
