from __future__ import annotations

from functools import cache

import pytest

from fgtui.errors import EventError
from fgtui.events.catalogue import Catalogue, Trigger, samples_root
from fgtui.events.model import Path, Severity
from fgtui.events.text import scan
from fgtui.tui.text.analysis import (
    HINTS_IN_ROW,
    Analysis,
    Explanation,
    Turned,
    analyse,
    explain,
    hints_beside,
    node_near,
    offset_of,
    path_at,
    place_at,
    strict_text,
    turned,
    turned_at,
    with_field,
)
from fgtui.tui.text.document import Form
from fgtui.tui.text.row_notes import Hint


@cache
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


def trigger(key: str) -> Trigger:
    return catalogue().get(key)


def template(key: str) -> str:
    return trigger(key).template().text


def read(text: str, key: str, form: Form = Form.WIRE) -> Analysis:
    return analyse(1, form, text, trigger(key), catalogue())


def where(text: str, words: str) -> int:
    return text.index(words)


# What is wrong


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": }', '{"a": 1 "b"}', "\x1b", "[" * 5000, '{"a": true|false}', "\ud800"]
)
@pytest.mark.parametrize("form", Form)
def test_any_text_has_an_answer_with_a_place(text: str, form: Form) -> None:
    found = read(text, "obs", form)
    assert found.wire is None
    errors = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    assert errors
    assert all(0 <= problem.start <= problem.end <= len(text) + 1 for problem in errors)


@pytest.mark.parametrize("key", ["obs", "lts", "apig", "dis", "smn", "timer"])
@pytest.mark.parametrize("form", Form)
def test_a_template_has_no_problems_in_either_form_and_is_recognised(key: str, form: Form) -> None:
    text = template(key)
    if form is Form.DECODED:
        text = turned(text, Form.WIRE, trigger(key))
    found = read(text, key, form)
    assert [problem for problem in found.problems if problem.severity is not Severity.INFO] == []
    assert found.trigger == key


def test_a_problem_of_the_wire_text_stands_at_its_value_in_the_decoded_form() -> None:
    decoded = turned(template("lts"), Form.WIRE, trigger("lts"))
    broken = decoded.replace('"owner": "6280e170bd934f60a4d851cf5ca05129"', '"owner": 7').replace(
        '"line_no": 616', '"line_no": "x"'
    )
    found = read(broken, "lts", Form.DECODED)
    marked = [broken[problem.start : problem.end] for problem in found.problems]
    lines = [broken.split("\n")[problem.line - 1].strip() for problem in found.problems]
    assert lines == ['"line_no": "x"', '"owner": 7,']
    assert marked == ['"x"', "7"]


def test_a_codec_that_makes_no_sense_is_an_error_at_its_place() -> None:
    text = '{"a": {"$base64": 77}}'
    found = read(text, "blank", Form.DECODED)
    assert found.wire is None
    (problem,) = [each for each in found.problems if each.severity is Severity.ERROR]
    assert text[problem.start : problem.end] == "77"


def test_a_problem_of_the_whole_event_is_one_of_the_whole_decoded_form() -> None:
    (problem, *_) = read("[]", "obs", Form.DECODED).problems
    assert (problem.start, problem.end) == (0, 2)


# What is sent


def test_what_is_sent_is_strict_json_in_either_form() -> None:
    assert strict_text('{"a": 1.50, // why\n}', Form.WIRE) == '{"a": 1.50        \n}'
    assert strict_text('{"a": {"$base64": "hi"}}', Form.DECODED) == '{"a": "aGk="}'


@pytest.mark.parametrize(("text", "form"), [("{", Form.WIRE), ("{", Form.DECODED), ('{"$base64": 1}', Form.DECODED)])
def test_what_cannot_be_sent_says_where_and_why(text: str, form: Form) -> None:
    with pytest.raises(EventError) as caught:
        strict_text(text, form)
    assert caught.value.line == 1
    assert caught.value.column


# One place in two forms

DEEP: Path = ("lts", "data", "logs", 1, "message")


