"""What a process of ours does first: it ends with whoever started it, even where somebody has stopped it."""

from __future__ import annotations

import signal
import sys

WITH_PARENT = 1  # PR_SET_PDEATHSIG


def be_woken() -> None:
    """Be continued when who started this process has gone: a stopped one would never see the end of its input.

    Not ended: the system takes the end of the thread that started it for that of the whole program.
    """
    if sys.platform != "linux":
        return
    try:
        import _ctypes  # the package ctypes takes four times as long to import

        function = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # type: ignore[arg-type] # None is what is loaded already
        _ctypes.call_function(function, (WITH_PARENT, int(signal.SIGCONT), 0, 0, 0))
    except (ImportError, OSError, AttributeError):  # an interpreter built without libffi
        return
