"""Settings of the service: from the environment or a file, checked, secrets masked."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from optimizer.errors import UsageError
from optimizer.i18n import cause_of_refusal

PREFIX = "HOMECARE_SERVICE_"
"Each setting is read from the environment under this prefix and its name in capitals."
FILE_VARIABLE = "HOMECARE_SERVICE_FILE"
"Names the settings file, where no argument does."

_PROCESSORS = os.cpu_count() or 1
"Asked for once: the system takes as long to answer as to read a small document."


class Settings(BaseSettings):
    """Everything that can be set, with what holds if nothing is said.

    The environment goes before the file. A name that is no setting is refused in both, so that
    a misspelt one is noticed at the start and not on the day it matters.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        case_sensitive=False,
    )

    host: str = "127.0.0.1"
    "Address to listen on; other machines reach the service only with one of this machine's own."
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    "Port to listen on; 0 takes a free one."
    public_url: str | None = None
    "Where others reach the service, for links in webhooks; else taken from host and port."

    database: SecretStr = SecretStr("sqlite:///homecare.db")
    "SQLAlchemy address: `sqlite:///FILE` or `postgresql+psycopg://USER:PASSWORD@HOST/NAME`."
    database_password: SecretStr | None = None
    "Password of the database's user, instead of one in the address, where `@` and `/` need `%`."
    secrets_file: Path = Path("homecare.secrets")
    "Pepper of API keys and keys of encrypted fields, as JSON; made on the first start."
    secrets: SecretStr | None = None
    "The same as JSON text, instead of the file."

    coordinator: bool = True
    "Whether this process may hand out jobs; several may say yes, one is elected."
    executor: Literal["processes", "ray", "inline"] = "processes"
    "Where jobs run: child processes, a Ray cluster, or this process (for tests)."
    ray_address: str | None = None
    "Address of the Ray cluster; a local one is started if not given."
    slots: Annotated[int, Field(ge=1, le=1024)] | None = None
    "Jobs that run at once; as many as there are cores, but at least 2, if not given."
    memory_mb: Annotated[int, Field(ge=512)] = 4096
    "Memory that one solve may use."

    max_body_bytes: Annotated[int, Field(ge=1024)] = 20_000_000
    "Largest body of a request, unpacked."
    max_visits: Annotated[int, Field(ge=1)] = 5_000
    "Visits of one solve, those that follow from health records included."
    max_office_visits: Annotated[int, Field(ge=1)] = 20_000
    "Visits of one document of the purchaser's office, such as a month of a district."
    max_caregivers: Annotated[int, Field(ge=1)] = 1_000
    "Caregivers of one solve."
    max_days: Annotated[int, Field(ge=1, le=31)] = 31
    "Days of one solve."
    max_values: Annotated[int, Field(ge=1_000)] = 600_000
    "Values in one document, all lists and objects added up; a row of a matrix counts as one."
    document_memory_mb: Annotated[int, Field(ge=256)] = 768
    "Memory that reading, checking or explaining one document may use."
    document_seconds: Annotated[int, Field(ge=1)] = 60
    "Time that it may use."
    max_connections: Annotated[int, Field(ge=10)] = 1_000
    "Connections that this process takes at a time."
    header_seconds: Annotated[float, Field(gt=0)] = 10.0
    "Time in which the head of a request has to come."
    idle_seconds: Annotated[float, Field(gt=0)] = 15.0
    "Time after which a connection is ended on which nothing is asked."
    streams_per_key: Annotated[int, Field(ge=1)] = 20
    "Event streams that a key may have open."
    body_seconds: Annotated[float, Field(gt=0)] = 60.0
    "Time in which the body of a request has to come."
    max_held_bytes: Annotated[int, Field(ge=1024)] = 200_000_000
    "Bodies that this process holds at a time, all together."
    max_seconds: Annotated[float, Field(gt=0)] = 3_600.0
    "Longest time limit of one solve."
    max_workers: Annotated[int, Field(ge=1, le=64)] | None = None
    "Most threads of one solve; as many as there are cores if not given."
    max_wait_seconds: Annotated[float, Field(ge=0, le=300)] = 30.0
    "Longest time that a request waits for its result."
    writes_per_minute: Annotated[int, Field(ge=1)] = 60
    "Requests per key and minute that write or compute something."
    running_per_key: Annotated[int, Field(ge=1)] = 4
    "Jobs of one key that run at once; others wait."
    waiting_per_key: Annotated[int, Field(ge=1)] = 200
    "Jobs of one key that may be unfinished; more are refused."

    keep_days: Annotated[int, Field(ge=1)] = 90
    "Days after which finished jobs and what belongs to them are erased."
    webhook_ports: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65535)], ...], Field(min_length=1)
    ] = (
        443,
        8443,
    )
    "Ports to which webhooks may go."
    webhooks_per_organisation: Annotated[int, Field(ge=1)] = 20
    "Webhooks that an organisation may have."
    webhook_private_addresses: bool = False
    "Whether webhooks may go to private addresses and without TLS; for tests only."
    drain_seconds: Annotated[float, Field(ge=0)] = 10.0
    "Time that requests under way have to end on SIGTERM."
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    "How much is logged."

    @property
    def database_address(self) -> str:
        """Address of the database, with the password."""
        address = self.database.get_secret_value()
        if self.database_password is None:
            return address
        return with_password(address, self.database_password.get_secret_value())

    @property
    def workers(self) -> int:
        """Most threads of one solve."""
        return self.max_workers or _PROCESSORS

    @property
    def job_slots(self) -> int:
        """Jobs that run at once."""
        return self.slots or max(_PROCESSORS, 2)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the signature is the library's)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment go before what the file gives as arguments."""
        return env_settings, init_settings


