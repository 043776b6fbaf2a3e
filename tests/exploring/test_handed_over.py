"""What is handed to the library or to the interpreter, which call or show it out of sight."""

from __future__ import annotations

from textwrap import indent

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
import atexit, contextlib, contextvars, functools, sched, sys, threading
from concurrent.futures import ThreadPoolExecutor

numbers = [1]

class Numbers(list):
    copied = property(list.copy)

own = Numbers(numbers)
show = functools.partial(print, numbers)

def clear():
    numbers.clear()
    own.clear()

cleared = threading.Thread(target=clear{daemon})
cleared.start()
{body}
"""


def printed(explored, body, daemon=""):
    """Return what is printed on both streams, the last line only, while a list is cleared."""
    found = explored(PROGRAM.format(body=body, daemon=daemon))
    assert found.complete
    texts = [one.outcome.stdout + one.outcome.stderr for one in found.outcomes]
    return {text.splitlines()[-1] for text in texts}


@pytest.mark.parametrize(
    "body",
    [
        "with contextlib.ExitStack() as stack: stack.callback(print, numbers)",
        "with contextlib.ExitStack() as stack: stack.callback(lambda: 0), stack.callback(show)",
        "contextvars.copy_context().run(print, numbers)",
        "contextvars.copy_context().run(show)",
        "threading.Barrier(1, action=show).wait()",
        "threading.Barrier(1, show).wait()",
        "pool = ThreadPoolExecutor(1, initializer=show)\nwith pool: pool.submit(int)",
        "pool = ThreadPoolExecutor(1, '', print, (numbers,))\nwith pool: pool.submit(int)",
        "later = sched.scheduler()\nlater.enter(0, 1, print, (numbers,))\nlater.run()",
        "later = sched.scheduler()\nlater.enterabs(0, 1, action=show)\nlater.run()",
        "class C: show = functools.partialmethod(lambda *a: print(a[1]), numbers)\nC().show()",
        "print(own.copied)",
        "print(functools.lru_cache(functools.partial(list, numbers))())",
        "print(functools.cache(numbers.copy)())",
        "if True: sys.exit(numbers)",
    ],
)  # fmt: skip
def test_what_is_called_or_shown_later_is_seen(explored, body):
    assert printed(explored, body) == {"[1]", "[]"}


def test_what_waits_for_a_function_that_is_built_in(explored):
    body = """
condition = threading.Condition()
with condition:
    print(condition.wait_for(functools.partial(bool, numbers), timeout=0))
"""
    assert printed(explored, body) == {"True", "False"}


def test_what_is_called_at_exit_is_seen(explored):
    body = "atexit.register(print, numbers)\natexit.register(show)"
    assert printed(explored, body) == {"[]"}  # it comes after all threads but the daemons
    assert printed(explored, "atexit.register(show)", ", daemon=True") == {"[1]", "[]"}


@pytest.mark.parametrize(
    "choosing",
    ["functools.singledispatch({})", "functools.singledispatch(print).register(list, {})"],
)
def test_what_is_chosen_by_a_class_is_a_function_of_the_program(explored, choosing):
    with pytest.raises(CannotExplore, match="write a function that calls it"):
        explored(f"import functools\n{choosing.format('print')}\n")


def test_what_is_chosen_by_a_class(explored):
    (one,) = explored("""
        import functools
        @functools.singledispatch
        def show(it): print("any")
        @show.register
        def of_number(it: int): print("int")
        show.register(list, lambda it: print("list"))
        show(1), show([]), show("")
    """).outcomes
    assert one.outcome.stdout == "int\nlist\nany\n"


@pytest.mark.parametrize(
    "fails",
    [
        "raise ValueError('a', numbers)",
        "raise KeyError from ValueError('a', numbers)",
        "try:\n    raise ValueError('a', numbers)\nfinally:\n    raise KeyError",
    ],
)
@pytest.mark.parametrize("thread", [False, True])
def test_what_an_exception_that_nobody_catches_shows_is_seen(explored, fails, thread):
    if thread:
        fails = f"def fail():\n{indent(fails, '    ')}\nthreading.Thread(target=fail).start()\n"
    found = explored(PROGRAM.format(body=fails, daemon=""))
    assert found.complete
    shown = {text for one in found.outcomes for text in one.outcome.stderr.splitlines()}
    assert {"ValueError: ('a', [1])", "ValueError: ('a', [])"} <= shown


KEEPING = """
import collections.abc, contextvars, dataclasses, difflib, enum, itertools, json, operator, re
import struct, threading, types, typing

things = ["a"]
table = {{"a": "a"}}
code = bytearray(b"a")

{before}

def change():
    things.append("b")
    table["b"] = "b"
    code[0] = 98

