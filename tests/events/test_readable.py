r"""JSON text for the eye: ``\uXXXX`` as characters, what is dangerous or unseen as it was, the value never another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.readable import has_escapes, readable
from fgtui.terminal.display import is_displayable

VALUES = st.recursive(
    st.text() | st.text('\u202e\u200b\ud800\udc00\\"u中é\u0301😀\x1b\xa0') | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | inner.map(json.dumps),
    max_leaves=6,
)


class TestWhatIsShown:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            pytest.param(r'{"\u72b6\u6001": "\u6210\u529f"}', '{"状态": "成功"}', id="names-and-values"),
            pytest.param(r'{"b":1.10, "a" : "\u00e9\n\/"}', r'{"b":1.10, "a" : "é\n\/"}', id="all-else-as-written"),
            pytest.param(r'"\ud83d\ude00\uD83D\uDE00"', '"😀😀"', id="pairs"),
            pytest.param(r'"\u003ca\u003e"', '"<a>"', id="signs"),
            pytest.param(r'"\u3000\u2014"', '"\u3000—"', id="a-wide-blank"),
            pytest.param(r'"e\u0301 \u0061\u0301\u0302"', '"e\u0301 a\u0301\u0302"', id="marks-over-a-letter"),
            pytest.param(r'{"body": "{\"\\u72b6\": [1.0]}"}', r'{"body": "{\"状\": [1.0]}"}', id="json-in-a-string"),
        ],
    )
    def test_characters_stand_as_themselves(self, written: str, shown: str) -> None:
        assert readable(written) == shown

    @pytest.mark.parametrize(
        "written",
        [
            pytest.param(r'"\u0022\u005c"', id="signs-of-json"),
            pytest.param(r'"\u001b[31m\u009b\u007f\u0000"', id="control"),
            pytest.param(r'"\u202e\u2066\u200f\u061c"', id="direction"),
            pytest.param(r'"\u200b\u200d\ufeff\u00ad\u3164\ufe0f\udb40\udc41\udb40\udd00"', id="unseen"),
            pytest.param(r'"\u00a0\u2028\u2003"', id="blanks"),
            pytest.param(r'"\ud83d x \ude00 \ude00\ud83d"', id="half-pairs"),
            pytest.param(r'"\u0301a"', id="a-mark-over-the-quotation-mark"),
            pytest.param(r'"\n\u0301"', id="a-mark-over-an-escape"),
            pytest.param(r'"C:\\u72b6 \\\\u72b6"', id="a-backslash-and-letters"),
            pytest.param(r'["[\\u72b6", "{\\u72b6}"]', id="strings-that-hold-no-json"),
            pytest.param(r'"\ue000\uffff\u0378"', id="no-characters"),
        ],
    )
    def test_others_stay_escapes(self, written: str) -> None:
        assert readable(written) == written

    def test_a_run_is_shown_by_what_stands_before_it_each_time(self) -> None:
        assert readable(r'["e\u0301", "\u0301"]') == '["e\u0301", "\\u0301"]'


def opened(value: object) -> object:
    """The value with the JSON that strings hold, names of members too, read."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return ["held", opened(json.loads(value))]
        except ValueError:
            return value
    if isinstance(value, list):
        return [opened(item) for item in value]
    return [(opened(name), opened(item)) for name, item in value.items()] if isinstance(value, dict) else value


@given(VALUES, st.booleans())
def test_it_says_the_same_value_and_nothing_in_it_acts_that_was_not_there(value: object, ascii_only: bool) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only)
    shown = readable(written)
    assert opened(json.loads(shown)) == opened(json.loads(written))
    assert readable(shown) == shown
    if ascii_only:
        assert is_displayable(shown)
    if not has_escapes(written):
        assert shown is written


@given(VALUES, st.data())
def test_a_part_of_a_text_is_shown_as_far_as_it_goes(value: object, data: st.DataObject) -> None:
    text = json.dumps({"held": json.dumps(json.dumps({"状态": value}))})
    end = data.draw(st.integers(0, len(text)))
    assert is_displayable(readable(text[:end]))
