"""Keys after presets and remapping: every action has one that arrives, none has two meanings, mistakes are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import Keys

from fgtui.config import load
from fgtui.errors import ConfigError
from fgtui.settings_table import SETTINGS
from fgtui.tui.actions import ACTIONS, PANES, WORKBENCH, Action, Keymap, Where, keys_in_force, keys_that_arrive, spell
from fgtui.tui.keymap import AT_ONCE, NEVER, PRESETS, fitting, keymap_for, normal
from fgtui.words import say

SWALLOWED = frozenset(["ctrl+enter", "shift+enter", "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+s", "ctrl+q"])
"""Keys that some terminals keep for themselves, whatever they are called."""
INNER_FIRST = {
    "escape": "leads one step out of whatever it is pressed in",
    "enter": "chooses; what choosing means, the owner of the list says",
    "f9": "opens the field, and in the field writes it",
    "ctrl+s": "keeps what is typed: in the field writes it, elsewhere saves the event",
    "tab": "goes on, in what is open first",
    "shift+tab": "goes back, in what is open first",
}
"""Keys of one meaning that the innermost answers to."""
BY_PRESET = [pytest.param(name, id=name) for name in ("none", *PRESETS)]


def keymap_of(folder: Path, text: str, environment: dict[str, str] | None = None) -> Keymap:
    (folder / "fgtui.toml").write_text(text)
    environment = {"FGTUI_HOME": str(folder / "home"), **(environment or {})}
    return keymap_for(load(folder, environment), environment)


def in_preset(folder: Path, name: str) -> Keymap:
    return keymap_of(folder, f"[keys]\npreset = '{name}'\n")


def clashes(keymap: Mapping[str, str]) -> dict[str, list[str]]:
    """Keys with the actions that all answer to them in one place, those aside of which the innermost is meant."""
    found: dict[str, list[str]] = defaultdict(list)
    for places in AT_ONCE:
        meanings: dict[str, list[Action]] = defaultdict(list)
        for action in ACTIONS:
            if action.where in places:
                for key in keys_in_force(action, keymap):
                    meanings[key].append(action)
        for key, actions in meanings.items():
            if len(actions) > 1 and key not in INNER_FIRST and not are_same(actions):
                found[key] += [action.id for action in actions if action.id not in found[key]]
    return dict(found)


def are_same(actions: list[Action]) -> bool:
    """Whether they do the same: a dialog's line moves the list below it as the list moves itself."""
    return len({action.id.partition("-")[2] for action in actions}) == 1


@pytest.mark.parametrize("name", BY_PRESET)
def test_every_action_is_reached_by_a_key_that_arrives_or_by_the_palette(tmp_path: Path, name: str) -> None:
    keymap = in_preset(tmp_path, name)
    palette = next(action for action in ACTIONS if action.id == "palette")
    assert set(keys_that_arrive(palette, keymap)) - SWALLOWED
    unreachable = [
        action.id
        for action in ACTIONS
        if not action.is_offered and not set(keys_that_arrive(action, keymap)) - SWALLOWED
    ]
    assert unreachable == []


@pytest.mark.parametrize("name", BY_PRESET)
def test_what_is_done_all_day_has_a_key_of_its_own_in_every_terminal(tmp_path: Path, name: str) -> None:
    keymap = in_preset(tmp_path, name)
    for action in ACTIONS:
        if action.id in {"send", "palette", "cancel", "next-pane", "choose-target", "write-field"}:
            assert set(keys_that_arrive(action, keymap)) - SWALLOWED, action.id


@pytest.mark.parametrize("name", BY_PRESET)
def test_no_key_has_two_meanings_at_once(tmp_path: Path, name: str) -> None:
    assert clashes(in_preset(tmp_path, name)) == {}


def test_every_place_has_its_keys_among_those_that_work_at_once() -> None:
    assert {where for places in AT_ONCE for where in places} >= set(Where) == set(PANES)


@pytest.mark.parametrize("name", BY_PRESET)
def test_keys_have_the_names_textual_gives_them(tmp_path: Path, name: str) -> None:
    keymap = in_preset(tmp_path, name)
    for action in ACTIONS:
        for key in keys_in_force(action, keymap):
            assert normal(key) == key, action.id
            assert key not in NEVER, action.id


