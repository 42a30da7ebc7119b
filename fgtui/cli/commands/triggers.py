"""List the triggers: key, names, invocation mode, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.words import Phrase, say, spoken

if TYPE_CHECKING:
    from argparse import Namespace

    from fgtui.cli.parsing import Parser
    from fgtui.events.catalogue import Trigger


MODES = {
    "synchronous": Phrase("synchronous"),
    "asynchronous": Phrase("asynchronous"),
    "either": Phrase("either"),
}


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_json("everything about each trigger, as one JSON document")


def run(arguments: Namespace, console: Console) -> int:
    """Print the catalogue in its order."""
    if not arguments.json:
        return run_bare(console)
    console.output.document([_as_json(trigger) for trigger in console.catalogue().triggers])
    return ExitCode.OK


def run_bare(console: Console) -> int:
    """The table, which is all there is without options."""
    english_name = say("name") if spoken() == "en" else say("English name")  # where the other is not told by its head
    console.output.table(
        (say("trigger"), english_name, "名称", say("mode"), say("templates")),
        [
            (
                trigger.key,
                trigger.name,
                trigger.name_zh,
                say(MODES[trigger.mode]) if trigger.mode in MODES else trigger.mode,
                ", ".join(template.name for template in trigger.templates),
            )
            for trigger in console.catalogue().triggers
        ],
    )
    return ExitCode.OK


def _as_json(trigger: Trigger) -> dict[str, object]:
    return {
        "key": trigger.key,
        "name": trigger.name,
        "name_zh": trigger.name_zh,
        "mode": trigger.mode,
        "summary": trigger.summary,
        "summary_zh": trigger.summary_zh,
        "documentation": trigger.documentation,
        "builtin": trigger.builtin,
        "templates": [
            {
                "name": template.name,
                "title": template.title,
                "title_zh": template.title_zh,
                "source": template.source,
                "date": template.date,
                "file": str(template.file),
            }
            for template in trigger.templates
        ],
    }
