"""Which number says what."""

from __future__ import annotations

import typing

import pytest

from fgtui.cli.exit_codes import MEANINGS, ExitCode, of_error, of_outcome
from fgtui.errors import (
    CallError,
    ConfigError,
    ConsentError,
    EventError,
    QueryError,
    StoreError,
    TargetError,
    UsageError,
)
from fgtui.invoke import model
from fgtui.invoke.model import HandlerError, Outcome

ERROR = HandlerError("ValueError", "no")
CODES: dict[str, tuple[Outcome, int]] = {
    "returned": (model.Returned(), 0),
    "raised": (model.Raised(error=ERROR), 1),
    "init_failed": (model.InitFailed(error=ERROR), 1),
    "out_of_memory": (model.OutOfMemory(limit_mb=128), 1),
    "crashed": (model.Crashed(exit_code=3), 1),
    "invalid_response": (model.InvalidResponse(message="set"), 1),
    "rejected": (model.Rejected(code="FSS.0401", message="no"), 1),
    "timed_out": (model.TimedOut(limit_s=3), 3),
    "unreachable": (model.Unreachable(message="no route"), 3),
    "cancelled": (model.Cancelled(), 130),
}


def test_every_way_to_end_has_a_code() -> None:
    assert set(CODES) == {each.kind for each in typing.get_args(Outcome)}
    assert {kind: of_outcome(outcome) for kind, (outcome, _) in CODES.items()} == {
        kind: code for kind, (_, code) in CODES.items()
    }


@pytest.mark.parametrize("kind", [UsageError, EventError, ConfigError, ConsentError, TargetError, QueryError])
def test_what_fgtui_could_not_do_is_a_2(kind: type[UsageError]) -> None:
    assert of_error(kind("no")) == 2


@pytest.mark.parametrize(("was_answered", "code"), [(True, 1), (False, 3)], ids=["no", "nothing"])
def test_a_call_ends_as_an_invocation_would(was_answered: bool, code: int) -> None:
    assert of_error(CallError("no", was_answered=was_answered)) == code


def test_the_store_is_a_4_and_wins_over_how_it_ended() -> None:
    assert of_error(StoreError("no")) == 4
    assert max(of_error(StoreError("no")), *(code for code in ExitCode if code < 4)) == 4


def test_every_code_is_documented() -> None:
    assert set(MEANINGS) == set(ExitCode)
