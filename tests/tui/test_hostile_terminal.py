"""No payload acts: on a real pseudo-terminal, paged through and searched, nothing of foreign origin reaches the terminal raw.

The byte stream is read, not the widgets: what is left after the program's own sequences are taken out must hold no
control character and nothing invisible (reliability, section 2).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange
from tests.tui.hostile import EVERYTHING
from tests.tui.pseudo_terminal import ESCAPE, PseudoTerminal

TAB, ENTER, DOWN, PAGE_DOWN, END, HOME, RIGHT = "\t", "\r", "\x1b[B", "\x1b[6~", "\x1b[F", "\x1b[H", "\x1b[C"
NAME = "evil [/x] \x1b[31m \x9b2J \u202e \u2028 \u200b \x7f \r \n"
TEXT = EVERYTHING.replace("\ud800", "")


def as_json(text: str) -> str:
    """JSON with the controls it must escape, and everything else raw."""
    return json.dumps(text, ensure_ascii=False)


EVENT = "{" + ",\n ".join(f"{as_json(key)}: {as_json(TEXT)}" for key in ("a", "b\x1b", "c\u202e")) + "}"


def as_toml(text: str) -> str:
    return '"' + "".join(letter if letter.isalnum() else f"\\U{ord(letter):08X}" for letter in text) + '"'


HANDLER = f"""\
import json
TEXT = json.loads({json.dumps(json.dumps(EVERYTHING))})
def returns(event, context):
    print(TEXT)
    context.getLogger().error(TEXT)
    return {{TEXT: [TEXT, event]}}
def raises(event, context):
    raise type(TEXT.encode("ascii", "ignore").decode() or "E", (Exception,), {{}})(TEXT)
def text(event, context):
    return TEXT
