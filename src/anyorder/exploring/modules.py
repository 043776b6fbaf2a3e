"""Which modules of the library a program may use, as they are or as private copies, and what of them."""  # noqa: E501

from __future__ import annotations

import heapq
import sys
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any

from anyorder.exploring.attributes import asked, is_a
from anyorder.exploring.inside import INSIDE, SPECIAL
from anyorder.exploring.narrow import refused
from anyorder.exploring.public_names import refused_name

__all__ = [
    "ASKING_NOTHING", "CHANGING", "FOLLOWED", "HIDDEN", "INSIDE", "LOGGING", "MAIN",
    "NOT_COPIED", "NOT_IMPORTED", "OF_INTERPRETER", "OF_PROCESSES", "OWN_MODULES", "PRIVATE",
    "READING", "REAL", "SIMULATED", "SWAPPED", "lasts", "outside", "public_name",
    "reaches_outside", "shows_running", "unfollowed",
]  # fmt: skip

PRIVATE = {
    "_threading_local", "concurrent.futures", "concurrent.futures._base",
    "concurrent.futures.thread", "copy", "dataclasses", "functools", "logging", "queue", "sched",
    "threading",
}  # fmt: skip
REAL = frozenset({
    "__future__", "_thread", "abc", "ast", "base64", "bisect", "builtins", "calendar",
    "cmath", "collections", "colorsys", "contextlib", "contextvars", "csv", "dataclasses",
    "datetime", "decimal", "difflib", "enum", "errno", "fractions", "gc", "graphlib", "hashlib",
    "heapq", "inspect", "io", "itertools", "json", "keyword", "locale", "math", "numbers",
    "operator", "pprint", "re", "reprlib", "statistics", "string", "struct", "sys", "textwrap",
    "traceback", "types", "typing", "unicodedata", "warnings", "weakref", "zlib",
})  # fmt: skip
# those whose functions read what they are given, and keep nothing of it
READING = frozenset({
    "base64", "bisect", "csv", "dataclasses", "difflib", "functools", "graphlib", "heapq",
    "json", "math", "operator", "pprint", "random", "re", "reprlib", "statistics", "string",
    "struct", "textwrap", "zlib",
})  # fmt: skip
# those whose functions ask nothing of what is in their arguments
ASKING_NOTHING = frozenset({
    "abc", "anyorder", "asyncio", "builtins", "concurrent", "contextlib", "contextvars", "ctypes",
    "datetime", "enum", "errno", "faulthandler", "functools", "gc", "inspect", "keyword", "locale",
    "logging",    "multiprocessing", "os", "queue", "sched", "signal", "sys", "thread", "threading",
    "threading_local", "time", "traceback", "types", "typing", "unicodedata", "warnings", "weakref",
})  # fmt: skip
# functions that change their first argument
CHANGING = {
    *(f"heapq.{name}" for name in heapq.__all__ if name not in {"merge", "nlargest", "nsmallest"}),
    "bisect.insort", "bisect.insort_left", "bisect.insort_right",
}  # fmt: skip
# top modules whose objects keep nothing that changes, or whose calls are followed one by one
FOLLOWED = frozenset({
    "abc", "anyorder", "builtins", "collections", "concurrent", "contextvars", "ctypes",
    "dataclasses", "enum", "errno", "fractions", "functools", "inspect", "itertools", "logging",
    "multiprocessing", "numbers", "operator", "os", "queue", "re", "sched", "sre", "string",
    "struct", "sys", "thread", "threading", "threading_local", "time", "traceback", "types",
    "typing", "weakref",
})  # fmt: skip
UNFOLLOWED = {
    "calendar": {"setfirstweekday"},
    "codecs": {"register", "register_error", "unregister"},
    "collections": {"ChainMap", "UserDict", "UserList"},
    "copyreg": {
        "add_extension", "clear_extension_cache", "constructor", "dispatch_table", "pickle",
        "remove_extension",
    },
    "csv": {"field_size_limit", "register_dialect", "unregister_dialect"},
    "decimal": {"BasicContext", "DefaultContext", "ExtendedContext"},
    "gc": {
        "callbacks", "disable", "enable", "freeze", "garbage", "get_count", "get_debug",
        "get_freeze_count", "get_objects", "get_referents", "get_referrers", "get_stats",
        "get_threshold", "isenabled", "set_debug", "set_threshold", "unfreeze",
    },
    "gettext": {"bindtextdomain", "textdomain"},
    "hashlib": {"algorithms_available"},
    "inspect": {"getattr_static", "getclosurevars", "getmembers", "getmembers_static"},
    "locale": {
        "getdefaultlocale", "getencoding", "getlocale", "getpreferredencoding", "localeconv",
        "nl_langinfo", "setlocale",
    },
    "logging": {"config", "handlers"},
    "operator": {
        "delitem", "iadd", "iand", "iconcat", "imul", "ior", "isub", "ixor", "setitem",
    },
    "os": {"putenv", "unsetenv"},
    "reprlib": {"aRepr"},
    "string": {"Formatter"},
    "time": {"altzone", "daylight", "timezone", "tzname", "tzset"},
    "types": {"MappingProxyType"},
    "typing": {"evaluate_forward_ref"},
    "warnings": {"filters"},
    "weakref": {
        "ReferenceType", "WeakKeyDictionary", "WeakMethod", "WeakSet", "WeakValueDictionary",
        "finalize", "getweakrefcount", "getweakrefs", "proxy", "ref",
    },
    "zlib": {"ZLIB_RUNTIME_VERSION", "ZLIB_VERSION"},
}  # fmt: skip
# of these, what lets go of things as they end, with what keeps them
KEEPING = {
    "WeakKeyDictionary": "dict", "WeakSet": "set", "WeakValueDictionary": "dict",
}  # fmt: skip
# of the names that modules of the library keep for themselves, those that programs are told of
KNOWN_PRIVATE = frozenset({
    "concurrent.futures._base", "os._exit", "posix._exit", "sys._getframe", "sys._is_gil_enabled",
})  # fmt: skip
# what the program is called as a module, in the first process and in those that read it again
MAIN = frozenset({"__main__", "__mp_main__"})
# the modules of the program that is executed: its own code
OWN_MODULES = {*MAIN}
# modules that print something as they are imported, or are none of a program's
NOT_IMPORTED = frozenset({
    "antigravity", "idlelib", "lib2to3", "nt", "posix", "test", "this", "turtledemo",
})  # fmt: skip
# modules of which a program has others than the real ones
SIMULATED = frozenset({
    "_thread", "atexit", "nt", "os", "posix", "random", "signal", "time", "timeit", *PRIVATE,
})  # fmt: skip
# modules that change another one, of which a program has a private copy
NOT_COPIED = frozenset({"logging.config", "logging.handlers"})
SAID = {
    "posix": "os",
    "nt": "os",
    **dict.fromkeys(("genericpath", "ntpath", "posixpath"), "os.path"),
}
# what is refused although all others of its module are not
OUTSIDE = frozenset({"_io.FileIO", "_io.open_code", "contextlib.chdir", "io.open_code"})
# modules of which all values are the same on every computer, and such values of others
CONSTANT = frozenset({"asyncio", "dis", "html", "http", "opcode", "token", "tokenize", "xml"})
CONSTANTS = frozenset({"subprocess.DEVNULL", "subprocess.PIPE", "subprocess.STDOUT"})
ALIKE = {"_markupbase": "html", "genericpath": "posixpath", "ntpath": "posixpath", "nt": "posix"}


