"""What tests of the workbench get besides: pilots that lose no time."""

from __future__ import annotations

import textual.app
import textual.pilot

from tests.tui.settling import settled

for module in (textual.app, textual.pilot):
    vars(module)["wait_for_idle"] = settled
