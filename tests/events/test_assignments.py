"""``--set``: read strictly, resolved purely, applied in order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError, UsageError
from fgtui.events.assignments import Assignment, Variables, apply, parse_assignment, resolve, variables_of
from fgtui.words import say
from tests.events.encoded_text import b64, trigger

NOW = datetime(2026, 11, 22, 9, 46, 1, 123456, tzinfo=UTC)
VARIABLES = Variables(
    now=NOW,
    new_uuid=lambda: "1167bf8c-87b0-43ab-8f5f-26b16c64f252",
    counter=7,
    environment={"USER": 'Ann "A"', "N": "5"},
)


def no_file(name: str) -> str:
    raise AssertionError(f"{name} was read")


def literal(text: str, files: dict[str, str] | None = None) -> str:
    return resolve(parse_assignment(text), VARIABLES, files.__getitem__ if files else no_file)


class TestParsing:
    @pytest.mark.parametrize(
        ("text", "parsed"),
        [
            ("a=1", Assignment(("a",), "1")),
            ("a=", Assignment(("a",), "")),
            ("a==b", Assignment(("a",), "=b")),
            ("a.b[0].c=x=y", Assignment(("a", "b", 0, "c"), "x=y")),
            ("a:=[1]", Assignment(("a",), "[1]", must_be_json=True)),
            ("a=:=1", Assignment(("a",), ":=1")),
            ('headers."x=y:=z"=1', Assignment(("headers", "x=y:=z"), "1")),
            ('headers["a=b"]=1', Assignment(("headers", "a=b"), "1")),
            ('a."q\\"=r"=1', Assignment(("a", 'q"=r'), "1")),
            ("headers.x-stage=RELEASE", Assignment(("headers", "x-stage"), "RELEASE")),
            ("a=@body.json", Assignment(("a",), "body.json", from_file=True)),
            ("a:=@body.json", Assignment(("a",), "body.json", must_be_json=True, from_file=True)),
            ("a=\\@home", Assignment(("a",), "@home")),
            (" a = 1", Assignment(("a",), " 1")),
        ],
    )
    def test_path_and_value(self, text: str, parsed: Assignment) -> None:
        assert parse_assignment(text) == parsed

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("a", '"a" has no = sign'),
            ("", '"" has no = sign'),
            ('"a=1', "has no = sign"),
            ("=1", '"=1" names no path'),
            ("a=@", "names no file after the @"),
            ("a[*]=1", "an index such as [0] is due in the path a[*]"),
            ("a[-1]=1", "an index counts from 0"),
            ("a..b=1", "a name is missing"),
            ("a b=1", "is unexpected in the path"),
            ("a:=hello", "the value for a is not JSON (at 1:1)"),
            ("a:=[1,]", "the value for a is not JSON (at 1:3)"),
        ],
    )
    def test_what_means_nothing_says_so(self, text: str, said: str) -> None:
        with pytest.raises(UsageError) as caught:
            parse_assignment(text)
        assert said in say(caught.value.message, caught.value.values)
        assert say(caught.value.hint, caught.value.values) or "[" in text or "." in text or " " in text

    @given(st.text())
    def test_any_text_is_an_assignment_or_an_error_in_words(self, text: str) -> None:
        said = "an assignment"
        try:
            parse_assignment(text)
        except UsageError as error:
            said = say(error.message, error.values) + say(error.hint, error.values)
        assert said


class TestValues:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a=hello", '"hello"'),
            ("a=", '""'),
            ("a=5", "5"),
            ("a=1.10", "1.10"),
            ("a=007", '"007"'),
            ("a=true", "true"),
            ('a="5"', '"5"'),
            ("a= 5 ", "5"),
            ('a={"b": 1}', '{"b": 1}'),
            ("a={b}", '"{b}"'),
            ("a=a b.png", '"a b.png"'),
            ("a:=null", "null"),
            ("a=\\@home", '"@home"'),
        ],
    )
    def test_json_if_it_parses_else_text(self, text: str, expected: str) -> None:
        assert literal(text) == expected

    def test_a_file_is_json_if_it_parses_else_text(self) -> None:
        files = {"a.json": '{\n "a": 1\n}\n', "a.txt": "hello {{uuid}}\n", "c.json": "{ // c\n}"}
        assert literal("a=@a.json", files) == '{\n "a": 1\n}'
        assert literal("a=@a.txt", files) == '"hello {{uuid}}\\n"'
        assert json.loads(literal("a:=@c.json", files)) == {}

    def test_a_file_that_should_be_json_and_is_not_says_where(self) -> None:
        with pytest.raises(EventError) as caught:
            literal("a:=@a.txt", {"a.txt": "{\n  oops\n}"})
        assert caught.value.line == 2


class TestTemplates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a={{uuid}}", '"1167bf8c-87b0-43ab-8f5f-26b16c64f252"'),
            ("a={{ uuid }}", '"1167bf8c-87b0-43ab-8f5f-26b16c64f252"'),
            ("a={{now}}", '"2026-11-22T09:46:01.123Z"'),
            ("a={{now-5m}}", '"2026-11-22T09:41:01.123Z"'),
            ("a={{now+1h}}", '"2026-11-22T10:46:01.123Z"'),
            ("a={{now-30s}}", '"2026-11-22T09:45:31.123Z"'),
            ("a={{now+2d}}", '"2026-11-24T09:46:01.123Z"'),
            ("a={{counter}}", "7"),
            ("a=order-{{counter}}", '"order-7"'),
            ("a={{env:N}}", "5"),
            ("a={{env:USER}}", '"Ann \\"A\\""'),
            ('a={"who": "{{env:USER}}", "n": 1}', '{"who": "Ann \\"A\\"", "n": 1}'),
            ('a={"n": {{counter}}}', '{"n": 7}'),
            ('a:={"n": {{counter}}}', '{"n": 7}'),
            ("a=\\{{uuid}}", '"{{uuid}}"'),
            ("a={{counter}}-{{counter}}", '"7-7"'),
            ("a={single}", '"{single}"'),
        ],
    )
    def test_what_they_stand_for(self, text: str, expected: str) -> None:
        assert literal(text) == expected

    def test_which_variables_they_refer_to_is_known_before(self) -> None:
        texts = ['a={"x": "{{env:A}} {{ env:B_1 }}"}', "b=\\{{env:C}} {{now}}", "c=@{{env:}}", "{{env:A}}=1"]
        assert variables_of(texts) == ("A", "B_1", "", "A")

    def test_times_are_in_utc_wherever_the_clock_is(self) -> None:
        shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
        variables = Variables(shanghai, VARIABLES.new_uuid, 1, {})
        assert resolve(parse_assignment("a={{now}}"), variables, no_file) == '"2026-11-22T09:46:01.123Z"'

    @pytest.mark.parametrize(
        ("text", "said", "hint"),
        [
            ("a={{uid}}", "{{uid}} is no template value", "{{uuid}}, {{now}}"),
            ("a={{}}", "{{}} is no template value", "{{counter}}"),
            ("a={{now-5}}", "{{now-5}} is no template value", "{{now-5m}}"),
            ("a={{now*5m}}", "{{now*5m}} is no template value", ""),
            ("a={{env:USR}}", "the environment has no variable USR", "did you mean USER?"),
            ("a={{env:}}", 'the environment has no variable ""', ""),
            ("a={{now+999999999d}}", "{{now+999999999d}} is a time beyond the calendar", "shorter"),
            ("a:={{uuid}}", "is not JSON", ":= wants JSON"),
        ],
    )
    def test_one_that_stands_for_nothing_says_what_there_is(self, text: str, said: str, hint: str) -> None:
        with pytest.raises(UsageError) as caught:
            literal(text)
        assert said in say(caught.value.message, caught.value.values)
        assert hint in say(caught.value.hint, caught.value.values)


class TestApplying:
    def applied(self, key: str, *texts: str, template: str = "default") -> dict:
        known = trigger(key)
        wire = known.template(template).text
        changes = [parse_assignment(text) for text in texts]
        return json.loads(apply(wire, known, changes, variables=VARIABLES, read_file=no_file))

    def test_the_decoded_event_is_what_paths_address(self) -> None:
        assert self.applied("obs", "Records[0].s3.object.key=a b.png")["Records"][0]["s3"]["object"]["key"] == "a+b.png"
        assert self.applied("apig", 'body={"order": "{{counter}}"}')["body"] == b64('{"order":"7"}')
        assert self.applied("timer", "user_event=run")["user_event"] == "run"

    def test_each_change_sees_the_ones_before_it(self) -> None:
        assert self.applied("apig", "isBase64Encoded=false", "body=hello", template="empty-body")["body"] == "hello"
        assert self.applied("apig", "body=hello", template="empty-body")["body"] == b64("hello")
        assert self.applied("blank", "a.b=1", "a.c=2", "key=x") == {"key": "x", "a": {"b": 1, "c": 2}}

    def test_a_path_that_leads_nowhere_changes_nothing(self) -> None:
        with pytest.raises(EventError, match="Records has no item"):
            self.applied("obs", "Records[5].eventName=x")

    def test_without_changes_the_event_is_as_it_was(self) -> None:
        assert apply("{ }", None, [], variables=VARIABLES, read_file=no_file) == "{ }"
