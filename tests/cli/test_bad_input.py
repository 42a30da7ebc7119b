"""Whatever is named where an event is read: exit code 2, one or two lines with the place, nothing on stdout."""

from __future__ import annotations

import os

import pytest

from tests.cli.stage import Stage

VERBS = {
    "decode": ("decode", "{}"),
    "encode": ("encode", "{}"),
    "format": ("format", "{}"),
    "strict": ("format", "--strict", "{}"),
    "validate": ("validate", "{}"),
    "wrap": ("wrap", "smn", "{}"),
    "unwrap": ("unwrap", "{}"),
    "query": ("query", "{}", "@"),
    "send": ("send", "{}", "--target", "index.handler"),
    "set": ("event", "blank", "--set", "key=@{}"),
}
NAMES = {
    "./missing.json": "there is no file ./missing.json",
    "./folder.json": "./folder.json is a folder, not a file",
    "./a\x1b[2Jb.json": "./a\\e[2Jb.json",
    "./a\nb.json": "./a\\nb.json",
    "./a\0b.json": "cannot be read",
    "./" + "x" * 300 + ".json": "File name too long",
    "./locked.json": "Permission denied",
    "./huge.json": "larger than 64 MiB",
    "./binary.json": "./binary.json",
    "./pipe.json": "./pipe.json is no regular file",
    "/dev/zero": "/dev/zero is no regular file",
}
CONTENTS = {
    b"": "x.json:1:1: ",
    b" \n ": "x.json:",
    b"nonsense": "x.json:1:1: ",
    b'{"a": 1': "x.json:1:",
    b'{"a": NaN}': "x.json:1:7: ",
    b'{"a": 1} {"b": 2}': "x.json:1:10: ",
    b"[" * 2000: "x.json:1:",
    b'{"a": "\xff"}': "x.json",
    b"\xff\xfe{\x00": "x.json",
}


@pytest.fixture
def place(stage: Stage) -> Stage:
    (stage.folder / "index.py").write_text("def handler(event, context): return 1\n")
    (stage.folder / "folder.json").mkdir()
    os.mkfifo(stage.folder / "pipe.json")
    (stage.folder / "locked.json").write_text("{}")
    (stage.folder / "locked.json").chmod(0)
    (stage.folder / "binary.json").write_bytes(bytes(range(128, 256)))
    with (stage.folder / "huge.json").open("wb") as huge:
        huge.truncate((64 << 20) + 1)
    return stage


def run(stage: Stage, verb: str, name: str) -> tuple[int, bytes, str]:
    ran = stage.run(*(word.replace("{}", name) for word in VERBS[verb]))
    return ran.code, ran.data, ran.said


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_that_cannot_be_read_is_named(place: Stage, verb: str) -> None:
    for name, said in NAMES.items():
        if name == "./locked.json" and os.geteuid() == 0:
            continue  # root may read everything
        code, data, heard = run(place, verb, name)
        assert (code, data) == (2, b""), name
        assert said in heard
        assert len(heard.splitlines()) <= 2, heard
        assert not set("\x1b\0") & set(heard)


def test_a_pipe_that_a_shell_opened_is_read_to_its_end(place: Stage) -> None:
    for verb in ("format", "set"):
        reading, writing = os.pipe()
        os.write(writing, b'{"a": 1.0}')
        os.close(writing)
        code, data, heard = run(place, verb, f"/dev/fd/{reading}")
        os.close(reading)
        assert (code, heard) == (0, ""), heard
        assert b"1.0" in data


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("validate", "set")])
def test_text_that_is_no_event_names_the_place(place: Stage, verb: str) -> None:
    for content, said in CONTENTS.items():
        (place.folder / "x.json").write_bytes(content)
        code, data, heard = run(place, verb, "x.json")
        assert (code, data) == (2, b""), content[:20]
        assert said in heard, content[:20]


def test_validate_prints_the_problems_of_such_text(place: Stage) -> None:
    for content, said in CONTENTS.items():
        (place.folder / "x.json").write_bytes(content)
        code, data, heard = run(place, "validate", "x.json")
        assert code == 2, content[:20]
        assert said in data.decode() + heard


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "unwrap"])
def test_a_pipe_from_another_program_is_a_file_too(stage: Stage, verb: str) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'{"key": 1}')
    os.close(writing)
    (stage.folder / "index.py").write_text("def handler(event, context): return 1\n")
    code, _, heard = run(stage, verb, f"/dev/fd/{reading}")
    os.close(reading)
    assert code == 0, heard
