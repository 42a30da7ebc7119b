"""What has to be asked before events are sent; apart from what sends them, so that asking costs nothing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fgtui.invoke.model import RemoteTarget

if TYPE_CHECKING:
    from fgtui.invoke.model import Target


class Caution(Enum):
    """What has to be asked before events are sent."""

    NONE = "none"
    YES = "yes"
    """The target is not started here: a summary and a yes."""
    NAME = "name"
    """It is guarded: its name has to be typed."""


def names_of(target: Target) -> list[str]:
    """What a person may type who means this target: its name, or its profile's; as it is spelled where it has none."""
    profile = target.profile.name if isinstance(target, RemoteTarget) else None
    return [name for name in (target.name, profile) if name] or [target.spec]
