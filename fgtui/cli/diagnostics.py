"""The only writer of stderr: narration, problems, errors and outcomes, each escaped and in one or two lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from fgtui.errors import EventError, FgtuiError
from fgtui.terminal.display import displayable, displayable_line
from fgtui.words import QUOTED_LIMIT, Phrase, labelled, say

if TYPE_CHECKING:
    from fgtui.events.model import Problem

_COLOURS = {"error": "31", "warning": "33", "info": "36", "good": "32", "dim": "2"}
SEVERITIES = {"error": Phrase("error"), "warning": Phrase("warning"), "info": Phrase("info")}
"""How a line of each severity begins."""


class Diagnostics:
    """Standard error, or whatever takes its place in a test. Never raises: there is nowhere left to say it."""

    def __init__(
        self, stream: TextIO | None, *, is_terminal: bool = False, in_colour: bool = False, charset: str = ""
    ) -> None:
        self._stream = stream
        self.is_terminal = is_terminal
        self._in_colour = in_colour
        self.charset = charset if is_terminal else ""
        """What the terminal shows, and sends for what is typed, where that is not UTF-8."""
        self._within_line = False
        self._held = ""
        self._shows_progress = False

    def note(self, sentence: str, /, **values: object) -> None:
        """Something worth knowing that went well."""
        self._line(say(sentence, values))

    def line(self, words: str) -> None:
        """As ``note``, of words that are said already."""
        self._line(words)

    def warn(self, sentence: str, /, **values: object) -> None:
        """Something that may surprise."""
        self._line(say(sentence, values), tag="warning")

    def error(self, error: FgtuiError, *, about: str = "") -> None:
        """What could not be done, with its place when it has one, and the way out on a second line.

        ``about`` names what it could not be done to, where the error does not.
        """
        place = ""
        if isinstance(error, EventError):
            numbers = [str(number) for number in (error.line, error.column) if number is not None]
            place = ":".join(filter(None, [str(error.name), *numbers]))
        words = say(error.message, error.values)
        self._line(labelled(about, words) if about else words, tag="error", place=place)
        if error.hint:
            self._line("  " + say(error.hint, error.values))

    def problem(self, problem: Problem, *, name: str) -> None:
        """``name:line:column: severity: words``, and the hint on a second line."""
        place = f"{name}:{problem.line}:{problem.column}"
        self._line(say(problem.message, problem.values), tag=problem.severity.value, place=place)
        if problem.hint:
            self._line("  " + say(problem.hint, problem.values))

    def quote(self, text: str) -> None:
        """A line of foreign text, escaped but whole: what a person is to agree to is not cut."""
        self._line(f"  {text}")

    def caret(self, text: str, column: int) -> None:
        """``text``, or as much as a message quotes of it, with a mark below its ``column``, from 1."""
        from fgtui.cli.output import display_width

        start = max(0, min(column - 1 - QUOTED_LIMIT // 2, len(text) - QUOTED_LIMIT))
        before, after = displayable_line(text[start : column - 1]), text[column - 1 : start + QUOTED_LIMIT]
        before = f"…{before}" if start else before
        self._line(f"  {before}{after}" + ("…" if start + QUOTED_LIMIT < len(text) else ""))
        self._line("  " + " " * display_width(before) + "^")

    def outcome(self, words: str, *, good: bool) -> None:
        """The line that says how a send ended; a sign stands beside the colour."""
        self._write(self._colour(displayable_line(words), "good" if good else "error") + "\n")

    def not_recorded(self, error: FgtuiError) -> None:
        """Why an exchange could not be recorded; the send itself has happened."""
        why = say(error.message, error.values)
        self._line(say("not recorded: {why} (result shown above)", why=why), tag="error")
        if error.hint:
            self._line("  " + say(error.hint, error.values))

    def logs(self, text: str) -> None:
        """A piece of what the handler writes, as it comes, escaped; pieces may end anywhere."""
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""  # perhaps half of a line end
        text = text.removesuffix("\r")
        if text:
            self._put(displayable(text.replace("\r\n", "\n")))
            self._within_line = not text.endswith("\n")

    def progress(self, sentence: str, /, **values: object) -> None:
        """How far long work is, on a line that whatever comes next replaces; nothing where nobody is watching."""
        if self.is_terminal:
            self._put(displayable_line(say(sentence, values)))
            self._shows_progress = True

    def end_progress(self) -> None:
        """Take the line of progress away, before something else writes to the same terminal."""
        if self._shows_progress:
            self._put("")

    def ask(self, question: str, /, **values: object) -> None:
        """A question, left open for the answer."""
        self._write(displayable_line(say(question, values)) + " ")

    def _line(self, words: str, *, tag: str = "", place: str = "") -> None:
        start = f"{displayable_line(place)}: " if place else ""
        shown = displayable_line(words)
        self._write(start + (labelled(self._colour(say(SEVERITIES[tag]), tag), shown) if tag else shown) + "\n")

    def _colour(self, text: str, colour: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._in_colour else text

    def _write(self, text: str) -> None:
        """Words of ours, which begin a line of their own after whatever a handler left open."""
        rest = displayable_line(self._held) + "\n" if self._within_line or self._held else ""
        self._held, self._within_line = "", False
        self._put(rest + text)

    def _put(self, text: str) -> None:
        if self._stream is None:
            return
        if self._shows_progress:
            self._shows_progress = False
            text = f"\r\x1b[K{text}"
        if self.charset:
            from fgtui.terminal.charset import in_charset

            text = in_charset(text, self.charset).decode(self.charset)
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # closed, full or gone
            self._stream = None


def wants_colour(environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether a person is watching who did not ask for plain text (NO_COLOR)."""
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM", "dumb") != "dumb"
