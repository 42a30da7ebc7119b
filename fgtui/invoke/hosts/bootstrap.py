"""Starts the program ``bootstrap`` of a package and watches it, for hosts that stand between it and fgtui.

The program has a session of its own, the log as standard output and error, the limits of a function, and ends with its
host. When it ends first, the host ends the same way, so that fgtui says how. Facts: runtime.md sections 1.2, 2.7, 2.8,
6 and 7.
"""

import errno
import fcntl
import os
import resource
import select
import signal
import sys
import time

import keeper
import wire

MIB = 1048576
ROOM_MB = 1024  # private memory a runtime such as Java may reserve, on top of the backstop of twice the setting
FILES_LIMIT = 2000  # files that are watched
LATE = 0.8  # of the time there is, after which the log says what is still missing
LATE_S = 0.3  # before its end, where half of it has passed by then
LAST_WORDS_S = 0.25  # for what an ended program has left in its sockets
NOT_FOUND = "runtime bootstrap file is not found"  # code 4202
SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh")
SCRIPT = 9  # the descriptor of a script that is not a file
BEYOND = 16  # descriptors from here on are out of the way
LEFT_OUT = ("node_modules", "__pycache__")


class NotStartedError(Exception):
    """A bootstrap that cannot run: the platform's text, a name for the kind of error, and words for people."""

    def __init__(self, name, text, said=NOT_FOUND):
        super().__init__(name, text, said)
        self.name = name
        self.text = text
        self.said = said


def not_started(error):
    """Parts of the answer that it did not start, for this or for want of something of the system's."""
    if isinstance(error, NotStartedError):
        return wire.failed(b"f", error.said.encode(), error.name, error.text)
    return wire.failed(b"f", str(error).encode(), type(error).__name__, str(error))


class Program:
    """A running bootstrap."""

    def __init__(self, process, woken):
        self.process = process
        self.woken = woken
        """Readable when a child of this process may have ended."""

    def check(self):
        """End as the program has ended, if it has."""
        status = self.status()
        if status is not None:
            end_like(status)

    def status(self):
        """Its wait status once it has ended, else ``None``."""
        drain(self.woken)
        try:
            process, status = os.waitpid(self.process, os.WNOHANG)
        except ChildProcessError:  # a signal handler of somebody else's has collected it
            return 0
        return status if process else None

    def check_within(self, seconds):
        """The same, when it is about to end."""
        until = time.monotonic() + seconds
        self.check()
        while (left := until - time.monotonic()) > 0:
            select.select([self.woken], [], [], left)
            self.check()


def drain(descriptor):
    try:
        os.read(descriptor, keeper.CHUNK)
    except BlockingIOError:
        pass