def read_settings(path: Path | None = None) -> Settings:
    """Return the settings from a TOML file and the environment.

    Parameters
    ----------
    path
        The file; the one that ``HOMECARE_SERVICE_FILE`` names if not given, else none.

    Raises
    ------
    UsageError
        If a setting is unknown or out of range, or the file cannot be read. No value is
        shown, because it may be a secret.
    """
    named = os.environ.get(FILE_VARIABLE)
    path = Path(named) if path is None and named else path
    given = {} if path is None else _read_file(path)
    unknown = sorted(_unknown_variables())
    if unknown:
        raise UsageError(f"The environment has {', '.join(unknown)}, which is no setting.")
    try:
        return Settings(**given)
    except ValidationError as error:
        rows = [_row(detail["loc"], detail["msg"]) for detail in error.errors(include_input=False)]
        raise UsageError("\n".join(["The settings have faults:", *rows])) from error


def with_password(address: str, password: str) -> str:
    """Return an address with a password, written so that no sign of it ends it.

    Raises
    ------
    UsageError
        If the address names no user, or has a password already.
    """
    scheme, separator, rest = address.partition("://")
    user, at, place = rest.rpartition("@")
    if not separator or not at or not user or ":" in user:
        raise UsageError(
            "With database_password, the database is postgresql://USER@HOST/NAME, "
            "without a password."
        )
    return f"{scheme}://{user}:{quote(password, safe='')}@{place}"


def forget_secrets(*others: str) -> None:
    """Take what is secret out of the environment, once it is read: children inherit that.

    Jobs run in them, and documents of strangers are read in them.

    Parameters
    ----------
    others
        Variables that hold a secret and are no setting.
    """
    secret = {f"{PREFIX}{name}" for name in ("DATABASE", "DATABASE_PASSWORD", "SECRETS")}
    for name in list(os.environ):
        if name.upper() in {*secret, *others}:
            del os.environ[name]


def _read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        why = cause_of_refusal(error)
        raise UsageError(f"The settings file {path} cannot be read: {why}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"The settings file {path} is not UTF-8 text.") from error
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise UsageError(f"The settings file {path} cannot be read as TOML: {error}.") from error


def _unknown_variables() -> set[str]:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {FILE_VARIABLE}
    found = {name for name in os.environ if name.upper().startswith(PREFIX)}
    return {name for name in found if name.upper() not in known}


def _row(place: tuple[int | str, ...], message: str) -> str:
    name = ".".join(map(str, place))
    if message.startswith("Extra inputs"):
        message = "is no setting; remove it or correct its name"
    return f"  {name}: {message}."
