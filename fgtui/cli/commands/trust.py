"""Agree to what this project's file names as program, variable or endpoint. Changed content asks again.

Where nobody can be asked, FGTUI_TRUST=HASH (the hash that --show prints) or --trust-project says yes.
"""

from __future__ import annotations

from argparse import Namespace

from fgtui.cli.consent import ask_consent
from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.config import Settings
from fgtui.errors import ConsentError, UsageError
from fgtui.trust import Consents, fingerprint
from fgtui.words import plural, say


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--show", action="store_true", help="print what the file names and its hash; agree to nothing")
    parser.add_argument("--revoke", action="store_true", help="take an earlier yes back")
    parser.add_argument("--yes", action="store_true", help="agree without being asked")
    parser.add_json("with --show: one JSON document")


def run(arguments: Namespace, console: Console) -> int:
    """Show, take back, or record a yes."""
    settings = console.settings(arguments)
    if settings.project is None:
        raise UsageError("there is no fgtui.toml here or above", hint="outside a project there is nothing to agree to")
    if arguments.show:
        return _show(console, settings, as_json=arguments.json)
    consents = Consents(console.environment)
    note = console.diagnostics.note
    if arguments.revoke:
        note("taken back" if consents.revoke(settings.project) else "nobody had agreed to anything here")
    elif consents.given(settings.project, settings.claims):
        note("agreed already" if settings.claims else "fgtui.toml names nothing that needs a yes")
    elif arguments.yes:
        _give(console, settings)
    elif not ask_consent(console, settings):
        raise ConsentError(
            "nothing was agreed to",
            hint="" if console.can_ask else "no terminal to ask on: --yes agrees without asking",
        )
    return ExitCode.OK


def _give(console: Console, settings: Settings) -> None:
    from datetime import UTC, datetime

    assert settings.project is not None
    Consents(console.environment).give(settings.project, settings.claims, now=datetime.now(UTC))
    console.diagnostics.note(
        plural(len(settings.claims), "agreed to 1 entry of {file}", "agreed to {count} entries of {file}"),
        count=len(settings.claims),
        file=f"{settings.project}/fgtui.toml",
    )


def _show(console: Console, settings: Settings, *, as_json: bool) -> int:
    assert settings.project is not None
    agreed = Consents(console.environment).given(settings.project, settings.claims)
    if as_json:
        console.output.document(
            {
                "project": str(settings.project),
                "hash": fingerprint(settings.claims),
                "agreed": agreed,
                "names": dict(settings.claims),
            }
        )
        return ExitCode.OK
    for key, value in settings.claims:
        console.output.line(f"{key} = {value}")
    console.output.line(say("hash: {hash}", hash=fingerprint(settings.claims)))
    console.output.line(say("agreed: yes" if agreed else "agreed: no"))
    return ExitCode.OK
