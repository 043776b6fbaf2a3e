"""What random programs and others have found: sets in which something was missing, or refused."""

from __future__ import annotations

import pytest
from found_sets import texts

from anyorder.exploring import CannotExplore


def test_importing_what_is_rewritten_names_the_same_things_in_each_execution(explored):
    source = """
        import dataclasses
        from concurrent.futures import ThreadPoolExecutor
        class Home:
            x = 1
        home = Home()
        def first(): home.x += 1
        def second(): home.x = 1
        with ThreadPoolExecutor(2) as pool:
            pool.submit(first), pool.submit(second)
        print(home.x)
    """
    assert texts(explored(source)) == {"1\n", "2\n"}
    assert texts(explored(source.replace("import dataclasses", "import math"))) == {"1\n", "2\n"}


def test_a_witness_in_words_names_nothing_for_the_program(explored):
    found = explored("""
        from dataclasses import asdict, dataclass, field
        from threading import Thread
        @dataclass
        class Point:
            x: int
            seen: list = field(default_factory=list)
        point = Point(1)
        def work():
            point.seen.append(1)
            point.x = 2
        Thread(target=work).start()
        print(asdict(point))
    """)
    assert texts(found) == {
        "{'x': 1, 'seen': []}\n", "{'x': 1, 'seen': [1]}\n", "{'x': 2, 'seen': [1]}\n",
    }  # fmt: skip


@pytest.mark.parametrize(
    "how", ["list(text)", "for line in text: pass", "sorted(text)", "*_, = text"]
)
def test_going_through_a_stream_leaves_it_at_its_end(explored, how):
    found = explored(f"""
        import io
        from threading import Thread
        text = io.StringIO("ab")
        def work():
            {how}
        Thread(target=work).start()
        print([text.read(1)])
    """)
    assert texts(found) == {"['a']\n", "['']\n"}


@pytest.mark.parametrize("made", ['ValueError("a")', 'KeyError("a", [1])'])
def test_a_note_is_a_change(explored, made):
    found = explored(f"""
        from threading import Thread
        error = {made}
        thread = Thread(target=error.add_note, args=["one"])
        thread.start()
        print(getattr(error, "__notes__", None))
        thread.join()
    """)
    assert texts(found) == {"None\n", "['one']\n"}


def test_a_further_note_changes_the_list_of_them(explored):
    found = explored("""
        from threading import Thread
        error = ValueError()
        error.add_note("a")
        notes = error.__notes__
        Thread(target=error.add_note, args=["b"]).start()
        print(notes)
    """)
    assert texts(found) == {"['a']\n", "['a', 'b']\n"}


def test_a_thread_that_has_begun_is_made_no_daemon(explored):
    found = explored("""
        from threading import Thread
        other = Thread(target=int)
        def work():
            try:
                other.daemon = True
            except RuntimeError:
                print("late")
        thread = Thread(target=work)
        thread.start()
        other.start()
    """)
    assert texts(found) == {"", "late\n"}


def test_what_a_generator_asks_is_looked_at_by_its_turn(explored):
    found = explored("""
        from threading import Thread
        def outer(): yield from [1, 2]
        generator = outer()
        Thread(target=next, args=[generator]).start()
        print(generator.gi_yieldfrom is None)
    """)
    assert texts(found) == {"True\n", "False\n"}


@pytest.mark.parametrize("what", ["[1, 2]", "(1, 2)", "iter([1, 2])", "inner()"])
def test_a_generator_is_at_it_until_what_it_delegates_to_has_been_yielded(explored, what):
    found = explored(f"""
        from threading import Thread
        def inner():
            yield 1
            yield 2
        def outer(): yield from {what}
        generator = outer()
        thread = Thread(target=next, args=[generator])
        thread.start()
        try:
            generator.close()
        except ValueError as error:
            print(error)
        thread.join()
    """)
    assert texts(found) == {"", "generator already executing\n"}
    stopped = {one.outcome.stderr.splitlines()[-1:] == [] for one in found.outcomes}
    assert stopped == {True, False}  # where it was closed before


def test_what_is_delegated_to_is_shown_as_it_is(explored):
    found = explored("""
        def outer():
            yield from [1]
        generator = outer()
        print(next(generator), type(generator.gi_yieldfrom).__name__)
        try:
            generator.send(5)
        except AttributeError as error:
            print(error)
    """)
    assert texts(found) == {"1 list_iterator\n'list_iterator' object has no attribute 'send'\n"}


