"""Every action of the workbench, said once: its id, its keys, its words, and the pane whose keys they are.

Bindings, the palette, help and the key bar are made from this table, and a person's settings remap by its ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from textual.binding import Binding


class Where(StrEnum):
    """What has to have the focus for an action's keys to work: a pane, a kind of widget in it, or a screen above."""

    PROGRAM = "program"
    """Works under dialogs too."""
    EVERYWHERE = "everywhere"
    TRIGGERS = "triggers"
    EVENT = "event"
    FIELD = "field"
    OUTCOME = "outcome"
    SESSION = "session"
    TEXT = "text"
    """Any text to type in: the event, a field, a note."""
    LIST = "list"
    """Any list: in panes, in dialogs, in screens above."""
    READING = "reading"
    """Any text to read."""
    LINE = "line"
    """A line to type in that belongs to a pane."""
    FILTER = "filter"
    RESIZE = "resize"
    JUMP = "jump"
    """The letters over the workbench."""
    FIND = "find"
    GO_TO = "go-to"
    DIALOG = "dialog"
    """Every screen above the workbench."""
    FORM = "form"
    """The rows of the event's form."""
    PROBLEMS = "problems"
    CHOOSER = "chooser"
    PROMPT = "prompt"
    QUESTION = "question"
    NOTICE = "notice"
    NOTE = "note"
    WORK = "work"
    SEARCH = "search"
    COMPARE = "compare"
    STATISTICS = "statistics"
    REPLAY = "replay"
    REPORT = "report"
    NOISE = "noise"
    HELP = "help"


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
    Where.TEXT: Pane("Typing", "In the event, in a field, in a note: wherever text is typed in lines."),
    Where.LIST: Pane("Lists", "In triggers, session, choices and results alike."),
    Where.READING: Pane("Reading", "In an outcome, a comparison, a report, in help: in all text that is only read."),
    Where.LINE: Pane("A line to type in", "What is typed acts at once; Enter goes on with what it found."),
    Where.FILTER: Pane("Filter", "JMESPath over the exchange. What could stand at the cursor is offered below."),
    Where.FIND: Pane(
        "Find and replace",
        "Matches are marked while the bar is open; then the cursor stays at one. In what an expression is replaced by, "
        "$1 or \\1 is a group, ${{name}} or \\g<name> a named one, $& the match, and $$ a dollar sign.",
    ),
    Where.GO_TO: Pane("Going to a place", "A line such as 12 or 12:7, or a path; its next steps are offered below."),
    Where.FORM: Pane("Form", "The event's fields in rows, absent ones too; * marks those that have to be there."),
    Where.PROBLEMS: Pane("Problems", "All that is wrong with the event, and what puts it right."),
    Where.RESIZE: Pane("Resize", "The arrows move the border beside the pane, or below it."),
    Where.JUMP: Pane("Jump", "A letter goes to what it stands on; any other begins the list of what there is."),
    Where.DIALOG: Pane("Dialogs", "Whatever stands above the workbench has the keys until it is left."),
    Where.CHOOSER: Pane("Choosing", "Typing narrows the list, or a letter at the right chooses; Enter chooses."),
    Where.PROMPT: Pane("A question", "One line is the answer; Enter agrees."),
    Where.QUESTION: Pane("Yes or no", "Tab and Enter do too: to the other button, and press it."),
    Where.NOTICE: Pane("Something to read", "It stays until it is closed."),
    Where.NOTE: Pane("Note", "Of any length; Enter keeps it while it is one line."),
    Where.WORK: Pane("At work", "Everything else waits for it."),
    Where.SEARCH: Pane("Search", "The text of every recording; Enter opens one."),
    Where.COMPARE: Pane(
        "Comparison",
        "+ is only in the new one, - only in the old one, ~ differs, > is in another place of its array. "
        "What is not compared: [replay] ignore in fgtui.toml, which find-noise of the palette proposes; "
        "fgtui help diff.",
    ),
    Where.STATISTICS: Pane("Statistics", "The groups of what was selected, and all there is to say of one."),
    Where.REPLAY: Pane("Replay", "What did not end as before has a row; choosing it compares it with its recording."),
    Where.REPORT: Pane("Report", "One exchange, in the form another person can use."),
    Where.NOISE: Pane("Noise", "What differs by itself, as rules for fgtui.toml."),
    Where.HELP: Pane("Help", "Every action with its keys."),
}
WORKBENCH = (
    Where.PROGRAM,
    Where.EVERYWHERE,
    Where.TRIGGERS,
    Where.EVENT,
    Where.FIELD,
    Where.OUTCOME,
    Where.SESSION,
    Where.TEXT,
)
"""Where the actions are that can be done from anywhere in the workbench: the palette offers them."""


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
    call: str = ""
    """What does it, as Textual spells calls: ``move('up')``. Empty: the method that is called like the id."""
    is_plain: bool = False
    """A move of the cursor and the like, which makes sense only under the fingers: no palette offers it."""

    @property
    def does(self) -> str:
        """What does it, as Textual spells calls."""
        return self.call or self.id.replace("-", "_")

    @property
    def method(self) -> str:
        """The name after ``action_`` of the method that does it."""
        return self.does.partition("(")[0]

    @property
    def is_offered(self) -> bool:
        """Whether the workbench's palette offers it."""
        return self.where in WORKBENCH and not self.is_plain


