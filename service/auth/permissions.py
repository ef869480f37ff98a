"""Roles and what each may do: two closed lists and one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from optimizer.errors import HomecareError
from service.database.scope import DISTRICT


class Permission(StrEnum):
    """What a route may demand of the key that calls it."""

    PUBLIC = "public"
    """No key is needed: liveness, readiness, the description of the interface."""

    JOBS_READ = "jobs.read"
    """See jobs, their progress and their results."""

    JOBS_WRITE = "jobs.write"
    """Ask for work, stop it, give it up; check and verify documents."""

    PLANS_PUBLISH = "plans.publish"
    """Make a plan the one that is in force."""

    PEOPLE_READ = "people.read"
    """Read names and other personal data; every reading is written to the audit log."""

    PEOPLE_WRITE = "people.write"
    """Store, change and erase personal data."""

    AGGREGATES_READ = "aggregates.read"
    """Export counts in which small cells are suppressed and clients bear pseudonyms."""

    STUDIES_RUN = "studies.run"
    """Ask what happens to a district when hands are short, and read the answers."""

    WEBHOOKS_WRITE = "webhooks.write"
    """Say where news of finished jobs is sent."""

    KEYS_MANAGE = "keys.manage"
    """Create and revoke keys of the own organisation."""

    AUDIT_READ = "audit.read"
    """Export and verify the audit log of the own organisation."""

    ORGANISATIONS_MANAGE = "organisations.manage"
    """Create organisations and their first keys."""

    OFFICE_DECIDE = "office.decide"
    """Decide who is cared for, by whom and for how much; enter it in the district's ledger."""

    OFFICE_ASSESS = "office.assess"
    """Draw spot checks and evaluate organisations; enter it in the district's ledger."""

    OFFICE_AUDIT = "office.audit"
    """Read the district's ledger and work its entries out anew."""

    EVIDENCE_WRITE = "evidence.write"
    """Send what took place, of visits of the own organisation."""

    NOTICES_READ = "notices.read"
    """Read what the district's ledger says of the own organisation, and its evidence."""

    METRICS_READ = "metrics.read"
    """Read the figures of operation; they name no organisation's clients."""


class Role(StrEnum):
    """What a key is for."""

    VIEWER = "viewer"
    PLANNER = "planner"
    ADMIN = "admin"
    DISTRICT_ANALYST = "district_analyst"
    DISTRICT_ADMIN = "district_admin"
    SERVICE = "service"
    PURCHASER = "purchaser"
    ASSESSOR = "assessor"
    AUDITOR = "auditor"
    ORGANISATION = "organisation"


_VIEWER = frozenset({Permission.PUBLIC, Permission.JOBS_READ})
_PLANNER = _VIEWER | {
    Permission.JOBS_WRITE,
    Permission.PLANS_PUBLISH,
    Permission.PEOPLE_READ,
    Permission.PEOPLE_WRITE,
}
_ADMIN = _PLANNER | {
    Permission.AUDIT_READ,
    Permission.KEYS_MANAGE,
    Permission.WEBHOOKS_WRITE,
    Permission.EVIDENCE_WRITE,
    Permission.NOTICES_READ,
}
_SCORES = frozenset({Permission.OFFICE_ASSESS})
_ASSIGNS = frozenset({Permission.OFFICE_DECIDE})

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: _VIEWER,
        Role.PLANNER: _PLANNER,
        Role.ADMIN: _ADMIN,
        # An analyst belongs to the district's own organisation: the jobs it sees are its own.
        Role.DISTRICT_ANALYST: _VIEWER
        | {Permission.JOBS_WRITE, Permission.AGGREGATES_READ, Permission.STUDIES_RUN},
        # Who scores does not assign, and who makes the keys does neither.
        Role.DISTRICT_ADMIN: frozenset(Permission) - _SCORES - _ASSIGNS,
        # Another program, such as a dispatch system: it plans, but reads no names.
        Role.SERVICE: _VIEWER | {Permission.JOBS_WRITE, Permission.METRICS_READ},
        Role.PURCHASER: _VIEWER | _ASSIGNS | {Permission.OFFICE_AUDIT},
        Role.ASSESSOR: _VIEWER | _SCORES | {Permission.OFFICE_AUDIT},
        Role.AUDITOR: frozenset({Permission.PUBLIC, Permission.OFFICE_AUDIT}),
        Role.ORGANISATION: frozenset(
            {Permission.PUBLIC, Permission.EVIDENCE_WRITE, Permission.NOTICES_READ}
        ),
    }
)
"What each role may do; a role may do nothing that is not in its row."

OF_DISTRICT = frozenset(
    {
        Permission.ORGANISATIONS_MANAGE,
        Permission.AGGREGATES_READ,
        Permission.STUDIES_RUN,
        Permission.METRICS_READ,
        Permission.OFFICE_DECIDE,
        Permission.OFFICE_ASSESS,
        Permission.OFFICE_AUDIT,
    }
)
"""What reaches beyond one organisation, if only as a count: for keys of the district alone."""

DISTRICT_ROLES = frozenset(
    {
        Role.DISTRICT_ANALYST,
        Role.DISTRICT_ADMIN,
        Role.PURCHASER,
        Role.ASSESSOR,
        Role.AUDITOR,
    }
)
"Roles that only keys of the district's own organisation may have."


class Forbidden(HomecareError):
    """The key may not do that; ask for one with another role."""

    code = "forbidden"
    exit_code = 2
    http_status = 403

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(f"This key lacks the permission {permission}.")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a key, the organisation it belongs to and its role.

    Attributes
    ----------
    key_id
        Public part of the key; what logs and the audit log name.
    organisation
        The one organisation whose data the caller works with.
    role
        Decides what the caller may do.
    """

    key_id: str
    organisation: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Return whether the role has the permission, and the organisation may use it."""
        is_beyond = permission in OF_DISTRICT and self.organisation != DISTRICT
        return permission in PERMISSIONS[self.role] and not is_beyond

    def require(self, permission: Permission) -> None:
        """Refuse a caller that lacks the permission.

        Raises
        ------
        Forbidden
            If the role does not have it.
        """
        if not self.may(permission):
            raise Forbidden(permission)