def test_presets_change_actions_there_are_and_are_documented() -> None:
    ids = {action.id for action in ACTIONS}
    assert all(ids >= set(preset.changed) for preset in PRESETS.values())
    setting = next(each for each in SETTINGS if each.key == "keys.preset")
    assert setting.allowed == ("auto", "none", *PRESETS)
    assert "preset" not in ids


def test_a_preset_takes_no_key_away() -> None:
    for preset in PRESETS.values():
        for action in ACTIONS:
            if action.id in preset.changed and action.id != "resize-pane":
                assert set(keys_in_force(action, {})) <= set(keys_in_force(action, preset.changed)), action.id


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, ()),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM_PROGRAM": "tmux"}, ("tmux",)),
        ({"TERM_PROGRAM": "vscode"}, ("ide",)),
        ({"TERMINAL_EMULATOR": "JetBrains-JediTerm"}, ("ide",)),
        ({"TMUX": "x", "TERM_PROGRAM": "tmux", "VSCODE_INJECTION": "1"}, ("tmux", "ide")),
        ({"STY": "1.pts"}, ("screen",)),
        ({"TERM_PROGRAM": "Apple_Terminal"}, ("mac",)),
        ({"TERM_PROGRAM": "WezTerm"}, ()),
    ],
    ids=["plain", "tmux", "vscode", "jetbrains", "tmux-in-vscode", "screen", "apple", "wezterm"],
)
def test_the_terminal_says_which_preset_suits_it(
    tmp_path: Path, environment: dict[str, str], names: tuple[str, ...]
) -> None:
    assert fitting(environment) == names
    keymap = keymap_of(tmp_path, "", environment)
    assert keymap.swallowed == frozenset().union(*(PRESETS[name].swallowed for name in names))
    assert keymap_of(tmp_path, "[keys]\npreset = 'none'\n", environment) == {}


def test_every_action_can_be_remapped(tmp_path: Path) -> None:
    for action in ACTIONS:
        keymap = keymap_of(tmp_path, f"[keys]\n{action.id} = 'Ctrl+F9, ctrl+f12'\n")
        assert keys_that_arrive(action, keymap) == ("ctrl+f9", "ctrl+f12"), action.id


def test_what_a_person_chooses_is_shown_whatever_the_preset_says(tmp_path: Path) -> None:
    keymap = keymap_of(tmp_path, "[keys]\npreset = 'ide'\nsend = 'ctrl+j'\n")
    shown = {action.id: keys_that_arrive(action, keymap) for action in ACTIONS}
    assert shown["send"] == ("ctrl+j",)
    assert shown["jump"] == ("alt+shift+j",)


MISTAKES = [
    ("snd = 'f9'", "fgtui.toml:2: there is no action snd", "did you mean send?"),
    ("send = 'ctlr+s'", "fgtui.toml:2: ctlr+s is no key", "spell it like ctrl+s, alt+enter, f6 or ?"),
    ("send = 'ctrl+entr'", "fgtui.toml:2: ctrl+entr is no key", "did you mean ctrl+enter?"),
    ("send = ''", "fgtui.toml:2: send has no key", "leave the line out to keep the usual ones: ctrl+j,f5,ctrl+enter"),
    ("send = 'ctrl+i'", "fgtui.toml:2: Ctrl+I never arrives: terminals send it as Tab", "take another key"),
    ("send = '?'", "fgtui.toml:2: ? would be typed there", "take a key with Ctrl"),
    ("send = 'space'", "fgtui.toml:2: Space would be typed there", "take a key with Ctrl"),
    ("send = 's'", "fgtui.toml:2: s would be typed there: send works while text is typed", "take a key with Ctrl"),
    ("send = 'f6'", "fgtui.toml:2: F6 is the key of next-pane already, which works at the same time", "give next-pane"),
    ("edit-exchange-event = 'm'", "fgtui.toml:2: m is the key of mark-exchange already", "give mark-exchange another"),
    ("send = 'f6'\nnext-pane = 'f5'\njump = 'f6'", "F6 is the key of", "give"),
]


