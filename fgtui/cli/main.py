"""Finds the verb, imports it alone, runs it, and turns whatever happens into words and an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fgtui.cli.exit_codes import ExitCode, of_error
from fgtui.cli.verbs import MODULES, VERBS
from fgtui.errors import FgtuiError, UsageError
from fgtui.words import LANGUAGES, Names, folded, language, language_named, say, speak, translated

if TYPE_CHECKING:
    from argparse import Namespace

    from fgtui.cli.console import Console, WorkbenchNames
    from fgtui.cli.parsing import Parser

    Workbench = Callable[[Console, Namespace], int]
    """Opens the workbench; handed in, since the command line does not know it."""

_TAKING_A_VALUE = ("--store", "--target", "--session", "--profile")
"""Options that may stand before the verb and take the next word with them."""


def run(
    words: Sequence[str],
    *,
    workbench: Workbench | None = None,
    names: Callable[[], WorkbenchNames] | None = None,
    console: Console | None = None,
) -> int:
    """Run the command line ``words`` and return the exit code. Raises nothing."""
    _fill_standard_descriptors()
    from fgtui.cli.console import Console
    from fgtui.cli.signals import Stopped

    console = console or Console.of_process(names)
    console.workbench = workbench
    code: int
    try:
        speak(language(console.environment))
        code = _dispatch(console, _take_language(list(words)))
        console.output.flush()
    except FgtuiError as error:
        console.diagnostics.error(error)
        code = of_error(error)
    except Stopped as stopped:
        code = stopped.exit_code
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except MemoryError:
        console.diagnostics.error(UsageError("not enough memory for this"))
        code = ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 - a defect of ours ends in words too, never in a traceback
        console.diagnostics.error(_defect(error))
        code = ExitCode.DEFECT
    return int(code)


def _dispatch(console: Console, words: list[str]) -> int:
    if words == ["--version"]:
        from fgtui import __version__

        console.output.line(f"fgtui {__version__}")
        return ExitCode.OK
    at = _verb_position(words)
    if at is not None and words[at] in VERBS:
        return _run_verb(console, words[at], [*words[:at], *words[at + 1 :]])
    if at is not None and not _looks_like_a_file(words[at]):
        raise _no_such_verb(words[at])
    return _open_workbench(console, words)


def _take_language(words: list[str]) -> list[str]:
    """Speak what ``--lang`` says, wherever it stands before a ``--``; the other words."""
    end = words.index("--") if "--" in words else len(words)
    left: list[str] = []
    at = 0
    while at < end:
        option, equals, value = words[at].partition("=")
        if option != "--lang":
            left.append(words[at])
        else:
            if not equals:
                at += 1
                value = words[at] if at < end else ""
            wanted = language_named(value)
            if wanted is None:
                raise UsageError(
                    "--lang is {languages}, not {word!r}" if value else "--lang needs a value: {languages}",
                    word=value,
                    languages=folded(LANGUAGES, "{these} or {this}"),
                )
            speak(wanted)
        at += 1
    return left + words[end:]


def _run_verb(console: Console, verb: str, words: list[str]) -> int:
    from fgtui.cli.signals import ending_at_once

    module = _module(verb)
    if not words and hasattr(module, "run_bare"):  # what is said in one word needs no parser
        arguments = None
    else:
        parser = parser_of(verb)
        arguments = parser.read(words)
        if arguments.help:
            parser.print_on(console.output)
            return ExitCode.OK
    with ending_at_once():
        code: int = module.run(arguments, console) if arguments else module.run_bare(console)
        console.output.flush()
    return code


def parser_of(verb: str) -> Parser:
    """The parser of one verb; imports that verb's module only."""
    from fgtui.cli.parsing import Parser

    module = _module(verb)
    parser = Parser(f"fgtui {verb}", module.__doc__ or VERBS[verb])
    module.add_arguments(parser)
    return parser


def workbench_parser() -> Parser:
    """The parser of ``fgtui`` without a verb."""
    from fgtui.cli.parsing import Parser

    lines = [say("verbs:"), *(f"  {name:<13} {translated(summary)}" for name, summary in VERBS.items())]
    lines += ["", say("fgtui VERB --help says more.")]
    parser = Parser(
        "fgtui",
        "Craft events for FunctionGraph functions, send them to a handler, keep every exchange.\n"
        "Without a verb the workbench opens, on FILE when one is named.",
        epilog="\n".join(lines),
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="an event to open")
    parser.add_argument("--target", metavar="T", help="the target chosen at the start")
    parser.add_argument("--session", metavar="S", help="the session recorded into (the last one; at first default)")
    parser.add_argument("--profile", metavar="P", help="how deployed functions are reached that name no profile")
    parser.offers |= {"file": tuple(VERBS), "target": "targets", "session": "sessions", "profile": "profiles"}
    parser.add_trust()
    parser.add_store()
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _open_workbench(console: Console, words: list[str]) -> int:
    parser = workbench_parser()
    arguments = parser.read(words)
    if arguments.help:
        parser.print_on(console.output)
        return ExitCode.OK
    if arguments.version:
        return _dispatch(console, ["--version"])
    if not (console.stdin_is_terminal and console.output.is_terminal):
        raise UsageError(
            "the workbench needs a terminal for its input and output",
            hint="headless, name a verb: {verbs}",
            verbs=Names(VERBS),
        )
    return console.open_workbench(arguments)


def _verb_position(words: list[str]) -> int | None:
    """Where the first word stands that is no option and no option's value."""
    at = 0
    while at < len(words):
        if words[at] in _TAKING_A_VALUE:
            at += 2
        elif words[at].startswith("-"):
            at += 1
        else:
            return at
    return None


def _looks_like_a_file(word: str) -> bool:
    return "/" in word or word.endswith((".json", ".jsonc", ".txt")) or os.path.exists(word)  # noqa: PTH110


def _no_such_verb(word: str) -> UsageError:
    from fgtui.cli.parsing import did_you_mean

    return UsageError(
        "there is no verb {word!r}; there is {verbs}",
        word=word,
        verbs=Names(VERBS),
        **did_you_mean(word, VERBS),
    )


def _module(verb: str) -> Any:
    return import_module(f"fgtui.cli.commands.{MODULES.get(verb, verb)}")


def _defect(error: Exception) -> FgtuiError:
    """Where the first error happened, our own line where there is one, and no values: those may be secrets."""
    from pathlib import Path
    from traceback import walk_tb

    import fgtui

    first: BaseException = error
    while first.__cause__ is not None:
        first = first.__cause__
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(first.__traceback__)]
    package = str(Path(fgtui.__file__).parent)
    own = [place for place in places if place[0].startswith(package)]
    file, line = (own or places or [("somewhere", 0)])[-1]
    return FgtuiError(
        "a defect in fgtui: {kind} at {place}",
        kind=type(first).__name__,
        place=f"{file}:{line}",
        hint="nothing recorded is affected; please report it with the command line that led here",
    )


def _fill_standard_descriptors() -> None:
    """A descriptor that was closed by whoever started us must not become the store's or a pipe's."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
