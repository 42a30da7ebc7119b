"""The official Python SDK, unmodified: its endpoint pointed at ours, its signature verified with a profile's keys."""

from __future__ import annotations

import base64
import http.client
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdkfunctiongraph.v2 import (
    AsyncInvokeFunctionRequest,
    CreateEventRequest,
    CreateEventRequestBody,
    DeleteEventRequest,
    FunctionGraphAsyncClient,
    FunctionGraphClient,
    InvokeFunctionRequest,
    ListAsyncInvocationsRequest,
    ListEventsRequest,
    ShowEventRequest,
    UpdateEventRequest,
    UpdateEventRequestBody,
)

from fgtui import config
from fgtui.invoke.model import Exchange
from fgtui.serve.recorder import Handled
from fgtui.serve.serving import ServeOptions
from fgtui.workspace import Workspace, open_workspace
from tests.invoke.harness import wait_until
from tests.serve.endpoints import GUARD_S, Endpoint

ACCESS_KEY = "FGTUIEXAMPLEAK000001"
SECRET_KEY = "fgtui-example-secret-key-0123456789abcdef"
PROJECT = "0123456789abcdef0123456789abcdef"
URN = f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:latest"
PATH = f"/v2/{PROJECT}/fgs/functions/{URN.replace(':', '%3A')}/invocations"
HANDLER = """
import os

def handler(event, context):
    print("hello from the handler")
    what = event.get("do")
    if what == "raise":
        raise ValueError("boom")
    if what == "exit":
        os._exit(3)
    return {"got": event, "id": context.getRequestID()}
"""


SETTINGS = """
[targets.demo]
handler = "index.handler"

[profiles.own]
endpoint = "https://functiongraph.cn-north-4.myhuaweicloud.com"
access_key = "${env:DEMO_AK}"
secret_key = "${env:DEMO_SK}"
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "index.py").write_text(HANDLER)
    (folder / "fgtui.toml").write_text(SETTINGS)
    environment = {
        "FGTUI_HOME": str(tmp_path_factory.mktemp("home")),
        "PATH": os.environ["PATH"],
        "DEMO_AK": ACCESS_KEY,
        "DEMO_SK": SECRET_KEY,
    }
    opened = open_workspace(config.load(folder, environment), environment=environment, trust_project=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def endpoint(workspace: Workspace) -> Iterator[Endpoint]:
    handled: list[Handled] = []
    serving = workspace.serve(
        workspace.target("demo"),
        ServeOptions(port=0),
        on_recorded=handled.append,
        profile=workspace.targets.profile("own"),
    )
    yield Endpoint(serving, handled)
    assert serving.stop(within_s=GUARD_S)


@pytest.fixture(scope="module", autouse=True)
def own_home_of_the_sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """It keeps an id of the application in the person's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@contextmanager
def a_client(
    endpoint: Endpoint,
    access_key: str = ACCESS_KEY,
    secret_key: str = SECRET_KEY,
    security_token: str | None = None,
    kind: Any = FunctionGraphClient,
) -> Iterator[Any]:
    credentials = BasicCredentials(access_key, secret_key, PROJECT)
    if security_token is not None:
        credentials.with_security_token(security_token)
    client = kind.new_builder().with_credentials(credentials).with_endpoint(endpoint.url).build()
    try:
        yield client
    finally:
        client.get_http_client().close()


@pytest.fixture
def client(endpoint: Endpoint) -> Iterator[Any]:
    with a_client(endpoint) as made:
        yield made


def refused(call: Callable[[], object]) -> tuple[int, str, str]:
    with pytest.raises(ServiceResponseException) as caught:
        call()
    assert caught.value.request_id
    return caught.value.status_code, caught.value.error_code, caught.value.error_msg


# Calls


def test_a_call_reaches_the_handler_and_its_result_comes_back(client: Any) -> None:
    event = {"name": "订单 café", "number": 1.5, "list": [None, True]}
    answer = client.invoke_function(
        InvokeFunctionRequest(function_urn=URN, x_cff_request_version="v1", x_cff_log_type="tail", body=event)
    )
    result = json.loads(answer.result)
    assert result["got"] == event
    assert answer.status == 200
    assert answer.request_id == result["id"]
    assert "hello from the handler" in answer.log
    assert f"Finish invoke request '{answer.request_id}'" in answer.log


