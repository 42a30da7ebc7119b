"""Java handlers keep runtime.md section 4, row by row; the handlers are in ``java/``.

The machine's own ``java`` runs them. The bench checks after each test that nothing of them is left.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import HandlerError, InitFailed, InvalidResponse, Raised, Returned
from tests.invoke.harness import Bench
from tests.invoke.java_bench import JavaBench, needs_java
from tests.invoke.java_code import pack

pytest_plugins = ["tests.invoke.java_fixtures"]
pytestmark = [needs_java, pytest.mark.usefixtures("empty_caches")]

NAME_GSON = 'name its jar in class_path of fgtui.toml, or by --target "lib/gson.jar:target/classes:…"'
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def lines_between(logs: str) -> list[str]:
    """What a handler logged, without the platform's own two lines; time and request id by their letters."""
    lines = logs.split("\n")
    start = next(index for index, line in enumerate(lines) if " Start invoke request " in line)
    end = next(index for index, line in enumerate(lines) if "Finish invoke request " in line)
    request = lines[start].split("'")[1]
    return [re.sub(f"^{STAMP}", "T", line).replace(request, "ID") for line in lines[start + 1 : end]]


def error_of(outcome: object) -> HandlerError:
    assert isinstance(outcome, InitFailed | Raised), outcome
    return outcome.error


# Loading: what keeps a handler from being called


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        (
            "faulty.Absent2.handle",
            "java.lang.ClassNotFoundException",
            "faulty.Absent2 is nowhere on the class path: {}",
        ),
        (
            "faulty.Loading.Inner.handle",
            "java.lang.ClassNotFoundException",
            "faulty.Loading.Inner is a nested class; spell it faulty.Loading$Inner",
        ),
        ("faulty.NotPublic.handle", "java.lang.IllegalAccessException", "class faulty.NotPublic is not public"),
        (
            "faulty.Raising.absent",
            "java.lang.NoSuchMethodException",
            "faulty.Raising has no method absent; it has handle",
        ),
        (
            "faulty.Loading.hidden",
            "java.lang.NoSuchMethodException",
            "method hidden of faulty.Loading is not public",
        ),
        (
            "faulty.Loading.oneParameter",
            "java.lang.NoSuchMethodException",
            "faulty.Loading.oneParameter must take one event and a Context; it is oneParameter(String)",
        ),
        (
            "faulty.Loading.noContext",
            "java.lang.NoSuchMethodException",
            "faulty.Loading.noContext must take one event and a Context; it is noContext(String, String)",
        ),
        (
            "faulty.Loading$PrivateConstructor.handle",
            "java.lang.NoSuchMethodException",
            "class faulty.Loading$PrivateConstructor has no public constructor without parameters",
        ),
        (
            "faulty.Loading$Inner.handle",
            "java.lang.NoSuchMethodException",
            "class faulty.Loading$Inner has no public constructor without parameters: it is an inner class, make it static",
        ),
        (
            "faulty.Loading$Abstract.handle",
            "java.lang.InstantiationException",
            "faulty.Loading$Abstract is abstract",
        ),
        ("faulty.Loading$ConstructorRaises.handle", "java.lang.IllegalStateException", "cannot be built"),
        ("faulty.Loading$LoadingRaises.handle", "java.lang.IllegalStateException", "at load"),
        (
            "faulty.Loading$PrivateInterface.handle",
            "java.lang.IllegalAccessException",
            "interface faulty.Loading$Hidden is not public",
        ),
        (
            "faulty.Loading.needsGson",
            "java.lang.ClassNotFoundException",
            "an event of type faulty.Loading is made by Gson, which is not on the class path: {way_out}",
        ),
    ],
)
def test_a_handler_that_cannot_be_loaded_says_why(java: JavaBench, spec: str, error: str, message: str) -> None:
    outcome = java.send(spec)
    assert error_of(outcome).type == error
    message = message.format(java.classes, way_out=f"{NAME_GSON}, or take the event as String")
    assert error_of(outcome).message == message
    assert json.loads(outcome.body) == {"errorMessage": f"{error.rpartition('.')[2]}: {message}", "stackTrace": []}
    assert list(json.loads(outcome.body)) == ["errorMessage", "stackTrace"]


