"""Calls of a deployed function: what is sent, and how what comes back is understood."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator

import pytest

from fgtui.errors import ConfigError, UsageError
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.invoke.outcome_words import was_unsent
from tests.invoke.deployed import (
    KEYS,
    LOG,
    PROJECT,
    REQUEST_ID,
    SUMMARY,
    URN,
    Given,
    a_profile,
    call,
    deployed,
    failed,
    refused,
    returned,
)
from tests.invoke.http_servers import (
    Server,
    Step,
    a_port_nobody_listens_at,
    answer,
    redirect,
    reset,
    serving,
    stall,
    truncated,
)

PATH = f"/v2/{PROJECT}/fgs/functions/{URN.replace(':', '%3A')}/invocations"


def outcome_of(step: Step, **more: object) -> Outcome:
    with serving(step) as server:
        return call(deployed(server.url, **more))


@pytest.fixture
def service() -> Iterator[Server]:
    with serving(returned()) as server:
        yield server


# What is sent


def test_the_event_is_sent_as_it_was_written_and_the_log_is_asked_for(service: Server) -> None:
    call(deployed(service.url), '{"price": 52.0,  "name": "café"}')
    (request,) = service.requests
    assert (request.method, request.target) == ("POST", PATH)
    assert request.body == '{"price": 52.0,  "name": "café"}'.encode()
    assert request.header("x-cff-log-type") == "tail"
    assert request.header("content-type") == "application/json"
    assert request.header("x-project-id") == PROJECT
    assert request.header("x-cff-request-version") is None
    assert request.header("x-cff-instance-memory") is None


def test_an_alias_memory_and_the_version_of_the_answer_are_sent_where_they_are_asked_for(service: Server) -> None:
    call(deployed(service.url, URN.replace("latest", "!prod"), request_version="v1", memory_mb=512))
    (request,) = service.requests
    assert request.target == PATH.replace("latest", "%21prod")
    assert request.header("x-cff-request-version") == "v1"
    assert request.header("x-cff-instance-memory") == "512"


def test_the_project_of_the_profile_goes_before_that_of_the_urn(service: Server) -> None:
    call(deployed(service.url, profile=a_profile(service.url, project_id="other")))
    assert service.requests[0].target.startswith("/v2/other/fgs/")
    assert service.requests[0].header("x-project-id") == "other"


def test_a_profile_without_a_project_calls_in_that_of_the_urn(service: Server) -> None:
    call(deployed(service.url, profile=a_profile(service.url, project_id=None)))
    assert service.requests[0].target == PATH
    assert service.requests[0].header("x-project-id") == PROJECT


def test_a_token_takes_the_place_of_a_signature(service: Server) -> None:
    call(deployed(service.url, credentials=Given(Token("MIIT"))))
    assert service.requests[0].header("x-auth-token") == "MIIT"
    assert service.requests[0].header("authorization") is None


# What the official SDK sends


@pytest.mark.parametrize("version", ["latest", "v1.0", "!prod"])
@pytest.mark.parametrize("keys", [KEYS, Keys(KEYS.access_key, KEYS.secret_key, "EXAMPLESECURITYTOKEN==")])
def test_a_call_is_byte_for_byte_what_the_official_sdk_sends(
    version: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    urn = URN.replace("latest", version)
    with serving(returned()) as server:
        by_sdk(
            server,
            urn,
            keys,
            "invoke_function",
            {"name": "café", "n": 1},
            x_cff_log_type="tail",
            monkeypatch=monkeypatch,
        )
        call(deployed(server.url, urn, credentials=Given(keys)), server.requests[0].body)
        theirs, ours = server.requests
    assert_same_request(ours.raw, theirs.raw)


def test_a_call_that_asks_for_memory_and_version_is_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(returned()) as server:
        by_sdk(
            server, URN, KEYS, "invoke_function", {}, monkeypatch=monkeypatch,
            x_cff_log_type="tail", x_cff_request_version="v1", x_cff_instance_memory="512",
        )  # fmt: skip
        call(deployed(server.url, memory_mb=512, request_version="v1"), server.requests[0].body)
        theirs, ours = server.requests
    assert_same_request(ours.raw, theirs.raw)


def test_an_asynchronous_call_and_the_question_after_its_status_are_too(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = answer(202, json.dumps({"request_id": REQUEST_ID}).encode())
    done = answer(200, json.dumps({"invocations": [{"request_id": REQUEST_ID, "status": "SUCCESS"}]}).encode())
    with serving(taken, done, taken, done) as server:
        by_sdk(server, URN, KEYS, "async_invoke_function", {"a": 1}, monkeypatch=monkeypatch)
        by_sdk(server, URN, KEYS, "list_async_invocations", None, monkeypatch=monkeypatch, request_id=REQUEST_ID)
        call(deployed(server.url, is_asynchronous=True), server.requests[0].body)
        theirs, ours = server.requests[:2], server.requests[2:]
    for mine, sdk in zip(ours, theirs, strict=True):
        assert_same_request(mine.raw, sdk.raw)


def by_sdk(
    server: Server, urn: str, keys: Keys, method: str, body: object, *, monkeypatch: pytest.MonkeyPatch, **more: str
) -> None:
    """One call of the official SDK, unmodified but for its clock, and its name the one that fgtui gives itself."""
    import huaweicloudsdkfunctiongraph.v2 as sdk
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.signer import signer

    from fgtui.invoke.service.client import USER_AGENT
    from tests.invoke.deployed import NOW

    class Clock(signer.datetime):
        @classmethod
        def utcnow(cls) -> object:
            return NOW.replace(tzinfo=None)

    monkeypatch.setattr(signer, "datetime", Clock)
    credentials = BasicCredentials(keys.access_key, keys.secret_key, PROJECT)
    if keys.security_token is not None:
        credentials = credentials.with_security_token(keys.security_token)
    client = sdk.FunctionGraphClient.new_builder().with_credentials(credentials).with_endpoints([server.url]).build()
    client._agent = {"User-Agent": USER_AGENT}
    client._config.user_agent = ""
    names = {"invoke_function": "InvokeFunctionRequest", "async_invoke_function": "AsyncInvokeFunctionRequest"}
    request = getattr(sdk, names.get(method, "ListAsyncInvocationsRequest"))(function_urn=urn, **more)
    if body is not None:
        request.body = body
    getattr(client, method)(request)
    client.get_http_client().close()


def assert_same_request(ours: bytes, theirs: bytes) -> None:
    """Request line, signed headers, signature and body are the same.

    What differs is what requests and urllib3 add unsigned: Accept, Accept-Encoding and Connection.
    """
    assert ours.split(b"\r\n", 1)[0] == theirs.split(b"\r\n", 1)[0]
    assert ours.partition(b"\r\n\r\n")[2] == theirs.partition(b"\r\n\r\n")[2]
    mine, sdk = signed_lines(ours), signed_lines(theirs)
    assert mine == sdk
    assert any(line.startswith(b"authorization:") for line in mine)


def signed_lines(request: bytes) -> set[bytes]:
    """Header lines but those nobody signs, names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    pairs = ((name.lower(), value) for name, _, value in (line.partition(b":") for line in lines))
    return {b"%b:%b" % pair for pair in pairs if pair[0] not in {b"accept", b"accept-encoding", b"connection"}}