"""


@pytest.fixture
def project(tmp_path: Path, own_home: Path) -> Path:
    """A folder whose every file, name and recording is hostile."""
    folder = tmp_path / NAME.replace("/", "∕")
    folder.mkdir()
    (folder / "evil.py").write_text(HANDLER)
    (folder / f"{NAME.replace('/', '∕')}.json").write_bytes(
        EVENT.encode("utf-8", "surrogatepass").replace(b"\xed\xa0\x80", b"?")
    )
    trigger = own_home / "config" / "events" / "evil"
    trigger.mkdir(parents=True)
    (trigger / "trigger.toml").write_text(f"name = {as_toml(TEXT)}\n")
    (trigger / "default.json").write_text("{}")
    broken = own_home / "config" / "events" / f"broken{NAME.replace('/', '∕')}"
    broken.mkdir()
    store = SessionStore(own_home / "data" / "sessions.db", Redactor())
    exchanges = [
        an_exchange(
            EVENT.encode("utf-8", "surrogatepass"),
            number=number,
            trigger=EVERYTHING,
            body=json.dumps(EVERYTHING, ensure_ascii=False).encode("utf-8", "surrogatepass"),
            logs=EVERYTHING,
            note=EVERYTHING,
        )
        for number in range(1, 40)
    ]
    assert len(list(store.append_many("default", exchanges))) == len(exchanges)
    store.close()
    return folder


def walk(terminal: PseudoTerminal, *keys: str) -> None:
    for key in keys:
        terminal.send(key)
        terminal.settle()


def paste(terminal: PseudoTerminal, text: str) -> None:
    terminal.send(f"\x1b[200~{text}\x1b[201~")
    terminal.settle(0.07)  # the end of a paste is one once nothing follows it


def look_at(terminal: PseudoTerminal, key: str, words: str, *keys: str) -> None:
    """Press ``key``, and once ``words`` are there the others."""
    since = len(terminal.output)
    walk(terminal, key)
    terminal.wait_for(words, since=since)
    walk(terminal, *keys)


def go_to(terminal: PseudoTerminal, key_words: str) -> None:
    """Press F6 until the bottom line offers ``key_words``."""
    for _ in range(6):
        if key_words in (line := bottom_line(terminal)):
            return
        walk(terminal, "\x1b[17~")
        terminal.wait_until(lambda line=line: bottom_line(terminal) != line, "another pane")
    raise AssertionError(f"no pane offers {key_words!r}")


def bottom_line(terminal: PseudoTerminal) -> str:
    text = terminal.text()
    return text[text.rindex("^J send") :].partition("\n")[0]


@pytest.mark.parametrize(
    ("handler", "size"),
    [("returns", (140, 44)), ("raises", (80, 24)), ("text", (60, 20))],
    ids=["wide", "80x24", "narrow"],
)
def test_events_results_logs_errors_and_names_reach_the_terminal_escaped(
    project: Path, handler: str, size: tuple[int, int]
) -> None:
    name = next(path.name for path in project.iterdir() if path.suffix == ".json")
    with PseudoTerminal("--target", f"evil.{handler}", name, folder=project, size=size) as terminal:
        terminal.wait_for("help")
        walk(terminal, PAGE_DOWN, END, RIGHT, "\x14", "\x14")  # the editor, its decoded form and back
        walk(terminal, "\n")
        terminal.wait_for("MB")
        go_to(terminal, "] part")
        walk(terminal, "]", END, HOME, RIGHT, RIGHT, "]", "]", END, "/red", ENTER, "n")
        go_to(terminal, "show")
        walk(terminal, DOWN, ENTER)
        if size[0] < 120:  # where the panes take turns, what was chosen takes the place of the list
            terminal.wait_until(lambda: "] part" in bottom_line(terminal), "the exchange in its pane")
        go_to(terminal, "show")
        walk(terminal, PAGE_DOWN, END, "/contains(", "note, '[')", ENTER)  # in one go it would be a paste
        terminal.wait_for("of 40")
        walk(terminal, "/", "\x15", "event.body.", DOWN, DOWN, ENTER, ESCAPE, ESCAPE)  # keys that are offered
        walk(terminal, "f", "red", DOWN, PAGE_DOWN, ESCAPE)
        walk(terminal, "e", "\x10", ESCAPE, "\x0f", "evil", ESCAPE)
        assert terminal.foreign_controls() == []
        assert "\\e[2J" in terminal.text()
        assert "\\u202e" in terminal.text()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_what_is_made_of_recordings_reaches_the_terminal_escaped(project: Path) -> None:
    with PseudoTerminal("--target", "evil.returns", folder=project, size=(140, 44)) as terminal:
        terminal.wait_for("help")
        go_to(terminal, "show")
        look_at(terminal, "n", "Note of", ESCAPE)
        look_at(terminal, "t", "Tags of", ESCAPE)
        look_at(terminal, "b", "what will leave", "jcfptm" + END, "q")
        look_at(terminal, "s", "Statistics of", "tgo" + DOWN, "/event.body\r", "\t" + PAGE_DOWN, "q")
        look_at(terminal, "R", "at evil.returns?", "y")
        terminal.wait_for("39 different")
        terminal.wait_for("Esc leaves")
        look_at(terminal, ENTER, "→", PAGE_DOWN, "]", ESCAPE)
        look_at(terminal, "f", "Session default-replay · 39 of 39")
        assert terminal.foreign_controls() == []
        assert "\\e[2J" in terminal.text()
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0


def test_what_is_pasted_into_lines_reaches_the_terminal_escaped(project: Path) -> None:
    with PseudoTerminal(folder=project, size=(140, 44)) as terminal:
        terminal.wait_for("help")
        for opening in ("\x10", "\x0f", "\x06"):  # palette, jump, find
            walk(terminal, opening)
            paste(terminal, TEXT)
            walk(terminal, ESCAPE)
        for _ in range(2):  # the triggers' filter, the session's
            walk(terminal, "\x1b[Z", "/")
            paste(terminal, TEXT)
            walk(terminal, ENTER)
        walk(terminal, ESCAPE, ESCAPE, "f")  # the search
        paste(terminal, TEXT)
        walk(terminal, ENTER, ESCAPE)
        assert terminal.foreign_controls() == []
        assert terminal.process.poll() is None


def test_the_test_itself_sees_what_is_foreign(tmp_path: Path) -> None:
    program = "import sys, time; sys.stdout.write('\\x1b[31mown\\x1b[0m \\x9b2J \\u202e \\x07 \\x1bc'); sys.stdout.flush(); time.sleep(9)"
    with PseudoTerminal(folder=tmp_path, program=(sys.executable, "-c", program)) as terminal:
        terminal.wait_for("own")
        terminal.settle()
        assert terminal.foreign_controls() == ["U+0007", "U+009B", "U+202E"]
