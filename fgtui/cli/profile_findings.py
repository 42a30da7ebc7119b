"""What doctor says of profiles: whom each would call as, and for one that is named whether that works.

Only the named one is tried: the others cost no network, run no command and open no keyring.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.findings import Row, State
from fgtui.errors import FgtuiError
from fgtui.words import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.invoke.model import Profile, RemoteTarget
    from fgtui.workspace import Workspace

_ON_THE_WAY = frozenset({"endpoint", "tls"})
"""Steps without which nobody answered."""
STEPS = {
    "credentials": Phrase("credentials"),
    "proxy": Phrase("proxy"),
    "endpoint": Phrase("endpoint"),
    "tls": Phrase("tls"),
    "clock": Phrase("clock"),
    "accepted": Phrase("accepted"),
    "project": Phrase("{of_iam}project", of_iam=""),  # Chinese has another word for it than for a project's folder
    "permission": Phrase("permission"),
}
"""How the rows of the steps are called."""


def profile_rows(workspace: Workspace) -> Iterator[Row]:
    """A row for each profile of the settings."""
    for name in workspace.settings.profiles:
        what = Phrase("profile {name}", name=name)
        try:
            words = _words(workspace.targets.profile(name))
            yield Row(what, State.OK, words, Phrase("fgtui doctor --profile {name} tests it", name=name))
        except FgtuiError as error:
            hint = Phrase(error.hint, error.values) if error.hint else ""
            yield Row(what, State.WARN, Phrase(error.message, error.values), hint)


def checked_rows(workspace: Workspace, name: str) -> Iterator[Row]:
    """A row for each step of trying one profile, as it is done."""
    words = _words(workspace.targets.profile(name))
    yield Row(Phrase("profile"), State.OK, Phrase("{name}: {words}", name=name, words=words))
    for step in workspace.check_profile(name):
        yield Row(STEPS[step.what], State(step.state), step.finding, step.way_out)


def code_of(rows: Sequence[Row]) -> ExitCode:
    """The exit code of having tried a profile."""
    missing = {str(row.what) for row in rows if row.state is State.MISSING}
    if missing & _ON_THE_WAY:
        return ExitCode.NO_ANSWER
    return ExitCode.FAILED if missing else ExitCode.OK


def deployed_words(target: RemoteTarget) -> Phrase:
    """Where a deployed function is and whom it is called as."""
    profile = target.profile
    return Phrase(
        "{urn} at {endpoint}, as {who}, guarded" if profile.guard else "{urn} at {endpoint}, as {who}",
        urn=target.urn,
        endpoint=profile.endpoint,
        who=profile.credentials.identity,
    )


def _words(profile: Profile) -> Phrase:
    project = Phrase("the function's project")
    if profile.project_id is not None:
        project = Phrase("project {id}", id=profile.project_id)
    return Phrase(
        "{endpoint}, {project}, as {who}, guarded" if profile.guard else "{endpoint}, {project}, as {who}",
        endpoint=profile.endpoint,
        project=project,
        who=profile.credentials.identity,
    )
