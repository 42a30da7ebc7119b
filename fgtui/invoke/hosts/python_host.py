"""Runs one Python handler: the program inside the child processes of a local target.

Imported and started by ``main()`` under the user's own interpreter, Python 3.6 to 3.14, with nothing but the standard
library. ``keeper`` contains it; this is the host that loads the handler and answers events until it is stopped.

Descriptors: 0 the null device, 1 and 2 the log, 3 events (read), 4 answers (write).

A message is a nonce of 16 bytes, a length of 8 and the content; an answer ends with the nonce again. Each event brings
its own nonce, so nothing else that is written into descriptor 4 is an answer. Contents are one byte of kind and
sections, a length of 4 and bytes each. The other end is ``fgtui.invoke.channel``. Kinds and their sections:

    h  the host runs: runtime[, ns of the  o  result: peak in KiB, files, body
       monotonic clock as it loads]
    d  it waits for a debugger: address    e  raised: peak, files, body, class, message, lines of the stack
    i  the initializer begins              x  no result the platform takes: peak, files, body, message
    r  ready: files                        m  out of memory: peak
    f  not loaded: sections as for e

An event is a byte that says how long its request id is, the id, and the text that was sent. Without an id it asks for
the pre-stop function, as the last one.

User code shares this process. What is needed once it was loaded is kept under private names: functions of C modules,
a JSON scanner and encoder, a copy of the builtins. Facts: runtime.md sections 2 and 11.
"""

import os
import sys

import python_modules

_given_path, sys.path = sys.path, python_modules.standard_first()  # no file of a user's hides what is needed here

import _thread
import builtins
import io
import resource
import threading
import time
from _collections_abc import coroutine as _Coroutine

import keeper

__builtins__ = dict(vars(builtins))  # what a handler does to the builtins does not reach the functions below

LOG, EVENTS, ANSWERS = 1, 3, 4
NONCE_SIZE = 16
CHUNK = 65536
MIB = 1048576
RESULT_LIMIT = 6291456
RECORD_LIMIT = 92160  # characters of one log record (runtime.md section 2.6)
TEXT_LIMIT = 262144  # characters of an exception's own text that are passed on
STACK_LIMIT = 2000  # lines of a stack that are passed on
THREAD_STACK = 2 * MIB  # of threads a handler starts: a hundred of them must not use up the memory backstop
ROOM = 128 * MIB  # for thread stacks, on top of the memory backstop
RESERVE = MIB  # to say where memory ran out; it is not touched before
ROOM_PER_CPU = 40 * MIB  # what numeric libraries reserve for each core, and never use
LOST = keeper.LOST
LEVELS = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40}
OUR_FILES = {os.path.abspath(__file__), os.path.abspath(python_modules.__file__)}

_read, _write, _open, _fstat, _stat, _dup2 = os.read, os.write, os.open, os.fstat, os.stat, os.dup2
_set_blocking, _getpid, _getppid, _exit = os.set_blocking, os.getpid, os.getppid, os._exit
_monotonic, _strftime, _gmtime = time.monotonic, time.strftime, time.gmtime
_usage, _SELF, _open_stream = resource.getrusage, resource.RUSAGE_SELF, io.open
_traceback_of = BaseException.__traceback__.__get__  # an exception class may hide its own
standard, load = python_modules.Standard(), python_modules.load
_Module, _Function, _sys, _modules = type(sys), type(lambda: None), sys, sys.modules
_PEAK_UNIT = 1024 if sys.platform == "darwin" else 1  # ru_maxrss counts KiB, on macOS bytes


def main():
    keeper.start(lambda folder, tied: Host(os.getppid()).run(folder, tied))


