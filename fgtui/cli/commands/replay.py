"""Send recorded events again, in order, and compare how they end with how they had ended.

fgtui replay orders --target src/index.handler         recorded as orders-replay
fgtui replay orders 3 7                                two of its exchanges
fgtui replay orders --where "event.trigger == 'obs'"   those for which this is true
fgtui replay suite.jsonl --junit report.xml            a suite, in continuous integration
fgtui replay orders --resume                           go on where a replay ended

stdout lists what differs. With --json it has a line for each exchange: seq, id,
verdict (same, different, refused, first: never sent before), failed, earlier,
again, respelled, unknown, outcome, duration_ms, replay, changes, problem; and
at the end {"tally", "session", "target", "stopped"}. Exit code 1 when something
differs, was refused or could not be read, 2 when nothing is selected.

An event whose values were redacted is refused until each is supplied, by --set
or [replay.secrets] of the settings; what is supplied is not kept. Many events go
to a deployed function or a server after a summary and a yes, to a guarded target
after its name. Where one may have run there though nobody knows how it ended, the
replay stops: --resume goes on behind it, and only its number sends it again.
Without --target: the one of [targets] that target in [replay] names, never the
recorded one.
"""

from __future__ import annotations

import math
from argparse import Namespace
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, number, utf8_text
from fgtui.cli.recordings import exchange_number
from fgtui.cli.selecting import nothing_selected, selected
from fgtui.cli.targeting import (
    add_answers,
    add_function_settings,
    add_target,
    agreed,
    announce,
    confirm,
    function_settings,
)
from fgtui.errors import ConsentError, FgtuiError, StoreError, UsageError
from fgtui.records import replace as with_changes
from fgtui.words import Phrase, clauses, english, plural, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.cli.signals import Cancellation
    from fgtui.invoke.model import Target
    from fgtui.sessions.interchange.json_lines import Skipped
    from fgtui.sessions.replay.junit import JUnitReport
    from fgtui.sessions.replay.replaying import Selection
    from fgtui.sessions.replay.run import Replay, Run
    from fgtui.sessions.replay.suites import Renewal
    from fgtui.sessions.replay.supplying import Supplies
    from fgtui.workspace import Workspace


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("session", metavar="SESSION|FILE", help="a session, or a .jsonl file")
    parser.add_argument(
        "seqs",
        metavar="SEQ",
        nargs="*",
        type=exchange_number,
        help="only the exchanges of these numbers, or last",
    )
    parser.offers |= {"session": "sessions", "into": "sessions"}
    parser.add_argument("--where", metavar="EXPR", help="only those for which this JMESPath expression is true")
    parser.add_argument("--marked", action="store_true", help="only those that are marked")
    add_target(parser)
    add_function_settings(parser)
    parser.add_concurrency("N at once, each on an instance of its own")
    parser.add_argument(
        "--rate", metavar="R", type=number("--rate", least=0.001, most=100_000), help="at most R a second"
    )
    parser.add_argument(
        "--pace", metavar="original|N", type=_pace, help="the recorded intervals, or N times as fast: 10 or 0.5"
    )
    parser.offers["pace"] = ("original", "10")
    parser.add_argument(
        "--as", metavar="S", dest="into", help="the session that takes the new exchanges (a new one, SESSION-replay)"
    )
    parser.add_argument("--no-record", action="store_true", help="record nothing")
    parser.add_argument(
        "--resume", action="store_true", help="go on: what the session of --as has replayed is not sent again"
    )
    parser.add_argument(
        "--set",
        metavar="P=V",
        type=utf8_text("--set"),
        action="append",
        default=[],
        help="the value of a redacted place; {{env:NAME}} and @FILE keep it off the command line",
    )
    parser.add_argument("--send-redacted", action="store_true", help="send redacted places as they are")
    parser.add_argument(
        "--ignore", metavar="RULE", action="append", default=[], help="what is not compared (see: fgtui help diff)"
    )
    parser.add_argument("--tolerance", metavar="T", help="how far apart equal numbers may be: 0.01 or 1%%")
    parser.add_argument(
        "--find-noise", action="store_true", help="send each twice, record nothing, and propose what to ignore"
    )
    parser.add_argument("--junit", metavar="FILE", help="write a report as JUnit XML, replacing the one before")
    parser.add_argument(
        "--update", action="store_true", help="make what differs the expected outcomes of a .jsonl file; asks first"
    )
    add_answers(parser, "send many events away, or update, without asking")
    parser.add_trust()
    parser.add_json("a line of JSON for each exchange, and the tally")
    parser.add_store()


