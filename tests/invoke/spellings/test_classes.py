"""``target/classes:com.x.Main.handle``: where a class is looked for, and what is said when it is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.invoke.java_code import CONTEXT, compiled, needs_jdk, pack
from tests.invoke.spelled import refused, target

pytestmark = needs_jdk

MAIN = """
package com.demo;
import com.huawei.services.runtime.Context;
public class Main {
    public String handle(String event, Context context) { return event; }
    public static class Inner { public String in(String event, Context context) { return event; } }
}
"""


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled({"com/demo/Main.java": MAIN, **CONTEXT}, tmp_path_factory.mktemp("java") / "classes")


@pytest.fixture
def maven(tmp_path: Path, classes: Path) -> Path:
    """A project as Maven leaves it."""
    folder = tmp_path / "project"
    shutil.copytree(classes, folder / "target/classes")
    (folder / "target/dependency").mkdir()
    pack(classes, folder / "target/dependency/gson.jar")
    pack(classes, folder / "target/app.jar")
    return folder


# What is wrong


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("handle", "'handle' names no method of a Java class · did you mean target/classes:com.demo.Main"),
        ("target/classes:Main", "'target/classes:Main' names no method of a Java class"),
        ("com.demo.Main::handle", "names no method of a Java class"),
        ("com.demo.Main.two words", "names no method of a Java class"),
        ("com.demo.Mian.handle", ("there is no class com.demo.Mian in target/classes, target/dependency/gson.jar, "
                                 "target/app.jar, . · did you mean target/classes:com.demo.Main.handle?")),
        ("gone.jar:com.demo.Main.handle", "there is no class com.demo.Main: no gone.jar · build it first"),
        ("target/clases:com.demo.Main.handle", "there is no class com.demo.Main: no target/clases · build it first"),
    ],
)  # fmt: skip
def test_an_error_says_where_it_was_looked_for_and_what_is_near(maven: Path, spec: str, words: str) -> None:
    assert words in refused(spec, maven, runtime="java")


def test_a_jar_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "app.jar").write_text("<html>404</html>")
    said = refused("app.jar:com.demo.Main.handle", tmp_path)
    assert said.startswith("there is no class com.demo.Main: app.jar is no jar · a jar is a zip file of classes")


def test_a_project_that_was_never_compiled_says_how_to_name_classes(tmp_path: Path) -> None:
    said = refused("com.demo.Main.handle", tmp_path, runtime="Java17")
    assert said == (
        "there is no class com.demo.Main in . · is it compiled? A jar or folder of classes is named before a colon, "
        "app.jar:com.demo.Main.handle, or in class_path"
    )


def test_a_folder_of_classes_names_what_is_in_it(maven: Path) -> None:
    assert "did you mean target/classes:com.demo.Main$Inner.in, target/classes:com.demo" in refused(
        "target/classes", maven
    )


def test_a_class_without_its_runtime_declared_says_so(maven: Path) -> None:
    said = refused("com.demo.Main.handle", maven)
    assert "for a Java class: --runtime java; did you mean target/classes:com.demo.Main.handle?" in said


# What is found


@pytest.mark.parametrize(
    ("spec", "file", "class_name", "method"),
    [
        ("com.demo.Main.handle", "target/classes/com/demo/Main.class", "com.demo.Main", "handle"),
        ("com.demo.Main$Inner.in", "target/classes/com/demo/Main$Inner.class", "com.demo.Main$Inner", "in"),
        ("target/classes:com.demo.Main.handle", "target/classes/com/demo/Main.class", "com.demo.Main", "handle"),
        ("target/app.jar:com.demo.Main.handle", "target/app.jar", "com.demo.Main", "handle"),
        ("target/*.jar:com.demo.Main.handle", "target/app.jar", "com.demo.Main", "handle"),
        ("target/dependency/*:com.demo.Main.handle", "target/dependency/gson.jar", "com.demo.Main", "handle"),
    ],
)
def test_the_file_is_the_class_or_the_jar(maven: Path, spec: str, file: str, class_name: str, method: str) -> None:
    found = target(spec, maven, runtime="java")
    assert (found.file, found.code_root) == (maven / file, maven)
    assert (found.module, found.function, found.runtime) == (class_name, method, "java")
    assert found.file in found.class_path or maven / "target/classes" in found.class_path


@pytest.mark.parametrize("spec", ["target/app.jar:com.demo.Main.handle", "target/classes:com.demo.Main.handle"])
def test_a_class_path_before_the_colon_implies_java_with_its_limits(maven: Path, spec: str) -> None:
    found = target(spec, maven)
    assert (found.family, found.runtime, found.timeout_s, found.memory_mb) == ("java", "java", 15.0, 512)
    assert target(spec, maven, timeout_s=3, memory_mb=256).timeout_s == 3


def test_what_stands_before_the_colon_comes_first_and_the_projects_libraries_after_it(maven: Path) -> None:
    found = target("target/classes:com.demo.Main.handle", maven)
    assert found.class_path[0] == maven / "target/classes"
    assert maven / "target/dependency/gson.jar" in found.class_path
    elsewhere = target("project/target/classes:com.demo.Main.handle", maven.parent)
    assert maven / "target/dependency/gson.jar" in elsewhere.class_path


def test_a_class_path_of_the_settings_is_all_there_is_beside_it(maven: Path) -> None:
    found = target("com.demo.Main.handle", maven, runtime="java", class_path=("target/dependency/*.jar",))
    assert found.class_path == (maven / "target/dependency/gson.jar",)
    both = target("target/app.jar:com.demo.Main.handle", maven, class_path=("target/dependency/*.jar",))
    assert both.class_path == (maven / "target/app.jar", maven / "target/dependency/gson.jar")


def test_elsewhere_the_package_is_the_folder_of_the_jar_or_of_the_classes(maven: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    jar = target(f"{maven}/target/app.jar:com.demo.Main.handle", tmp_path / "empty")
    assert jar.code_root == maven / "target"
    assert (
        target("../project/target/classes:com.demo.Main.handle", tmp_path / "empty").code_root
        == maven / "target/classes"
    )


# What else is called


@pytest.mark.parametrize(
    ("initializer", "expected"),
    [("com.demo.Other.init", "com.demo.Other.init"), ("init", "com.demo.Main.init"), ("Main.init", "Main.init")],
)
def test_an_initializer_may_be_in_any_class(maven: Path, initializer: str, expected: str) -> None:
    found = target("com.demo.Main.handle", maven, runtime="java", initializer=initializer, pre_stop=initializer)
    assert (found.initializer, found.pre_stop) == (expected, expected)


@pytest.mark.parametrize("initializer", ["", "com.demo.", "two words", "Main::init"])
def test_an_initializer_that_is_no_method_is_refused(maven: Path, initializer: str) -> None:
    said = refused("com.demo.Main.handle", maven, runtime="java", initializer=initializer)
    assert f"the initializer {initializer!r} is no method of a Java class · spell it package.Class.method" in said
