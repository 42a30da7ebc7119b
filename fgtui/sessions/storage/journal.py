"""Which journal a store may use: a write-ahead log only where it is sound (reliability, section 5).

Through SQLite 3.51.2 a write-ahead log can corrupt its database when one connection checkpoints while another writes,
which is what several fgtui processes do. It also needs shared memory, which network file systems do not have. Elsewhere
a rollback journal, truncated rather than deleted: with ``synchronous=FULL`` its truncation is synced, so a commit
survives a power cut, and nothing that was deleted stays readable in it as in a persistent one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fgtui.records import Record
from fgtui.words import Phrase

_FIXED_IN = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The fix, and the older lines it was carried into."""
_LOCAL = frozenset(
    {
        "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "nilfs2", "overlay", "ramfs", "reiserfs", "tmpfs",
        "xfs", "zfs",
    }
)  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")


class JournalMode(Record):
    """How writes are made durable, and why so."""

    wal: bool
    reason: Phrase
    """Yet to be said."""

    @property
    def mode(self) -> Phrase:
        """Which journal."""
        return Phrase("write-ahead" if self.wal else "rollback")


def choose(file: Path, version: tuple[int, ...], mounts: str | None = None) -> JournalMode:
    """The journal for a store at ``file`` under SQLite ``version``; ``mounts`` is Linux's mount table."""
    spelled = ".".join(map(str, version))
    if not is_sound(version):
        return JournalMode(
            wal=False, reason=Phrase("a write-ahead log is not safe in SQLite {version}", version=spelled)
        )
    kind = file_system(file, mounts)
    if kind is None:
        return JournalMode(wal=False, reason=Phrase("the file system is unknown, and it may be a network's"))
    if kind not in _LOCAL:
        return JournalMode(wal=False, reason=Phrase("{kind} is not known as a local file system", kind=kind))
    reason = Phrase("SQLite {version} and {kind} are safe with it", version=spelled, kind=kind)
    return JournalMode(wal=True, reason=reason)


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix."""
    return version >= _FIXED_IN[0] or any(version[:2] == fixed[:2] and version[2:] >= fixed[2:] for fixed in _FIXED_IN)


def file_system(file: Path, mounts: str | None = None) -> str | None:
    """The type of the file system that holds ``file``, which need not exist; ``None`` where it cannot be told."""
    if mounts is None:
        if not sys.platform.startswith("linux"):
            return None
        try:
            mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
        except OSError:
            return None
    place = file.resolve()
    found: tuple[int, str] | None = None
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(_unescaped(fields[4]))
        depth = len(point.parts)
        # the last of several mounts at one point hides the others
        if (place == point or point in place.parents) and (found is None or depth >= found[0]):
            found = (depth, after.split(" ")[0])
    return found[1] if found else None


def _unescaped(field: str) -> str:
    """Spaces and the like are octal in the mount table."""
    pieces = field.split("\\")
    return pieces[0] + "".join(chr(int(piece[:3], 8)) + piece[3:] for piece in pieces[1:])
