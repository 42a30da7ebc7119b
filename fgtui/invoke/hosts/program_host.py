"""Becomes a program that is a host itself: Node.js or Java with what ``fgtui`` gives them to run.

Command line behind the working folder: the backstop of private memory in bytes (0 for none), the program, its
arguments. The program finds events on descriptor 3 and answers on 4, as ``python_host`` does.
"""

import _signal as signal  # the module signal makes enumerations of these numbers: more work than all the rest
import os
import resource
import sys

import keeper

NOT_STARTED = 127  # the exit code shells give


def main():
    keeper.start(run)


def run(folder, tied):
    """Execute the program in ``folder``, with the limits of a function and every signal as a new process has it."""
    backstop, program = int(sys.argv[2]), sys.argv[3]
    os.chdir(folder)
    for descriptor in (keeper.EVENTS, keeper.ANSWERS):
        os.set_inheritable(descriptor, True)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # ignored by Python, and that would be inherited
        signal.signal(number, signal.SIG_DFL)
    keeper.lower_limit(resource.RLIMIT_CORE, 0)
    keeper.lower_limit(resource.RLIMIT_NOFILE, keeper.FILES_LIMIT)
    if backstop and sys.platform.startswith("linux"):
        keeper.lower_limit(resource.RLIMIT_DATA, backstop)
    try:
        os.execv(program, sys.argv[3:])
    except OSError as error:
        print("%s: %s" % (program, error.strerror), file=sys.stderr, flush=True)
        os._exit(NOT_STARTED)
