"""Which proxy the environment means: as curl has it, and never between here and here."""

from __future__ import annotations

import pytest

from fgtui.invoke.http.proxies import proxy_for

PROXY = "http://proxy.example:3128"


def named(url: str, environment: dict[str, str]) -> str | None:
    proxy = proxy_for(url, environment)
    return None if proxy is None else str(proxy)


@pytest.mark.parametrize(
    ("environment", "url", "variable"),
    [
        ({}, "https://a.example", None),
        ({"https_proxy": PROXY}, "https://a.example", "https_proxy"),
        ({"HTTPS_PROXY": PROXY}, "https://a.example", "HTTPS_PROXY"),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, "https://a.example", "HTTPS_PROXY"),
        ({"https_proxy": PROXY}, "http://a.example", None),
        ({"http_proxy": PROXY}, "https://a.example", None),
        ({"HTTP_PROXY": PROXY}, "http://a.example", "HTTP_PROXY"),
        ({"all_proxy": PROXY}, "http://a.example", "all_proxy"),
        ({"ALL_PROXY": PROXY, "https_proxy": PROXY}, "https://a.example", "https_proxy"),
        ({"HTTP_PROXY": PROXY, "REQUEST_METHOD": "GET"}, "http://a.example", None),
    ],
)
def test_each_scheme_has_its_variable(environment: dict[str, str], url: str, variable: str | None) -> None:
    proxy = proxy_for(url, environment)
    assert (None if proxy is None else proxy.variable) == variable


@pytest.mark.parametrize(
    ("listed", "host", "is_excluded"),
    [
        ("a.example", "a.example", True),
        ("a.example", "b.a.example", True),
        ("a.example", "ba.example", False),
        (".a.example", "b.a.example", True),
        ("*.a.example", "b.a.example", True),
        ("A.Example", "a.example", True),
        ("b.example, a.example", "a.example", True),
        ("*", "a.example", True),
        ("a.example:443", "a.example", True),
        ("a.example:8443", "a.example", False),
        ("a.example:8443", "a.example:8443", True),
        ("a.example", "a.example.", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "a.example", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("fd00::/8", "[fd00::1]", True),
        ("[fd00::1]", "[fd00::1]", True),
        ("[fd00::1]:443", "[fd00::1]", True),
        ("10.0.0.0/8", "[fd00::1]", False),
        ("", "a.example", False),
        (",:, ::,/", "a.example", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(listed: str, host: str, is_excluded: bool) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        assert (named(f"https://{host}", {"https_proxy": PROXY, name: listed}) is None) is is_excluded


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8:80", "[::1]:8000", "localhost", "localhost:8000"])
def test_this_machine_needs_none(host: str) -> None:
    assert named(f"http://{host}/path", {"http_proxy": PROXY, "all_proxy": PROXY}) is None


@pytest.mark.parametrize(
    ("value", "shown", "credentials"),
    [
        ("proxy.example", "http://proxy.example:80", None),
        ("proxy.example:8080", "http://proxy.example:8080", None),
        ("http://proxy.example:8080/", "http://proxy.example:8080", None),
        ("http://[fd00::1]:8080", "http://[fd00::1]:8080", None),
        ("http://me:w%3Ard@proxy.example", "http://proxy.example:80", "me:w:rd"),
        ("me@proxy.example:1", "http://proxy.example:1", "me:"),
        ("socks5h://proxy.example:1080", "socks5h://proxy.example:1080", None),
    ],
)
def test_a_proxy_is_shown_without_who_asks(value: str, shown: str, credentials: str | None) -> None:
    proxy = proxy_for("https://a.example", {"https_proxy": value})
    assert proxy is not None
    assert (str(proxy), proxy.credentials) == (shown, credentials)
    assert "w:rd" not in repr(proxy)


@pytest.mark.parametrize("value", ["http://", "http://a:99999", "http://me:word@[::1", "http://:8080"])
def test_a_value_that_is_no_address_is_named_by_its_variable(value: str) -> None:
    with pytest.raises(ValueError, match=r"^https_proxy$"):
        proxy_for("https://a.example", {"https_proxy": value})
