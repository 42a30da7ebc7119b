"""Lets a debugger attach to a Python handler, through the debugpy of the user's own environment.

A part of ``python_host`` that is imported only when it is asked for, before a line of the handler runs and on the
thread that will call it.
"""

import errno
import os
import sys

HOST = "127.0.0.1"


class DebuggerError(Exception):
    """There is nothing to attach to; ``name`` is the class that is reported."""

    def __init__(self, name, message):
        Exception.__init__(self, message)
        self.name = name


def listen(port, folders):
    """Listen at ``port``, 0 for any free one; the address and a function that waits for a debugger.

    debugpy may be among the libraries in ``folders``, behind everything else. Raises ``DebuggerError``.
    """
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else it warns that standard modules may be frozen
    given = os.environ.pop("PYTHONPATH", None)  # debugpy starts a program, for which no file may hide a standard one
    sys.path.extend(folders)
    try:
        debugpy = imported()
        debugpy.configure(subProcess=False)  # what the handler starts would wait for a debugger of its own
        address = debugpy.listen((HOST, port))
    except DebuggerError:
        raise
    except Exception as error:
        raise reason(port, str(error)) from None
    finally:
        del os.environ["PYDEVD_DISABLE_FILE_VALIDATION"]
        if given is not None:
            os.environ["PYTHONPATH"] = given
    return "%s:%d" % tuple(address), debugpy.wait_for_client


def imported():
    try:
        import debugpy
        import debugpy.server.api  # what listen() needs, so that a broken installation is told from a port
    except ImportError as error:
        from shlex import quote

        if error.name == "debugpy":
            message = "debugpy is not installed for %s; install it with: %s -m pip install debugpy"
            raise DebuggerError("ModuleNotFoundError", message % (sys.executable, quote(sys.executable))) from None
        raise DebuggerError(
            "ImportError", "debugpy cannot be imported by %s: %s" % (sys.executable, error)
        ) from None
    return debugpy


def reason(port, text):
    if os.strerror(errno.EADDRINUSE) in text:
        message = "port %d of %s is taken; choose another one, or 0 for any that is free" % (port, HOST)
    else:
        message = "debugpy cannot listen at %s:%d: %s" % (HOST, port, text)
    return DebuggerError("OSError", message)
