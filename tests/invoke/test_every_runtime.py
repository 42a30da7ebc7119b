"""What is the same whatever a function is written for: its variables, and how its errors show the code root."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fgtui.invoke.model import LocalTarget, Raised
from fgtui.invoke.targets import parse_local
from tests.invoke.harness import Bench
from tests.invoke.java_code import CONTEXT, compiled, needs_jdk
from tests.invoke.servers import PYTHON

GET = {"httpMethod": "GET", "path": "/"}
VARIABLES = {"BUCKET": "photos", "RUNTIME_MEMORY": "user's own"}
SETTINGS = {"timeout_s": 20, "memory_mb": 256, "name": "thumbnail", "environment": VARIABLES}

# Variables (runtime.md section 2.7)


def of_node(bench: Bench) -> dict[str, str]:
    bench.write(
        """
        exports.setup = async (context, callback) => {};
        exports.handler = async (event, context) => process.env;
        """,
        "src/index.js",
    )
    found: dict[str, str] = bench.result(bench.target(spec="src/index.handler", initializer="index.setup", **SETTINGS))
    return found


JAVA = """
import com.huawei.services.runtime.Context;
public class Shows {
    public void setup(Context context) { }
    public Object handle(String event, Context context) { return System.getenv(); }
    public Object fail(String event, Context context) throws Exception {
        throw new java.io.IOException("no such thing");
    }
}
"""


def of_java(bench: Bench) -> dict[str, str]:
    compiled({**CONTEXT, "Shows.java": JAVA}, bench.folder)
    settings = {**SETTINGS, "initializer": "Shows.setup", "runtime": "java"}
    found: dict[str, str] = bench.result(bench.target(spec="Shows.handle", class_path=[bench.folder], **settings))
    return found


def of_program(bench: Bench, runtime: str) -> dict[str, str]:
    """What a bootstrap prints before it ends."""
    source = "import json, os\nprint('variables', json.dumps(dict(os.environ)))\nraise SystemExit(3)\n"
    bench.write(PYTHON + source, "bootstrap").chmod(0o755)
    outcome = bench.send(bench.target(spec="bootstrap", runtime=runtime, **SETTINGS), GET)
    (line,) = (line for line in outcome.logs.splitlines() if line.startswith("variables "))
    found: dict[str, str] = json.loads(line.partition(" ")[2])
    return found


def of_custom(bench: Bench) -> dict[str, str]:
    return of_program(bench, "custom")


def of_http(bench: Bench) -> dict[str, str]:
    return of_program(bench, "http")


INITIALIZER = ("RUNTIME_INITIALIZER_HANDLER", "RUNTIME_INITIALIZER_TIMEOUT")


@pytest.mark.parametrize(
    ("variables_of", "handler", "initializer"),
    [
        pytest.param(of_node, "src/index.handler", "src/index.setup", id="node"),
        pytest.param(of_java, "Shows.handle", "Shows.setup", id="java", marks=needs_jdk),
        pytest.param(of_custom, "bootstrap", None, id="custom"),
        pytest.param(of_http, "bootstrap", None, id="http"),
    ],
)
def test_the_environment_is_the_platforms(
    bench: Bench, variables_of: Callable[[Bench], dict[str, str]], handler: str, initializer: str | None
) -> None:
    """2.7, every row of the table; custom runtimes and HTTP functions have no initializer, and an API is only theirs."""
    seen = variables_of(bench)
    found = {name: value for name, value in seen.items() if name.startswith("RUNTIME_") or name == "BUCKET"}
    has_api = found.pop("RUNTIME_API_ADDR", None) is not None
    assert has_api == (variables_of is of_custom)
    assert json.loads(found.pop("RUNTIME_USERDATA")) == VARIABLES
    expected = {
        "BUCKET": "photos",
        "RUNTIME_PROJECT_ID": "0" * 32,
        "RUNTIME_FUNC_NAME": "thumbnail",
        "RUNTIME_FUNC_VERSION": "latest",
        "RUNTIME_PACKAGE": "default",
        "RUNTIME_HANDLER": handler,
        "RUNTIME_TIMEOUT": "20",
        "RUNTIME_CPU": "400",
        "RUNTIME_MEMORY": "256",
        "RUNTIME_MAX_RESP_BODY_SIZE": "6291456",
        "RUNTIME_ROOT": "/home/snuser/runtime",
        "RUNTIME_CODE_ROOT": str(bench.folder),
        "RUNTIME_LOG_DIR": "/home/snuser/log",
    }
    if initializer is not None:
        expected |= dict(zip(INITIALIZER, (initializer, "20"), strict=True))
    assert found == expected


# Errors of code that is reached through a link (runtime.md sections 2.3, 3.4 and 4)


def python_that_fails(folder: Path, base: Path) -> LocalTarget:
    (folder / "index.py").write_text("def handler(event, context): raise OSError(__file__)\n")
    return parse_local("index.handler", base=base)


def node_that_fails(folder: Path, base: Path) -> LocalTarget:
    root = "process.env.RUNTIME_CODE_ROOT"
    (folder / "index.js").write_text(f"exports.handler = async (e, c) => {{ throw new Error(__filename + {root}); }};")
    return parse_local("index.handler", base=base)


def es_module_that_fails(folder: Path, base: Path) -> LocalTarget:
    (folder / "index.mjs").write_text("export const handler = async (e, c) => { throw new Error(import.meta.url); };")
    return parse_local("index.mjs:handler", base=base)


def java_that_fails(folder: Path, base: Path) -> LocalTarget:
    compiled({**CONTEXT, "Shows.java": JAVA}, folder)
    return parse_local("Shows.fail", base=base, class_path=[base], runtime="java")


@pytest.mark.parametrize(
    ("fails", "place"),
    [
        (python_that_fails, "./index.py"),
        (node_that_fails, "./index.js"),
        (es_module_that_fails, "./index.mjs"),
        pytest.param(java_that_fails, "Shows.java:7", marks=needs_jdk),
    ],
)
def test_a_code_root_behind_a_link_is_a_dot_in_errors(
    bench: Bench, tmp_path: Path, fails: Callable[[Path, Path], LocalTarget], place: str
) -> None:
    link = tmp_path / "link"
    link.symlink_to(bench.folder, target_is_directory=True)
    outcome = bench.send(fails(bench.folder, link))
    assert isinstance(outcome, Raised), outcome
    shown = outcome.body.decode() + "\n".join(outcome.error.stack)
    assert place in "\n".join(outcome.error.stack)
    assert str(bench.folder) not in shown
    assert str(link) not in shown
    assert "file:" not in shown