def _pace(word: str) -> float:
    if word == "original":
        return 1.0
    return number("--pace", least=0.001, most=1_000_000)(word.removesuffix("x").removesuffix("×"))


def run(arguments: Namespace, console: Console) -> int:
    """Select, ask, send, compare, say."""
    from fgtui.cli.signals import Cancellation

    _check_combination(arguments)
    workspace = console.workspace(arguments)
    workspace.on_leave = console.diagnostics.logs
    try:
        selection = selected(arguments, console, workspace)
        if selection is None:
            return ExitCode.USAGE
        if not selection.count:
            raise nothing_selected(arguments)
        target = _target(arguments, console, workspace, selection)
        if sends := _sends(arguments, workspace, target, selection):
            confirm(console, workspace, target, arguments, count=sends, of=arguments.session)
        announce(console, target)
        workspace.invoker.prepare(target)  # it starts while the recordings are opened
        cancellation = Cancellation(console.diagnostics.note)
        with cancellation.on_signals():
            act = _find_noise if arguments.find_noise else _replay
            code = act(arguments, console, workspace, target, selection, cancellation)
            cancellation.check()
        workspace.close(math.inf)  # a pre-stop function has a limit of its own
        return code
    finally:
        workspace.close()


def _check_combination(arguments: Namespace) -> None:
    if arguments.seqs and (arguments.where is not None or arguments.marked):
        raise UsageError("numbers, or --where and --marked: both choose the exchanges")
    if arguments.rate is not None and arguments.pace is not None:
        raise UsageError("--rate or --pace: both say when the next one is sent")
    if arguments.no_record and (arguments.into is not None or arguments.resume):
        raise UsageError("--no-record keeps nothing that --as could take or --resume could go on from")
    if arguments.set and arguments.send_redacted:
        raise UsageError("--set or --send-redacted: a value takes the place of a placeholder, or it is sent as it is")
    if arguments.find_noise and (arguments.into is not None or arguments.resume or arguments.junit or arguments.update):
        raise UsageError(
            "--find-noise records nothing and compares with no recording: it goes with none of "
            "--as, --resume, --junit and --update"
        )
    if arguments.update and not arguments.session.endswith(".jsonl"):
        raise UsageError(
            "--update is for a .jsonl file; recorded sessions are not changed",
            hint="export the new session instead: fgtui export SESSION -o FILE.jsonl",
        )


# Where it goes


def _target(arguments: Namespace, console: Console, workspace: Workspace, selection: Selection) -> Target:
    return agreed(
        console,
        workspace.settings,
        lambda: workspace.replay_target(arguments.target, selection, **function_settings(arguments)),
    )


def _sends(arguments: Namespace, workspace: Workspace, target: Target, selection: Selection) -> int:
    """How many events go away, at most; counted as far as somebody has to be asked about them."""
    from fgtui.sessions.replay.caution import Caution
    from fgtui.sessions.replay.replaying import left_to_send

    if arguments.find_noise:
        return 2 * selection.count
    if not arguments.resume or workspace.caution(target, selection.count) is Caution.NONE:
        return selection.count
    return left_to_send(selection, workspace.store, _session_for(arguments, workspace))


# Sending