class Host:
    """Loads the handler on a thread of its own and answers events there."""

    def __init__(self, parent):
        self.parent = parent
        self.home = _getpid()
        self.log = Line(LOG, os.O_WRONLY, parent)
        self.events = Line(EVENTS, os.O_RDONLY, parent)
        self.answers = Line(ANSWERS, os.O_WRONLY, parent)
        self.config = {}
        self.handler = self.pre_stop = None
        self.level = [LEVELS["INFO"]]
        self.state = [None]
        self.files = {}
        self.modules_seen = 0
        self.reserve = bytes(RESERVE)

    # On the main thread

    def run(self, folder, tied):
        """Start the working thread and wait for its end, whatever signals come."""
        os.chdir(folder)
        _sys.stdout = _sys.__stdout__ = open_stream(1)
        _sys.stderr = _sys.__stderr__ = open_stream(2)
        _modules["__main__"] = _Module("__main__")  # what started us is nobody's business
        for module in (__name__, keeper.__name__, python_modules.__name__):
            _modules.pop(module, None)
        done = _thread.allocate_lock()
        done.acquire()

        def work():
            try:
                self.serve()
            finally:
                done.release()

        threading.Thread(target=work, name="Thread-1").start()
        while True:
            try:
                if done.acquire(True, -1 if tied else 1.0) or _getppid() != self.parent:
                    _exit(LOST)
            except BaseException:  # KeyboardInterrupt, or a handler's own: they are for the main thread, not for us
                pass

    # On the working thread

    def serve(self):
        """Read the configuration, load the handler, answer events until there are no more."""
        nonce, content = self.receive()
        self.config = parse(content)
        self.send(nonce, b"h", b"python%d.%d" % _sys.version_info[:2], b"%d" % int(_monotonic() * 1e9))
        failure = None if self.config["debug_port"] is None else self.wait_for_debugger(nonce)
        if failure is None:
            self.prepare()
            failure = self.load(nonce)
        if failure is not None:
            self.send(nonce, *failure)
            _exit(0)
        self.send(nonce, b"r", self.new_files())
        while True:
            nonce, content = self.receive()
            identifier = content[1 : 1 + content[0]].decode("ascii")
            answer = self.answer(identifier, content[1 + content[0] :]) if identifier else self.take_leave()
            self.send(nonce, *answer)
            del answer

    def wait_for_debugger(self, nonce):
        """Say where to attach and wait; the parts of a failure message when there is no debugger, or ``None``."""
        import python_debugger

        config = self.config
        try:
            address, wait = python_debugger.listen(
                config["debug_port"], [config["code_root"], os.path.dirname(config["file"])]
            )
        except python_debugger.DebuggerError as error:
            text = str(error)
            self.write_log("%s initializer %s\n" % (stamp(), text))
            return (b"f", self.peak(), b"", error_body(text, error.name, []), encoded(error.name), encoded(text))
        self.send(nonce, b"d", address.encode())
        wait()
        del _modules[python_debugger.__name__]
        return None

    def prepare(self):
        """Surroundings as runtime.md sections 2.7 and 2.8 have them, and the limits."""
        config = self.config
        root, folder = config["code_root"], os.path.dirname(config["file"])
        _sys.path = ([root] if folder == root else [root, folder]) + _given_path[1:]  # the first is our own folder
        version = "%d.%d" % _sys.version_info[:2]
        _sys.argv = ["/home/snuser/runtime/python%s/server.py" % version, "127.0.0.1:31536", root]
        os.environ.update(config["environment"])
        standard.hide()
        self.modules_seen = len(_modules)
        threading.stack_size(THREAD_STACK)
        keeper.lower_limit(resource.RLIMIT_CORE, 0)
        keeper.lower_limit(resource.RLIMIT_NOFILE, keeper.FILES_LIMIT)
        if config["debug_port"] is None and os.path.exists("/proc/self/statm"):
            with open("/proc/self/statm", "rb") as stream:
                baseline = int(stream.read().split()[5]) * resource.getpagesize()
            room = ROOM + ROOM_PER_CPU * (os.cpu_count() or 1)
            keeper.lower_limit(resource.RLIMIT_DATA, baseline + room + 2 * config["memory_mb"] * MIB)

    def load(self, nonce):
        """Import the module and run the initializer. The parts of a failure message, or ``None``."""
        config = self.config
        prefix = "function entry exception, error: "
        initializer = None
        try:
            module = load(config["name"], config["file"], config["code_root"], self.shown(config["file"]))
            self.handler = self.find(module, config["function"], "handler")
            if config["pre_stop"] is not None:
                self.pre_stop = self.find(module, config["pre_stop"], "pre-stop function")
            if config["initializer"] is not None:
                prefix = "function initialization exception, error: "
                self.only_original()
                self.send(nonce, b"i")
                initializer = self.find(module, config["initializer"], "initializer")
                self.close_unawaited(initializer(self.context("initializer")), "initializer", "initializer")
        except BaseException as error:
            self.only_original(error)
            return self.failed(b"f", error, prefix, "initializer", initializer)
        self.only_original()
        return None

    def find(self, module, name, role):
        where = self.shown(self.config["file"])
        try:
            found = getattr(module, name)
        except AttributeError:
            others = [other for other, value in vars(module).items() if type(value) is _Function and other[0] != "_"]
            text = "%s '%s' not found in module '%s'" % (role, name, where)
            raise FunctionConfigError(text + ("; it has: " + ", ".join(others[:10]) if others else "")) from None
        if not callable(found):
            raise FunctionConfigError("%s '%s' in module '%s' is not callable" % (role, name, where))
        return found

    def answer(self, identifier, body):
        """Call the handler; the parts of the answer."""
        try:
            event = parse(body)
        except MemoryError as error:
            return self.failed(b"e", error, "failed to loads event body err: ", identifier)
        except BaseException as error:
            text = "failed to loads event body err: " + text_of(error)
            self.write_log("%s %s %s\n" % (stamp(), identifier, text))
            return (b"e", self.peak(), b"", encoded(text), encoded(name_of(type(error))), encoded(text_of(error)))
        prefix = "function invocation exception, error: "
        try:
            result = self.handler(event, self.context(identifier))
        except BaseException as error:
            self.only_original(error)
            return self.failed(b"e", error, prefix, identifier, self.handler)
        self.only_original()
        try:
            content = serialised(result)
        except MemoryError as error:
            return self.failed(b"e", error, prefix, identifier)
        except BaseException as error:
            text = "function result is invalid, error: " + text_of(error)
            self.write_log("%s %s %s\n" % (stamp(), identifier, text))
            body = error_body(text, name_of(type(error)), [])
            close_coroutine(result)
            return (b"x", self.peak(), self.new_files(), body, encoded(text + advice(text, result)))
        finally:
            result = None  # what its end prints belongs to this log
            self.flush()
        if len(content) > RESULT_LIMIT:
            text = b"response body size %d exceeds the limit of %d" % (len(content), RESULT_LIMIT)
            return (b"x", self.peak(), self.new_files(), text, text)
        return (b"o", self.peak(), self.new_files(), content)

    def take_leave(self):
        """Call the pre-stop function, with a context when it takes one (runtime.md section 2.4)."""
        try:
            if self.pre_stop is not None:
                result = self.pre_stop(*([self.context("prestop")] if takes_something(self.pre_stop) else []))
                self.close_unawaited(result, "pre-stop function", "prestop")
        except BaseException as error:
            self.only_original(error)
            return self.failed(b"e", error, "function pre-stop exception, error: ", "prestop", self.pre_stop)
        self.only_original()
        self.flush()
        return (b"o", b"0", b"", b"")

    def close_unawaited(self, result, role, identifier):
        """Say of a function whose result nobody wants that it has not run, when that is so."""
        if close_coroutine(result):
            text = "the %s did not run: %s" % (role, WAYS_OUT["coroutine"].replace("handler", role))
            self.write_log("%s %s %s\n" % (stamp(), identifier, text))

    def failed(self, kind, error, prefix, identifier, called=None):
        """The parts of a message about ``error``, after a log record of it; MemoryError has a kind of its own.

        ``called`` is the user's function that was called, if any: its place is told where the stack has none.
        """
        if issubclass(type(error), MemoryError):
            self.record_out_of_memory(error, prefix, identifier)
            return (b"m", self.peak())
        stack = trimmed(error)
        message, name = text_of(error), name_of(type(error))
        shown = self.shown(prefix + message)
        place = place_of(called) if stack is None and type(called) is _Function else ""
        self.flush()
        details = place + full_text(error, stack, name, message)
        self.write_log("%s %s %s\n%s\n" % (stamp(), identifier, shown, details))
        lines = [self.shown(line) for line in stack_lines(stack)]
        self.flush()
        body = error_body(shown, name, lines)
        return (kind, self.peak(), self.new_files(), body, encoded(name), encoded(message), *map(encoded, lines))

    def record_out_of_memory(self, error, prefix, identifier):
        """Say where memory ran out, as far as there is some to say it, and let go of what the call holds."""
        self.reserve = None
        told = []
        try:
            told += ["Traceback (most recent call last):"] + plain_lines(trimmed(error))
        except MemoryError:
            pass
        forget_frames(error)
        self.flush()
        try:
            name, message = name_of(type(error)), text_of(error)
            told.append("%s: %s" % (name, message) if message else name)
            self.write_log("%s %s %s\n%s\n" % (stamp(), identifier, prefix + (message or name), "\n".join(told)))
        except MemoryError:
            pass

    def context(self, identifier):
        logger = Logger(identifier, self.level, self.write_log)
        return Context(self.config, identifier, self.config["timeout_s"] + _monotonic(), logger, self.state)

    def shown(self, text):
        """``text`` with the code root as a dot, as the platform shows it."""
        return text.replace(self.config["code_root"], ".")

    def peak(self):
        return b"%d" % (_usage(_SELF).ru_maxrss // _PEAK_UNIT)

    def new_files(self):
        """The user's own files among the modules, with what tells whether they changed; empty when none joined."""
        if len(_modules) == self.modules_seen:
            return b""
        self.modules_seen = len(_modules)
        root, standard = self.config["code_root"] + "/", os.path.dirname(os.__file__) + "/"
        for module in list(_modules.values()):
            file = own_file(module)
            if file is None or file in self.files:
                continue
            installed = "/site-packages/" in file or "/dist-packages/" in file
            if not installed and (file.startswith(root) or not file.startswith(standard)):
                try:
                    found = _stat(file)
                except (OSError, ValueError):
                    continue
                self.files[file] = "%d %d %d" % (found.st_mtime_ns, found.st_size, found.st_ino)
        entries = ["%s %s" % (known, file) for file, known in self.files.items()]
        return "\0".join(entries).encode("utf-8", "surrogateescape")

    def only_original(self, error=None):
        """A forked child that comes back from user code ends here: only the original process may answer."""
        if _getpid() == self.home:
            return
        code = 0
        if error is not None:
            code = 1
            if issubclass(type(error), SystemExit):
                code = error.code if type(error.code) is int else 0 if error.code is None else 1
            else:
                self.write_log(full_text(error, trimmed(error), name_of(type(error)), text_of(error)) + "\n")
        self.flush()
        _exit(code & 0xFF)

    def flush(self):
        """Push out what was printed; give a handler that closed its streams new ones."""
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            try:
                getattr(_sys, name).flush()
            except BaseException:  # closed, replaced, or hostile
                self.mend(name, descriptor)

    def mend(self, name, descriptor):
        try:
            if identity(descriptor) is None:
                _dup2(self.log.descriptor(), descriptor)
            if getattr(getattr(_sys, name, None), "closed", False) is True:
                setattr(_sys, name, open_stream(descriptor))
        except BaseException:  # a hostile stream stays what it is
            pass

    def write_log(self, text):
        self.flush_own()
        try:
            write_all(self.log, text.encode("utf-8", "backslashreplace"))
        except OSError:  # a log nobody can write is no reason to fail
            pass

    def flush_own(self):
        try:
            _sys.stdout.flush()
        except BaseException:
            pass

    def receive(self):
        """The next message: its nonce and content. Ends the process when there are no more."""
        data = self.read_some()
        while len(data) < NONCE_SIZE + 8:
            data += self.read_some()
        size = NONCE_SIZE + 8 + int.from_bytes(data[NONCE_SIZE : NONCE_SIZE + 8], "big")
        if len(data) < size:
            parts, missing = [data], size - len(data)
            while missing > 0:
                parts.append(self.read_some())
                missing -= len(parts[-1])
            data = b"".join(parts)
        return data[:NONCE_SIZE], data[NONCE_SIZE + 8 :]

    def read_some(self):
        while True:
            descriptor = self.events.descriptor()
            try:
                data = _read(descriptor, CHUNK)
            except BlockingIOError:
                _set_blocking(descriptor, True)
                continue
            except OSError:
                _exit(LOST)
            if not data:
                _exit(0)
            return data

    def send(self, nonce, kind, *sections):
        parts = [kind]
        for section in sections:
            parts.append(len(section).to_bytes(4, "big"))
            parts.append(section)
        content = b"".join(parts)
        try:
            write_all(self.answers, b"".join((nonce, len(content).to_bytes(8, "big"), content, nonce)))
        except OSError:
            _exit(LOST)


class Line:
    """A descriptor of ours, found again through the keeper when a handler has closed or replaced it."""

    def __init__(self, number, flags, parent):
        self.number = number
        self.path = "/proc/%d/fd/%d" % (parent, number)
        self.flags = flags | os.O_CLOEXEC
        self.identity = identity(number)

    def descriptor(self):
        if identity(self.number) != self.identity:
            try:
                self.number = _open(self.path, self.flags)
            except OSError:
                _exit(LOST)
            if identity(self.number) != self.identity:
                _exit(LOST)
        return self.number


def identity(descriptor):
    try:
        found = _fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def write_all(line, data):
    left = memoryview(data)
    while left:
        descriptor = line.descriptor()
        try:
            left = left[_write(descriptor, left) :]
        except BlockingIOError:
            _set_blocking(descriptor, True)


def open_stream(descriptor):
    return _open_stream(descriptor, "w", 1, "utf-8", "backslashreplace", None, False)


def takes_something(function):
    """Whether it can be called with one argument, as far as it says."""
    try:
        with standard:
            from inspect import signature

            signature(function).bind(None)
    except TypeError:
        return False
    except BaseException:  # it says nothing, or is hostile
        return True
    return True


class FunctionConfigError(Exception):
    """The module has no such handler or initializer."""

    __module__ = "builtins"  # so that a traceback does not name our own


def own_file(module):
    """``__file__`` of a module, read past whatever the module does on attribute access."""
    try:
        file = object.__getattribute__(module, "__dict__").get("__file__")
    except BaseException:  # not every entry of sys.modules is a module
        return None
    return file if type(file) is str else None


# JSON, by the C module alone: the package costs a cold start a quarter, and a handler can change it


class Rules:
    """How to read JSON: as ``json.loads`` does."""

    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": -float("inf")}.__getitem__


try:
    from _json import encode_basestring_ascii as _quote
    from _json import make_encoder as _make_encoder
    from _json import make_scanner as _make_scanner

    _scan_once = _make_scanner(Rules)
except (ImportError, AttributeError, TypeError):  # an interpreter without the C module, or with another one
    import json

    _make_encoder = None
    _scan_once = json.JSONDecoder().scan_once
    _encode = json.JSONEncoder(allow_nan=False).encode


def parse(body):
    """The value of strict UTF-8 JSON text, by a scanner that user code cannot reach."""
    text = body.decode("utf-8")
    start = len(text) - len(text.lstrip(" \t\n\r"))
    try:
        try:
            value, end = _scan_once(text, start)
        except (SystemError, ImportError, AttributeError):  # its words for what is wrong are in the package
            with standard:
                import json.decoder

                value, end = _scan_once(text, start)
    except StopIteration as stop:
        raise json_error("Expecting value", text, stop.value) from None
    rest = text[end:].lstrip(" \t\n\r")
    if rest:
        raise json_error("Extra data", text, len(text) - len(rest))
    return value


def json_error(*parts):
    with standard:
        from json import JSONDecodeError

        return JSONDecodeError(*parts)


def serialised(result):
    """The response body of a result (runtime.md section 2.2)."""
    if result is None:
        return b""
    if issubclass(type(result), str):
        return str.encode(result, "utf-8")
    return to_json(result)


def to_json(value):
    if _make_encoder is None:
        return _encode(value).encode("ascii")
    encode = _make_encoder({}, default, _quote, None, ": ", ", ", False, False, False)
    return "".join(encode(value, 0)).encode("ascii")


def default(value):
    """What ``json.dumps`` does with other types: people teach it new ones by changing the package."""
    encoder = getattr(_modules.get("json"), "_default_encoder", None)
    if encoder is not None:
        return encoder.default(value)
    raise TypeError("Object of type %s is not JSON serializable" % name_of(type(value)))


WAYS_OUT = {
    "coroutine": "the platform awaits nothing: let the handler be a plain function that calls asyncio.run()",
    "async_generator": "the platform iterates over nothing: give back a list",
    "generator": "the platform iterates over nothing: give back a list",
    "bytes": "decode it to text, or encode it as Base64 text",
    "bytearray": "decode it to text, or encode it as Base64 text",
}


def advice(text, result):
    """For people, behind the platform's words ``text`` for what is wrong with a result; may be empty."""
    for name, words in WAYS_OUT.items():
        if "Object of type %s is not" % name in text.replace("'", ""):  # Python 3.6 quotes the name
            return "; " + words
    try:
        is_answer = callable(getattr(type(result), "to_json", None))
    except BaseException:  # a metaclass may do anything
        is_answer = False
    return "; give back what its to_json() gives" if is_answer else ""


def close_coroutine(result):
    """Whether it is one; dropped unclosed, Python would warn of it and name a line of ours."""
    if type(result) is not _Coroutine:
        return False
    try:
        result.close()
    except BaseException:  # it had begun, and ends its own way
        pass
    return True


def error_body(message, name, lines):
    return to_json({"errorMessage": message, "errorType": name, "stackTrace": lines})


# Exceptions, whose texts and classes are the user's


def text_of(error):
    """``str(error)``, cut; never raises."""
    try:
        return cut(exact(str(error)))
    except BaseException:
        return "<unprintable %s object>" % name_of(type(error))


def exact(text):
    """A plain ``str`` of a subclass's characters."""
    return str.encode(text, "utf-8", "surrogatepass").decode("utf-8", "surrogatepass")


def cut(text):
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "… (%d characters)" % len(text)


def encoded(text):
    return text.encode("utf-8", "surrogatepass")


def name_of(kind):
    try:
        return cut(exact(type.__dict__["__name__"].__get__(kind)))
    except BaseException:
        return "Exception"


def trimmed(error):
    """The traceback from the first frame that is neither ours nor the import system's."""
    stack = _traceback_of(error)
    while stack is not None:
        file = stack.tb_frame.f_code.co_filename
        if file not in OUR_FILES and not file.startswith("<frozen importlib"):
            break
        stack = stack.tb_next
    return stack


def full_text(error, stack, name, message):
    """The traceback as Python prints it, or a plainer one when that cannot be had."""
    try:
        with standard:
            from traceback import format_exception  # only now: it costs a cold start more than all the rest

            text = "".join(format_exception(type(error), error, stack)).rstrip("\n")
    except BaseException:
        text = "\n".join(["Traceback (most recent call last):"] + plain_lines(stack) + ["%s: %s" % (name, message)])
    return cut(text)


def stack_lines(stack):
    """Each line of the stack alone, without marks under the code."""
    try:
        with standard:
            from traceback import format_tb

            lines = "".join(format_tb(stack)).splitlines()
    except BaseException:
        lines = plain_lines(stack)
    lines = [line[2:] if line.startswith("  ") else line for line in lines if line.strip(" ~^")]
    return lines[:STACK_LIMIT]


def plain_lines(stack):
    lines = []
    while stack is not None and len(lines) < STACK_LIMIT:
        code = stack.tb_frame.f_code
        lines.append('  File "%s", line %d, in %s' % (code.co_filename, stack.tb_lineno, code.co_name))
        stack = stack.tb_next
    return lines


def place_of(function):
    """Where it begins, as a line of a stack."""
    code = function.__code__
    return '  File "%s", line %d, in %s\n' % (code.co_filename, code.co_firstlineno, code.co_name)


def forget_frames(error):
    """Let go of what a failed call still holds, so that there is memory to say so."""
    stack = _traceback_of(error)
    BaseException.__traceback__.__set__(error, None)
    while stack is not None:
        try:
            stack.tb_frame.clear()
        except BaseException:  # a frame that still runs
            pass
        stack = stack.tb_next


# What a handler is given


def stamp():
    return _strftime("%Y-%m-%dT%H:%M:%SZ", _gmtime())


class Logger:
    """``context.getLogger()`` (runtime.md section 2.6), with the names of ``logging.Logger`` beside its own."""

    def __init__(self, identifier, level, write):
        self._identifier = identifier
        self._level = level
        self._write = write

    def debug(self, message, *args, **options):
        self._record("DEBUG", message, args, options)

    def info(self, message, *args, **options):
        self._record("INFO", message, args, options)

    def warn(self, message, *args, **options):
        self._record("WARN", message, args, options)

    def error(self, message, *args, **options):
        self._record("ERROR", message, args, options)

    def exception(self, message, *args, **options):
        options.setdefault("exc_info", True)
        self._record("ERROR", message, args, options)

    def log(self, level, message, *args, **options):
        """The number of a level in ``logging``, as what is at most as high: CRITICAL as ERROR."""
        names = [name for name, number in LEVELS.items() if number <= level]
        if names:
            self._record(names[-1], message, args, options)

    def isEnabledFor(self, level):
        return level >= self._level[0]

    warning = warn
    critical = fatal = error

    def setLevel(self, level):
        """DEBUG, INFO, WARN or ERROR, or ``logging``'s numbers; anything else is ignored."""
        number = LEVELS.get(level) if isinstance(level, str) else level
        if number in LEVELS.values():
            self._level[0] = number

    def _record(self, level, message, args, options):
        if LEVELS[level] < self._level[0]:
            return
        text = merged(message, args)
        error = _sys.exc_info()[1] if options.get("exc_info") else None
        if error is not None:
            text += "\n" + full_text(error, _traceback_of(error), name_of(type(error)), text_of(error))
        head = "%s %s %s " % (stamp(), self._identifier, level)
        pieces = [text[start : start + RECORD_LIMIT] for start in range(0, len(text), RECORD_LIMIT)]
        self._write("".join([head + piece + "\n" for piece in pieces or [""]]))


def merged(message, args):
    """``message % args``, or all of it joined with spaces when that fails."""
    if args:
        try:
            return exact(str(message) % (args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else args))
        except Exception:
            return " ".join([text_of(part) for part in (message,) + args])
    return text_of_whole(message)


def text_of_whole(value):
    try:
        return exact(str(value))
    except Exception:
        return "<unprintable %s object>" % name_of(type(value))


class Context:
    """The handler's second argument: every method of runtime.md section 2.5."""

    def __init__(self, config, identifier, deadline, logger, state):
        self._config = config
        self._identifier = identifier
        self._deadline = deadline
        self._logger = logger
        self._state = state

    def _number(self, value):
        return str(value) if self._config["strict_context"] else value

    def getRequestID(self):
        return self._identifier

    def getRemainingTimeInMilliSeconds(self):
        return int((self._deadline - _monotonic()) * 1000)

    def getRunningTimeInSeconds(self):
        """The limit: in seconds, as documented, or in milliseconds, as the runtime's code has it."""
        seconds = self._config["timeout_s"]
        return int(seconds * 1000) if self._config["strict_context"] else -int(-seconds // 1)

    def getMemorySize(self):
        return self._number(self._config["memory_mb"])

    def getCPUNumber(self):
        return self._number(self._config["cpu"])

    def getProjectID(self):
        return self._config["project_id"]

    def getPackage(self):
        return self._config["package"]

    def getFunctionName(self):
        return self._config["function_name"]

    def getVersion(self):
        return self._config["version"]

    def getAlias(self):
        return ""

    def getUserData(self, key, default=None):
        return self._config["user_data"].get(key, default)

    def getLogger(self):
        return self._logger

    # Credentials are empty, as for a function without an agency

    def getSecurityAccessKey(self):
        return ""

    def getSecuritySecretKey(self):
        return ""

    def getSecurityToken(self):
        return ""

    def getToken(self):
        return ""

    def getAccessKey(self):
        return ""

    def getSecretKey(self):
        return ""

    # Function flows

    def getWorkflowID(self):
        return ""

    def getWorkflowRunID(self):
        return ""

    def getWorkflowStateID(self):
        return ""

    # Stateful functions

    def get_trace_id(self):
        return self._identifier

    def get_invoke_id(self):
        return self._identifier

    def get_instance_id(self):
        return self._config["instance_id"]

    def set_state(self, state):
        self._state[0] = state

    def get_state(self):
        return self._state[0]

    def get_invoke_property(self):
        return ""

    # Known to openYuanrong only

    def getAuthToken(self):
        return ""

    def getTenantID(self):
        return ""

    def get_stream(self):
        return None

    def get_session_id(self):
        return ""
