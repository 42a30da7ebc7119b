"""The menus of what can be copied: of an exchange, redacted, and of the event in the editor; sizes, and why not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.config import load
from fgtui.errors import UsageError
from fgtui.tui.actions import Where
from fgtui.tui.screens.copying import Part, Typed, part_text, typed_text
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.text.document import Form
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench
from tests.tui.remote_targets import a_remote_target

NO_CLIPBOARD = {
    "DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": "", "TMUX": "", "SSH_TTY": "", "SSH_CONNECTION": "",
    "SSH_CLIENT": "",
}  # fmt: skip


@pytest.fixture
def own_workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_workspace(load(tmp_path, os.environ), environment=os.environ)
    yield workspace
    workspace.close()


async def menu(bench: Bench, action: str) -> Chooser[Part]:
    await bench.screen.perform(action)
    await bench.until(lambda: isinstance(bench.app.screen, Chooser), "the menu is there")
    chooser = bench.app.screen
    assert isinstance(chooser, Chooser)
    return chooser


def row(bench: Bench, text: str) -> str:
    return next((line for line in bench.lines if f" {text} " in line), "")


async def test_the_menu_says_how_large_each_part_is_and_why_one_is_not_there(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=None, environment=NO_CLIPBOARD) as bench:
        exchange = an_exchange('{"n": 1}', body="", logs="")
        bench.screen.copying.ask(exchange)
        await bench.sees("8 bytes · the wire text")
        assert "the answer is empty" in row(bench, "the result")
        assert "nothing was logged" in row(bench, "the logs")
        await bench.press("l")
        await bench.sees("✗ nothing was logged")
        await bench.press("e")
        await bench.hears("event: no clipboard here; written to ")
        assert not any("bytes" in words for words in bench.said), "so few need no words"
        bench.screen.copying.copy_text("x" * 1000)
        await bench.hears("(1.0 KB)")


async def test_an_event_that_is_no_json_has_no_decoded_form_and_no_command_line(tmp_path: Path) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        bench.screen.copying.ask(an_exchange('{"n": '))
        await bench.until(lambda: "✗" not in bench.text and "is never closed" in bench.text, "why not")
        assert "not strict JSON" in row(bench, "the command line")
        assert "bytes" in row(bench, "the curl command")


async def test_at_forty_columns_the_letters_are_still_there(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(40, 24), environment=NO_CLIPBOARD) as bench:
        bench.screen.copying.ask(an_exchange('{"n": 1}'))
        await bench.sees("the event  8 bytes · the ")
        assert row(bench, "the curl command").rstrip(" │").endswith("c")


# The event in the editor


@pytest.mark.parametrize(
    ("letter", "what", "copied"),
    [
        ("e", "event", '{"record": [{"smn": {"message": "{\\"n\\":52.0}"}}]}'),
        ("p", "path", "record[0].smn.message"),
        ("v", "value", '{"n":52.0}'),
        ("o", "decoded value", '{\n  "n": 52.0\n}'),
    ],
)
async def test_of_the_event_in_the_editor_each_part_is_copied_as_it_stands(
    tmp_path: Path, own_home: Path, letter: str, what: str, copied: str
) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        bench.screen.open_text('{"record": [{"smn": {"message": "{\\"n\\":52.0}"}}]} // mine', None, "mine")
        editor = bench.screen.event_pane.editor
        editor.go_to_path(("record", 0, "smn", "message"))
        await bench.until(lambda: editor.path_at_cursor() == ("record", 0, "smn", "message"), "the cursor is there")
        await menu(bench, "copy-event")
        await bench.sees(" bytes")
        await bench.press(letter)
        await bench.hears(f"{what}: no clipboard here; written to ")
    assert (own_home / "data" / "copied.txt").read_text().strip() == copied


async def test_the_command_line_sends_the_event_to_the_target_with_secrets_as_variables(
    tmp_path: Path, own_home: Path
) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        bench.screen.open_text('{"password": "hunter2-hunter2", "n": 52.0}', "blank", "mine")
        await menu(bench, "copy-event")
        await bench.press("f")
        await bench.hears("command line: no clipboard here; written to ")
    copied = (own_home / "data" / "copied.txt").read_text()
    assert "| fgtui send - --target index.echo" in copied
    assert "hunter2" not in copied
    assert "{{env:PASSWORD}}" in copied
    assert '"n": 52.0' in copied


async def test_the_command_line_of_a_template_names_it(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        await menu(bench, "copy-event")
        await bench.press("f")
        await bench.hears("command line: no clipboard here; written to ")
        first = (own_home / "data" / "copied.txt").read_text()
        trigger = bench.workspace.catalogue.get("obs")
        bench.screen.open_template(trigger, trigger.template("v3"))
        await menu(bench, "copy-event")
        await bench.press("f")
        await bench.until(lambda: (own_home / "data" / "copied.txt").read_text() != first, "the other is copied")
    assert first == "fgtui send obs --target index.echo\n"
    assert (own_home / "data" / "copied.txt").read_text() == "fgtui send obs --template v3 --target index.echo\n"


async def test_what_cannot_be_copied_of_half_an_event_says_why(tmp_path: Path) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        bench.screen.open_text('{"key": [', "blank", "half")
        chooser = await menu(bench, "copy-event")
        await bench.until(lambda: "is never closed" in row(bench, "the event"), "why not")
        await bench.press("e")
        await bench.until(lambda: chooser.query(".-failed"), "it is said why")
        assert bench.app.screen is chooser
        await bench.press("escape")
        await bench.until(lambda: bench.app.screen is bench.screen, "the menu is gone")
        bench.screen.focus_pane(Where.EVENT)
        await bench.press("alt+y")
        await bench.sees("the decoded event")


def test_a_value_of_the_decoded_form_is_the_one_at_the_cursor(own_workspace: Workspace) -> None:
    trigger = own_workspace.catalogue.get("dis")
    text = '{"ShardID": "s", "Message": {"records": [{"data": {"$base64": {"$json": {"n": 1.10}}}}]}}'
    typed = Typed(text, Form.DECODED, trigger, text.index("1.10"), None)
    assert typed_text(own_workspace, typed, Part.VALUE) == "1.10"
    assert typed_text(own_workspace, typed, Part.PATH) == "Message.records[0].data.n"
    assert (
        json.loads(typed_text(own_workspace, typed, Part.EVENT))["Message"]["records"][0]["data"] == "eyJuIjoxLjEwfQ=="
    )
    assert "$base64" in typed_text(own_workspace, typed, Part.DECODED)


def test_a_record_and_what_was_not_recorded_are_copied_redacted(own_workspace: Workspace) -> None:
    exchange = an_exchange('{"password": "hunter2-hunter2"}', body='"hunter2-hunter2"', logs="hunter2-hunter2")
    for part in (
        Part.EVENT,
        Part.DECODED,
        Part.RESULT,
        Part.LOGS,
        Part.EXCHANGE,
        Part.MARKDOWN,
        Part.COMMAND,
        Part.CURL,
    ):
        assert "hunter2" not in part_text(own_workspace, exchange, part), part


def test_curl_of_a_deployed_target_is_the_call_of_its_service_with_a_token_as_variable(
    own_workspace: Workspace,
) -> None:
    target = a_remote_target()
    typed = Typed('{"n": 52.0}', Form.WIRE, own_workspace.catalogue.get("blank"), 0, target)
    command = typed_text(own_workspace, typed, Part.CURL)
    assert "/invocations" in command
    assert "X_AUTH_TOKEN" in command
    assert "'{\"n\": 52.0}'" in command
    assert "AKEX" not in command
    assert target.spec.partition(":function:")[2] in command


def test_without_a_target_there_is_no_command(own_workspace: Workspace) -> None:
    typed = Typed("[1]", Form.WIRE, None, 0, None)
    for part in (Part.COMMAND, Part.CURL):
        with pytest.raises(UsageError, match="no target is chosen"):
            typed_text(own_workspace, typed, part)
