"""Where Java and the classes of a project are found, how the host is started, and that its jar is what its sources say."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.runtimes import Installed
from fgtui.invoke.runtimes.java import (
    HOST_JAR,
    find_class_path,
    gson_in_caches,
    heap_mb,
    installed,
    launch,
    locate_class,
    program,
    version_of,
)
from fgtui.words import say
from tests import build_java_host

needs_javac = pytest.mark.skipif(shutil.which("javac") is None, reason="no javac on PATH")


def a_target(folder: Path, **settings: object) -> LocalTarget:
    file = folder / "com" / "x" / "Main.class"
    given = {"spec": "com.x.Main.handle", "module": "com.x.Main", "function": "handle", **settings}
    return LocalTarget(file=file, code_root=folder, runtime="java", family="java", **given)


def a_java(home: Path, version: str | None = "17.0.15") -> Path:
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text("#!/bin/sh\n")
    java.chmod(0o755)
    if version is not None:
        (home / "release").write_text(f'IMPLEMENTOR="N/A"\nJAVA_VERSION="{version}"\nLIBC="gnu"\n')
    return java


# The program


def test_a_machine_without_java_says_so_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"^no Java was found in \$JAVA_HOME or on PATH$") as caught:
        program(a_target(tmp_path), {"PATH": str(tmp_path)})
    assert "name one with java = … in fgtui.toml" in caught.value.hint


@pytest.mark.parametrize(("version", "shown"), [("1.8.0_402", "1.8.0_402"), ("10.0.2", "10.0.2")])
def test_a_java_that_is_too_old_is_refused(tmp_path: Path, version: str, shown: str) -> None:
    java = a_java(tmp_path / "jdk", version)
    with pytest.raises(TargetError, match=f"java is Java {shown}$") as caught:
        program(a_target(tmp_path, program=java), {})
    assert caught.value.hint.startswith("Java handlers need Java 11 or later")


def test_the_java_of_an_old_kit_lies_one_folder_deeper(tmp_path: Path) -> None:
    java = a_java(tmp_path / "jdk" / "jre", None)
    (tmp_path / "jdk" / "release").write_text('JAVA_VERSION="1.8.0_402"\n')
    assert version_of(java) == "1.8.0_402"


def test_a_named_program_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="absent is not a program that can be run") as caught:
        program(a_target(tmp_path, program=tmp_path / "absent"), {})
    assert say(caught.value.hint, caught.value.values).startswith("correct java = … in fgtui.toml")


def test_the_targets_own_java_comes_before_java_home_and_that_before_path(tmp_path: Path) -> None:
    own, home, path = (a_java(tmp_path / name) for name in ("own", "home", "path"))
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(path.parent)}
    assert program(a_target(tmp_path, program=own), environment) == own
    assert program(a_target(tmp_path), environment) == home
    assert program(a_target(tmp_path), {"PATH": str(path.parent)}) == path
    assert program(a_target(tmp_path), {"JAVA_HOME": str(tmp_path / "gone"), "PATH": str(path.parent)}) == path


def test_the_folder_of_a_kit_may_be_named_instead_of_its_program(tmp_path: Path) -> None:
    java = a_java(tmp_path / "jdk")
    assert program(a_target(tmp_path, program=tmp_path / "jdk"), {}) == java


def test_what_is_installed_is_told_without_running_it(tmp_path: Path) -> None:
    home, path = a_java(tmp_path / "home", "21.0.2"), a_java(tmp_path / "path", None)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "java").symlink_to(home)
    folders = os.pathsep.join([str(path.parent), str(tmp_path / "link")])
    assert installed({"JAVA_HOME": str(tmp_path / "home"), "PATH": folders}) == (
        Installed("java21", home, "21.0.2"),
        Installed("java", path, ""),
    )
    assert installed({"PATH": ""}) == ()


# The start


def test_the_heap_leaves_room_for_the_machine_itself(tmp_path: Path) -> None:
    assert [heap_mb(memory) for memory in (32, 128, 256, 512, 1024, 4096)] == [16, 72, 192, 432, 912, 3792]


def test_nothing_of_the_handler_is_on_the_command_line(tmp_path: Path) -> None:
    """Every process of the machine may read it; class path and variables travel otherwise."""
    java = a_java(tmp_path / "jdk")
    target = a_target(
        tmp_path, program=java, environment=(("TOKEN", "s3cret"),), class_path=(tmp_path / "secret",), memory_mb=512
    )
    started = launch(target, {})
    assert started.arguments[:2] == (str(java), "-Xmx432m")
    assert started.arguments[-3:] == ("-cp", str(HOST_JAR), "fgtui.host.Host")
    assert not any("s3cret" in each or "secret" in each for each in started.arguments)
    assert ("TOKEN", "s3cret") in started.environment
    assert ("RUNTIME_HANDLER", "com.x.Main.handle") in started.environment
    assert (started.host, started.is_isolated, started.attach) == ("program_host", True, "")


def test_a_debugger_is_waited_for_at_the_port_that_is_named(tmp_path: Path) -> None:
    started = launch(a_target(tmp_path, program=a_java(tmp_path / "jdk"), debug_port=5005), {})
    assert started.attach == "127.0.0.1:5005"
    assert "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,quiet=y,address=127.0.0.1:5005" in started.arguments


def test_any_free_port_serves_when_none_is_named(tmp_path: Path) -> None:
    java = a_java(tmp_path / "jdk")
    first, second = (launch(a_target(tmp_path, program=java, debug_port=0), {}).attach for _ in range(2))
    assert first != second
    assert int(first.rpartition(":")[2]) > 1023


# What the cloud brings


@pytest.mark.parametrize(
    ("fetched", "newest"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param(["maven 2.9.1", "maven 2.10.1", "maven 2.8.9"], "maven 2.10.1", id="newest-by-number"),
        pytest.param(["maven 2.9.1", "gradle 2.10.1"], "gradle 2.10.1", id="gradle-has-a-newer-one"),
        pytest.param(["gradle 2.9.1", "maven 2.10.1"], "maven 2.10.1", id="maven-has-a-newer-one"),
        pytest.param(["maven 2.10.1-sources", "maven 2.9.0-javadoc"], None, id="no-code"),
    ],
)
def test_the_newest_gson_that_maven_or_gradle_has_fetched_is_found(
    tmp_path: Path, fetched: list[str], newest: str | None
) -> None:
    places = {}
    for each in fetched:
        tool, name = each.split()
        version = name.partition("-")[0]
        folder = {
            "maven": f".m2/repository/com/google/code/gson/gson/{version}",
            "gradle": f".gradle/caches/modules-2/files-2.1/com.google.code.gson/gson/{version}/0f3a",
        }[tool]
        places[each] = tmp_path / folder / f"gson-{name}.jar"
    laid_out(tmp_path, [place.relative_to(tmp_path).as_posix() for place in places.values()])
    expected = places[newest] if newest else None
    assert gson_in_caches({"HOME": str(tmp_path)}) == expected
    started = launch(a_target(tmp_path, program=a_java(tmp_path / "jdk")), {"HOME": str(tmp_path)})
    assert started.arguments[-1] == (str(expected) if expected else "fgtui.host.Host")


def test_gradles_folder_may_be_elsewhere_and_home_be_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "caches/modules-2/files-2.1/com.google.code.gson/gson/2.10.1/0f3a/gson-2.10.1.jar"
    laid_out(tmp_path, [name, f".gradle/{name}"])
    assert gson_in_caches({"GRADLE_USER_HOME": str(tmp_path)}) == tmp_path / name
    monkeypatch.chdir(tmp_path)
    assert gson_in_caches({}) is None


# The class path


def laid_out(base: Path, files: Iterable[str]) -> Path:
    for name in files:
        file = base / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".jar"):
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(f"from/{file.stem}.class", b"")
        else:
            file.touch()
    return base


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param(
            ["target/classes/com/x/Main.class", "target/dependency/gson.jar", "target/x-1.0.jar", "pom.xml"],
            ["target/classes", "target/dependency/gson.jar", "target/x-1.0.jar", "."],
            id="maven",
        ),
        pytest.param(
            ["build/classes/java/main/A.class", "build/resources/main/a.txt", "build/libs/x.jar"],
            ["build/classes/java/main", "build/resources/main", "build/libs/x.jar", "."],
            id="gradle",
        ),
        pytest.param(["b.jar", "a.jar", "lib/c.jar"], ["a.jar", "b.jar", "lib/c.jar", "."], id="package"),
        pytest.param(["classes/A.class"], ["classes", "."], id="folder-of-classes"),
        pytest.param(["com/x/Main.class"], ["."], id="classes-themselves"),
        pytest.param(["a-sources.jar", "a-javadoc.jar", "original-a.jar"], ["."], id="jars-without-code"),
        pytest.param([], ["."], id="nothing"),
    ],
)
def test_classes_are_found_where_they_are_built_or_packed(tmp_path: Path, files: list[str], found: list[str]) -> None:
    laid_out(tmp_path, files)
    assert find_class_path(tmp_path) == tuple(tmp_path / name for name in found)


def test_a_jar_brings_the_lib_folder_beside_it(tmp_path: Path) -> None:
    laid_out(tmp_path, ["handler.jar", "other.jar", "lib/b.jar", "lib/a.jar", "lib/notes.txt"])
    found = find_class_path(tmp_path / "handler.jar")
    assert [each.relative_to(tmp_path).as_posix() for each in found] == ["handler.jar", "lib/a.jar", "lib/b.jar"]


def test_a_class_is_in_a_folder_or_a_jar(tmp_path: Path) -> None:
    laid_out(tmp_path, ["classes/com/x/Main.class", "classes/com/x/Main$Inner.class", "lib/one.jar", "broken.txt"])
    (tmp_path / "broken.jar").write_bytes(b"no zip")
    path = (tmp_path / "absent", tmp_path / "broken.jar", tmp_path / "classes", tmp_path / "lib" / "one.jar")
    assert locate_class("com.x.Main", path) == tmp_path / "classes/com/x/Main.class"
    assert locate_class("com.x.Main$Inner", path) == tmp_path / "classes/com/x/Main$Inner.class"
    assert locate_class("from.one", path) == tmp_path / "lib/one.jar"
    assert locate_class("com.x.main", path) is None
    assert locate_class("com.x.Absent", path) is None


# The jar


def manifest_of(jar: Path) -> dict[str, str]:
    with zipfile.ZipFile(jar) as archive:
        text = archive.read("META-INF/MANIFEST.MF").decode().replace("\r\n ", "")
    return dict(line.split(": ", 1) for line in text.split("\r\n") if line)


def test_the_jar_was_built_from_the_sources_beside_it() -> None:
    """If this fails, run ``python tests/build_java_host.py`` and commit what it wrote."""
    assert manifest_of(HOST_JAR)["Sources-SHA-256"] == build_java_host.source_hash()


@needs_javac
def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """With the compiler it was built by; another one gives the same classes."""
    again = tmp_path / "again.jar"
    build_java_host.build(again)
    with zipfile.ZipFile(HOST_JAR) as kept, zipfile.ZipFile(again) as built:
        assert kept.namelist() == built.namelist()
    if manifest_of(HOST_JAR)["Compiler"] == build_java_host.compiler("javac"):
        assert again.read_bytes() == HOST_JAR.read_bytes()


def test_its_classes_run_on_java_11() -> None:
    with zipfile.ZipFile(HOST_JAR) as archive:
        versions = {
            int.from_bytes(archive.read(name)[6:8], "big") for name in archive.namelist() if name.endswith(".class")
        }
    assert versions == {55}