thread = threading.Thread(target=change)
thread.start()
print({read})
"""


@pytest.mark.parametrize(
    ("before", "read"),
    [
        (
            "@dataclasses.dataclass\nclass C: x: int = dataclasses.field(metadata=table)",
            "*dataclasses.fields(C)[0].metadata",
        ),
        (
            "C = dataclasses.make_dataclass('C', [('x', int, dataclasses.field(metadata=table))])",
            "dataclasses.fields(C)",
        ),
        ("kept = table.keys().mapping", "kept"),
        ("kept = table.items().mapping.keys()", "*kept"),
        ("kept = collections.abc.KeysView(table)", "*kept"),
        ("kept = collections.abc.ValuesView(table)", "kept"),
        ("kept = operator.itemgetter(things)", "kept"),
        ("kept = re.match(b'.', code)", "kept.group()"),
        ("kept = re.finditer(b'a', code)", "*kept"),
        ("kept = struct.iter_unpack('B', code)", "*kept"),
        ("kept = difflib.unified_diff(things, ['a'])", "*kept"),
        ("kept = difflib.SequenceMatcher(None, things, ['a'])", "kept.ratio()"),
        ("kept = difflib.SequenceMatcher()\nkept.set_seqs(things, ['a'])", "kept.ratio()"),
        ("kept = json.JSONEncoder().iterencode([things])", "*kept"),
    ],
)
def test_what_the_library_keeps_may_not_change(explored, before, read):
    with pytest.raises(CannotExplore, match=r"changing .* changes what all threads use"):
        explored(KEEPING.format(before=before, read=read))


@pytest.mark.parametrize(
    ("before", "read"),
    [
        ("kept = itertools.repeat(things, 1)", "kept"),
        ("kept = itertools.repeat(things, 1)", "*kept"),
        ("kept = list[things]", "kept"),
        ("kept = typing.Annotated[int, things]", "kept"),
        ("kept = typing.Literal[things]", "[kept]"),
        ("kept = contextvars.ContextVar('kept', default=things)", "kept"),
        ("kept = types.MethodType(list.__getitem__, things)", "kept(slice(None))"),
        ("kept = types.MethodType(len, things)", "kept()"),
    ],
)
def test_what_the_library_keeps_and_shows_is_seen(explored, before, read):
    found = explored(KEEPING.format(before=before, read=read))
    assert found.complete
    assert len(found.outcomes) == 2


def test_a_member_is_looked_for_by_values_that_do_not_change(explored):
    before = "class Kind(enum.Enum): ONE = things"
    with pytest.raises(CannotExplore, match=r"Kind\(\) does with it is not followed"):
        explored(KEEPING.format(before=before, read="Kind(['a'])"))


def test_what_threads_share_is_no_member_of_an_enumeration(explored):
    """Its class makes an ``int`` of it, say, and does so unseen."""
    program = """
        import enum, threading
        data = bytearray(b"1")
        def work(): {change}
        thread = threading.Thread(target=work)
        thread.start()
        class Kind(int, enum.Enum):
            ONE = data
        thread.join()
        print(Kind.ONE.value)
    """
    with pytest.raises(CannotExplore, match="what an enumeration does with it is not followed"):
        explored(program.format(change="data[0] = 50"))
    assert explored(program.format(change="pass")).complete


@pytest.mark.parametrize("thing", ["C", "C()"])
def test_names_are_not_listed_of_a_class_that_threads_change(explored, thing):
    with pytest.raises(CannotExplore, match=r"ask hasattr\(\)"):
        explored(f"""
            import threading
            class C: pass
            def change(): C.x = 1
            threading.Thread(target=change).start()
            print(dir({thing}))
        """)


@pytest.mark.parametrize(
    "call",
    [
        "S(',').join(a)",
        "str.join(S(','), a)",
        "S('{0[0]} {0[1]}').format(a)",
        "S('{x[0]}').format_map({'x': a})",
        "S('').both(a)",
        "B(b'x').startswith(bytearray(a[0], 'ascii'))",
        "B(b'x').join([data])",
        "bytes.join(B(b'x'), [data])",
        "I.from_bytes(data, 'big')",
    ],
)
def test_what_a_class_of_the_programs_inherits_is_what_its_base_does(explored, call):
    """What a method written in C is given was read unseen where the object is of such a class."""

    def outcomes(base):
        names = zip("SBI", ("str", "bytes", "int"), strict=True)
        classes = [
            f"class {name}({cls}):\n"
            + (f"    def both(self, a): return {base}.join(a)\n" if name == "S" else "    pass\n")
            for name, cls in names
        ]
        source = "import threading\na, data = ['x', 'y'], bytearray(b'xy')\n" + "".join(classes)
        source += "def work():\n    a[0] = 'z'\n    data[0] = 65\n"
        source += "threading.Thread(target=work).start()\n"
        plain = call if base == "super()" else call.replace("S('').both(a)", "''.join(a)")
        if base != "super()":
            plain = plain.replace("S(", "str(").replace("B(", "bytes(").replace("I.", "int.")
        found = explored(f"{source}print({plain})\n")
        assert found.complete
        return {one.outcome.stdout for one in found.outcomes}

    assert outcomes("super()") == outcomes("str")
    assert len(outcomes("super()")) > 1
