"""Send one event to a handler, a server or a deployed function, and record the exchange.

stdout is the answer, byte for byte, or with --json the exchange as recorded; stderr has the logs and how it ended.
"""

from __future__ import annotations

import math
from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.crafting import Source, add_changes, changed, source_of
from fgtui.cli.debugging import debugged
from fgtui.cli.exit_codes import ExitCode, of_outcome
from fgtui.cli.parsing import Parser, whole
from fgtui.cli.sources import EVENT_LIMIT
from fgtui.cli.targeting import (
    add_answers,
    add_function_settings,
    add_target,
    agreed,
    announce,
    confirm,
    function_settings,
)
from fgtui.errors import UsageError
from fgtui.events.sizes import ASYNCHRONOUS_LIMIT, SYNCHRONOUS_LIMIT
from fgtui.invoke.debugging import ANY_PORT
from fgtui.invoke.model import LocalTarget, RemoteTarget
from fgtui.invoke.runtime_names import differ
from fgtui.words import plural, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from fgtui.cli.signals import Cancellation
    from fgtui.events.catalogue import Trigger
    from fgtui.events.model import Event
    from fgtui.invoke.model import Target
    from fgtui.workspace import Recorded, Workspace

MOST_SENDS = 1_000_000
KEPT_BACK = 4
"""For each that is sent at once, how many may have ended while the one before them has not: they are told in order."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "event",
        metavar="TRIGGER|FILE",
        nargs="?",
        help="a trigger's template, a file, or - for standard input (default)",
    )
    parser.offers |= {"event": "triggers", "session": "sessions"}
    add_target(parser)
    add_changes(parser)
    parser.add_argument("--trigger", metavar="T", help="read as this trigger's event (default: recognised)")
    parser.offers["trigger"] = "triggers"
    add_function_settings(parser)
    parser.add_argument(
        "--async", dest="is_asynchronous", action="store_true", help="call a deployed function asynchronously"
    )
    parser.add_argument("--session", metavar="S", default="default", help="the session recorded into (default)")
    parser.add_argument("--no-record", action="store_true", help="record nothing")
    parser.add_argument(
        "--repeat",
        metavar="N",
        type=whole("--repeat", least=1, most=MOST_SENDS),
        default=1,
        help="send N times in a row; over a network it stops where one may have run and nobody knows how it ended",
    )
    parser.add_concurrency("with --repeat: N at once, each on an instance of its own")
    parser.add_argument(
        "--debug",
        metavar="PORT",
        nargs="?",
        const=ANY_PORT,
        type=whole("--debug", least=1, most=65_535),
        help="wait for a debugger before the handler is loaded, and suspend its limits",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="send again whenever a file in the handler's folder, or the event's file, changes",
    )
    add_answers(parser)
    parser.add_trust()
    parser.add_json("print the exchange, redacted; JSON Lines with --repeat and --watch")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Craft, send, record, and say how it went."""
    from fgtui.cli.signals import Cancellation

    _check_combination(arguments)
    workspace = console.workspace(arguments)
    workspace.on_leave = console.diagnostics.logs
    try:
        target = _target(arguments, console, workspace)
        _check_watch(arguments, target)
        if arguments.debug is not None:
            target = debugged(target, arguments.debug)
        confirm(console, workspace, target, arguments, count=arguments.repeat)
        announce(console, target)
        workspace.invoker.prepare(target)  # it starts while the event is being crafted
        if arguments.set:
            from fgtui.events.assignments import variables_of

            workspace.keep_out(variables_of(arguments.set))
        source = source_of(console, workspace.catalogue, arguments.event, arguments.template, trigger=arguments.trigger)
        cancellation = Cancellation(console.diagnostics.note)
        with cancellation.on_signals():
            sender = _Sender(arguments, console, workspace, target, cancellation)
            code = sender.send_all(source)
            if arguments.watch:
                sender.watch()
            cancellation.check()
        workspace.close(math.inf)  # a pre-stop function has a limit of its own
        return code
    finally:
        workspace.close()


def _check_combination(arguments: Namespace) -> None:
    if arguments.concurrency > arguments.repeat:
        raise UsageError(
            "--concurrency {count} needs as many events: --repeat {repeat} is fewer",
            count=arguments.concurrency,
            repeat=arguments.repeat,
            hint="how often shall it be sent? --repeat {count}",
        )
    if arguments.debug is not None and arguments.repeat > 1:
        raise UsageError(
            "--debug waits for a person, and goes with one event: leave out --repeat",
            hint="--watch sends again after every change, and waits each time",
        )


def _check_watch(arguments: Namespace, target: Target) -> None:
    if arguments.watch and not isinstance(target, LocalTarget):
        raise UsageError(
            "--watch looks for changes of code on this machine, and {target} is not started here",
            target=target.spec,
            hint="--repeat sends more than once",
        )


