"""How many cells a terminal gives the signs that some count as wide: frames break where it is two.

Unicode calls their width ambiguous. GNU screen gives them two cells in a Chinese, Japanese or Korean locale, and some
terminals can be set to.
"""

from __future__ import annotations

import os
import select
import termios
from time import monotonic

from fgtui.regex import regex

SIGN = "─"
QUESTION = f"\r{SIGN}\x1b[6n\r\x1b[K"
"""Writes the sign at the start of a line, asks for the cursor's place, and takes the sign away."""
_ANSWER = regex(rb"\x1b\[\d+;(\d+)R")


def measured(keyboard: int, screen: int, *, patience_s: float) -> int | None:
    """Cells of ``SIGN`` on the terminal of these descriptors; ``None`` where it says nothing for ``patience_s``."""
    try:
        before = termios.tcgetattr(keyboard)
        quiet = [*before[:3], before[3] & ~(termios.ICANON | termios.ECHO), *before[4:]]
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, quiet)
    except termios.error:
        return None
    try:
        os.write(screen, QUESTION.encode())
        answer, give_up = b"", monotonic() + patience_s
        while (left := give_up - monotonic()) > 0 and select.select([keyboard], [], [], left)[0]:
            answer += os.read(keyboard, 64)
            if found := _ANSWER.search(answer):
                return int(found[1]) - 1
        return None
    except OSError:
        return None
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
