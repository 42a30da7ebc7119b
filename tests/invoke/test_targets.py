"""What a target is made of: its kind, by how it is spelled, its limits and its settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import TargetError
from fgtui.invoke.model import HttpTarget
from fgtui.invoke.targets import parse_local
from tests.invoke.spelled import refused, target

HANDLER = "def handler(event, context):\n    return event\n"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "index.py").write_text(HANDLER)
    (tmp_path / "main.js").write_text("exports.handler = async (event, context) => event;\n")
    (tmp_path / "bootstrap").write_text("#!/bin/sh\n")
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("a\nb.handler", "a target is one line of text, not 'a\\nb.handler'"),
        ("a\0.handler", "a target is one line of text"),
        ("urn:fss:cn-north-4:0:function:default:demo:latest", "is a deployed function, and no handler on this machine"),
        ("A::B.C::D", "A::B.C::D is a C# handler, which is not started here · it runs all the same as a custom runtime"),
        ("gone/bootstrap", "there is no gone/bootstrap"),
        ("https://ann:secret@example.com", "https://…@example.com has more than a server takes"),
        ("indx.handler", "did you mean index.handler?"),
    ],
)  # fmt: skip
def test_what_is_no_target_is_refused_in_words(code: Path, spec: str, words: str) -> None:
    assert words in refused(spec, code)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"timeout_s": 0}, "a timeout of 0 s is not possible"),
        ({"timeout_s": -1.5}, "a timeout of -1.5 s"),
        ({"timeout_s": float("nan")}, "a timeout of nan s"),
        ({"timeout_s": float("inf")}, "a timeout of inf s"),
        ({"timeout_s": 259_201}, "more than 0 and at most 259200 s"),
        ({"memory_mb": 0}, "a memory setting of 0 MB"),
        ({"memory_mb": 1.5}, "a memory setting of 1.5 MB"),
        ({"environment": {"A=B": "x"}}, "'A=B' cannot be a variable"),
        ({"environment": {"": "x"}}, "'' cannot be a variable"),
        ({"environment": {"A": "x\0"}}, "'A' cannot be a variable"),
        ({"runtime": "Go1.x"}, "Go handlers are not started by themselves here"),
        ({"runtime": "pyton"}, "there is no runtime 'pyton' · did you mean python?"),
    ],
)
def test_settings_that_mean_nothing_are_refused(code: Path, setting: dict[str, Any], words: str) -> None:
    assert words in refused("index.handler", code, **setting)


@pytest.mark.parametrize(
    ("spec", "family", "limits"),
    [
        ("index.handler", "python", (3.0, 128)),
        ("main.handler", "node", (3.0, 128)),
        ("bootstrap", "custom", (3.0, 128)),
        ("http://127.0.0.1:8000/invoke", "container", (3.0, 128)),
    ],
)
def test_limits_are_those_of_a_new_function(code: Path, spec: str, family: str, limits: tuple[float, int]) -> None:
    found = target(spec, code)
    assert found.family == family
    assert (found.timeout_s, found.memory_mb) == limits


def test_settings_are_the_targets_and_none_means_what_is_usual(code: Path) -> None:
    found = target(
        "index.handler",
        code,
        runtime="Python3.10",
        timeout_s=7,
        memory_mb=None,
        environment={"A": "1"},
        python="venv/bin/python",
        node="/nowhere/node",
        initializer="index.setup",
        pre_stop="index.stop",
        strict_context=True,
        name="thumbnail",
        debug_port=5678,
    )
    assert (found.runtime, found.timeout_s, found.memory_mb) == ("Python3.10", 7, 128)
    assert found.environment == (("A", "1"),)
    assert found.program == code / "venv/bin/python"
    assert (found.initializer, found.pre_stop) == ("index.setup", "index.stop")
    assert (found.strict_context, found.name, found.debug_port) == (True, "thumbnail", 5678)


@pytest.mark.parametrize(
    ("spec", "runtime", "start"), [("index.handler", "python", "index."), ("com.Main.handle", "java", "com.Main.")]
)
def test_a_pre_stop_handler_may_have_128_characters(code: Path, spec: str, runtime: str, start: str) -> None:
    """Runtime.md section 1.3, row "at most 128 characters"."""
    (code / "com").mkdir()
    (code / "com" / "Main.class").touch()
    longest = start + "s" * (128 - len(start))
    assert target(spec, code, runtime=runtime, pre_stop=longest).pre_stop == longest
    words = "the pre-stop handler has 129 characters; FunctionGraph takes 128"
    assert refused(spec, code, runtime=runtime, pre_stop=longest + "s") == words


def test_each_runtime_has_its_own_program(code: Path) -> None:
    programs = {"python": "bin/python", "node": "bin/node", "java": "bin/java"}
    assert target("index.handler", code, **programs).program == code / "bin/python"
    assert target("main.handler", code, **programs).program == code / "bin/node"
    assert target("bootstrap", code, **programs).program is None


def test_a_link_to_an_interpreter_stays_a_link(code: Path) -> None:
    (code / "python").symlink_to(sys.executable)
    assert target("index.handler", code, python=Path("python")).program == code / "python"


@given(st.text(st.sampled_from("ab.:/~$*[]-_ \u00e9{}%\\'\"\x1b"), max_size=12))
def test_any_spelling_is_a_target_or_refused(tmp_path_factory: pytest.TempPathFactory, spec: str) -> None:
    for runtime in (None, "python", "node", "java", "custom", "http"):
        try:
            parse_local(spec, base=tmp_path_factory.getbasetemp() / "empty", runtime=runtime)
        except TargetError as error:
            assert str(error)  # noqa: PT017


# Servers that run already


@pytest.mark.parametrize(
    ("spec", "runtime", "family"),
    [
        ("http://127.0.0.1:8000/invoke", None, "container"),
        ("HTTP://localhost:8000/invoke", None, "container"),
        ("https://[::1]/?x=1", None, None),
        ("https://box.example.com/invoke?x=1", None, "container"),
        ("http://127.0.0.1:8000/orders", None, None),
        ("http://[::1]:80/x?y=1", None, None),
        ("https://api.example.com", None, None),
        ("https://api.example.com/v1/invoke", None, None),
        ("https://api.example.com", "container", "container"),
        ("https://api.example.com/invoke", "Custom Image", "container"),
        ("http://127.0.0.1:8000/invoke", "http", "http"),
    ],
)
def test_a_server_is_a_container_by_its_address_or_what_it_is_declared_to_be(
    tmp_path: Path, spec: str, runtime: str | None, family: str | None
) -> None:
    found = target(spec, tmp_path, runtime=runtime)
    assert isinstance(found, HttpTarget)
    assert (found.family, found.runtime, found.spec) == (family, runtime or "", spec)
    assert (found.timeout_s, found.memory_mb, found.ca_file) == (3.0, 128, None)


@pytest.mark.parametrize("runtime", ["python", "java", "custom"])
def test_other_runtimes_start_a_file(tmp_path: Path, runtime: str) -> None:
    said = refused("http://127.0.0.1:8000/", tmp_path, runtime=runtime)
    assert f"is a server that runs already; the runtime {runtime} starts a file" in said


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"environment": {"A": "1"}}, "variables cannot be given to http://127.0.0.1:8000/, which runs already"),
        ({"initializer": "index.start"}, "http://127.0.0.1:8000/ runs already, so no initializer is called"),
        ({"pre_stop": "index.end"}, "http://127.0.0.1:8000/ runs already, so no pre-stop is called"),
        (
            {"ca_file": "ca.pem"},
            "http://127.0.0.1:8000/ shows no certificate that could be checked · leave out ca_file",
        ),
        ({"timeout_s": 0}, "a timeout of 0 s is not possible"),
    ],
)
def test_what_a_server_cannot_be_given_is_refused(tmp_path: Path, setting: dict[str, Any], words: str) -> None:
    assert words in refused("http://127.0.0.1:8000/", tmp_path, **setting)


def test_a_server_has_limits_a_name_and_a_certificate_of_its_own(tmp_path: Path) -> None:
    found = target(
        "https://box.example.com/invoke",
        tmp_path,
        timeout_s=30,
        memory_mb=512,
        ca_file="certs/ca.pem",
        name="box",
        environment={},
        strict_context=True,
    )
    assert isinstance(found, HttpTarget)
    assert (found.timeout_s, found.memory_mb, found.name) == (30, 512, "box")
    assert found.ca_file == tmp_path / "certs" / "ca.pem"


def test_a_handler_shows_no_certificate(code: Path) -> None:
    assert "index.handler is no server" in refused("index.handler", code, ca_file="ca.pem")


@pytest.mark.parametrize("spec", ["127.0.0.1:8000/invoke", "localhost:8000", "127.0.0.1", "localhost/x"])
def test_an_address_that_lacks_its_beginning_is_completed(code: Path, spec: str) -> None:
    said = refused(spec, code)
    assert said == f"{spec!r} names no function · for a server that runs already: http://{spec}"
    assert isinstance(target(f"http://{spec}", code), HttpTarget)
