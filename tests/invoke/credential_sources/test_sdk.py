"""The official SDK's variables and file of credentials, read as it reads them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from huaweicloudsdkcore.auth.provider import ProfileCredentialProvider

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.kept import secrets_of
from fgtui.invoke.credential_sources.sdk import FileKeys, usual_file, usual_source
from fgtui.invoke.credentials import Keys
from fgtui.words import say

GOOD = "[basic]\nak = FGTUIEXAMPLEAK000001\nsk = hunter2-secret\n"


def now() -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC)


def of_file(file: Path) -> FileKeys:
    return FileKeys(file, now=now, hears=lambda _: None)


def written(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    file = folder / "credentials"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def refused(file: Path) -> str:
    with pytest.raises(ConfigError) as error:
        of_file(file).get()
    raised = error.value
    return say(f"{raised.message} | {raised.hint}", raised.values).replace(f"{file.parent}/", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "no section [basic]", id="empty"),
        pytest.param("[global]\nak = a\nsk = hunter2", "no section [basic]", id="another-section"),
        pytest.param("ak = a\nsk = hunter2", "line 1 is not of the form", id="no-section"),
        pytest.param("[basic]\nak = FGTUI\nsk", "line 3 is not of the form", id="half-written-line"),
        pytest.param("[basic]\nak = FGTUI\n", "no sk in [basic]", id="half-written"),
        pytest.param("[basic]\nsk = hunter2\n", "no ak in [basic]", id="without-ak"),
        pytest.param("[basic]\nak = FGTUI\nsk =\n", "credentials: sk is empty", id="empty-sk"),
        pytest.param("[basic]\nak = FGTUI\nsk = hunter2\nsk = other\n", "line 4 is not of the form", id="twice"),
        pytest.param("[basic]\nak = FGTUI\nsk = %(hunter2\n", "a % of a value is spelled %%", id="percent"),
        pytest.param("[basic]\nak = FGTUI\nsk = hunter2\n  and more\n", "sk is no key or token", id="continued"),
        pytest.param("[basic]\nidp_id = x\nid_token_file = y\n", "identity provider", id="federal"),
        pytest.param(b"[basic]\nak = \xff\n", "not UTF-8 at byte 13", id="binary"),
        pytest.param(b"\x7fELF\0\0\0\0", "line 1 is not of the form", id="a-program"),
        pytest.param("#" * 70_000, "larger than 64 KiB", id="huge"),
        pytest.param("[basic]\nak = 密\nsk = hunter2\n", "ak is no key or token", id="chinese"),
    ],
)
def test_a_file_that_is_not_right_is_named_and_never_quoted(tmp_path: Path, text: str | bytes, words: str) -> None:
    said = refused(written(tmp_path, text))
    assert words in said
    assert said.startswith("credentials: ")
    assert "hunter2" not in said


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "credentials")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "not a regular file" in refused(tmp_path / "folder")
    assert "not a regular file" in refused(tmp_path / "pipe")
    assert "loop: " in refused(tmp_path / "loop")
    assert "no name for a file" in refused(tmp_path / "nul\0")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "Permission denied" in refused(written(tmp_path, GOOD, mode=0o200))


def test_a_file_that_everybody_can_write_is_not_believed(tmp_path: Path) -> None:
    assert refused(written(tmp_path, GOOD, mode=0o666)) == (
        "credentials: everybody can write it; the keys of somebody else could be in it | "
        f"chmod 600 {tmp_path}/credentials, and look whose keys it holds".replace(f"{tmp_path}/", "")
    )


def test_a_file_that_others_can_read_is_read_and_says_so(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD, mode=0o644)
    assert secrets_of(of_file(file).get()) == ["FGTUIEXAMPLEAK000001", "hunter2-secret"]
    assert str(of_file(file).identity) == f"AK FGTU…0001 from {file} (others can read it: chmod 600)"
    file.chmod(0o604)
    assert str(of_file(file).identity) == f"AK FGTU…0001 from {file} (others can read it: chmod 600)"
    file.chmod(0o600)
    assert str(of_file(file).identity) == f"AK FGTU…0001 from {file}"


def test_an_identity_is_told_of_a_file_that_gives_none(tmp_path: Path) -> None:
    assert str(of_file(tmp_path / "none").identity) == f"AK from {tmp_path}/none, which gives none"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "[global]\nak = x\nsk = y\n[basic]\nAK=a\nSK : b=c\nsecurity_token = t==\nproject_id = p\n",
        "; note\n[basic]\r\nak = a\r\nsk = b%%c\r\n",
        "[DEFAULT]\nak = a\n[basic]\nsk = %(ak)s-b\n",
    ],
)
def test_a_file_is_read_as_the_official_provider_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    file = written(tmp_path, text)
    monkeypatch.setenv("HUAWEICLOUD_SDK_CREDENTIALS_FILE", str(file))
    theirs = ProfileCredentialProvider("basic").get_credentials()
    ours = of_file(usual_file(os.environ)).get()
    assert isinstance(ours, Keys)
    assert (ours.access_key, ours.secret_key, ours.security_token) == (theirs.ak, theirs.sk, theirs.security_token)
    assert of_file(file).project() == theirs.project_id


def test_a_file_that_is_renewed_is_read_again_and_otherwise_kept(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    source = of_file(file)
    assert source.get() is source.get()
    file.rename(tmp_path / "before")
    written(tmp_path, GOOD.replace("hunter2-secret", "another-secret-key"))
    assert source.get().secret_key == "another-secret-key"
    file.unlink()
    with pytest.raises(ConfigError):
        source.get()


def usual(environment: dict[str, str]) -> tuple[list[str], str, str | None]:
    source, project = usual_source(environment, now=now, hears=lambda _: None)
    return secrets_of(source.get()), str(source.identity), project


def test_the_sdks_variables_come_first_then_its_file(tmp_path: Path) -> None:
    folder = tmp_path / ".huaweicloud"
    folder.mkdir()
    file = written(folder, GOOD + "project_id = of-the-file\n")
    keys = ["FGTUIEXAMPLEAK000001", "hunter2-secret"]
    home = {"HOME": str(tmp_path)}
    assert usual(home) == (keys, f"AK FGTU…0001 from {file}", "of-the-file")
    variables = {
        "HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000002",
        "HUAWEICLOUD_SDK_SK": "sk",
        "HUAWEICLOUD_SDK_SECURITY_TOKEN": "st",
        "HUAWEICLOUD_SDK_PROJECT_ID": "p",
    }
    assert usual(home | variables) == (
        ["FGTUIEXAMPLEAK000002", "sk", "st"],
        "AK FGTU…0002 (temporary) from HUAWEICLOUD_SDK_AK",
        "p",
    )
    elsewhere = {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": str(written(tmp_path, "[basic]\nak=a\nsk=b"))}
    assert usual(home | elsewhere)[0] == ["a", "b"]


def test_half_of_the_variables_is_not_silently_somebody_else(tmp_path: Path) -> None:
    (tmp_path / ".huaweicloud").mkdir()
    written(tmp_path / ".huaweicloud", GOOD)
    with pytest.raises(ConfigError, match="the call takes HUAWEICLOUD_SDK_SK from the environment"):
        usual({"HOME": str(tmp_path), "HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000001"})


def test_nobody_to_call_as_says_where_keys_could_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        usual({"HOME": str(tmp_path)})
    raised = error.value
    assert say(raised.message, raised.values) == (
        f"nobody to call as: HUAWEICLOUD_SDK_AK is not set, and there is no {tmp_path}/.huaweicloud/credentials"
    )
    assert "export HUAWEICLOUD_SDK_AK=…" in say(raised.hint, raised.values)
    source, _ = usual_source({"HOME": str(tmp_path)}, now=now, hears=lambda _: None)
    assert str(source.identity).startswith("nobody: HUAWEICLOUD_SDK_AK is not set")
