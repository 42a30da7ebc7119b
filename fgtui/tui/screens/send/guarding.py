"""Makes sure that a person means to send something where that may do harm (reliability, sections 7 and 8).

Asked anew for each order, and never remembered: what was agreed to is what the dialog has shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from fgtui.errors import UsageError
from fgtui.tui.target_words import whereabouts
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Target
    from fgtui.sessions.replay.caution import Caution
    from fgtui.tui.screens.workbench import WorkbenchScreen


def when_agreed(
    screen: WorkbenchScreen,
    target: Target,
    go: Callable[[], None],
    *,
    caution: Caution,
    question: str,
    summary: str,
    yes: str = "",
    otherwise: str = "",
) -> None:
    """Do ``go`` at once where no ``caution`` is needed, else once a person has agreed or typed the target's name.

    ``summary`` says in a sentence what would go there; where that is stands below it. ``otherwise`` is the
    sentence for where they do not agree; by default nothing was sent.
    """
    from fgtui.sessions.replay.caution import Caution, names_of
    from fgtui.tui.screens.dialogs import Prompt, Question

    text = "\n".join([summary, *whereabouts(target)])

    def answered(agreed: object) -> None:
        if agreed:
            go()
        else:
            screen.say("{words}", words=otherwise or say("nothing was sent"))

    match caution:
        case Caution.NONE:
            go()
        case Caution.YES:
            screen.app.push_screen(Question(question, text, yes=yes or say("Send it")), answered)
        case Caution.NAME:
            names = names_of(target)
            title = say("GUARDED: type {name} to agree", name=names[0])
            prompt = Prompt(title, hint=text, check=partial(check_name, names))
            prompt.add_class("-guarded")
            screen.app.push_screen(prompt, answered)


def check_name(names: list[str], typed: str) -> None:
    """``UsageError`` where ``typed`` is none of ``names``."""
    if typed.strip() not in names:
        if len(names) == 1:
            raise UsageError("that is not its name: {name}", name=names[0])
        raise UsageError("that is not its name: {name} or {other}", name=names[0], other=names[1])