def test_other_methods_are_named_once_and_in_order(java: JavaBench) -> None:
    message = error_of(java.send("faulty.Loading.absent")).message
    names = message.removeprefix("faulty.Loading has no method absent; it has ").split(", ")
    assert names == sorted(set(names))
    assert "twice" in names


def test_methods_that_could_both_be_meant_are_named(java: JavaBench) -> None:
    error = error_of(java.send("faulty.Loading.twice"))
    assert error.type == "java.lang.NoSuchMethodException"
    assert error.message.startswith("faulty.Loading has several methods that could be meant: ")
    assert "twice(String, Context)" in error.message
    assert "twice(Integer, Context)" in error.message


def test_a_class_for_a_newer_java_says_which(java: JavaBench, tmp_path: Path) -> None:
    folder = tmp_path / "newer" / "faulty"
    folder.mkdir(parents=True)
    code = bytearray((java.classes / "faulty" / "Loading$Newer.class").read_bytes())
    code[6:8] = (144).to_bytes(2, "big")
    (folder / "Loading$Newer.class").write_bytes(code)
    error = error_of(java.send(java.target("faulty.Loading$Newer.handle", class_path=(tmp_path / "newer",))))
    assert error.type == "java.lang.UnsupportedClassVersionError"
    assert re.search(r"class file version 144\.0.*: it needs Java 100, and this is Java \d+$", error.message)


@pytest.mark.parametrize("method", ["handle", "absent"])
def test_a_class_that_is_missing_beside_the_handler_is_named(java: JavaBench, tmp_path: Path, method: str) -> None:
    folder = tmp_path / "half" / "faulty"
    folder.mkdir(parents=True)
    shutil.copy(java.classes / "faulty" / "Loading$NeedsMore.class", folder)
    shutil.copytree(java.classes / "com", tmp_path / "half" / "com")
    outcome = java.send(java.target(f"faulty.Loading$NeedsMore.{method}", class_path=(tmp_path / "half",)))
    assert error_of(outcome).type == "java.lang.NoClassDefFoundError"
    assert error_of(outcome).message == "faulty.Loading$Absent, which the handler needs, is not on the class path"


def test_what_the_cloud_brings_must_be_named_here(java: JavaBench) -> None:
    error = error_of(java.send("handlers.Events.jsonObject"))
    assert error.type == "java.lang.NoClassDefFoundError"
    assert error.message == (
        f"com.google.gson.JsonObject, which the handler needs, is not on the class path; the cloud has it: {NAME_GSON}"
    )


def test_the_runtimes_own_interfaces_must_be_named_here_as_well(java: JavaBench, tmp_path: Path) -> None:
    (tmp_path / "bare" / "handlers").mkdir(parents=True)
    shutil.copy(java.classes / "handlers" / "Plain.class", tmp_path / "bare" / "handlers")
    error = error_of(java.send(java.target("handlers.Plain.raw", class_path=(tmp_path / "bare",))))
    assert error.message == (
        "com.huawei.services.runtime.Context, which the handler needs, is not on the class path; the cloud has it: "
        + NAME_GSON.replace("gson", "runtime")
    )


def test_the_stack_of_a_failed_constructor_is_the_users(java: JavaBench) -> None:
    outcome = java.send("faulty.Loading$ConstructorRaises.handle")
    assert error_of(outcome).stack == ("at faulty.Loading$ConstructorRaises.<init>(Loading.java:56)",)
    assert "java.lang.IllegalStateException: cannot be built" in outcome.logs


def test_there_is_nothing_to_load_without_a_class_path(java: JavaBench) -> None:
    error = error_of(java.send(java.target("faulty.Raising.handle", class_path=())))
    assert error.message == "faulty.Raising is nowhere on the class path"


# Events


@pytest.mark.parametrize("wire", [b'{ "a" : 1.10,\n"a":1E400 }', b'"text"', b"null", '["中"]'.encode()])
def test_a_string_is_the_raw_text(warm: JavaBench, wire: bytes) -> None:
    assert warm.body("handlers.Plain.raw", wire) == wire.decode()


