"""URLs as targets: any host, and what is said of those that lead nowhere or hold what may not travel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import TargetError
from fgtui.invoke.addresses import checked, is_loopback, parts_of, shown, travels_in_clear, usual_family
from fgtui.words import say


def refused(spec: str) -> str:
    with pytest.raises(TargetError) as caught:
        checked(spec)
    error = caught.value
    return f"{say(error.message, error.values)} · {say(error.hint, error.values)}"


@pytest.mark.parametrize(
    "spec",
    [
        "http://",
        "http:///invoke",
        "http://?x",
        "http://[::1",
        "http://[127.0.0.1]/",
        "http://[::1]x/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:8_0/",
        "http://127.0.0.1:８０/",
        "http://127.0.0.1:8000/a b",
        "http://127.0.0.1:8000/\x1b[2J",
        "http://127.0.0.1:8000/\r\nX: y",
        "http://good.example\\evil.example/",
        "http://a..b/",
        "http://%61.example/",
        "http://a!b/",
        f"http://{'a' * 64}.example/",
        f"http://{'é' * 64}.example/",
        f"http://{'a.' * 200}example/",
        "http://ex℀mple.com/",
        "http://127.0.0.1/\udc80",
    ],
)
def test_what_is_no_address_is_refused_with_a_spelling_that_is_one(spec: str) -> None:
    said = refused(spec)
    assert " is no address" in said
    assert "spell it http://127.0.0.1:8000/invoke or https://api.example.com/v1" in said


@pytest.mark.parametrize(
    "spec",
    [
        "http://ann:hunter2@127.0.0.1:8000/",
        "https://hunter2@example.com",
        "https://:hunter2@example.com",
        "https://ann:hunter2@[::1",
        "https://ann:hunter2@example.com:port/",
        "https://ann:hun/ter2@example.com",
        "https://ann:hunter2@example.com/a b",
        "https://ann:hunter2@ex℀mple.com/",
        "https://ann:hunter2@good\\@example.com/",
        "https://ann:hunter2@straße.example/#x",
    ],
)
def test_a_name_and_a_password_are_refused_and_not_repeated(spec: str) -> None:
    said = refused(spec)
    assert "ter2" not in said
    assert "ann" not in said


@pytest.mark.parametrize("spec", ["http://127.0.0.1:8000/#here", "https://example.com/x?y=1#", "http://a.b#/invoke"])
def test_a_part_for_browsers_is_refused(spec: str) -> None:
    assert "has more than a server takes: leave out the part after #" in refused(spec)


@pytest.mark.parametrize(
    ("host", "sign"), [("straße.example", "ß"), ("ας.example", "ς"), ("a\u200db.example", "\u200d")]
)
def test_a_name_that_two_standards_read_as_two_hosts_is_refused(host: str, sign: str) -> None:
    said = refused(f"https://{host}/")
    assert f"standards differ about {sign!r} in names · spell its name in ASCII" in said


@pytest.mark.parametrize(
    ("spec", "url"),
    [
        ("http://127.0.0.1:8000/invoke", "http://127.0.0.1:8000/invoke"),
        ("HTTPS://Api.Example.com/V1", "https://Api.Example.com/V1"),
        ("https://bücher.example/größe", "https://xn--bcher-kva.example/größe"),
        ("https://例え。テスト:8443/", "https://xn--r8jz45g.xn--zckzah:8443/"),
        ("HTTP://[2001:DB8::1]:80/x?y=1", "http://[2001:db8::1]:80/x?y=1"),
        ("https://my_box.local", "https://my_box.local"),
        ("https://example.com./", "https://example.com./"),
    ],
)
def test_any_host_has_one_url(spec: str, url: str) -> None:
    assert checked(spec).lower() == url.lower()
    assert checked(checked(spec)) == checked(spec)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1", True),
        ("http://127.8.9.10:80/", True),
        ("https://localhost:1/x", True),
        ("http://LOCALHOST", True),
        ("http://[::1]:8000/", True),
        ("http://0.0.0.0/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://localhost.example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://[::]/", False),
        ("http://[::ffff:10.0.0.1]/", False),
        ("http://127.1/", False),
    ],
)
def test_this_machine_is_known_by_its_addresses_and_one_name(url: str, here: bool) -> None:
    assert is_loopback(url) is here
    assert travels_in_clear(url) is (url.startswith("http:") and not here)


def test_what_is_encrypted_travels_safely() -> None:
    assert not travels_in_clear("https://example.com/")


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("http://127.0.0.1:8000", None),
        ("http://127.0.0.1:8000/", None),
        ("http://127.0.0.1:8000?x=1", None),
        ("http://127.0.0.1:8000/invoke", "container"),
        ("https://elsewhere.example/invoke?x", "container"),
        ("http://127.0.0.1:8000/invoke/", None),
        ("http://127.0.0.1:8000/v1/invoke", None),
        ("https://elsewhere.example", None),
        ("https://elsewhere.example/", None),
    ],
)
def test_a_container_is_known_by_its_path(url: str, family: str | None) -> None:
    assert usual_family(url) == family


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://a.b:80", ("http://a.b:80", "a.b:80", "", "")),
        ("http://a.b:/?q", ("http://a.b", "a.b", "/", "q")),
        (
            "https://a.b/gr\u00f6\u00dfe/%41?x=\u00fc&y=[1]",
            ("https://a.b", "a.b", "/gr%C3%B6%C3%9Fe/%41", "x=%C3%BC&y=%5B1%5D"),
        ),
    ],
)
def test_a_request_gets_path_and_query_in_ascii(url: str, parts: tuple[str, ...]) -> None:
    assert parts_of(url) == parts


def test_a_mail_address_in_a_path_is_shown_when_nothing_is_wrong() -> None:
    assert checked("https://a.b/@me") == "https://a.b/@me"
    assert shown("https://a.b/") == "https://a.b/"


@given(st.text(max_size=40))
def test_whatever_follows_the_scheme_is_a_url_or_is_refused_in_words(text: str) -> None:
    try:
        url = checked(f"https://{text}")
    except TargetError:
        return
    parts = parts_of(url)
    assert (parts.origin + parts.path + parts.query).isascii()
    assert not set(parts.origin + parts.path + parts.query) & set(" \r\n\t#@\\\x00") - set("@")
    assert "@" not in parts.origin