def _target(arguments: Namespace, console: Console, workspace: Workspace) -> Target:
    target = agreed(
        console,
        workspace.settings,
        lambda: workspace.target(
            arguments.target, is_asynchronous=arguments.is_asynchronous or None, **function_settings(arguments)
        ),
    )
    if workspace.targets.uses_sample(arguments.target) and isinstance(target, LocalTarget):
        console.diagnostics.note("no --target: sending to the bundled sample handler, {file}", file=str(target.file))
    return target


class _Sender:
    """Sends the event as often as asked, one after the other or several at once."""

    def __init__(
        self,
        arguments: Namespace,
        console: Console,
        workspace: Workspace,
        target: Target,
        cancellation: Cancellation,
    ) -> None:
        self._arguments = arguments
        self._console = console
        self._workspace = workspace
        self._target = target
        self._cancellation = cancellation
        self._count = 0
        """Events made."""
        self._told = 0
        self._is_halted = False
        """Whether one may have run though nobody knows how it ended: no more is sent (reliability, section 8)."""

    def send_all(self, source: Source) -> int:
        """Send ``--repeat`` times; the highest exit code."""
        code = self._send_at_once(source) if self._arguments.concurrency > 1 else self._send_in_turn(source)
        if self._is_halted and (left := self._arguments.repeat - self._told):
            self._console.diagnostics.note(
                plural(
                    left,
                    "stopped: one may have run though nobody knows how it ended; the other was not sent",
                    "stopped: one may have run though nobody knows how it ended; the other {count} were not sent",
                ),
                count=f"{left:,}",
            )
        return code

    def _send_in_turn(self, source: Source) -> int:
        code = ExitCode.OK
        for _ in range(self._arguments.repeat):
            event = self._event(source)
            code = max(code, self._tell(self._send(event, on_log=self._console.diagnostics.logs)))
            if self._is_over():
                break
        return code

    def _send_at_once(self, source: Source) -> int:
        """As ``send_all``, ``--concurrency`` at a time: told in the order they were sent in, each with its own log."""
        from collections import deque
        from concurrent.futures import Future, ThreadPoolExecutor

        at_once = self._arguments.concurrency
        self._workspace.invoker.expect(at_once)
        under_way: deque[Future[Recorded | None]] = deque()
        code = ExitCode.OK
        left = self._arguments.repeat
        threads = ThreadPoolExecutor(at_once)
        try:
            while under_way or (left and not self._is_over()):
                while left and len(under_way) < at_once * KEPT_BACK and not self._is_over():
                    under_way.append(threads.submit(self._send_if_wanted, self._event(source)))
                    left -= 1
                recorded = under_way.popleft().result()
                if recorded is not None:
                    self._console.diagnostics.logs(recorded.exchange.outcome.logs)
                    code = max(code, self._tell(recorded))
        except BaseException:
            self._workspace.invoker.close()  # the others end as cancelled, and nobody waits for their time to be up
            raise
        finally:
            threads.shutdown(cancel_futures=True)
        return code

    def _send_if_wanted(self, event: Event) -> Recorded | None:
        """Send, unless everything was stopped while the event waited for its turn: then it is as if there were none."""
        return None if self._is_over() else self._send(event)

    def _is_over(self) -> bool:
        return self._is_halted or self._cancellation.requested.is_set() or self._console.output.closed

    def _event(self, source: Source) -> Event:
        """The next event, with the changes that are asked for."""
        from fgtui.events.model import Event

        self._count += 1
        wire = changed(self._console, source, self._arguments, number=self._count).encode()
        event = Event(source.trigger.key, wire, source.template)
        self._check_size(event, source.trigger)
        self._check_placeholders(wire)
        return event

    def _send(self, event: Event, *, on_log: Callable[[str], None] | None = None) -> Recorded:
        is_one_of_several = self._arguments.concurrency > 1
        recorded = self._workspace.send(
            event,
            self._target,
            session=None if self._arguments.no_record else self._arguments.session,
            on_log=on_log,
            on_attach=self._say_where_to_attach,
            cancelled=self._cancellation.requested,
            is_last=self._count == self._arguments.repeat and not (self._arguments.watch or is_one_of_several),
        )
        if self._arguments.repeat > 1 and not self._cancellation.requested.is_set():
            from fgtui.sessions.replay.sending import may_have_run

            self._is_halted = self._is_halted or may_have_run(recorded.exchange)
        return recorded

    def _say_where_to_attach(self, address: str) -> None:
        self._console.diagnostics.note(
            "waiting for a debugger at {address}; no limit is in force (Ctrl+C gives up)", address=address
        )

    def _tell(self, recorded: Recorded) -> ExitCode:
        """Print the answer and how it ended; the exit code of this one."""
        self._told += 1
        self._print(recorded)
        self._narrate(recorded)
        self._compare_runtimes(recorded)
        code = of_outcome(recorded.exchange.outcome)
        return code if recorded.problem is None else max(ExitCode.STORE, code)

    def _compare_runtimes(self, recorded: Recorded) -> None:
        """Say once when what runs the handler here is not the version that its target names."""
        if not isinstance(self._target, LocalTarget):
            return
        asked, ran = self._target.runtime, recorded.exchange.target.runtime
        if self._told == 1 and ran is not None and differ(asked, ran):
            self._console.diagnostics.warn(
                "the target asks for {asked}; what runs it here is {ran} (see: fgtui doctor)", asked=asked, ran=ran
            )

    def _check_size(self, event: Event, trigger: Trigger) -> None:
        size = len(event.wire)
        if size > EVENT_LIMIT:
            raise UsageError(
                "the event has {size:,} bytes; at most {limit:,} can be sent", size=size, limit=EVENT_LIMIT
            )
        if isinstance(self._target, RemoteTarget):
            from fgtui.invoke.remote import check_size

            check_size(event, self._target)
        elif size > SYNCHRONOUS_LIMIT:
            self._console.diagnostics.warn(
                "the event has {size:,} bytes; FunctionGraph takes at most {limit:,}",
                size=size,
                limit=SYNCHRONOUS_LIMIT,
            )
        elif size > ASYNCHRONOUS_LIMIT and trigger.mode == "asynchronous":
            self._console.diagnostics.warn(
                "the event has {size:,} bytes; FunctionGraph takes at most {limit:,} when it calls asynchronously",
                size=size,
                limit=ASYNCHRONOUS_LIMIT,
            )

    def _check_placeholders(self, wire: bytes) -> None:
        """What was redacted is not sent as placeholders unawares (reliability, section 6)."""
        from fgtui.sessions.redaction.leftovers import placeholder_paths, shows_placeholder

        if self._count == 1 and shows_placeholder(wire) and (paths := placeholder_paths(wire)):
            self._console.diagnostics.warn(
                "placeholders of redacted values are sent as they are: {paths} (--set PATH=VALUE puts a value in)",
                paths=", ".join(path or say("the whole event") for path in paths),
            )

    def _print(self, recorded: Recorded) -> None:
        output = self._console.output
        is_stream = self._arguments.repeat > 1 or self._arguments.watch
        if self._arguments.json:
            document = self._workspace.exported(recorded)
            if is_stream:
                output.json_line(document)
            else:
                output.document(document)
            return
        output.data(recorded.exchange.outcome.body)
        if is_stream and not output.is_terminal:
            output.line()

    def _narrate(self, recorded: Recorded) -> None:
        from fgtui.invoke.outcome_words import BETWEEN, advice, headline, left_open

        self._console.output.flush()
        outcome = recorded.exchange.outcome
        words = headline(outcome)
        if recorded.kept is not None:
            words += BETWEEN + say("recorded as {session} {seq}", session=recorded.kept.session, seq=recorded.kept.seq)
        if outcome.logs_truncated:
            self._console.diagnostics.note(
                "the service gives the end of the log only; the console has all of it"
                if isinstance(self._target, RemoteTarget)
                else "the log was long; its middle is left out of the recording"
            )
        self._console.diagnostics.outcome(words, good=of_outcome(outcome) is ExitCode.OK)
        profile = self._target.profile.name if isinstance(self._target, RemoteTarget) else ""
        kind = self._target.kind
        for line in (*advice(outcome, profile=profile), *left_open(outcome, kind, profile=profile)):
            self._console.diagnostics.quote(line)
        if recorded.problem is not None:
            self._console.diagnostics.not_recorded(recorded.problem)

    def watch(self) -> None:
        """Send again after every change, until a signal ends it."""
        from fgtui.cli.watching import Watcher

        files = [self._console.folder / self._arguments.event] if self._reads_a_file() else []
        assert isinstance(self._target, LocalTarget)
        watcher = Watcher(self._target.code_root, files)
        self._console.diagnostics.note("watching {folder}; Ctrl+C ends it", folder=str(self._target.code_root))
        while watcher.wait(self._cancellation.requested) and not self._console.output.closed:
            self._send_changed()
            watcher.settle()

    def _send_changed(self) -> None:
        """The event and the handler as they are now; what is wrong with them is said, and watched on."""
        from fgtui.errors import FgtuiError

        try:
            source = source_of(
                self._console,
                self._workspace.catalogue,
                self._arguments.event,
                self._arguments.template,
                trigger=self._arguments.trigger,
            )
            self.send_all(source)
        except FgtuiError as error:
            self._console.diagnostics.error(error)

    def _reads_a_file(self) -> bool:
        from fgtui.cli.crafting import is_file

        event = self._arguments.event
        return event is not None and event != "-" and (is_file(event) or (self._console.folder / event).exists())
