"""Arguments, as argparse parses them and as we speak about them: one or two lines, with the nearest right name."""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NoReturn

from fgtui.cli.output import Output, display_width
from fgtui.errors import UsageError
from fgtui.words import LANGUAGES, Names, Phrase, nearest, say, translated

HELP_WIDTH = 80
SEE_HELP = "see: {verb} --help"
MOST_AT_ONCE = 64
"""Events that may be sent at once."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as told: asking ``shutil`` for the width, at every argument that is added, loads three compressors.

    Help is put into the person's language here, argparse's own words among it.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=HELP_WIDTH, max_help_position=28)

    def start_section(self, heading: str | None) -> None:
        super().start_section(say(_HEADINGS[heading]) if heading in _HEADINGS else heading)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, say("usage: ") if prefix is None else prefix)

    def _format_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None,
    ) -> str:
        more = _cells_beyond_characters(prefix or "")
        self._width -= more  # argparse counts characters
        try:
            return super()._format_usage(usage, actions, groups, prefix)
        finally:
            self._width += more

    def format_help(self) -> str:
        """What argparse makes of it, its usage lined up where the word before it is wider than it has characters."""
        word, colon = say("usage: "), say(":")
        usage, end, rest = super().format_help().partition("\n\n")
        more = " " * _cells_beyond_characters(word)
        for heading in map(say, _HEADINGS.values()):
            rest = rest.replace(f"{heading}:\n", f"{heading}{colon}\n")
        return usage.replace("\n", f"\n{more}") + end + rest

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return None if action.help is None else translated(action.help)

    def _split_lines(self, text: str, width: int) -> list[str]:
        if text.isascii():
            return super()._split_lines(text, width)
        from fgtui.terminal.wrapping import wrap

        return wrap(text, width)


def _cells_beyond_characters(text: str) -> int:
    return display_width(text) - len(text)


_HEADINGS: dict[str | None, Phrase] = {
    "positional arguments": Phrase("positional arguments"),
    "options": Phrase("options"),
}
"""What argparse calls its groups."""


class Parser(argparse.ArgumentParser):
    """Raises ``UsageError`` where argparse would print a wall and exit; options may stand anywhere."""

    def __init__(self, prog: str, description: str, *, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=translated(description.strip()),
            epilog=epilog,
            add_help=False,
            allow_abbrev=False,  # a new option must not change the meaning of an old command line
            formatter_class=_Formatter,
        )
        self.offers: dict[str, tuple[str, ...] | str] = {}
        """What completion offers for an argument, by ``dest``: words, or what ``completions --words`` is asked for."""
        self.add_argument("-h", "--help", action="store_true", help="show this help")
        self.add_argument(
            "--lang", metavar="en|zh", help="the language of words (default: FGTUI_LANG, or the locale's)"
        )
        self.offers["lang"] = LANGUAGES

    def add_store(self) -> None:
        """``--store``, for every verb that touches recordings."""
        self.add_argument(
            "--store",
            metavar="FILE",
            type=file_name("--store"),
            help="the file of recordings (default: the project's or the user's)",
        )

    def add_json(self, what: str) -> None:
        """``--json``, with what it prints."""
        self.add_argument("--json", action="store_true", help=what)

    def add_trust(self) -> None:
        """``--trust-project``, for every verb that may use what a project file names."""
        self.add_argument(
            "--trust-project", action="store_true", help="agree to what the project file names, this once"
        )

    def add_concurrency(self, what: str, default: int | None = 1) -> None:
        """``--concurrency``, for every verb that sends several events."""
        self.add_argument(
            "--concurrency",
            metavar="N",
            type=whole("--concurrency", least=1, most=MOST_AT_ONCE),
            default=default,
            help=what,
        )

    def add_file(self) -> None:
        """``[FILE|-]``, for every verb that reads an event."""
        self.add_argument("file", metavar="FILE", nargs="?", help="a file, or - for standard input (default)")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse ``words``; ``help`` in the answer is true when only help was asked for."""
        if any(word in ("-h", "--help") for word in _before_double_dash(words)):
            return argparse.Namespace(help=True)
        options, rest = self._sorted(words)
        arguments, unknown = self.parse_known_args([*options, *(["--"] if rest else []), *rest])
        if unknown:
            self._check_number(words, unknown[-1])
            raise UsageError(
                "{verb}: nothing is expected where {word!r} stands",
                verb=self.prog,
                word=unknown[-1],
                hint=SEE_HELP,
            )
        return arguments

    def _check_number(self, words: Sequence[str], surplus: str) -> None:
        """Say so when ``surplus`` may be meant as the number of the option before it, which can stand without one."""
        before = [option for option, word in itertools.pairwise(words) if word == surplus]
        for action in self._actions:
            if action.nargs == "?" and callable(action.type) and set(action.option_strings) & set(before):
                action.type(surplus)

    def _sorted(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """Options, each joined to its value, and the other words: argparse wants the others to stand together."""
        known = {name: action for action in self._actions for name in action.option_strings}
        options: list[str] = []
        rest: list[str] = []
        left = list(words)
        while left:
            word = left.pop(0)
            name, equals, _ = word.partition("=")
            if word == "--":
                rest += left
            elif not word.startswith("-") or word == "-":
                rest.append(word)
            elif name not in known:
                raise self._unknown(name)
            elif equals or not takes_value(known[name]):
                is_number = known[name].nargs == "?" and bool(left) and left[0].isdecimal()
                options.append(f"{name}={left.pop(0)}" if is_number and not equals else word)
            else:
                options.append(self._joined(known[name], left.pop(0) if left else None, known))
        return options, rest

    def _joined(self, action: argparse.Action, value: str | None, known: Container[str]) -> str:
        name = action.option_strings[-1]
        if value is None or value in known:
            raise UsageError("{verb}: {option} needs a value", verb=self.prog, option=name, hint=SEE_HELP)
        return f"{name}={value}"

    def error(self, message: str) -> NoReturn:
        """Reword what argparse found. Its sentences are few, and stable since Python 3.2."""
        verb = self.prog
        if found := re.match(r"the following arguments are required: (.*)", message):
            raise UsageError("{verb}: {missing} is missing", verb=verb, missing=found[1], hint=SEE_HELP)
        if found := re.match(r"argument (\S+?)(?:/\S+)?: ignored explicit argument (.*)", message):
            raise UsageError("{verb}: {option} takes no value", verb=verb, option=found[1], hint=SEE_HELP)
        raise UsageError("{verb}: {what}", verb=verb, what=message, hint=SEE_HELP)

    def print_on(self, output: Output) -> None:
        """Write the help to stdout."""
        for line in self.format_help().splitlines():
            output.line(line)

    def option_names(self) -> tuple[str, ...]:
        """Every long option."""
        return tuple(name for action in self._actions for name in action.option_strings if name.startswith("--"))

    def actions(self) -> tuple[argparse.Action, ...]:
        """Every argument and option, in the order they were added."""
        return tuple(self._actions)

    def _unknown(self, name: str) -> UsageError:
        return UsageError(
            "{verb}: there is no option {name}",
            verb=self.prog,
            name=name,
            **did_you_mean(name, self.option_names(), otherwise=SEE_HELP),
        )


def takes_value(option: argparse.Action) -> bool:
    """Whether the word after ``option`` belongs to it; where a value may be left out, only a number does."""
    return option.nargs not in (0, "?")


def _before_double_dash(words: Sequence[str]) -> Iterable[str]:
    for word in words:
        if word == "--":
            return
        yield word


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "") -> dict[str, str]:
    """The way out as keywords of an error: the nearest known name, else ``otherwise``, a hint of our own."""
    found = nearest(name, known)
    return {"hint": "did you mean {nearest}?", "nearest": found} if found else {"hint": otherwise}


