"""The one place where the service is put together."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI

from optimizer.errors import InternalError
from service.api.contract import contract_of
from service.api.frame import RequestFrame
from service.api.guard import insist_on_permissions
from service.api.health import Health
from service.api.parts import Parts
from service.api.problems import install_handlers
from service.api.rates import RateLimit
from service.api.room import Room
from service.api.streams import Streams
from service.background import background_threads, desk_of, workroom_of
from service.database.engine import Database
from service.database.secrets import VARIABLE, Secrets
from service.jobs.submit import Submitter
from service.operations.metrics import Metrics
from service.settings import Settings
from service.webhooks.endpoints import seal_addresses

ROUTES = "service.api.routes"


def open_database(settings: Settings) -> Database:
    """Open the database that the settings name, and bring its tables up to date.

    Raises
    ------
    UsageError
        If address or secrets are not of the documented form.
    StoreUnavailable
        If it does not answer.
    """
    environ = dict(os.environ)
    if settings.secrets is not None:
        environ[VARIABLE] = settings.secrets.get_secret_value()
    secrets = Secrets.load(settings.secrets_file, environ)
    database = Database.open(settings.database_address, secrets=secrets)
    database.migrate()
    seal_addresses(database)
    return database


def create_app(settings: Settings, *, database: Database | None = None) -> FastAPI:
    """Return the service, ready to be run.

    Parameters
    ----------
    settings
        All of them.
    database
        An open one, with its tables up to date; opened as the settings say if not given.
    """
    database = database or open_database(settings)
    metrics = Metrics(database)
    background = background_threads(settings, database, metrics) if settings.coordinator else None
    rates = RateLimit(settings.writes_per_minute)
    parts = Parts(
        settings,
        database,
        metrics,
        rates,
        Submitter(database, None if background is None else background.wake),
        Health(database),
        workroom_of(settings),
        desk_of(settings),
        Room(settings.max_held_bytes, settings.max_body_bytes),
        Streams(settings.streams_per_key),
        background,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if background is not None:
            background.start()
        try:
            yield
        finally:
            parts.desk.close()
            if background is not None:
                background.stop()

    app = FastAPI(
        title="homecare-optimizer",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.parts = parts
    install_handlers(app)
    for router in routers():
        # Taken over one by one, so that whoever walks the routes sees each with its guard.
        app.router.routes.extend(router.routes)
    app.openapi = partial(contract_of, app)  # type: ignore[method-assign]
    insist_on_permissions(app)
    app.add_middleware(RequestFrame, metrics=metrics)
    return app


def routers() -> Iterator[APIRouter]:
    """Yield every router of the modules under ``api/routes``, in the order of their names.

    Raises
    ------
    InternalError
        If a module has none.
    """
    for entry in pkgutil.iter_modules(importlib.import_module(ROUTES).__path__):
        module = importlib.import_module(f"{ROUTES}.{entry.name}")
        found = [value for value in vars(module).values() if isinstance(value, APIRouter)]
        if not found:
            raise InternalError(f"{module.__name__} has no router.")
        yield from found
