"""Every action of the workbench, said once: its id, its keys, its words, and the pane whose keys they are.

Bindings, the palette, help and the key bar are made from this table, and a person's settings remap by its ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding


class Where(StrEnum):
    """The pane whose focus makes an action's keys work. The palette reaches all of them from anywhere."""

    PROGRAM = "program"
    """Works under dialogs too."""
    EVERYWHERE = "everywhere"
    TRIGGERS = "triggers"
    EVENT = "event"
    FIELD = "field"
    OUTCOME = "outcome"
    SESSION = "session"


class Pane(NamedTuple):
    """What help says about a pane."""

    title: str
    about: str


PANES = {
    Where.PROGRAM: Pane("The workbench", "These keys work in dialogs too."),
    Where.EVERYWHERE: Pane("Everywhere", "These keys work whatever has the focus."),
    Where.TRIGGERS: Pane("Triggers", "What can call a function. Choosing one opens a template of its event."),
    Where.EVENT: Pane("Event", "The text that is sent, as it is; what encoded strings hold stands beside them."),
    Where.FIELD: Pane("Field", "The field at the cursor: what it means, and its decoded value to be edited."),
    Where.OUTCOME: Pane("Outcome", "How the last send ended, or the recorded exchange that was opened."),
    Where.SESSION: Pane("Session", "Every exchange that was recorded, newest first."),
}


class Action(NamedTuple):
    """One thing a person can do."""

    id: str
    """Stable: settings name it. With ``-`` as ``_`` it is the action method's name."""
    words: str
    """What it does, as the palette and help say it."""
    where: Where
    keys: str = ""
    """Textual's key names, the usual one first; none: palette only."""
    label: str = ""
    """A word for the key bar, where it is worth the room."""
    priority: bool = False
    """Wins over the focused widget, for keys an editor would take as text or as its own."""
    around_list: bool = False
    """Done by what surrounds the pane's list or text, since it needs more than that: a line to type in, a record."""

    @property
    def method(self) -> str:
        """The name after ``action_`` of the method that does it."""
        return self.id.replace("-", "_")


_P, _E, _T, _V = Where.PROGRAM, Where.EVERYWHERE, Where.TRIGGERS, Where.EVENT
_F, _O, _S = Where.FIELD, Where.OUTCOME, Where.SESSION