def test_a_json_object_is_made_by_the_gson_of_the_handler(java: JavaBench) -> None:
    target = java.target("handlers.Events.jsonObject", gson=True)
    assert java.body(target, b'{"id":"a","n":1}') == 'com.google.gson.JsonObject a {"id":"a","n":1.0}'


def test_an_object_of_a_class_is_made_by_gson(java: JavaBench) -> None:
    target = java.target("handlers.Events.pojo", gson=True)
    assert java.body(target, b'{"id":"a","amount":2.5,"item":{"name":"disc"}}') == "a 2.5 disc"


def test_a_gson_that_maven_has_fetched_stands_in_for_the_clouds(java: JavaBench, empty_caches: Path) -> None:
    """Section 4: the runtime brings Gson, so a project may leave it out of its package."""
    jar = empty_caches / ".m2/repository/com/google/code/gson/gson/2.10.1/gson-2.10.1.jar"
    jar.parent.mkdir(parents=True)
    pack(java.gson, jar)
    assert java.body("handlers.Events.pojo", b'{"id":"a","amount":1.5,"item":{"name":"n"}}') == "a 1.5 n"
    assert java.body("handlers.Events.jsonObject", b'{"id":"a"}') == 'com.google.gson.JsonObject a {"id":"a"}'
    assert java.body("handlers.Results.give", "bean") == '{"statusCode":200,"headers":{}}'


def test_the_projects_own_gson_comes_first(java: JavaBench, empty_caches: Path) -> None:
    jar = empty_caches / ".m2/repository/com/google/code/gson/gson/9.0/gson-9.0.jar"
    jar.parent.mkdir(parents=True)
    with zipfile.ZipFile(jar, "w") as broken:
        broken.writestr("com/google/gson/Gson.class", "no class")
        broken.writestr("com/google/gson/JsonArray.class", "no class")
    own = java.target("handlers.Events.jsonObject", gson=True)
    assert java.body(own, b'{"id":"a"}') == 'com.google.gson.JsonObject a {"id":"a"}'
    mixed = java.send(java.target("faulty.Loading$NeedsArray.handle", gson=True))
    assert error_of(mixed).message.startswith("com.google.gson.JsonArray, which the handler needs, is not on")


def test_gson_is_told_the_whole_type(warm: JavaBench) -> None:
    assert warm.body(warm.target("handlers.Plain.list", gson=True), b"[1,2]") == "ArrayList [1.0, 2.0]"
    assert warm.body(warm.target("handlers.Events.number", gson=True), b"5") == "int 5"


def test_an_event_that_gson_refuses_is_the_handlers_error(java: JavaBench) -> None:
    outcome = java.send(java.target("handlers.Events.jsonObject", gson=True), b"[1]")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "java.lang.ClassCastException"
    assert "com.google.gson" in outcome.error.stack[0]


@pytest.mark.parametrize(
    ("method", "wire", "seen"),
    [
        (
            "map",
            b'{"a": [1, true, null, "\\u4e2d\\n\\ud83d\\ude00"], "b": {"c": -0.5e1}}',
            "{a=[1.0, true, null, 中\n😀], b={c=-5.0}}",
        ),
        ("list", b"[]", "ArrayList []"),
        ("any", b"12", "Double 12.0"),
        ("any", b' "x" ', "String x"),
        ("any", b"{}", "LinkedHashMap {}"),
        ("any", b"null", "null"),
    ],
)
def test_plain_values_need_no_gson(warm: JavaBench, method: str, wire: bytes, seen: str) -> None:
    assert warm.body(f"handlers.Plain.{method}", wire) == seen


