"""What is pasted into a shell is what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fgtui.sessions.export.shell_words import (
    LONGEST_ARGUMENT,
    fits_argument,
    here_document,
    printed,
    quoted,
    variable,
    word,
)
from fgtui.terminal.display import is_displayable
from tests.sessions.shells import SHELLS, run_in

HOSTILE = [
    "'", '"', "\\", "\n", "\r", "\t", "%", "%s", "%%", "!", "!!", "$HOME", "$(id)", "`id`", "${x}", "#", ";", "&", "|",
    "<", ">", "*", "?", "[a]", "{a,b}", "~", "=ls", "^", "@", "-n", "--", " ", "\x00", "\x1b[201~", "\x7f", "\u202e",
    "\udcff", "é", "中文", "\U0001f600", "EOF", "\nEOF\n", "\\n", "\\0", "\\c", "%b", "x",
]  # fmt: skip
texts = st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join)
contents = texts.map(lambda text: text.encode("utf-8", "surrogateescape")) | st.binary(max_size=40)
BETWEEN = b"\x00--between--\x00"
several = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("shell", SHELLS)
@several
@given(st.lists(contents, min_size=1, max_size=12))
@example(
    [
        b"%\n",
        b"",
        b"\n",
        b"@x",
        b"-n",
        b"-n\x00",
        b"\xff\x00",
        b"'" * 5,
        b"a\tb\r\n",
        "\u202e".encode(),
        bytes(range(256)),
    ]
)
def test_bytes_are_printed_exactly(shell: tuple[str, ...], tmp_path: Path, parts: list[bytes]) -> None:
    between = "printf '\\000--between--\\000'\n"
    ran = run_in(shell, "".join(f"{printed(part)}\n{between}" for part in parts), tmp_path)
    assert ran.stderr == b""
    assert ran.stdout.split(BETWEEN)[:-1] == parts


@pytest.mark.parametrize("shell", SHELLS)
@several
@given(st.lists(texts.filter(fits_argument), min_size=1, max_size=12))
def test_words_arrive_as_they_are(shell: tuple[str, ...], tmp_path: Path, words: list[str]) -> None:
    ran = run_in(shell, f"printf '%s\\000' {' '.join(map(word, words))}\n", tmp_path)
    assert ran.stdout.decode("utf-8", "surrogateescape").split("\x00")[:-1] == words


@pytest.mark.parametrize("shell", SHELLS)
def test_a_megabyte_needs_no_argument_of_a_program(shell: tuple[str, ...], tmp_path: Path) -> None:
    for content in (b"it's 100%\n" * 100_000, b"\x00\xff" * 500_000):
        ran = run_in(shell, f"{printed(content)} | cat\n", tmp_path)
        assert ran.stdout == content


@pytest.mark.parametrize("shell", SHELLS)
def test_a_here_document_is_exact_and_ends_where_no_line_of_it_does(shell: tuple[str, ...], tmp_path: Path) -> None:
    text = "$HOME `id` \\ ' \"\nEOF\nEOFF\n!! é\n\n"
    command = here_document("cat", text)
    assert command is not None
    assert command.startswith("cat <<'EOFFF'\n")
    assert run_in(shell, command + "\n", tmp_path).stdout == text.encode()


@pytest.mark.parametrize("text", ["no line end", "a\tb\n", "\x1b[201~id\n", "\udcff\n", "\u202e\n", ""])
def test_what_a_here_document_cannot_hold_is_no_here_document(text: str) -> None:
    assert here_document("cat", text) is None


@given(contents)
def test_nothing_that_is_pasted_acts_on_a_terminal(content: bytes) -> None:
    command = printed(content)
    assert is_displayable(command)
    assert "\t" not in command


@pytest.mark.parametrize("shell", SHELLS)
def test_a_variable_takes_a_placeholder_s_place_or_the_command_refuses(shell: tuple[str, ...], tmp_path: Path) -> None:
    holes = {"<redacted:0123456789ab>": "TOKEN"}
    value = "a'b\"$(id) %s\\n"
    for text in ("x<redacted:0123456789ab>y%", "\t<redacted:0123456789ab>\x00'<redacted:0123456789ab>"):
        command = printed(text.encode(), holes) + "\n"
        wanted = text.replace("<redacted:0123456789ab>", value).encode()
        assert run_in(shell, command, tmp_path, {"TOKEN": value}).stdout == wanted
        refused = run_in(shell, command, tmp_path)
        assert (refused.stdout, refused.returncode != 0) == (b"", True)
        assert b"TOKEN" in refused.stderr
    assert quoted("", holes) == "''"


def test_a_placeholder_is_found_wherever_a_long_text_is_cut(tmp_path: Path) -> None:
    holes = {"<redacted:0123456789ab>": "TOKEN"}
    for before in range(49_970, 50_005):
        text = "x" * before + "<redacted:0123456789ab>" + "y" * 60_000
        assert printed(text.encode(), holes).count("TOKEN") == 1
    ran = run_in(("sh",), printed(text.encode(), holes), tmp_path, {"TOKEN": "z"})
    assert ran.stdout.decode() == text.replace("<redacted:0123456789ab>", "z")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_variable_says_what_it_is_for(shell: tuple[str, ...], tmp_path: Path) -> None:
    ran = run_in(shell, f"echo {variable('FGTUI_URL', 'where it is, such as http://x')}\n", tmp_path)
    assert b"where it is, such as http://x" in ran.stderr
    assert ran.stdout == b""


def test_words_are_quoted_only_where_they_have_to_be() -> None:
    plain = ["src/index.handler", "a=b", "x:1", "user@host", "50%"]
    assert [word(each) for each in plain] == plain
    assert [word(each) for each in ("", "a b", "~x", "=ls", "-n", "it's")] == [
        "''", "'a b'", "'~x'", "'=ls'", "'-n'", "'it'\\''s'",
    ]  # fmt: skip
    assert not fits_argument("x" * (LONGEST_ARGUMENT + 1))