def test_a_place_keeps_its_path_through_codec_objects() -> None:
    wire = template("lts")
    decoded = turned(wire, Form.WIRE, trigger("lts"))
    analysis = read(decoded, "lts", Form.DECODED)
    offset = offset_of(analysis.document, Form.DECODED, DEEP)
    assert offset is not None
    assert decoded.startswith('"message": "2018-06-26/18:40:53 [WRN]', offset)
    assert path_at(analysis.document, Form.DECODED, offset + 14) == DEEP


def test_turning_leads_to_the_same_value_and_back_to_the_nearest_one_that_is_there() -> None:
    wire, lts = template("lts"), trigger("lts")
    there = turned_at(wire, Form.WIRE, lts, where(wire, '"eyJs') + 5)
    assert there.text.startswith('"data": {"$base64"', there.offset)
    back = turned_at(there.text, Form.DECODED, lts, where(there.text, "[WRN]"))
    assert back.text == wire
    assert back.text.startswith('"data"', back.offset)


def test_turning_to_a_text_that_is_known_asks_for_the_place_alone() -> None:
    assert turned_at('{"a": 1}', Form.WIRE, None, 2, known='{  "a": 1}') == Turned('{  "a": 1}', 3)
    assert turned_at("", Form.WIRE, None, 0, known="") == Turned("", 0)
    assert path_at(scan(""), Form.WIRE, 0) is None


def test_turning_keeps_comments() -> None:
    text = '{\n  // mine\n  "a": 1, // yours\n}'
    assert turned(turned(text, Form.WIRE, None), Form.DECODED, None) == text


@pytest.mark.parametrize(
    ("before", "literal"),
    [
        ("{", "{"),
        ("{\n", "1"),
        ('{\n  "', "1"),
        ('{\n  "a":', "1"),
        ('{\n  "a": 1', "1"),
        ('{\n  "a": 1,', "1"),
        ('{\n  "a": 1,\n', '"x"'),
        ('{\n  "a": 1,\n  "b": "x"', '"x"'),
        ('{\n  "a": 1,\n  "b": "x"\n}', "{"),
    ],
)
def test_the_cursor_is_about_the_value_beside_it(before: str, literal: str) -> None:
    document = scan('{\n  "a": 1,\n  "b": "x"\n}')
    node = node_near(document, len(before))
    assert node is not None
    assert document.literal(node).startswith(literal)


# Fields


def test_a_field_is_explained_in_either_form() -> None:
    wire = template("lts")
    place = place_at(read(wire, "lts"), trigger("lts"), where(wire, '"data"'))
    assert place is not None
    assert place.path == ("lts", "data")
    assert place.opened
    decoded = turned(wire, Form.WIRE, trigger("lts"))
    inside = place_at(read(decoded, "lts", Form.DECODED), trigger("lts"), where(decoded, "[WRN]"))
    assert inside is not None
    assert inside.path == DEEP
    assert inside.info.description


def test_a_field_of_a_broken_text_is_explained_but_not_edited() -> None:
    text = template("obs").replace("}\n  ]\n}", "}\n  ]\n")
    place = place_at(read(text, "obs"), trigger("obs"), where(text, '"eventName"'))
    assert place is not None
    assert place.info.description
    assert not place.editable
    assert "comes first" in place.why_not


def test_a_field_with_a_problem_says_all_of_it_and_the_way_out() -> None:
    text = '{"Records": [{"eventName": ObjectCreated:Put , "eventSource": "x"}]}'
    found = read(text, "obs")
    for at in ('"eventName', "Object", "Put", " , "):
        place = place_at(found, trigger("obs"), where(text, at))
        assert place is not None
        assert place.why_not == 'ObjectCreated:Put is no JSON value; if it is text, write "ObjectCreated:Put"'
        assert not place.editable
    elsewhere = place_at(found, trigger("obs"), where(text, '"x"'))
    assert elsewhere is not None
    assert elsewhere.why_not == "the error in line 1 comes first"