# What the function returned


def test_the_answer_is_the_functions_result_and_headers_say_the_rest(service: Server) -> None:
    heard: list[str] = []
    outcome = call(deployed(service.url), on_log=heard.append)
    assert isinstance(outcome, Returned)
    assert outcome.body == b'{"ok": true}'
    assert (outcome.duration_ms, outcome.memory_mb) == (1.913, 41.51171875)
    assert outcome.request_id == REQUEST_ID
    assert outcome.status_code is None
    assert outcome.logs == LOG
    assert heard == [LOG]
    assert not outcome.logs_truncated
    assert dict(outcome.headers)["X-Cff-Invoke-Summary"] == SUMMARY
    assert "X-Cff-Function-Log" not in dict(outcome.headers)


def test_a_log_whose_beginning_is_left_out_says_so_and_begins_with_a_whole_character() -> None:
    tail = "café\n".encode()[4:]
    outcome = outcome_of(
        answer(200, b"1", (("X-Func-Err-Code", "0"), ("X-Cff-Function-Log", base64.b64encode(tail + b"end").decode())))
    )
    assert outcome.logs == "\nend"
    assert outcome.logs_truncated


@pytest.mark.parametrize("encoded", ["not base64!", "YQ", "=", "YWJj YWJj"])
def test_a_log_that_is_no_base64_stays_among_the_headers(encoded: str) -> None:
    outcome = outcome_of(answer(200, b"1", (("X-Func-Err-Code", "0"), ("X-Cff-Function-Log", encoded))))
    assert outcome.logs == ""
    assert dict(outcome.headers)["X-Cff-Function-Log"] == encoded


