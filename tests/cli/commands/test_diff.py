"""``fgtui diff``: two exchanges, two sessions, what is noise."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from fgtui.invoke.model import Cancelled, Exchange, HandlerError, Raised, Returned, TargetSummary
from fgtui.records import replace
from fgtui.sessions.interchange.json_lines import write_jsonl
from fgtui.sessions.model import NO_TARGET
from tests.cli.stage import Stage
from tests.factories import an_event, an_exchange

HANDLER = """
import uuid
def handler(event, context):
    return {"id": str(uuid.uuid4()), "n": event["n"], "items": [{"trace": uuid.uuid4().hex, "k": at} for at in range(3)]}
"""


def an(seq: int, body: object, **more: object) -> Exchange:
    wire = more.pop("wire", f"{seq}")
    return an_exchange(wire, number=seq, seq=seq, body=json.dumps(body), session="orders", **more)


@pytest.fixture
def files(stage: Stage) -> Stage:
    """A folder with two sessions as files: ``old.jsonl`` and ``new.jsonl``."""
    items = [{"id": f"i{number}", "price": number} for number in range(4)]
    changed = [{**item, "price": 9} if item["id"] == "i1" else item for item in reversed(items)]
    old = [an(1, {"items": items, "at": "2026-11-22T09:46:01Z"}, id="A"), an(2, "same"), an(3, "alone", wire='"left"')]
    new = [an(1, {"items": changed, "at": "2026-11-22T10:00:00Z"}, replay_of="A"), an(2, "same"), an(4, "come")]
    write_jsonl(old, stage.folder / "old.jsonl", session="old")
    write_jsonl(new, stage.folder / "new.jsonl", session="new")
    return stage


TWO = ("diff", "old.jsonl", "1", "new.jsonl", "1")


def test_two_exchanges_differ_by_path(files: Stage) -> None:
    ran = files.run(*TWO)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "~ outcome.result.items[1].price",
        "  - 1",
        "  + 9",
        "> outcome.result.items",
        "    3 items are in other places",
        "  > [0] → [3]",
        "  > [1] → [2]",
        "  > [2] → [1]",
        "~ outcome.result.at",
        '  - "2026-11-22T09:46:01Z"',
        '  + "2026-11-22T10:00:00Z"',
    ]


def test_what_is_ignored_is_not_told(files: Stage) -> None:
    ran = files.run(*TWO, "--ignore", "~time", "--ignore", "outcome.result.items~order", "--tolerance", "8")
    assert (ran.code, ran.out) == (0, "")
    assert "orders #1 is the same as orders #1" in ran.said


def test_the_settings_say_what_is_ignored_too(files: Stage) -> None:
    (files.folder / "fgtui.toml").write_text('[replay]\nignore = ["~order", "**.at"]\n', encoding="utf-8")
    assert files.run(*TWO).out.splitlines()[0] == "~ outcome.result.items[1].price"
    assert len(files.run(*TWO).out.splitlines()) == 3


def test_side_by_side_fits_the_terminal(files: Stage) -> None:
    ran = files.run(*TWO, "--side-by-side", terminal=True)
    assert all(len(line) <= 100 for line in ran.out.splitlines())
    assert ran.out.splitlines()[1].split() == ["1", "~", "9"]


def test_json_is_one_document(files: Stage) -> None:
    told = json.loads(files.run(*TWO, "--json").out)
    assert told["old"] == {"session": "orders", "seq": 1, "id": "A"}
    assert told["changes"][0] == {"path": "outcome.result.items[1].price", "kind": "changed", "old": 1, "new": 9}
    assert told["changes"][1]["kind"] == "moved"
    assert json.loads(files.run("diff", "old.jsonl", "2", "2", "--json").out)["changes"] == []


def test_two_sessions_are_compared_in_pairs(files: Stage) -> None:
    ran = files.run("diff", "old.jsonl", "new.jsonl", "--ignore", "~order", "--ignore", "~time")
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "orders #1 and orders #1: 1 difference",
        "~ outcome.result.items[1].price",
        "  - 1",
        "  + 9",
        "",
        "- old.jsonl #3 has no partner in new.jsonl",
        "+ new.jsonl #4 has no partner in old.jsonl",
    ]
    assert "2 compared: 1 the same, 1 different; without a partner: 2" in ran.said


def test_two_sessions_as_json_lines(files: Stage) -> None:
    told = [json.loads(line) for line in files.run("diff", "old.jsonl", "new.jsonl", "--json").out.splitlines()]
    assert [len(each["changes"]) for each in told] == [3, 0, 0, 0]
    assert [(each["old"] is None, each["new"] is None) for each in told] == [(False, False)] * 2 + [
        (False, True),
        (True, False),
    ]


def test_of_one_session_only_replays_are_compared(recorded: Stage) -> None:
    ran = recorded.run("diff", "orders", "orders")
    assert (ran.code, ran.out) == (2, "")
    assert "orders holds no replay of its own exchanges, so there is nothing to compare it with" in ran.said


def test_an_event_that_was_never_sent_is_compared_with_nothing_and_a_failure_is_told(files: Stage) -> None:
    never = an_exchange("1", Cancelled(), number=1, seq=1, session="ev", target=TargetSummary(NO_TARGET, ""))
    failed = Raised(error=HandlerError("ValueError", "no"))
    write_jsonl([never, replace(never, id="B", seq=2)], files.folder / "ev.jsonl", session="ev")
    news = [an(1, {}, replay_of=never.id), an_exchange("1", failed, number=2, seq=2, session="n", replay_of="B")]
    write_jsonl(news, files.folder / "n.jsonl", session="n")
    for words, code, said in (
        (("1", "n.jsonl", "1"), 0, "#1 was never sent: there is no outcome to compare with"),
        (("2", "n.jsonl", "2"), 1, "#2: ✗ raised ValueError: no"),
        (("n.jsonl",), 1, "without a partner: 0; never sent, so nothing to compare with: 2, 1 of them failed"),
    ):
        ran = files.run("diff", "ev.jsonl", *words)
        assert ran.code == code
        assert said in ran.said
    assert ran.out == "n #2: ✗ raised ValueError: no (ev #2 was never sent)\n"
    assert files.run("diff", "ev.jsonl", "1", "n.jsonl", "1", "--part", "event").code == 0


def test_exchanges_without_a_partner_are_named_up_to_a_number(files: Stage) -> None:
    many = [an(number, {}, wire=f'"{number}"') for number in range(1, 101)]
    write_jsonl(many, files.folder / "many.jsonl", session="many")
    ran = files.run("diff", "many.jsonl", "new.jsonl")
    lines = ran.out.splitlines()
    assert lines[19] == "- many.jsonl #20 has no partner in new.jsonl"
    assert lines[20] == "… 80 more of many.jsonl have no partner in new.jsonl; --json has them all"
    assert len(files.run("diff", "many.jsonl", "new.jsonl", "--json").out.splitlines()) == 103


def test_texts_that_differ_though_their_values_do_not_are_told(files: Stage) -> None:
    both = [an_exchange("1", number=1, seq=1, body='{"a": 1}'), an_exchange("1", number=2, seq=2, body='{"a":1}')]
    write_jsonl(both, files.folder / "both.jsonl", session="both")
    ran = files.run("diff", "both.jsonl", "1", "2")
    assert ran.code == 0
    assert "the texts differ, the values do not: white space, escapes or the order of members\n" in ran.said


def test_values_that_were_redacted_elsewhere_are_counted_and_numbers_are_exact(files: Stage) -> None:
    token = '{"token": "%s", "n": %s}'
    bodies = (token % ("<redacted:0123456789ab>", "1E999"), token % ("<redacted:4567456789ab>", "2E999"))
    both = [an_exchange("1", number=number, seq=number, body=body) for number, body in enumerate(bodies, 1)]
    write_jsonl(both, files.folder / "both.jsonl", session="both")
    ran = files.run("diff", "both.jsonl", "1", "2")
    assert ran.out.splitlines() == ["~ outcome.result.n", "  - 1E999", "  + 2E999"]
    assert "1 value could not be compared: it was redacted in another store\n" in ran.said
    assert '"new": 2E999\n' in files.run("diff", "both.jsonl", "1", "2", "--json").out


def test_a_replay_is_compared_with_what_it_replays(files: Stage) -> None:
    both = [an(1, {"n": 1}, id="A"), an(2, {"n": 2}, replay_of="A")]
    write_jsonl(both, files.folder / "both.jsonl", session="both")
    ran = files.run("diff", "both.jsonl", "last")
    assert ran.out.splitlines()[1:] == ["  - 1", "  + 2"]
    assert "replays nothing" in files.run("diff", "both.jsonl", "1").said
    assert "is not recorded here any more" in files.run("diff", "new.jsonl", "1").said


def test_a_replay_is_compared_with_its_recording_in_another_session(files: Stage) -> None:
    files.run("send", "blank", "--session", "first")
    (id,) = (json.loads(line)["id"] for line in files.run("show", "first", "--json").out.splitlines())  # noqa: A001
    write_jsonl([an(1, {}, replay_of=id)], files.folder / "again.jsonl", session="again")
    assert files.run("diff", "again.jsonl", "1").code == 1


def test_events_are_compared_opened(recorded: Stage) -> None:
    ran = recorded.run("diff", "orders", "1", "3", "--part", "event")
    assert ran.code == 1
    assert ran.out.splitlines()[:3] == ["~ event.trigger", '  - "lts"', '  + "obs"']
    assert recorded.run("diff", "orders", "1", "2", "--part", "event").code == 0


def test_a_placeholder_equals_what_is_redacted_to_it(files: Stage) -> None:
    exchanges = [an(1, {"token": "<redacted:aaaabbbbbbbb>"}), an(2, {"token": "secret-123456"})]
    write_jsonl(exchanges, files.folder / "secret.jsonl", session="secret")
    ran = files.run("diff", "secret.jsonl", "1", "2")
    assert (ran.code, ran.out) == (0, "")
    assert "secret-123456" not in files.run("diff", "secret.jsonl", "2", "old.jsonl", "1", "--json").out


def test_hostile_values_act_on_no_terminal(files: Stage) -> None:
    hostile = "\x1b[2J\u202e\r\n\x9b1A"
    write_jsonl([an(1, {hostile: hostile}), an(2, {})], files.folder / "bad.jsonl", session="bad")
    for form in ((), ("--side-by-side",), ("--json",)):
        out = files.run("diff", "bad.jsonl", "1", "2", *form, terminal=True).out
        assert not set("\x1b\x9b\u202e\r") & set(out)
        assert len([line for line in out.splitlines() if line.startswith("- ")]) == (form != ("--json",))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("old.jsonl",), "name what to compare"),
        (("1", "2"), "name what to compare"),
        (("old.jsonl", "1", "2", "3"), "name what to compare"),
        (("old.jsonl", "7", "1"), "has no exchange 7"),
        (("olds", "1", "2"), "there is no session"),
        (("old.jsonl", "1", "2", "--ignore", "a..b"), "a..b cannot be ignored"),
        (("old.jsonl", "1", "2", "--ignore", "~tme"), "there is no kind of value 'tme'"),
        (("old.jsonl", "1", "2", "--ignore", "/(/"), "a group is not closed"),
        (("old.jsonl", "1", "2", "--tolerance", "x"), "a tolerance is a number"),
        (("old.jsonl", "1", "2", "--part", "logs"), "there is no part 'logs'"),
        (("old.jsonl", "1", "2", "--unified", "--side-by-side"), "do not go together"),
        (("old.jsonl", "--find-noise"), "--find-noise wants SESSION SEQ"),
        (("old.jsonl", "1", "--find-noise"), "to which target? it was recorded at src/index.handler"),
    ],
)
def test_what_means_nothing_is_refused(files: Stage, words: tuple[str, ...], said: str) -> None:
    ran = files.run("diff", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said


def test_noise_is_found_by_sending_twice(files: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgtui.sessions.diff.noise.PAUSE_S", 0.0)
    (files.folder / "index.py").write_text(HANDLER, encoding="utf-8")
    write_jsonl([an(1, {}, wire='{"n": 5}')], files.folder / "one.jsonl", session="one")
    ran = files.run("diff", "one.jsonl", "1", "--target", "index.handler", "--find-noise")
    assert ran.code == 1
    head, settings, _, flags = ran.out.splitlines()
    assert (head, tomllib.loads(settings)["ignore"]) == (
        "[replay]",
        ["outcome.result.id~uuid", "outcome.result.items[*].trace~id"],
    )
    assert flags == "--ignore 'outcome.result.id~uuid' --ignore 'outcome.result.items[*].trace~id'"
    assert "(and 2 like it)" in ran.said


def test_a_redacted_event_is_not_sent(files: Stage) -> None:
    redacted = an_exchange(an_event('{"token": "<redacted:aaaabbbbbbbb>"}', redacted=("token",)), Returned(), seq=1)
    write_jsonl([redacted], files.folder / "redacted.jsonl", session="r")
    ran = files.run("diff", "redacted.jsonl", "1", "--find-noise", "--target", "nowhere/index.handler")
    assert ran.code == 2
    assert "token" in ran.said
    assert not Path(files.folder / "nowhere").exists()
