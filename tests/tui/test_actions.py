"""The table of actions: complete, without clashes, and what palette, help and bindings are made from."""

from __future__ import annotations

from collections import defaultdict

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys

from fgtui.sessions.query.functions import FUNCTIONS
from fgtui.tui.actions import ACTIONS, PANES, Action, Where, bindings, in_pane, keys_in_force, spell, spell_all
from fgtui.tui.app import FgtuiApp
from fgtui.tui.screens.event_pane import EventPane
from fgtui.tui.screens.help import MOVING, help_text
from fgtui.tui.screens.outcome_pane import OutcomePane
from fgtui.tui.screens.session_pane import SessionPane
from fgtui.tui.screens.workbench import WorkbenchScreen
from fgtui.tui.widgets.exchange_table import ExchangeTable
from fgtui.tui.widgets.outcome_view import OutcomeView
from fgtui.tui.widgets.trigger_list import TriggerList, TriggerRows

DOERS: dict[Where, type[DOMNode]] = {
    Where.PROGRAM: FgtuiApp,
    Where.EVERYWHERE: WorkbenchScreen,
    Where.TRIGGERS: TriggerRows,
    Where.EVENT: EventPane,
    Where.FIELD: EventPane,
    Where.OUTCOME: OutcomeView,
    Where.SESSION: ExchangeTable,
}


AROUND: dict[Where, type[DOMNode]] = {
    Where.TRIGGERS: TriggerList,
    Where.OUTCOME: OutcomePane,
    Where.SESSION: SessionPane,
}


def doer(action: Action) -> type[DOMNode]:
    return AROUND[action.where] if action.around_list else DOERS[action.where]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_is_done_by_its_pane(action: Action) -> None:
    assert callable(getattr(doer(action), f"action_{action.method}"))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_with_keys_is_bound_under_its_id(action: Action) -> None:
    bound = [each for each in doer(action).BINDINGS if isinstance(each, Binding) and each.id == action.id]
    assert [each.key for each in bound] == ([action.keys] if action.keys else [])


@pytest.mark.parametrize("where", Where)
def test_every_action_is_in_help_with_its_keys(where: Where) -> None:
    text = help_text(where, {"send": "ctrl+s"})
    words = " ".join(text.text.split())
    for action in ACTIONS:
        assert action.words in words, action.id
    assert text.lines[0] == PANES[where].title
    assert any(line.split()[:2] == ["^S", "Send"] for line in text.lines)


def test_help_names_every_function_that_a_filter_has_besides_jmespath_s_own() -> None:
    text = help_text(Where.SESSION, {}).text
    assert [name for name in FUNCTIONS if name not in text] == []


@pytest.mark.parametrize("where", Where)
@pytest.mark.parametrize("columns", [32, 51, 52, 72, 84])
def test_help_cuts_no_word_at_any_width(where: Where, columns: int) -> None:
    text = help_text(where, {}, columns=columns)
    assert text.width <= max(columns, 34)
    assert any(line.strip().startswith("^J F5 Ctrl+Enter") for line in text.lines)
    words = " ".join(text.text.split())
    for said in (*(action.words for action in ACTIONS), *MOVING):
        assert " ".join(said.split()) in words


def test_ids_and_words_are_different() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert len({action.words for action in ACTIONS}) == len(ACTIONS)


def test_no_key_has_two_meanings_at_once() -> None:
    meanings: dict[tuple[Where, str], list[str]] = defaultdict(list)
    for action in ACTIONS:
        for key in keys_in_force(action, {}):
            meanings[action.where, key].append(action.id)
    for (where, key), actions in meanings.items():
        everywhere = [] if where in {Where.PROGRAM, Where.EVERYWHERE} else meanings.get((Where.EVERYWHERE, key), [])
        clash = [*actions, *everywhere, *meanings.get((Where.PROGRAM, key), [])]
        if where is Where.PROGRAM:
            clash = actions
        assert len(set(clash)) == 1 or key == "escape", (key, clash)


def test_single_letters_belong_to_lists() -> None:
    for action in ACTIONS:
        if any(len(key) == 1 or key in {"slash", "space"} for key in keys_in_force(action, {})):
            assert action.where in {Where.TRIGGERS, Where.OUTCOME, Where.SESSION}, action.id


def test_keys_are_names_textual_knows() -> None:
    known = {key.value for key in Keys} | {f"alt+{key}" for key in [*"abcdefghijklmnopqrstuvwxyz", "enter"]}
    for action in ACTIONS:
        for key in keys_in_force(action, {}):
            assert len(key) == 1 or key in known or key in SIGNS, (action.id, key)


SIGNS = {"slash", "number_sign", "space", "left_square_bracket", "right_square_bracket", "ctrl+enter"}


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