def test_a_wrapped_answer_is_unwrapped_byte_for_byte() -> None:
    body = json.dumps({"request_id": REQUEST_ID, "result": '{"a":  1.0}', "log": LOG, "status": 200}).encode()
    outcome = outcome_of(answer(200, body, (("X-Cff-Response-Version", "v1"),)), request_version="v1")
    assert isinstance(outcome, Returned)
    assert outcome.body == b'{"a":  1.0}'
    assert outcome.logs == LOG
    assert outcome.request_id == REQUEST_ID
    assert (outcome.duration_ms, outcome.memory_mb) == (1.913, 41.512)


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"result": 1}', b'{"ok": true}', b"\xff", b"[" * 100_000])
def test_what_is_no_wrapped_answer_is_the_result_as_it_is(body: bytes) -> None:
    outcome = outcome_of(answer(200, body, (("X-Func-Err-Code", "0"),)), request_version="v1")
    assert isinstance(outcome, Returned)
    assert outcome.body == body


def test_a_function_may_return_the_looks_of_an_error() -> None:
    outcome = outcome_of(returned(b'{"errorMessage": "on purpose"}'))
    assert isinstance(outcome, Returned)


def test_an_answer_that_api_gateway_would_refuse_is_invalid_for_its_events() -> None:
    with serving(returned(b'"text"')) as server:
        assert isinstance(call(deployed(server.url), trigger="apig"), InvalidResponse)


@pytest.mark.parametrize(
    "summary",
    [
        "",
        "no JSON",
        "[]",
        '{"duration": "x"}',
        '{"duration": 1e999}',
        '{"duration": -1}',
        '{"duration": true}',
        "[" * 9999,
    ],
)
def test_a_summary_that_says_nothing_sensible_is_left_aside(summary: str) -> None:
    outcome = outcome_of(answer(200, b"1", (("X-Func-Err-Code", "0"), ("X-Cff-Invoke-Summary", summary))))
    assert isinstance(outcome, Returned)
    assert outcome.memory_mb is None
    assert outcome.duration_ms is not None


# Failures of the function


def test_an_exception_of_the_function_is_raised_with_type_message_and_stack() -> None:
    body = (
        b'{"errorMessage": "function invocation exception, error: \'a\'", "errorType": "KeyError", "stackTrace": ["x"]}'
    )
    outcome = outcome_of(failed("4002", body))
    assert isinstance(outcome, Raised)
    assert outcome.error == HandlerError("KeyError", "'a'", ("x",))
    assert outcome.body == body
    assert outcome.status_code is None


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    "headers", [(), (("X-Func-Err-Code", "4002"),), (("X-Is-Func-Err", "true"),), (("x-is-func-err", "True"),)]
)
def test_a_failure_is_known_by_its_headers_and_then_by_its_body_whatever_the_status(
    status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    assert isinstance(outcome_of(answer(status, b'{"errorMessage": "boom"}', headers)), Raised)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"plain text", HandlerError("Error", "plain text")),
        (b"", HandlerError("Error", "")),
        (b'{"errorMessage": "a", "stackTrace": {}}', HandlerError("Error", "a")),
        (b'{"errorMessage": "a", "errorType": 3, "stackTrace": "l1\\nl2"}', HandlerError("Error", "a")),
        ('{"errorMessage": "出错"}'.encode(), HandlerError("Error", "出错")),
        (b"\xff\xfe", HandlerError("Error", "��")),
    ],
)
def test_an_error_body_may_hold_any_part_of_an_error(body: bytes, error: HandlerError) -> None:
    outcome = outcome_of(failed("4002", body))
    assert isinstance(outcome, Raised)
    assert outcome.error == error


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("4001", "function entry exception, error: no module named index", InitFailed),
        ("4009", "function initialization exception, error: boom", InitFailed),
        ("4202", "runtime bootstrap file is not found", InitFailed),
        ("4010", "call invoke timeout 3s", TimedOut),
        ("4211", "call initializer timeout 3s", TimedOut),
        ("4204", "runtime process is exited", Crashed),
        ("4205", "runtime memory limit exceeded", OutOfMemory),
        ("4007", "function result is invalid, error: cyclic", InvalidResponse),
        ("4004", "response body size 7000000 exceeds the limit of 6291456", InvalidResponse),
        ("4207", "disk usage exceed limit", Raised),
        ("", "function initialization exception: boom", InitFailed),
        ("", "function entry exception, error: boom", InitFailed),
        ("4002", "runtime memory limit exceeded", OutOfMemory),
        ("", "runtime process is exited", Crashed),
        ("", "call invoke timeout 3s", TimedOut),
        ("4024", "function metadata not found", Rejected),
        ("150430", "overload", Rejected),
    ],
)
def test_each_inner_code_and_each_text_of_the_platform_has_its_kind(code: str, text: str, kind: type) -> None:
    outcome = outcome_of(failed(code, text))
    assert type(outcome) is kind
    assert outcome.request_id == REQUEST_ID
    if isinstance(outcome, InitFailed):
        assert outcome.error.message in {"no module named index", "boom", "runtime bootstrap file is not found"}
    if isinstance(outcome, TimedOut):
        assert (outcome.limit_s, outcome.stopped_processes) == (3.0, 0)