# what changes how logging works for all threads
LOGGING = frozenset({
    "addFilter", "addHandler", "addLevelName", "basicConfig", "captureWarnings", "close", "disable",
    "handlers", "level", "propagate", "removeFilter", "removeHandler", "setFormatter", "setLevel",
    "setLogRecordFactory", "setLoggerClass", "setStream",
})  # fmt: skip


# of ``sys``, what is put back after each execution
SWAPPED = (
    "stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__", "excepthook",
    "unraisablehook", "argv",
)  # fmt: skip

# what each process has of its own in the library's modules, of what a program may set there
OF_PROCESSES = {"sys": ("stdout", "stderr", "excepthook", "argv"), "threading": ("excepthook",)}


# modules of which more is known than what stays inside
KNOWN = {
    name.partition(".")[0].lstrip("_")
    for name in REAL | PRIVATE | READING | ASKING_NOTHING | FOLLOWED | {"random", "_sre", "sre"}
} | {"annotationlib", "atexit", "main"}
KNOWN -= {
    "asyncio",
    "ctypes",
    "faulthandler",
    "os",
}  # of which a few objects are known, and no more
# attributes through which variables and other attributes are reached unseen
HIDDEN = frozenset({
    "__closure__", "__delete__", "__dict__", "__get__", "__globals__", "__set__", "cell_contents",
    "f_builtins", "f_globals", "f_lasti", "f_locals", "tb_lasti",
})  # fmt: skip


# what the interpreter puts among the variables of each module: where it lies, how it was loaded
OF_INTERPRETER = frozenset({
    "__builtins__", "__cached__", "__file__", "__loader__", "__path__", "__spec__",
})  # fmt: skip


