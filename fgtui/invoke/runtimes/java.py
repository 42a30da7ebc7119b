"""Java handlers: the user's own virtual machine runs ``hosts/java_host.jar`` (runtime.md section 4)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from fgtui.errors import TargetError
from fgtui.invoke import surroundings
from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.runtimes import Installed
from fgtui.invoke.runtimes.programs import is_program, named
from fgtui.words import Phrase

OLDEST = 11
HOST_JAR = Path(__file__).parents[1] / "hosts" / "java_host.jar"
DATA_MB = 640
"""Private memory that is not the handler's: 104 MB a bare machine has mapped, and the stacks of some hundred threads,
1 MB each whether used or not."""
_BESIDE_HEAP_MB = 48
"""What a machine with a handler of some hundred classes holds besides its heap: 36 MB bare."""
_SMALLEST_HEAP_MB = 16
_HINT = "Java handlers need Java 11 or later; name one with java = … in fgtui.toml, or set JAVA_HOME"
_OPTIONS = (
    "-XX:+UseSerialGC",  # fewest threads, least memory beside the heap
    "-XX:-UsePerfData",  # else a file in /tmp that outlives a killed process
    "-XX:ErrorFile=/dev/null",  # what is in it is on the log too; the handler's folder stays clean
    "-Xshare:auto",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",  # there is no screen in the cloud
)
CLASS_FOLDERS = (
    "target/classes",
    "build/classes/java/main",
    "build/classes/kotlin/main",
    "build/resources/main",
    "classes",
    "bin",
)
"""Where Maven, Gradle and Eclipse put what they compile, and where a package for the cloud has it."""
_JAR_PATTERNS = (
    "target/dependency/*.jar",
    "target/lib/*.jar",
    "target/*.jar",
    "build/libs/*.jar",
    "*.jar",
    "lib/*.jar",
)
_GSON_CACHES = (
    ("GRADLE_USER_HOME", ".gradle", "caches/modules-2/files-2.1/com.google.code.gson/gson/*/*/gson-*.jar"),
    ("", ".m2", "repository/com/google/code/gson/gson/*/gson-*.jar"),
)
"""Where Gradle and Maven keep what they have fetched: a variable that moves the folder, the folder, the jars in it."""
_NOT_CODE = ("-sources.jar", "-javadoc.jar", "-tests.jar")


def launch(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Launch:
    """Start the Java of ``target`` with the host on its class path. Raises ``TargetError``.

    With ``debug_port`` the machine itself waits for a debugger before it runs anything, so that a breakpoint can be set
    anywhere; it cannot speak meanwhile, so the port is chosen here.
    """
    import sys

    java = program(target, environment)
    attach = "" if target.debug_port is None else f"127.0.0.1:{target.debug_port or _free_port()}"
    gson = gson_in_caches(environment)
    debugger = f"-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,quiet=y,address={attach}"
    return Launch(
        interpreter=Path(sys.executable),
        host="program_host",
        program=java,
        hint=_HINT,
        arguments=(
            str(java),
            f"-Xmx{heap_mb(target.memory_mb)}m",
            *_OPTIONS,
            *((debugger,) if attach else ()),
            "-cp",
            str(HOST_JAR),
            "fgtui.host.Host",
            *((str(gson),) if gson else ()),
        ),
        environment=tuple(surroundings.environment(target).items()),
        is_isolated=True,
        data_mb=DATA_MB,
        attach=attach,
    )


def heap_mb(memory_mb: int) -> int:
    """The largest heap with which the whole process still fits the memory setting.

    So too many objects end as ``OutOfMemoryError``, which is an answer, rather than by being stopped from outside.
    """
    return max(_SMALLEST_HEAP_MB, memory_mb - _BESIDE_HEAP_MB - memory_mb // 16)


def program(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Path:
    """``java`` of the target, else of ``$JAVA_HOME``, else on ``PATH``. Raises ``TargetError``."""
    if target.program is not None:
        java = target.program / "bin" / "java" if target.program.is_dir() else target.program
        named("java", java, Phrase("$JAVA_HOME or the one on PATH"))
    else:
        found = next(_candidates(environment), None)
        if found is None:
            raise TargetError("no Java was found in $JAVA_HOME or on PATH", hint=_HINT)
        java = found
    version = version_of(java)
    if version and _feature(version) < OLDEST:
        raise TargetError("{java} is Java {version}", java=str(java), version=version, hint=_HINT)
    return java


def installed(environment: Mapping[str, str] = os.environ) -> tuple[Installed, ...]:
    """The Java programs that would be used, likeliest first; nothing is run."""
    found: dict[Path, Installed] = {}
    for java in _candidates(environment):
        version = version_of(java)
        name = f"java{_feature(version)}" if version else "java"
        found.setdefault(java.resolve(), Installed(name, java, version))
    return tuple(found.values())


def version_of(java: Path) -> str:
    """``17.0.15``, as the file ``release`` beside it says; empty where there is none.

    Asking the program itself would take as long as a send.
    """
    home = java.resolve().parents[1]
    for folder in (home, home.parent):  # Java 8 has a jre folder within
        try:
            text = (folder / "release").read_text("utf-8", "replace")
        except OSError:
            continue
        for line in text.splitlines():
            if line.startswith("JAVA_VERSION="):
                return line.partition("=")[2].strip('" ')
    return ""


def find_class_path(base: Path) -> tuple[Path, ...]:
    """Where the classes and jars of a project lie: as Maven and Gradle build them, or packed for the cloud.

    ``base`` is the project's folder, the unpacked package, or a jar. Folders of classes come before jars, so that what
    was compiled last wins; jars come in order of their names.
    """
    if base.is_file():
        return (base, *(jar for jar in sorted(base.parent.glob("lib/*.jar")) if _is_code(jar)))
    folders = [folder for name in CLASS_FOLDERS if (folder := base / name).is_dir()]
    jars = [jar for pattern in _JAR_PATTERNS for jar in sorted(base.glob(pattern)) if _is_code(jar)]
    return (*folders, *jars, base)


def locate_class(class_name: str, class_path: tuple[Path, ...]) -> Path | None:
    """The ``.class`` file or the jar that holds ``class_name``, ``com.x.Main`` or ``com.x.Main$Inner``."""
    name = f"{class_name.replace('.', '/')}.class"
    for entry in class_path:
        if entry.is_dir():
            if (entry / name).is_file():
                return entry / name
        elif _holds(entry, name):
            return entry
    return None


def gson_in_caches(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The newest Gson that Gradle or Maven has fetched for this person, ``None`` where there is none.

    The cloud brings Gson, so a project may leave it out of its package (``provided``); then this one stands in.
    """
    found: dict[Path, tuple[tuple[int, ...], str]] = {}
    for variable, folder, pattern in _GSON_CACHES:
        home = environment.get("HOME", "")
        base = Path(environment.get(variable) or Path(home, folder))
        if base.is_absolute():
            found |= {jar: _newness(jar) for jar in base.glob(pattern) if _is_code(jar)}
    return max(found, key=found.__getitem__, default=None)


def _newness(jar: Path) -> tuple[tuple[int, ...], str]:
    """Of ``gson-2.10.1.jar``: after 2.9.1."""
    version = jar.stem.removeprefix("gson-")
    return tuple(int(each) for each in version.replace("-", ".").split(".") if each.isdecimal()), version


def _holds(jar: Path, name: str) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(jar) as archive:
            return archive.NameToInfo.get(name) is not None
    except (OSError, zipfile.BadZipFile):
        return False


def _is_code(jar: Path) -> bool:
    return not jar.name.endswith(_NOT_CODE) and not jar.name.startswith("original-") and jar.is_file()


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("JAVA_HOME")
    folders = environment.get("PATH", os.defpath).split(os.pathsep)
    for folder in (*([f"{home}/bin"] if home else []), *folders):
        if folder and is_program(java := Path(folder, "java")):
            yield java


def _feature(version: str) -> int:
    """8 of ``1.8.0_402``, 17 of ``17.0.15``."""
    numbers = version.removeprefix("1.").replace("-", ".").split(".")
    return int(numbers[0]) if numbers[0].isdecimal() else 0


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
