"""The table of actions: complete, without clashes, and what palette, help and bindings are made from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.binding import Binding
from textual.dom import DOMNode

import fgtui.tui
from fgtui.locale.reading import ROOT, read_file
from fgtui.sessions.query.functions import FUNCTIONS
from fgtui.tui.actions import (
    ACTIONS,
    PANES,
    WORKBENCH,
    Action,
    Where,
    bindings,
    in_pane,
    keys_in_force,
    keys_that_arrive,
    spell,
    spell_all,
)
from fgtui.tui.app import FgtuiApp
from fgtui.tui.keymap import TYPED_IN
from fgtui.tui.screens.dialogs import Chooser, Notice, Prompt, Question
from fgtui.tui.screens.event.going import GoTo
from fgtui.tui.screens.event.mending import ProblemsScreen
from fgtui.tui.screens.event.pane import EventPane
from fgtui.tui.screens.help import KEYS_WIDTH, MOVING, HelpScreen, help_text, sections_of
from fgtui.tui.screens.jump_overlay import JumpOverlay
from fgtui.tui.screens.modal import Modal
from fgtui.tui.screens.outcome.pane import OutcomePane
from fgtui.tui.screens.outcome.reporting import ReportScreen
from fgtui.tui.screens.resizing import ResizeScreen
from fgtui.tui.screens.session.annotating import NoteScreen
from fgtui.tui.screens.session.comparing import ComparingScreen
from fgtui.tui.screens.session.noise_finding import NoiseScreen
from fgtui.tui.screens.session.pane import SessionPane
from fgtui.tui.screens.session.replaying import ReplayScreen
from fgtui.tui.screens.session.searching import SearchScreen
from fgtui.tui.screens.session.statistics import StatisticsScreen
from fgtui.tui.screens.workbench import WorkbenchScreen
from fgtui.tui.screens.working import WorkScreen
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.exchange_table import ExchangeTable
from fgtui.tui.widgets.field_pane import FieldPane
from fgtui.tui.widgets.find_bar import FindBar
from fgtui.tui.widgets.form_view import FormRows
from fgtui.tui.widgets.line_input import LineInput
from fgtui.tui.widgets.outcome_view import OutcomeView
from fgtui.tui.widgets.query_bar import QueryBar
from fgtui.tui.widgets.row_list import RowList
from fgtui.tui.widgets.text_view import TextView
from fgtui.tui.widgets.trigger_list import TriggerList, TriggerRows

DOERS: dict[Where, type[DOMNode]] = {
    Where.PROGRAM: FgtuiApp,
    Where.EVERYWHERE: WorkbenchScreen,
    Where.TRIGGERS: TriggerRows,
    Where.EVENT: EventPane,
    Where.FIELD: FieldPane,
    Where.OUTCOME: OutcomeView,
    Where.SESSION: ExchangeTable,
    Where.TEXT: CodeArea,
    Where.LIST: RowList,
    Where.READING: TextView,
    Where.LINE: LineInput,
    Where.FILTER: QueryBar,
    Where.FIND: FindBar,
    Where.GO_TO: GoTo,
    Where.DIALOG: Modal,
    Where.FORM: FormRows,
    Where.PROBLEMS: ProblemsScreen,
    Where.CHOOSER: Chooser,
    Where.PROMPT: Prompt,
    Where.QUESTION: Question,
    Where.NOTICE: Notice,
    Where.NOTE: NoteScreen,
    Where.WORK: WorkScreen,
    Where.JUMP: JumpOverlay,
    Where.RESIZE: ResizeScreen,
    Where.SEARCH: SearchScreen,
    Where.COMPARE: ComparingScreen,
    Where.STATISTICS: StatisticsScreen,
    Where.REPLAY: ReplayScreen,
    Where.REPORT: ReportScreen,
    Where.NOISE: NoiseScreen,
    Where.HELP: HelpScreen,
}


AROUND: dict[Where, type[DOMNode]] = {
    Where.TRIGGERS: TriggerList,
    Where.OUTCOME: OutcomePane,
    Where.SESSION: SessionPane,
}


def doer(action: Action) -> type[DOMNode]:
    return AROUND[action.where] if action.around_list else DOERS[action.where]


def test_every_action_is_done_by_its_pane() -> None:
    for action in ACTIONS:
        assert callable(getattr(doer(action), f"action_{action.method}", None)), action.id


def test_every_action_with_keys_is_bound_under_its_id() -> None:
    for action in ACTIONS:
        bound = [each for each in doer(action).BINDINGS if isinstance(each, Binding) and each.id == action.id]
        assert [each.key for each in bound] == ([action.keys] if action.keys else []), action.id


def test_no_key_is_bound_beside_the_table() -> None:
    tui = Path(fgtui.tui.__file__).parent
    beside = {
        str(file.relative_to(tui))
        for file in tui.rglob("*.py")
        if re.search(r"\bBinding\(", file.read_text("utf-8")) and file.name != "actions.py"
    }
    assert beside <= {"widgets/find_bar.py"}, "its signs are pressed as all buttons are"


@pytest.mark.parametrize("where", [*WORKBENCH, Where.FORM])
def test_every_action_is_in_help_with_its_keys(where: Where) -> None:
    text = help_text(sections_of(where), {"send": "ctrl+s"})
    words = " ".join(text.text.split())
    for action in ACTIONS:
        assert action.words in words, action.id
    assert text.lines[0] == PANES[where].title
    assert any(line.split()[:2] == ["^S", "Send"] for line in text.lines)


def test_an_action_is_found_in_help_by_its_name() -> None:
    for action in ACTIONS:
        text = help_text([action.where], {}, wanted=action.id, columns=40).text
        assert f"    {action.id}" in text.splitlines(), action.id


def test_help_names_every_function_that_a_filter_has_besides_jmespath_s_own() -> None:
    text = help_text(sections_of(Where.SESSION), {}).text
    assert [name for name in FUNCTIONS if name not in text] == []


@pytest.mark.parametrize("columns", [32, 51, 52, 72, 84])
def test_help_cuts_no_word_at_any_width(columns: int) -> None:
    text = help_text(sections_of(Where.EVENT), {}, columns=columns)
    assert text.width <= max(columns, 34)
    assert any(line.strip().startswith("^J F5 Ctrl+Enter") for line in text.lines)
    for action in ACTIONS:
        keys = spell_all(keys_that_arrive(action, {}))
        if cell_len(keys) >= KEYS_WIDTH:
            assert not any(keys in line and line.strip() != keys for line in text.lines), "no room for a word behind it"
    words = " ".join(text.text.split())
    moving = [said.format(next="F6", previous="Shift+Tab", wrap="w") for said in MOVING]
    for said in (*(action.words for action in ACTIONS), *moving):
        assert " ".join(said.split()) in words


def test_no_sentence_names_a_key_that_a_person_may_have_given_to_something_else() -> None:
    keys = re.compile(r"\b(?:Ctrl|Alt)\+|\bShift\+|\bEsc\b|\bF\d+\b|\^[A-Z]\b|(?:^|[;:·,] )[a-z] [a-z]+s\b")
    sentences = read_file(Path(ROOT) / "zh_CN" / "tui.po", "zh_CN")
    named = [each for each in sentences if keys.search(each)]
    assert named == ["the workbench's help names the actions (F1)"], "said where no keys are in force yet"


def test_what_stands_in_an_empty_line_is_cut_at_no_width() -> None:
    said = re.compile(r"""placeholder ?= ?say\((["'])(.*?)\1\)""")
    chinese = read_file(Path(ROOT) / "zh_CN" / "tui.po", "zh_CN")
    sources = Path(fgtui.tui.__file__).parent.rglob("*.py")
    hints = {found[2] for source in sources for found in said.finditer(source.read_text("utf-8"))}
    assert len(hints) > 10
    assert [hint for hint in hints if max(cell_len(hint), cell_len(chinese[hint])) > 34] == [], "at 40 columns"


def test_where_it_is_narrow_help_says_the_keys_above_what_they_do() -> None:
    lines = help_text([Where.OUTCOME], {}, columns=36).text.splitlines()
    at = lines.index("  Enter o")
    assert lines[at + 1 : at + 3] == ["    Open that place, or where it", "    failed, in $EDITOR"]


def test_help_is_narrowed_by_words_keys_and_names() -> None:
    sections = sections_of(Where.EVENT)
    for wanted, found in [("bug report", "report-shown"), ("ALT+G", "go-to-path"), ("wrap-lines", "Wrap long lines")]:
        text = help_text(sections, {}, wanted=wanted).text
        assert found in text
        assert "mark-exchange" not in text
    assert help_text(sections, {}, wanted="bug nonsense").text == "nothing matches"
    assert help_text(sections, {}, wanted="  ").text == help_text(sections, {}).text


def test_a_new_key_takes_the_place_of_the_usual_ones() -> None:
    for action in ACTIONS:
        bound = doer(action)._merge_bindings()
        bound.apply_keymap({action.id: "ctrl+f20,ctrl+f21"})
        keys = {key for key, found in bound.key_to_bindings.items() if any(each.id == action.id for each in found)}
        assert keys == ({"ctrl+f20", "ctrl+f21"} if action.keys else set()), action.id


def test_ids_and_words_are_different() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert len({action.words for action in ACTIONS}) == len(ACTIONS)


def test_single_letters_belong_where_nothing_is_typed() -> None:
    for action in ACTIONS:
        if any(len(key) == 1 or key in {"slash", "space"} for key in keys_in_force(action, {})):
            assert action.where not in TYPED_IN, action.id


def test_the_documented_keys_are_in_force() -> None:
    keys = {action.id: set(keys_in_force(action, {})) for action in ACTIONS}
    assert keys["send"] >= {"ctrl+j", "f5", "ctrl+enter"}
    assert keys["toggle-decoded"] >= {"ctrl+t"}
    assert keys["palette"] >= {"ctrl+p", "f2"}
    assert keys["jump"] >= {"ctrl+o"}
    assert keys["help"] >= {"f1"}
    assert keys["cancel"] >= {"escape"}
    assert keys["quit-workbench"] >= {"ctrl+q", "f10"}
    assert keys["filter-session"] >= {"slash"}
    assert keys["suspend"] >= {"ctrl+z"}


@pytest.mark.parametrize(
    ("key", "spelled"),
    [("ctrl+j", "^J"), ("f5", "F5"), ("ctrl+enter", "Ctrl+Enter"), ("shift+tab", "Shift+Tab"), ("slash", "/"),
     ("alt+u", "Alt+U"), ("escape", "Esc"), ("y", "y"), ("N", "N"), ("ctrl+underscore", "^_")],
)  # fmt: skip
def test_keys_are_spelled_for_people(key: str, spelled: str) -> None:
    assert spell(key) == spelled


def test_a_keymap_replaces_keys() -> None:
    send = next(action for action in ACTIONS if action.id == "send")
    assert keys_in_force(send, {"send": "f9, ctrl+s"}) == ("f9", "ctrl+s")
    assert spell_all(keys_in_force(send, {})) == "^J F5 Ctrl+Enter"


def test_panes_have_their_actions() -> None:
    for where in Where:
        assert in_pane(where), where
        assert all(binding.id for binding in bindings(where))
