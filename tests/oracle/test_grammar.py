"""The grammar of random programs leaves out no syntax, no kind of object and no method of one."""

import ast
import builtins
import collections
import concurrent.futures
import contextvars
import dataclasses
import functools
import io
import itertools
import queue
import re
import sys
import textwrap
import threading

import pytest
from forms import EXPRESSIONS, NUMBERS, STATEMENTS
from grammar import HOMES, STARTS, Plan, Writer, available, program, statements_of
from kinds import HELPERS, KINDS

from anyorder.exploring import CannotExplore, explore

ASYNC = "asyncio is refused"
NO_PROGRAM = "no part of a file with a program"
ADDRESSES = "what it gives differs from run to run"
BEYOND = "it reaches beyond the program: files, the terminal, other code"
HIDDEN = "it reaches variables by their names, which is refused"
OLD = "an older word for another one"
FIXED = "it never changes"
# what no program has: kinds of nodes, fields, and names of the library, with the reason
NODES = {
    "AsyncFor": ASYNC,
    "AsyncFunctionDef": ASYNC,
    "AsyncWith": ASYNC,
    "Await": ASYNC,
    "Expression": NO_PROGRAM,
    "FunctionType": NO_PROGRAM,
    "Interactive": NO_PROGRAM,
    "TypeIgnore": NO_PROGRAM,
}
FIELDS = {
    **{
        f"{node}.type_comment": "a comment"
        for node in ("Assign", "For", "FunctionDef", "With", "arg")
    },
    "Constant.kind": "of texts with a u, which mean the same",
    "Module.type_ignores": "comments",
}
FILLED = {
    "ImportFrom.level": "0 where it is absolute",
    "ImportFrom.module": "a program is in no package",
    **dict.fromkeys(["Import.is_lazy", "ImportFrom.is_lazy"], "0, since a lazy one is refused"),
    "JoinedStr.values": "an empty one is a text",
    "Set.elts": "an empty one cannot be written",
    "TemplateStr.values": "as JoinedStr",
}
NAMES = {
    "builtins": {
        **dict.fromkeys(["Ellipsis", "False", "None", "NotImplemented", "True"], "constants"),
        **dict.fromkeys(["aiter", "anext"], ASYNC),
        "id": ADDRESSES,
        "sentinel": FIXED,
        **dict.fromkeys(
            [
                "breakpoint",
                "compile",
                "copyright",
                "credits",
                "eval",
                "exec",
                "exit",
                "help",
                "input",
                "license",
                "open",
                "quit",
            ],
            BEYOND,
        ),
        **dict.fromkeys(["dir", "globals", "locals", "vars"], HIDDEN),
    },
    "threading": {
        "ExceptHookArgs": "what hooks are given",
        "TIMEOUT_MAX": FIXED,
        **dict.fromkeys(["get_native_id", "stack_size"], ADDRESSES),
        **dict.fromkeys(
            [
                "getprofile",
                "gettrace",
                "setprofile",
                "setprofile_all_threads",
                "settrace",
                "settrace_all_threads",
            ],
            BEYOND,
        ),
    },
    "queue": {},
    "concurrent.futures": {
        **dict.fromkeys(["ALL_COMPLETED", "FIRST_EXCEPTION"], "like FIRST_COMPLETED"),
        "Executor": "the base of the pools",
        **dict.fromkeys(["InterpreterPoolExecutor", "ProcessPoolExecutor"], "no threads"),
    },
    "contextvars": {"Token": "what set() gives"},
    "itertools": {},
    "collections": dict.fromkeys(["ChainMap", "UserDict", "UserList", "UserString"], "refused"),
    "functools": {
        **dict.fromkeys(["Placeholder", "WRAPPER_ASSIGNMENTS", "WRAPPER_UPDATES"], FIXED),
        **dict.fromkeys(
            ["partialmethod", "singledispatchmethod", "update_wrapper"],
            "like another one without method, or as a decorator",
        ),
    },
    "dataclasses": dict.fromkeys(
        ["FrozenInstanceError", "InitVar", "KW_ONLY", "MISSING", "make_dataclass"],
        "of classes, before threads",
    ),
}
METHODS = {
    **dict.fromkeys(
        ["acquire_lock", "getName", "isDaemon", "isSet", "locked_lock", "notifyAll", "release_lock",
         "setDaemon", "setName"], OLD,
    ),
    **dict.fromkeys(
        ["capitalize", "expandtabs", "fromhex", "isalnum", "isascii", "isdigit", "islower",
         "isspace", "istitle", "isupper", "ljust", "lower", "lstrip", "maketrans", "removeprefix",
         "removesuffix", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "splitlines",
         "strip", "swapcase", "title", "translate", "zfill"], "like others of bytearray",
    ),
    **dict.fromkeys(
        ["detach", "encoding", "errors", "fileno", "flush", "isatty", "line_buffering", "newlines",
         "readable", "seekable", "writable"], "of streams, the same for each StringIO",
    ),
    **dict.fromkeys(
        ["all_tasks_done", "function", "interval", "kwargs", "mutex", "not_empty", "not_full"],
        "its own parts",
    ),
    **dict.fromkeys(["native_id"], ADDRESSES),
    **dict.fromkeys(["gi_code", "gi_state", "gi_suspended"], BEYOND),
    **dict.fromkeys(["BROKEN", "prepare_context"], "for pools of another kind"),
    **dict.fromkeys(["with_traceback"], BEYOND),
    **dict.fromkeys(["deleter", "getter", "fdel", "fget", "fset"], FIXED),
    "mro": "__mro__ is what it gives",
}  # fmt: skip


