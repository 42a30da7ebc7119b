from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from fgtui.events.model import Severity
from fgtui.terminal.display import is_displayable
from fgtui.tui.text.row_notes import Hint, Mark
from fgtui.tui.widgets.row_painter import Row, fold_for, paint
from fgtui.tui.widgets.row_view import view_row

ANY_LINE = st.one_of(
    st.text(max_size=60), st.text(st.sampled_from('"\\:{}[], ab1\t中e\u0301\u202e\x1b\u200d👩\ud800'), max_size=80)
)


def plain(*names: str) -> Style:
    """Each name as a link, so that a test can read which were used."""
    return Style(link=" ".join(names))


def a_row(line: str, width: int = 40, gutter_width: int = 4, **changes: object) -> Row:
    row = Row(
        line=line,
        view=view_row(line, width - gutter_width),
        number=7,
        gutter_width=gutter_width,
        is_json=True,
        hints=(),
        marks=(),
        brackets=(),
        selection=(0, 0),
        shows_break=False,
        selects_break=False,
        cursor=None,
        has_cursor=False,
        is_lit=False,
    )
    return replace(row, **changes)


def painted(row: Row, width: int = 40) -> list[tuple[str, str]]:
    return [(segment.text, (segment.style or Style()).link or "") for segment in paint(row, width, plain)]


def text(row: Row, width: int = 40) -> str:
    return "".join(shown for shown, _ in painted(row, width))


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, int]:
    """Any row and the cells it has to fill."""
    line, hint, width = draw(ANY_LINE), draw(ANY_LINE), draw(st.integers(2, 50))
    start, end = sorted(draw(st.tuples(st.integers(0, len(line)), st.integers(0, len(line)))))
    hints = (Hint(start, end, hint),) if hint else ()
    gutter, is_json = draw(st.sampled_from([0, 4])), draw(st.booleans())
    room = max(width - gutter, 2)
    row = a_row(
        line,
        width,
        gutter,
        view=view_row(line, room, 0, fold_for(line, room, hints, is_json=is_json)),
        is_json=is_json,
        hints=hints,
        marks=(Mark(start, end, Severity.ERROR),),
        selection=(start, end),
        shows_break=draw(st.booleans()),
        selects_break=draw(st.booleans()),
        cursor=draw(st.none() | st.integers(0, len(line))),
    )
    return row, width


@given(rows())
def test_a_row_is_as_wide_as_it_should_be_and_harmless_whatever_is_in_it(drawn: tuple[Row, int]) -> None:
    row, width = drawn
    shown = text(row, width)
    assert cell_len(shown) == width
    assert is_displayable(shown)
    assert "\n" not in shown


def test_the_gravest_mark_makes_the_sign() -> None:
    marks = (Mark(0, 1, Severity.INFO), Mark(0, 1, Severity.ERROR), Mark(0, 1, Severity.WARNING))
    assert painted(a_row("{}", marks=marks))[0] == ("✗", "error-sign")
    assert painted(a_row("{}"))[0] == (" ", "")


def test_what_lies_over_the_text_keeps_the_colours_below() -> None:
    row = a_row('"a": 1', selection=(1, 4), cursor=2, marks=(Mark(5, 6, Severity.WARNING),))
    assert [(shown, names) for shown, names in painted(row)[2:-1]] == [
        ('"', "key"),
        ("a", "key selection"),
        ('"', "key selection cursor"),
        (":", "mark selection"),
        (" ", ""),
        ("1", "number warning"),
    ]


def test_the_end_of_a_line_has_room_for_cursor_and_selection() -> None:
    assert (" ", "cursor") in painted(a_row("ab", cursor=2))
    assert (" ", "selection") in painted(a_row("ab", selection=(0, 2), selects_break=True))


def test_a_line_end_is_drawn_where_it_matters_also_under_cursor_and_selection() -> None:
    assert ("↵", "gutter") in painted(a_row("ab", shows_break=True))
    assert ("↵", "gutter cursor") in painted(a_row("ab", shows_break=True, cursor=2))
    assert ("↵", "gutter selection") in painted(a_row("ab", shows_break=True, selection=(0, 2), selects_break=True))


def test_a_hint_that_would_say_nothing_is_left_out() -> None:
    hint = (Hint(0, 1, "something"),)
    assert "⇢ something" in text(a_row("x" * 10, hints=hint))
    assert "⇢ some…" in text(a_row("x" * 27, hints=hint))
    assert "⇢" not in text(a_row("x" * 31, hints=hint))


def test_a_fold_inside_the_selection_is_selected() -> None:
    line = '"' + "x" * 100 + '"'
    fold = fold_for(line, 36, (), is_json=True)
    row = a_row(line, view=view_row(line, 36, 0, fold), selection=(0, len(line)))
    assert ("…", "fold selection") in painted(row)
    assert ("…", "fold") in painted(replace(row, selection=(0, 5)))


def test_a_joiner_in_a_hint_takes_nothing_of_what_follows_it() -> None:
    shown = text(a_row("", hints=(Hint(0, 0, "\u200d"),)))
    assert "⇢ \\u200d" in shown
    assert cell_len(shown) == 40