def one_of(what: Phrase, names: Iterable[str]) -> Callable[[str], str]:
    """A converter that takes only ``names``, and names the nearest."""
    allowed = tuple(names)

    def convert(word: str) -> str:
        if word not in allowed:
            raise UsageError(
                "there is no {what} {word!r}; there is {allowed}",
                what=what,
                word=word,
                allowed=Names(allowed),
                **did_you_mean(word, allowed),
            )
        return word

    return convert


def file_name(what: str) -> Callable[[str], str]:
    """A converter that refuses an empty word: a variable that was not set must not mean a file of our choice."""

    def convert(word: str) -> str:
        if not word:
            raise UsageError("{what} names no file: it is empty", what=what)
        return word

    return convert


def utf8_text(what: str) -> Callable[[str], str]:
    """A converter that refuses bytes that are no text, which Python hands over as halves of surrogate pairs."""

    def convert(word: str) -> str:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError("{what} is not UTF-8: {word!r}", what=what, word=word) from None
        return word

    return convert


def number(what: str, *, least: float, most: float) -> Callable[[str], float]:
    """A converter for a finite number between ``least`` and ``most``, both included."""

    def convert(word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:  # also false for NaN
            raise UsageError(
                "{what} is a number from {least} to {most}, not {word!r}",
                what=what,
                least=f"{least:g}",
                most=f"{most:,.0f}",
                word=word,
            )
        return value

    return convert


def whole(what: str, *, least: int, most: int) -> Callable[[str], int]:
    """A converter for a whole number between ``least`` and ``most``, both included."""

    def convert(word: str) -> int:
        plain = word.isascii() and word.removeprefix("-").isdigit() and len(word) <= 12
        value = int(word) if plain else least - 1
        if not least <= value <= most:
            raise UsageError(
                "{what} is a whole number from {least} to {most}, not {word!r}",
                what=what,
                least=least,
                most=f"{most:,}",
                word=word,
            )
        return value

    return convert
