"""What a person types to look after an installation: ``homecare service ...``.

As in `optimizer.cli`, nothing heavy is imported before a command runs.
"""
# ruff: noqa: PLC0415 (see above)

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands.exit_code import EXIT_CODES
from optimizer.commands.language import language_of_environment

app = typer.Typer(
    name="service",
    help="Look after an installation of the service: keys, backups, the log, forgetting.",
    no_args_is_help=True,
)
keys_app = typer.Typer(name="keys", help="API keys.", no_args_is_help=True)
organisations_app = typer.Typer(
    name="organisations", help="Organisations of the installation.", no_args_is_help=True
)
log_app = typer.Typer(name="log", help="The audit log of the service.", no_args_is_help=True)
for each in (keys_app, organisations_app, log_app):
    app.add_typer(each)

SettingsOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Settings of the service (TOML); see docs/service.md."),
]
LangOption = Annotated[
    Literal["en", "zh"] | None, typer.Option(help="Language; default: that of the shell.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Answer with one JSON document on standard output.")
]
OrganisationOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Of this organisation only.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; nothing can be taken back.")]


@app.command(epilog=EXIT_CODES)
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file, packed.")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the whole database to a file, while the service works on.

    Keep the file with secrets apart from it: both are needed to restore.
    """
    from optimizer.commands import service_care

    return service_care.backup(file, settings, lang=_language(lang), as_json=as_json)


@app.command(epilog=EXIT_CODES)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put a backup into an empty database, SQLite or PostgreSQL, all or nothing."""
    from optimizer.commands import service_care

    return service_care.restore(file, settings, lang=_language(lang), as_json=as_json)


@app.command(epilog=EXIT_CODES)
def forget(
    *,
    days: Annotated[
        int | None, typer.Option(min=1, help="Older than so many days; else as set.")
    ] = None,
    yes: YesOption = False,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Delete finished jobs that are older than they are kept, with their documents."""
    from optimizer.commands import service_care

    return service_care.forget(days, settings, sure=yes, lang=_language(lang), as_json=as_json)


@app.command(epilog=EXIT_CODES)
def erase(
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Whose person.")],
    kind: Annotated[
        Literal["client", "caregiver"], typer.Argument(metavar="KIND", help="client or caregiver.")
    ],
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of the person.")],
    *,
    yes: YesOption = False,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Delete all that is known of a person: names, and finished jobs that name the id.

    Backups are not reached: those that hold the person have to be thrown away.
    """
    from optimizer.commands import service_care

    return service_care.erase(
        organisation, kind, person, settings, sure=yes, lang=_language(lang), as_json=as_json
    )


@app.command(epilog=EXIT_CODES)
def rotate(
    *, settings: SettingsOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> int:
    """Add a new encryption key and seal everything with it; end the service before."""
    from optimizer.commands import service_care

    return service_care.rotate(settings, lang=_language(lang), as_json=as_json)


@keys_app.command("create", epilog=EXIT_CODES)
def create_key(
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Whose key.")],
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE",
            help="viewer, planner, admin, service; district_analyst, district_admin.",
        ),
    ],
    *,
    label: Annotated[str, typer.Option(help="What it is for; no name of a person.")] = "",
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Create a key and show it, once."""
    from optimizer.commands import service_people

    return service_people.create_key(
        organisation, role, label, settings, lang=_language(lang), as_json=as_json
    )


@keys_app.command("list", epilog=EXIT_CODES)
def list_keys(
    *,
    organisation: OrganisationOption = None,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show which keys there are, without their secrets."""
    from optimizer.commands import service_people

    return service_people.list_keys(organisation, settings, lang=_language(lang), as_json=as_json)


@keys_app.command("revoke", epilog=EXIT_CODES)
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Public part: hc_<this>_...")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """End a key at once."""
    from optimizer.commands import service_people

    return service_people.revoke_key(key, settings, lang=_language(lang), as_json=as_json)


@organisations_app.command("add", epilog=EXIT_CODES)
def add_organisation(
    organisation: Annotated[str, typer.Argument(metavar="ID", help="Letters, digits, _ . -")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Create an organisation; then create its first key."""
    from optimizer.commands import service_people

    return service_people.add_organisation(
        organisation, settings, lang=_language(lang), as_json=as_json
    )


@organisations_app.command("list", epilog=EXIT_CODES)
def list_organisations(
    *, settings: SettingsOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> int:
    """Show which organisations there are."""
    from optimizer.commands import service_people

    return service_people.list_organisations(settings, lang=_language(lang), as_json=as_json)


@log_app.command("export", epilog=EXIT_CODES)
def export_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file, one JSON a line.")],
    *,
    organisation: OrganisationOption = None,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the audit log to a file; keep the last link that is shown somewhere else."""
    from optimizer.commands import service_log

    return service_log.export(file, organisation, settings, lang=_language(lang), as_json=as_json)


@log_app.command("verify", epilog=EXIT_CODES)
def verify_log(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="An export; else the log itself.")
    ] = None,
    *,
    organisation: OrganisationOption = None,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check that no entry of the audit log was changed, inserted or taken out."""
    from optimizer.commands import service_log

    return service_log.verify(file, organisation, settings, lang=_language(lang), as_json=as_json)


def _language(lang: Literal["en", "zh"] | None) -> Literal["en", "zh"]:
    return language_of_environment() if lang is None else lang
