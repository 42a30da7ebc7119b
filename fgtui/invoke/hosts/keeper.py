"""The keeper: becomes a process that adopts, watches and stops everything that a host starts.

Runs on Python 3.6 to 3.14 with nothing but the standard library. ``start`` forks twice: the last child becomes the
*host* and runs the handler, or the program that does; its parent is the *keeper*, which waits for the end and stops the
whole tree; the first process is the *guard*, which does the same should somebody kill the keeper. Neither of them ever
runs user code.

Descriptors: 0 the null device, 1 and 2 the log, 3 events (read), 4 answers (write), 5 the leash (read; a byte or its
end asks the keeper to stop everything), 6 the keeper's report (write). The host has neither 5 nor 6.
"""

import os
import resource
import sys
import time

EVENTS, ANSWERS, LEASH, REPORT = 3, 4, 5, 6
CHUNK = 65536
KILL = 9
ADOPT, END_WITH_PARENT = 36, 1  # PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG
LOST = 70  # exit code of a host that cannot reach fgtui any more
FILES_LIMIT = 2048  # descriptors of a function (runtime.md section 2.8)
_PEAK_UNIT = 1024 if sys.platform == "darwin" else 1  # ru_maxrss counts KiB, on macOS bytes


def start(run):
    """Become a guard, a keeper and its host; the host calls ``run(folder, tied)``.

    ``folder`` is the working folder, the first argument of the command line; ``tied`` says whether the system ends the
    host with its keeper.
    """
    for descriptor in (EVENTS, ANSWERS, LEASH, REPORT):
        os.set_inheritable(descriptor, False)
    close_inherited()
    if os.getsid(0) != os.getpid():
        os.setsid()
    prctl = find_prctl()
    adopts = prctl(ADOPT, 1) == 0
    keeper = os.fork()
    if keeper:
        guard(keeper, adopts)
    os.setsid()
    prctl(ADOPT, 1)
    keeper = os.getpid()
    host = os.fork()
    if host:
        keep(host, sys.argv[1], adopts)
    os.close(LEASH)
    os.close(REPORT)
    os.setsid()
    tied = prctl(END_WITH_PARENT, KILL) == 0
    if os.getppid() == keeper:
        run(sys.argv[1], tied)
    os._exit(LOST)


def close_inherited():
    """Close what came from fgtui's own parent: a terminal may be among it."""
    try:
        names = os.listdir("/dev/fd")
    except OSError:  # a bare container
        names = []
    for name in names:
        try:
            if int(name) > REPORT and os.get_inheritable(int(name)):
                os.close(int(name))
        except OSError:  # the listing's own descriptor is gone by now
            pass


def find_prctl():
    """Linux's ``prctl`` for two numbers, or something that says it failed."""
    if sys.platform.startswith("linux"):
        try:
            import _ctypes  # the package ctypes takes four times as long to import

            function = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")
            return lambda option, value: _ctypes.call_function(function, (option, value, 0, 0, 0))
        except (ImportError, OSError, AttributeError):  # an interpreter built without libffi
            pass
    return lambda option, value: -1


def guard(keeper, adopts):
    """Wait until the keeper has ended, and stop what it has left because somebody killed it."""
    for descriptor in (EVENTS, ANSWERS, LEASH, REPORT):
        os.close(descriptor)
    ignore_signals()
    tree = Tree(keeper, adopts)
    while os.waitpid(-1, 0)[0] != keeper:
        pass
    while not tree.stop():
        time.sleep(0.005)
    os._exit(0)


def ignore_signals():
    import _signal as signal  # the module signal makes enumerations of these numbers: more work than all the rest

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGTSTP", "SIGALRM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)


def keep(host, folder, adopts):
    """Wait until the host ends or fgtui lets go of the leash; stop what is left of the tree, report, clean up."""
    import _signal as signal
    import select

    ignore_signals()
    woken, waking = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)

    tree = Tree(host, adopts)
    while not tree.reap():
        ready, _, _ = select.select([LEASH, woken], [], [])
        if LEASH in ready:
            break
        drain(woken)
    patience = time.monotonic() + 0.25
    while not tree.stop() and time.monotonic() < patience:
        select.select([woken], [], [], 0.005)
        drain(woken)
    try:
        os.write(REPORT, tree.report())
    except OSError:  # fgtui itself is gone
        pass
    while not tree.stop():
        select.select([woken], [], [], 0.05)
        drain(woken)
    clear(folder)
    os._exit(0)