def trees():
    """Yield all that the grammar has as trees."""
    version = sys.version_info
    kinds = [kind for kind in KINDS.values() if version >= kind.python]
    texts = [available(STATEMENTS), available(EXPRESSIONS), NUMBERS, *HELPERS.values()]
    texts += [textwrap.dedent(start) for start in STARTS.values()]
    texts += [text for home in HOMES for text in (home.setup, home.read)]
    texts += [text for kind in kinds for text in (kind.setup, kind.changes, kind.looks, kind.shown)]
    for text in texts:
        yield ast.parse(textwrap.dedent(text))
    yield from (ast.parse(program(seed)) for seed in range(40))


@pytest.fixture(scope="module")
def nodes():
    """Return all nodes that the grammar has."""
    return [node for tree in trees() for node in ast.walk(tree)]


def kinds_of_nodes():
    """Return the kinds of nodes that this Python has, by name."""
    found = {}

    def add(kind):
        for one in kind.__subclasses__():
            if one.__module__ in {"ast", "_ast"} and not is_old(one):
                found[one.__name__] = one
                add(one)

    add(ast.AST)
    return {name: one for name, one in found.items() if not one.__subclasses__() or is_leaf(one)}


def is_leaf(kind):
    """Whether there are nodes of a kind itself, not of kinds below it alone."""
    return "=" not in (kind.__doc__ or kind.__name__)


def is_old(kind):
    """Whether a kind is only kept for old code, and never made."""
    return "deprecated" in (kind.__doc__ or "").lower() or kind.__name__ in {
        "AugLoad", "AugStore", "ExtSlice", "Index", "Param", "Suite", "slice",
    }  # fmt: skip


def test_every_kind_of_node_is_made(nodes):
    made = {type(node).__name__ for node in nodes}
    kinds = set(kinds_of_nodes())
    assert {"Module", "Add", "MatchStar", "TryStar"} <= kinds
    assert kinds - made == {name for name in NODES if name in kinds}


def optional_fields():
    """Yield each field that may be missing or empty, its kind of node and its name."""
    for name, kind in kinds_of_nodes().items():
        for one in re.findall(r"\w+[*?] (\w+)", kind.__doc__ or ""):
            yield f"{name}.{one}"


def test_every_optional_field_is_there_and_is_not(nodes):
    fields = set(optional_fields())
    assert {"Return.value", "Call.keywords", "Slice.step", "ExceptHandler.name"} <= fields
    given = {
        f"{type(node).__name__}.{field}"
        for node in nodes
        for field, value in ast.iter_fields(node)
        if value not in (None, [])
    }
    lacking = {
        f"{type(node).__name__}.{field}"
        for node in nodes
        for field in node._fields
        if getattr(node, field, None) in (None, [])
    }
    refused = {field for field in fields if field.partition(".")[0] in NODES}
    assert fields - given - refused == {field for field in FIELDS if field in fields - given}
    assert {name for name in fields - lacking - refused if can_lack(name)} == {
        name for name in FILLED if name in fields
    }