def test_an_error_ends_zip_longest(explored):
    found = explored("""
        from itertools import zip_longest
        def numbers():
            yield 1
            raise ValueError
        pairs = zip_longest(numbers(), [4, 5, 6])
        try:
            print(*pairs)
        except ValueError:
            print(*pairs)
    """)
    assert texts(found) == {"\n"}


SHOWN = """
    from threading import Thread
    a, b = [1], [2]
    error = ValueError(a, b)
    alone = ValueError([a, b])
    named = {{"a": a, "b": b}}
    def work():
        a.append(3)
        b.append(4)
    Thread(target=work).start()
    print({what})
"""
PAIRS = [("[1]", "[2]"), ("[1]", "[2, 4]"), ("[1, 3]", "[2]"), ("[1, 3]", "[2, 4]")]


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ('"%s %r" % (a, b)', "{} {}"), ('"%(a)s %(b)a" % named', "{} {}"), ("error", "({}, {})"),
        ("repr(error)", "ValueError({}, {})"), ("alone", "[{}, {}]"),
        ("[alone]", "[ValueError([{}, {}])]"),
        ('"%s" % [a, b]', "[{}, {}]"), ('f"{error}"', "({}, {})"),
    ],
)  # fmt: skip
def test_texts_of_several_objects_are_made_one_after_another(explored, what, text):
    found = explored(SHOWN.format(what=what))
    assert texts(found) == {text.format(*pair) + "\n" for pair in PAIRS}


def test_how_far_a_generator_is_is_asked_of_it_in_that_moment(explored):
    found = explored("""
        import inspect
        from threading import Thread
        def numbers():
            yield 1
        generator = numbers()
        thread = Thread(target=next, args=[generator])
        thread.start()
        print(inspect.getgeneratorstate(generator))
        thread.join()
    """)
    assert texts(found) == {"GEN_CREATED\n", "GEN_RUNNING\n", "GEN_SUSPENDED\n"}


@pytest.mark.parametrize(
    ("change", "question"),
    [
        ("thing.size = 1", "isinstance(thing, Sized)"),
        ("thing.size = 1", "isinstance(thing, int | Sized)"),
        ("Thing.work = print", "isinstance(thing, (int, Working))"),
        ("Thing.work = print", "issubclass(Thing, Working)"),
        ("thing.size = 1", "matches()"),
    ],
)
def test_whether_an_object_is_of_a_protocol_depends_on_its_attributes(explored, change, question):
    found = explored(f"""
        from threading import Thread
        from typing import Protocol, runtime_checkable
        @runtime_checkable
        class Sized(Protocol):
            size: int
        @runtime_checkable
        class Working(Protocol):
            def work(self): ...
        class Thing: pass
        def matches():
            match thing:
                case Sized(): return True
            return False
        thing = Thing()
        def alter(): {change}
        thread = Thread(target=alter)
        thread.start()
        print({question})
        thread.join()
    """)
    assert texts(found) == {"False\n", "True\n"}


def test_a_protocol_of_several_attributes_that_threads_change_is_refused(explored):
    with pytest.raises(CannotExplore, match="depends on several attributes that threads change"):
        explored("""
            from threading import Thread
            from typing import Protocol, runtime_checkable
            @runtime_checkable
            class Sized(Protocol):
                width: int
                height: int
            class Thing: pass
            thing = Thing()
            def alter(): thing.width = thing.height = 1
            Thread(target=alter).start()
            isinstance(thing, Sized)
        """)


def test_variables_of_a_generator_that_threads_share_are_refused(explored):
    with pytest.raises(CannotExplore, match="shows variables of a generator that threads share"):
        explored("""
            import inspect
            from threading import Thread
            def numbers():
                number = 1
                yield number
            generator = numbers()
            Thread(target=next, args=[generator]).start()
            print(inspect.getgeneratorlocals(generator))
        """)


@pytest.mark.parametrize("base", ["AbstractContextManager", "ContextDecorator"])
def test_threads_may_share_a_manager_whose_base_keeps_nothing(explored, base):
    found = explored(f"""
        from contextlib import {base}
        from threading import Thread
        class Counting({base}):
            entered = 0
            def __enter__(self): self.entered += 1
            def __exit__(self, *_): pass
        counting = Counting()
        def work():
            with counting: pass
        threads = [Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(counting.entered)
    """)
    assert texts(found) == {"1\n", "2\n"}