def _plain(
    id: str,  # noqa: A002
    words: str,
    where: Where,
    keys: str,
    call: str,
    *,
    label: str = "",
    priority: bool = False,
) -> Action:
    return Action(id, words, where, keys, label, call=call, priority=priority, is_plain=True)


_P, _E, _T, _V = Where.PROGRAM, Where.EVERYWHERE, Where.TRIGGERS, Where.EVENT
_F, _O, _S = Where.FIELD, Where.OUTCOME, Where.SESSION
_X, _L, _R = Where.TEXT, Where.LIST, Where.READING
_CO, _ST, _FI = Where.COMPARE, Where.STATISTICS, Where.FIND

ACTIONS: tuple[Action, ...] = (
    Action("send", "Send the event to the target", _E, "ctrl+j,f5,ctrl+enter", "send", priority=True),
    Action("send-debug", "Send the event and wait for a debugger", _E, "alt+w", priority=True),
    Action("send-async", "Send asynchronously to a deployed function, and follow it", _E, "alt+a", priority=True),
    Action("cancel", "Cancel what is running, leave the outcome, or clear the filter", _E, "escape"),
    Action("toggle-decoded", "Show the decoded form, or the wire text again", _E, "ctrl+t", "decode", priority=True),
    Action("next-pane", "Go to the next pane", _E, "f6,tab", "pane"),
    Action("previous-pane", "Go to the previous pane", _E, "shift+tab"),
    Action("zoom-pane", "Give the focused pane the whole screen, or give it back", _E, "f8", priority=True),
    Action("triggers-pane", "Show the triggers, or hide them from there", _E, "alt+1", priority=True),
    Action("event-pane", "Show the event, or hide it from there", _E, "alt+2", priority=True),
    Action("outcome-pane", "Show the outcome, or hide it from there", _E, "alt+3", priority=True),
    Action("session-pane", "Show the session, or hide it from there", _E, "alt+4", priority=True),
    Action("hide-pane", "Hide the focused pane", _E),
    Action("resize-pane", "Resize the focused pane with the arrow keys", _E, "alt+s", priority=True),
    Action("reset-layout", "Give every pane its usual place and size", _E),
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
    Action("help", "Help for the pane that has the focus", _E, "f1,alt+question_mark", "help", priority=True),
    _plain("help-of-list", "Help, where nothing is typed", _E, "question_mark", "help"),
    Action("renew-event", "Give the event new ids and times", _E),
    Action("wrap-event", "Wrap the event in another, as in SMN, Kafka or EventGrid", _E, "alt+i"),
    Action("unwrap-event", "Take out the event that this one carries", _E, "alt+t"),
    Action("copy-event", "Copy the event, its decoded form, a path, a value or a command", _E, "alt+y"),
    Action("discard-changes", "Open the template afresh; what was changed is kept as a draft", _E),
    Action("restore-draft", "Restore a draft", _E),
    Action("open-file", "Open an event from a file", _E),
    Action("open-recent", "Open a recent event: a template, a file, a recording or a draft", _E),
    Action("save-event", "Save the event to its file, or to a new one", _E, "ctrl+s"),
    Action("save-event-as", "Save the event to another file", _E),
    Action("open-example", "Open the example session, which shows what can be done with recordings", _E),
    Action("open-in-editor", "Open the event, or the field that has the focus, in $EDITOR", _E, "alt+x"),
    Action("open-value-in-editor", "Open the value at the cursor, decoded, in $EDITOR", _E),
    Action("read-in-pager", "Read the event, or the outcome that has the focus, in $PAGER", _E, "alt+r"),
    Action("tour-next", "Take the next step of the demo's tour, or begin it anew", _E, "alt+8", priority=True),
    Action("tour-back", "Go back a step of the tour", _E, "alt+7", priority=True),
    Action("tour-end", "End the tour", _E, "alt+9", priority=True),
    Action("switch-theme", "Choose a theme: dark, light, high contrast, or the terminal's own colours", _P),
    Action("suspend", "Put the workbench to sleep; the shell's fg wakes it", _P, "ctrl+z", priority=True),
    Action("quit-workbench", "Quit", _P, "ctrl+q,f10", "quit", priority=True),
    Action("choose-trigger", "Open the trigger's template in the editor", _T, "enter", "open"),
    _plain("open-templates", "Show the templates of a trigger", _T, "right", "open_or_close(True)"),
    _plain("close-templates", "Hide the templates of a trigger", _T, "left", "open_or_close(False)"),
    Action("show-templates", "Show or hide the templates of a trigger", _T, "space", "templates"),
    Action(
        "filter-triggers",
        "Filter the triggers by name or key; Enter opens the only match",
        _T,
        "slash",
        "filter",
        around_list=True,
    ),
    Action("find-in-event", "Find text in the event", _V, "ctrl+f", "find"),
    Action("replace-in-event", "Find and replace text in the event", _V, "alt+h"),
    Action("find-next-in-event", "Find the next match in the event", _V, "ctrl+g"),
    Action("find-previous-in-event", "Find the previous match in the event", _V, "alt+j"),
    Action("next-problem", "Go to the next problem of the event", _V, "ctrl+n"),
    Action("previous-problem", "Go to the previous problem", _V, "alt+n"),
    Action("go-to-line", "Go to a line, as in 12 or 12:7", _V, "alt+l"),
    Action("list-problems", "List the problems of the event, with what puts them right", _V, "alt+m"),
    Action("quick-fix", "Put right what is wrong at the cursor", _V, "alt+q"),
    Action("fix-certain", "Put right all that is certain, as one step to undo", _V),
    Action("toggle-form", "Show the event as a form, or as text again", _V, "f12", "form"),
    _plain("leave-form", "Go from a field of the form to its rows, from them to the text", _V, "escape", "leave_form"),
    Action("batch-event", "Give the event more records, with distinct ids, or fewer", _V),
    Action("toggle-fresh", "Give the event new ids and times at each send, or no longer", _V),
    Action("go-to-path", "Go to a path, as in Records[0].s3.object.key", _V, "alt+g"),
    Action("toggle-collapsed", "Collapse the object or list at the cursor, or expand it", _V, "alt+z"),
    Action("collapse-all", "Collapse everything below the first level", _V, "alt+k"),
    Action("expand-all", "Expand everything that is collapsed", _V, "alt+o"),
    Action("copy-path", "Copy the path of the value at the cursor", _V, "alt+p"),
    Action("copy-value", "Copy the value at the cursor", _V, "alt+v"),
    Action("copy-decoded", "Copy the value at the cursor with every layer opened", _V, "alt+c"),
    Action("format-event", "Format the event, or what is selected: two spaces a level", _V, "alt+shift+f"),
    Action("compact-event", "Put the event, or what is selected, on one line", _V),
    Action("edit-field", "Edit the decoded value of the field at the cursor", _V, "f9"),
    Action("write-field", "Write the value into the event", _F, "f9,ctrl+s", "write", call="write"),
    Action("restore-field", "Throw away what was typed for the field", _F, "escape", "restore", call="restore"),
    Action("next-tab", "Show the next part of the outcome", _O, "right_square_bracket", "part"),
    Action("previous-tab", "Show the previous part of the outcome", _O, "left_square_bracket"),
    Action("find-in-outcome", "Find text in what is shown", _O, "slash", "find"),
    Action("find-next", "Find the next place", _O, "n"),
    Action("find-previous", "Find the previous place", _O, "N"),
    Action("next-place", "Choose the next place in a file", _O, "p"),
    Action("previous-place", "Choose the previous place", _O, "P"),
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
    # ── any text to type in ─────────────────────────────────────────────────────────────────────────────────────────
    _plain("text-up", "Go up a line", _X, "up", "move('up')"),
    _plain("text-down", "Go down a line", _X, "down", "move('down')"),
    _plain("text-left", "Go left", _X, "left", "move('left')"),
    _plain("text-right", "Go right", _X, "right", "move('right')"),
    _plain("text-word-left", "Go a word left", _X, "ctrl+left,alt+left", "move('word_left')"),
    _plain("text-word-right", "Go a word right", _X, "ctrl+right,alt+right", "move('word_right')"),
    _plain("text-line-start", "Go to the start of the line", _X, "home,ctrl+a", "move('home')"),
    _plain("text-line-end", "Go to the end of the line", _X, "end,ctrl+e", "move('end')"),
    _plain("text-page-up", "Go up a page", _X, "pageup", "move('page_up')"),
    _plain("text-page-down", "Go down a page", _X, "pagedown", "move('page_down')"),
    Action("text-start", "Go to the start of the text", _X, "ctrl+home", call="move('top')"),
    Action("text-end", "Go to the end of the text", _X, "ctrl+end", call="move('bottom')"),
    _plain("select-up", "Select up", _X, "shift+up", "move('up', True)"),
    _plain("select-down", "Select down", _X, "shift+down", "move('down', True)"),
    _plain("select-left", "Select left", _X, "shift+left", "move('left', True)"),
    _plain("select-right", "Select right", _X, "shift+right", "move('right', True)"),
    _plain("select-word-left", "Select a word left", _X, "ctrl+shift+left", "move('word_left', True)"),
    _plain("select-word-right", "Select a word right", _X, "ctrl+shift+right", "move('word_right', True)"),
    _plain("select-line-start", "Select to the start of the line", _X, "shift+home", "move('home', True)"),
    _plain("select-line-end", "Select to the end of the line", _X, "shift+end", "move('end', True)"),
    _plain("select-page-up", "Select up a page", _X, "shift+pageup", "move('page_up', True)"),
    _plain("select-page-down", "Select down a page", _X, "shift+pagedown", "move('page_down', True)"),
    Action("select-text-start", "Select to the start of the text", _X, "ctrl+shift+home", call="move('top', True)"),
    Action("select-text-end", "Select to the end of the text", _X, "ctrl+shift+end", call="move('bottom', True)"),
    Action("select-line", "Select the line", _X, "ctrl+l"),
    Action("select-all", "Select the whole text", _X, "f7,ctrl+shift+a"),
    _plain("new-line", "Begin a new line where Enter does something else", _X, "alt+enter", "newline"),
    _plain("erase-left", "Delete to the left", _X, "backspace", "erase('left')"),
    _plain("erase-right", "Delete to the right", _X, "delete,ctrl+d", "erase('right')"),
    _plain("erase-word-left", "Delete a word left", _X, "ctrl+w,ctrl+backspace,alt+backspace", "erase('word_left')"),
    _plain("erase-word-right", "Delete a word right", _X, "ctrl+delete,alt+delete,alt+d", "erase('word_right')"),
    Action("erase-line-start", "Delete to the start of the line", _X, "ctrl+u", call="erase('home')"),
    Action("erase-line-end", "Delete to the end of the line", _X, "ctrl+k", call="erase('end')"),
    Action("erase-line", "Delete the line", _X, "ctrl+shift+k"),
    Action("move-rows-up", "Move the line, or those selected, up", _X, "alt+up", call="move_rows(-1)"),
    Action("move-rows-down", "Move the line, or those selected, down", _X, "alt+down", call="move_rows(1)"),
    Action("double-rows", "Duplicate the line, or those selected", _X, "alt+shift+down"),
    Action("indent-rows", "Indent the line, or those selected", _X, "alt+full_stop"),
    Action("outdent-rows", "Outdent the line, or those selected", _X, "alt+comma"),
    Action("comment-rows", "Make a comment of the line, or of those selected, or undo that", _X, "alt+slash"),
    Action("cut", "Cut the selection, or the line", _X, "ctrl+x,super+x"),
    Action("copy", "Copy the selection", _X, "ctrl+c,super+c"),
    Action("paste", "Paste what was copied here", _X, "ctrl+v"),
    Action("undo", "Undo", _X, "alt+u,ctrl+underscore,ctrl+slash,super+z"),
    Action("redo", "Redo", _X, "ctrl+y,alt+e,ctrl+shift+z,super+y"),
    # ── any list, any text to read, any line of a pane ──────────────────────────────────────────────────────────────
    _plain("list-up", "Go up a row", _L, "up,k", "cursor_by(-1)"),
    _plain("list-down", "Go down a row", _L, "down,j", "cursor_by(1)"),
    _plain("list-page-up", "Go up a page of rows", _L, "pageup", "page(-1)"),
    _plain("list-page-down", "Go down a page of rows", _L, "pagedown", "page(1)"),
    _plain("list-first", "Go to the first row", _L, "home", "cursor_to(0)"),
    _plain("list-last", "Go to the last row", _L, "end", "cursor_to(-1)"),
    _plain("list-choose", "Choose the row", _L, "enter", "choose"),
    _plain("scroll-up", "Scroll up", _R, "up,k", "scroll_by(0, -1)"),
    _plain("scroll-down", "Scroll down", _R, "down,j", "scroll_by(0, 1)"),
    _plain("scroll-left", "Scroll left", _R, "left", "scroll_by(-8, 0)"),
    _plain("scroll-right", "Scroll right", _R, "right", "scroll_by(8, 0)"),
    _plain("scroll-page-up", "Scroll up a page", _R, "pageup", "page(-1)"),
    _plain("scroll-page-down", "Scroll down a page", _R, "pagedown,space", "page(1)"),
    _plain("scroll-top", "Scroll to the top", _R, "home", "top"),
    _plain("scroll-bottom", "Scroll to the end", _R, "end", "bottom"),
    _plain("line-leave", "Leave the line, and drop what is typed", Where.LINE, "escape", "finish(False)"),
    _plain("line-agree", "Leave the line for what it found", Where.LINE, "down", "finish(True)"),
    _plain("filter-leave", "Stop filtering, or leave the filter", Where.FILTER, "escape", "close"),
    _plain("filter-accept", "Take what is offered", Where.FILTER, "tab", "accept"),
    _plain("filter-up", "Go up in what is offered, or to the previous filter", Where.FILTER, "up", "up"),
    _plain("filter-down", "Go down in what is offered, or to the table", Where.FILTER, "down", "down"),
    _plain("find-after", "Go to the next match, or in the lower line replace this one", _FI, "enter", "step(1)"),
    _plain("find-before", "Go to the previous match", _FI, "alt+j,ctrl+b,shift+enter", "step(-1)", label="before"),
    _plain("find-replace-all", "Replace every match, as one step to undo", Where.FIND, "alt+enter", "replace(True)"),
    _plain("find-close", "Close the bar; the cursor stays at the match", _FI, "escape", "close", label="close"),
    _plain("find-case", "Mind the case, or do not", _FI, "alt+c", "switch('case')", label="case"),
    _plain("find-word", "Find whole words only, or any text", _FI, "alt+o", "switch('word')", label="word"),
    _plain(
        "find-expression", "Find by an expression, or plain text", _FI, "alt+e", "switch('expression')", label="regex"
    ),
    _plain(
        "find-undo", "Undo what was replaced or typed last", _FI, "alt+u,ctrl+underscore", "revert(-1)", label="undo"
    ),
    _plain("find-redo", "Do again what was undone", _FI, "ctrl+y", "revert(1)"),
    _plain("find-next-part", "Go to the next part of the bar", Where.FIND, "tab", "next(1)"),
    _plain("find-previous-part", "Go to the previous part of the bar", Where.FIND, "shift+tab", "next(-1)"),
    _plain("find-earlier", "Take an earlier search", Where.FIND, "up", "remember(-1)"),
    _plain("find-later", "Take a later search", Where.FIND, "down", "remember(1)"),
    _plain("go-to-leave", "Go nowhere", Where.GO_TO, "escape", "give_up"),
    _plain("go-to-complete", "Take the step that is offered", Where.GO_TO, "tab", "complete", priority=True),
    _plain("go-to-up", "Go up in what is offered", Where.GO_TO, "up", "move(-1)", priority=True),
    _plain("go-to-down", "Go down in what is offered", Where.GO_TO, "down", "move(1)", priority=True),
    # ── screens above the workbench ─────────────────────────────────────────────────────────────────────────────────
    _plain("form-fold", "Close the object or list, or go to what it is inside of", Where.FORM, "left,h", "fold"),
    _plain("form-unfold", "Open the object or list, or go inside", Where.FORM, "right,l", "unfold"),
    Action("form-add", "Add what is absent, or an item to the list", Where.FORM, "a,insert", "add", call="add"),
    Action("form-remove", "Take the row out of the event", Where.FORM, "d,delete", "remove", call="remove"),
    Action("form-fold-all", "Close all, open all, or as at first", Where.FORM, "z", "fold", call="fold_all"),
    _plain("form-undo", "Undo the last change of the event", Where.FORM, "alt+u,ctrl+underscore", "undo"),
    _plain("form-redo", "Redo it", Where.FORM, "ctrl+y,alt+e", "redo"),
    Action("form-filter", "Narrow the rows by name, value or meaning", Where.FORM, "slash", "filter", call="filter"),
    Action("dialog-keys", "Say which keys there are", Where.DIALOG, "f1,alt+question_mark", call="keys", priority=True),
    _plain("dialog-keys-of-list", "Say which keys there are, outside a line", Where.DIALOG, "question_mark", "keys"),
    Action("problem-fix", "Put the problem right, or choose how", Where.PROBLEMS, "f", call="fix"),
    Action("problem-fix-kind", "Put all problems of its kind right", Where.PROBLEMS, "F", call="fix_kind"),
    Action("problem-fix-certain", "Put right all problems that are certain", Where.PROBLEMS, "A", call="fix_certain"),
    _plain("problems-leave", "Leave the problems", Where.PROBLEMS, "escape,q", "leave"),
    _plain("resize-left", "Move the border to the left", Where.RESIZE, "left,h", "move(-1,0)"),
    _plain("resize-right", "Move the border to the right", Where.RESIZE, "right,l", "move(1,0)"),
    _plain("resize-up", "Move the border up", Where.RESIZE, "up,k", "move(0,-1)"),
    _plain("resize-down", "Move the border down", Where.RESIZE, "down,j", "move(0,1)"),
    _plain("resize-usual", "Give all panes their usual sizes", Where.RESIZE, "0", "reset"),
    _plain("resize-leave", "Keep the sizes as they are", Where.RESIZE, "enter,escape,q", "leave"),
    _plain("jump-list", "List all that can be gone to", Where.JUMP, "slash,enter,ctrl+o", "list"),
    _plain("jump-leave", "Stay here", Where.JUMP, "escape", "leave"),
    Action("dialog-palette", "Find any action of the screen", Where.DIALOG, "ctrl+p,f2", call="palette"),
    _plain("chooser-leave", "Leave without a choice", Where.CHOOSER, "escape", "give_up"),
    _plain("chooser-up", "Go up in the choices", Where.CHOOSER, "up", "move(-1)", priority=True),
    _plain("chooser-down", "Go down in the choices", Where.CHOOSER, "down", "move(1)", priority=True),
    _plain("chooser-page-up", "Go up a page of choices", Where.CHOOSER, "pageup", "page(-1)", priority=True),
    _plain("chooser-page-down", "Go down a page of choices", Where.CHOOSER, "pagedown", "page(1)", priority=True),
    _plain("prompt-leave", "Leave without an answer", Where.PROMPT, "escape", "give_up"),
    _plain("question-yes", "Agree", Where.QUESTION, "y", "answer(True)"),
    _plain("question-no", "Do not", Where.QUESTION, "n,escape", "answer(False)"),
    _plain("notice-close", "Close what was read", Where.NOTICE, "escape,enter,q", "close"),
    _plain("note-keep", "Keep the note", Where.NOTE, "f9,ctrl+s", "keep"),
    _plain("note-leave", "Leave the note as it was", Where.NOTE, "escape", "give_up"),
    _plain("work-stop", "Stop it", Where.WORK, "escape", "stop"),
    _plain("search-leave", "Leave the search", Where.SEARCH, "escape", "leave"),
    _plain("search-scope", "Search this session, or all", Where.SEARCH, "tab,shift+tab", "toggle_scope", priority=True),
    _plain("search-up", "Go up in what was found", Where.SEARCH, "up", "move(-1)", priority=True),
    _plain("search-down", "Go down in what was found", Where.SEARCH, "down", "move(1)", priority=True),
    _plain("search-page-up", "Go up a page of what was found", Where.SEARCH, "pageup", "page(-1)", priority=True),
    _plain("search-page-down", "Go down a page of what was found", Where.SEARCH, "pagedown", "page(1)", priority=True),
    Action("compare-next", "Go to the next difference", _CO, "n", call="step(True)"),
    Action("compare-previous", "Go to the previous difference", _CO, "p,N", call="step(False)"),
    Action("compare-switch", "Show them in one column, or side by side", _CO, "v", call="switch"),
    Action("compare-copy", "Copy the comparison", _CO, "y", call="copy"),
    Action(
        "compare-next-part",
        "Show the outcome, or the event",
        _CO,
        "right_square_bracket",
        call="next_part(1)",
    ),
    Action("compare-previous-part", "Show the previous part", _CO, "left_square_bracket", call="next_part(-1)"),
    Action("compare-close", "Close the comparison", _CO, "escape,q", call="close"),
    Action("statistics-all", "Group nothing: all in one", _ST, "a", call="group(0)"),
    Action("statistics-triggers", "Group by trigger", _ST, "t", call="group(1)"),
    Action("statistics-targets", "Group by target", _ST, "g", call="group(2)"),
    Action("statistics-outcomes", "Group by outcome", _ST, "o", call="group(3)"),
    Action("statistics-expression", "Group by an expression", _ST, "slash,x", call="ask_expression"),
    Action("statistics-next", "Group in the next way", _ST, "right_square_bracket", call="step(1)"),
    Action("statistics-previous", "Group in the previous way", _ST, "left_square_bracket", call="step(-1)"),
    Action(
        "statistics-switch",
        "Move in the groups, or in the one that is shown",
        _ST,
        "tab,shift+tab",
        call="switch",
    ),
    Action("statistics-leave", "Leave the statistics", _ST, "escape,q", call="leave"),
    Action("replay-report", "Make a bug report of the one under the cursor", Where.REPLAY, "b", call="report"),
    Action("replay-edit", "Open its event", Where.REPLAY, "e", call="edit"),
    Action("replay-different", "Show only what differs, in its session", Where.REPLAY, "f", call="show_different"),
    Action("replay-session", "Open the session of the new exchanges", Where.REPLAY, "o", call="open_session"),
    Action("replay-go-on", "Go on with what is left", Where.REPLAY, "R", call="go_on"),
    Action("replay-leave", "Stop and keep what is done; then leave", Where.REPLAY, "escape", call="leave"),
    Action("report-copy", "Copy the report as it is shown", Where.REPORT, "b,y,enter", call="copy"),
    Action("report-save", "Save it to a file", Where.REPORT, "s", call="save"),
    Action("report-markdown", "Show it as Markdown", Where.REPORT, "m", call="show(0)", priority=True),
    Action("report-json", "Show it as JSON", Where.REPORT, "J", call="show(1)", priority=True),
    Action("report-curl", "Show it as a curl command", Where.REPORT, "c", call="show(2)", priority=True),
    Action("report-fgtui", "Show it as a command of fgtui", Where.REPORT, "f", call="show(3)", priority=True),
    Action("report-python", "Show it as Python", Where.REPORT, "p", call="show(4)", priority=True),
    Action("report-pytest", "Show it as a test", Where.REPORT, "t", call="show(5)", priority=True),
    Action("report-next", "Show the next form", Where.REPORT, "right_square_bracket", call="step(1)"),
    Action("report-previous", "Show the previous form", Where.REPORT, "left_square_bracket", call="step(-1)"),
    Action("report-wrap", "Wrap its long lines, or cut them", Where.REPORT, "w", call="wrap"),
    Action("report-close", "Close the report", Where.REPORT, "escape,q", call="close"),
    Action("noise-copy", "Copy the rules: in force once they stand in fgtui.toml", Where.NOISE, "y", call="copy"),
    Action("noise-close", "Close the rules", Where.NOISE, "escape,q,enter", call="close"),
    _plain("help-narrow", "Narrow help by what is typed", Where.HELP, "slash", "narrow"),
    _plain("help-close", "Close help", Where.HELP, "escape,q,enter", "close"),
)