def public_name(module: str) -> str:
    """Return the name by which programs import what is in a module of the library.

    From 3.14 on ``warnings`` is in ``_py_warnings``, beside which ``_warnings`` is written in C.
    """
    return module.removeprefix("_py_").lstrip("_")


def lasts(thing: FunctionType | type) -> bool:
    """Whether a function or a class is of a module of the library, and the next execution finds it.

    So it finds the functions of private copies too; their classes are put back after each.
    """
    if thing.__module__ in OWN_MODULES:
        return False
    found: Any = sys.modules.get(thing.__module__)
    for name in thing.__qualname__.split("."):
        if not hasattr(found, name):
            return False
        found = getattr(found, name)
    return found is thing or is_a(thing, FunctionType)


def shows_running(name: str, module: str = "") -> str:
    """Return why a variable that the interpreter sets in the program's own modules is refused.

    Args:
        name: its name
        module: the module that it is reached through, if it is
    """
    if name not in OF_INTERPRETER or name == "__file__":
        return ""
    said = f"{module}.{name}" if module else name
    return f"{said} shows how the explorer runs the program: do without {name}"


def reaches_outside(module: str, name: str) -> bool:
    """Whether a function or a class of the library may reach what is outside of the program.

    Args:
        module: the module that has it
        name: its name there, without those of classes that it is in
    """
    top = module.partition(".")[0]
    known = public_name(top) in KNOWN or module in PRIVATE
    if known or top not in sys.stdlib_module_names or f"{module}.{name}" in OUTSIDE:
        return f"{module}.{name}" in OUTSIDE
    inside = row_of(module)
    return inside is None or not (name in inside or (SPECIAL in inside and is_special(name)))


def row_of(module: str) -> frozenset[str] | None:
    """Return what stays inside of a module that may be imported as it is, if anything does."""
    top = module.partition(".")[0]
    return INSIDE.get(module) or INSIDE.get(ALIKE.get(top, public_name(top)))


def is_special(name: str) -> bool:
    """Whether a name is that of a special method."""
    return name.startswith("__") and name.endswith("__")


def differs(module: str, name: str) -> bool:
    """Whether a module may have another value under a name on each computer.

    Nothing is known of the values in modules of which something reaches outside.
    """
    top = module.partition(".")[0]
    library = top in sys.stdlib_module_names and public_name(top) not in KNOWN | CONSTANT
    if not library or module in PRIVATE or row_of(module) is not None:
        return False
    value = getattr(sys.modules.get(module), name, None)
    plain = value is None or callable(value) or is_a(value, ModuleType | Enum)
    return not plain and not is_special(name) and f"{module}.{name}" not in CONSTANTS


def outside(function: Any) -> str | None:
    """Return why a function or a class reaches what is outside of the program, if it does."""
    module = asked(function, "__module__")
    if not module or module == "builtins":  # a class or a function of Python seldom is
        owner = asked(function, "__self__")
        module = module or type(owner).__module__
        if is_a(owner, ModuleType) and module == "builtins":
            module = owner.__name__
    name = function.__name__
    if not reaches_outside(module, name):
        return None
    said = f"{SAID.get(module, public_name(module))}.{asked(function, '__qualname__', name)}"
    return (
        f"{said}() reaches outside of the program, and is not simulated: give the program what it "
        "needs as a value, or leave it unexplored"
    )


def lets_go(module: str, name: str, kind: str) -> str:
    """Return why a class is refused that keeps things no longer than others have them."""
    return (
        f"{module}.{name} lets go of things as they end, which is not followed: take a {kind}, and "
        "drop what is done with"
    )


def unfollowed(module: str, name: str) -> str:
    """Return why a name of a module cannot be explored, and nothing where it can."""
    if module in MAIN and not name.startswith("__"):
        return f"{name} is reached through the module unseen: write it as a variable"
    if name in OF_INTERPRETER:
        return (
            f"{module}.{name} tells where the library lies, or how it was loaded, which differs "
            f"from computer to computer: do without {name}"
        )
    private = name.startswith("_") and not name.startswith("__")
    there = private and hasattr(sys.modules.get(module), name)
    if there and f"{module}.{name}" not in KNOWN_PRIVATE:
        return f"{module}.{name} is the library's own, and is not followed: do without {name}"
    if differs(module, name):
        return (
            f"{module}.{name} may be another one on each computer: give the program what it needs "
            "as a value"
        )
    if name not in UNFOLLOWED.get(module, ()):
        return "" if name == "*" else refused(module, name) or refused_name(module, name)
    kept = lets_go(module, name, KEEPING[name]) if name in KEEPING else ""
    return kept or f"{module}.{name} reaches what cannot be followed: do without {name}"
