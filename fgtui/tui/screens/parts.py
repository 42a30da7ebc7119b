"""What helps the workbench, each part made when it is first wanted, and the actions that are one part's alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from fgtui.tui.screens.panes import PaneScreen

if TYPE_CHECKING:
    from fgtui.tui.screens.event.chaining import Chaining
    from fgtui.tui.screens.event.elsewhere import Elsewhere
    from fgtui.tui.screens.jumping import Jumping
    from fgtui.tui.screens.outcome.reporting import Reporting
    from fgtui.tui.screens.recent import Recent
    from fgtui.tui.screens.saving import Saving
    from fgtui.tui.screens.send.serving import Served, Serves
    from fgtui.tui.screens.send.targets import TargetChoice
    from fgtui.tui.screens.session.annotating import Annotating
    from fgtui.tui.screens.session.counterparts import Counterparts
    from fgtui.tui.screens.session.exchanging import Exchanging
    from fgtui.tui.screens.session.housekeeping import Housekeeping
    from fgtui.tui.screens.session.noise_finding import NoiseFinding
    from fgtui.tui.screens.session.replaying import Replaying
    from fgtui.tui.screens.session.searching import Searching
    from fgtui.tui.screens.session.statistics import StatisticsOffer
    from fgtui.tui.screens.workbench import WorkbenchScreen


class WorkbenchParts(PaneScreen):
    """The screen of the panes, with its helpers."""

    targets: TargetChoice
    jumping: Jumping

    @property
    def _workbench(self) -> WorkbenchScreen:
        """The same, as the parts know it."""
        return cast("WorkbenchScreen", self)

    # ── what is made when it is first wanted ────────────────────────────────────────────────────────────────────────
    @cached_property
    def searching(self) -> Searching:
        """The search through the recordings."""
        from fgtui.tui.screens.session.searching import Searching

        return Searching(self._workbench)

    @cached_property
    def chaining(self) -> Chaining:
        """Events inside events."""
        from fgtui.tui.screens.event.chaining import Chaining

        return Chaining(self._workbench)

    @cached_property
    def annotating(self) -> Annotating:
        """Notes and tags."""
        from fgtui.tui.screens.session.annotating import Annotating

        return Annotating(self._workbench)

    @cached_property
    def reporting(self) -> Reporting:
        """Bug reports."""
        from fgtui.tui.screens.outcome.reporting import Reporting

        return Reporting(self._workbench)

    @cached_property
    def statistics(self) -> StatisticsOffer:
        """Statistics."""
        from fgtui.tui.screens.session.statistics import StatisticsOffer

        return StatisticsOffer(self._workbench)

    @cached_property
    def replaying(self) -> Replaying:
        """Bulk replays."""
        from fgtui.tui.screens.session.replaying import Replaying

        return Replaying(self._workbench)

    @cached_property
    def counterparts(self) -> Counterparts:
        """Comparisons."""
        from fgtui.tui.screens.session.counterparts import Counterparts

        return Counterparts(self._workbench)

    @cached_property
    def noise_finding(self) -> NoiseFinding:
        """What differs by itself."""
        from fgtui.tui.screens.session.noise_finding import NoiseFinding

        return NoiseFinding(self._workbench)

    @cached_property
    def exchanging(self) -> Exchanging:
        """Files to share."""
        from fgtui.tui.screens.session.exchanging import Exchanging

        return Exchanging(self._workbench)

    @cached_property
    def housekeeping(self) -> Housekeeping:
        """Sessions and the room they take."""
        from fgtui.tui.screens.session.housekeeping import Housekeeping

        return Housekeeping(self._workbench)

    @cached_property
    def serves(self) -> Serves:
        """The local endpoint."""
        from fgtui.tui.screens.send.serving import Serves

        return Serves(self._workbench)

    @property
    def served(self) -> Served | None:
        """The local endpoint that runs, if one does."""
        return self.serves.served if "serves" in self.__dict__ else None

    @cached_property
    def elsewhere(self) -> Elsewhere:
        """Other programs."""
        from fgtui.tui.screens.event.elsewhere import Elsewhere

        return Elsewhere(self._workbench)

    def parting_words(self) -> tuple[str, ...]:
        """What to know as the workbench ends, besides its unsent event."""
        return tuple(self.elsewhere.parting_words()) if "elsewhere" in self.__dict__ else ()

    @cached_property
    def saving(self) -> Saving:
        """Files."""
        from fgtui.tui.screens.saving import Saving

        return Saving(self._workbench)

    @cached_property
    def recent(self) -> Recent:
        """What was used last."""
        from fgtui.tui.screens.recent import Recent

        return Recent(self._workbench)

    # ── what a part does by itself ──────────────────────────────────────────────────────────────────────────────────
    async def action_choose_target(self) -> None:
        """Ask for another target."""
        await self.targets.ask()

    async def action_set_limits(self) -> None:
        """Ask for the target's limits."""
        await self.targets.ask_limits()

    def action_serve_start(self) -> None:
        """Let a local endpoint pass on to the target what clients call."""
        self.serves.ask()

    def action_serve_copy(self) -> None:
        """Copy where the local endpoint listens."""
        self.serves.copy_address()

    def action_serve_stop(self) -> None:
        """Stop the local endpoint."""
        self.serves.stop()

    async def action_switch_session(self) -> None:
        """Ask for another session."""
        await self.jumping.ask_session()

    def action_rename_session(self) -> None:
        """Ask for another name of the session."""
        self.housekeeping.rename()

    def action_merge_session(self) -> None:
        """Ask which session the exchanges of this one are appended to."""
        self.housekeeping.merge()

    def action_delete_session(self) -> None:
        """Ask which session is deleted."""
        self.housekeeping.delete()

    def action_prune_recordings(self) -> None:
        """Ask how much of what is recorded is kept."""
        self.housekeeping.prune()

    def action_vacuum(self) -> None:
        """Make the file of the recordings as small as it can be."""
        self.housekeeping.vacuum()

    async def action_jump(self) -> None:
        """Offer places to go to."""
        await self.jumping.ask_where()

    async def action_palette(self) -> None:
        """Offer every action."""
        await self.jumping.ask_action()

    def action_open_in_editor(self) -> None:
        """Open the event, or the field that has the focus, in the person's editor."""
        self.elsewhere.edit()

    def action_open_value_in_editor(self) -> None:
        """Open the value at the cursor, decoded, in the person's editor."""
        self.elsewhere.edit_value()

    def action_read_in_pager(self) -> None:
        """Show the event, or the outcome that has the focus, in the person's pager."""
        self.elsewhere.read()

    async def action_open_recent(self) -> None:
        """Offer the events that were opened last."""
        await self.recent.ask()

    def action_restore_draft(self) -> None:
        """Offer the drafts."""
        self.jumping.ask_draft()
