"""Words: what the index keeps of a text, and how what is looked for is compared with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.sessions.search.words import LONGEST, TEXT_LIMIT, Wanted, fold, words_of


def found(wanted: str, text: str) -> bool:
    folded = fold(text)
    return all(term.is_in(folded) for term in Wanted.parse(wanted).terms)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", set()),
        (" \t\n{}[]→…", set()),
        ('{"userName": "Ann-Marie", "n": 3.25}', {"username", "ann", "marie", "n", "3", "25"}),
        ("ann@example.com user_id /var/log/a.log", {"ann", "example", "com", "user", "id", "var", "log", "a"}),
        ("7f1c0a52-2f0a-4c0e", {"7f1c0a52", "2f0a", "4c0e"}),
        ("Größe ÉTÉ Ж", {"größe", "été", "ж"}),
        ("上传失败", {"上传", "传失", "失败", "败"}),
        ("error错", {"error", "错"}),
        ("第3次上传,再试", {"第", "3", "次上", "上传", "传", "再试", "试"}),
        ("エラー 오류", {"エラ", "ラー", "ー", "오류", "류"}),
        ("a\0b\ud800c", {"a", "b", "c"}),
        ("x" * 100, {"x" * LONGEST}),
    ],
)
def test_a_text_is_words_and_overlapping_pairs(text: str, words: set[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("TIMEOUT", "a timeout occurred"),
        ("timeout occurred", "occurred: timeout"),
        ('"a timeout"', "after a\n  timeout"),
        ("time*", "TimeoutError"),
        ("orders/7.png", "s3://orders/7.png!"),
        ("orders/7.p*", "orders/7.png"),
        ("失败", "正在上传失败了"),
        ("上传失败", "正在上传失败了"),
        ("失败了", "正在上传失败了"),
        ("败", "正在上传失败了"),
        ("了", "正在上传失败了"),
        ("失败 error", "error: 失败"),
        ("error失败", "an error失败"),
        ('"失败 上传"', "失败，上传"),
        ("x" * 60, "(" + "x" * 60 + ")"),
        ('"unclosed phrase', "an unclosed  phrase"),
        ("“磁盘 已满” 请", "请看：磁盘  已满"),
        ('say"no more"', "no more to say"),
        ("ß", "Straße ß"),
        ('"a a"', "ba a a"),
        ("aa", "aaa aa"),
        ("error", "失败error失败"),
        ("İ", "İ"),
        ("$.a[0]", "jq '$.a[0]'"),
    ],
)
def test_what_is_there_is_found(wanted: str, text: str) -> None:
    assert found(wanted, text)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("timeout", "timeouts"),
        ("out", "timeout"),
        ('"timeout a"', "a timeout"),
        ("orders/7.png", "orders 7 png"),
        ("orders/7.png", "orders/7.pngx"),
        ("传败", "上传失败"),
        ("上败", "上传失败"),
        ("失 败", "失一"),
        ("x" * 60, "x" * 61),
        ('"a a"', "ba a"),
        ('"time*"', "timeout"),
        ("a b", "a"),
    ],
)
def test_what_is_not_there_is_not_found(wanted: str, text: str) -> None:
    assert not found(wanted, text)


@pytest.mark.parametrize("nothing", ["", "  ", '""', '"', "→ …", "{}", "*", '"**"', "___"])
def test_nothing_to_look_for_is_said(nothing: str) -> None:
    with pytest.raises(UsageError, match="there is nothing to look for in"):
        Wanted.parse(nothing)


def test_a_search_is_not_endless() -> None:
    with pytest.raises(UsageError, match=f"at most {TEXT_LIMIT} characters"):
        Wanted.parse("x" * (TEXT_LIMIT + 1))


texts = st.text(st.sampled_from("aAbßİıſK1_ -./\"'\n\t*失败上传ー오·\ud800é\u0301\0x"), max_size=30)


@settings(max_examples=150)
@given(texts, texts)
def test_the_index_never_hides_what_a_scan_would_find(wanted: str, text: str) -> None:
    try:
        terms = Wanted.parse(wanted).terms
    except UsageError:
        return
    words = words_of(text)
    for term in terms:
        if term.is_in(fold(text)):
            assert term.words <= words
            assert all(any(word.startswith(beginning) for word in words) for beginning in term.beginnings)


@given(texts)
def test_folding_moves_nothing(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.sampled_from("ab1失败 -."), min_size=1, max_size=12))
def test_every_piece_of_a_text_is_found_in_it(piece: str) -> None:
    if any(character.isalnum() for character in piece):
        assert found(f'"{piece}"', f"before ( {piece} ) after")


def test_hostile_texts_cost_no_more_than_their_length() -> None:
    hostile = "a" + "- " * 200_000 + "a " * 200_000
    for wanted in ('"a - - b"', '"a b c"', '"a - b - c"', "a--*", '"a   b"'):
        assert not found(wanted + " zzz", hostile)
