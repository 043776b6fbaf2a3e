"""What the library reads of functions, classes and contexts unseen: followed, or refused."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest
from found_sets import printed

from anyorder.exploring import CannotExplore

EVALUATING = """
import inspect, typing
from threading import Thread

Kind = int
other = 0

def function(it: {annotation}): pass

class Typed:
    it: {annotation}

def change():
    global Kind, other
    {change}

def describe():
    print({describe})

threads = [Thread(target=change), Thread(target=describe)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
DESCRIBING = [
    "typing.get_type_hints(function)",
    "typing.get_type_hints(Typed)",
    "inspect.get_annotations(function, eval_str=True)",
    "inspect.get_annotations(Typed, eval_str=True)",
    "inspect.signature(function, eval_str=True)",
]


@pytest.mark.parametrize("describe", DESCRIBING)
@pytest.mark.parametrize("annotation", ["'Kind'", "'list[Kind]'", "list['Kind']"])
def test_evaluating_what_threads_change_is_refused(explored, describe, annotation):
    how = {"describe": describe, "annotation": annotation}
    if "eval_str" not in describe or annotation.startswith("'"):  # which leaves inner texts alone
        with pytest.raises(CannotExplore, match=r"evaluates .* while threads change Kind"):
            explored(EVALUATING.format(change="Kind = str", **how))
    assert explored(EVALUATING.format(change="other = str", **how)).complete


def test_annotations_that_threads_change_are_refused(explored):
    how = {"describe": "typing.get_type_hints(function)", "annotation": "int"}
    with pytest.raises(CannotExplore, match="threads share a dict"):
        explored(EVALUATING.format(change="function.__annotations__['it'] = str", **how))


def test_what_was_changed_before_is_evaluated(explored):
    source = EVALUATING.format(change="Kind = str", annotation="'Kind'", describe="1")
    (one,) = explored(f"{source}\nprint(typing.get_type_hints(function))\n").outcomes
    assert one.outcome.stdout == "1\n{'it': <class 'str'>}\n"


COPYING = """
import contextlib, functools, inspect
from threading import Thread

def function(it=0): pass

def change():
    {change}

def copy():
    {copy}

threads = [Thread(target=change), Thread(target=copy)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize(
    "copy",
    [
        "functools.wraps(function)(lambda: 0)",
        "functools.update_wrapper(lambda: 0, function)",
        "functools.cache(function)",
        "functools.lru_cache(function)",
        "functools.singledispatch(function)",
        "contextlib.contextmanager(function)",
        "contextlib.contextmanager(lambda: iter([0]))()(function)",
        "inspect.signature(function)",
        "inspect.unwrap(function)",
    ],
)
def test_copying_attributes_that_threads_change_is_refused(explored, copy):
    for change in ("function.note = 1", "setattr(function, 'note', 1)"):
        with pytest.raises(CannotExplore, match="reads all attributes of function"):
            explored(COPYING.format(copy=copy, change=change))
    assert explored(COPYING.format(copy=copy, change="pass")).complete


def test_attributes_that_threads_change_may_be_copied_before(explored):
    """Such as the count of calls that many a decorator keeps."""
    found = explored("""
        import functools
        from threading import Thread
        def counted(function):
            @functools.wraps(function)
            def call():
                call.count += 1
            call.count = 0
            return call
        @counted
        def work(): pass
        threads = [Thread(target=work), Thread(target=work)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(work.count, work.__name__)
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"1 work\n", "2 work\n"}


def test_which_attributes_an_object_has_is_listed_at_a_moment(explored):
    found = explored("""
        from threading import Thread
        class Own:
            kept = 0
            def __init__(self): self.first = 1
        own = Own()
        def change():
            own.second = 2
            own.second = 3
            del own.first
        Thread(target=change).start()
        print([name for name in dir(own) if name[0] != "_"])
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {
        "['first', 'kept']\n", "['first', 'kept', 'second']\n", "['kept', 'second']\n",
    }  # fmt: skip


SHOWING = """
import functools, inspect
from threading import Thread

numbers = [1]

class Numbers(list):
    def own(self): pass

own = Numbers(numbers)

def function(it=numbers): pass

signature = inspect.signature(function)
thread = Thread(target=lambda: (numbers.clear(), own.clear()))
thread.start()
print({shown})
"""


@pytest.mark.parametrize(
    "shown",
    [
        "signature",
        "str(inspect.signature(function))",
        "f'{signature}'",
        "repr(signature)",
        "signature.parameters['it']",
        "signature.parameters",
        "signature.bind(numbers)",
        "signature.replace(return_annotation=3)",
        "functools.partial(int, numbers)",
        "slice(numbers, 0)",
        "staticmethod(numbers)",
        "own.own",
    ],
)
def test_what_shows_what_it_holds_shows_it_as_it_is_then(explored, shown):
    found = explored(SHOWING.format(shown=shown))
    assert found.complete
    printed = {one.outcome.stdout for one in found.outcomes}
    assert len(printed) == 2
    assert {text.replace("[]", "[1]") for text in printed} <= printed


RUNNING = """
import contextvars
from threading import Thread

held = contextvars.ContextVar("held", default=0)
context = contextvars.copy_context()

def change():
    held.set(1)

thread = {thread}
thread.start()
{beside}
thread.join()
print(context.get(held), list(context) == [held])
"""
THREADS = ["Thread(target=context.run, args=(change,))"]
if sys.version_info >= (3, 14):
    THREADS.append("Thread(target=change, context=context)")


@pytest.mark.parametrize("thread", THREADS)
@pytest.mark.parametrize(
    "beside",
    [
        "context.get(held)",
        "context.get",
        "held in context",
        "list(context)",
        "for one in context: pass",
        "len(context)",
        "context[held]",
        "context.copy()",
        "context == contextvars.copy_context()",
        "context.run(change)",
        "other = Thread(target=context.run, args=(change,)); other.start()",
    ],
)
def test_a_context_that_threads_share_is_refused(explored, thread, beside):
    with pytest.raises(CannotExplore, match="threads share an object of Context"):
        explored(RUNNING.format(thread=thread, beside=beside))


@pytest.mark.parametrize("thread", THREADS)
def test_a_context_of_one_thread_is_explored(explored, thread):
    beside = "contextvars.copy_context().run(change)"
    (one,) = explored(RUNNING.format(thread=thread, beside=beside)).outcomes
    assert one.outcome.stdout == "1 True\n"


@pytest.mark.parametrize(
    "asks",
    [
        "seen = isinstance(door, Open)",
        "seen = type(door) is Open",
        "seen = type(door) is not Closed",
        "seen = door.__class__ is Open",
        "match door:\n    case Open(): seen = True\n    case _: seen = False",
    ],
)
def test_the_class_of_an_object_that_threads_change_is_seen(explored, asks):
    found = explored(
        f"""
from threading import Thread
class Closed: pass
class Open: pass
door = Closed()
def change(): door.__class__ = Open
thread = Thread(target=change)
thread.start()
{asks}
thread.join()
print(seen)
"""
    )
    assert printed(found) == {"False\n", "True\n"}


ASYNCHRONOUS = """
import functools, inspect

async def fetch(url="x"):
    "Fetch it."
    async with url as connection:
        return [await line async for line in connection]

async def lines():
    yield 1

class Client:
    async def __aenter__(self): return self
    def plain(self): pass

asks = inspect.iscoroutinefunction, inspect.isasyncgenfunction
for each in fetch, lines, Client().__aenter__, functools.partial(fetch, 1), Client.plain, print:
    print(*(ask(each) for ask in asks))
print(fetch.__doc__, fetch.__name__, inspect.signature(fetch))
"""


def test_coroutine_functions_are_told_from_others(explored):
    [real] = printed(explored(ASYNCHRONOUS))
    with redirect_stdout(StringIO()) as shown:
        exec(ASYNCHRONOUS, {})
    assert real == shown.getvalue()
    assert real.startswith("True False\nFalse True\nTrue False\nTrue False\nFalse False\n")


@pytest.mark.parametrize(
    "call",
    [
        "functools.update_wrapper(own, work)", "functools.wraps(own, assigned=())(work)",
        "functools.cache(own)", "pickle.dumps(own)", "pickle.dumps([1, {2: (own,)}])",
    ],
)  # fmt: skip
def test_attributes_of_an_object_are_not_reached_unseen_beside_threads(explored, call):
    with pytest.raises(CannotExplore, match="reaches all attributes of an object unseen"):
        explored(f"""
import functools, pickle
from threading import Thread
class Own:
    def __call__(self): pass
own = Own()
def work(): own.x = 1
thread = Thread(target=work)
thread.start()
{call}
""")