@pytest.mark.parametrize(("code", "may"), [("150430", False), ("4024", False), ("4208", True), ("999999", True)])
def test_a_failure_that_is_not_the_functions_is_the_services(code: str, may: bool) -> None:
    outcome = outcome_of(failed(code, "inside", flag="false"))
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.message, outcome.may_have_run) == (code, "inside", may)


def test_memory_that_ran_out_names_the_limit_that_the_summary_says() -> None:
    headers = (("X-Func-Err-Code", "4205"), ("X-Cff-Invoke-Summary", '{"memorySize": 256, "memoryUsed": 255.5}'))
    outcome = outcome_of(answer(200, b"runtime memory limit exceeded", headers))
    assert isinstance(outcome, OutOfMemory)
    assert (outcome.limit_mb, outcome.memory_mb) == (256, 255.5)


# The service's no


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"error_code": "FSS.0404", "error_msg": "Not found"}', "FSS.0404", "Not found"),
        (b'{"errorCode": "FSS.0404", "errorMsg": "Not found"}', "FSS.0404", "Not found"),
        (b'{"code": "FSS.0404", "message": "Not found"}', "FSS.0404", "Not found"),
        (b'{"error": {"code": 404, "message": "Not found"}}', "404", "Not found"),
        (b'{"a": 1, "b": {"c": {"error_code": "X", "error_msg": null}}}', "X", ""),
        (b"", "404", "Not Found"),
        (b"<html><body>nginx</body></html>", "404", "Not Found"),
        (b"gone", "404", "gone"),
        (b'["a"]', "404", '["a"]'),
        (b"[" * 100_000, "404", "[" * 200),
    ],
)
def test_the_services_no_is_read_however_it_is_spelled(body: bytes, code: str, message: str) -> None:
    outcome = outcome_of(answer(404, body, (("X-Request-Id", REQUEST_ID),)))
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.message, outcome.status_code) == (code, message, 404)
    assert outcome.body == body
    assert outcome.request_id == REQUEST_ID
    assert not outcome.may_have_run


@pytest.mark.parametrize(
    ("status", "code", "may"),
    [
        (400, "FSS.1309", False), (401, "APIGW.0301", False), (404, "FSS.1051", False), (413, "FSS.0413", False),
        (429, "FSS.0429", False), (408, "FSS.0408", True), (500, "FSS.0500", True), (502, "FSS.0502", True),
        (503, "FSS.0503", True), (504, "FSS.0504", True), (500, "150430", False), (501, "FSS.0501", False),
        (500, "FSS.1202", True), (599, "odd", True),
    ],
)  # fmt: skip
def test_only_what_was_lost_after_it_was_taken_may_have_run(status: int, code: str, may: bool) -> None:
    outcome = outcome_of(refused(status, code, "no"))
    assert isinstance(outcome, Rejected)
    assert outcome.may_have_run is may


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_outcome_and_nobody_goes_there(status: int) -> None:
    with serving() as elsewhere, serving(redirect(f"{elsewhere.url}/x", status)) as server:
        outcome = call(deployed(server.url))
        assert isinstance(outcome, Rejected)
        assert (outcome.status_code, outcome.code) == (status, str(status))
        assert f"{elsewhere.url}/x" in outcome.message
        assert not outcome.may_have_run
        assert elsewhere.requests == []


