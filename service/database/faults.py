"""What can go wrong with the store, said without a word of what is in it.

::

    HomecareError
    ├── NotFound              not-found              404
    ├── Conflict              conflict               409
    ├── StoreUnavailable      store-unavailable      503
    ├── StoreFull             store-full             507
    ├── UnsafeDatabaseRole    unsafe-database-role
    ├── SecretsMismatch       secrets-mismatch
    └── InternalError
        ├── ScopeBreach       scope-breach           500
        └── StoreRefused      store-refused          500

What only one subject knows stands beside it, as `service.idempotency.IdempotencyConflict` does.
"""

from __future__ import annotations

from optimizer.errors import HomecareError, InternalError


class NotFound(HomecareError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not-found"
    exit_code = 2
    http_status = 404

    def __init__(self, what: str = "thing") -> None:
        super().__init__(f"There is no such {what}.")


class Conflict(HomecareError):
    """The request contradicts what is there already."""

    code = "conflict"
    exit_code = 2
    http_status = 409


class StoreUnavailable(HomecareError):
    """The database does not answer; nothing was changed, try again in a moment."""

    code = "store-unavailable"
    http_status = 503


class StoreFull(HomecareError):
    """The database has no room left; nothing was changed."""

    code = "store-full"
    http_status = 507


class UnsafeDatabaseRole(HomecareError):
    """The database's user is a superuser, whom row-level security does not bind; make a plain one.

    ``CREATE ROLE homecare LOGIN PASSWORD '...' NOSUPERUSER NOBYPASSRLS`` and make it the owner
    of the database.
    """

    code = "unsafe-database-role"
    exit_code = 2


class SecretsMismatch(HomecareError):
    """What is stored cannot be read with the given keys: a key is missing, or data was altered."""

    code = "secrets-mismatch"


class ScopeBreach(InternalError):
    """A statement would have left the organisation that its session is bound to."""

    code = "scope-breach"


class StoreRefused(InternalError):
    """The database refused a statement; nothing was changed."""

    code = "store-refused"
