"""Keys that suit a terminal and a person: presets of terminals, what settings remap, and why some of that cannot be.

Textual's names are used inside; in settings a person may write keys as they are usually said and as they stand on
screen: ``Ctrl+S``, ``Alt+?``, ``^J``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key

from fgtui.config import Origin, Settings, spell_key
from fgtui.errors import ConfigError
from fgtui.tui.actions import (
    ACTIONS,
    PANES,
    Action,
    Keymap,
    Where,
    action_called,
    in_pane,
    keys_in_force,
    keys_that_arrive,
    spell,
    spell_all,
)
from fgtui.words import nearest, say

AUTO, NONE = "auto", "none"


class Preset(NamedTuple):
    """What a terminal keeps for itself, and the keys that take the place of those."""

    swallowed: frozenset[str]
    """Keys that do not arrive, or are likely to mean something else to a person there."""
    changed: Mapping[str, str] = {}
    """Action id to all its keys there; what does not arrive comes last, since terminals can be told to let it."""


def _keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


_ALT_LETTERS = " ".join(f"alt+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789")

PRESETS: Mapping[str, Preset] = {
    "tmux": Preset(
        # its prefix, and what people bind without it to go from pane to pane
        _keys("ctrl+b ctrl+h ctrl+j ctrl+k ctrl+l ctrl+backslash alt+left alt+right alt+up alt+down"),
    ),
    "screen": Preset(_keys("ctrl+a")),
    "ide": Preset(
        _keys("ctrl+j ctrl+p ctrl+r ctrl+o ctrl+f ctrl+g ctrl+n ctrl+t ctrl+b ctrl+e ctrl+k ctrl+q ctrl+w ctrl+s")
        | _keys("ctrl+enter f1 f5 f6 f8 f10 f11 f12 alt+1 alt+2 alt+3 alt+4"),
        {
            "send": "alt+s,ctrl+j,f5,ctrl+enter",
            "resize-pane": "alt+0",
            "toggle-decoded": "alt+apostrophe,ctrl+t",
            "jump": "alt+shift+j,ctrl+o",
            "toggle-form": "alt+shift+e,f12",
            "find-in-event": "alt+shift+h,ctrl+f",
            "find-next-in-event": "alt+semicolon,ctrl+g",
            "next-problem": "alt+shift+n,ctrl+n",
        },
    ),
    "mac": Preset(
        # Option types signs unless a terminal is told otherwise, and the desktops are on Ctrl with the arrows
        _keys(_ALT_LETTERS) | _keys("ctrl+left ctrl+right ctrl+up ctrl+down f11 f12"),
        {
            "text-word-left": "alt+left,ctrl+left",
            "text-word-right": "alt+right,ctrl+right",
            "find-case": "f7,alt+c",
            "find-word": "ctrl+l,alt+o",
            "find-expression": "ctrl+r,alt+e",
        },
    ),
}
"""By the name settings call them; several may be in force."""


def fitting(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The presets that suit the terminal, by what it says of itself: tmux in an IDE's terminal has two."""
    found = []
    if "TMUX" in environment:
        found.append("tmux")
    elif "STY" in environment:
        found.append("screen")
    program = environment.get("TERM_PROGRAM", "")
    if (
        program == "vscode"
        or "VSCODE_INJECTION" in environment
        or "JetBrains" in environment.get("TERMINAL_EMULATOR", "")
    ):
        found.append("ide")
    if program in {"Apple_Terminal", "iTerm.app"}:
        found.append("mac")
    return tuple(found)


def keymap_for(settings: Settings, environment: Mapping[str, str]) -> Keymap:
    """What is in force: a person's keys over those of the preset. ``ConfigError`` where keys cannot be."""
    wanted = settings.key_preset or AUTO
    names = fitting(environment) if wanted == AUTO else () if wanted == NONE else (wanted,)
    changed: dict[str, str] = {}
    swallowed: set[str] = set()
    for name in names:
        changed |= PRESETS[name].changed
        swallowed |= PRESETS[name].swallowed
    origins = {each.key: each.origin for each in settings.in_force}
    own: dict[str, str] = {}
    for name, text in settings.keys.items():
        origin = origins.get(spell_key("keys", name), Origin())
        own[name] = ",".join(dict.fromkeys(_checked(name, text, origin)))
    keymap = Keymap({**changed, **own}, swallowed)
    keymap.chosen = frozenset(own)
    for name in own:
        _check_clashes(action_called(name), keymap, origins.get(spell_key("keys", name), Origin()))
    return keymap