ACTIONS: tuple[Action, ...] = (
    Action("send", "Send the event to the target", _E, "ctrl+j,f5,ctrl+enter", "send", priority=True),
    Action("send-debug", "Send the event and wait for a debugger", _E, "alt+w", priority=True),
    Action("send-async", "Send asynchronously to a deployed function, and follow it", _E, "alt+a", priority=True),
    Action("cancel", "Cancel what is running, leave the outcome, or clear the filter", _E, "escape"),
    Action("toggle-decoded", "Show the decoded form, or the wire text again", _E, "ctrl+t", "decode", priority=True),
    Action("next-pane", "Go to the next pane", _E, "f6,tab", "pane"),
    Action("previous-pane", "Go to the previous pane", _E, "shift+tab"),
    Action("zoom-pane", "Give the focused pane the whole screen, or give it back", _E, "f8", priority=True),
    Action("choose-target", "Choose the target", _E, "f4", "target"),
    Action("set-limits", "Set the limits of the target: timeout and memory", _E),
    Action("serve-start", "Serve the target at a local endpoint, and record what is called", _E),
    Action("serve-copy", "Copy the address of the local endpoint", _E),
    Action("serve-stop", "Stop serving: close the local endpoint", _E),
    Action("switch-session", "Switch to another session, or make one", _E, "f3", "session"),
    Action("rename-session", "Rename the session", _E),
    Action("merge-session", "Append the session's exchanges to another session", _E),
    Action("delete-session", "Delete a session", _E),
    Action("prune-recordings", "Delete recordings that are too old or too much", _E),
    Action("vacuum", "Make the file of the recordings as small as it can be", _E),
    Action("jump", "Jump to a trigger, a template, a pane or a session", _E, "ctrl+o", priority=True),
    Action("palette", "Find any action", _E, "ctrl+p,f2", "palette", priority=True),
    Action("help", "Help for the pane that has the focus", _E, "f1", "help", priority=True),
    Action("renew-event", "Give the event new ids and times", _E),
    Action("wrap-event", "Wrap the event in another, as in SMN, Kafka or EventGrid", _E, "alt+i"),
    Action("unwrap-event", "Take out the event that this one carries", _E, "alt+t"),
    Action("copy-event", "Copy the event, its decoded form, a path, a value or a command", _E, "alt+y"),
    Action("discard-changes", "Open the template afresh; what was changed is kept as a draft", _E),
    Action("restore-draft", "Restore a draft", _E),
    Action("open-file", "Open an event from a file", _E),
    Action("switch-theme", "Switch between the dark and the light theme", _P),
    Action("suspend", "Put the workbench to sleep; the shell's fg wakes it", _P, "ctrl+z", priority=True),
    Action("quit-workbench", "Quit", _P, "ctrl+q,f10", "quit", priority=True),
    Action("choose-trigger", "Open the trigger's template in the editor", _T, "enter", "open"),
    Action("show-templates", "Show or hide the templates of a trigger", _T, "space", "templates"),
    Action("filter-triggers", "Filter the triggers by name or key", _T, "slash", "filter", around_list=True),
    Action("undo", "Undo", _V, "ctrl+underscore,alt+u"),
    Action("redo", "Redo", _V, "ctrl+y,alt+e"),
    Action("find-in-event", "Find text in the event", _V, "ctrl+f", "find"),
    Action("find-next-in-event", "Find the next place in the event", _V, "ctrl+g"),
    Action("next-problem", "Go to the next problem of the event", _V, "ctrl+n"),
    Action("previous-problem", "Go to the problem before", _V, "alt+n"),
    Action("go-to-path", "Go to a path, as in Records[0].s3.object.key", _V, "alt+g"),
    Action("copy-path", "Copy the path of the value at the cursor", _V, "alt+p"),
    Action("copy-value", "Copy the value at the cursor", _V, "alt+v"),
    Action("edit-field", "Edit the decoded value of the field at the cursor", _V, "f9"),
    Action("write-field", "Write the value into the event", _F, "ctrl+s", "write"),
    Action("restore-field", "Throw away what was typed for the field", _F, "escape", "restore"),
    Action("next-tab", "Show the next part of the outcome", _O, "right_square_bracket", "part"),
    Action("previous-tab", "Show the previous part of the outcome", _O, "left_square_bracket"),
    Action("find-in-outcome", "Find text in what is shown", _O, "slash", "find"),
    Action("find-next", "Find the next place", _O, "n"),
    Action("find-previous", "Find the previous place", _O, "N"),
    Action("next-place", "Choose the next place in a file", _O, "p"),
    Action("previous-place", "Choose the place before", _O, "P"),
    Action("open-place", "Open that place, or where it failed, in $EDITOR", _O, "enter,o", "open"),
    Action("copy-outcome", "Copy the event, the result, the logs or a command of what is shown", _O, "y", "copy"),
    Action("replay-shown", "Send the event of what is shown again and compare", _O, "r", "replay", around_list=True),
    Action("report-shown", "Make a bug report of what is shown", _O, "b", "report", around_list=True),
    Action("edit-shown-event", "Open the event of what is shown in the editor", _O, "e", "edit", around_list=True),
    Action("switch-diff", "Show differences side by side, or one below the other", _O, "v"),
    Action("wrap-lines", "Wrap long lines, or cut them at the edge", _O, "w", "wrap"),
    Action("open-exchange", "Show the exchange under the cursor", _S, "enter", "show"),
    Action("replay-exchange", "Send the exchange's event again and compare", _S, "r", "replay"),
    Action("edit-exchange-event", "Open the exchange's event in the editor", _S, "e", "edit"),
    Action("copy-exchange", "Copy the event, the result, the logs or a command", _S, "y", "copy"),
    Action("filter-session", "Filter the exchanges with JMESPath", _S, "slash", "filter", around_list=True),
    Action("filter-history", "Filter with an earlier expression", _S, "ctrl+r,f7", around_list=True),
    Action("search-recordings", "Search the text of every recording", _S, "f", "search", around_list=True),
    Action("mark-exchange", "Mark the exchange under the cursor, or unmark it, and go to the next", _S, "m", "mark"),
    Action("show-marked", "Show only the marked exchanges, or all again", _S, "M", around_list=True),
    Action("clear-marks", "Clear all marks of the session", _S, around_list=True),
    Action("go-to-exchange", "Go to an exchange by its number", _S, "g,number_sign", around_list=True),
    Action("note-exchange", "Write a note about the exchange under the cursor, marked or not", _S, "n"),
    Action("tag-exchange", "Change the tags of what is marked, or else of the exchange under the cursor", _S, "t"),
    Action("report-exchange", "Make a bug report of the exchange", _S, "b", "report"),
    Action("compare-exchange", "Compare with the recording it replays, or with the marked exchange", _S, "d"),
    Action("find-noise", "Find noise: send the exchange's event twice, and see what to ignore", _S),
    Action("replay-selection", "Replay what is marked, or else all that is shown", _S, "R"),
    Action("show-statistics", "Show statistics of what is marked, or else of all that is shown", _S, "s"),
    Action("export-selection", "Export what is marked, or else all that is shown", _S, "E"),
    Action("import-recordings", "Import recordings or events from a file", _S, "I"),
)


def in_pane(where: Where) -> tuple[Action, ...]:
    """The actions whose keys work while that pane has the focus, without those that work everywhere."""
    return tuple(action for action in ACTIONS if action.where is where)


def bindings(where: Where, *, around_list: bool = False) -> list[Binding]:
    """The pane's actions as Textual bindings that a keymap can remap: its list's, or those of what surrounds that."""
    return [
        Binding(action.keys, action.method, action.words, id=action.id, show=False, priority=action.priority)
        for action in in_pane(where)
        if action.keys and action.around_list is around_list
    ]


def keys_in_force(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action after remapping."""
    return tuple(key.strip() for key in keymap.get(action.id, action.keys).split(",") if key.strip())


_SHORT_KEYS = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "slash": "/",
    "number_sign": "#",
    "tab": "Tab",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "underscore": "_",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def spell(key: str) -> str:
    """A key as a person reads it: ``^J``, ``F5``, ``Alt+Z``, ``Ctrl+Enter``."""
    *modifiers, name = key.split("+")
    short = _SHORT_KEYS.get(name) or (name if len(name) == 1 else name.capitalize())
    if modifiers and len(short) == 1:
        short = short.upper()
    if modifiers == ["ctrl"] and len(short) == 1:
        return f"^{short}"
    return "+".join([*(modifier.capitalize() for modifier in modifiers), short])


def spell_all(keys: Iterable[str]) -> str:
    """Several keys as a person reads them."""
    return " ".join(spell(key) for key in keys)