def end_like(status):
    """End this process with the exit code or by the signal of another."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        keeper.lower_limit(resource.RLIMIT_CORE, 0)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        time.sleep(1)
        os._exit(128 + number)
    os._exit(os.WEXITSTATUS(status))


def start(config, folder, *, directory, more):
    """Start the bootstrap of ``config`` in ``directory``, with the variables ``more`` besides those of the platform.

    ``folder`` is the working folder, in which ``code`` leads to the package. Raises ``NotStartedError``.
    """
    environment = variables({"PYTHONDONTWRITEBYTECODE": "1", **os.environ, **config["environment"], **more})
    spare_loopback(environment)
    command, script = command_of(config["file"], folder, environment, config["family"])
    if config["debug_port"] is not None:
        say("a debugger is what bootstrap starts itself; no time limit is in force meanwhile")
    woken = wake_on_end()
    failed, near = os.pipe()
    failing = fcntl.fcntl(near, fcntl.F_DUPFD_CLOEXEC, BEYOND)
    os.close(near)
    process = os.fork()
    if process == 0:
        become(command, script, directory, environment, config["memory_mb"], failing)
    os.close(failing)
    if script is not None:
        os.close(script)
    said = os.read(failed, 16)
    os.close(failed)
    if said:
        os.waitpid(process, 0)
        raise not_executed(config["file"], command, int(said))
    return Program(process, woken)


def variables(wanted):
    """Those that a process can have."""
    return {name: value for name, value in wanted.items() if name and "=" not in name and is_clean(name + value)}


def spare_loopback(environment):
    """Keep a proxy for the world outside from being asked for this machine."""
    for name in ("no_proxy", "NO_PROXY"):
        environment[name] = ",".join(filter(None, (environment.get(name), "127.0.0.1", "localhost")))


def is_clean(text):
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def wake_on_end():
    woken, waking = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return woken


def become(command, script, directory, environment, memory_mb, failing):
    """In the forked child: take on the limits and execute, or tell why not."""
    number = errno.ENOEXEC
    try:
        os.setsid()
        keeper.find_prctl()(1, keeper.KILL)  # PR_SET_PDEATHSIG
        for each in (signal.SIGPIPE, signal.SIGXFSZ):  # ignored by Python, and that would be inherited
            signal.signal(each, signal.SIG_DFL)
        if script is not None:
            os.dup2(script, SCRIPT)
        keeper.lower_limit(resource.RLIMIT_CORE, 0)
        keeper.lower_limit(resource.RLIMIT_NOFILE, keeper.FILES_LIMIT)
        if sys.platform.startswith("linux"):
            keeper.lower_limit(resource.RLIMIT_DATA, (2 * memory_mb + ROOM_MB) * MIB)
        os.chdir(directory)
        os.execve(command[0], command, environment)
    except OSError as error:
        number = error.errno
    finally:
        os.write(failing, b"%d" % number)
        os._exit(127)


def not_executed(file, command, number):
    """What to tell of a program that the system does not execute."""
    words = os.strerror(number)
    if number == errno.ENOENT and len(command) == 1:
        words = "the loader it needs does not exist here; it is a program for another system"
    elif number == errno.ENOENT:
        words = "the program its first line names, %s, does not exist here" % command[0]
    elif number == errno.ENOEXEC:
        words = "it is a program for another machine"
    return NotStartedError("BootstrapNotStarted", "%s cannot be executed: %s" % (file, words))


# What is executed


def command_of(file, folder, environment, family):
    """The command line for a bootstrap, and the descriptor of a script for it or ``None``.

    A text without a first line that names its interpreter is one for bash, and so is one for sh, which is bash in the
    cloud. Bash also runs a server's that is not executable (runtime.md section 7.1). Interpreters by their cloud paths
    become those of this machine. Raises ``NotStartedError``.
    """
    if not os.path.isfile(file):
        raise NotStartedError("BootstrapNotFound", "%s does not exist" % file)
    is_executable = os.access(file, os.X_OK)
    if not is_executable and family == "custom":
        raise not_executable(file)
    try:
        with open(file, "rb") as stream:
            data = stream.read(MIB)
    except OSError as error:
        raise NotStartedError("BootstrapNotFound", "%s cannot be read: %s" % (file, error.strerror)) from None
    if b"\0" in data:
        if not is_executable:
            raise not_executable(file)
        return [file], None
    first, _, _ = data.partition(b"\n")
    if first.endswith(b"\r"):
        text = "%s has Windows line ends, which no shell takes; change them with: sed -i 's/\\r$//' bootstrap" % file
        raise NotStartedError("BootstrapNotStarted", text)
    interpreter = interpreter_of(first, environment)
    if not is_executable:
        if not is_shell(interpreter):
            say("bootstrap is not executable: bash runs it, as in the cloud, whatever its first line names")
        interpreter = interpreter_of(b"", environment)
    if not interpreter:
        raise NotStartedError("BootstrapNotStarted", "%s begins with #! and names no program after it" % file)
    if b"/opt/function/" not in data or len(data) == MIB:
        return [*interpreter, file], None
    return translated(file, data, interpreter, folder, environment)


def not_executable(file):
    text = "%s is not executable; make it so with: chmod +x bootstrap" % file
    return NotStartedError("BootstrapNotExecutable", text)


def is_shell(interpreter):
    return any(os.path.basename(word) in SHELLS for part in interpreter for word in part.split())


def interpreter_of(first, environment):
    """What a first line names, with its arguments as one, as the system reads it."""
    from fgtui.invoke.cloud_paths import find

    named = os.fsdecode(first[2:]).strip().split(None, 1) if first.startswith(b"#!") else ["/bin/bash"]
    if named and named[0] in ("/bin/sh", "/usr/bin/sh"):
        bash = find(["bash"], environment)
        return [bash, "--posix", *named[1:]] if bash else named
    if named == ["/bin/bash"]:
        return [find(["bash", "sh"], environment) or "/bin/sh"]
    return named


def translated(file, data, interpreter, folder, environment):
    """The same for one that names paths of the cloud: shells are given another text, under the name of the file."""
    from fgtui.invoke.cloud_paths import translate

    code = os.path.join(folder, "code")
    words = translate("\n".join(interpreter), environment, code)
    takes_text = is_shell(interpreter)
    text = translate(os.fsdecode(data), environment, code) if takes_text else words
    for path, name in {**words.missing, **text.missing}.items():
        words = "%s starts %s; there is no %s on PATH here: install it, or name another program" % (file, path, name)
        raise NotStartedError("BootstrapNotStarted", words)
    for path, program in {**words.used, **text.used}.items():
        say("%s runs as %s here" % (path, program))
    if not takes_text or text.text == os.fsdecode(data):
        return [*words.text.split("\n"), file], None
    try:
        script = hold(b"exec %d<&-; " % SCRIPT + os.fsencode(text.text))
    except OSError as error:
        text = "there is no place for a translated bootstrap: %s; set TMPDIR to a folder that can be written" % error
        raise NotStartedError("BootstrapNotStarted", text) from None
    return [*words.text.split("\n"), "-c", ". /dev/fd/%d" % SCRIPT, file], script


def hold(data):
    """A descriptor of a file without a name that holds ``data``, for reading."""
    path = os.path.join(os.environ.get("TMPDIR") or "/tmp", "fgtui-%s" % os.urandom(8).hex())
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        try:
            reading = os.open(path, os.O_RDONLY)
        finally:
            os.unlink(path)
        stream.write(data)
    return reading


def say(text):
    """A line of fgtui's own in the log."""
    try:
        os.write(2, ("fgtui: %s\n" % text).encode("utf-8", "backslashreplace"))
    except OSError:  # a log nobody can write is no reason to fail
        pass


def late_at(config):
    """The clock's time at which to say what is missing, shortly before fgtui gives up; ``None`` when it does not."""
    if config["debug_port"] is not None:
        return None
    limit_s = config["timeout_s"]
    return time.monotonic() + max(limit_s / 2, min(limit_s * LATE, limit_s - LATE_S))


# What it consists of


def files_of(root):
    """The files of a package, nearest first, with what tells whether they changed; not what tools keep there."""
    found = []
    folders = [root]
    for folder in folders:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: (entry.name != "bootstrap", entry.name))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.name.startswith(".") or entry.name in LEFT_OUT:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if len(folders) < FILES_LIMIT and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                        folders.append(entry.path)
                elif entry.is_file():
                    facts = entry.stat()
                    found.append("%d %d %d %s" % (facts.st_mtime_ns, facts.st_size, facts.st_ino, entry.path))
            except OSError:
                continue
        if len(found) >= FILES_LIMIT:
            break
    return "\0".join(found[:FILES_LIMIT]).encode("utf-8", "surrogateescape")
