"""Handlers in folders, packages and virtual environments, and files named like standard modules (runtime.md 1.3, 2.8)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.invoke.harness import VERSIONS, Bench, python

NEWEST, OLDEST = "3.13", "3.6"


@pytest.fixture(params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> Path:
    return found(request.param)


@pytest.fixture(params=[OLDEST, NEWEST])
def edge_interpreter(request: pytest.FixtureRequest) -> Path:
    return found(request.param)


def found(version: str) -> Path:
    interpreter = python(version)
    if isinstance(interpreter, str):
        pytest.skip(interpreter)
    return interpreter


def result(bench: Bench, files: dict[str, str], spec: str, interpreter: Path, event: object = None) -> Any:
    for name, source in files.items():
        bench.write(source, name)
    return bench.result(bench.target(spec=spec, python=interpreter, timeout_s=20), event)


# Packages


def test_a_handler_in_a_package_imports_relatively_and_is_one_module_under_every_name(
    bench: Bench, interpreter: Path
) -> None:
    files = {
        "pkg/__init__.py": "import os\nos.environ['RUNS'] = os.environ.get('RUNS', '') + 'x'",
        "pkg/helper.py": "from . import index\nfrom pkg.sub import deep\nimport pkg.index\nNAME = 'helper'",
        "pkg/sub/deep.py": "from ..other import VALUE",
        "pkg/other.py": "VALUE = 'other'",
        "pkg/index.py": """
            import os, pickle, sys
            from . import helper
            from .sub.deep import VALUE
            import pkg.index
            class Kept: pass
            def handler(event, context):
                import index
                return {
                    "name": __name__, "package": __package__, "class": Kept.__module__, "runs": os.environ["RUNS"],
                    "same": index is pkg.index is sys.modules[__name__] is helper.index,
                    "pickled": pickle.loads(pickle.dumps(Kept)) is Kept,
                    "values": [helper.NAME, VALUE], "main": "handler" in vars(sys.modules["__main__"]),
                }
            """,
    }
    assert result(bench, files, "pkg/index.handler", interpreter) == {
        "name": "index", "package": "pkg", "class": "index", "runs": "x", "same": True, "pickled": True,
        "values": ["helper", "other"], "main": False,
    }  # fmt: skip


def test_a_package_may_hand_out_its_handler_and_the_handler_use_the_package(bench: Bench, interpreter: Path) -> None:
    files = {
        "pkg/__init__.py": "from .index import handler\nfrom .helper import TWICE",
        "pkg/helper.py": "from .index import ONCE\nTWICE = ONCE * 2",
        "pkg/index.py": """
            import os
            ONCE = 1
            os.environ["RUNS"] = os.environ.get("RUNS", "") + "x"
            def handler(event, context):
                import pkg
                from . import TWICE
                return [TWICE, os.environ["RUNS"], pkg.handler is handler]
            """,
    }
    assert result(bench, files, "pkg/index.handler", interpreter) == [2, "x", True]


def test_folders_without_a_start_file_are_packages_too(bench: Bench, interpreter: Path) -> None:
    files = {
        "my-code/b/index.py": "from . import x\nfrom ..c.y import Y\ndef handler(e, c): return [x.X, Y, __package__]",
        "my-code/b/x.py": "X = 'x'",
        "my-code/c/y.py": "Y = 'y'",
    }
    assert result(bench, files, "my-code/b/index.handler", interpreter) == ["x", "y", "my-code.b"]


@pytest.mark.parametrize("folder", ["test", "v1.2", "src"])
def test_a_folder_whose_name_leads_elsewhere_is_a_package_all_the_same(
    bench: Bench, edge_interpreter: Path, folder: str
) -> None:
    """Like a standard module, with a dot, or like a module beside it."""
    files = {
        f"{folder}/index.py": "from . import x\nfrom .y.z import Z\nimport test, src\ndef handler(e, c): return [x.X, Z]",
        f"{folder}/x.py": "X = 'x'",
        f"{folder}/y/z.py": "Z = 'z'",
        "src.py": "",
    }
    assert result(bench, files, f"{folder}/index.py:handler", edge_interpreter) == ["x", "z"]


def test_a_package_that_imports_the_handler_by_its_short_name_gets_the_same(
    bench: Bench, edge_interpreter: Path
) -> None:
    files = {
        "pkg/__init__.py": "import index\nfound = index",
        "pkg/index.py": "def handler(e, c):\n    import pkg, pkg.index\n    return [pkg.index is pkg.found is __import__('index')]",
    }
    assert result(bench, files, "pkg/index.handler", edge_interpreter) == [True]


def test_a_handler_may_put_something_else_into_its_place_and_reload(bench: Bench, edge_interpreter: Path) -> None:
    replacing = """
        import sys
        class Other:
            def handler(self, event, context): return ["another"]
        sys.modules[__name__] = Other()
        """
    assert result(bench, {"pkg/index.py": replacing}, "pkg/index.handler", edge_interpreter) == ["another"]
    reloading = """
        import importlib, sys
        count = globals().get("count", 0) + 1
        def handler(event, context):
            return [importlib.reload(sys.modules[__spec__.name]).count, __import__("index").count]
        """
    assert result(bench, {"pkg/again/index.py": reloading}, "pkg/again/index.handler", edge_interpreter) == [2, 2]


def test_a_package_that_cannot_be_imported_is_a_failed_start_that_names_its_line(bench: Bench) -> None:
    bench.write("from .missing import x", "pkg/__init__.py")
    bench.write("def handler(event, context): pass", "pkg/index.py")
    outcome = bench.send(bench.target(spec="pkg/index.handler"))
    assert outcome.kind == "init_failed"
    assert json.loads(outcome.body) == {
        "errorMessage": "function entry exception, error: No module named 'pkg.missing'",
        "errorType": "ModuleNotFoundError",
        "stackTrace": ['File "./pkg/__init__.py", line 1, in <module>', "  from .missing import x"],
    }


def test_at_the_top_of_the_package_there_is_nothing_to_be_relative_to(bench: Bench) -> None:
    outcome = bench.send("from . import x\ndef handler(event, context): pass")
    assert outcome.kind == "init_failed"
    assert "no known parent package" in outcome.body.decode()


# Files named like standard modules

HIDING = [
    "json", "logging", "random", "types", "queue", "traceback", "threading", "linecache", "tokenize", "ast", "select",
    "resource", "collections", "re", "textwrap",
]  # fmt: skip
NAMES_FOUND = f"""
import sys
def handler(event, context):
    if event == "fail": raise ValueError("told")
    if event == "log":
        try: raise KeyError("told")
        except KeyError: context.getLogger().exception("with a stack")
    return {{name: getattr(__import__(name), "NAME", None) for name in {[*HIDING, "asyncio", "io", "os", "time", "wsgiref"]!r}}}
