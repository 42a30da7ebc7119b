"""What tests of the workbench get besides: pilots that lose no time."""

from __future__ import annotations

import textual.app
import textual.pilot

from tests.tui.settling import settled

textual.app.wait_for_idle = textual.pilot.wait_for_idle = settled  # type: ignore[assignment]
