"""The gateway's side as browsers, curl and load generators use it, and as nobody should: by the bytes they send."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator

import pytest

from tests.serve.endpoints import Endpoint, answers, served

HANDLER = """
import json

def handler(event, context):
    path = event["path"]
    if path == "/page":
        cookies = ["a=1; Path=/", "b=2"]
        return {"statusCode": 200, "headers": {"Content-Type": "text/html", "Set-Cookie": cookies}, "body": "<p>page"}
    if path == "/picture":
        return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "iVBORw==", "isBase64Encoded": True}
    if path == "/raises":
        raise ValueError("boom")
    if path == "/text":
        return "text"
    if path.startswith("/status/"):
        return {"statusCode": int(path.rpartition("/")[2]), "body": "never seen"}
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": json.dumps(event)}
"""

BROWSER = """
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
    Accept-Encoding: gzip, deflate, br, zstd
    Accept-Language: zh-CN,zh;q=0.9
    sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"
    sec-ch-ua-mobile: ?0
    sec-ch-ua-platform: "Linux"
"""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with served(tmp_path_factory.mktemp("code"), HANDLER) as running:
        yield running


@pytest.fixture
def unreached(endpoint: Endpoint) -> Iterator[None]:
    """Checks that what a test sends reaches no handler."""
    before = endpoint.marked("/before", is_past=True)
    yield
    after = endpoint.marked("/after")
    assert [each.path for each in endpoint.handled[before:after] if each.exchange is not None] == []


# A browser


def a_visit(path: str, *more: str) -> str:
    return "\n".join(
        [
            f"GET {path}",
            BROWSER,
            "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
            "Upgrade-Insecure-Requests: 1",
            *(more or ("Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")),
        ]
    ).replace("\n\n", "\n")


def a_fetch(method: str, path: str, origin: str, site: str = "same-origin", mode: str = "cors") -> str:
    return "\n".join(
        [f"{method} {path}", BROWSER.strip(), f"Origin: {origin}", f"Sec-Fetch-Site: {site}", f"Sec-Fetch-Mode: {mode}",
         "Sec-Fetch-Dest: empty", "Referer: " + origin + "/", "Accept: */*"]
    )  # fmt: skip


def test_a_browser_is_shown_the_page_of_a_handler(endpoint: Endpoint) -> None:
    answer = endpoint.ask(a_visit("/page"), host=f"localhost:{endpoint.port}")
    assert (answer.status, answer.body) == (200, b"<p>page")
    assert answer.header("content-type") == ["text/html"]
    assert answer.header("set-cookie") == ["a=1; Path=/", "b=2"]


def test_a_browser_is_shown_a_picture(endpoint: Endpoint) -> None:
    answer = endpoint.ask("GET /picture")
    assert (answer.header("content-type"), answer.body) == (["image/png"], b"\x89PNG")


def test_an_answer_can_be_found_again_by_its_id(endpoint: Endpoint) -> None:
    answer = endpoint.ask("GET /orders")
    assert answer.header("x-request-id") == [answer.json["requestContext"]["requestId"]]


def test_a_page_of_the_endpoint_posts_bytes_to_it(endpoint: Endpoint) -> None:
    own = f"http://127.0.0.1:{endpoint.port}"
    asked = a_fetch("POST", "/orders/7?a=1&a=2&name=%E8%AE%A2", own) + "\nContent-Type: application/octet-stream"
    event = endpoint.ask(asked, b"\0\xff\x01", host=f"127.0.0.1:{endpoint.port}").json
    assert event["queryStringParameters"] == {"a": ["1", "2"], "name": "订"}
    assert (base64.b64decode(event["body"]), event["headers"]["origin"]) == (b"\0\xff\x01", own)


def test_a_page_under_development_here_asks_first_and_then_posts(endpoint: Endpoint) -> None:
    origin = "http://localhost:5173"
    preflight = a_fetch("OPTIONS", "/orders", origin, "same-site") + "\nAccess-Control-Request-Method: POST"
    allowed = endpoint.ask(preflight, host=f"localhost:{endpoint.port}")
    assert (allowed.status, allowed.header("access-control-allow-origin")) == (200, ["*"])
    posted = endpoint.ask(a_fetch("POST", "/orders", origin, "same-site"), b"{}", host=f"localhost:{endpoint.port}")
    assert posted.json["httpMethod"] == "POST"


@pytest.mark.parametrize(
    "asked",
    [
        a_fetch("POST", "/orders", "https://evil.example", "cross-site"),
        a_fetch("GET", "/orders", "https://evil.example", "cross-site"),
        a_fetch("OPTIONS", "/orders", "https://evil.example", "cross-site"),
        a_fetch("POST", "/orders", "null", "cross-site", "navigate"),
        a_fetch("POST", "/v2/p/fgs/functions/demo/invocations", "https://evil.example", "cross-site", "no-cors"),
        a_fetch("GET", "/v2/p/fgs/functions/demo/events", "https://evil.example", "cross-site"),
        "GET /orders\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors\nSec-Fetch-Dest: image",
        "GET /orders\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: iframe",
    ],
)
@pytest.mark.usefixtures("unreached")
def test_a_page_of_elsewhere_reaches_no_handler(endpoint: Endpoint, asked: str) -> None:
    answer = endpoint.ask(asked, b"{}" if asked.startswith("POST") else b"")
    assert (answer.status, answer.json["error_code"]) == (403, "FSS.0403")
    assert answer.header("access-control-allow-origin") == []


@pytest.mark.parametrize("path", ["/orders", "/v2/p/fgs/functions/demo/invocations"])
@pytest.mark.usefixtures("unreached")
def test_a_page_that_points_its_own_name_here_reaches_no_handler(endpoint: Endpoint, path: str) -> None:
    host = f"rebound.example:{endpoint.port}"
    answer = endpoint.ask(a_fetch("POST", path, f"http://{host}"), b"{}", host=host)
    assert (answer.status, answer.json["error_code"]) == (421, "FSS.0421")


def test_a_link_on_another_site_leads_here(endpoint: Endpoint) -> None:
    link = a_visit("/page", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
    assert endpoint.ask(link).status == 200


def test_a_websocket_is_not_opened(endpoint: Endpoint) -> None:
    answer = endpoint.ask(
        "GET /socket\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    )
    assert answer.status == 200
    assert "upgrade" not in answer.json["headers"]


# curl


def test_curl_uploads_a_file_byte_for_byte(endpoint: Endpoint) -> None:
    file = bytes(range(256)) * 4000
    head = "POST /up\nUser-Agent: curl/8.5.0\nAccept: */*\nContent-Type: application/x-www-form-urlencoded"
    event = endpoint.ask(head, file).json
    assert base64.b64decode(event["body"]) == file
    assert event["headers"]["content-length"] == str(len(file))


def test_curl_uploads_what_it_does_not_know_the_length_of(endpoint: Endpoint) -> None:
    chunks = b"3\r\n\0\xffa\r\n10;name=value\r\n" + b"b" * 16 + b"\r\n0\r\nX-Trailer: c\r\n\r\n"
    event = endpoint.ask("PUT /up\nTransfer-Encoding: chunked\nExpect: 100-continue", chunks).json
    assert base64.b64decode(event["body"]) == b"\0\xffa" + b"b" * 16
    assert not {"transfer-encoding", "x-trailer"} & event["headers"].keys()


def test_curl_that_waits_to_be_asked_for_the_body_is_asked(endpoint: Endpoint) -> None:
    with endpoint.connect() as line:
        line.sendall(
            b"POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert line.recv(25, 0x100).startswith(b"HTTP/1.1 100 ")  # MSG_WAITALL
        line.sendall(b"abc")
        received = b""
        while got := line.recv(65536):
            received += got
    (answer,) = answers(received)
    assert answer.json["body"] == "YWJj"


def test_curl_is_told_before_it_sends_what_is_too_large(endpoint: Endpoint) -> None:
    answer = endpoint.ask(f"POST /up\nExpect: 100-continue\nContent-Length: {4 * 1024 * 1024 + 1}")
    assert (answer.status, answer.json["error_code"]) == (413, "FSS.0413")


@pytest.mark.usefixtures("unreached")
def test_a_body_over_the_gateways_limit_is_refused_when_it_is_there(endpoint: Endpoint) -> None:
    answer = endpoint.ask("POST /up", bytes(4 * 1024 * 1024 + 1))
    assert (answer.status, answer.json["error_code"]) == (413, "FSS.0413")


def test_curl_i_gets_headers_alone(endpoint: Endpoint) -> None:
    answer = endpoint.ask("HEAD /page")
    assert (answer.status, answer.header("content-length"), answer.body) == (200, ["7"], b"")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_says_no_length(endpoint: Endpoint, status: int) -> None:
    answer = endpoint.ask(f"GET /status/{status}")
    assert (answer.status, answer.header("content-length"), answer.body) == (status, [], b"")


@pytest.mark.parametrize("path", ["/text", "/raises", "/status/101", "/status/0", "/status/999"])
def test_a_wrong_result_is_500_in_the_gateways_words(endpoint: Endpoint, path: str) -> None:
    answer = endpoint.ask(f"GET {path}")
    assert (answer.status, answer.json["error_code"]) == (500, "FSS.1206")


@pytest.mark.parametrize("method", ["get", "PURGE", "PROPFIND", "X-MINE"])
def test_a_method_of_ones_own_reaches_the_handler(endpoint: Endpoint, method: str) -> None:
    assert endpoint.ask(f"{method} /own").json["httpMethod"] == method.upper()


def test_repeated_parameters_and_headers_reach_the_handler(endpoint: Endpoint) -> None:
    event = endpoint.ask("GET /q?a=1&b=%2B+x&a=2&%20=\nX-R: 1\nX-R: 2\nCookie: c=1").json
    assert event["queryStringParameters"] == {"a": ["1", "2"], "b": "+ x", " ": ""}
    assert (event["headers"]["x-r"], event["headers"]["cookie"]) == ("1, 2", "c=1")


# Load


def test_clients_at_once_get_each_their_own_answer(endpoint: Endpoint) -> None:
    wrong: list[str] = []

    def client(number: int) -> None:
        with endpoint.connect() as line, line.makefile("rb") as reader:
            for count in range(10):
                path = f"/client/{number}/{count}"
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                length = 0
                while (header := reader.readline()) != b"\r\n":
                    if header.lower().startswith(b"content-length:"):
                        length = int(header.partition(b":")[2])
                if json.loads(reader.read(length))["path"] != path:
                    wrong.append(path)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    assert wrong == []


def test_requests_sent_at_once_are_answered_in_their_order(endpoint: Endpoint) -> None:
    asked = [
        b"GET /%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (n, b"" if n < 4 else b"Connection: close\r\n")
        for n in range(5)
    ]
    paths = [answer.json["path"] for answer in answers(endpoint.exchange(b"".join(asked)))]
    assert paths == ["/0", "/1", "/2", "/3", "/4"]


def test_an_old_load_generator_is_answered(endpoint: Endpoint) -> None:
    received = endpoint.exchange(b"GET /ab HTTP/1.0\r\nHost: localhost\r\nUser-Agent: ApacheBench/2.3\r\n\r\n")
    (answer,) = answers(received)
    assert (answer.status, answer.json["path"]) == (200, "/ab")


# Hostile input

HOST = b"Host: localhost\r\n"
POST = b"POST /hostile HTTP/1.1\r\n" + HOST
GET = b"GET /hostile HTTP/1.1\r\n" + HOST
SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"GET /hostile\r\n\r\n", id="http-0.9"),
        pytest.param(b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"x" * 155 + b"\r\n\r\n", id="tls"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="http-2"),
        pytest.param(b"GET /hostile HTTP/1.1\r\n\r\n", id="no-host"),
        pytest.param(GET + HOST + b"\r\n", id="two-hosts"),
        pytest.param(b"GET /hostile HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", id="empty-host"),
        pytest.param(b"GET hostile HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", id="no-slash"),
        pytest.param(b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n", id="space-in-path"),
        pytest.param(b"GET /a\0b HTTP/1.1\r\n" + HOST + b"\r\n", id="nul-in-path"),
        pytest.param("GET /订单 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), id="raw-utf-8-in-path"),
        pytest.param(b"G(T /hostile HTTP/1.1\r\n" + HOST + b"\r\n", id="method"),
        pytest.param(b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", id="connect"),
        pytest.param(b"CONNECT /hostile HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", id="connect-path"),
        pytest.param(b"TRACE /hostile HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", id="trace"),
        pytest.param(GET + b"X: a\0b\r\n\r\n", id="nul-in-header"),
        pytest.param(GET + b"X: a\rb\r\n\r\n", id="cr-in-header"),
        pytest.param(GET + b"X Y: a\r\n\r\n", id="space-in-header-name"),
        pytest.param(GET + b"X : a\r\n\r\n", id="space-behind-header-name"),
        pytest.param(POST + b"Content-Length: -3\r\n\r\nabc", id="negative-length"),
        pytest.param(POST + b"Content-Length: +3\r\n\r\nabc", id="signed-length"),
        pytest.param(POST + b"Content-Length: 0x3\r\n\r\nabc", id="hexadecimal-length"),
        pytest.param(POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc", id="length-of-5000-digits"),
        pytest.param(POST + b"Content-Length: 99999999999999999999\r\n\r\nabc", id="length-of-20-digits"),
        pytest.param(POST + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc", id="two-lengths"),
        pytest.param(
            POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="length-and-chunks"
        ),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED, id="chunks-and-length"
        ),
        pytest.param(POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="unknown-coding"),
        pytest.param(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", id="two-codings"),
        pytest.param(POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="vertical-tab"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n", id="chunk-size"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", id="chunk-too-long"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n3;" + b"a" * 200_000, id="chunk-extension-flood"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 30_000, id="trailer-flood"),
        pytest.param(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", id="path-flood"),
        pytest.param(GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n", id="header-flood"),
        pytest.param(GET + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\n", id="headers-flood"),
        pytest.param(b"\r\n" * 5000, id="empty-lines"),
        pytest.param(b"\xff\xfe\0\x01" * 50_000, id="noise"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("unreached")
def test_what_is_no_request_reaches_no_handler_and_is_refused(endpoint: Endpoint, sent: bytes) -> None:
    refusals = re.findall(rb"^HTTP/1.1 (\d)", endpoint.exchange(sent), re.MULTILINE)
    assert set(refusals) <= {b"4"}


@pytest.mark.usefixtures("unreached")
def test_a_client_that_leaves_in_the_middle_of_its_request_reaches_no_handler(endpoint: Endpoint) -> None:
    for sent in (
        b"",
        b"GET /ho",
        GET,
        POST + b"Content-Length: 10\r\n\r\nabc",
        POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    ):
        with endpoint.connect() as line:
            line.sendall(sent)


def test_a_client_that_leaves_before_its_answer_harms_nobody(endpoint: Endpoint) -> None:
    for _ in range(5):
        with endpoint.connect() as line:
            line.sendall(GET + b"\r\n")
    assert endpoint.ask("GET /page").status == 200
