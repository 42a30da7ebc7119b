"""Places that a log names are found whatever it holds, and opened as data: one absolute path, no shell, no option."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.terminal.editor import Place, editor_command, find_places, innermost, is_own, locate, pager_command

NAMED = [
    ('  File "/x/index.py", line 12, in handler', "/x/index.py", 12, None),
    ('File "./index.py", line 5', "./index.py", 5, None),
    (r'    "File \"./index.py\", line 5, in handler",', "./index.py", 5, None),
    ("invalid syntax (index.py, line 5)", "index.py", 5, None),
    ("at handler (./index.js:17:11)", "./index.js", 17, 11),
    ("    at /abs/x.js:3:7", "/abs/x.js", 3, 7),
    ("    at f (/with a blank/x.js:3:7)", "/with a blank/x.js", 3, 7),
    ("at async file:///a%20b/x.mjs:3:7", "file:///a%20b/x.mjs", 3, 7),
    ("Unexpected token '=' (./syn.js:2)", "./syn.js", 2, None),
    ("./bootstrap: line 3: foo: command not found", "./bootstrap", 3, None),
    ("src/index.py:12:7: F401 unused", "src/index.py", 12, 7),
    ("Main.java:5: error: ';' expected", "Main.java", 5, None),
    ("   in /src/Function.cs:line 12", "/src/Function.cs", 12, None),
    ("\t/go/main.go:12 +0x1d", "/go/main.go", 12, None),
    ('File "/etc/passwd; rm", line 1', "/etc/passwd; rm", 1, None),
    ("./-rf.py:3", "./-rf.py", 3, None),
]


@pytest.mark.parametrize(("line", "path", "number", "column"), NAMED, ids=[line.strip() for line, *_ in NAMED])
def test_a_place_is_found_as_its_runtime_spells_it(line: str, path: str, number: int, column: int | None) -> None:
    (place,) = find_places(line)
    assert (place.path, place.line, place.column) == (path, number, column)
    assert line[place.start : place.end].startswith(path)
    assert line[place.start : place.end].endswith(str(column or number))


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("at com.x.Main.handle(Main.java:12)", "com/x"),
        ("at com.x.Main$Inner.lambda$handle$0(Main.java:12)", "com/x"),
        ("at java.base/java.util.ArrayList.get(ArrayList.java:427)", "java/util"),
        ("\tat app//com.x.Main.<init>(Main.kt:3)", "com/x"),
        ("at Main.handle(Main.java:12)", ""),
    ],
)
def test_a_java_frame_knows_the_folders_of_its_package(line: str, package: str) -> None:
    assert [place.package for place in find_places(line)] == [package]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "10:13:22Z INFO the order is paid",
        "2026-03-17T10:13:22Z Start invoke request 'x', version: latest",
        "http://127.0.0.1:8000/invoke https://h.com:443/a.js:3:4",
        "10.0.0.1:80 redis.io:6379 localhost:8000",
        '{"number": 12, "at": "09:46:01"}',
        "at Module._compile (node:internal/modules/cjs/loader:1554:14)",
        'File "<frozen importlib._bootstrap>", line 241, in x',
        '  File "<string>", line 1, in <module>',
        "at new Promise (<anonymous>)",
        "index.py:0",
        "(at most, line 3)",
        "-rf:3",
    ],
)  # fmt: skip
def test_what_is_no_file_is_no_place(line: str) -> None:
    assert find_places(line) == ()


HOSTILE_LINES = [
    'File "', "(", "(/", "a.", "a:", "(/a:1", "/", 'File "x', "(/:1:1:1:1", "(M.java:1)", "file:/", "x,", "1",
    "(a, line 1", "at a.a.a(", "\u202e\x1b[31m:1 ", "((/a.js:1:1)",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE_LINES)
def test_a_line_of_a_megabyte_takes_no_longer_than_its_length(piece: str) -> None:
    """A quadratic search would not come back within the life of the suite."""
    line = piece * (1_000_000 // len(piece)) + "1"
    for place in find_places(line):
        assert 0 <= place.start < place.end <= len(line)


PIECES = [*'File ",line(0123):/.\\<>$ aé\x1b\u202e\n', "index.py", "(./", 'File "']


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_places_of_any_line_lie_in_it_from_left_to_right(line: str) -> None:
    end = 0
    for place in find_places(line):
        assert end <= place.start < place.end <= len(line)
        assert place.line >= 1
        assert line[place.start :].startswith(place.path)
        end = place.end


# ── where it is ─────────────────────────────────────────────────────────────────────────────────────────────────────


def a_file(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("one\n")
    return file


def place_of(line: str) -> Place:
    (place,) = find_places(line)
    return place


@pytest.mark.parametrize(
    "line",
    [
        'File "./src/index.py", line 1',
        'File "/opt/function/code/src/index.py", line 1',
        "at handler (src/index.py:1:1)",
        "src/index.py:1",
    ],
)
def test_the_dot_and_the_cloud_s_folder_are_the_code_root(tmp_path: Path, line: str) -> None:
    file = a_file(tmp_path / "src" / "index.py")
    assert locate(place_of(line), tmp_path) == file


def test_a_url_is_a_path_with_its_escapes_undone(tmp_path: Path) -> None:
    file = a_file(tmp_path / "a b" / "x.mjs")
    url = f"{tmp_path.as_uri()}/a%20b/x.mjs"
    assert locate(place_of(f"at {url}:1:1"), tmp_path / "elsewhere") == file


@pytest.mark.parametrize("folder", ["src/main/java", "src", "base", ""])
@pytest.mark.parametrize("root", ["", "target/classes"])
def test_a_java_source_is_looked_for_where_projects_keep_it(tmp_path: Path, folder: str, root: str) -> None:
    source = a_file(tmp_path / folder / "com" / "x" / "Main.java")
    (tmp_path / root).mkdir(parents=True, exist_ok=True)
    place = place_of("at com.x.Main.handle(Main.java:12)")
    assert locate(place, tmp_path / root) == source
    assert is_own(place, tmp_path / root)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('File "./gone.py", line 1', "there is no file ./gone.py here"),
        ('File "/opt/function/code/gone.py", line 1', "is in the cloud, and there is no such file in"),
        ("at com.x.Gone.handle(Gone.java:1)", "there is no source of com/x/Gone.java at or above"),
        ('File "/etc/passwd; rm", line 1', "there is no file /etc/passwd; rm here"),
        ('File "/dev/null", line 1', "/dev/null is no regular file"),
        ('File "a\x00b.py", line 1', "there is no file"),
        ('File "\ud800.py", line 1', "there is no file"),
        (f'File "/{"x" * 4000}", line 1', "there is no file"),
    ],
)
def test_what_cannot_be_opened_is_said(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        locate(place_of(line), tmp_path)
    assert words in str(raised.value)
    assert not is_own(place_of(line), tmp_path)


def test_a_fifo_that_would_block_an_editor_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(UsageError, match="no regular file"):
        locate(place_of("./pipe.py:1"), tmp_path)


def test_the_innermost_frame_of_the_own_code_is_where_it_happened(tmp_path: Path) -> None:
    for name in ("index.py", "deep.py", "site-packages/lib.py", "index.js", "deep.js"):
        a_file(tmp_path / name)
    python = [place_of(f'File "{tmp_path}/{name}", line 1') for name in ("index.py", "deep.py", "site-packages/lib.py")]
    node = [place_of(f"at f ({tmp_path}/{name}:1:1)") for name in ("gone.js", "deep.js", "index.js")]
    for frames, name in ((python, "deep.py"), (node, "deep.js")):
        found = innermost(frames, [is_own(each, tmp_path) for each in frames])
        assert found is not None
        assert found.path.endswith(name)
    assert innermost(node, [False] * 3) is node[0]
    assert innermost([], []) is None


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with programs that do nothing."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


def a_program(folder: Path, name: str) -> Path:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


FILE = Path("/x/-rf index.py")

COMMANDS = [
    ("vim", ["+12", str(FILE)]),
    ("nvim", ["+12", str(FILE)]),
    ("vim.tiny", ["+12", str(FILE)]),
    ("nano", ["+12,7", str(FILE)]),
    ("emacs-29.1", ["+12:7", str(FILE)]),
    ("micro", ["+12:7", str(FILE)]),
    ("kak", ["+12:7", str(FILE)]),
    ("code", ["--goto", f"{FILE}:12:7"]),
    ("code-insiders", ["--goto", f"{FILE}:12:7"]),
    ("codium", ["--goto", f"{FILE}:12:7"]),
    ("subl", [f"{FILE}:12:7"]),
    ("zed", [f"{FILE}:12:7"]),
    ("hx", [f"{FILE}:12:7"]),
    ("pycharm", ["--line", "12", str(FILE)]),
    ("nobody-knows-it", [str(FILE)]),
]


@pytest.mark.parametrize(("name", "arguments"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_each_editor_gets_the_line_its_own_way(programs: Path, name: str, arguments: list[str]) -> None:
    program = a_program(programs, name)
    command = editor_command(FILE, 12, 7, {"EDITOR": name, "PATH": str(programs)})
    assert command.words == (str(program), *arguments)


def test_without_a_column_none_is_named(programs: Path) -> None:
    a_program(programs, "code")
    assert editor_command(FILE, 12, None, {"EDITOR": "code", "PATH": str(programs)}).words[-1] == f"{FILE}:12"


@pytest.mark.parametrize(
    ("name", "is_graphical"),
    [("code", True), ("subl", True), ("gvim", True), ("vim", False), ("hx", False), ("x", False)],
)
def test_an_editor_with_a_window_leaves_the_terminal_alone(programs: Path, name: str, is_graphical: bool) -> None:
    a_program(programs, name)
    assert editor_command(FILE, 1, None, {"EDITOR": name, "PATH": str(programs)}).is_graphical is is_graphical


def test_visual_comes_before_editor_and_is_split_as_a_shell_would(programs: Path) -> None:
    program = a_program(programs, "my editor")
    environment = {"VISUAL": f"'{program}' -c 'set nu' '$(id)'", "EDITOR": "nano", "PATH": str(programs)}
    assert editor_command(FILE, 3, None, environment).words == (str(program), "-c", "set nu", "$(id)", str(FILE))


@pytest.mark.parametrize(
    ("there", "chosen"), [(["vi", "nano", "vim"], "vim"), (["vi", "nano"], "nano"), (["vi"], "vi")]
)
def test_with_none_named_one_is_found(programs: Path, there: list[str], chosen: str) -> None:
    for name in there:
        a_program(programs, name)
    command = editor_command(FILE, 3, None, {"EDITOR": "  ", "PATH": str(programs)})
    assert command.name == chosen


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "no editor was found"),
        ({"EDITOR": "nosuch -x"}, "the editor nosuch was not found"),
        ({"VISUAL": "vim 'x"}, "VISUAL is no command, since a quote is never closed: vim 'x"),
        ({"EDITOR": "/dev/null"}, "the editor /dev/null was not found"),
    ],
)
def test_no_editor_is_said_with_its_reason(programs: Path, environment: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError) as raised:
        editor_command(FILE, 1, None, {"PATH": str(programs), **environment})
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("code", ["--wait"]),
        ("code-insiders --new-window", ["--new-window", "--wait"]),
        ("code --wait", ["--wait"]),
        ("subl -w", ["-w"]),
        ("kate", ["--block"]),
        ("gvim -f", ["-f"]),
        ("vim", []),
        ("emacsclient -t", ["-t"]),
    ],
)
def test_an_editor_with_a_window_is_told_to_wait_once(tmp_path: Path, command: str, option: list[str]) -> None:
    program = tmp_path / command.split(maxsplit=1)[0]
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    environment = {"VISUAL": command, "PATH": str(tmp_path)}
    words = editor_command(Path("/x.json"), 3, environment=environment, waits=True).words
    assert list(words[1 : 1 + len(option)]) == option
    assert [word for word in words if word in {"--wait", "-w", "--block", "-f"}] == [
        word for word in option if word not in {"--new-window", "-t"}
    ]


def test_what_pages_is_what_the_environment_names_or_one_that_is_found(tmp_path: Path) -> None:
    for name in ("most", "more"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": str(tmp_path)}
    assert pager_command(Path("/x"), {"PAGER": "most -s", **path}).words[1:] == ("-s", "/x")
    assert pager_command(Path("/x"), path).name == "more"
    with pytest.raises(UsageError, match="nobody was not found"):
        pager_command(Path("/x"), {"PAGER": "nobody", **path})
    with pytest.raises(UsageError, match="never closed"):
        pager_command(Path("/x"), {"PAGER": "'less", **path})
    with pytest.raises(UsageError, match="no pager"):
        pager_command(Path("/x"), {"PATH": str(tmp_path / "empty")})
