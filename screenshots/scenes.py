"""The scenes of the pictures: a real project and store, a handler in a process of its own, keys that are pressed.

What no two machines agree on is an argument: the clock, the ids, the interpreter. What a clock inside the handler's
process measures (milliseconds, megabytes) is replaced in the outcome by fixed figures before it is recorded, and the
temporary folder by a name that suits a picture.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from textual.events import Paste
from textual.pilot import Pilot

from fgtui import demo
from fgtui.config import load
from fgtui.events.assignments import Variables, apply, parse_assignment
from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Exchange, LocalTarget, TargetSummary, TimedOut
from fgtui.records import replace
from fgtui.tui.actions import Where
from fgtui.tui.app import FgtuiApp
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.styles.themes import NAMED
from fgtui.words import say, speak, translated
from fgtui.workspace import Workspace
from screenshots.picture import draw
from tests.tui.waiting import wait_until

HANDLER = Path(__file__).with_name("handler.py")
TARGET = "src/index.handler"
SESSION = "orders"
FOLDER = "/srv/photos"
"""What the project's folder is called in the pictures."""
MOMENT = datetime(2026, 11, 22, 9, 46, 1, tzinfo=UTC)
"""Now, in every scene."""
DURATIONS_MS = (3.2, 0.8, 1.4, 0.6, 11.9, 0.7, 2.1)
LOAD_MS = 18.6
MEMORY_MB = 31.5
_MEASURED = re.compile(r"duration: [\d.]+ms, billing duration: \d+ms, memory used: [\d.]+MB")
_UNDERLINES = re.compile(r"^ *[~^]+\n", re.MULTILINE)
"""Below a line of a traceback; every version of Python draws them its own way."""
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.MULTILINE)


# ── what is not the machine's ────────────────────────────────────────────────────────────────────────────────────────
class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.moment


class SceneInvoker(Invoker):
    """Sends as always, and puts fixed figures where this machine's would be."""

    def __init__(self, clock: Clock, folder: Path) -> None:
        requests = count(1)
        ids = count(1)
        super().__init__(
            clock=clock,
            new_id=lambda: f"01JDA5W8Q0PH0T0S{next(ids):010d}",
            new_request_id=lambda: f"5b3c1d7e-94a0-4c1f-8e52-{next(requests):012d}",
            python=Path(sys.executable),
        )
        self._folder = str(folder)
        self._sent = count()

    def invoke(self, event: Event, target: LocalTarget, **options: Any) -> Exchange:
        """Send it."""
        exchange = super().invoke(event, target, **options)
        outcome = exchange.outcome
        duration = DURATIONS_MS[next(self._sent) % len(DURATIONS_MS)]
        return replace(
            exchange,
            target=replace(exchange.target, runtime="python3.11"),
            outcome=replace(
                outcome,
                duration_ms=duration,
                memory_mb=MEMORY_MB,
                init_ms=None if outcome.init_ms is None else LOAD_MS,
                logs=self._for_everybody(outcome.logs, duration),
            ),
        )

    def _for_everybody(self, logs: str, duration_ms: float) -> str:
        """A log as another machine would have it at another time."""
        figures = (
            f"duration: {duration_ms:.3f}ms, billing duration: {ceil(duration_ms)}ms, memory used: {MEMORY_MB:.3f}MB"
        )
        logs = _STAMP.sub(f"{self._clock():%Y-%m-%dT%H:%M:%SZ}", _UNDERLINES.sub("", logs))
        return _MEASURED.sub(figures, logs).replace(self._folder, FOLDER)


class SceneWorkspace(Workspace):
    """A workspace whose invoker is the scene's."""

    def __init__(self, project: Path, environment: Mapping[str, str]) -> None:
        super().__init__(load(project, environment), environment)
        self.clock = Clock()

    @cached_property
    def _invoker(self) -> Invoker:
        return SceneInvoker(self.clock, self.settings.folder)


