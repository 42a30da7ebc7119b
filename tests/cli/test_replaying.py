"""What is told of a replay while it goes on and when it ends."""

from __future__ import annotations

import io
import json

from fgtui.cli.console import Console
from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.output import Output
from fgtui.cli.replaying import Telling
from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Cancelled, Exchange, HttpTarget, Outcome, Returned, TargetSummary, Unreachable
from fgtui.sessions.diff.changes import compare_outcomes
from fgtui.sessions.replay.run import Replay, Replayed, Run
from fgtui.sessions.replay.supplying import NO_SUPPLIES
from tests.factories import an_exchange


class Heard:
    """A console on a terminal whose clock is moved by hand, and a run of ``count`` exchanges."""

    def __init__(
        self,
        count: int,
        *,
        as_json: bool = False,
        watched: bool = True,
        answer: str = '{"ok": true}',
        outcome: Outcome | None = None,
        into: str | None = "again",
    ) -> None:
        self.out, self.said, self.now = io.BytesIO(), io.StringIO(), 0.0
        self.run = Run(
            [an_exchange(number=number, seq=number) for number in range(1, count + 1)],
            Replay(into=into),
            total=count,
            supply=NO_SUPPLIES.of,
            send=lambda event, replay_of: an_exchange(
                event, outcome or Returned(body=answer.encode()), replay_of=replay_of, target=TargetSummary("http", "t")
            ),
            conceal=lambda exchange, placeholders: exchange,
            redact=lambda exchange: exchange,
            write=None,
            compare=compare_outcomes,
        )
        console = Console(Output(self.out), Diagnostics(self.said, is_terminal=watched))
        self.telling = Telling(
            console,
            self.run,
            target=HttpTarget("t", "https://t"),
            as_json=as_json,
            go_on="fgtui replay …",
            clock=lambda: self.now,
        )

    def all(self) -> ExitCode:
        for replayed in self.run:
            self.now += 1.0
            self.telling.tell(replayed)
        return self.telling.end()


def test_a_person_who_watches_sees_how_far_it_is_on_a_line_that_is_replaced() -> None:
    heard = Heard(3)
    assert heard.all() is ExitCode.OK
    lines = heard.said.getvalue().split("\r\x1b[K")
    assert [line.partition(" · ")[0] for line in lines] == [
        "replaying 1 of 3",
        "replaying 2 of 3",
        "replaying 3 of 3",
        "✓ 3 replayed",
    ]
    assert " · 0 differ · " in lines[0]
    assert lines[0].endswith(" left")


def test_where_nobody_watches_there_is_the_last_line_alone() -> None:
    heard = Heard(3, watched=False)
    heard.all()
    assert heard.said.getvalue() == "✓ 3 replayed · nothing differs · 3 s · recorded as again\n"


def test_a_few_changes_of_many_are_shown_and_json_has_them_all() -> None:
    answer = json.dumps({"ok": True} | {f"n{number}": number for number in range(8)})
    heard = Heard(1, answer=answer)
    assert heard.all() is ExitCode.FAILED
    assert heard.out.getvalue().decode().splitlines()[-1] == "    … 3 more; --json has them all"
    heard = Heard(1, answer=answer, as_json=True)
    heard.all()
    assert len(json.loads(heard.out.getvalue().splitlines()[0])["changes"]) == 8


def one(problem: StoreError | UsageError, new: Exchange | None) -> Heard:
    heard = Heard(0)
    heard.telling.tell(Replayed(an_exchange(seq=1), new, problem=problem))
    return heard


def test_what_was_not_recorded_is_told_once_with_its_reason() -> None:
    heard = one(StoreError("no space left"), an_exchange())
    heard.run.stopped = StoreError("no space left")
    assert heard.telling.end() is ExitCode.STORE
    assert heard.out.getvalue().decode() == "! 1 blank default  not recorded\n"
    assert heard.said.getvalue().count("no space left") == 1


def test_text_of_others_acts_on_no_terminal() -> None:
    heard = one(UsageError("redacted: {places}", places="\x1b]0;owned\x07\u202e"), None)
    heard.telling.end()
    assert heard.out.getvalue().decode() == "⊘ 1 blank default  not sent: redacted: \\e]0;owned\\x07\\u202e\n"


def test_what_was_given_up_elsewhere_may_have_run_and_is_not_sent_again() -> None:
    heard = Heard(2, outcome=Cancelled(), watched=False)
    heard.all()
    assert heard.said.getvalue().splitlines()[-1] == (
        "2 left, 1 of them cancelled: it may have run, and is not sent again; to go on: fgtui replay …"
    )


def test_where_nothing_was_recorded_nothing_can_be_gone_on_with() -> None:
    heard = Heard(3, outcome=Unreachable(message="broken", may_have_run=True, request_id="9f2c"), into=None)
    assert heard.all() is ExitCode.NO_ANSWER
    said = heard.said.getvalue()
    assert "stopped at exchange 1: no answer came, and the handler may have run; it is not sent again" in said
    assert "look what request 9f2c did" in said
    assert "2 left; nothing was recorded that --resume could go on from: name them by their numbers" in said