def test_what_is_only_a_warning_is_said_and_the_field_can_be_edited() -> None:
    text = '{"a": 1,\n "a": 2}'
    place = place_at(read(text, "blank"), trigger("blank"), where(text, "2"))
    assert place is not None
    assert place.why_not.startswith("duplicate")
    assert place.editable


def test_a_problem_is_said_of_an_object_only_where_it_begins() -> None:
    text = '{"Records": [\n{\n"eventName": "x",\n\n"eventVersion": "2.0"}]}'
    obs = trigger("obs")
    found = read(text, "obs")
    record = place_at(found, obs, where(text, "{\n"))
    assert record is not None
    assert record.path == ("Records", 0)
    assert record.why_not
    inside = place_at(found, obs, where(text, '"eventVersion'))
    assert inside is not None
    assert inside.why_not == ""


def test_a_problem_within_a_string_is_said_wherever_in_it_or_its_name_the_cursor_is() -> None:
    text = '{"a": "x\\qy", "b": ["\\q", 1]}'
    found = read(text, "blank")
    for at in ('"a"', "x", "y"):
        place = place_at(found, None, where(text, at))
        assert place is not None
        assert place.why_not.startswith("\\q is no escape")
    around = place_at(found, None, where(text, '"b"'))
    assert around is not None
    assert around.why_not == "the error in line 1 comes first"


def test_what_is_encoded_in_a_row_is_said_beside_it_and_not_too_much_of_it() -> None:
    encoded = '"eyJrIjogMX0="'
    text = f'[{encoded},\n{", ".join([encoded] * (HINTS_IN_ROW + 2))}, {{"c": 1}}]'
    found = explain(read(text, "blank"), None, where(text, '"c"'), range(1, 2))
    assert found.place is not None
    assert found.place.path == (HINTS_IN_ROW + 3, "c")
    assert list(found.hints) == [1]
    assert len(found.hints[1]) == HINTS_IN_ROW
    assert found.hints[1][1] == Hint(16, 30, 'base64 → JSON {"k": 1}')
    assert explain(read(text, "blank"), None, None, range(0)) == Explanation(None, {})
    assert hints_beside(read(r'{"\u72b6": "\u6001"}', "blank"), None, range(1)) == {
        0: (Hint(1, 9, "状"), Hint(11, 19, "态"))
    }
    assert hints_beside(read(text, "blank", Form.DECODED), None, range(1, 2)) == {}


def test_no_field_is_no_error() -> None:
    assert place_at(read("", "obs"), trigger("obs"), 0) is None
    assert place_at(read("{", "obs", Form.DECODED), trigger("obs"), 0) is None


@pytest.mark.parametrize("form", Form)
def test_writing_a_field_leaves_everything_else_as_it_was(form: Form) -> None:
    wire, dis = template("dis"), trigger("dis")
    text = wire if form is Form.WIRE else turned(wire, Form.WIRE, dis)
    text = text.replace('"Tag": "latest",', '"Tag":   "latest", // mine')
    changed = with_field(text, form, dis, ("Message", "records", 2, "data"), "new [/b]")
    old, new = text.split("\n"), changed.split("\n")
    different = [index for index, (one, two) in enumerate(zip(old, new, strict=True)) if one != two]
    assert len(different) == 1
    assert strict_text(changed, form).count("bmV3IFsvYl0=") == 1


def test_writing_a_field_leaves_the_white_space_of_others_that_are_encoded() -> None:
    text = '{"a": {"$json":    {"b": 1}}, "d": 1}'
    assert with_field(text, Form.DECODED, None, ("d",), "2") == text.replace('"d": 1', '"d": 2')


def test_writing_a_field_that_is_not_there_says_so() -> None:
    with pytest.raises(EventError):
        with_field('{"a": 1}', Form.WIRE, None, ("b", "c"), "1")


def test_writing_no_json_where_a_number_stands_says_so() -> None:
    with pytest.raises(EventError):
        with_field('{"a": 1}', Form.WIRE, None, ("a",), "4x")