def key_lines(settings: Settings, environment: Mapping[str, str]) -> Iterator[str]:
    """Each place of the workbench, and each of its actions by name, with what it does and the keys in force."""
    keymap = keymap_for(settings, environment)
    for where, pane in PANES.items():
        yield ""
        yield say(pane.title)
        for action in in_pane(where):
            keys = spell_all(keys_that_arrive(action, keymap)) or say("(palette)")
            yield f"  {action.id:24} {keys}"
            yield f"  {'':24} {say(action.words)}"


# ── names of keys ───────────────────────────────────────────────────────────────────────────────────────────────────
ALIASES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown",
    "pgdown": "pagedown", "page_up": "pageup", "page_down": "pagedown", "bksp": "backspace", "spacebar": "space",
    "control": "ctrl", "option": "alt", "cmd": "super", "command": "super", "win": "super",
    "↑": "up", "↓": "down", "←": "left", "→": "right",
}  # fmt: skip
MODIFIERS = ("alt", "ctrl", "shift", "super", "hyper", "meta")
NEVER = {
    "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape",
    "alt+b": "ctrl+left", "alt+f": "ctrl+right",
}  # fmt: skip
"""Keys that most terminals send as others."""
_NAMED = frozenset(key.value for key in Keys if "+" not in key.value and not key.value.startswith("<"))


def normal(key: str) -> str | None:
    """Textual's name of a key as a person spells it, or as the screen does; ``None`` where there is no such key.

    A letter beside a modifier is the key, as on screen: ``Alt+S`` is ``alt+s``, and Shift is said as Shift.
    """
    text = key.strip()
    if len(text) == 2 and text.startswith("^"):
        text = f"ctrl+{text[1]}"
    if text == "+" or text.endswith("++"):
        modifiers, name = [each for each in text[:-1].split("+") if each], "+"
    else:
        *modifiers, name = text.split("+")
    modifiers = [ALIASES.get(each.strip().lower(), each.strip().lower()) for each in modifiers]
    name = name.strip()
    if any(each not in MODIFIERS for each in modifiers) or not name:
        return None
    name = ALIASES.get(name, name)
    if len(name) == 1:
        if not (name.isascii() and name.isprintable()):
            return None
        if name.isalpha():
            if modifiers == ["shift"]:
                return name.upper()
            name = name.lower() if modifiers else name
        elif not name.isalnum():
            sign = _character_to_key(name)
            name = KEY_NAME_REPLACEMENTS.get(sign, sign)
    else:
        name = ALIASES.get(name.lower(), name.lower())
        if name not in _NAMED and name not in _SIGNS:
            return None
    return "+".join([*sorted(set(modifiers)), name])


_SIGNS = frozenset(
    KEY_NAME_REPLACEMENTS.get(_character_to_key(sign), _character_to_key(sign))
    for sign in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)


# ── what settings say ───────────────────────────────────────────────────────────────────────────────────────────────
def _checked(name: str, text: str, origin: Origin) -> Iterator[str]:
    """The keys of one action by Textual's names."""
    actions = [action.id for action in ACTIONS]
    if name not in actions:
        found = nearest(name, actions)
        raise _wrong(
            origin,
            "there is no action {name}",
            hint="did you mean {nearest}?" if found else "the workbench's help names the actions (F1)",
            name=name,
            nearest=found,
        )
    action = action_called(name)
    written = [each for each in _split(text) if each]
    if not written:
        raise _wrong(
            origin, "{name} has no key", name=name, hint="leave the line out to keep the usual ones: {keys}",
            keys=action.keys or "-",
        )  # fmt: skip
    for spelled in written:
        key = normal(spelled)
        if key is None:
            *modifiers, last = spelled.split("+")
            found = nearest(last.lower(), (*_NAMED, *ALIASES)) or nearest(spelled.lower(), _NAMED)
            raise _wrong(
                origin,
                "{spelled} is no key",
                hint="did you mean {nearest}?" if found else "spell it like ctrl+s, alt+enter, f6 or ?",
                spelled=spelled,
                nearest="+".join([*modifiers, found]) if found else "",
            )
        if key in NEVER:
            raise _wrong(
                origin,
                "{key} never arrives: terminals send it as {other}",
                hint="take another key; {other} itself can be given too",
                key=spell(key, in_prose=True),
                other=spell(NEVER[key], in_prose=True),
            )
        if action.where in TYPED_IN and (len(key) == 1 or key in _SIGNS or key == "space"):
            raise _wrong(
                origin,
                "{key} would be typed there: {name} works while text is typed",
                hint="take a key with Ctrl or Alt, or a function key",
                key=spell(key, in_prose=True),
                name=name,
            )
        yield key