@pytest.mark.parametrize(
    ("method", "wire", "message"),
    [
        ("map", b"[1]", "the event is no Map"),
        ("any", b"[1,", "not JSON: expected a value at character 4"),
        ("any", b"{1:2}", "not JSON: expected a key in quotes at character 2"),
        ("any", b'["\\x"]', "not JSON: an unknown escape at character 5"),
        ("any", b"01", "not JSON: a number that is none at character 3"),
        ("any", b"1 2", "not JSON: more text after the value at character 3"),
        ("any", b"[" * 2000, "not JSON: more than 1000 levels at character 1001"),
    ],
)
def test_an_event_that_is_none_of_these_is_the_handlers_error(
    warm: JavaBench, method: str, wire: bytes, message: str
) -> None:
    outcome = warm.send(f"handlers.Plain.{method}", wire)
    assert error_of(outcome) == HandlerError("java.lang.IllegalArgumentException", message, ())
    assert json.loads(outcome.body)["errorMessage"] == f"IllegalArgumentException: {message}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False, width=32) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_value_goes_through_our_own_json_and_back(warm: JavaBench, value: Any) -> None:
    wire = json.dumps(value).encode()
    text = warm.body("handlers.Results.echo", wire)
    assert (
        (value is None and text == "")
        or (isinstance(value, str) and text == value)
        or json.loads(text) == pruned(value)
    )


def pruned(value: Any) -> Any:
    """Without members that are null: Gson leaves them out, and so do we."""
    if isinstance(value, dict):
        return {key: pruned(each) for key, each in value.items() if each is not None}
    return [pruned(each) for each in value] if isinstance(value, list) else value


# Results


@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("null", ""),
        ("string", "as <it> is 中"),
        ("empty", ""),
        ("int", "42"),
        ("double", "1.5"),
        ("true", "true"),
        ("char", '"c"'),
        ("enum", '"RED"'),
        ("list", '[1,"two",null,[]]'),
        ("array", "[1,2]"),
        ("map", '{"a b":"\\u003c\\"\\n\\u0001中\\u003e"}'),
        ("bean", '{"statusCode":200,"headers":{},"inherited":"too"}'),
    ],
)
def test_a_string_is_the_body_as_it_is_and_anything_else_is_json(warm: JavaBench, asked: str, body: str) -> None:
    assert warm.body("handlers.Results.give", asked) == body


def test_a_method_without_result_gives_an_empty_body(warm: JavaBench) -> None:
    assert warm.body("handlers.Results.nothing") == ""
    assert warm.body("handlers.Results.number") == "7"


def test_where_there_is_gson_it_writes_the_results(java: JavaBench) -> None:
    target = java.target("handlers.Results.give", gson=True)
    assert java.body(target, "bean") == '{"statusCode":200,"headers":{}}'
    assert java.body(target, "string") == "as <it> is 中"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("nan", "IllegalArgumentException: NaN is not a number that JSON has"),
        ("thread", "IllegalArgumentException: Object of type java.lang.Thread has no JSON form"),
        ("circular", "it holds itself, or is too deep"),
        ("hostile", "IllegalStateException: not today"),
    ],
)
def test_a_result_without_json_is_invalid(warm: JavaBench, asked: str, reason: str) -> None:
    outcome = warm.send("handlers.Results.give", asked)
    assert isinstance(outcome, InvalidResponse)
    assert outcome.message == f"function result is invalid, error: {reason}"
    assert json.loads(outcome.body) == {"errorMessage": outcome.message, "stackTrace": []}
    assert lines_between(outcome.logs) == [f"T ID {outcome.message}"]


def test_a_result_may_be_as_large_as_the_platform_takes_and_no_larger(java: JavaBench) -> None:
    assert len(java.body("handlers.Results.give", "limit")) == 6291456
    outcome = java.send("handlers.Results.give", "over")
    assert isinstance(outcome, InvalidResponse)
    assert outcome.body == b"response body size 6291457 exceeds the limit of 6291456"


# The context (runtime.md section 2.5)


