"""Nothing is drawn that was not said: in a language of accents, every dialog and pane is without a plain sentence."""

from __future__ import annotations

import pytest
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
        notify(app, message, **options)  # type: ignore[arg-type]

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