"""


def test_files_named_like_standard_modules_hide_them_from_the_handler_alone(bench: Bench, interpreter: Path) -> None:
    """Section 2.8, row "A user file named like a standard module hides it": not what Python has loaded before all."""
    for name in [*HIDING, "io", "os", "time"]:
        bench.write(f"NAME = {name!r}", f"{name}.py")
    bench.write("NAME = 'asyncio'", "asyncio/__init__.py")
    bench.write("", "wsgiref/notes.py")
    target = bench.target(NAMES_FOUND, python=interpreter, timeout_s=20)
    names = {name: name for name in [*HIDING, "asyncio"]}
    assert bench.result(target) == {**names, "io": None, "os": None, "time": None, "wsgiref": None}
    raised = bench.send(target, "fail")
    assert json.loads(raised.body)["stackTrace"][1] == '  if event == "fail": raise ValueError("told")'
    assert raised.logs.splitlines()[-2] == "ValueError: told"
    assert "KeyError: 'told'" in bench.send(target, "log").logs.splitlines()
    assert b"Expecting property name enclosed in double quotes: line 1 column 2" in bench.send(target, b"{oops").body
    assert b"Extra data: line 1 column 3 (char 2)" in bench.send(target, b"1 2").body
    assert bench.result(target)["traceback"] == "traceback"


def test_hidden_modules_and_changed_builtins_together_do_not_matter(bench: Bench) -> None:
    for name in ("traceback", "json", "linecache"):
        bench.write("", f"{name}.py")
    target = bench.target(
        """
        import builtins
        def handler(event, context):
            for name in ("list", "dict", "filter", "sorted", "frozenset", "any", "set"):
                setattr(builtins, name, None)
            raise ValueError("told")
        """
    )
    for _ in range(2):
        outcome = bench.send(target)
        assert json.loads(outcome.body)["errorMessage"].endswith(": told")
        assert outcome.logs.splitlines()[-2] == "ValueError: told"


def test_the_path_of_the_environment_hides_nothing_from_the_host(
    bench: Bench, interpreter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    for name in ("resource", "select", "json", "traceback"):
        path = tmp_path / "lib" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"NAME = {name!r}")
    source = "import json, resource\ndef handler(event, context): return [json.NAME, resource.NAME][event]"
    target = bench.target(source, python=interpreter)
    assert bench.send(target, 0).body == b"json"
    outcome = bench.send(target, 7)
    assert outcome.kind == "raised"
    assert outcome.logs.splitlines()[-2] == "IndexError: list index out of range"


@pytest.mark.parametrize("name", ["queue", "types", "time", "io", "keeper", "python_host", "__main__"])
def test_the_handlers_own_file_may_be_named_like_any_module(bench: Bench, edge_interpreter: Path, name: str) -> None:
    source = "import io, os, time\ndef handler(e, c): return [__name__, time.time() > 1, io.StringIO('a').read()]"
    assert result(bench, {f"{name}.py": source}, f"{name}.handler", edge_interpreter) == [name, True, "a"]


# Libraries


@pytest.fixture(scope="module", params=[OLDEST, NEWEST])
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with an installed library, one through a ``.pth`` file, and an editable one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([found(request.param), "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    packages = next((folder / ".venv/lib").glob("python3*/site-packages"))
    (packages / "installed.py").write_text("NAME = 'installed'")
    (packages / "json.py").write_text("raise RuntimeError('a library does not hide the standard one')")
    (packages / "both.py").write_text("NAME = 'of the library'")
    (packages / "elsewhere.pth").write_text(f"{folder / 'elsewhere'}\n")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere/by_path.py").write_text("NAME = 'by path'")
    (folder / "project").mkdir()
    (folder / "project/editable.py").write_text("NAME = 'editable'")
    (packages / "__editable__.pth").write_text("import __editable___finder; __editable___finder.install()\n")
    (packages / "__editable___finder.py").write_text(
        "import sys\nfrom importlib.util import spec_from_file_location\n"
        "class Finder:\n"
        "    @classmethod\n"
        "    def find_spec(cls, name, path=None, target=None):\n"
        f"        return spec_from_file_location(name, {str(folder / 'project/editable.py')!r}) if name == 'editable' else None\n"
        "def install(): sys.meta_path.append(Finder)\n"
    )
    return folder


USES = """
    import json, sys
    import both, by_path, editable, installed
    def handler(event, context):
        return [sys.prefix, installed.NAME, by_path.NAME, editable.NAME, both.NAME]
    """


@pytest.mark.parametrize("how", ["beside", "active", "named"])
def test_libraries_of_a_virtual_environment_are_found(
    bench: Bench, environment: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Section 2.8, row "on a name clash the file of the dependency wins": here, without a merge, the code's own wins."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    named = None
    if how == "beside":
        bench.folder.joinpath(".venv").symlink_to(environment / ".venv")
    elif how == "active":
        monkeypatch.setenv("VIRTUAL_ENV", str(environment / ".venv"))
    else:
        named = environment / ".venv/bin/python"
    bench.write("NAME = 'of the code'", "both.py")
    prefix, *names = bench.result(bench.target(USES, python=named))
    assert os.path.realpath(prefix) == str(environment / ".venv")
    assert names == ["installed", "by path", "editable", "of the code"]


def test_libraries_installed_beside_the_handler_or_into_a_folder_of_their_own_are_found(bench: Bench) -> None:
    """Section 2.8, row "Dependencies are merged with the code": ``pip install -t``, with what describes the library."""
    files = {
        "library/__init__.py": "NAME = 'beside'",
        "library-1.2.dist-info/METADATA": "Metadata-Version: 2.1\nName: library\nVersion: 1.2\n",
        "deps/other/__init__.py": "from . import part\nNAME = 'deps'",
        "deps/other/part.py": "",
        "src/index.py": """
            import os, sys
            sys.path.append(os.path.join(os.environ["RUNTIME_CODE_ROOT"], "deps"))
            import library, other
            from importlib.metadata import version
            def handler(event, context): return [library.NAME, other.NAME, version("library")]
            """,
    }
    assert result(bench, files, "src/index.handler", Path(sys.executable)) == ["beside", "deps", "1.2"]


def test_a_change_in_any_of_them_is_seen(bench: Bench) -> None:
    """Section 2.8, row "a new instance starts empty": a file of the package it did not import itself counts, too."""
    files = {
        "pkg/__init__.py": "VALUE = 1",
        "pkg/index.py": "from . import VALUE\ndef handler(event, context): return [VALUE]",
    }
    assert result(bench, files, "pkg/index.handler", Path(sys.executable)) == [1]
    assert result(bench, {"pkg/__init__.py": "VALUE = 22"}, "pkg/index.handler", Path(sys.executable)) == [22]


def test_only_the_ways_that_lead_to_code_are_added(bench: Bench) -> None:
    source = (
        "import sys\ndef handler(event, context): return [[name for name in sys.path if 'hosts' in name], sys.path[0]]"
    )
    assert bench.result(source) == [[], str(bench.folder)]


def test_what_runs_the_handler_is_nothing_it_can_import_by_accident(bench: Bench) -> None:
    source = (
        "import sys\ndef handler(e, c): return [n for n in sys.modules if n.startswith(('fgtui', 'python_', 'keeper'))]"
    )
    assert bench.result(source) == []
