from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.serve.guarding import Hosts, Refusal, hosts_of, refusal
from fgtui.serve.messages import Incoming

LOOPBACK = hosts_of("127.0.0.1")


def a_request(*headers: tuple[str, str], method: str = "GET") -> Incoming:
    return Incoming(method, "/", "", headers, b"", "127.0.0.1")


def status_of(request: Incoming, hosts: Hosts = LOOPBACK) -> int | None:
    refused = refusal(request, hosts)
    return None if refused is None else refused.status


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "notlocalhost",
        "evil.example.",
        "192.168.1.5:8080",
        "[2001:db8::1]",
        "0.0.0.0:8080",
        "[::]",
        "2130706433",
        "127.1",
        "xn--fsqu00a.example",
    ],
)
def test_a_name_that_anybody_may_have_pointed_here_is_not_served(host: str) -> None:
    assert status_of(a_request(("host", host))) == 421


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8080",
        "LOCALHOST:8080",
        "localhost.",
        "localhost.:8080",
        "app.localhost:8080",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:",
        "127.8.9.10",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]:8080",
        "[::ffff:127.0.0.1]:8080",
        " 127.0.0.1\t",
    ],
)
def test_this_machine_is_served_by_every_name_of_its_own(host: str) -> None:
    assert refusal(a_request(("host", host)), LOOPBACK) is None


@pytest.mark.parametrize(
    "host",
    ["", " ", ":8080", "a b", "localhost:port", "localhost:1:2", "user@localhost", "localhost/x", "::1", "[::1", "[x]",
     "localhost:123456", "http://localhost", "127.0.0.1, evil.example", "例子.example", "\x1b[2J"],
)  # fmt: skip
def test_a_host_that_is_none_is_a_bad_request(host: str) -> None:
    assert status_of(a_request(("host", host))) == 400


def test_several_hosts_are_a_bad_request_even_when_each_is_served() -> None:
    assert status_of(a_request(("host", "localhost"), ("host", "localhost"))) == 400


def test_an_old_program_that_names_no_host_is_served() -> None:
    assert refusal(a_request(), LOOPBACK) is None


def test_what_is_refused_is_told_in_words() -> None:
    assert refusal(a_request(("host", "evil.example:8080")), LOOPBACK) == Refusal(
        421,
        "'evil.example' is not served here: any web page could have pointed that name at this machine; "
        "call it localhost, or start serve with --allow-host evil.example",
    )
    assert refusal(a_request(("host", "localhost"), ("origin", "https://evil.example")), LOOPBACK) == Refusal(
        403,
        "a page of 'https://evil.example' sent this; only pages of this machine and of the endpoint itself may call it",
    )


@given(st.text())
def test_no_refusal_is_long_or_acts_on_a_terminal(value: str) -> None:
    for request in (a_request(("host", value)), a_request(("host", "localhost"), ("origin", value))):
        refused = refusal(request, LOOPBACK)
        assert refused is None or (len(refused.message) < 700 and refused.message.isprintable())


# Other names


@pytest.mark.parametrize(
    ("bound", "allowed", "host", "status"),
    [
        ("192.168.1.5", [], "192.168.1.5:8080", None),
        ("192.168.1.5", [], "192.168.1.6:8080", 421),
        ("192.168.1.5", [], "localhost", None),
        ("0.0.0.0", [], "192.168.1.5", None),
        ("::", [], "[fe80::1]:80", None),
        ("::", [], "10.0.0.1", None),
        ("0.0.0.0", [], "evil.example", 421),
        ("dev.box", [], "dev.box:80", None),
        ("127.0.0.1", ["Dev.Box."], "dev.box", None),
        ("127.0.0.1", ["dev.box"], "DEV.BOX.:1", None),
        ("127.0.0.1", ["dev.box"], "x.dev.box", 421),
        ("127.0.0.1", ["[2001:DB8::1]"], "[2001:db8:0::1]:80", None),
    ],
)
def test_the_bound_address_and_allowed_names_are_served_besides(
    bound: str, allowed: list[str], host: str, status: int | None
) -> None:
    assert status_of(a_request(("host", host)), hosts_of(bound, allowed)) == status


