"""Print a completion script for bash, zsh or fish.

bash    source <(fgtui completions bash)          in ~/.bashrc
zsh     source <(fgtui completions zsh)           in ~/.zshrc, after compinit
fish    fgtui completions fish | source           in ~/.config/fish/config.fish
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, one_of
from fgtui.errors import UsageError
from fgtui.terminal.display import is_displayable
from fgtui.words import Names, Phrase

SHELLS = ("bash", "zsh", "fish")
KINDS = ("triggers", "carriers", "templates", "targets", "profiles", "sessions")


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "shell", metavar="|".join(SHELLS), nargs="?", type=one_of(Phrase("shell"), SHELLS), help="your shell"
    )
    parser.add_argument(
        "--words",
        metavar="WHAT",
        type=one_of(Phrase("kind of words"), KINDS),
        help="print what a script asks for: names, a line each",
    )
    parser.offers |= {"shell": SHELLS, "words": KINDS}


def run(arguments: Namespace, console: Console) -> int:
    """Print the script, or the names a script asks for."""
    if arguments.words is not None:
        for word in _words(arguments.words, arguments, console):
            if is_displayable(word) and "\n" not in word:
                console.output.line(word)
        return ExitCode.OK
    if arguments.shell is None:
        raise UsageError("name a shell: {shells}", shells=Names(SHELLS))
    from fgtui.cli.completion_scripts import script

    console.output.text(script(arguments.shell))
    return ExitCode.OK


def _words(kind: str, arguments: Namespace, console: Console) -> Iterable[str]:
    match kind:
        case "triggers":
            return [trigger.key for trigger in console.catalogue().triggers]
        case "carriers":
            return [trigger.key for trigger in console.catalogue().triggers if trigger.rules.carrying]
        case "templates":
            triggers = console.catalogue().triggers
            return sorted({template.name for trigger in triggers for template in trigger.templates})
        case "targets":
            return list(console.settings(arguments).targets)
        case "profiles":
            return list(console.settings(arguments).profiles)
    workspace = console.workspace(arguments)
    try:
        return [session.name for session in workspace.store.sessions()]
    finally:
        workspace.close()
