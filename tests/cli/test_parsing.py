"""Arguments: anywhere in any order, and an error of one or two lines with the nearest right name."""

from __future__ import annotations

import pytest

from fgtui.cli.parsing import Parser, number, one_of, whole
from fgtui.errors import UsageError
from fgtui.words import say


def parser() -> Parser:
    parser = Parser("fgtui show", "Show.")
    parser.add_argument("session")
    parser.add_argument("seq", nargs="?", type=whole("SEQ", least=1, most=99))
    parser.add_argument("--part", type=one_of("part", ("event", "logs")))
    parser.add_argument("--rate", type=number("--rate", least=0.5, most=1000))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--port", nargs="?", const=0, type=whole("--port", least=1, most=99))
    return parser


def said(*words: str) -> str:
    with pytest.raises(UsageError) as error:
        parser().read(words)
    return "\n".join(
        filter(
            None,
            [
                say(error.value.message, error.value.values),
                error.value.hint and say(error.value.hint, error.value.values),
            ],
        )
    )


def test_options_may_stand_between_arguments() -> None:
    arguments = parser().read(["default", "--part", "event", "7"])
    assert (arguments.session, arguments.seq, arguments.part) == ("default", 7, "event")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--port", "a"), (0, "a")),
        (("a", "--port"), (0, "a")),
        (("--port", "7", "a"), (7, "a")),
        (("--port=7", "a"), (7, "a")),
        (("--port", "--all", "a"), (0, "a")),
        (("--port", "--", "7"), (0, "7")),
    ],
)
def test_a_value_that_may_be_left_out_is_a_number(words: tuple[str, ...], expected: tuple[int, str]) -> None:
    arguments = parser().read(words)
    assert (arguments.port, arguments.session) == expected


def test_two_dashes_end_the_options() -> None:
    assert parser().read(["--", "--help"]).session == "--help"


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_needs_nothing_else_to_be_right(word: str) -> None:
    assert parser().read(["--nonsense", word]).help


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param((), "fgtui show: session is missing\nsee: fgtui show --help", id="missing"),
        pytest.param(
            ("a", "1", "b"), "fgtui show: nothing is expected where 'b' stands\nsee: fgtui show --help", id="too-many"
        ),
        pytest.param(
            ("a", "--prat", "event"), "fgtui show: there is no option --prat\ndid you mean --part?", id="option"
        ),
        pytest.param(
            ("a", "--zzzzzz=3"), "fgtui show: there is no option --zzzzzz\nsee: fgtui show --help", id="far-option"
        ),
        pytest.param(
            ("a", "--par", "event"), "fgtui show: there is no option --par\ndid you mean --part?", id="abbreviated"
        ),
        pytest.param(("a", "--part"), "fgtui show: --part needs a value\nsee: fgtui show --help", id="no-value"),
        pytest.param(("a", "--all=3"), "fgtui show: --all takes no value\nsee: fgtui show --help", id="value"),
        pytest.param(
            ("a", "--part", "evnt"), "there is no part 'evnt'; there is event, logs\ndid you mean event?", id="choice"
        ),
        pytest.param(("a", "0"), "SEQ is a whole number from 1 to 99, not '0'", id="too-small"),
        pytest.param(("a", "1.5"), "SEQ is a whole number from 1 to 99, not '1.5'", id="fraction"),
        pytest.param(("a", "٣"), "SEQ is a whole number from 1 to 99, not '٣'", id="other-digits"),
        pytest.param(("a", "9" * 9999), "SEQ is a whole number", id="endless"),
        pytest.param(("a", "--rate", "nan"), "--rate is a number from 0.5 to 1,000, not 'nan'", id="nan"),
        pytest.param(("a", "--rate", "inf"), "--rate is a number from 0.5 to 1,000, not 'inf'", id="infinite"),
        pytest.param(("a", "--rate", "{x}"), "--rate is a number from 0.5 to 1,000, not '{x}'", id="braces"),
        pytest.param(
            ("a", "--{x}"), "fgtui show: there is no option --{x}\nsee: fgtui show --help", id="option-with-braces"
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_or_two_lines(words: tuple[str, ...], expected: str) -> None:
    assert said(*words).startswith(expected)
    assert len(said(*words).splitlines()) <= 2


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("a", "--part", "event"), id="next-word"),
        pytest.param(("a", "--part=event"), id="equals"),
        pytest.param(("--part", "event", "a"), id="before"),
    ],
)
def test_a_value_follows_its_option_in_either_spelling(words: tuple[str, ...]) -> None:
    assert parser().read(words).part == "event"


def test_a_value_may_start_with_a_dash_or_hold_equals_signs() -> None:
    taking = Parser("fgtui x", "X.")
    taking.add_argument("-o", "--output")
    taking.add_argument("--set", action="append")
    arguments = taking.read(["-o", "=a", "--set", "-x=1=2", "--set", "--y"])
    assert (arguments.output, arguments.set) == ("=a", ["-x=1=2", "--y"])