@pytest.mark.parametrize("name", ["", "http://dev.box", "dev.box:80", "dev box", "*", "*.dev.box", "-dev", "dev\n"])
def test_a_name_to_allow_has_to_be_one(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        hosts_of("127.0.0.1", [name])
    assert str(caught.value) == f"{name!r} is no name of a host"


# What is guarded

BROWSER = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
VISIT = (("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"))


@pytest.mark.parametrize(
    ("headers", "guarded", "else_"),
    [
        ((BROWSER, ("accept", "image/avif,*/*")), 403, None),  # by an address of a network, browsers say nothing
        ((BROWSER, ("accept", "text/html"), ("referer", "https://evil.example/")), 403, None),
        ((BROWSER, ("sec-fetch-site", "cross-site"), *VISIT), 403, None),
        ((BROWSER, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")), 403, 403),
        ((BROWSER, ("sec-fetch-site", "none"), *VISIT), None, None),
        ((BROWSER, ("sec-fetch-site", "same-origin")), None, None),
        ((BROWSER, ("origin", "http://192.168.1.5:9080")), None, None),
        ((("user-agent", "curl/8.5.0"),), None, None),
        ((), None, None),
    ],
)
def test_a_browser_calls_what_is_guarded_only_where_it_says_that_no_other_page_led_there(
    headers: tuple[tuple[str, str], ...], guarded: int | None, else_: int | None
) -> None:
    request = a_request(("host", "192.168.1.5:9080"), *headers)
    assert status_of(request, hosts_of("0.0.0.0", is_guarded=True)) == guarded
    assert status_of(request, hosts_of("0.0.0.0")) == else_


# Pages


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost.evil.example",
        "null",
        "",
        "file://",
        "chrome-extension://localhost",
        "http://",
        "http://localhost@evil.example",
        "http://evil.example:8080",
        "http://127.0.0.1.evil.example",
        "http://localhost http://evil.example",
    ],
)
def test_a_page_of_elsewhere_is_refused(origin: str) -> None:
    assert status_of(a_request(("host", "127.0.0.1:8080"), ("origin", origin), method="POST")) == 403


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8080", "http://localhost:3000", "https://LOCALHOST", "http://[::1]:5173"]
)
def test_a_page_of_this_machine_is_served(origin: str) -> None:
    assert refusal(a_request(("host", "127.0.0.1:8080"), ("origin", origin), method="POST"), LOOPBACK) is None


def test_a_page_of_the_endpoint_itself_is_served_by_its_other_names_too() -> None:
    everywhere = hosts_of("0.0.0.0", ["dev.box"])
    for name in ("dev.box", "192.168.1.5"):
        assert refusal(a_request(("host", f"{name}:8080"), ("origin", f"http://{name}:8080")), everywhere) is None
    assert status_of(a_request(("host", "192.168.1.5"), ("origin", "http://evil.example")), everywhere) == 403


def test_one_good_origin_does_not_make_up_for_another() -> None:
    request = a_request(("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.example"))
    assert status_of(request) == 403


@pytest.mark.parametrize(
    ("mode", "destination", "method", "status"),
    [
        ("no-cors", "image", "GET", 403),
        ("no-cors", "script", "GET", 403),
        ("navigate", "iframe", "GET", 403),
        ("navigate", "document", "POST", 403),
        ("navigate", "document", "GET", None),
    ],
)
def test_a_page_of_another_site_may_lead_here_but_use_nothing(
    mode: str, destination: str, method: str, status: int | None
) -> None:
    fetch = (("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", destination))
    assert status_of(a_request(("host", "localhost"), *fetch, method=method)) == status


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_a_page_of_the_same_site_uses_what_it_likes(site: str) -> None:
    assert refusal(a_request(("host", "localhost"), ("sec-fetch-site", site)), LOOPBACK) is None
