"""Names of runtimes: FunctionGraph's own and the short ones (runtime.md section 1.1)."""

from __future__ import annotations

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.runtime_names import NAMES, differ, family_of
from fgtui.words import say


def refused(runtime: str) -> str:
    with pytest.raises(TargetError) as caught:
        family_of(runtime)
    return f"{caught.value} · {say(caught.value.hint, caught.value.values)}"


@pytest.mark.parametrize(
    ("runtime", "words"),
    [
        ("Python2.7", "Python2.7 is too old: handlers need Python 3.6 or later"),
        ("Python3.5", "too old"),
        ("Python3", "there is no runtime 'Python3' · did you mean python?"),
        ("nodejs", "there is no runtime 'nodejs' · did you mean node?"),
        ("jvm", "there is no runtime 'jvm'"),
        ("ruby", "there is no runtime 'ruby' · there is python, node, java, custom, http, container"),
        ("", "there is no runtime ''"),
        ("Custom-Image", "did you mean Custom Image?"),
        ("Go1.x", "Go1.x: Go handlers are not started by themselves here"),
        ("go", "Go handlers"),
        ("C#(.NET Core 6.0)", "C# handlers"),
        ("PHP8.3", "PHP handlers"),
        ("Cangjie1.0", "Cangjie handlers"),
    ],
)
def test_what_is_no_runtime_here_is_refused(runtime: str, words: str) -> None:
    assert words in refused(runtime)


@pytest.mark.parametrize("runtime", ["Go1.x", "C#(.NET Core 2.0)", "PHP7.3", "Cangjie1.0"])
def test_every_other_language_has_a_way_out(runtime: str) -> None:
    assert (
        "it runs all the same as a custom runtime: an executable file `bootstrap` that asks http://$RUNTIME_API_ADDR "
        "for its events"
    ) in refused(runtime)


@pytest.mark.parametrize(("runtime", "is_told"), [("Go1.x", True), ("go", True), ("PHP7.3", False)])
def test_programs_of_the_go_library_are_told_that_they_are_not_run(runtime: str, is_told: bool) -> None:
    """They listen where a custom runtime asks: ``runtime.Register`` serves net/rpc at RUNTIME_API_ADDR."""
    assert ("runtime.Register listens there instead, are not run by this version" in refused(runtime)) is is_told


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("python", ("python", "PYTHON", "Python3.6", "Python3.10", "Python3.14", "python3.9")),
        ("node", ("node", "Node.js", "Node.js6.10", "Node.js18.15", "Node.js20.15", "node.js22.1")),
        ("java", ("java", "Java8", "Java11", "Java17", "Java21")),
        ("custom", ("custom", "Custom")),
        ("http", ("http",)),
        ("container", ("container", "Custom Image")),
    ],
)
def test_a_runtime_belongs_to_a_family(family: str, names: tuple[str, ...]) -> None:
    assert {family_of(name) for name in names} == {family}


@pytest.mark.parametrize(
    ("asked", "ran", "expected"),
    [
        ("Python3.10", "python3.11", True),
        ("Python3.11", "python3.11", False),
        ("python", "python3.11", False),
        ("Node.js18.15", "node20.20", True),
        ("Node.js20.15", "node20.20", False),
        ("node", "node20.20", False),
        ("Java8", "java17", True),
        ("Java17", "java17", False),
        ("Custom Image", "container", False),
    ],
)
def test_versions_differ_where_a_difference_matters(asked: str, ran: str, expected: bool) -> None:
    assert differ(asked, ran) is expected


def test_every_name_of_the_service_is_known_and_most_are_run() -> None:
    refused_ones = []
    for name in NAMES:
        try:
            family_of(name)
        except TargetError as error:
            assert "there is no runtime" not in str(error)  # noqa: PT017
            refused_ones.append(name)
    assert {name[:2] for name in refused_ones} == {"Go", "C#", "PH", "Ca", "Py"}
    assert [name for name in refused_ones if name.startswith("Py")] == ["Python2.7"]
