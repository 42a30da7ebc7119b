"""What the workbench keeps of its looks from one run to the next, and takes up again. Imported when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.paths import data_folder, temporary_folder
from fgtui.tui.actions import Where
from fgtui.tui.arrangement import Arrangement
from fgtui.tui.remembered.workspace_state import USUAL, WorkspaceState
from fgtui.tui.widgets.outcome_view import OutcomeLook
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.tui.screens.workbench import WorkbenchScreen


def last_copy(screen: WorkbenchScreen) -> str:
    """Write the event that cannot be kept as a draft wherever there is room; the sentence that says where, or why not.

    Safe in any thread.
    """
    import shlex

    from fgtui.tui.remembered.lent_files import LentFiles

    environment = screen.workspace.environment
    lent = LentFiles(data_folder(environment), temporary_folder(environment))
    try:
        file = lent.write(screen.event_pane.editor.text, "event", ".json")
    except OSError as error:
        return say("the unsent event is lost, since it cannot be kept: {reason}", reason=error.strerror or str(error))
    return say(
        "the unsent event could not be kept as a draft; it is in {file}, and this opens it: fgtui {argument}",
        file=file,
        argument=shlex.quote(str(file)),
    )


def take_up(screen: WorkbenchScreen, remembered: WorkspaceState) -> None:
    """Look as the workbench was left, before the first frame; names that mean nothing here are passed over."""
    hidden = frozenset(where for where in screen.panes() if where in remembered.hidden)
    if len(hidden) == len(screen.panes()):
        hidden = frozenset()
    is_zoomed = remembered.is_zoomed and Where.EVENT not in hidden
    screen.desk.arrangement = Arrangement(remembered.shares, hidden, is_zoomed)
    screen.desk.lay_out()
    screen.outcome_view.take(
        OutcomeLook(remembered.outcome_part or "", remembered.turned_parts, remembered.is_side_by_side)
    )


def state_of(screen: WorkbenchScreen, before: WorkspaceState | None, theme: str | None) -> WorkspaceState:
    """How the workbench looks now; what else was known of ``before`` stays."""
    arrangement, look = screen.arrangement, screen.outcome_view.look
    return (before or USUAL)._replace(
        shares=arrangement.shares,
        hidden=tuple(sorted(arrangement.hidden)),
        is_zoomed=arrangement.is_zoomed,
        theme=theme,
        outcome_part=look.part,
        turned_parts=look.turned,
        is_side_by_side=look.is_side_by_side,
    )