def drain(descriptor):
    try:
        os.read(descriptor, CHUNK)
    except BlockingIOError:
        pass


def clear(folder):
    """Remove the working folder; fgtui looks after one that a handler has filled."""
    try:
        os.chmod(folder, 0o700)
        os.unlink(os.path.join(folder, "code"))
        os.rmdir(folder)
    except OSError:
        pass


class Tree:
    """The host and all that came from it."""

    def __init__(self, host, adopts):
        self.host = host
        self.adopts = adopts
        self.status = None
        self.peak_kib = 0
        self.stopped = set()
        self.childless = False

    def reap(self):
        """Collect whatever has ended; say whether the host has."""
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self.childless = True
                break
            if process == 0:
                break
            if process == self.host:
                self.status = status
                self.peak_kib = usage.ru_maxrss // _PEAK_UNIT
        return self.status is not None

    def stop(self):
        """Kill whatever is left, whole groups first since that outruns ``fork``; say whether nothing was."""
        self.reap()
        if self.childless and self.adopts:
            return True
        left = descendants(os.getpid())
        self.stopped.update(left)
        for process, group in left.items():
            if group != os.getpgrp():
                send_signal(os.killpg, group)
            send_signal(os.kill, process)
        self.reap()
        return self.childless and (self.adopts or not left)

    def report(self):
        """Exit code, signal, number of processes stopped, peak in KiB; -1 where unknown."""
        code = number = -1
        if self.status is not None and os.WIFSIGNALED(self.status):
            number = os.WTERMSIG(self.status)
        elif self.status is not None:
            code = os.WEXITSTATUS(self.status)
        return b"%d %d %d %d\n" % (code, number, len(self.stopped), self.peak_kib)


def send_signal(send, target):
    try:
        send(target, KILL)
    except OSError:  # it was quicker
        pass


def descendants(root):
    """Living descendants of ``root``: process id → process group."""
    if os.path.exists("/proc/self/stat"):
        listed = os.path.exists("/proc/self/task/%d/children" % os.getpid())
        children = children_listed if listed else by_parent(scan()).get
        details = details_of
    else:
        table = ask_ps()
        children = by_parent((process, parent) for process, (parent, _) in table.items()).get
        details = lambda process: (b"?", table[process][1])
    found = {}
    waiting = [root]
    while waiting:
        for process in children(waiting.pop()) or ():
            state, group = details(process)
            if state not in b"ZX":
                found[process] = group
            waiting.append(process)
    return found


def children_listed(process):
    found = []
    try:
        for task in os.listdir("/proc/%d/task" % process):
            with open("/proc/%d/task/%s/children" % (process, task), "rb") as stream:
                found += [int(word) for word in stream.read().split()]
    except OSError:  # it has ended
        pass
    return found


def details_of(process):
    """State and process group."""
    fields = stat_fields(process)
    return (fields[0], int(fields[2])) if fields else (b"X", 0)


def stat_fields(process):
    """``/proc/PID/stat`` from the state on."""
    try:
        with open("/proc/%d/stat" % process, "rb") as stream:
            return stream.read().rpartition(b")")[2].split()
    except OSError:
        return []


def scan():
    """(process, parent) of everything on this machine, for kernels that list no children."""
    for name in os.listdir("/proc"):
        fields = stat_fields(int(name)) if name.isdigit() else []
        if fields:
            yield int(name), int(fields[1])


def by_parent(pairs):
    children = {}
    for process, parent in pairs:
        children.setdefault(parent, []).append(process)
    return children


def ask_ps():
    """Process id → parent and group."""
    import subprocess

    listing = subprocess.run(["ps", "-axo", "pid=,ppid=,pgid="], stdout=subprocess.PIPE, check=False).stdout
    rows = [[int(word) for word in line.split()] for line in listing.splitlines()]
    return {process: (parent, group) for process, parent, group in rows}


def lower_limit(what, limit):
    """Set a limit of this process and what it starts, as far as the system allows it."""
    try:
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(what, (limit, limit))
    except (OSError, ValueError):  # a system that does not know this limit
        pass
