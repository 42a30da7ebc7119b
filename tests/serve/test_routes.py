from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.serve.routes import parameters_of, parse
from fgtui.words import say


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "route '': it has to begin with /"),
        ("orders", "route 'orders': it has to begin with /"),
        ("/orders?id={id}", "route '/orders?id={id}': a path has no '?'"),
        ("/orders#top", "route '/orders#top': a path has no '#'"),
        ("/my orders", "route '/my orders': a path has no ' '"),
        ("/a\nb", "route '/a\\nb': a path has no '\\n'"),
        ("/{id", "route '/{id': '{id' has a brace without its other"),
        ("/id}", "route '/id}': 'id}' has a brace without its other"),
        ("/{}", "route '/{}': '{}' is no parameter: one is a whole segment, and its name is letters, digits, "),
        ("/{1}", "route '/{1}': '{1}' is no parameter"),
        ("/{名}", "route '/{名}': '{名}' is no parameter"),
        ("/{id}.json", "route '/{id}.json': '{id}.json' is no parameter"),
        ("/{a}{b}", "route '/{a}{b}': '{a}{b}' is no parameter"),
        ("/{path+}/end", "route '/{path+}/end': only the last of its parameters may have a +"),
        ("/{id}/{id}", "route '/{id}/{id}': it has two parameters named id"),
        ("/files/*", "route '/files/*': * means nothing here; {proxy+} takes all that is left of a path"),
    ],
)
def test_a_pattern_that_is_none_is_refused_with_what_is_wrong_with_it(pattern: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse([pattern])
    assert str(caught.value).startswith(words)
    assert say(caught.value.hint, caught.value.values) == "spell it like /orders, /orders/{id} or /files/{path+}"


@pytest.mark.parametrize("other", ["/orders/{id}", "/orders/{number}", "/%6Frders/{id}"])
def test_two_patterns_for_the_same_paths_are_refused(other: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(["/orders/{id}", other])
    assert str(caught.value) == f"route {other} leads where /orders/{{id}} does"


@pytest.mark.parametrize(
    ("pattern", "path", "parameters"),
    [
        ("/", "/", {}),
        ("/orders", "/orders", {}),
        ("/orders", "/Orders", None),
        ("/orders", "/orders/", None),
        ("/orders", "/orders/5", None),
        ("/orders/{id}", "/orders/5", {"id": "5"}),
        ("/orders/{id}", "/orders/", None),
        ("/orders/{id}", "/orders/5/lines", None),
        ("/orders/{id}/lines/{line}", "/orders/5/lines/7", {"id": "5", "line": "7"}),
        ("/orders/{id}", "/orders/a%20b", {"id": "a b"}),
        ("/orders/{id}", "/orders/a%2Fb", {"id": "a/b"}),
        ("/orders/{id}", "/orders/%E8%AE%A2%E5%8D%95", {"id": "订单"}),
        ("/订单/{id}", "/%E8%AE%A2%E5%8D%95/5", {"id": "5"}),
        ("/orders/{id}", "/orders/a+b", {"id": "a+b"}),
        ("/orders/{id}", "/orders/%D6%D0", {"id": "%D6%D0"}),
        ("/orders/{id}", "/orders/100%", {"id": "100%"}),
        ("/{proxy+}", "/test/hello", {"proxy": "test/hello"}),
        ("/{proxy+}", "/test//hello/", {"proxy": "test//hello/"}),
        ("/{proxy+}", "/", {"proxy": ""}),
        ("/test/{proxy+}", "/test/a%2Fb/c", {"proxy": "a/b/c"}),
        ("/test/{proxy+}", "/test", None),
        ("/test/{proxy+}", "/rest/hello", None),
    ],
)
def test_the_names_in_a_pattern_stand_for_what_a_path_has_there(
    pattern: str, path: str, parameters: dict[str, str] | None
) -> None:
    assert parameters_of(parse([pattern]), path) == parameters


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/orders/new", {}),
        ("/orders/5", {"id": "5"}),
        ("/orders/5/lines", {"id": "5", "proxy": "lines"}),
        ("/orders/new/5", {"id": "new", "proxy": "5"}),
        ("/orders", {"all": "orders"}),
        ("/elsewhere/5", {"all": "elsewhere/5"}),
    ],
)
def test_what_a_pattern_says_exactly_comes_before_what_it_leaves_open(path: str, parameters: dict[str, str]) -> None:
    routes = parse(["/{all+}", "/orders/{id}/{proxy+}", "/orders/{id}", "/orders/new"])
    assert parameters_of(routes, path) == parameters


def test_no_routes_take_nothing() -> None:
    assert parameters_of(parse([]), "/orders") is None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, max_size=2))
def test_every_text_comes_through_a_path(values: list[str]) -> None:
    path = "/".join(["/a", *(quote(value, safe="") for value in values)])
    first, second = values
    assert parameters_of(parse(["/a/{first}/{second}"]), path) == {"first": first, "second": second}
    assert parameters_of(parse(["/a/{both+}"]), path) == {"both": f"{first}/{second}"}
