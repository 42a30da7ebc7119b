"""``fgtui event``."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.stage import Stage

SAMPLES = Path(__file__).parents[3] / "samples" / "events"


def test_a_template_is_printed_byte_for_byte(stage: Stage) -> None:
    for template in ("default", "removed"):
        assert (
            stage.run("event", "obs", "--template", template).data
            == (SAMPLES / "obs" / f"{template}.json").read_bytes()
        )


def test_one_place_is_set_and_every_other_byte_stays(stage: Stage) -> None:
    before = (SAMPLES / "obs" / "default.json").read_text()
    after = stage.run("event", "obs", "--set", "Records[0].s3.object.size=52").out
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert changed[0][1].strip().startswith('"size": 52')


def test_set_reaches_through_base64_and_json(stage: Stage) -> None:
    ran = stage.run("event", "lts", "--set", "lts.data.logs[0].message=boom", "--decoded")
    assert '"message": "boom"' in ran.out
    assert (
        stage.run("encode", stdin=ran.data).data
        == stage.run("event", "lts", "--set", "lts.data.logs[0].message=boom").data
    )


def test_values_may_be_files_variables_and_the_environment(stage: Stage) -> None:
    (stage.folder / "body.json").write_text('{"x": 1.10}')
    stage.environment["NAME"] = "Ann"
    ran = stage.run(
        "event", "blank", "--set", "key:=@body.json", "--set", "who={{env:NAME}} {{counter}}", "--set", "id={{uuid}}"
    )
    event = json.loads(ran.out)
    assert '"x": 1.10' in ran.out
    assert event["who"] == "Ann 1"
    assert len(event["id"]) == 36


def test_batch_repeats_the_records_with_distinct_ids(stage: Stage) -> None:
    records = json.loads(stage.run("event", "obs", "--batch", "3").out)["Records"]
    assert len({record["responseElements"]["x-amz-request-id"] for record in records}) == 3


def test_fresh_renews_ids_and_times(stage: Stage) -> None:
    events = [stage.run("event", "obs", "--fresh").data for _ in range(2)]
    assert len({*events, (SAMPLES / "obs" / "default.json").read_bytes()}) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "error: fgtui event: TRIGGER is missing\n", id="no-trigger"),
        pytest.param(("osb",), "did you mean obs?\n", id="trigger"),
        pytest.param(("x\x1b[2J",), "x\\e[2J", id="control-characters"),
        pytest.param(("obs", "--template", "remove"), "did you mean removed?\n", id="template"),
        pytest.param(("obs", "--set", "x"), "has no = sign", id="assignment"),
        pytest.param(("obs", "--set", "Records[0]].x=1"), "error: ", id="path"),
        pytest.param(("obs", "--set", "Records[99].x=1"), "error: ", id="index"),
        pytest.param(("obs", "--set", "Records.x=1"), "error: ", id="member-of-a-list"),
        pytest.param(("obs", "--set", "a:={"), "is not JSON", id="not-json"),
        pytest.param(("obs", "--set", "a=@missing.json"), "error: there is no file missing.json\n", id="file"),
        pytest.param(("obs", "--set", "a={{env:NOT_SET_AT_ALL}}"), "has no variable NOT_SET_AT_ALL", id="variable"),
        pytest.param(("obs", "--set", "a={{x}}"), "is no template value", id="template-value"),
        pytest.param(("obs", "--set", "a=\udcff"), "--set is not UTF-8", id="bytes"),
        pytest.param(("obs", "-o", ""), "-o names no file: it is empty", id="output-not-set"),
        pytest.param(("obs", "--batch", "0"), "--batch is a whole number from 1 to 10,000", id="batch"),
        pytest.param(("blank", "--batch", "2"), "error: ", id="nothing-to-repeat"),
    ],
)
def test_what_is_wrong_is_a_2_and_nothing_is_printed(stage: Stage, words: tuple[str, ...], said: str) -> None:
    ran = stage.run("event", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert len(ran.said.splitlines()) <= 2


def test_a_terminal_gets_json_that_moves_nothing(stage: Stage) -> None:
    ran = stage.run("event", "blank", "--set", "key=\x9b2J\u202e", terminal=True)
    assert json.loads(ran.out)["key"] == "\x9b2J\u202e"
    assert "\x9b" not in ran.out
    assert "\u202e" not in ran.out


# -o FILE


def names(stage: Stage) -> list[str]:
    return sorted(path.name for path in stage.folder.iterdir())


def test_output_goes_to_a_new_file_whole(stage: Stage) -> None:
    ran = stage.run("event", "obs", "-o", "e.json")
    assert (ran.code, ran.data) == (0, b"")
    assert (stage.folder / "e.json").read_bytes() == (SAMPLES / "obs" / "default.json").read_bytes()
    assert names(stage) == ["e.json"]


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_output_is_on_the_disk_before_it_takes_its_place(
    stage: Stage, force: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, bool]] = []

    def noted(descriptor: int) -> None:
        synced.append((os.fstat(descriptor).st_ino, (stage.folder / "e.json").exists()))

    monkeypatch.setattr(os, "fsync", noted)
    stage.run("event", "obs", "-o", "e.json", *force)
    assert synced[0] == ((stage.folder / "e.json").stat().st_ino, False)


def test_an_existing_file_is_left_alone_unless_forced(stage: Stage) -> None:
    (stage.folder / "e.json").write_text("mine")
    ran = stage.run("event", "obs", "-o", "e.json")
    assert ran.code == 2
    assert ran.said == "error: e.json exists; nothing was written\n  --force replaces it\n"
    assert (stage.folder / "e.json").read_text() == "mine"
    assert stage.run("event", "obs", "-o", "e.json", "--force").code == 0
    assert (stage.folder / "e.json").read_text() != "mine"


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize("kind", ["link", "dangling-link", "folder", "fifo", "no-folder", "nul", "too-long"])
def test_nothing_is_written_through_a_link_or_into_the_blue(stage: Stage, kind: str, force: tuple[str, ...]) -> None:
    target, name = stage.folder / "target", "e.json"
    match kind:
        case "link":
            target.write_text("theirs")
            (stage.folder / name).symlink_to(target)
        case "dangling-link":
            (stage.folder / name).symlink_to(target)
        case "folder":
            (stage.folder / name).mkdir()
        case "fifo":
            os.mkfifo(stage.folder / name)
        case "no-folder":
            name = "missing/e.json"
        case "nul":
            name = "a\0b"
        case _:
            name = "x" * 5000
    before = names(stage)
    ran = stage.run("event", "obs", "-o", name, *force)
    assert ran.code == 2
    assert len(ran.said.splitlines()) <= 2
    assert names(stage) == before
    assert not target.exists() or target.read_text() == "theirs"


def test_a_new_file_has_the_permissions_a_shell_would_give_it(stage: Stage) -> None:
    stage.run("event", "obs", "-o", "e.json")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((stage.folder / "e.json").stat().st_mode) == 0o666 & ~mask
