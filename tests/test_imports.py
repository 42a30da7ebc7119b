"""What each command line imports, seen at run time: a static graph does not see deferred imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent / "samples" / "events" / "obs" / "default.json"

RUN = """
import sys
from fgtui.cli.main import run
code = run(sys.argv[1:])
sys.stderr.write("\\n" + " ".join(sys.modules))
sys.exit(code)
"""

SCREEN = {"textual", "rich", "asyncio"}
"""Only the workbench draws."""
NETWORK = {"urllib3", "http.client", "ssl", "urllib.request"}
"""Nothing here leaves the machine."""
SLOW = {"dataclasses", "inspect", "tempfile", "hashlib", "uuid", "random", "textwrap"}
"""Nothing here needs them: ``fgtui.records``, ``fgtui.digests`` and ``fgtui.invoke.ids`` do it in less time."""
HEAVY = {"json", "sqlite3", "jmespath", "jsonschema_rs", "platformdirs", "subprocess", "difflib"}
"""Each costs milliseconds that a short verb has no use for."""

OTHER_RUNTIMES = {
    "fgtui.invoke.runtimes.node", "fgtui.invoke.runtimes.java", "fgtui.invoke.runtimes.servers",
    "fgtui.invoke.spellings.classes", "fgtui.invoke.spellings.servers",
    "fgtui.invoke.discovery", "h11", "socket", "zipfile", "concurrent.futures",
}  # fmt: skip
"""What a Python handler has no use for."""


def imported(*words: str, stdin: bytes = b"") -> set[str]:
    ran = subprocess.run([sys.executable, "-c", RUN, *words], input=stdin, capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    return set(ran.stderr.decode().rsplit("\n", 1)[1].split())


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        pytest.param(("--version",), HEAVY | {"argparse", "tomllib", "fgtui.events"}, id="version"),
        pytest.param(("triggers",), HEAVY | {"argparse", "fgtui.events.text", "fgtui.config"}, id="triggers"),
        pytest.param(("event", "obs"), HEAVY | {"fgtui.config", "fgtui.workspace", "fgtui.invoke.model"}, id="event"),
        pytest.param(
            ("event", "obs", "--set", "Records[0].s3.object.key=a b.png"),
            HEAVY - {"json"} | {"fgtui.config", "fgtui.workspace", "fgtui.invoke.model", "fgtui.events.decoded"},
            id="event-set",
        ),
        pytest.param(("format", str(SAMPLE)), HEAVY | {"fgtui.config", "fgtui.events.catalogue"}, id="format"),
        pytest.param(
            ("decode", str(SAMPLE)),
            {"sqlite3", "jmespath", "jsonschema_rs", "fgtui.config", "fgtui.invoke.model"},
            id="decode",
        ),
        pytest.param(("config",), {"sqlite3", "jmespath", "jsonschema_rs", "fgtui.events.catalogue"}, id="config"),
        pytest.param(
            ("sessions",), {"jmespath", "jsonschema_rs", "fgtui.events.catalogue", "subprocess"}, id="sessions"
        ),
        pytest.param(
            ("send", "obs"),
            HEAVY - {"json", "sqlite3"}
            | {"fgtui.events.scanner", "fgtui.events.schema", "fgtui.events.validation"}
            | OTHER_RUNTIMES,
            id="send",
        ),
    ],
)
def test_a_verb_imports_only_what_it_needs(words: tuple[str, ...], unwanted: set[str]) -> None:
    assert imported(*words) & (SCREEN | NETWORK | SLOW | unwanted) == set()


def test_one_verb_imports_no_other() -> None:
    verbs = {name for name in imported("triggers") if name.startswith("fgtui.cli.commands.")}
    assert verbs == {"fgtui.cli.commands.triggers"}


def test_importing_the_package_costs_nothing() -> None:
    code = "import sys; before = set(sys.modules); import fgtui; print(set(sys.modules) - before)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip() == "{'fgtui'}"