def test_the_result_is_the_whole_body_where_no_version_is_asked_for(client: Any) -> None:
    answer = client.invoke_function(InvokeFunctionRequest(function_urn=URN, body={}))
    assert answer.status_code == 200
    assert json.loads(answer.raw_content)["got"] == {}
    assert answer.x_cff_request_id


def test_the_client_that_does_not_wait_is_answered_too(endpoint: Endpoint) -> None:
    with a_client(endpoint, kind=FunctionGraphAsyncClient) as client:
        requests = [InvokeFunctionRequest(function_urn=URN, body={"number": number}) for number in range(3)]
        under_way = [client.invoke_function_async(request) for request in requests]
        answers = [json.loads(each.result().raw_content)["got"]["number"] for each in under_way]
    assert answers == [0, 1, 2]


@pytest.mark.parametrize(
    "urn",
    [
        "demo",
        "default:demo",
        f"{PROJECT}:default:demo:!prod",
        URN.removesuffix(":latest"),
        URN.replace("latest", "!prod"),
    ],
)
def test_every_spelling_of_a_function_reaches_it(client: Any, urn: str) -> None:
    assert client.invoke_function(InvokeFunctionRequest(function_urn=urn, body={})).status_code == 200


@pytest.mark.parametrize(("what", "said"), [("raise", "boom"), ("exit", "runtime process is exited")])
def test_a_function_that_fails_is_an_answer_that_says_so(client: Any, what: str, said: str) -> None:
    request = InvokeFunctionRequest(function_urn=URN, x_cff_request_version="v1", body={"do": what})
    answer = client.invoke_function(request)
    assert answer.status_code == 200
    assert answer.status == 500
    assert said in answer.result


@pytest.mark.filterwarnings("ignore:Unable to convert string to datetime")  # the SDK misses a library of its own
def test_an_asynchronous_call_is_followed_to_its_end(client: Any) -> None:
    calls = {
        what: client.async_invoke_function(AsyncInvokeFunctionRequest(function_urn=URN, body={"do": what})).request_id
        for what in ("return", "raise")
    }

    def listed(what: str) -> Any:
        request = ListAsyncInvocationsRequest(function_urn=URN, request_id=calls[what])
        (found,) = client.list_async_invocations(request).invocations
        return found

    wait_until(lambda: listed("return").status == "SUCCESS", "the call has succeeded")
    wait_until(lambda: listed("raise").status == "FAIL", "the other call has failed")
    assert (listed("return").error_code, listed("raise").error_code) == (0, 4002)
    assert "boom" in listed("raise").error_message
    nobody = client.list_async_invocations(ListAsyncInvocationsRequest(function_urn=URN, request_id="nobody's"))
    assert (nobody.count, nobody.invocations) == (0, [])


@pytest.mark.parametrize("urn", ["urn:fss:cn-north-4:p:function", "a b", "a:b:c:d:e", "../../x"])
def test_what_names_no_function_is_refused(client: Any, urn: str) -> None:
    status, code, _ = refused(lambda: client.invoke_function(InvokeFunctionRequest(function_urn=urn, body={})))
    assert status in {400, 404}
    assert code in {"FSS.1309", "FSS.0404"}


def test_too_large_an_event_is_refused_in_the_services_words(client: Any) -> None:
    for call, size in (
        (
            lambda body: client.async_invoke_function(AsyncInvokeFunctionRequest(function_urn=URN, body=body)),
            256 * 1024,
        ),
        (
            lambda body: client.invoke_function(InvokeFunctionRequest(function_urn=URN, body=body)),
            6 * 1024 * 1024 + 100,
        ),
    ):
        status, code, _ = refused(lambda call=call, size=size: call({"x": "x" * size}))
        assert (status, code) == (413, "FSS.0413")


def test_a_memory_that_the_service_does_not_know_is_refused(client: Any) -> None:
    request = InvokeFunctionRequest(function_urn=URN, x_cff_instance_memory="129", body={})
    assert refused(lambda: client.invoke_function(request))[:2] == (406, "FSS.0406")


