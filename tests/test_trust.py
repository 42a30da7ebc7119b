"""Consent: asked once per content, kept for one folder, and a file that cannot be read is no yes."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui.errors import ConsentError, StoreError
from fgtui.trust import Consents, as_lines, fingerprint
from fgtui.words import say

CLAIMS = (("targets.a.environment.TOKEN", "${env:T}"), ("targets.a.handler", "src/index.handler"))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def consents(tmp_path: Path) -> Consents:
    return Consents({"FGTUI_HOME": str(tmp_path / "home")})


def test_nobody_has_agreed_at_first(consents: Consents, tmp_path: Path) -> None:
    with pytest.raises(ConsentError) as error:
        consents.require(tmp_path, CLAIMS)
    assert say(error.value.message, error.value.values).startswith(f"{tmp_path}/fgtui.toml names programs")
    assert "--trust-project" in say(error.value.hint, error.value.values)


def test_a_file_that_names_nothing_needs_no_yes(consents: Consents, tmp_path: Path) -> None:
    consents.require(tmp_path, ())


def test_a_yes_is_kept_privately_and_outside_the_project(consents: Consents, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    consents.give(project, CLAIMS, now=NOW)
    consents.require(project, CLAIMS)
    assert list(project.iterdir()) == []
    (file,) = (tmp_path / "home" / "data" / "trust").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "src/index.handler" not in file.read_text()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param((CLAIMS[0], ("targets.a.handler", "src/other.handler")), id="another-program"),
        pytest.param((("targets.a.environment.TOKEN", "${env:HOME}"), CLAIMS[1]), id="another-variable"),
        pytest.param((*CLAIMS, ("targets.b.handler", "x.y")), id="one-more"),
        pytest.param(CLAIMS[:1], id="one-less"),
        pytest.param((("targets.a.environment", "TOKEN"), CLAIMS[1]), id="moved"),
    ],
)
def test_changed_content_asks_again(consents: Consents, tmp_path: Path, changed: tuple[tuple[str, str], ...]) -> None:
    consents.give(tmp_path, CLAIMS, now=NOW)
    assert not consents.given(tmp_path, changed)


def test_a_yes_for_one_folder_is_none_for_another(consents: Consents, tmp_path: Path) -> None:
    consents.give(tmp_path / "a", CLAIMS, now=NOW)
    assert not consents.given(tmp_path / "b", CLAIMS)


def test_a_link_to_the_folder_is_the_folder(consents: Consents, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    consents.give(tmp_path / "link", CLAIMS, now=NOW)
    assert consents.given(tmp_path / "real", CLAIMS)


def test_the_order_of_keys_does_not_matter_to_the_fingerprint() -> None:
    assert fingerprint(CLAIMS) == fingerprint(CLAIMS[::-1])


def test_what_is_agreed_to_is_read_whole_and_cannot_pretend_to_be_more_lines() -> None:
    value = "x" * 5000 + "\n" + "targets.a.python = python3" + "\x1b[2K\u202e"
    assert as_lines([("targets.a.handler", value)]) == [
        "targets.a.handler = " + "x" * 5000 + "\\ntargets.a.python = python3\\e[2K\\u202e"
    ]


def test_the_environment_can_say_yes_to_exactly_this_content(tmp_path: Path) -> None:
    consents = Consents({"FGTUI_HOME": str(tmp_path), "FGTUI_TRUST": fingerprint(CLAIMS)})
    assert consents.given(tmp_path, CLAIMS)
    assert not consents.given(tmp_path, CLAIMS[:1])
    with pytest.raises(ConsentError) as refused:
        consents.require(tmp_path, CLAIMS[:1])
    assert "FGTUI_TRUST is the hash of something else" in refused.value.hint


def test_whoever_agreed_before_hears_that_it_has_changed(consents: Consents, tmp_path: Path) -> None:
    consents.give(tmp_path, CLAIMS, now=NOW)
    with pytest.raises(ConsentError) as refused:
        consents.require(tmp_path, CLAIMS[:1])
    assert refused.value.hint.startswith("it has changed since somebody agreed; read them with")


def test_a_yes_can_be_taken_back(consents: Consents, tmp_path: Path) -> None:
    consents.give(tmp_path, CLAIMS, now=NOW)
    assert consents.revoke(tmp_path)
    assert not consents.given(tmp_path, CLAIMS)
    assert not consents.revoke(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\x00", id="binary"),
        pytest.param(b"[1]", id="no-object"),
        pytest.param(b"{}", id="nothing-in-it"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(json.dumps({"format": 2, "project": "", "hash": ""}).encode(), id="newer"),
    ],
)
def test_a_damaged_yes_is_no_yes(consents: Consents, tmp_path: Path, content: bytes) -> None:
    consents.give(tmp_path, CLAIMS, now=NOW)
    (file,) = (tmp_path / "home" / "data" / "trust").iterdir()
    file.write_bytes(content)
    assert not consents.given(tmp_path, CLAIMS)


def test_a_yes_copied_from_another_project_is_none(consents: Consents, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    consents.give(tmp_path / "a", CLAIMS, now=NOW)
    (file,) = (tmp_path / "home" / "data" / "trust").iterdir()
    content = file.read_bytes()
    consents.give(tmp_path / "b", CLAIMS[:1], now=NOW)
    for each in file.parent.iterdir():
        each.write_bytes(content)
    assert not consents.given(tmp_path / "b", CLAIMS)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="could not be kept"):
        Consents({"FGTUI_HOME": str(tmp_path / "home")}).give(tmp_path, CLAIMS, now=NOW)


def test_an_address_that_looks_like_another_says_where_it_leads() -> None:
    (line,) = as_lines([("profiles.a.endpoint", "https://functiongraph.cn-north-4.myhuaweicl\u043eud.com")])
    assert line.endswith(".myhuaweicl\u043eud.com (its host is functiongraph.cn-north-4.xn--myhuaweiclud-egk.com)")
    assert as_lines([("profiles.a.endpoint", "https://${env:\u043e}/")]) == [
        "profiles.a.endpoint = https://${env:\u043e}/"
    ]
