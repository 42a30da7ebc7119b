"""``fgtui report``."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from fgtui.sessions.interchange.json_lines import write_jsonl
from tests.cli.stage import Stage
from tests.factories import an_exchange

SECRET = "hunter2"


@pytest.fixture
def file(stage: Stage) -> str:
    """A file of JSON Lines written by somebody who redacted nothing, with a replay of its first exchange."""
    first = an_exchange('{"X-Auth-Token": "hunter2", "n": 1}', seq=1, logs="password=hunter2\n")
    again = an_exchange('{"n": 1}', number=2, seq=2, body='{"ok": false}', replay_of=first.id)
    write_jsonl([first, again], stage.folder / "shared.jsonl", session="shared")
    return "shared.jsonl"


def test_a_report_is_markdown_on_stdout(recorded: Stage) -> None:
    ran = recorded.run("report", "orders", "1")
    assert ran.code == 0
    assert ran.out.startswith("# `lts` event to `index.handler`: returned\n")
    assert "## Event, decoded" in ran.out
    assert ran.said == "nothing in it looked like a secret; nothing was replaced\n"
    assert recorded.run("report", "orders", "last").out.startswith("# `obs` event")


def test_what_leaves_is_redacted_by_today_s_rules_and_stderr_says_so(stage: Stage, file: str) -> None:
    for form in ("markdown", "json", "curl", "cli", "python", "pytest"):
        ran = stage.run("report", file, "1", "--format", form)
        assert ran.code == 0
        assert SECRET not in ran.out
        assert ran.said == '2 values are redacted: event."X-Auth-Token", outcome.logs\n'


def test_a_preview_says_each_value_and_lets_nothing_leave(stage: Stage, file: str) -> None:
    ran = stage.run("report", file, "1", "--format", "json", "--preview", "--copy", "-o", "x.json")
    placeholder = json.loads(json.loads(ran.out)["event"]["wire"])["X-Auth-Token"]
    assert f'  event."X-Auth-Token": a value under X-Auth-Token → {placeholder}\n' in ran.said
    assert "  outcome.logs: a value behind password → <redacted:" in ran.said
    assert "copied" not in ran.said
    assert not (stage.folder / "x.json").exists()


def test_a_replay_names_what_it_repeats_of_the_same_file(stage: Stage, file: str) -> None:
    out = stage.run("report", file, "2").out
    assert "## Replay" in out
    assert "- `outcome.result.ok`: `true` → `false`" in out


def test_the_json_has_the_text_and_what_was_redacted(stage: Stage, file: str) -> None:
    document = json.loads(stage.run("report", file, "1", "--format", "cli", "--json").out)
    assert document["format"] == "cli"
    assert document["text"].endswith('--set \'"X-Auth-Token":="{{env:X_AUTH_TOKEN}}"\'\n')
    assert [(each["path"], each["kind"]) for each in document["redacted"]] == [
        ('event."X-Auth-Token"', "a value under X-Auth-Token"),
        ("outcome.logs", "a value behind password"),
    ]


def test_a_copy_says_which_way_it_went(recorded: Stage) -> None:
    ran = recorded.run("report", "orders", "1", "--copy")
    kept = Path(recorded.environment["FGTUI_HOME"]) / "data" / "copied.txt"
    assert ran.data == b""
    assert ran.said.startswith(f"no clipboard here; written to {kept} (")
    assert kept.read_text("utf-8") == recorded.run("report", "orders", "1").out
    ran = recorded.run("report", "orders", "1", "--copy", terminal=True)
    assert ran.data.startswith(b"\x1b]52;c;")
    assert "sent to the terminal" in ran.said


def test_a_file_is_written_once_and_never_through_a_link(recorded: Stage) -> None:
    ran = recorded.run("report", "orders", "1", "-o", "bug.md")
    assert (ran.code, ran.data) == (0, b"")
    assert "written to bug.md" in ran.said
    file = recorded.folder / "bug.md"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text("utf-8").startswith("# `lts` event")
    file.write_text("mine")
    ran = recorded.run("report", "orders", "1", "-o", "bug.md")
    assert (ran.code, file.read_text()) == (2, "mine")
    assert "--force replaces it" in ran.said
    assert recorded.run("report", "orders", "1", "-o", "bug.md", "--force").code == 0
    (recorded.folder / "link.md").symlink_to(file)
    before = file.read_bytes()
    assert recorded.run("report", "orders", "1", "-o", "link.md", "--force").code == 2
    assert file.read_bytes() == before


def test_the_bundled_handler_needs_no_name(recorded: Stage) -> None:
    assert recorded.run("report", "orders", "1", "--format", "cli").out.startswith(
        "fgtui send - --trigger lts <<'EOF'\n"
    )


def test_a_target_of_the_settings_goes_by_its_name(recorded: Stage) -> None:
    (recorded.folder / "fgtui.toml").write_text('[targets.thumb]\nhandler = "index.handler"\ntimeout_s = 9\n')
    assert "fgtui send - --trigger lts --target thumb" in recorded.run("report", "orders", "1").out
    (recorded.folder / "tests").mkdir()
    recorded.run("report", "orders", "1", "--format", "pytest", "-o", "tests/test_orders.py")
    text = (recorded.folder / "tests" / "test_orders.py").read_text("utf-8")
    assert 'HANDLER = "thumb"\nFOLDER = Path(__file__).resolve().parent / ".."' in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("orders",), "SEQ is missing", id="no-number"),
        pytest.param(("ordres", "1"), "did you mean orders?", id="session"),
        pytest.param(("orders", "9"), "orders has no exchange 9", id="number"),
        pytest.param(("orders", "1", "--format", "crul"), "did you mean curl?", id="format"),
        pytest.param(("orders", "1", "--force"), "none is named", id="force"),
        pytest.param(("orders", "1", "-o", ""), "it is empty", id="empty-name"),
        pytest.param(("orders", "1", "-o", "missing/x.md"), "could not be written", id="no-folder"),
        pytest.param(("a\x1b[2J", "1"), "there is no session", id="session-that-acts"),
    ],
)
def test_what_is_wrong_is_a_2_and_nothing_is_printed(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("report", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert "\x1b" not in ran.said
