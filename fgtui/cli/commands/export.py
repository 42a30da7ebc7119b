"""Write a session to a file to share: JSON Lines, an HTTP archive (HAR), or tests for pytest.

fgtui export orders -o orders.jsonl                 opens elsewhere, and wherever a session's name is taken
fgtui export orders -o orders.har                   for browsers and proxies; comes back exactly
fgtui export orders -o test_orders.py               a test for each exchange
fgtui export orders -o - --where "seq > `10`"       JSON Lines to stdout
fgtui export orders.jsonl -o orders.har             from one form to another

What leaves is redacted by today's rules; --preview only lists what is replaced. See: fgtui help files.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from fgtui.cli.choosing import Choosing
from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.expressions import compiled
from fgtui.cli.parsing import Parser, file_name, one_of
from fgtui.cli.signals import Stopped
from fgtui.errors import UsageError
from fgtui.words import Phrase, english, plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.interchange.exporting import Leaving, Replaced
    from fgtui.workspace import Workspace

STANDARD_OUTPUT = "-"
FORMATS = ("jsonl", "har", "pytest")
PLACES_SHOWN = 50


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION", help="a session, or a .jsonl file")
    parser.add_argument("-o", "--output", metavar="FILE", type=file_name("-o"), help="where to, or - for stdout")
    parser.add_argument("--where", metavar="EXPR", help="only exchanges for which this is true")
    parser.add_argument(
        "--format",
        metavar="|".join(FORMATS),
        type=one_of(Phrase("format"), FORMATS),
        help="the form (what the file's name ends with; jsonl on stdout)",
    )
    parser.add_argument("--target", metavar="T", help="pytest: where all events go, instead of where each went")
    parser.add_argument("--force", action="store_true", help="let -o replace an existing file")
    parser.add_argument("--preview", action="store_true", help="list what is redacted, and write nothing")
    parser.add_json("--preview as one JSON document")
    parser.add_store()
    parser.offers |= {"session": "sessions", "format": FORMATS, "target": "targets"}


def run(arguments: Namespace, console: Console) -> int:
    """Choose, redact, write."""
    form = None if arguments.preview else _form(arguments)
    where = None if arguments.where is None else compiled(console, arguments.where)
    if where is None and arguments.where is not None:
        return ExitCode.USAGE
    workspace = console.workspace(arguments)
    try:
        choosing = Choosing(console, workspace, arguments.session)
        exchanges = choosing.exchanges(where)
        if form is None:
            _preview(arguments, console, workspace, choosing, exchanges)
        else:
            _export(arguments, console, workspace, form, (choosing, exchanges))
    finally:
        workspace.close()
    return ExitCode.OK


def _form(arguments: Namespace) -> str:
    from fgtui.sessions.interchange.exporting import form_of

    if arguments.json:
        raise UsageError("--json is for --preview; --format says the form of a file")
    if arguments.output is None:
        raise UsageError("name where to write: -o FILE, or -o - for stdout")
    if arguments.format is not None:
        form: str = arguments.format
    else:
        form = "jsonl" if arguments.output == STANDARD_OUTPUT else form_of(arguments.output)
    if arguments.target is not None and form != "pytest":
        raise UsageError("--target is for tests; {form} tells where each event went", form=form)
    return form


def _export(
    arguments: Namespace,
    console: Console,
    workspace: Workspace,
    form: str,
    chosen: tuple[Choosing, Iterator[Exchange]],
) -> None:
    from fgtui.sessions.interchange.exporting import Leaving, pieces

    choosing, exchanges = chosen
    redactor = workspace.store.redactor
    leaving = Leaving(exchanges, redactor, is_test=form == "pytest")
    kept = iter(leaving)
    first = next(kept, None)
    if first is None:
        choosing.end()
        console.diagnostics.note("no exchange of {name} to export; nothing was written", name=arguments.session)
        _tell_left_out(console, leaving)
        return
    content = pieces(
        chain((first,), kept),
        form,
        session=_name(arguments.session),
        redactor=redactor,
        target=arguments.target or workspace.settings.replay_target,
        folder=_folder(console, workspace, arguments.output),
        ignore=workspace.settings.replay_ignore,
    )
    is_file = arguments.output != STANDARD_OUTPUT
    try:
        if is_file:
            _write(arguments, console, content)
        else:
            _print(console, choosing, content)
    except Stopped:
        console.diagnostics.note("stopped; nothing was written" if is_file else "stopped; the output is incomplete")
        raise
    choosing.end()
    _tell(arguments, console, leaving)


def _name(word: str) -> str:
    """What the session is called in the file: a file of JSON Lines by its own name, without the way to it."""
    return os.path.basename(word).removesuffix(".jsonl") if word.endswith(".jsonl") else word  # noqa: PTH119


def _folder(console: Console, workspace: Workspace, output: str) -> str:
    """The way from the file that is written to the folder that targets are spelled from."""
    if output == STANDARD_OUTPUT:
        return "."
    return os.path.relpath(workspace.settings.folder, (console.folder / output).parent)


def _print(console: Console, choosing: Choosing, content: Iterator[bytes]) -> None:
    for piece in content:
        if console.output.is_terminal:
            choosing.clear()
        console.output.data(piece)
        if console.output.closed:
            break


def _write(arguments: Namespace, console: Console, content: Iterator[bytes]) -> None:
    from fgtui.sessions.interchange.saving import new_file

    file = console.folder / arguments.output
    with new_file(
        file, force=arguments.force, name=arguments.output, hint="--force replaces it", private=True
    ) as stream:
        for piece in content:
            stream.write(piece)


def _tell(arguments: Namespace, console: Console, leaving: Leaving) -> None:
    """How many left, and what of them did not."""
    count, redacted = leaving.count, leaving.redacted
    where = "stdout" if arguments.output == STANDARD_OUTPUT else arguments.output
    words = plural(count, "{name}: 1 exchange", "{name}: {count} exchanges")
    clauses = [say(words, name=where, count=f"{count:,}")]
    if redacted:
        clauses.append(_redacted(redacted, leaving.newly))
    console.diagnostics.line(say("; ").join(clauses))
    _tell_left_out(console, leaving)


def _redacted(count: int, newly: int) -> str:
    if newly:
        sentence = plural(
            count, "1 value redacted ({newly} of them only now)", "{count} values redacted ({newly} of them only now)"
        )
    else:
        sentence = plural(count, "1 value redacted", "{count} values redacted")
    return say(sentence, count=f"{count:,}", newly=f"{newly:,}")


def _tell_left_out(console: Console, leaving: Leaving) -> None:
    if leaving.left_out:
        console.diagnostics.warn(
            plural(
                leaving.left_out,
                "1 event was never sent, so there is nothing a test could expect",
                "{count} events were never sent, so there is nothing a test could expect",
            ),
            count=f"{leaving.left_out:,}",
        )


# What is redacted


def _preview(
    arguments: Namespace, console: Console, workspace: Workspace, choosing: Choosing, exchanges: Iterator[Exchange]
) -> None:
    from fgtui.sessions.interchange.exporting import preview

    replaced = preview(exchanges, workspace.store.redactor)
    choosing.end()
    if arguments.json:
        console.output.document([_json(each) for each in replaced])
    elif replaced:
        _print_replaced(console, replaced)
    else:
        console.diagnostics.note("nothing in {name} is redacted", name=arguments.session)


def _print_replaced(console: Console, replaced: Sequence[Replaced]) -> None:
    rows = [
        (
            each.finding.path,
            each.finding.words,
            f"{each.exchanges:,}",
            each.finding.placeholder if each.distinct == 1 else say("{count} different values", count=each.distinct),
        )
        for each in replaced[:PLACES_SHOWN]
    ]
    header = (say("place"), say("what"), say("exchanges"), say("stands there"))
    console.output.table(header, rows, right=frozenset((2,)))
    left_out = len(replaced) - PLACES_SHOWN
    if left_out > 0:
        console.diagnostics.note(
            plural(left_out, "1 more place; --json has them all", "{count} more places; --json has them all"),
            count=f"{left_out:,}",
        )


def _json(replaced: Replaced) -> dict[str, object]:
    finding = replaced.finding
    return {
        "path": finding.path,
        "what": english(finding.kind, finding.values),
        "placeholder": finding.placeholder,
        "exchanges": replaced.exchanges,
        "distinct": replaced.distinct,
    }