def test_credentials_that_were_refused_are_forgotten_and_nothing_is_sent_again() -> None:
    given = Given()
    with serving(refused(401, "APIGW.0301", "Incorrect IAM authentication information")) as server:
        call(deployed(server.url, credentials=given))
        assert given.refused == [KEYS]
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_no_answer_makes_the_event_go_out_twice(status: int) -> None:
    with serving(answer(status, b"", (("Retry-After", "0"),))) as server:
        call(deployed(server.url))
        assert len(server.requests) == 1


# No answer


def test_nobody_there_is_unreachable_and_nothing_has_run() -> None:
    with a_port_nobody_listens_at() as port:
        outcome = call(deployed(f"http://127.0.0.1:{port}"))
    assert isinstance(outcome, Unreachable)
    assert not outcome.may_have_run


@pytest.mark.parametrize("step", [reset(), reset(b"HTTP/1.1 200 OK\r\n"), truncated(b"half", 1000)])
def test_a_broken_answer_is_unreachable_and_the_function_may_have_run(step: Step) -> None:
    with serving(step) as server:
        outcome = call(deployed(server.url))
        assert isinstance(outcome, Unreachable)
        assert outcome.may_have_run
        assert len(server.requests) == 1


def test_an_answer_that_breaks_off_tells_its_request_id() -> None:
    head = f"HTTP/1.1 200 OK\r\nX-Cff-Request-Id: {REQUEST_ID}\r\nContent-Length: 9\r\n\r\nhalf".encode()
    outcome = outcome_of(reset(head))
    assert isinstance(outcome, Unreachable)
    assert outcome.request_id == REQUEST_ID


def test_the_time_limit_is_for_the_whole_call() -> None:
    with serving(stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")) as server:
        outcome = call(deployed(server.url, timeout_s=0.2))
    assert isinstance(outcome, TimedOut)
    assert (outcome.limit_s, outcome.stopped_processes) == (0.2, 0)


def test_cancelling_closes_the_line_and_is_cancelled() -> None:
    cancelled = threading.Event()
    with serving(stall()) as server:
        threading.Thread(target=lambda: (server.heard(), cancelled.set())).start()
        outcome = call(deployed(server.url), cancelled=cancelled)
        server.ended()
    assert isinstance(outcome, Cancelled)
    assert not was_unsent(outcome)


def test_who_cancels_while_credentials_are_awaited_hears_that_nothing_was_sent() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with serving() as server:
        outcome = call(deployed(server.url), cancelled=cancelled)
        assert server.requests == []
    assert isinstance(outcome, Cancelled)
    assert was_unsent(outcome)


# What is refused here


@pytest.mark.parametrize(("more", "limit"), [({}, 6 << 20), ({"is_asynchronous": True}, 256 << 10)])
def test_an_event_that_the_service_would_refuse_is_not_uploaded(more: dict[str, bool], limit: int) -> None:
    with serving() as server:
        with pytest.raises(UsageError, match="nothing was sent"):
            call(deployed(server.url, **more), b"1" * (limit + 1))
        assert server.requests == []


def test_an_event_at_the_limit_is_sent(service: Server) -> None:
    assert isinstance(call(deployed(service.url), b"1" * (6 << 20)), Returned)


def test_without_credentials_nothing_is_sent(service: Server) -> None:
    class Missing(Given):
        def get(self, **_: object) -> Credentials:
            raise ConfigError("no keys")

    with pytest.raises(ConfigError, match="no keys"):
        call(deployed(service.url, credentials=Missing()))
    assert service.requests == []


def test_what_a_target_says_of_itself_holds_no_secret() -> None:
    target = deployed("http://127.0.0.1:1")
    assert KEYS.secret_key not in repr(target)
    assert KEYS.secret_key not in repr(KEYS)