@pytest.mark.parametrize(("line", "words", "hint"), MISTAKES, ids=[line.split("\n")[0] for line, *_ in MISTAKES])
def test_a_mistake_is_told_with_its_line_and_what_was_meant(tmp_path: Path, line: str, words: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        keymap_of(tmp_path, f"[keys]\n{line}\n")
    error = caught.value
    assert words in say(error.message, error.values)
    assert hint in say(error.hint, error.values)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        (",", "comma"),
        ("alt+,", "alt+comma"),
        ("alt+,, f9", "alt+comma,f9"),
        ("alt++, f9", "alt+plus,f9"),
        ("+", "plus"),
    ],
)
def test_a_comma_and_a_plus_sign_are_keys_too(tmp_path: Path, written: str, keys: str) -> None:
    assert keymap_of(tmp_path, f"[keys]\nopen-place = '{written}'\n")["open-place"] == keys


def test_keys_can_be_swapped(tmp_path: Path) -> None:
    keymap = keymap_of(tmp_path, "[keys]\nsend = 'f6'\nnext-pane = 'f5, tab'\n")
    assert (keymap["send"], keymap["next-pane"]) == ("f6", "f5,tab")


def test_one_key_may_mean_two_things_in_two_panes(tmp_path: Path) -> None:
    keymap = keymap_of(tmp_path, "[keys]\nopen-place = 'm'\n")
    assert keymap["open-place"] == "m"


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("Ctrl+S", "ctrl+s"), ("ctrl+shift+k", "ctrl+shift+k"), ("shift+ctrl+K", "ctrl+shift+k"), ("Alt+?", "alt+question_mark"),
     ("?", "question_mark"), ("N", "N"), ("Shift+n", "N"), ("n", "n"), ("Esc", "escape"), ("PgUp", "pageup"), ("alt++", "alt+plus"), ("+", "plus"),
     ("F5", "f5"), (",", "comma"), ("Alt+N", "alt+n"), ("alt+shift+N", "alt+shift+n"), ("^J", "ctrl+j"), ("^", "circumflex_accent"), ("Alt+↑", "alt+up"),
     ("Ctrl+Enter", "ctrl+enter"), ("#", "number_sign"),
     ("", None), ("ctrl+", None), ("foo", None), ("ctrl+foo", None), ("f25", None), ("ctrl+\x1b", None)],
)  # fmt: skip
def test_keys_may_be_spelled_as_people_say_them(spelled: str, name: str | None) -> None:
    assert normal(spelled) == name


@pytest.mark.parametrize("name", BY_PRESET)
def test_a_key_copied_from_the_screen_is_that_key_in_the_settings(tmp_path: Path, name: str) -> None:
    keymap = in_preset(tmp_path, name)
    for action in ACTIONS:
        for key in keys_in_force(action, keymap):
            assert normal(spell(key)) == normal(spell(key, in_prose=True)) == key, action.id


@given(st.text(max_size=12))
def test_whatever_is_written_has_one_name_or_none(text: str) -> None:
    name = normal(text)
    assert name is None or normal(name) == name


def test_every_key_textual_knows_by_name_has_it() -> None:
    for key in Keys:
        if not key.value.startswith(("<", "ctrl-")):
            assert normal(key.value) is not None, key


def test_the_palette_offers_what_the_workbench_does() -> None:
    for action in ACTIONS:
        assert action.is_offered == (action.where in WORKBENCH and not action.is_plain)
        assert not action.is_plain or keys_in_force(action, {}), f"{action.id} can be reached in no way"
        assert all(spell(key) for key in keys_in_force(action, {}))


def test_a_key_that_is_named_again_and_again_is_one(tmp_path: Path) -> None:
    assert keymap_of(tmp_path, f"[keys]\nsend = '{'f5,F5,' * 20_000}'\n")["send"] == "f5"


def test_an_action_of_a_strange_name_is_said_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        keymap_of(tmp_path, '[keys]\n"no\\u001b.x" = "f5"\n')
    assert str(error.value).startswith(f"{tmp_path / 'fgtui.toml'}:2: there is no action")
