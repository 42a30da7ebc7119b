"""Java handlers for the tests: all sources below ``java/`` compiled at once, and a bench that sends to them.

No jar of others is kept here, so the interfaces of the three runtime packages and a few methods of Gson are stood in
for. The fixtures are in ``java_fixtures``.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import LocalTarget, Outcome
from tests.invoke.harness import Bench

SOURCES = Path(__file__).with_name("java")
JAVA, JAVAC = shutil.which("java"), shutil.which("javac")
needs_java = pytest.mark.skipif(JAVA is None or JAVAC is None, reason="no java and javac on PATH")
RUNTIME_PACKAGES = ("com.huawei.services.runtime", "com.services.runtime", "com.opentelekomcloud.services.runtime")
CONTEXT = """\
package {package};

public interface Context {{
    String getRequestID();
    int getRemainingTimeInMilliSeconds();
    int getRunningTimeInSeconds();
    String getAccessKey();
    String getSecretKey();
    String getSecurityAccessKey();
    String getSecuritySecretKey();
    String getSecurityToken();
    String getToken();
    String getUserData(String key);
    String getFunctionName();
    String getVersion();
    int getMemorySize();
    int getCPUNumber();
    String getProjectID();
    String getPackage();
    RuntimeLogger getLogger();
    Object getState();
    void setState(Object state);
    String getInstanceID();
    String getInvokeProperty();
    String getTraceID();
    String getInvokeID();
    String getAlias();
    String getWorkflowID();
    String getWorkflowRunID();
    String getWorkflowStateID();
}}
"""
LOGGER = """\
package {package};

public interface RuntimeLogger {{
    void log(String message);
    void debug(String message);
    void info(String message);
    void warn(String message);
    void error(String message);
    void setLevel(String level);
}}
"""


def write_runtime_interfaces(folder: Path) -> list[Path]:
    """``Context`` and ``RuntimeLogger`` of each package, with the methods that the documents list."""
    written = []
    for package in RUNTIME_PACKAGES:
        for name, text in (("Context", CONTEXT), ("RuntimeLogger", LOGGER)):
            file = folder / package.replace(".", "/") / f"{name}.java"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.format(package=package))
            written.append(file)
    return written


def compile_java(sources: list[Path], into: Path, *options: str) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    quick = ("-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto", "-nowarn", "-proc:none", "-encoding", "UTF-8")
    command = [str(JAVAC), *quick, "--release", "11", *options, "-d", str(into), *map(str, sources)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return into


def compile_all(folder: Path) -> Path:
    """``classes``: handlers and runtime interfaces; ``gson`` beside it: what stands in for Gson."""
    sources = [*write_runtime_interfaces(folder / "interfaces"), *sorted(SOURCES.rglob("*.java"))]
    classes = compile_java(sources, folder / "classes")
    (folder / "gson" / "com").mkdir(parents=True)
    (classes / "com" / "google").rename(folder / "gson" / "com" / "google")
    (folder / "gson" / "com" / "google" / "gson" / "JsonArray.class").unlink()  # of a version this one is not
    return folder


class JavaBench:
    """Sends to the compiled handlers."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.classes = folder / "classes"
        self.gson = folder / "gson"

    def target(self, spec: str, *, gson: bool = False, **settings: Any) -> LocalTarget:
        """``handlers.Events.raw``, with the settings of a Java function unless others are named."""
        name, _, function = spec.rpartition(".")
        path = settings.pop("class_path", (self.classes,))
        defaults: dict[str, Any] = {"timeout_s": 15.0, "memory_mb": 512, "name": "demo"}
        return LocalTarget(
            spec=spec,
            file=self.classes / f"{name.replace('.', '/')}.class",
            code_root=self.classes,
            module=name,
            function=function,
            runtime="java",
            family="java",
            class_path=(*path, self.gson) if gson else tuple(path),
            **{**defaults, **settings},
        )

    def send(self, target: LocalTarget | str, event: object = None, **arguments: Any) -> Outcome:
        return self.bench.send(self.target(target) if isinstance(target, str) else target, event, **arguments)

    def body(self, target: LocalTarget | str, event: object = None, **arguments: Any) -> str:
        outcome = self.send(target, event, **arguments)
        assert outcome.kind == "returned", outcome
        return outcome.body.decode()
