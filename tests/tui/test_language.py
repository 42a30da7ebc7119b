"""Nothing is drawn that was not said: in a language of accents, every dialog and pane is without a plain sentence.

And what is typed in another script than Latin is composed where it will stand.
"""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.geometry import Offset, Region
from textual.pilot import Pilot

from fgtui.tui.actions import ACTIONS, Action, Where
from fgtui.tui.app import FgtuiApp
from fgtui.tui.screens.workbench import Opening
from fgtui.words import speak
from screenshots.scenes import HISTORY, SESSION, TARGET, Hands, record_history, surroundings
from tests.pseudo import Pseudo, sentences, unsaid

ELSEWHERE = {"quit-workbench", "suspend", "open-place", "edit-elsewhere", "read-elsewhere", "find-noise", "send-debug"}
"""Actions that end the workbench, or hand the terminal to another program, or wait for one."""
SIZE = (140, 40)


async def shown_by(action: Action, app: FgtuiApp, pilot: Pilot[None], hands: Hands) -> str:
    """The screen that an action leads to; the workbench has the keys again then."""
    await app.workbench.perform(action.id)
    await pilot.pause()
    drawn = hands.screen()
    for _ in range(6):
        if len(app.screen_stack) == 1:
            return drawn
        await pilot.press("escape")
    raise AssertionError(f"{action.id} leads to a screen that Escape does not leave")


async def test_every_word_that_an_action_shows_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    notify = FgtuiApp.notify

    def hear(app: FgtuiApp, message: str, **options: object) -> None:
        heard.append(message)
        notify(app, message, **options)

    monkeypatch.setattr(FgtuiApp, "notify", hear)
    drawn: dict[str, str] = {}
    with surroundings("dark", "en") as workspace:
        record_history(workspace)
        speak("zh", Pseudo())
        app = FgtuiApp(workspace, Opening(target=TARGET, session=SESSION))
        app.animation_level = "none"
        async with app.run_test(size=SIZE) as pilot:
            hands = Hands(pilot, app, workspace)
            await hands.see_recorded(len(HISTORY) + 1)
            drawn["the workbench"] = hands.screen()
            for action in ACTIONS:
                if action.is_offered and action.where is not Where.TEXT and action.id not in ELSEWHERE:
                    drawn[action.id] = await shown_by(action, app, pilot, hands)
        app.drafts.close()
    known = sentences()
    plain = unsaid("\n".join((*drawn.values(), *heard)), known)
    assert {words: [name for name, screen in drawn.items() if words in screen] for words in plain} == {}
    assert len(set(drawn.values())) > 40


TYPED = "日落 a海"
LINES = {
    "the filter of the session": ("session", ("slash",)),
    "the search": ("session", ("f",)),
    "the number of an exchange": ("session", ("g",)),
    "the note": ("session", ("n",)),
    "the tags": ("session", ("t",)),
    "the triggers": ("triggers", ("slash",)),
    "the palette": ("event", ("f2",)),
    "the jump list": ("event", ("ctrl+o", "slash")),
    "the sessions": ("event", ("f3",)),
    "the target": ("event", ("f4",)),
    "the find bar": ("event", ("ctrl+f",)),
    "the text": ("event", ()),
    "the outcome": ("outcome", ("slash",)),
}


@pytest.mark.parametrize(("size", "language"), [((140, 40), "en"), ((80, 24), "zh")], ids=["wide-en", "small-zh"])
async def test_an_input_method_composes_where_the_cursor_is_drawn(size: tuple[int, int], language: str) -> None:
    """Behind wide characters, and with more of them than the line is wide."""
    wrong: dict[str, tuple[Offset, Offset]] = {}
    with surroundings("dark", language) as workspace:
        record_history(workspace)
        app = FgtuiApp(workspace, Opening(target=TARGET, session=SESSION))
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            hands = Hands(pilot, app, workspace)
            await hands.see_recorded(len(HISTORY) + 1)
            for name, (pane, keys) in LINES.items():
                app.workbench.focus_pane(Where(pane))
                await hands.until(lambda pane=pane: app.workbench.where is Where(pane), f"{pane} has the keys")
                await hands.press(*keys)
                for text in (TYPED, TYPED * 20):
                    await hands.paste(text)
                    await pilot.pause()
                    assert app.focused is not None
                    found = _drawn_end(hands.screen(), TYPED, app.focused.region)
                    if found != app.cursor_position:
                        wrong[f"{name}, {len(text)} characters"] = (found, app.cursor_position)
                for _ in range(4):
                    if len(app.screen_stack) > 1 or keys:
                        await hands.press("escape")
        app.drafts.close()
    assert wrong == {}


def _drawn_end(screen: str, text: str, region: Region) -> Offset:
    """Where the last ``text`` in the rows of a widget ends."""
    rows = screen.split("\n")
    y, row = next(((y, rows[y]) for y in reversed(range(region.y, region.bottom)) if text in rows[y]), (0, ""))
    return Offset(cell_len(row[: row.rfind(text) + len(text)]), y)
