"""Who may record a replay into a session while others do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.sessions.replay.claims import claim


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


def test_who_goes_on_has_the_session_alone(store: Path) -> None:
    first = claim(store, "after", alone=True)
    for alone in (True, False):
        with pytest.raises(UsageError, match="another replay records into after right now; nothing was sent"):
            claim(store, "after", alone=alone)
    claim(store, "other", alone=True).release()
    first.release()
    first.release()
    claim(store, "after", alone=True).release()
    assert list(store.parent.iterdir()) == []


def test_those_that_begin_may_share_a_session_and_the_last_takes_the_file_away(store: Path) -> None:
    one, other = (claim(store, "订单/../x\n", alone=False) for _ in range(2))
    one.release()
    with pytest.raises(UsageError):
        claim(store, "订单/../x\n", alone=True)
    other.release()
    claim(store, "订单/../x\n", alone=True).release()
    assert list(store.parent.iterdir()) == []


def test_a_claim_that_nobody_knows_any_more_is_none(store: Path) -> None:
    claim(store, "after", alone=True)
    claim(store, "after", alone=True).release()


def test_a_claim_ends_with_its_process_and_the_file_it_leaves_is_used_again(store: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from fgtui.sessions.replay.claims import claim\n"
        "held = claim(Path(sys.argv[1]), 'after', alone=True); print('held', flush=True); sys.stdin.read(1); os._exit(9)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(UsageError):
        claim(store, "after", alone=True)
    child.communicate(b"x")
    assert len(list(store.parent.iterdir())) == 1
    claim(store, "after", alone=True).release()
    assert list(store.parent.iterdir()) == []


def test_a_link_in_its_place_is_not_followed_and_a_folder_that_is_not_there_is_told(store: Path) -> None:
    claimed = claim(store, "after", alone=True)
    (file,) = store.parent.iterdir()
    claimed.release()
    file.symlink_to(store.parent / "precious")
    with pytest.raises(StoreError, match="after cannot be recorded into"):
        claim(store, "after", alone=True)
    with pytest.raises(StoreError):
        claim(store.parent / "missing" / "sessions.db", "after", alone=True)
