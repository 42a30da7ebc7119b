"""``fgtui remote-events``."""

from __future__ import annotations

import base64
import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fgtui import paths
from fgtui.config import load
from fgtui.serve.serving import ServeOptions
from fgtui.workspace import open_workspace
from tests.cli.stage import Ran, Stage
from tests.invoke.http_servers import answer, reset, stall
from tests.invoke.saved_service import KEYS, PROJECT, URN, SavedService, refused, serving_events

FOLDER = "test-events/thumbnail"
PUT = '{"Records": [{"size": 1.10, "key": "订单 b.png"}]}\n'.encode()


@pytest.fixture
def service() -> Iterator[SavedService]:
    with serving_events() as service:
        yield service


@pytest.fixture
def cloud(stage: Stage, service: SavedService) -> Stage:
    """A person with a profile ``prod`` for the service, and a target ``thumbnail`` and a guarded one, ``live``."""
    stage.environment |= {"AK": KEYS.access_key, "SK": KEYS.secret_key}
    config = paths.config_folder(stage.environment) / "config.toml"
    config.parent.mkdir(parents=True)
    keys = 'access_key = "${env:AK}"\nsecret_key = "${env:SK}"\n'
    config.write_text(
        f'[targets.thumbnail]\nurn = "{URN}"\nprofile = "prod"\n'
        f'[targets.live]\nurn = "{URN}"\nprofile = "guarded"\n'
        f'[profiles.prod]\nendpoint = "{service.server.url}"\n{keys}'
        f'[profiles.guarded]\nendpoint = "{service.server.url}"\n{keys}guard = true\n'
    )
    return stage


WHOM = (
    f"test events of function default:thumbnail, version latest, project {PROJECT}, region cn-north-4, "
    "at http://127.0.0.1:"
)


def ask(stage: Stage, *words: str, target: str = "thumbnail", answers: bytes | None = None) -> Ran:
    """What came of it, less the line that says who asks whom."""
    ran = stage.run("remote-events", *words, "--target", target, answers=answers)
    first, _, rest = ran.said.partition("\n")
    return replace(ran, said=rest) if first.startswith(WHOM) else ran


def write(stage: Stage, name: str, content: bytes | str, folder: str = FOLDER) -> Path:
    file = stage.folder / folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def states(ran: Ran) -> dict[str, str]:
    return {row["name"]: row["state"] for row in json.loads(ran.out)}


# List


