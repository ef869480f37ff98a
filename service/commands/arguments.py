"""What a person types to run the service and to look after an installation of it.

As in `optimizer.cli`, nothing heavy is imported before a command runs.
"""
# ruff: noqa: PLC0415 (see above)

# No `from __future__ import annotations`, as there.
import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from optimizer.commands import EXIT_CODES, JsonOption, LangOption, chosen_language
from service.commands.libraries import needed_libraries

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
OrganisationOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Of this organisation only.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; nothing can be taken back.")]


def serve(
    *,
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings (TOML); see docs/service.md.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")
    ] = None,
    coordinator: Annotated[
        bool,
        typer.Option(
            "--coordinator/--no-coordinator", help="Whether this process may hand out jobs."
        ),
    ] = True,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run the HTTP service; the first start shows the first key, once."""
    # What is loaded stays: to search it for garbage takes a sixth of the start. See `server`.
    gc.disable()
    try:
        with needed_libraries():
            from service.commands.serve import serve

        return serve(
            settings,
            host=host,
            port=port,
            coordinator=coordinator,
            lang=chosen_language(lang),
            as_json=as_json,
        )
    finally:
        gc.enable()


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
    with needed_libraries():
        from service.commands import care

    return care.backup(file, settings, lang=chosen_language(lang), as_json=as_json)


@app.command(epilog=EXIT_CODES)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Put a backup into an empty database, SQLite or PostgreSQL, all or nothing."""
    with needed_libraries():
        from service.commands import care

    return care.restore(file, settings, lang=chosen_language(lang), as_json=as_json)


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
    with needed_libraries():
        from service.commands import care

    return care.forget(days, settings, sure=yes, lang=chosen_language(lang), as_json=as_json)


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
    with needed_libraries():
        from service.commands import care

    return care.erase(
        organisation, kind, person, settings, sure=yes, lang=chosen_language(lang), as_json=as_json
    )


@app.command(epilog=EXIT_CODES)
def rotate(
    *, settings: SettingsOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> int:
    """Add a new encryption key and seal everything with it; end the service before."""
    with needed_libraries():
        from service.commands import care

    return care.rotate(settings, lang=chosen_language(lang), as_json=as_json)


@keys_app.command("create", epilog=EXIT_CODES)
def create_key(
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="Whose key.")],
    role: Annotated[
        str,
        typer.Argument(
            metavar="ROLE",
            help="viewer, planner, admin, service, organisation; of the district also "
            "district_analyst, district_admin, purchaser, assessor, auditor.",
        ),
    ],
    *,
    label: Annotated[str, typer.Option(help="What it is for; no name of a person.")] = "",
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Create a key and show it, once."""
    with needed_libraries():
        from service.commands import keys

    return keys.create(
        organisation, role, label, settings, lang=chosen_language(lang), as_json=as_json
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
    with needed_libraries():
        from service.commands import keys

    return keys.listed(organisation, settings, lang=chosen_language(lang), as_json=as_json)


@keys_app.command("revoke", epilog=EXIT_CODES)
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Public part: hc_<this>_...")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """End a key at once."""
    with needed_libraries():
        from service.commands import keys

    return keys.revoke(key, settings, lang=chosen_language(lang), as_json=as_json)


@organisations_app.command("add", epilog=EXIT_CODES)
def add_organisation(
    organisation: Annotated[str, typer.Argument(metavar="ID", help="Letters, digits, _ . -")],
    *,
    settings: SettingsOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> int:
    """Create an organisation; then create its first key."""
    with needed_libraries():
        from service.commands import organisations

    return organisations.add(organisation, settings, lang=chosen_language(lang), as_json=as_json)


@organisations_app.command("list", epilog=EXIT_CODES)
def list_organisations(
    *, settings: SettingsOption = None, lang: LangOption = None, as_json: JsonOption = False
) -> int:
    """Show which organisations there are."""
    with needed_libraries():
        from service.commands import organisations

    return organisations.listed(settings, lang=chosen_language(lang), as_json=as_json)


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
    with needed_libraries():
        from service.commands import log

    return log.export(file, organisation, settings, lang=chosen_language(lang), as_json=as_json)


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
    with needed_libraries():
        from service.commands import log

    return log.verify(file, organisation, settings, lang=chosen_language(lang), as_json=as_json)


def mount(homecare: typer.Typer) -> None:
    """Add ``serve`` and ``service`` to the command line.

    Parameters
    ----------
    homecare
        The command line; `pyproject.toml` names this function to it.
    """
    homecare.command(epilog=EXIT_CODES)(serve)
    homecare.add_typer(app)