def test_every_method_of_the_context_gives_what_the_documents_say(java: JavaBench) -> None:
    target = java.target("handlers.Contexts.huawei", environment=(("BUCKET", "photos"),))
    outcome = java.send(target)
    assert json.loads(outcome.body) == {
        "getRequestID": outcome.request_id,
        "getRunningTimeInSeconds": 15,
        "getMemorySize": 512,
        "getCPUNumber": 600,
        "getProjectID": "0" * 32,
        "getPackage": "default",
        "getFunctionName": "demo",
        "getVersion": "latest",
        "getAlias": "",
        "getAccessKey": "",
        "getSecretKey": "",
        "getSecurityAccessKey": "",
        "getSecuritySecretKey": "",
        "getSecurityToken": "",
        "getToken": "",
        "getInvokeProperty": "",
        "getTraceID": outcome.request_id,
        "getInvokeID": outcome.request_id,
        "getWorkflowID": "",
        "getWorkflowRunID": "",
        "getWorkflowStateID": "",
        "instance": 32,
        "known": "photos",
        "unknown": "null",
        "left": True,
    }


def test_java_keeps_seconds_and_numbers_where_other_runtimes_are_strict(warm: JavaBench) -> None:
    outcome = warm.send(warm.target("handlers.Contexts.huawei", strict_context=True, timeout_s=2.5))
    assert json.loads(outcome.body)["getRunningTimeInSeconds"] == 3


@pytest.mark.parametrize(("method", "level", "words"), [("otc", "INFO", "OTC"), ("old", "WARN", "old")])
def test_the_context_is_of_whichever_package_the_handler_names(
    warm: JavaBench, method: str, level: str, words: str
) -> None:
    outcome = warm.send(f"handlers.Contexts.{method}")
    assert outcome.body == b"demo 512"
    assert lines_between(outcome.logs) == [f"T ID {level} by the {words} interface"]


def test_an_interface_says_which_types_it_wants(warm: JavaBench) -> None:
    """Numbers as text, a long, a default of ``getUserData``, a method with a body of its own."""
    assert warm.body("handlers.Contexts.edition") == "hello 36 512 600 instead latest"


def test_an_interface_of_the_users_own_may_have_no_more_than_is_used(warm: JavaBench) -> None:
    """Where FunctionGraph's library is not at hand, a file with the methods that are called will do."""
    assert warm.body("handlers.Contexts$Own.handle") == "demo"


def test_a_method_that_functiongraph_does_not_have_raises(warm: JavaBench) -> None:
    error = error_of(warm.send("handlers.Contexts.unknown"))
    assert error.type == "java.lang.UnsupportedOperationException"
    assert error.message == "Context.getWeather is no method that FunctionGraph has"
    assert error.stack[-1].startswith("at handlers.Contexts.unknown(Contexts.java:")


def test_a_context_is_an_object_like_others(warm: JavaBench) -> None:
    assert warm.body("handlers.Contexts.parts") == "truefalsetruetrue"


def test_the_remaining_time_stops_at_zero(java: JavaBench) -> None:
    target = java.target("handlers.Contexts.late", timeout_s=1.0)
    assert java.body(target) == "kept"
    assert java.body(target) == "0 true"


def test_state_is_the_instances(java: JavaBench) -> None:
    target = java.target("handlers.Contexts.state")
    assert java.body(target, "first") == ""
    assert java.body(target, "second") == '"first"'


def test_the_level_can_be_read_off_the_context_printed_by_gson(java: JavaBench) -> None:
    """The published sample FGLogSample2 does so, since there is no method for it."""
    target = java.target("handlers.Contexts.level", gson=True)
    assert java.body(target) == '{"logger":{"logLevel":"INFO"}}'


# The logger (runtime.md section 2.6)


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        ("DEBUG", ["DEBUG d", "INFO i", "WARN w", "ERROR e"]),
        ("INFO", ["INFO i", "WARN w", "ERROR e"]),
        ("WARN", ["WARN w", "ERROR e"]),
        ("ERROR", ["ERROR e"]),
        ("TRACE", ["INFO i", "WARN w", "ERROR e"]),
    ],
)
def test_a_level_hides_what_is_below_it_and_log_is_always_shown(java: JavaBench, level: str, shown: list[str]) -> None:
    outcome = java.send("handlers.Logs.levels", level)
    assert lines_between(outcome.logs) == [f"T ID {each}" for each in (*shown, "INFO always")]


