"""Handlers found by their text: what is offered can be used as it is, and nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.discovery import discover, handlers_in
from fgtui.invoke.targets import parse_local
from tests.invoke.java_code import CONTEXT, compiled, needs_jdk, pack

HANDLER = "def handler(event, context):\n    return event\n"
NODE_HANDLER = "exports.handler = async (event, context) => event;\n"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for file in ("index.py", "src/index.py", "src/deep/er.py", "with.dot/index.py"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(HANDLER)
    return folder


def test_discovery_finds_functions_of_an_event_and_a_context(tmp_path: Path) -> None:
    sources = {
        "index.py": "def other(event, ctx): pass\ndef handler(\n    event, context): pass\ndef _no(event, context): pass",
        "zeta.py": "def main(evt: dict, context: object) -> None: pass\nclass A:\n    def handler(self, event): pass",
        "helper.py": "def add(a, b): pass\ndef event(context): pass",
        "src/index.py": HANDLER,
        "a/b/c/d.py": HANDLER,
        ".hidden/x.py": HANDLER,
        "node_modules/x.py": HANDLER,
        "env2/lib/x.py": HANDLER,
        "not-a-module.py": HANDLER,
        "binary.py": "\0\x01",
    }
    for name, source in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    (tmp_path / "env2/pyvenv.cfg").touch()
    (tmp_path / "unreadable.py").symlink_to("/no/such/file")
    assert discover(tmp_path) == ("index.handler", "index.other", "zeta.main", "src/index.handler")


def test_discovery_of_nothing_is_empty(tmp_path: Path) -> None:
    assert discover(tmp_path) == ()
    assert discover(tmp_path / "not-there") == ()


def test_discovery_does_not_follow_links_in_circles(code: Path) -> None:
    (code / "loop").symlink_to(code, target_is_directory=True)
    assert not [spec for spec in discover(code) if spec.startswith("loop")]


@pytest.mark.parametrize(
    "source", ["def f(" + "a" * 250_000, "def f(" + "\n" * 250_000, "def f(" * 40_000, "def f(a " + "b " * 120_000]
)
def test_discovery_is_not_held_up_by_odd_text(tmp_path: Path, source: str) -> None:
    (tmp_path / "odd.py").write_text(source)
    assert discover(tmp_path) == ()


def test_what_discovery_finds_can_be_parsed(code: Path) -> None:
    for spec in discover(code):
        assert parse_local(spec, base=code).file.is_file()


def test_an_unreadable_folder_is_no_error(code: Path) -> None:
    (code / "src").chmod(0)
    try:
        assert "index.handler" in discover(code)
    finally:
        (code / "src").chmod(0o755)


# Node.js


@pytest.mark.parametrize(
    "source",
    [
        "exports.handler = async (event, context) => event;",
        "exports.handler = function (event, context, callback) { callback(null, event); };",
        "module.exports.handler = (event, context) => {};",
        "exports.handler = wrapped(inner);",
        "const x = 1;\n\nexport const handler = async (event, context) => event;",
        "export async function handler(event, context) {}",
        "export function handler(event, context) {}",
        "async function handler(event, context) {}\nmodule.exports = { handler };",
        "module.exports = {\n  handler: async (event, context) => event,\n};",
        "module.exports = { handler(event, context) { return 1 } };",
        "export { other, handler };",
    ],
)
def test_every_way_to_export_a_node_handler_is_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "index.mjs").write_text(source)
    assert discover(tmp_path) == ("index.handler",)


@pytest.mark.parametrize(
    "source",
    [
        "// exports.handler = 1",
        "exports.handler == 1",
        "exports.handlers = {}",
        "exports.main = (a, b) => a",
        "module.exports = { handlers }",
        "const handler = (event, context) => 1",
    ],
)
def test_what_is_no_node_handler_is_not_offered(tmp_path: Path, source: str) -> None:
    (tmp_path / "index.js").write_text(source)
    assert discover(tmp_path) == ()


def test_a_node_function_of_an_event_and_a_context_is_a_handler_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text(
        "exports.main = async (event, context) => 1;\nexports._no = (event, context) => 1;"
    )
    assert discover(tmp_path) == ("index.main",)


def test_files_that_one_spelling_could_mean_are_offered_with_their_endings(tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text(HANDLER)
    (tmp_path / "index.js").write_text(NODE_HANDLER)
    (tmp_path / "only.cjs").write_text(NODE_HANDLER)
    offered = discover(tmp_path)
    assert offered == ("index.js:handler", "index.py:handler", "only.cjs:handler")
    assert [parse_local(spec, base=tmp_path).family for spec in offered] == ["node", "python", "node"]


@pytest.mark.parametrize(
    "source",
    [
        "exports.handler = (" + "a" * 250_000,
        "exports.handler = (" + "\n" * 250_000,
        "exports.a=\n" * 20_000,
        "module.exports={\n" * 15_000,
        "export const " + " " * 240_000,
    ],
)
def test_odd_text_holds_up_nothing(tmp_path: Path, source: str) -> None:
    (tmp_path / "index.js").write_text(source)
    assert set(discover(tmp_path)) <= {"index.handler"}


# Programs


def test_a_bootstrap_is_offered_after_the_functions_beside_it(code: Path) -> None:
    (code / "bootstrap").touch()
    (code / "go").mkdir()
    (code / "go/bootstrap").touch()
    offered = discover(code)
    assert offered.index("index.handler") < offered.index("bootstrap")
    assert parse_local("go/bootstrap", base=code).family == "custom"
    assert "go/bootstrap" in offered


# Java

JAVA = """
package com.demo;
import com.huawei.services.runtime.Context;
public class Main {
    public String handle(String event, Context context) { return event; }
    public byte[] bytes(byte[] event, Context context) { return event; }
    public void initializer(Context context) { }
    public String add(String one, String other) { return one; }
    private String hidden(String event, Context context) { return event; }
    public static class Inner { public String in(String event, Context context) { return event; } }
}
class NotPublic { public String handle(String event, Context context) { return event; } }
"""


@needs_jdk
@pytest.mark.parametrize("place", ["target/classes", "build/classes/java/main", "classes"])
def test_compiled_handlers_are_offered_with_the_folder_they_are_in(tmp_path: Path, place: str) -> None:
    compiled({"com/demo/Main.java": JAVA, **CONTEXT}, tmp_path / place)
    offered = (f"{place}:com.demo.Main$Inner.in", f"{place}:com.demo.Main.bytes", f"{place}:com.demo.Main.handle")
    assert discover(tmp_path) == offered


@needs_jdk
def test_a_jar_is_looked_into_and_a_class_offered_once(tmp_path: Path) -> None:
    compiled({"com/demo/Main.java": JAVA, **CONTEXT}, tmp_path / "target/classes")
    pack(tmp_path / "target/classes", tmp_path / "target/app.jar")
    assert all(spec.startswith("target/classes:") for spec in discover(tmp_path))
    (tmp_path / "target/classes").rename(tmp_path / "elsewhere")
    assert "target/app.jar:com.demo.Main.handle" in discover(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\xca\xfe\xba\xbe" + b"\xff" * 50])
def test_damaged_jars_and_classes_are_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "target/classes").mkdir(parents=True)
    (tmp_path / "target/app.jar").write_bytes(content)
    (tmp_path / "target/classes/Main.class").write_bytes(content + b"services/runtime/Context;)")
    assert discover(tmp_path) == ()


@given(st.binary(max_size=400), st.sampled_from([".py", ".js", ".mjs"]))
def test_any_file_is_looked_at_without_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    file = tmp_path_factory.getbasetemp() / f"any{ending}"
    file.write_bytes(content)
    list(handlers_in(file))