# Stored test events


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_stored_events_are_made_listed_shown_changed_and_deleted(client: Any) -> None:
    body = CreateEventRequestBody(name="first", content=in_base64('{"k":"v"}'))
    made = client.create_event(CreateEventRequest(function_urn=URN, body=body))
    assert made.name == "first"
    (listed,) = client.list_events(ListEventsRequest(function_urn=URN)).events
    assert (listed.id, listed.name) == (made.id, "first")
    assert abs(listed.last_modified - datetime.now(UTC).timestamp()) < 3600
    shown = client.show_event(ShowEventRequest(function_urn=URN, event_id=made.id))
    assert (shown.name, shown.content) == ("first", in_base64('{"k":"v"}'))
    client.update_event(
        UpdateEventRequest(
            function_urn=URN, event_id=made.id, body=UpdateEventRequestBody(content=in_base64('{"k":"订单"}'))
        )
    )
    assert client.show_event(ShowEventRequest(function_urn="demo", event_id=made.id)).content == in_base64(
        '{"k":"订单"}'
    )
    deleted = client.delete_event(DeleteEventRequest(function_urn=URN, event_id=made.id))
    assert deleted.status_code == 204
    assert client.list_events(ListEventsRequest(function_urn=URN)).count == 0


def test_stored_events_outside_the_rules_are_refused_in_the_services_words(client: Any) -> None:
    def create(name: str, content: str = "{}") -> Any:
        body = CreateEventRequestBody(name=name, content=in_base64(content))
        return client.create_event(CreateEventRequest(function_urn="another", body=body))

    create("first")
    assert refused(lambda: create("first")) == (403, "FSS.1073", "The function event already exists.")
    assert refused(lambda: create("1st"))[:2] == (400, "FSS.1074")
    assert refused(lambda: create("second", json.dumps("x" * 4096)))[:2] == (403, "FSS.1069")
    for number in range(9):
        create(f"event-{number}")
    assert refused(lambda: create("eleventh"))[:2] == (403, "FSS.1068")
    gone = ShowEventRequest(function_urn="another", event_id="gone")
    assert refused(lambda: client.show_event(gone)) == (404, "FSS.1070", "The event cannot be found.")


# Who calls


def test_the_right_keys_are_taken(client: Any) -> None:
    assert client.invoke_function(InvokeFunctionRequest(function_urn=URN, body={})).status_code == 200


@pytest.mark.parametrize(
    ("access_key", "secret_key", "said"),
    [
        (ACCESS_KEY, "another-secret-key", "another secret key"),
        ("ANOTHERACCESSKEY", SECRET_KEY, "ANOTHERACCESSKEY is not known here"),
    ],
)
def test_other_keys_are_refused(endpoint: Endpoint, access_key: str, secret_key: str, said: str) -> None:
    with a_client(endpoint, access_key, secret_key) as client:
        for call in (
            lambda: client.invoke_function(InvokeFunctionRequest(function_urn=URN, body={})),
            lambda: client.async_invoke_function(AsyncInvokeFunctionRequest(function_urn=URN, body={})),
            lambda: client.list_events(ListEventsRequest(function_urn=URN)),
            lambda: client.list_async_invocations(ListAsyncInvocationsRequest(function_urn=URN)),
        ):
            status, code, message = refused(call)
            assert (status, code) == (401, "APIGW.0301")
            assert said in message
            assert SECRET_KEY not in message


def test_a_security_token_that_the_profile_does_not_have_is_refused(endpoint: Endpoint) -> None:
    with a_client(endpoint, security_token="EXAMPLESECURITYTOKEN==") as client:
        status, code, message = refused(lambda: client.list_events(ListEventsRequest(function_urn=URN)))
    assert (status, code) == (401, "APIGW.0301")
    assert "security token" in message
    assert "EXAMPLE" not in message