@contextmanager
def surroundings(theme: str, language: str, *, is_demo: bool = False) -> Iterator[SceneWorkspace]:
    """A project and a home that exist for one scene, in a process that knows neither this place nor this terminal."""
    fixed = {"TZ": "UTC", "FGTUI_LANG": language, "NO_COLOR": None, "COLORFGBG": None, "FGTUI_TRUST": None}
    with tempfile.TemporaryDirectory() as name, _environment(fixed):
        project, home = Path(name).resolve() / "photos", Path(name).resolve() / "home"
        (home / "config").mkdir(parents=True)
        if is_demo:
            demo.make_project(project)
        else:
            (project / "src").mkdir(parents=True)
            shutil.copyfile(HANDLER, project / "src" / "index.py")
        (home / "config" / "config.toml").write_text(f'[workbench]\ntheme = "{theme}"\n{CLOUD}', encoding="utf-8")
        keys = {"PROD_AK": "EXAMPLEACCESSKEY7Q4X", "PROD_SK": "an example of a secret key"}
        workspace = SceneWorkspace(project, {**os.environ, **keys, "FGTUI_HOME": str(home)})
        speak(language)
        try:
            yield workspace
        finally:
            speak("en")
            workspace.close()


@contextmanager
def _environment(values: Mapping[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    try:
        _set_environment(values)
        yield
    finally:
        _set_environment(before)


def _set_environment(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
    time.tzset()


# ── what was recorded before ─────────────────────────────────────────────────────────────────────────────────────────
class Sent(NamedTuple):
    """An event that was sent some minutes before now, with what was set in it."""

    minutes: float
    trigger: str
    template: str = "default"
    changes: tuple[str, ...] = ()


CLOUD = """
[targets.production]
urn = "urn:fss:cn-north-4:0f1e2d3c4b5a69788796a5b4c3d2e1f0:function:default:thumbnail:!live"
profile = "prod"

[profiles.prod]
access_key = "${env:PROD_AK}"
secret_key = "${env:PROD_SK}"
guard = true
"""
"""A person's own settings in every scene: a function in the cloud that is not called by accident."""

EXAMPLES = 12
"""Recordings that the demo comes with."""

HISTORY = (
    Sent(171.2, "apig", changes=("path=/orders/17",)),
    Sent(168.6, "obs", changes=("Records[0].s3.object.key=photos/harbour.png",)),
    Sent(93.1, "lts", changes=("lts.data.logs[2].message=[WRN] 日落之后没有照片",)),
    Sent(92.4, "obs", "removed"),
    Sent(64.8, "apig", changes=("httpMethod=POST", "path=/orders/raw")),
    Sent(41.7, "timer"),
    Sent(12.3, "obs", changes=("Records[0].s3.object.key=photos/海边/日落.png",)),
    Sent(4.2, "obs", changes=("Records[0].s3.object.size:=7",)),
)


def record_history(workspace: SceneWorkspace) -> None:
    """Send what was sent before now, and record one that took its three seconds without the wait."""
    target = workspace.target(TARGET)
    for sent in HISTORY:
        workspace.clock.moment = MOMENT - timedelta(minutes=sent.minutes)
        workspace.send(_event(workspace, sent), target, session=SESSION)
    late = Sent(2.6, "dis")
    slow = Exchange(
        id="01JDA5W8Q0PH0T0S9999999999",
        event=_event(workspace, late),
        target=TargetSummary("local", TARGET, "python3.11"),
        outcome=TimedOut(limit_s=3.0, duration_ms=3000.0),
        started_at=MOMENT - timedelta(minutes=late.minutes),
    )
    workspace.store.append(SESSION, slow)
    workspace.clock.moment = MOMENT


def _event(workspace: SceneWorkspace, sent: Sent) -> Event:
    trigger = workspace.catalogue.get(sent.trigger)
    variables = Variables(MOMENT, lambda: "", 1, {})
    changes = [parse_assignment(change) for change in sent.changes]
    wire = apply(trigger.template(sent.template).text, trigger, changes, variables=variables, read_file=str)
    return Event(sent.trigger, wire.encode("utf-8"), sent.template)


# ── at the keyboard ──────────────────────────────────────────────────────────────────────────────────────────────────
LETTERS = {Where.OUTCOME: "o", Where.SESSION: "s"}


class Hands:
    """Presses keys and looks at the screen."""

    def __init__(self, pilot: Pilot[None], app: FgtuiApp, workspace: SceneWorkspace) -> None:
        self._pilot = pilot
        self._app = app
        self.workspace = workspace

    async def press(self, *keys: str, times: int = 1) -> None:
        """Press keys one after the other, over and over."""
        await self._pilot.press(*keys * times)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def paste(self, text: str) -> None:
        """Paste a text, as a terminal does."""
        self._app.post_message(Paste(text))
        await self._pilot.pause()

    async def see(self, *texts: str) -> None:
        """Wait until the screen says all of these, in the language of the scene where they are sentences."""
        texts = tuple(translated(text) for text in texts)
        await self.until(lambda: all(text in self.screen() for text in texts), f"the screen says {', '.join(texts)}")

    async def see_recorded(self, number: int) -> None:
        """Wait until the session's table has the exchange of that number, in sight or not."""
        table = self._app.workbench.session_pane.table
        await self.until(lambda: table.row_for(number) is not None, f"exchange {number} is listed")

    async def until(self, condition: Callable[[], object], words: str) -> None:
        """Wait until ``condition`` holds; say what was on the screen when it never does."""
        try:
            await wait_until(self._pilot, condition, words)
        except AssertionError as error:
            error.add_note(self.screen())
            raise

    async def open(self, template: str) -> None:
        """Open a template in the editor: its trigger's key and its name."""
        await self.press("ctrl+o", "slash")
        await self.see(f"─ {say('Jump')} ─")
        await self.paste(template)
        await self.see(f" {template}")
        await self.press("enter")
        editor = self._app.workbench.event_pane.editor
        await self.until(
            lambda: editor.trigger and f"{editor.trigger.key} {editor.template}" == template, f"{template} is open"
        )
        await self.see(f"{template.split(maxsplit=1)[0].upper()} · ", "no problems")

    async def go_to(self, pane: Where) -> None:
        """Give a pane the focus."""
        await self.press("ctrl+o", LETTERS[pane])
        await self.until(lambda: self._app.workbench.where is pane, f"the focus is in {pane}")

    async def rest(self) -> None:
        """Wait for what still works, and put away what would be gone in a moment: toasts, a blinking cursor."""
        app = self._app
        await self.until(lambda: all(worker.is_finished for worker in app.workers), "every worker ends")
        for screen in app.screen_stack:
            for widget in screen.query("CodeArea, Input"):
                widget.cursor_blink = False  # type: ignore[attr-defined]
        app.clear_notifications()
        await self.until(lambda: not app.screen.query("Toast"), "no toast is left")
        # What a dialog lets through is known once it is styled
        await self.until(lambda: not app.screen.is_modal or app._background_screens, "what is below shows")  # noqa: SLF001
        seen = ""
        while seen != (seen := self.screen()):
            await self._pilot.pause()

    def screen(self) -> str:
        """The words on the screen."""
        strips = self._app.screen._compositor.render_strips()  # noqa: SLF001 - as in tests/tui/stage.py
        return "\n".join(strip.text for strip in strips)


# ── the scenes ───────────────────────────────────────────────────────────────────────────────────────────────────────
Play = Callable[[Hands], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One play, and a picture of its end in each theme."""

    name: str
    title: str
    play: Play
    size: tuple[int, int] = (120, 40)
    themes: tuple[str, ...] = ("dark", "light")
    language: str = "en"
    is_demo: bool = False
    """Whether it is played in the project of ``fgtui demo``."""

    @property
    def pictures(self) -> dict[str, str]:
        """The names of its pictures, without suffix, and the theme of each."""
        return {self.name if theme == self.themes[0] else f"{self.name}-{theme}": theme for theme in self.themes}


async def lts_sent(hands: Hands) -> None:
    """The LTS event is sent."""
    await hands.open("lts default")
    await hands.see("⇢")
    await hands.press("f5")
    await hands.see("✓ returned · ")
    await hands.see_recorded(len(HISTORY) + 2)


async def lts_explained(hands: Hands) -> None:
    """The LTS event is sent, and the cursor goes to its encoded data."""
    await lts_sent(hands)
    await hands.press("down", "down")
    await hands.see("lts.data", "base64 → JSON")


async def decoded(hands: Hands) -> None:
    """The same in the decoded form, with the cursor at a line's message."""
    await lts_explained(hands)
    await hands.press("ctrl+t")
    await hands.see("decoded form")
    await hands.press("down", times=3)
    await hands.press("right", times=6)
    await hands.see("lts.data.logs[0].message")


async def form(hands: Hands) -> None:
    """The default event of OBS as a form, with the cursor at the object's key."""
    await hands.press("f12")
    await hands.see("eventVersion*")
    await hands.press("f8")
    await hands.press("end")
    await hands.press("up", times=4)
    await hands.see("Records[0].s3.object.key")


async def fixes(hands: Hands) -> None:
    """A text from somewhere else takes the template's place, and what is wrong with it is listed."""
    await hands.press("f7")
    await hands.paste(PASTED)
    await hands.see("✗ 2")
    await hands.press("alt+m")
    await hands.see(" problems ─")
    await hands.press("down", times=3)
    await hands.see("f  ")


PASTED = """\
{
  // from the ticket
  "Records": [
    {
      "eventVersion": 2.0,
      "eventTime": "2021-11-18 07:50:50",
      "eventname": "ObjectCreated:Put",
      "s3": {
        "bucket": {"name": "photos",},
        "object": {"key": "holiday 2026/cat.png", "size": "43"}
      }
    },
    ……
  ]
}"""


async def find(hands: Hands) -> None:
    """A word of the event is found, and another is to take its place."""
    await hands.press("f8", "alt+h")
    await hands.paste("example")
    await hands.see("1 of 7")
    await hands.press("tab")
    await hands.paste("photos")


async def chain(hands: Hands) -> None:
    """The event of OBS is wrapped in a notification of SMN, and shown decoded."""
    await hands.press("alt+i")
    await hands.see("Wrap the event in")
    await hands.type("smn")
    await hands.press("enter")
    await hands.see("SMN · ")
    await hands.press("ctrl+t", "f8")
    await hands.see("decoded form")


async def tour(hands: Hands) -> None:
    """The first step of the demo's tour is done, and the next is asked for."""
    await hands.see("Tour 1/")
    await hands.press("f5")
    await hands.see("✓ returned · ", "Tour 2/")
    await hands.see_recorded(EXAMPLES + 1)
    await hands.see(" › object › key")


async def jump(hands: Hands) -> None:
    """A letter stands on all that can be gone to."""
    await lts_explained(hands)
    await hands.press("ctrl+o")
    await hands.see("Field", "leave")


async def column(hands: Hands) -> None:
    """An event in the one pane there is room for, and what its base64 holds."""
    await hands.open("lts default")
    await hands.press("down", "down")
    await hands.see("lts.data", "base64 → JSON")


async def replay(hands: Hands) -> None:
    """The code changes, and a recorded event is sent again."""
    handler = hands.workspace.settings.folder / "src" / "index.py"
    code = handler.read_text(encoding="utf-8")
    code = code.replace('"width": 320', '"width": 640').replace('"quality": 80', '"format": "webp"')
    handler.write_text(code, encoding="utf-8")
    await hands.go_to(Where.SESSION)
    await hands.press("down", "down")
    await hands.press("r")
    await hands.see("differences to")


async def failed(hands: Hands) -> None:
    """An exchange whose handler raised is opened, and its logs."""
    await hands.go_to(Where.SESSION)
    await hands.press("down", "enter")
    await hands.see("ValueError: 7 bytes")
    await hands.go_to(Where.OUTCOME)
    await hands.press("right_square_bracket")
    await hands.see("Traceback")


async def filtered(hands: Hands) -> None:
    """The session is filtered for what did not return."""
    await hands.go_to(Where.SESSION)
    await hands.press("slash")
    await hands.see("JMESPath")
    await hands.paste("outcome.kind != 'returned'")
    await hands.press("enter")
    await hands.see("4 of 9 · where ")


async def compared(hands: Hands) -> None:
    """The same, and both sides of it on a screen of their own."""
    await replay(hands)
    await hands.go_to(Where.SESSION)
    await hands.press("home", "d")
    await hands.see("differences")
    await hands.press("v")


async def searched(hands: Hands) -> None:
    """Words are looked for in every recording, Chinese ones too."""
    await hands.go_to(Where.SESSION)
    await hands.press("f")
    await hands.see("Search recordings")
    await hands.type("日落")
    await hands.see("2 exchanges")


async def counted(hands: Hands) -> None:
    """The session is counted, by trigger."""
    await hands.go_to(Where.SESSION)
    await hands.press("s")
    await hands.see("all exchanges")


async def reported(hands: Hands) -> None:
    """A report of what failed is looked at before it leaves."""
    await hands.go_to(Where.SESSION)
    await hands.press("down", "b")
    await hands.see("what will leave")
    await hands.press("f")
    await hands.see("fgtui send")


async def guarded(hands: Hands) -> None:
    """A function in production is chosen, which asks for its name before anything is sent."""
    await hands.press("f4")
    await hands.see("─ Target ─")
    await hands.paste("production")
    await hands.press("enter")
    await hands.see("GUARDED")
    await hands.press("f5")
    await hands.see("type production to agree")


async def help_shown(hands: Hands) -> None:
    """Help is asked for in the session's table."""
    await hands.go_to(Where.SESSION)
    await hands.press("f1")
    await hands.see("Help: Session")


async def palette(hands: Hands) -> None:
    """Actions are looked for by a word."""
    await hands.press("f2")
    await hands.see("Actions")
    await hands.type("event")
    await hands.see("Send the event to the target")


async def chinese(hands: Hands) -> None:
    """Names, titles and values that are Chinese, whose characters take two cells."""
    await hands.open("timer default")
    await hands.press("down", times=4)
    await hands.see("trigger_name  字符串")
    await hands.press("f5")
    await hands.see_recorded(len(HISTORY) + 2)


SCENES = (
    Scene(
        "workbench",
        "The workbench: an LTS event, what its base64 holds, the answer, the session",
        lts_explained,
        size=(140, 40),
    ),
    Scene(
        "decoded", "The LTS event in its decoded form, with the field at the cursor explained", decoded, size=(140, 40)
    ),
    Scene("form", "An event as a form: its fields, what they mean, what they hold", form),
    Scene("fixes", "What is wrong with a pasted text, and what puts it right", fixes),
    Scene("find", "Matches in the event, and what is to take their place", find),
    Scene("chain", "An event of OBS inside a notification of SMN, decoded", chain),
    Scene("compare", "Two answers to one event side by side, with what differs marked", compared, size=(120, 24)),
    Scene("failed", "A handler that raised, with its traceback in the logs", failed),
    Scene("filter", "The exchanges of a session for which a JMESPath expression is true", filtered),
    Scene("search", "Words found in a recorded event, Chinese ones too", searched, size=(100, 24)),
    Scene("statistics", "The metrics of a session, with a histogram", counted),
    Scene("report", "What will leave, before it does: an exchange as a command line", reported),
    Scene("guarded", "A function in production, and its name to type before anything is sent there", guarded),
    Scene("tour", "A step of the tour in the project of fgtui demo", tour, size=(100, 30), is_demo=True),
    Scene("jump", "A letter on all that can be gone to", jump),
    Scene("palette", "Every action by name, with its keys", palette),
    Scene("small", "The workbench on 80 columns and 24 lines", lts_sent, size=(80, 24)),
    Scene("column", "The workbench in one column of 40", column, size=(40, 24)),
    Scene("contrast", "The workbench in high contrast", decoded, size=(140, 40), themes=("dark-contrast",)),
    Scene("chinese", "The workbench in Chinese", chinese, language="zh"),
)


def opened(workspace: SceneWorkspace, *, is_demo: bool) -> Opening:
    """Record what there is to be seen, and say what the workbench opens on."""
    if not is_demo:
        record_history(workspace)
        return Opening(target=TARGET, session=SESSION)
    demo.agree(workspace, now=MOMENT)
    workspace.clock.moment = datetime.max.replace(tzinfo=UTC, microsecond=0)  # a step is done by what comes after it
    return Opening(session=demo.import_example(workspace), tour=True)


async def take(scene: Scene) -> dict[str, str]:
    """Play ``scene`` once, and return its picture in each theme by name."""
    with surroundings(scene.themes[0], scene.language, is_demo=scene.is_demo) as workspace:
        app = FgtuiApp(workspace, opened(workspace, is_demo=scene.is_demo))
        app.animation_level = "none"
        pictures = {}
        try:
            async with app.run_test(size=scene.size) as pilot:
                hands = Hands(pilot, app, workspace)
                await hands.see("no problems")
                await hands.see_recorded(1)
                await scene.play(hands)
                for name, theme in scene.pictures.items():
                    app.theme = NAMED[theme].name
                    await hands.rest()
                    pictures[name] = draw(app, scene.title)
        finally:
            app.drafts.close()
    return pictures