def _replay(  # noqa: PLR0917 - one after the other, they are all there is
    arguments: Namespace,
    console: Console,
    workspace: Workspace,
    target: Target,
    selection: Selection,
    cancellation: Cancellation,
) -> int:
    from fgtui.cli.replaying import Telling

    replay = _settings(arguments, console, workspace, target, selection)
    told = with_changes(target, spec=workspace.redactor.text(target.spec))  # an address may hold a token
    with ExitStack() as opened:
        report = _report(arguments, console, told, selection, opened)
        renewal = _renewal(arguments, selection, opened)
        run = workspace.replay(selection, target, replay, cancelled=cancellation.requested)
        _announce(console, arguments.session, selection.count, told, replay.into)
        telling = Telling(
            console,
            run,
            target=told,
            as_json=arguments.json,
            go_on=_go_on(arguments, replay.into),
            unread=len(_unread(arguments, selection)),
        )
        for replayed in opened.enter_context(closing(iter(run))):
            telling.tell(replayed)
            if report is not None:
                report.add(replayed)
            if renewal is not None:
                renewal.note(replayed)
            if console.output.closed:
                cancellation.requested.set()
        if report is not None and (run.stopped is not None or run.tally.left):
            report.add_error("the replay ended early", run.stopped or _interrupted(run))
        code = telling.end()
        if renewal is not None and _renewed(arguments, console, run, renewal):
            code = ExitCode.OK
    return code


def _interrupted(run: Run) -> FgtuiError:
    tally = run.tally
    return FgtuiError(
        "interrupted: {left} of {total} were not replayed", left=f"{tally.left:,}", total=f"{tally.total:,}"
    )


def _find_noise(  # noqa: PLR0917 - as ``_replay``
    arguments: Namespace,
    console: Console,
    workspace: Workspace,
    target: Target,
    selection: Selection,
    cancellation: Cancellation,
) -> int:
    from fgtui.cli.noise import tell
    from fgtui.cli.progress import Progress

    replay = _settings(arguments, console, workspace, target, selection)
    progress = Progress(console.diagnostics, "{count} of {total} sends", total=2 * selection.count)
    try:
        noise = workspace.find_noise_in(
            selection, target, replay, cancelled=cancellation.requested, on_progress=progress
        )
    finally:
        progress.end()
    cancellation.check()
    said = [
        say(plural(noise.sent, "1 event was sent twice", "{count} events were sent twice"), count=f"{noise.sent:,}")
    ]
    if noise.refused:
        said.append(say("{count} not sent: redacted", count=f"{noise.refused:,}"))
    console.diagnostics.line(clauses(said))
    return tell(arguments, console, noise)


def _settings(
    arguments: Namespace, console: Console, workspace: Workspace, target: Target, selection: Selection
) -> Replay:
    from fgtui.cli.sources import read_text
    from fgtui.sessions.replay.run import Replay

    supplies = workspace.supplies(
        arguments.set, read_file=lambda name: read_text(console, name), send_redacted=arguments.send_redacted
    )
    _check_supplies(supplies, selection)
    return Replay(
        into=_into(arguments, console, workspace, target),
        concurrency=arguments.concurrency,
        rate=arguments.rate,
        speed=arguments.pace,
        resume=arguments.resume,
        comparison=workspace.comparison(arguments.ignore, tolerance=arguments.tolerance),
        supplies=supplies,
    )


def _check_supplies(supplies: Supplies, selection: Selection) -> None:
    """UsageError for a value of --set that no selected event has a place for."""
    from fgtui.events.path import format_path
    from fgtui.words import nearest

    left, there = supplies.without_place(each.event for each in selection.exchanges())
    if not left:
        return
    place = left[0].spelled
    found = nearest(place, list(map(format_path, there)))
    raise UsageError(
        "--set {place}: no selected event has a value there that was redacted; nothing was sent",
        hint="did you mean {nearest}?" if found else "fgtui show SESSION SEQ names the places that were redacted",
        place=place,
        nearest=found,
    )


def _into(arguments: Namespace, console: Console, workspace: Workspace, target: Target) -> str | None:
    """The session that takes the new exchanges. StoreError where nothing can be recorded that is to be."""
    if arguments.no_record or arguments.find_noise:
        return None
    try:
        workspace.store.check()
    except StoreError as error:
        if arguments.into is not None or arguments.resume or not arguments.session.endswith(".jsonl"):
            error.values["advice"] = Phrase(error.hint, dict(error.values)) if error.hint else ""
            error.hint = (
                "{advice}; --no-record replays without recording"
                if error.hint
                else "--no-record replays without recording"
            )
            raise
        console.diagnostics.warn("nothing is recorded: {why}", why=error)
        return None  # a suite in continuous integration is run for its differences
    into = _session_for(arguments, workspace)
    if arguments.resume:
        now = workspace.store.redactor.text(target.spec)
        for row in workspace.store.page(into, limit=1):
            if row.target != now:
                console.diagnostics.warn(
                    "{into} was sent to {before}; what is left goes to {now}",
                    into=into,
                    before=row.target,
                    now=now,
                )
    return into


