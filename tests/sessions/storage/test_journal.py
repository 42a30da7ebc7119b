from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.sessions.storage.journal import choose, file_system, is_sound

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:20 / /home rw - nfs4 server:/home rw
24 23 0:21 / /home/me/with\\040space rw shared:5 master:1 - btrfs /dev/sdb rw
25 22 0:22 / /mnt/c rw - 9p C: rw
26 22 0:23 / /twice rw - ext4 /dev/sdc rw
27 22 0:24 / /twice rw - fuse.sshfs host: rw
28 22 0:25 / /tmp rw - tmpfs tmpfs rw
torn line
"""


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 52, 0), (4, 0, 0), (3, 50, 7), (3, 50, 8), (3, 44, 6)])
def test_an_sqlite_with_the_fix_is_sound(version: tuple[int, ...]) -> None:
    assert is_sound(version)


@pytest.mark.parametrize(
    "version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 9), (3, 49, 7), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
)
def test_an_sqlite_without_it_is_not(version: tuple[int, ...]) -> None:
    assert not is_sound(version)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/var/x/sessions.db", "ext4"),
        ("/home/me/sessions.db", "nfs4"),
        ("/home/me/with space/deeper/sessions.db", "btrfs"),
        ("/home/me/with", "nfs4"),
        ("/homes/sessions.db", "ext4"),
        ("/mnt/c/x", "9p"),
        ("/twice/x", "fuse.sshfs"),
    ],
)
def test_the_nearest_mount_tells_the_file_system(file: str, kind: str) -> None:
    assert file_system(Path(file), MOUNTS) == kind


@pytest.mark.parametrize(
    ("file", "version", "wal", "reason"),
    [
        ("/var/x.db", (3, 51, 3), True, "SQLite 3.51.3 and ext4 are safe with it"),
        ("/var/x.db", (3, 40, 1), False, "a write-ahead log is not safe in SQLite 3.40.1"),
        ("/home/x.db", (3, 51, 3), False, "nfs4 is not known as a local file system"),
    ],
)
def test_a_write_ahead_log_needs_both(file: str, version: tuple[int, ...], wal: bool, reason: str) -> None:
    journal = choose(Path(file), version, MOUNTS)
    assert (journal.wal, str(journal.reason)) == (wal, reason)
    assert str(journal.mode) == ("write-ahead" if wal else "rollback")


def test_where_nothing_is_known_nothing_is_risked() -> None:
    assert str(choose(Path("/x"), (3, 51, 3), "").reason) == "the file system is unknown, and it may be a network's"