def signed(endpoint: Endpoint, body: bytes, **headers: str) -> dict[str, str]:
    """The headers that the SDK's signer makes for a call."""
    request = SdkRequest(
        method="POST",
        schema="http",
        host=f"127.0.0.1:{endpoint.port}",
        resource_path=PATH,
        query_params=[],
        header_params={"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}},
        body=body,
    )
    return dict(Signer(BasicCredentials(ACCESS_KEY, SECRET_KEY, PROJECT)).sign(request).header_params)


def posted(endpoint: Endpoint, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
    line = http.client.HTTPConnection("127.0.0.1", endpoint.port)
    try:
        line.request("POST", PATH, body, headers)
        response = line.getresponse()
        return response.status, json.loads(response.read())
    finally:
        line.close()


def a_date(ago: timedelta) -> str:
    return (datetime.now(UTC) - ago).strftime("%Y%m%dT%H%M%SZ")


def test_what_the_signer_signs_is_taken_as_it_is(endpoint: Endpoint) -> None:
    assert posted(endpoint, signed(endpoint, b'{"a": 1}'), b'{"a": 1}')[0] == 200


@pytest.mark.parametrize("ago", [timedelta(hours=1), timedelta(days=400), timedelta(hours=-1)])
def test_a_signature_of_another_time_is_refused(endpoint: Endpoint, ago: timedelta) -> None:
    status, said = posted(endpoint, signed(endpoint, b"{}", X_Sdk_Date=a_date(ago)), b"{}")
    assert (status, said["error_code"]) == (401, "APIGW.0301")


def test_what_was_changed_after_it_was_signed_is_refused(endpoint: Endpoint) -> None:
    headers = signed(endpoint, b'{"a": 1}', X_Cff_Request_Version="v0")
    for changed, body in (
        (headers, b'{"a": 2}'),
        (headers, b""),
        ({**headers, "X-Cff-Request-Version": "v1"}, b'{"a": 1}'),
        ({**headers, "X-Sdk-Date": a_date(timedelta(minutes=1))}, b'{"a": 1}'),
        ({**headers, "Authorization": headers["Authorization"][:-1] + "x"}, b'{"a": 1}'),
        ({**headers, "Authorization": "SDK-HMAC-SHA256 Access=" + ACCESS_KEY}, b'{"a": 1}'),
        ({name: value for name, value in headers.items() if name != "Authorization"}, b'{"a": 1}'),
        ({"X-Auth-Token": "a token", "Content-Type": "application/json"}, b'{"a": 1}'),
    ):
        status, said = posted(endpoint, changed, body)
        assert (status, said["error_code"]) == (401, "APIGW.0301"), changed


def test_the_gateways_side_asks_nobody_for_a_signature(endpoint: Endpoint) -> None:
    assert endpoint.ask("GET /orders").status == 500  # its answer is none, but it was asked


# What is remembered


def test_every_call_is_recorded_with_its_id_and_no_key(workspace: Workspace, endpoint: Endpoint, client: Any) -> None:
    event = {"find": "me", "key": SECRET_KEY}
    request_id = client.invoke_function(InvokeFunctionRequest(function_urn=URN, body=event)).x_cff_request_id

    def kept() -> list[Exchange]:
        return [each.kept for each in endpoint.handled if each.kept and each.kept.outcome.request_id == request_id]

    wait_until(kept, "the call is recorded")
    (told,) = kept()
    recorded = workspace.store.find(told.id)
    assert recorded == told
    assert (recorded.session, json.loads(recorded.event.wire)["find"]) == ("default", "me")
    assert SECRET_KEY.encode() not in recorded.event.wire + recorded.outcome.body


def test_what_was_recorded_can_be_sent_again(workspace: Workspace, endpoint: Endpoint, client: Any) -> None:
    client.invoke_function(InvokeFunctionRequest(function_urn=URN, body={"again": 1}))
    wait_until(
        lambda: any(each.kept and each.kept.event.wire == b'{"again": 1}' for each in endpoint.handled),
        "it is recorded",
    )
    recorded = next(each.kept for each in endpoint.handled if each.kept and each.kept.event.wire == b'{"again": 1}')
    sent = workspace.send(recorded.event, workspace.target("demo"), session=None, replay_of=recorded.id)
    assert json.loads(sent.exchange.outcome.body)["got"] == {"again": 1}