def _split(text: str) -> list[str]:
    """Keys between commas; a comma that is a key itself stands behind a plus sign or alone."""
    text = text.strip()
    if text == ",":
        return [","]
    parts = [part.strip() for part in text.split(",")]
    found: list[str] = []
    for at, part in enumerate(parts):
        if part.endswith("+") and not part.endswith("++") and at + 1 < len(parts):
            found.append(f"{part},")
        else:
            found.append(part)
    return found


def _check_clashes(action: Action, keymap: Keymap, origin: Origin) -> None:
    """No key of ``action`` may be another action's in a place where both work."""
    usual = {normal(key) for key in action.keys.split(",")}
    for key in keys_in_force(action, keymap):
        if key in usual:
            continue
        for other in ACTIONS:
            if other.id != action.id and key in keys_in_force(other, keymap) and meet(action.where, other.where):
                raise _wrong(
                    origin,
                    "{key} is the key of {other} already, which works at the same time",
                    hint="give {other} another key, or {name}",
                    key=spell(key, in_prose=True),
                    other=other.id,
                    name=action.id,
                )


def _wrong(origin: Origin, message: str, *, hint: str, **values: object) -> ConfigError:
    from fgtui.settings_file import error_at

    return error_at(origin.file, origin.line, message, hint=hint, **values)


# ── what works at the same time ─────────────────────────────────────────────────────────────────────────────────────
_WORKBENCH = frozenset({Where.PROGRAM, Where.EVERYWHERE})
_ABOVE = frozenset({Where.PROGRAM, Where.DIALOG})
AT_ONCE: tuple[frozenset[Where], ...] = (
    _WORKBENCH | {Where.TRIGGERS, Where.LIST},
    _WORKBENCH | {Where.EVENT, Where.TEXT},
    _WORKBENCH | {Where.EVENT, Where.FIELD, Where.TEXT},
    _WORKBENCH | {Where.OUTCOME, Where.READING},
    _WORKBENCH | {Where.SESSION, Where.LIST},
    _WORKBENCH | {Where.FILTER},
    _WORKBENCH | {Where.LINE},
    _WORKBENCH | {Where.FIND},  # while the bar has the focus, its own keys hide those of the event around it
    _WORKBENCH | {Where.EVENT, Where.FORM, Where.LIST},
    _ABOVE | {Where.GO_TO},
    _ABOVE | {Where.PROBLEMS, Where.LIST},
    *(_ABOVE | {where, Where.LIST} for where in (Where.CHOOSER, Where.SEARCH, Where.STATISTICS, Where.REPLAY)),
    *(_ABOVE | {where, Where.READING} for where in (Where.QUESTION, Where.NOTICE, Where.COMPARE, Where.STATISTICS)),
    *(_ABOVE | {where, Where.READING} for where in (Where.REPORT, Where.NOISE, Where.HELP)),
    _ABOVE | {Where.NOTE, Where.TEXT},
    _ABOVE | {Where.PROMPT},
    _ABOVE | {Where.WORK},
    _ABOVE | {Where.JUMP},
    _ABOVE | {Where.RESIZE},
)
"""The places whose keys work at the same time."""
TYPED_IN = frozenset(
    {Where.PROGRAM, Where.EVERYWHERE, Where.EVENT, Where.FIELD, Where.TEXT, Where.LINE, Where.FILTER, Where.DIALOG}
    | {Where.NOTE, Where.PROMPT, Where.CHOOSER, Where.SEARCH}
)
"""Where a letter would be typed."""


def meet(one: Where, other: Where) -> bool:
    """Whether keys of both can work at the same time."""
    return one is other or any({one, other} <= places for places in AT_ONCE)
