"""Finds and loads the handler's module, and keeps its files and the standard library apart.

A part of ``python_host``, for Python 3.6 to 3.14. Facts: runtime.md sections 1.3 and 2.8.
"""

import _imp
import _thread
import builtins
import os
import sys

from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import PathFinder, SourceFileLoader

__builtins__ = dict(vars(builtins))  # what a handler does to the builtins does not reach the functions below

STANDARD = os.path.dirname(os.__file__)
CODE_ENDINGS = (".py", ".pyc", ".so")
# What Python has loaded before any file can hide it
NEVER_HIDDEN = frozenset("abc codecs encodings genericpath importlib io os posixpath site stat sys".split())

_Module, _sys, _modules, _import = type(sys), sys, sys.modules, __import__


class FunctionLoadError(Exception):
    """There is no such module."""

    __module__ = "builtins"  # so that a traceback does not name our own


# The standard library


def is_standard(entry):
    """Whether an entry of ``sys.path`` belongs to the standard library."""
    return (entry + "/").startswith(STANDARD + "/") and not entry.endswith(("site-packages", "dist-packages"))


def standard_first():
    """``sys.path`` in an order in which no file hides a standard module: ``PYTHONPATH`` comes before them."""
    return sorted(_sys.path, key=lambda entry: not is_standard(entry))


class Standard:
    """The standard library, beside files of the handler that are named like parts of it.

    After ``hide`` such a file is what the handler imports, as in the cloud. As a context manager it takes this back
    for what runs inside, which is ours: the texts of errors need modules that are imported only then.
    """

    def __init__(self):
        self.hidden = frozenset()
        self._lock = _thread.RLock()
        self._kept = {}
        self._outside = []

    def hide(self):
        """Forget standard modules that something in front of them in ``sys.path`` hides."""
        known = {name_of(entry) for place in (STANDARD, STANDARD + "/lib-dynload") for entry in listing(place)}
        found = set()
        for folder in _sys.path:
            if is_standard(folder):
                break
            entries = [entry for entry in listing(folder) if name_of(entry) in known]
            found.update(name_of(entry) for entry in entries if hides(folder, entry))
        self.hidden = frozenset(filter(can_be_hidden, found))
        self._kept = self._take()

    def __enter__(self):
        if self.hidden:
            self._lock.acquire()
            self._outside.append((_sys.path, self._take()))
            _sys.path = [entry for entry in _sys.path if is_standard(entry)]
            _modules.update(self._kept)

    def __exit__(self, *error):
        if self.hidden:
            self._kept.update(self._take())
            _sys.path, others = self._outside.pop()
            _modules.update(others)
            self._lock.release()

    def _take(self):
        """Take what goes by these names out of the loaded modules."""
        if not self.hidden:
            return {}
        found = [name for name in list(_modules) if name.partition(".")[0] in self.hidden]
        return {name: _modules.pop(name) for name in found}


def can_be_hidden(name):
    return not (name in NEVER_HIDDEN or _imp.is_builtin(name) or _imp.is_frozen(name))


def listing(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def name_of(entry):
    return entry.partition(".")[0]


def hides(folder, entry):
    """Whether an entry of ``folder`` is a module; a folder without ``__init__.py`` hides nothing."""
    return entry.endswith(CODE_ENDINGS) or os.path.isfile(os.path.join(folder, entry, "__init__.py"))


# The handler


def load(name, file, root, shown):
    """Import the handler's module: ``file``, somewhere below ``root``; ``shown`` is its name in messages.

    It is the top-level module ``name``, as in the cloud. Below the code root it is also a member of the package that
    its folder is: it can import relatively, and others can import it either way. That package is imported first.
    """
    if not os.path.isfile(file):
        raise FunctionLoadError("not found module '%s'" % shown)
    handler = Handler(name, file)
    folder = os.path.dirname(file)
    if folder == root or "." in name:
        return handler.load_alone()
    handler.join(folder, os.path.relpath(folder, root).split(os.sep))
    _sys.meta_path.insert(0, handler)
    _import(handler.full_name)
    return _modules[name if handler.is_registered else handler.full_name]


class Handler(SourceFileLoader):
    """Finds and loads the handler's file: one module, whichever of its names it is imported by."""

    def __init__(self, name, file):
        SourceFileLoader.__init__(self, name, file)
        self.full_name = name
        self.specs = {}
        self.is_registered = can_be_hidden(name)  # else its name means another module, which all others need

    def load_alone(self):
        """As a top-level module that belongs to no package."""
        module = _Module(self.name)
        module.__spec__, module.__loader__ = spec_of(self.name, self, self.path), self
        module.__file__, module.__package__ = self.path, ""
        if not self.is_registered:
            self.exec_module(module)
            return module
        _modules[self.name] = module
        self.exec_module(module)
        return _modules.get(self.name, module)  # it may have put something else into its place

    def join(self, folder, parts):
        """Become a member of the package in ``folder``, whose way from the code root is ``parts``."""
        package = ".".join(parts)
        if not leads_to(parts, folder):  # as when it is named like a standard module, or with dots
            package = "_".join(parts).replace(".", "_") + "_"
            start = os.path.join(folder, "__init__.py")
            loader = SourceFileLoader(package, start) if os.path.isfile(start) else None
            self.specs[package] = spec_of(package, loader, start if loader else None, [folder])
        self.full_name = package + "." + self.name
        self.specs[self.full_name] = spec_of(self.full_name, self, self.path)

    # What the import system asks

    def find_spec(self, name, path=None, target=None):
        if name == self.full_name and self.is_registered and target is None:
            module = _modules.get(self.name)
            if getattr(module, "__file__", None) == self.path:  # its package has imported it by the short name
                return spec_of(name, Known(module), self.path)
        return self.specs.get(name)

    def get_filename(self, name=None):
        return self.path

    def create_module(self, spec):
        module = _Module(self.name)
        if self.is_registered:
            _modules[self.name] = module
        return module


class Known:
    """Gives a module that has been imported already a second name."""

    def __init__(self, module):
        self.module = module

    def create_module(self, spec):
        return self.module

    def exec_module(self, module):
        pass


def spec_of(name, loader, file, folders=None):
    spec = ModuleSpec(name, loader, origin=file)
    spec.has_location = file is not None
    spec.submodule_search_locations = folders
    return spec


def leads_to(parts, folder):
    """Whether importing ``parts`` one below the other gives the package in ``folder``."""
    if any("." in part for part in parts):
        return False
    first = PathFinder.find_spec(parts[0])
    top = folder
    for _ in parts[1:]:
        top = os.path.dirname(top)
    return top in ((first and first.submodule_search_locations) or ())
