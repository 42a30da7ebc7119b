"""Asking a person whether what a project file names may run."""

from __future__ import annotations

from datetime import UTC, datetime

from fgtui.cli.console import Console
from fgtui.config import Settings
from fgtui.trust import Consents, as_lines


def ask_consent(console: Console, settings: Settings) -> bool:
    """Show what the project file names and ask; a yes is kept. Without a terminal the answer is no."""
    if settings.project is None or not console.can_ask:
        return False
    console.diagnostics.note(
        "{file} names these programs, variables and endpoints:", file=f"{settings.project}/fgtui.toml"
    )
    for line in as_lines(settings.claims):
        console.diagnostics.quote(line)
    if not console.ask("Agree? A handler runs with your rights."):
        return False
    Consents(console.environment).give(settings.project, settings.claims, now=datetime.now(UTC))
    return True