def test_a_message_is_printed_as_it_is(warm: JavaBench) -> None:
    assert lines_between(warm.send("handlers.Logs.text").logs) == [
        "T ID INFO two",
        "lines 中文",
        "T ID INFO null",
        "T ID INFO ",
        "T ID INFO %s {} 100%",
    ]


def test_a_long_record_becomes_several(warm: JavaBench) -> None:
    lines = lines_between(warm.send("handlers.Logs.large").logs)
    assert lines == ["T ID INFO " + "x" * 92160, "T ID INFO " + "x" * 10]


def test_what_is_printed_is_in_the_log_raw(warm: JavaBench) -> None:
    outcome = warm.send("handlers.Logs.printed")
    assert [*lines_between(outcome.logs)[:2]] == ["out 中", "err"]
    assert "no end of line" in outcome.logs


# Errors (runtime.md section 4: two keys, no class)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ("plain", "java.lang.IllegalStateException", 'boom "<x>"\n中'),
        ("bare", "java.lang.NullPointerException", ""),
        ("checked", "java.io.IOException", "no such thing"),
        ("own", "faulty.Raising$OwnException", "mine"),
        ("error", "java.lang.AssertionError", "never"),
        ("recursion", "java.lang.StackOverflowError", ""),
        ("interrupt", "java.lang.InterruptedException", "stop"),
        ("sneaky", "java.lang.Exception", "undeclared"),
    ],
)
def test_what_a_handler_throws_is_raised(warm: JavaBench, asked: str, error: str, message: str) -> None:
    target = warm.target("faulty.Raising.handle")
    outcome = warm.send(target, asked)
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == (error, message)
    name = re.split(r"[.$]", error)[-1]
    summary = f"{name}: {message}" if message else name
    assert outcome.body.decode() == f'{{"errorMessage": {json.dumps(summary, ensure_ascii=False)}, "stackTrace": []}}'
    assert warm.body(target, "next") == "fine"


def test_the_stack_ends_where_the_users_code_does(warm: JavaBench) -> None:
    outcome = warm.send("faulty.Raising.handle", "checked")
    assert error_of(outcome).stack == ("at faulty.Raising.handle(Raising.java:10)",)
    assert lines_between(outcome.logs) == [
        "T ID IOException: no such thing",
        "java.io.IOException: no such thing",
        "\tat faulty.Raising.handle(Raising.java:10)",
    ]
    assert "'(invoke Failed), duration: " in outcome.logs


def test_causes_and_suppressed_errors_are_told(warm: JavaBench) -> None:
    stack = error_of(warm.send("faulty.Raising.handle", "cause")).stack
    assert stack[:3] == (
        "at faulty.Raising.handle(Raising.java:12)",
        "Caused by: java.io.IOException: inner",
        "at faulty.Raising.deep(Raising.java:35)",
    )
    assert "\tSuppressed: java.io.IOException: second" in warm.send("faulty.Raising.handle", "suppressed").logs


def test_an_error_that_raises_when_it_is_asked_is_told_as_far_as_it_goes(warm: JavaBench) -> None:
    target = warm.target("faulty.Raising.handle")
    error = error_of(warm.send(target, "hostile"))
    assert error.type == "faulty.Raising$Hostile"
    assert error.message == "<no message: java.lang.IllegalStateException>"
    assert warm.body(target, "next") == "fine"


def test_an_endless_message_is_cut(warm: JavaBench) -> None:
    error = error_of(warm.send("faulty.Raising.handle", "long"))
    assert error.message == "y" * 262144 + "… (300000 characters)"


# Initializer and pre-stop


def test_the_initializer_runs_once_on_the_object_of_the_handler(java: JavaBench) -> None:
    target = java.target("handlers.Life.handle", initializer="handlers.Life.initializer")
    first = java.send(target)
    assert first.body == b"initializer initializer 1 nothing"
    assert re.search(f"^{STAMP} initializer INFO getting ready\n{STAMP} Start invoke", first.logs)
    assert first.init_ms is not None
    assert java.body(target) == "initializer initializer 2 nothing"