def action_called(action_id: str) -> Action:
    """The action with that id."""
    return next(each for each in ACTIONS if each.id == action_id)


def in_pane(where: Where) -> tuple[Action, ...]:
    """The actions whose keys work while that pane has the focus, without those that work everywhere."""
    return tuple(action for action in ACTIONS if action.where is where)


def bindings(where: Where, *, around_list: bool = False) -> list[Binding]:
    """The pane's actions as Textual bindings that a keymap can remap: its list's, or those of what surrounds that."""
    return [
        Binding(action.keys, action.does, action.words, id=action.id, show=False, priority=action.priority)
        for action in in_pane(where)
        if action.keys and action.around_list is around_list
    ]


class Keymap(dict[str, str]):
    """Action id to the keys it has in place of its usual ones, as Textual takes it; and what a terminal keeps."""

    def __init__(self, changed: Mapping[str, str] = {}, swallowed: Iterable[str] = ()) -> None:
        super().__init__(changed)
        self.swallowed = frozenset(swallowed)
        """Keys that do not arrive in this terminal."""
        self.chosen: frozenset[str] = frozenset()
        """Ids of the actions whose keys a person has chosen: those are taken to arrive."""


def keys_in_force(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action after remapping."""
    return tuple(key.strip() for key in keymap.get(action.id, action.keys).split(",") if key.strip())


def keys_that_arrive(action: Action, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Those of them that this terminal lets through, as bar, help and palette show them."""
    keys = keys_in_force(action, keymap)
    if not isinstance(keymap, Keymap) or action.id in keymap.chosen:
        return keys
    return tuple(key for key in keys if key not in keymap.swallowed)


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
    "full_stop": ".",
    "comma": ",",
    "semicolon": ";",
    "apostrophe": "'",
    "minus": "-",
    "plus": "+",
    "equals_sign": "=",
    "asterisk": "*",
    "backslash": "\\",
    "underscore": "_",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


def spell(key: str, *, in_prose: bool = False) -> str:
    """A key as a person reads it: ``^J``, in a sentence ``Ctrl+J``, ``F5``, ``Alt+Z``, ``Ctrl+Enter``."""
    *modifiers, name = key.split("+")
    short = _SHORT_KEYS.get(name) or (name if len(name) == 1 else name.capitalize())
    if modifiers and len(short) == 1:
        short = short.upper()
    if modifiers == ["ctrl"] and len(short) == 1 and not in_prose:
        return f"^{short}"
    return "+".join([*(modifier.capitalize() for modifier in modifiers), short])


def key_of(action_id: str, keymap: Mapping[str, str], usual: str = "palette") -> str:
    """The first key of an action that arrives, for a sentence; that of ``usual`` where it has none."""
    action = action_called(action_id)
    keys = keys_that_arrive(action, keymap)
    if keys:
        return spell(keys[0], in_prose=True)
    return key_of(usual, keymap) if action_id != usual else spell(keys_in_force(action, keymap)[0], in_prose=True)


def keys_in(app: object, **actions: str) -> dict[str, str]:
    """For the holes of a sentence said in ``app``: the key of the action that each names (see ``key_of``).

    ``app`` without a keymap, as widgets stand in by themselves, has the usual keys.
    """
    keymap = getattr(app, "keymap", {})
    return {hole: key_of(action_id, keymap) for hole, action_id in actions.items()}


def spell_all(keys: Iterable[str]) -> str:
    """Several keys as a person reads them."""
    return " ".join(spell(key) for key in keys)
