from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import LocalTarget
from fgtui.invoke.surroundings import (
    RESERVED,
    cpu_millicores,
    environment,
    function_name,
    function_of,
    platform_variables,
)


def a_target(**fields: Any) -> LocalTarget:
    known = {"spec": "src/index.handler", "file": Path("/code/src/index.py"), "code_root": Path("/code")}
    return LocalTarget(**{**known, "module": "src/index", "function": "handler", **fields})


@pytest.mark.parametrize(
    ("memory", "cpu"), [(128, 300), (256, 400), (512, 600), (768, 800), (1280, 1200), (4096, 3400), (10240, 8200)]
)
def test_the_share_of_a_processor_follows_memory(memory: int, cpu: int) -> None:
    assert cpu_millicores(memory) == cpu


def test_user_variables_never_hide_the_platforms() -> None:
    variables = environment(a_target(environment=(("A", "1"), ("RUNTIME_HANDLER", "mine"))))
    assert variables["A"] == "1"
    assert variables["RUNTIME_HANDLER"] == "src/index.handler"


def test_an_initializer_is_named_with_the_handlers_file() -> None:
    assert "RUNTIME_INITIALIZER_HANDLER" not in platform_variables(a_target())
    assert platform_variables(a_target(initializer="index.setup"))["RUNTIME_INITIALIZER_HANDLER"] == "src/index.setup"


@pytest.mark.parametrize("spelling", ["setup", "index.setup", "src/index.setup", "src/index.py:setup"])
def test_the_function_of_a_spelling(spelling: str) -> None:
    assert function_of(spelling) == "setup"


def test_a_fraction_of_a_second_is_a_whole_one_for_the_function() -> None:
    assert platform_variables(a_target(timeout_s=0.5))["RUNTIME_TIMEOUT"] == "1"


def test_the_function_is_named_by_the_settings_or_its_folder() -> None:
    assert function_name(a_target(name="thumbnail")) == "thumbnail"
    assert function_name(a_target()) == "code"
    assert function_name(a_target(code_root=Path("/"))) == "function"


def test_a_program_that_answers_for_itself_is_spelled_by_its_file() -> None:
    target = a_target(module="bootstrap", function="", family="custom")
    assert platform_variables(target)["RUNTIME_HANDLER"] == "bootstrap"


def test_a_pre_stop_function_is_named_as_the_initializer_is() -> None:
    assert platform_variables(a_target(pre_stop="index.leave"))["RUNTIME_PRESTOP_HANDLER"] == "src/index.leave"
    java = a_target(module="com.x.Main", family="java", pre_stop="com.x.Other.leave", initializer="com.x.Other.init")
    assert platform_variables(java)["RUNTIME_PRESTOP_HANDLER"] == "com.x.Other.leave"
    assert platform_variables(java)["RUNTIME_INITIALIZER_HANDLER"] == "com.x.Other.init"


def test_every_variable_of_the_platform_is_reserved_and_nothing_else() -> None:
    """Published functions set RUNTIME_LOG_LEVEL themselves: the list counts, not how a name begins."""
    everything = platform_variables(a_target(initializer="index.init", pre_stop="index.leave"))
    assert everything.keys() <= RESERVED
    assert "RUNTIME_LOG_LEVEL" not in RESERVED
    assert environment(a_target(environment=(("RUNTIME_LOG_LEVEL", "DEBUG"),)))["RUNTIME_LOG_LEVEL"] == "DEBUG"
