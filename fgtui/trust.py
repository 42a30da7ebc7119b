"""Consent: what a project file names as program, environment or endpoint is agreed to once per content.

A yes is kept for one project folder in the person's own data, never in the project (reliability, section 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from fgtui import paths
from fgtui.errors import ConsentError, StoreError
from fgtui.words import say

VARIABLE = "FGTUI_TRUST"
"""Where there is no terminal, this variable holds the fingerprint that ``fgtui trust --show`` prints."""

Claims = Sequence[tuple[str, str]]
"""What a project file names: dotted key and value."""


def fingerprint(claims: Claims) -> str:
    """A hash of ``claims`` that changes with any of them, and is the same wherever the project lies."""
    import json

    from fgtui.digests import sha256

    return sha256(json.dumps(sorted(claims), ensure_ascii=True).encode()).hexdigest()


def as_lines(claims: Claims) -> list[str]:
    """``claims`` for a person to read before a yes: whole, and each on one line whatever is in it."""
    from fgtui.terminal.display import displayable_line

    return [displayable_line(f"{key} = {value}{_in_ascii(value)}") for key, value in claims]


def _in_ascii(value: str) -> str:
    """Where an address that is not spelled in ASCII leads: letters of two alphabets may look alike."""
    if value.isascii() or "://" not in value:
        return ""
    from fgtui.errors import TargetError
    from fgtui.invoke.addresses import checked, parts_of

    try:
        return " " + say("(its host is {host})", host=parts_of(checked(value)).host)
    except TargetError:
        return ""


class Consents:
    """The yeses a person gave, one small file for each project folder."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._folder = paths.data_folder(environment) / "trust"

    def given(self, project: Path, claims: Claims) -> bool:
        """Whether somebody agreed to exactly ``claims`` here, or names them in the environment."""
        if not claims:
            return True
        wanted = fingerprint(claims)
        return self._environment.get(VARIABLE) == wanted or self._recorded(project) == wanted

    def require(self, project: Path, claims: Claims) -> None:
        """Raise ``ConsentError`` unless ``given``."""
        if self.given(project, claims):
            return
        if self._environment.get(VARIABLE):
            hint = (
                "FGTUI_TRUST is the hash of something else; `fgtui trust --show` prints what is named now, and its hash"
            )
        elif self._recorded(project) is not None:
            hint = (
                "it has changed since somebody agreed; read them with `fgtui trust --show`, agree with `fgtui trust`; "
                "where nobody can be asked: FGTUI_TRUST=<the hash> or --trust-project"
            )
        else:
            hint = (
                "read them with `fgtui trust --show`, agree with `fgtui trust`; where nobody can be asked: "
                "FGTUI_TRUST=<the hash> or --trust-project"
            )
        raise ConsentError(
            "{file} names programs, variables or endpoints that nobody agreed to yet",
            file=str(project / paths.PROJECT_FILE),
            hint=hint,
        )

    def give(self, project: Path, claims: Claims, *, now: datetime) -> None:
        """Keep a yes to ``claims``. ``StoreError`` when it cannot be kept."""
        import json

        from fgtui.files import write_private

        record = {
            "format": 1,
            "project": str(project.resolve()),
            "hash": fingerprint(claims),
            "given_at": now.isoformat(),
        }
        try:
            write_private(self._file(project), (json.dumps(record, indent=2) + "\n").encode())
        except OSError as error:
            raise StoreError("the yes could not be kept: {why}", why=error.strerror or str(error)) from error

    def revoke(self, project: Path) -> bool:
        """Forget what was agreed to here; whether there was anything."""
        try:
            self._file(project).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError("the yes could not be taken back: {why}", why=error.strerror or str(error)) from error
        return True

    def _recorded(self, project: Path) -> str | None:
        """The fingerprint kept for ``project``; a file that cannot be read is no yes."""
        import json

        try:
            record = json.loads(self._file(project).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        agreed = (
            isinstance(record, dict) and record.get("format") == 1 and record.get("project") == str(project.resolve())
        )
        return record.get("hash") if agreed else None

    def _file(self, project: Path) -> Path:
        from fgtui.digests import sha256

        place = str(project.resolve()).encode("utf-8", "surrogateescape")
        return self._folder / f"{sha256(place).hexdigest()[:32]}.json"