def test_the_initializer_may_be_another_classs(java: JavaBench) -> None:
    target = java.target("handlers.Life.handle", initializer="handlers.Life$Other.initializer")
    assert java.body(target) == "nothing 1 other"


def test_without_a_class_it_is_the_handlers(java: JavaBench) -> None:
    target = java.target("handlers.Life.handle", initializer="initializer")
    assert java.body(target) == "initializer initializer 1 nothing"


@pytest.mark.parametrize(
    ("initializer", "error", "message"),
    [
        ("handlers.Life.failing", "java.lang.IllegalStateException", "not ready"),
        ("handlers.Absent.initializer", "java.lang.ClassNotFoundException", "handlers.Absent is nowhere"),
        ("handlers.Life.absent", "java.lang.NoSuchMethodException", "handlers.Life has no method absent; it has "),
        (
            "faulty.Loading.initializer",
            "java.lang.NoSuchMethodException",
            "faulty.Loading.initializer must take a Context and nothing else; it is initializer(Context, String)",
        ),
    ],
)
def test_an_initializer_that_fails_keeps_the_handler_from_running(
    java: JavaBench, initializer: str, error: str, message: str
) -> None:
    outcome = java.send(java.target("handlers.Life.handle", initializer=initializer))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == error
    assert outcome.error.message.startswith(message)
    assert f" initializer {error.rpartition('.')[2]}: {message}" in outcome.logs


@pytest.mark.parametrize(
    ("pre_stop", "said"),
    [
        ("handlers.Life.preStop", "prestop INFO last words of nothing"),
        ("handlers.Life.prestop", "last words without a context"),
        ("prestop", "last words without a context"),
        ("handlers.Life.failingStop", "prestop IllegalStateException: no end"),
    ],
)
def test_pre_stop_runs_before_an_instance_is_let_go(
    java_classes: Path, tmp_path: Path, pre_stop: str, said: str
) -> None:
    """Published samples have it without parameters, openYuanrong calls it with a context."""
    heard: list[str] = []
    invoker = Invoker(on_leave=lambda target, words: heard.append(words))
    java = JavaBench(Bench(tmp_path, invoker), java_classes)
    java.body(java.target("handlers.Life.handle", pre_stop=pre_stop))
    invoker.close(patience_s=30)
    assert len(heard) == 1
    assert said in heard[0]


def test_a_pre_stop_that_is_missing_is_said_at_the_start(java: JavaBench) -> None:
    outcome = java.send(java.target("handlers.Life.handle", pre_stop="handlers.Life.absent"))
    assert error_of(outcome).message.startswith("handlers.Life has no method absent")


# Shapes of handlers


@pytest.mark.parametrize(
    ("spec", "body"),
    [
        ("handlers.Shapes.overloaded", "chosen"),
        ("handlers.Shapes.fixed", "static"),
        ("handlers.Shapes.inherited", "inherited by Shapes"),
        ("handlers.Shapes.replaced", "child"),
        ("handlers.Shapes.generic", "generic 1"),
        ("handlers.Shapes.byDefault", "default"),
        ("handlers.Shapes$Nested.handle", "nested"),
    ],
)
def test_a_handler_may_be_overloaded_inherited_static_generic_or_nested(warm: JavaBench, spec: str, body: str) -> None:
    assert warm.body(spec, b"1") == body


# Surroundings (runtime.md sections 2.7 and 2.8)


def test_surroundings_are_the_handlers_own(java: JavaBench) -> None:
    target = java.target("handlers.Life.surroundings", environment=(("BUCKET", "photos"),))
    assert json.loads(java.body(target)) == {
        "thread": "handler",
        "loader": True,
        "host": False,
        "sql": True,
        "variable": "photos",
        "handler": "handlers.Life.surroundings",
        "folder": str(java.classes.resolve()),
        "arguments": str(java.classes),
        "encoding": "UTF-8",
        "temporary": "/tmp",
        "input": -1,
    }


