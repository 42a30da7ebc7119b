"""``src/index.handler`` and its kin: which file is meant, and what an error about it says (runtime.md section 1.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.invoke.spelled import refused, target

HANDLER = "def handler(event, context):\n    return event\n"
NODE_HANDLER = "exports.handler = async (event, context) => event;\n"


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for file in ("index.py", "src/index.py", "src/deep/er.py", "with.dot/index.py"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(HANDLER)
    return folder


@pytest.fixture
def node(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    for file in ("index.js", "src/index.js", "esm/index.mjs", "old/index.cjs", "with.dot/index.js"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(NODE_HANDLER)
    return folder


# What is wrong


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("src/indx.handler", ("there is no handler src/indx.handler: no file src/indx.py, nor one with .js, .mjs · "
                             "did you mean src/index.handler?")),
        ("src/indx.py:handler", "no file src/indx.py · did you mean src/index.handler?"),
        ("src.indx.handler", "no file src.indx.py or src/indx.py, nor one with .js, .mjs · did you mean src/index.handler?"),
        ("nothing/like.it", "no file nothing/like.py, nor one with .js, .mjs · there is: index.handler, "),
        ("com.example.Main.handle", ("no file com.example.Main.py or com/example/Main.py, nor one with .js, .mjs · "
                                    "for a Java class: --runtime java; ")),
        ("src/index.py", "'src/index.py' names no function · did you mean src/index.py:handler?"),
        ("src/index", "'src/index' names no function · did you mean src/index.py:handler?"),
        ("src", "'src' names no function · did you mean src/index.handler, src/deep/er.handler?"),
        ("src/index.py:", "names no function"),
        ("src/index.py:two words", "names no function"),
        ("index.", "names no function"),
        (".handler", "names no function"),
        (":handler", "names no function"),
        ("/:handler", "names no function"),
        ("...handler", "names no function"),
        ("~nobody-of-that-name/index.handler", "no file ~nobody-of-that-name/index.py"),
        ("", "names no function · did you mean index.handler"),
        ("srcc", "'srcc' names no function · there is: index.handler, src/index.handler"),
        ("src/indx", "'src/indx' names no function · did you mean src/index.handler?"),
    ],
)  # fmt: skip
def test_an_error_says_what_was_looked_for_and_what_is_near(code: Path, spec: str, words: str) -> None:
    assert words in refused(spec, code)


def test_names_that_are_left_out_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.py").write_text("def handler(event, context): pass\n")
    assert "there is: a.handler, b.handler, c.handler, d.handler, e.handler (see" in refused("zzzzzz", tmp_path)
    (tmp_path / "f.py").write_text("def handler(event, context): pass\n")
    assert "there is: a.handler, b.handler, c.handler, d.handler, e.handler, … (see" in refused("zzzzzz", tmp_path)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    said = refused("index.handler", tmp_path)
    assert said.endswith(f"no file index.py, nor one with .js, .mjs · no handler was found below {tmp_path}")


@pytest.mark.parametrize(
    ("file", "spec", "words"),
    [
        ("main.php", "main.handler", "main.handler is main.php, a PHP file, whose handlers are not started by themselves"),
        ("main.php", "main.php:handler", "a PHP file"),
        ("main.go", "main.go", "a Go file"),
        ("main.ts", "main.ts:handler", "TypeScript, which FunctionGraph does not run · compile it, and name the .js file"),
        ("Main.java", "Main.java:handle", "a Java handler is a method of a class, not of a file · target/classes:com.x.Main"),
        ("app.jar", "app.jar", "a method of a class, not of a file · app.jar:com.x.Main.handle"),
        ("app.dll", "app.dll:handler", "a C# file"),
        ("index.js", "index.js", "'index.js' names no function · did you mean index.js:handler?"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_function_of_a_module_is_named(tmp_path: Path, file: str, spec: str, words: str) -> None:
    (tmp_path / file).write_text(NODE_HANDLER)
    assert words in refused(spec, tmp_path)


def test_a_language_that_is_not_started_here_has_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "index.php").touch()
    assert "as a custom runtime: an executable file `bootstrap`" in refused("index.handler", tmp_path)
    (tmp_path / "main.go").touch()
    assert "runtime.Register listens there instead" in refused("main.go:handler", tmp_path)


def test_several_files_that_fit_are_named(code: Path) -> None:
    (code / "index.js").touch()
    assert refused("index.handler", code) == (
        "index.handler may be index.py or index.js · "
        "name the file: index.py:handler; or the runtime: --runtime python or node"
    )
    assert target("index.handler", code, runtime="python").file == code / "index.py"
    assert target("index.handler", code, runtime="Node.js18.15").file == code / "index.js"
    assert target("index.py:handler", code).file == code / "index.py"
    assert target("index.js:handler", code).family == "node"


def test_a_php_file_beside_a_module_makes_the_spelling_unclear_too(code: Path) -> None:
    (code / "index.php").touch()
    assert "index.handler may be index.py or index.php" in refused("index.handler", code)


@pytest.mark.parametrize(
    ("spec", "runtime", "words"),
    [
        ("index.py:handler", "node", "index.py:handler is index.py, no Node.js file, which the runtime node wants"),
        ("index.handler", "Node.js18.15", "index.handler is index.py, no Node.js file"),
        ("index.js:handler", "python", "index.js:handler is index.js, no Python file, which the runtime python wants"),
    ],
)
def test_a_file_for_another_runtime_than_the_one_declared_is_named(
    code: Path, spec: str, runtime: str, words: str
) -> None:
    assert words in refused(spec, code, runtime=runtime)


# Python


@pytest.mark.parametrize(
    ("spec", "file", "module"),
    [
        ("index.handler", "index.py", "index"),
        ("./index.handler", "index.py", "index"),
        ("index.py:handler", "index.py", "index"),
        ("index:handler", "index.py", "index"),
        ("src/index.handler", "src/index.py", "src/index"),
        ("src/index.py:handler", "src/index.py", "src/index"),
        ("src.index.handler", "src/index.py", "src/index"),
        ("src.index:handler", "src/index.py", "src/index"),
        ("src/deep.er.handler", "src/deep/er.py", "src/deep/er"),
        ("src/../index.handler", "index.py", "index"),
        ("with.dot/index.handler", "with.dot/index.py", "with.dot/index"),
    ],
)
def test_what_lies_below_the_base_belongs_to_its_package(code: Path, spec: str, file: str, module: str) -> None:
    found = target(spec, code)
    assert found.file == code / file
    assert (found.code_root, found.module, found.function) == (code, module, "handler")
    assert (found.spec, found.runtime, found.family) == (spec, "python", "python")


@pytest.mark.parametrize("spelled", ["{code}/src/index.handler", "{code}/src/index.py:handler", "../src/index.handler"])
def test_elsewhere_the_files_folder_is_the_package(code: Path, spelled: str) -> None:
    found = target(spelled.format(code=code), code / "with.dot")
    assert found.file == code / "src/index.py"
    assert (found.code_root, found.module) == (code / "src", "index")


def test_a_home_is_expanded(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(code))
    assert target("~/src/index.handler", Path("/")).file == code / "src/index.py"


# Node.js (runtime.md section 3.1)


@pytest.mark.parametrize(
    ("spec", "file", "module"),
    [
        ("index.handler", "index.js", "index"),
        ("index.js:handler", "index.js", "index"),
        ("src/index.handler", "src/index.js", "src/index"),
        ("src.index.handler", "src/index.js", "src/index"),
        ("esm/index.handler", "esm/index.mjs", "esm/index"),
        ("esm/index.mjs:handler", "esm/index.mjs", "esm/index"),
        ("old/index.cjs:handler", "old/index.cjs", "old/index"),
        ("with.dot/index.handler", "with.dot/index.js", "with.dot/index"),
        ("index.$handler", "index.js", "index"),
    ],
)
def test_a_node_module_is_found_by_its_ending_or_as_the_only_one(node: Path, spec: str, file: str, module: str) -> None:
    found = target(spec, node)
    assert (found.file, found.module) == (node / file, module)
    assert (found.runtime, found.family) == ("node", "node")


def test_an_mjs_is_tried_when_there_is_no_js(node: Path) -> None:
    (node / "index.mjs").touch()
    assert "index.handler may be index.js or index.mjs" in refused("index.handler", node)
    assert target("index.handler", node, runtime="node").file == node / "index.js"
    (node / "index.js").unlink()
    assert target("index.handler", node, runtime="node").file == node / "index.mjs"


# What else is called in the same file


@pytest.mark.parametrize(
    "initializer", ["index.setup", "src/index.setup", "index.py:setup", "setup", "src.index.setup"]
)
def test_an_initializer_is_in_the_handlers_file(code: Path, initializer: str) -> None:
    assert target("src/index.handler", code, initializer=initializer).initializer == initializer


@pytest.mark.parametrize("initializer", ["index.setup", "src/index.js:setup", "setup"])
def test_so_is_that_of_a_node_handler(node: Path, initializer: str) -> None:
    assert target("src/index.handler", node, initializer=initializer).initializer == initializer


@pytest.mark.parametrize("initializer", ["other.setup", "lib/index.setup", "index.", "ndex.setup", ""])
def test_an_initializer_elsewhere_is_refused(code: Path, initializer: str) -> None:
    said = refused("src/index.handler", code, initializer=initializer)
    assert said.startswith(f"the initializer {initializer} is not in index.py")


@pytest.mark.parametrize(
    ("pre_stop", "words"),
    [
        ("other.stop", "the pre-stop other.stop is not in index.py, where the handler is · spell it index.stop"),
        ("index." + "s" * 128, "the pre-stop handler has 134 characters; FunctionGraph takes 128"),
    ],
)
def test_a_pre_stop_is_in_the_handlers_file_too(code: Path, pre_stop: str, words: str) -> None:
    assert target("index.handler", code, pre_stop="index.stop").pre_stop == "index.stop"
    assert words in refused("index.handler", code, pre_stop=pre_stop)


def test_node_functions_have_no_pre_stop(node: Path) -> None:
    assert "Node.js functions have no pre-stop handler" in refused("index.handler", node, pre_stop="index.stop")