def test_events_are_a_table_and_with_json_a_document(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    ran = ask(cloud)
    assert (ran.code, [line.split()[0] for line in ran.out.splitlines()]) == (0, ["name", "put"])
    (row,) = json.loads(ask(cloud, "list", "--json").out)
    assert row == {"name": "put", "id": "1", "last_modified": "2020-08-14T03:04:46+00:00"}


def test_no_events_are_said_and_an_empty_document(cloud: Stage) -> None:
    ran = ask(cloud)
    assert (ran.code, ran.data, ran.said) == (0, b"", "thumbnail has no test events\n")
    assert ask(cloud, "--json").out == "[]\n"


def test_who_asks_whom_is_said_before_anything_is_asked(cloud: Stage, service: SavedService) -> None:
    ran = cloud.run("remote-events", "--target", "thumbnail")
    assert ran.said.startswith(WHOM)
    assert ", as AK FGTU…0001 from AK\n" in ran.said
    assert KEYS.secret_key not in ran.said


def test_a_no_says_how_to_try_the_profile_that_was_used(cloud: Stage, service: SavedService) -> None:
    service.next_answers = [refused(403, "FSS.0403", "Forbidden"), reset()]
    for code in (1, 3):
        ran = ask(cloud, "list")
        assert (ran.code, "fgtui doctor --profile prod" in ran.said) == (code, True)


def test_a_hostile_name_acts_on_no_terminal(cloud: Stage, service: SavedService) -> None:
    service.save("a\x1b]0;x\x07\n[/b]", PUT)
    for words in ((), ("pull",), ("diff",)):
        ran = ask(cloud, *words)
        assert "\x1b" not in ran.out + ran.said
        assert "\\e]0;x\\x07\\n[/b]" in ran.out + ran.said


# Pull


def test_what_was_pushed_comes_back_byte_for_byte_and_private(cloud: Stage, service: SavedService) -> None:
    write(cloud, "put.json", PUT, ".")
    assert ask(cloud, "push", "put.json").code == 0
    ran = ask(cloud, "pull")
    file = cloud.folder / FOLDER / "put.json"
    assert (ran.code, ran.said) == (0, f"put: written to {FOLDER}/put.json\n")
    assert file.read_bytes() == PUT == service.contents()["put"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ask(cloud, "pull").said == f"put: {FOLDER}/put.json is the same already\n"


def test_only_those_that_are_named_are_pulled_and_into_the_folder_that_is(cloud: Stage, service: SavedService) -> None:
    for name in ("one", "two", "three"):
        service.save(name, PUT)
    assert states(ask(cloud, "pull", "one", "three", "one", "--folder", "mine", "--json")) == {
        "one": "written",
        "three": "written",
    }
    assert sorted(each.name for each in (cloud.folder / "mine").iterdir()) == ["one.json", "three.json"]


def test_what_cannot_be_pulled_says_so_and_the_others_still_come(cloud: Stage, service: SavedService) -> None:
    service.save("broken", base64.b64encode(b"{'k': 1}").decode())
    service.save("garbled", "§§§")
    service.save("../../escape", PUT)
    service.save("nul", PUT)
    service.save("a/b", PUT)
    service.save("put", PUT)
    service.save("PUT", PUT)
    service.save("gone", PUT, id="..")
    ran = ask(cloud, "pull", "--json")
    assert ran.code == 1
    assert states(ran) == dict.fromkeys(names(service), "failed") | {"put": "written"}
    for said in (
        "broken: what the service has is not JSON; no file was written",
        "garbled: what the service has is not base64",
        "../../escape: no file here could have that name",
        "nul: no file here could have that name",
        "PUT: put has the same name but for capitals",
        "gone: gone has an id that no address may hold",
    ):
        assert f"error: {said}" in ran.said
    assert [each.name for each in (cloud.folder / FOLDER).iterdir()] == ["put.json"]
    assert not list(cloud.folder.parent.glob("escape*"))


def names(service: SavedService) -> list[str]:
    return [each["name"] for each in service.events.values()]


def test_an_event_that_is_gone_meanwhile_is_said_and_the_others_still_come(cloud: Stage, service: SavedService) -> None:
    service.save("one", PUT)
    service.save("two", PUT)
    service.next_answers = [None, refused(404, "FSS.1070", "The event cannot be found.")]
    ran = ask(cloud, "pull", "--json")
    assert (ran.code, states(ran)) == (1, {"one": "failed", "two": "written"})


def test_a_line_that_breaks_ends_a_pull_with_what_there_is(cloud: Stage, service: SavedService) -> None:
    for name in ("one", "two", "three"):
        service.save(name, PUT)
    service.next_answers = [None, None, reset()]
    ran = ask(cloud, "pull", "--json")
    assert (ran.code, states(ran)) == (3, {"one": "written"})
    assert "could not read two: " in ran.said


def test_a_file_that_says_something_else_is_kept_unless_a_person_lets_it_go(
    cloud: Stage, service: SavedService
) -> None:
    service.save("put", b'{"k": 2}')
    file = write(cloud, "put.json", b'{"k": 1}')
    file.chmod(0o644)
    ran = ask(cloud, "pull")
    assert (ran.code, file.read_bytes()) == (2, b'{"k": 1}')
    assert ran.said == f"error: put: {FOLDER}/put.json says something else, and was kept\n  --force replaces it\n"
    ran = ask(cloud, "pull", answers=b"n\n")
    assert (ran.code, file.read_bytes()) == (2, b'{"k": 1}')
    assert ran.said.startswith(f"  ~ k: 1 → 2\nReplace {FOLDER}/put.json? [y/N] ")
    assert ask(cloud, "pull", answers=b"y\n").code == 0
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b'{"k": 2}', 0o644)
    file.write_bytes(b"[]")
    assert ask(cloud, "pull", "--force").code == 0
    assert file.read_bytes() == b'{"k": 2}'


def test_a_file_with_comments_that_is_sent_as_what_is_there_is_the_same(cloud: Stage, service: SavedService) -> None:
    file = write(cloud, "put.json", '{"k": 1} // 订单\n')
    assert ask(cloud, "push", str(file)).code == 0
    assert ask(cloud, "pull").said == f"put: {FOLDER}/put.json is the same already\n"
    assert file.read_text() == '{"k": 1} // 订单\n'


def test_nothing_is_written_through_a_link_or_over_what_is_no_file(cloud: Stage, service: SavedService) -> None:
    service.save("linked", PUT)
    service.save("folder", PUT)
    service.save("put", PUT)
    elsewhere = cloud.folder / "elsewhere"
    elsewhere.write_bytes(b"1")
    (write(cloud, "x", b"").parent / "linked.json").symlink_to(elsewhere)
    (cloud.folder / FOLDER / "folder.json").mkdir()
    ran = ask(cloud, "pull", "--force", "--json")
    assert (ran.code, states(ran)) == (2, {"linked": "failed", "folder": "failed", "put": "written"})
    assert elsewhere.read_bytes() == b"1"


@pytest.mark.parametrize("linked", [FOLDER, str(Path(FOLDER).parent)])
@pytest.mark.parametrize("words", [("pull",), ("push", "put"), ("diff",)], ids=lambda words: words[0])
def test_a_folder_that_is_a_link_out_of_the_project_is_left_alone(
    cloud: Stage, service: SavedService, tmp_path: Path, linked: str, words: tuple[str, ...]
) -> None:
    service.save("put", PUT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = cloud.folder / linked
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(elsewhere)
    ran = ask(cloud, *words)
    assert ran.code == 2
    assert "leads out of the project by a link\n  name where it leads, if you mean that: --folder F" in ran.said
    assert list(elsewhere.iterdir()) == []


def test_a_link_that_only_an_event_s_name_was_said_of_is_not_sent(cloud: Stage, service: SavedService) -> None:
    elsewhere = write(cloud, "elsewhere", PUT, "mine")
    (write(cloud, "x", b"{}").parent / "linked.json").symlink_to(elsewhere)
    ran = ask(cloud, "push", "linked")
    assert ran.code == 2
    assert "linked.json is a link; nothing was sent\n  name the file it leads to" in ran.said
    assert names(service) == []


def test_a_folder_that_cannot_be_made_is_said(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    (cloud.folder / "test-events").write_bytes(b"a file")
    ran = ask(cloud, "pull")
    assert (ran.code, ran.data) == (2, b"")
    assert ran.said.startswith(f"error: put: {FOLDER} could not be made: ")


def test_a_secret_that_is_pulled_is_pointed_at_and_not_shown(cloud: Stage, service: SavedService) -> None:
    service.save("put", b'{"a": {"password": "hunter22"}}')
    ran = ask(cloud, "pull")
    assert (ran.code, "hunter22" in ran.said) == (0, False)
    assert "warning: put holds what looks like a secret, at a.password\n" in ran.said


# Push


def test_an_event_is_created_or_replaced_and_what_is_the_same_is_left(cloud: Stage, service: SavedService) -> None:
    service.save("old", b'{"k": 1}')
    service.save("same", PUT)
    files = [str(write(cloud, name, content)) for name, content in (("old.json", b'{"k": 2}'), ("same.json", PUT))]
    ran = ask(cloud, "push", *files, str(write(cloud, "new.json", PUT)), "--force", "--json")
    assert (ran.code, states(ran)) == (0, {"same": "unchanged", "old": "replaced", "new": "created"})
    assert service.contents() == {"old": b'{"k": 2}', "same": PUT, "new": PUT}
    assert service.writes() == ["PUT 1", "POST"]


def test_a_name_alone_means_the_file_that_pull_writes(cloud: Stage, service: SavedService) -> None:
    write(cloud, "put.json", PUT)
    assert ask(cloud, "push", "put").code == 0
    assert service.contents() == {"put": PUT}


def test_what_is_replaced_is_shown_and_asked_for(cloud: Stage, service: SavedService) -> None:
    service.save("put", b'{"Message": "{\\"id\\": 7}", "password": "hunter22"}')
    file = str(write(cloud, "put.json", b'{"Message": "{\\"id\\": 8}", "password": "hunter23"}'))
    ran = ask(cloud, "push", file)
    assert (ran.code, service.writes()) == (2, [])
    ran = ask(cloud, "push", file, answers=b"y\nn\n")
    assert (ran.code, service.writes()) == (2, [])
    assert "  ~ Message.id: 7 → 8\n" in ran.said
    assert "~ password: " in ran.said
    assert "hunter" not in ran.said
    assert "put: not sent; the service keeps its own" in ran.said
    assert ask(cloud, "push", file, answers=b"y\ny\n").code == 0
    assert service.writes() == ["PUT 1"]


def test_without_a_terminal_nothing_is_replaced_and_nothing_sent(cloud: Stage, service: SavedService) -> None:
    service.save("put", b"1")
    files = [str(write(cloud, f"{name}.json", PUT)) for name in ("new", "put")]
    ran = ask(cloud, "push", *files)
    assert (ran.code, service.writes()) == (2, [])
    assert "the service has another put; nothing was sent\n  --force replaces it" in ran.said


def test_what_is_there_and_is_no_event_can_be_replaced_too(cloud: Stage, service: SavedService) -> None:
    service.save("put", "§")
    assert ask(cloud, "push", str(write(cloud, "put.json", PUT)), answers=b"y\n").code == 0
    assert service.contents() == {"put": PUT}


def test_a_secret_leaves_only_after_a_yes(cloud: Stage, service: SavedService) -> None:
    file = str(write(cloud, "put.json", b'{"headers": {"Authorization": "Bearer abcdefgh12345678"}}'))
    ran = ask(cloud, "push", file, "--force")
    assert (ran.code, service.writes()) == (2, [])
    assert "put holds what looks like a secret, at headers.Authorization; whoever sees the function" in ran.said
    assert "--yes sends secrets too" in ran.said
    assert "abcdefgh" not in ran.said
    assert ask(cloud, "push", file, answers=b"n\n").code == 2
    assert service.writes() == []
    assert ask(cloud, "push", file, "--yes").code == 0
    assert service.writes() == ["POST"]


def test_credentials_of_ours_are_known_wherever_they_stand(cloud: Stage, service: SavedService) -> None:
    file = str(write(cloud, "put.json", json.dumps({"note": f"as {KEYS.secret_key}!"})))
    ran = ask(cloud, "push", file)
    assert (ran.code, service.writes()) == (2, [])
    assert "put holds what looks like a secret, at note" in ran.said
    assert KEYS.secret_key not in ran.said


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        pytest.param("1st.json", PUT, "'1st' is no name for a test event: 1 to 25 letters", id="name"),
        pytest.param("订单.json", PUT, "is no name for a test event", id="chinese"),
        pytest.param("a" * 26 + ".json", PUT, "is no name for a test event", id="long-name"),
        pytest.param("put.txt", PUT, "'put.txt' is no name for a test event", id="ending"),
        pytest.param("big.json", b'"' + b"x" * 4095 + b'"', "4,097 bytes; a test event has at most 4,096", id="big"),
        pytest.param("put.json", b'{"k": }', "put.json:1:6: error: ", id="no-json"),
        pytest.param("put.json", b"", "put.json", id="empty"),
        pytest.param("put.json", b"\xff\xfe\xff", "put.json", id="no-text"),
    ],
)
def test_what_the_service_would_not_take_is_refused_before_anything_is_sent(
    cloud: Stage, service: SavedService, file: str, content: bytes, said: str
) -> None:
    good = str(write(cloud, "good.json", PUT))
    ran = ask(cloud, "push", good, str(write(cloud, file, content)))
    assert (ran.code, ran.data, service.calls) == (2, b"", [])
    assert said in ran.said


def test_one_file_too_many_is_refused_before_the_first_is_sent(cloud: Stage, service: SavedService) -> None:
    for number in range(9):
        service.save(f"e{number}", PUT)
    files = [str(write(cloud, f"{name}.json", PUT)) for name in ("e0", "x", "y")]
    ran = ask(cloud, "push", *files, "--force")
    assert (ran.code, service.writes()) == (2, [])
    assert "a function keeps at most 10 test events; it has 9, and 2 more would be 11" in ran.said


def test_two_files_of_one_name_are_no_event(cloud: Stage, service: SavedService) -> None:
    one, other = (str(write(cloud, "put.json", PUT, folder)) for folder in ("a", "b"))
    ran = ask(cloud, "push", one, other)
    assert (ran.code, service.calls) == (2, [])
    assert f"{one} and {other} would be one event" in ran.said


def test_what_fails_half_way_says_what_was_done_and_what_was_not(cloud: Stage, service: SavedService) -> None:
    files = [str(write(cloud, f"{name}.json", PUT)) for name in ("one", "two", "three", "four")]
    service.next_answers = [None, None, refused(403, "FSS.1068", "Too many.")]
    ran = ask(cloud, "push", *files, "--json")
    assert (ran.code, states(ran)) == (
        1,
        {"one": "created", "two": "failed", "three": "untouched", "four": "untouched"},
    )
    assert ran.said.startswith(
        f"one: created, {len(PUT)} bytes\nthree: not sent\nfour: not sent\nerror: the service would not create two: "
    )
    assert service.contents() == {"one": PUT}


def test_what_may_have_been_done_is_not_said_to_have_failed(cloud: Stage, service: SavedService) -> None:
    files = [str(write(cloud, f"{name}.json", PUT)) for name in ("one", "two")]
    service.next_answers = [None, reset()]
    ran = ask(cloud, "push", *files, "--json")
    assert (ran.code, states(ran)) == (3, {"one": "unknown", "two": "untouched"})
    assert "it may have been done all the same" in ran.said
    assert service.writes() == ["POST"]


def test_ctrl_c_within_a_call_says_that_it_may_have_been_done(cloud: Stage, service: SavedService) -> None:
    files = [str(write(cloud, f"{name}.json", PUT)) for name in ("one", "two")]
    service.next_answers = [None, stall()]
    words = [sys.executable, "-m", "fgtui", "remote-events", "push", *files, "--target", "thumbnail"]
    with subprocess.Popen(words, cwd=cloud.folder, env=cloud.environment, stderr=subprocess.PIPE, text=True) as process:
        service.server.heard(2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.endswith("one: stopped; it may have been done all the same\ntwo: not sent\n")


# Diff


def test_what_differs_is_told_and_is_a_1(cloud: Stage, service: SavedService) -> None:
    service.save("changed", b'{"Message": "{\\"id\\": 7}"}')
    service.save("same", PUT)
    service.save("spaced", b"[1]")
    service.save("there", PUT)
    for name, content in (
        ("changed", b'{"Message": "{\\"id\\": 8}"}'),
        ("same", PUT),
        ("spaced", b"[ 1 ]"),
        ("here", PUT),
    ):
        write(cloud, f"{name}.json", content)
    ran = ask(cloud, "diff")
    assert ran.code == 1
    assert ran.out == (
        "changed: 1 difference\n~ Message.id\n  - 7\n  + 8\n+ here is only here\n- there is only there\n"
    )
    assert ran.said == (
        "spaced: the texts differ, the values do not: white space, escapes or the order of members\n"
        f"5 compared with {FOLDER}: 1 different, 1 only here, 1 same, 1 respelled, 1 only there\n"
    )
    found = {row["name"]: row for row in json.loads(ask(cloud, "diff", "--json").out)}
    assert found["changed"]["changes"] == [{"path": "Message.id", "kind": "changed", "old": 7, "new": 8}]
    assert {name: row["state"] for name, row in found.items()} == {
        "changed": "different", "same": "same", "spaced": "respelled", "here": "only here", "there": "only there",
    }  # fmt: skip


def test_what_is_the_same_is_a_0(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    service.save("other", PUT)
    write(cloud, "put.json", PUT)
    ran = ask(cloud, "diff", "put")
    assert (ran.code, ran.data, ran.said) == (0, b"", f"1 compared with {FOLDER}: 1 same\n")


def test_nothing_here_and_nothing_there_is_a_0(cloud: Stage) -> None:
    ran = ask(cloud, "diff")
    assert (ran.code, ran.data) == (0, b"")
    assert ran.said == f"thumbnail has no test events, and {FOLDER} none either\n"


def test_what_cannot_be_compared_is_said_and_the_others_are(cloud: Stage, service: SavedService) -> None:
    service.save("garbled", "§")
    service.save("broken", PUT)
    service.save("changed", b"1")
    for name, content in (("garbled", PUT), ("broken", b"{"), ("changed", b"2"), ("no event", PUT)):
        write(cloud, f"{name}.json", content)
    ran = ask(cloud, "diff")
    assert ran.code == 2
    assert "changed: 1 difference\n" in ran.out
    assert "garbled: what the service has is not base64" in ran.said
    assert "broken: " in ran.said
    assert "no event" not in ran.out + ran.said


def test_a_secret_that_differs_is_told_by_its_placeholder(cloud: Stage, service: SavedService) -> None:
    service.save("put", b'{"password": "hunter22"}')
    write(cloud, "put.json", b'{"password": "hunter23"}')
    ran = ask(cloud, "diff")
    assert (ran.code, "hunter" in ran.out + ran.said) == (1, False)
    assert "<redacted:" in ran.out


# Delete


def test_deletion_asks_for_each(cloud: Stage, service: SavedService) -> None:
    for name in ("one", "two", "three"):
        service.save(name, PUT)
    ran = ask(cloud, "delete", "one", "two", answers=b"n\ny\n")
    assert ran.code == 2
    assert "Delete one of thumbnail, for good? [y/N] " in ran.said
    assert list(service.contents()) == ["one", "three"]
    assert ask(cloud, "delete", "one", "three", "--yes").said == "one: deleted\nthree: deleted\n"
    assert service.contents() == {}


def test_without_a_terminal_deletion_wants_yes_said(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    ran = ask(cloud, "delete", "put")
    assert (ran.code, service.writes()) == (2, [])
    assert "--yes deletes without asking" in ran.said


def test_what_is_not_there_is_refused_before_anything_is_deleted(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    ran = ask(cloud, "delete", "put", "pot", "--yes")
    assert (ran.code, service.writes()) == (2, [])
    assert "thumbnail has no test event 'pot'\n  did you mean put?" in ran.said


def test_a_deletion_that_fails_half_way_says_what_was_done(cloud: Stage, service: SavedService) -> None:
    for name in ("one", "two", "three"):
        service.save(name, PUT)
    service.next_answers = [None, None, answer(500)]
    ran = ask(cloud, "delete", "one", "two", "three", "--yes", "--json")
    assert (ran.code, states(ran)) == (1, {"one": "deleted", "two": "unknown", "three": "untouched"})
    assert "three: not deleted\n" in ran.said


# Guarded, and whose it is


def test_a_guarded_profile_is_changed_only_after_its_name_was_typed(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    file = str(write(cloud, "new.json", PUT))
    for words in (("push", file), ("delete", "put", "--yes")):
        ran = ask(cloud, *words, target="live")
        assert (ran.code, service.writes()) == (2, [])
        assert "nothing was changed: live is guarded\n  no terminal to ask on: --yes-really" in ran.said
        for answers in (b"y\n", b"LIVE\n", b"\n", b""):
            ran = ask(cloud, *words, target="live", answers=answers)
            assert (ran.code, service.writes()) == (2, [])
    ran = ask(cloud, "push", file, target="live", answers=b"live\n")
    assert ran.code == 0
    assert "1 test event changes in function default:thumbnail, version latest, project " in ran.said
    assert ask(cloud, "delete", "put", "--yes", "--yes-really", target="live").code == 0
    assert service.writes() == ["POST", "DELETE 1"]


def test_reading_what_is_guarded_changes_nothing_and_asks_nothing(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    assert [ask(cloud, action, target="live").code for action in ("list", "pull", "diff")] == [0, 0, 0]
    assert service.writes() == []


def test_a_urn_and_a_profile_do_without_a_target_of_the_settings(cloud: Stage, service: SavedService) -> None:
    service.save("put", PUT)
    ran = cloud.run("remote-events", "--target", URN.replace(":latest", ":!prod"), "--profile", "prod", "--json")
    assert (ran.code, [row["name"] for row in json.loads(ran.out)]) == (0, ["put"])


def test_a_project_file_sends_credentials_nowhere_before_somebody_agreed(cloud: Stage, service: SavedService) -> None:
    (cloud.folder / "fgtui.toml").write_text(
        f'[profiles.mine]\nendpoint = "{service.server.url}"\naccess_key = "${{env:AK}}"\nsecret_key = "${{env:SK}}"\n'
        f'[targets.mine]\nurn = "{URN}"\nprofile = "mine"\n'
    )
    ran = ask(cloud, target="mine")
    assert (ran.code, service.calls) == (2, [])
    assert "--trust-project" in ran.said or "fgtui trust" in ran.said
    assert ask(cloud, "--trust-project", target="mine").code == 0


def test_credentials_that_are_not_there_are_said_and_nothing_is_sent(cloud: Stage, service: SavedService) -> None:
    del cloud.environment["SK"]
    ran = ask(cloud)
    assert (ran.code, service.calls) == (2, [])
    assert "SK" in ran.said


def test_wrong_credentials_are_refused_in_words_and_never_shown(cloud: Stage, service: SavedService) -> None:
    cloud.environment["SK"] = "a-wrong-secret-key-0123456789"
    ran = ask(cloud)
    assert ran.code == 1
    assert "APIGW.0301" in ran.said
    assert "a-wrong-secret-key" not in ran.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("lst",), "did you mean list?", id="action"),
        pytest.param(("list", "put"), "list takes no name", id="list-with-name"),
        pytest.param(("push",), "push takes at least one file", id="push-nothing"),
        pytest.param(("delete",), "delete takes at least one name", id="delete-nothing"),
        pytest.param(("push", "none.json"), "there is no file none.json", id="no-file"),
        pytest.param(("push", "-"), "'-' is no name for a test event", id="standard-input"),
        pytest.param(("pull", "none"), "thumbnail has no test event 'none'", id="pull-none"),
        pytest.param(("diff", "none"), "thumbnail has no test event 'none'", id="diff-none"),
        pytest.param(("pull", "--folder", ""), "--folder names no file: it is empty", id="no-folder"),
        pytest.param(("diff", "--force"), "--force lets pull and push replace", id="force"),
        pytest.param(("list", "--folder", "f"), "list looks into no --folder", id="folder"),
        pytest.param(("list", "--profile", "prd"), "did you mean prod?", id="profile"),
    ],
)
def test_what_is_wrong_is_a_2_and_changes_nothing(
    cloud: Stage, service: SavedService, words: tuple[str, ...], said: str
) -> None:
    ran = ask(cloud, *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert service.writes() == []


def test_a_handler_on_this_machine_has_no_saved_events(stage: Stage) -> None:
    ran = stage.run("remote-events")
    assert (ran.code, ran.data) == (2, b"")
    assert "is no deployed function" in ran.said


def test_the_local_endpoint_keeps_events_as_the_service_does(cloud: Stage) -> None:
    with serving_locally(cloud) as stage:
        for name in ("one", "two"):
            write(stage, f"{name}.json", PUT)
        assert states(ask(stage, "push", "one", "two", "--json")) == {"one": "created", "two": "created"}
        assert [ask(stage, "diff").code, ask(stage, "pull").code] == [0, 0]
        write(stage, "one.json", b'{"k": 1}')
        assert [ask(stage, "diff").code, ask(stage, "push", "one", "--force").code, ask(stage, "diff").code] == [
            1,
            0,
            0,
        ]
        assert states(ask(stage, "delete", "two", "--yes", "--json")) == {"two": "deleted"}
        (row,) = json.loads(ask(stage, "--json").out)
        assert row["name"] == "one"
        assert stage.run("doctor", "--profile", "prod").code == 0
        stage.environment["SK"] = "another-secret-key-0123456789"
        assert ask(stage).code == 1
        assert stage.run("doctor", "--profile", "prod").code == 1


@contextmanager
def serving_locally(cloud: Stage) -> Iterator[Stage]:
    """``cloud`` with its profiles led to a local endpoint that verifies their signatures."""
    config = paths.config_folder(cloud.environment) / "config.toml"
    write(cloud, "index.py", "def handler(event, context): return event", ".")
    workspace = open_workspace(load(cloud.folder, cloud.environment), environment=cloud.environment)
    serving = workspace.serve(
        workspace.target("index.handler"),
        ServeOptions(port=0, session=None),
        on_recorded=lambda _: None,
        profile=workspace.targets.profile("prod"),
    )
    try:
        config.write_text(re.sub("http://127.0.0.1:[0-9]+", serving.url, config.read_text()))
        yield cloud
    finally:
        serving.stop()
        workspace.close()