def test_nothing_is_written_beside_the_handler_or_into_the_temporary_folder(java: JavaBench) -> None:
    before = {*java.classes.rglob("*"), *Path("/tmp").glob("hsperfdata*/*")}
    java.body("handlers.Life.handle")
    assert {*java.classes.rglob("*"), *Path("/tmp").glob("hsperfdata*/*")} <= before


def test_resources_lie_on_the_class_path(java: JavaBench, tmp_path: Path) -> None:
    folder = tmp_path / "a folder 中"
    folder.mkdir()
    (folder / "greeting 中.txt").write_text("hello", "utf-8")
    target = java.target("handlers.Life.resource", class_path=(folder, java.classes))
    assert java.body(target) == "hello"
    (folder / "greeting 中.txt").write_text("changed", "utf-8")
    assert java.body(target) == "changed"


# Warm instances


def test_a_class_that_was_compiled_again_is_loaded_again(java: JavaBench, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(java.classes, folder)
    target = java.target("handlers.Life.handle", class_path=(folder,))
    assert java.body(target) == "nothing 1 nothing"
    assert java.body(target) == "nothing 2 nothing"
    other = folder / "handlers" / "Life$Other.class"
    replacement = other.read_bytes().replace(b"\x00\x07nothing", b"\x00\x07changed")
    other.with_suffix(".new").write_bytes(replacement)
    other.with_suffix(".new").rename(other)
    assert java.body(target) == "nothing 1 changed"


def test_a_jar_that_was_built_again_is_loaded_again(java: JavaBench, tmp_path: Path) -> None:
    jar = jar_of(java.classes, tmp_path / "handler.jar")
    target = java.target("handlers.Life.handle", class_path=(jar,))
    assert java.body(target) == "nothing 1 nothing"
    assert java.body(target) == "nothing 2 nothing"
    jar_of(java.classes, tmp_path / "new.jar").rename(jar)
    assert java.body(target) == "nothing 1 nothing"


def test_a_jar_in_a_folder_with_odd_letters_works(java: JavaBench, tmp_path: Path) -> None:
    folder = tmp_path / "a%20b 中 #1"
    folder.mkdir()
    jar = jar_of(java.classes, folder / "handler+1.jar")
    assert java.body(java.target("handlers.Plain.raw", class_path=(jar,)), b"1") == "1"


def jar_of(classes: Path, jar: Path) -> Path:
    shutil.make_archive(str(jar.with_suffix("")), "zip", classes)
    return jar.with_suffix(".zip").rename(jar)


def test_memory_and_version_are_told(warm: JavaBench) -> None:
    exchange = warm.bench.exchange(warm.target("handlers.Plain.raw"), 1)
    assert re.fullmatch(r"java\d+", exchange.target.runtime or "")
    assert isinstance(exchange.outcome, Returned)
    assert 20 < (exchange.outcome.memory_mb or 0) < 200
    assert exchange.target.code_sha256


# Debugging


def test_a_debugger_is_waited_for_before_anything_runs(java: JavaBench) -> None:
    """The wire protocol of JDWP: greeting, the event that it has started, the command that lets the machine run."""
    resume = (11).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes([0, 1, 9])
    addresses: list[str] = []
    connections: list[socket.socket] = []

    def attach(address: str) -> None:
        addresses.append(address)
        threading.Thread(target=let_run, args=[address]).start()

    def let_run(address: str) -> None:
        host, _, port = address.rpartition(":")
        while not connections:
            try:
                connections.append(socket.create_connection((host, int(port)), timeout=30))
            except ConnectionRefusedError:
                continue
        connections[0].sendall(b"JDWP-Handshake")
        connections[0].recv(14, socket.MSG_WAITALL)
        size = int.from_bytes(connections[0].recv(4, socket.MSG_WAITALL), "big")
        connections[0].recv(size - 4, socket.MSG_WAITALL)  # before it has started there is nothing to resume
        connections[0].sendall(resume)

    target = java.target("handlers.Plain.raw", debug_port=0, timeout_s=0.001)
    try:
        assert java.body(target, 7, on_attach=attach) == "7"
    finally:
        for connection in connections:
            connection.close()
    assert re.fullmatch(r"127\.0\.0\.1:\d+", addresses[0])