def _session_for(arguments: Namespace, workspace: Workspace) -> str:
    """The name of the session that takes the new exchanges."""
    return arguments.into or workspace.replay_name(arguments.session, newest=arguments.resume)


def _announce(console: Console, session: str, count: int, target: Target, into: str | None) -> None:
    if into is None:
        sentence = plural(
            count,
            "1 event of {session} to {target}, nothing is recorded",
            "{count} events of {session} to {target}, nothing is recorded",
        )
    else:
        sentence = plural(
            count,
            "1 event of {session} to {target}, recorded as {into}",
            "{count} events of {session} to {target}, recorded as {into}",
        )
    console.diagnostics.note(sentence, count=f"{count:,}", session=session, target=target.spec, into=into)


def _go_on(arguments: Namespace, into: str | None) -> str:
    """The command that goes on where this one ended; what else was asked for has to be asked for again."""
    import shlex

    words = ["fgtui", "replay", arguments.session, *map(str, arguments.seqs)]
    for option in ("where", "target", "profile"):
        if getattr(arguments, option) is not None:
            words += [f"--{option}", getattr(arguments, option)]
    words += ["--marked"] if arguments.marked else []
    words += ["--as", into or "", "--resume"]
    return shlex.join(words)


def _report(
    arguments: Namespace, console: Console, target: Target, selection: Selection, opened: ExitStack
) -> JUnitReport | None:
    """Where the report is collected; what could not be read of a file is in it from the start."""
    if arguments.junit is None:
        return None
    from datetime import UTC, datetime

    from fgtui.sessions.replay.junit import junit_report

    file = console.folder / arguments.junit
    suite = arguments.session.rpartition("/")[2].removesuffix(".jsonl")
    report = opened.enter_context(junit_report(file, suite=suite, target=target.spec, began=datetime.now(UTC)))
    for skipped in _unread(arguments, selection):
        report.add_error(
            english("line {line}", line=skipped.line),
            StoreError("{reason}", reason=Phrase(skipped.message, skipped.values)),
        )
    return report


def _unread(arguments: Namespace, selection: Selection) -> Sequence[Skipped]:
    """Lines of a file that are no exchange and might have been selected: cases that are lost."""
    from fgtui.sessions.interchange.json_lines import JsonLines

    recording = selection.recording
    return recording.skipped if isinstance(recording, JsonLines) and not arguments.seqs else ()


def _renewal(arguments: Namespace, selection: Selection, opened: ExitStack) -> Renewal | None:
    if not arguments.update:
        return None
    from fgtui.sessions.interchange.json_lines import JsonLines
    from fgtui.sessions.replay.suites import Renewal

    assert isinstance(selection.recording, JsonLines)
    return opened.enter_context(Renewal(selection.recording))


def _renewed(arguments: Namespace, console: Console, run: Run, renewal: Renewal) -> bool:
    """Make the new outcomes the expected ones, if that is agreed to; whether nothing differs any more."""
    tally = run.tally
    if run.stopped is not None or tally.left:
        console.diagnostics.warn("{file} was not updated: the replay ended early", file=arguments.session)
        return False
    values = {"file": arguments.session, "count": f"{renewal.count:,}"}
    if renewal.count == 0:
        return False
    question = plural(
        renewal.count,
        "Make 1 new outcome the expected ones in {file}?",
        "Make {count} new outcomes the expected ones in {file}?",
    )
    if not arguments.yes and not console.ask(question, **values):
        raise ConsentError(
            "{file} was not updated",
            hint="" if console.can_ask else "no terminal to ask on: --yes updates without asking",
            **values,
        )
    renewal.write()
    console.diagnostics.note(
        plural(renewal.count, "1 outcome in {file} updated", "{count} outcomes in {file} updated"), **values
    )
    return tally.refused == 0
