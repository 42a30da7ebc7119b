"""What has to be asked before events are sent; apart from what sends them, so that asking costs nothing."""

from __future__ import annotations

from enum import Enum


class Caution(Enum):
    """What has to be asked before events are sent."""

    NONE = "none"
    YES = "yes"
    """The target is not started here: a summary and a yes."""
    NAME = "name"
    """It is guarded: its name has to be typed."""