def can_lack(name):
    """Whether a program can be compiled in which a field is missing or empty."""
    kind, field = name.split(".")
    for tree in trees():
        for node in ast.walk(tree):
            if type(node).__name__ == kind and getattr(node, field, None) not in (None, []):
                setattr(node, field, [] if isinstance(getattr(node, field), list) else None)
                wrapped = ast.parse("def first():\n    for _ in (): pass")
                wrapped.body[0].body[0].body = tree.body
                try:
                    compile(ast.fix_missing_locations(wrapped), "program.py", "exec")
                except (SyntaxError, ValueError, TypeError):
                    return False
                return True
    return False


@pytest.mark.parametrize("source", ["async def f(): pass\nf()", "async def f(): await f()\nf()"])
def test_what_is_refused_needs_no_grammar(source, tmp_path):
    (tmp_path / "program.py").write_text(source)
    with pytest.raises(CannotExplore, match="asyncio"):
        explore(tmp_path / "program.py")


def names_of(nodes):
    """Return the names and the attributes among nodes."""
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def generator():
    yield


MODULES = [
    builtins, threading, queue, concurrent.futures, contextvars, itertools, collections, functools,
    dataclasses,
]  # fmt: skip
OBJECTS = [
    [], {}, set(), (), bytearray(), collections.deque(), collections.defaultdict(),
    collections.OrderedDict(), collections.Counter(), io.StringIO(), threading.Lock(),
    threading.RLock(), threading.Thread(), threading.Condition(), threading.Semaphore(),
    threading.BoundedSemaphore(), threading.Event(), threading.Barrier(1),
    threading.Timer(1, print), queue.Queue(), queue.SimpleQueue(), concurrent.futures.Future(),
    concurrent.futures.ThreadPoolExecutor(), contextvars.ContextVar("it"), generator(),
    Exception(), property(), type, generator, functools.partial(print),
]  # fmt: skip


def public(module):
    """Return the public names of a module, but for its errors, which are like each other."""
    names = getattr(module, "__all__", None) or [name for name in vars(module) if name[0] != "_"]
    return {
        name
        for name in names
        if not isinstance(thing := getattr(module, name), type)
        or not issubclass(thing, BaseException)
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_name_of_the_library_is_used_or_has_a_reason(module, nodes):
    unused = public(module) - names_of(nodes)
    assert unused == set(NAMES[module.__name__]) & public(module)


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda thing: type(thing).__name__)
def test_every_method_of_a_kind_of_object_is_used_or_has_a_reason(thing, nodes):
    assert {name for name in dir(thing) if name[0] != "_"} - names_of(nodes) <= set(METHODS)


def test_a_name_that_is_not_used_is_found(nodes):
    few = [
        node for node in nodes if not isinstance(node, ast.Attribute) or node.attr != "appendleft"
    ]
    assert "appendleft" in names_of(nodes) - names_of(few)
    with pytest.raises(AssertionError):
        test_every_method_of_a_kind_of_object_is_used_or_has_a_reason(collections.deque(), few)
    with pytest.raises(AssertionError):
        test_every_kind_of_node_is_made([n for n in nodes if not isinstance(n, ast.MatMult)])
    with pytest.raises(AssertionError):
        test_every_optional_field_is_there_and_is_not(
            [n for n in nodes if not isinstance(n, ast.Slice) or n.step is None]
        )


def test_a_seed_has_one_program():
    assert program(3) == program(3)
    assert program(3) != program(4)


@pytest.mark.parametrize("name", KINDS)
def test_every_form_of_a_kind_can_be_used(name):
    kind = KINDS[name]
    if sys.version_info < kind.python:
        pytest.skip(f"from Python {kind.python}")
    writer = Writer(name, Plan(kinds=(name,)))
    while not writer.shared:
        writer.share(0)
    one = dataclasses.replace(writer.shared[0], read="x0", target="x0")
    for form in [*statements_of(kind.changes), *statements_of(kind.looks)]:
        filled = writer.filled(form, 0, one)
        function = ast.parse("def first(): pass")
        function.body[0].body = filled if isinstance(filled, list) else [filled]
        compile(ast.fix_missing_locations(function), name, "exec")
