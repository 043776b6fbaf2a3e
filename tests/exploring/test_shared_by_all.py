"""What all threads use without passing it on: settings of the interpreter, calls at its end."""

from __future__ import annotations

import ast
import sys
import sysconfig
import threading
import warnings
from pathlib import Path

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.calls import SETTINGS
from anyorder.exploring.library.stand_ins import REGISTERING

NOT_IMPORTED = {"dist-packages", "ensurepip", "idlelib", "lib2to3", "site-packages", "test"}
IN_A_THREAD = """
    import atexit, contextlib, sys, threading, warnings
    def work(): {call}
    thread = threading.Thread(target=work)
    thread.start()
    print({asks})
    thread.join()
"""
ALONE = [*sorted(SETTINGS), "sys.setrecursionlimit", "threading.stack_size"]
SETTERS = [
    f"{module.__name__}.{name}"
    for module in (sys, threading, warnings)
    for name in dir(module)
    if name.startswith(("set", "reset")) and callable(getattr(module, name))
]


@pytest.mark.parametrize("name", sorted({*ALONE, *SETTERS}))
def test_a_setting_is_refused_in_a_thread(explored, name):
    """Others may ask for it before or after; so is what a new Python brings, whatever it sets."""
    with pytest.raises(CannotExplore, match=name.rpartition(".")[2]):
        explored(IN_A_THREAD.format(call=f"{name}(100_000)", asks="1"))


@pytest.mark.parametrize("name", ["sys.setrecursionlimit", "threading.stack_size"])
def test_a_setting_may_be_made_before(explored, name):
    asks = name.replace("set", "get")
    found = explored(f"""
        import sys, threading
        {name}(50_000 if "size" in "{name}" else 900)
        thread = threading.Thread(target=lambda: print({asks}()))
        thread.start()
        thread.join()
        sys.setrecursionlimit(1000)
    """)
    assert found.complete
    assert len(found.outcomes) == 1


def test_calls_at_the_end_are_in_the_order_of_their_registration(explored):
    found = explored(IN_A_THREAD.format(call="atexit.register(print, 'a')", asks="1"))
    assert {one.outcome.stdout for one in found.outcomes} == {"1\na\n"}
    main = "atexit.register(print, 'b') is print"
    found = explored(IN_A_THREAD.format(call="atexit.register(print, 'a')", asks=main))
    assert {one.outcome.stdout for one in found.outcomes} == {"True\na\nb\n", "True\nb\na\n"}


@pytest.mark.parametrize(
    "start",
    [
        # nobody joins them, and the main thread may have come to its end before
        "for name in 'ab': threading.Thread(target=register, args=[name]).start()",
        # it is the library that calls
        "for name in 'ab': threading.Thread(target=atexit.register, args=[print, name]).start()",
        "for name in 'ab': pool.submit(atexit.register, print, name)",
    ],
)
def test_what_threads_register_by_their_end_is_called(explored, start):
    found = explored(f"""
        import atexit, threading
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(2)
        def register(name):
            atexit.register(print, name)
        {start}
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"a\nb\n", "b\na\n"}


def test_a_thread_that_is_started_at_the_end_is_refused(explored):
    with pytest.raises(CannotExplore, match="called at exit starts a thread"):
        explored("""
            import atexit, threading
            @atexit.register
            def late():
                threading.Thread(target=print, args=["late"]).start()
        """)


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "ValueError"])
def test_an_error_of_what_is_called_at_the_end_is_refused(explored, error):
    with pytest.raises(CannotExplore, match=f"is called at exit raises {error}"):
        explored(f"""
            import atexit
            @atexit.register
            def fail():
                raise {error}
        """)


def test_a_daemon_thread_may_register_too_late(explored):
    with pytest.raises(CannotExplore, match="a daemon thread may change what is called at the end"):
        explored("""
            import atexit, threading
            threading.Thread(target=atexit.register, args=[print], daemon=True).start()
            threading.Thread(target=lambda: atexit.register(print), daemon=True).start()
        """)


def test_no_other_module_of_the_library_registers_calls():
    """What others register is taken for the program's, whoever calls ``atexit.register`` for it."""
    folder = Path(sysconfig.get_path("stdlib"))
    found = set()
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        if parts[0] in NOT_IMPORTED or "tests" in parts or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if "atexit.register(" in text and any(
            isinstance(node, ast.Call) and ast.unparse(node.func) == "atexit.register"
            for node in ast.walk(ast.parse(text))
        ):
            found.add(".".join(parts).removesuffix(".__init__"))
    # the others are of an interpreter that somebody types to
    assert {"logging", "weakref"} <= found
    assert found - {"pdb", "rlcompleter", "site"} <= REGISTERING


LOGGED = """
    import logging, sys
    from threading import Thread
    more = {{"number": 1}}
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s %(number)s", defaults={defaults}))
    logger = logging.getLogger("some")
    logger.addHandler(handler)
    adapter = logging.LoggerAdapter(logger, more)
    def change():
        more["number"] = 2
    thread = Thread(target=change)
    thread.start()
    {call}
    thread.join()
"""
CALLS = {
    "extra": ("None", "logger.warning('said', extra=more)"),
    "an adapter": ("None", "adapter.warning('said')"),
    "defaults": ("more", "logger.warning('said')"),
    "an object": ("None", "logger.warning('said', extra={'number': Shown()})"),
}
SHOWN = """
    class Shown:
        def __str__(self):
            return str(more["number"])
"""


@pytest.mark.parametrize("name", CALLS)
def test_what_a_record_has_beside_its_message_is_read(explored, name):
    defaults, call = CALLS[name]
    source = LOGGED.format(defaults=defaults, call=call)
    if "Shown" in call:
        source = source.replace("    def change", SHOWN.strip("\n") + "\n    def change")
    found = explored(source)
    assert {one.outcome.stdout for one in found.outcomes} == {"said 1\n", "said 2\n"}


@pytest.mark.skipif(
    sys.version_info < (3, 13), reason="what an adapter adds is merged from 3.13 on"
)
def test_what_an_adapter_merges_is_read(explored):
    source = LOGGED.format(defaults="None", call="adapter.warning('said', extra={'other': 1})")
    found = explored(source.replace("(logger, more)", "(logger, more, merge_extra=True)"))
    assert {one.outcome.stdout for one in found.outcomes} == {"said 1\n", "said 2\n"}


@pytest.mark.parametrize("other", ["class B(metaclass=Meta): other = 1", "print(len(shared))"])
def test_a_namespace_that_several_classes_have_is_refused_where_threads_share_it(explored, other):
    source = """
        from threading import Thread
        shared = {{}}
        class Meta(type):
            @classmethod
            def __prepare__(cls, *_): return {namespace}
            def __new__(cls, name, bases, names): return type.__new__(cls, name, bases, {{**names}})
        def make():
            class A(metaclass=Meta): kept = 1
        Thread(target=make).start()
        {other}
    """
    with pytest.raises(CannotExplore, match="share a dict, and what a class statement keeps"):
        explored(source.format(namespace="shared", other=other))
    assert explored(source.format(namespace="{}", other=other)).complete
