"""What the explorer asks of whatever switches: greenlet here, and JSPI under Pyodide.

These are plain functions that need no pytest, since ``tests/pyodide`` calls them there too.
"""

from __future__ import annotations

import contextvars
import sys

from anyorder.exploring.engine.switching import GreenletExit, collect, getcurrent, greenlet


def test_one_is_left_and_gone_on_with():
    root, said = getcurrent(), []

    def run():
        said.append("begun")
        root.switch()
        said.append("gone on")

    one = greenlet(run, root)
    assert (bool(one), one.dead, said) == (False, False, [])
    one.switch()
    assert (bool(one), one.dead, said) == (True, False, ["begun"])
    one.switch()
    assert (bool(one), one.dead, said) == (False, True, ["begun", "gone on"])
    assert getcurrent() is root


def test_each_switches_to_any_other():
    root, said = getcurrent(), []
    ring = []

    def run(number):
        for turn in range(3):
            said.append((turn, number))
            ring[(number + 1) % len(ring)].switch()

    ring += [greenlet(lambda number=number: run(number), root) for number in range(4)]
    ring[0].switch()
    assert said == [(turn, number) for turn in range(3) for number in range(4)]
    for each in ring:
        each.throw(GreenletExit)
    assert all(each.dead for each in ring)


def test_the_present_one_is_known():
    root, seen = getcurrent(), []
    one = greenlet(lambda: seen.append(getcurrent()), root)
    one.switch()
    assert seen == [one]
    assert getcurrent() is root


def test_what_one_raises_is_raised_in_its_parent():
    root, raised = getcurrent(), []

    def run():
        root.switch()
        raise KeyError("lost")

    one = greenlet(run, root)
    one.switch()
    try:
        one.switch()
    except KeyError as error:
        raised += error.args
    assert raised == ["lost"]
    assert one.dead


def test_the_end_of_one_leads_to_its_parent_of_then():
    root, said = getcurrent(), []

    def wait():
        root.switch()
        said.append("the new parent")

    other = greenlet(wait, root)
    other.switch()
    one = greenlet(lambda: said.append("the child"), root)
    one.parent = other
    one.switch()
    assert said == ["the child", "the new parent"]
    assert one.dead
    assert other.dead


def test_the_end_of_one_begins_a_parent_that_has_not_begun():
    root, said = getcurrent(), []
    # greenlet hands over what the child returns
    parent = greenlet(lambda *_: said.append("parent"), root)
    child = greenlet(lambda: said.append("child"), parent)
    child.switch()
    assert said == ["child", "parent"]
    assert child.dead
    assert parent.dead


def test_where_the_parent_has_ended_it_is_the_parent_of_that():
    root, said = getcurrent(), []
    parent = greenlet(lambda: said.append("parent"), root)
    child = greenlet(lambda: said.append("child"), parent)
    parent.switch()
    child.switch()
    assert said == ["parent", "child"]
    assert getcurrent() is root


def test_one_is_ended_from_elsewhere():
    root, said = getcurrent(), []

    def run():
        try:
            root.switch()
        finally:
            said.append("cleaned up")

    one = greenlet(run, root)
    one.switch()
    one.throw(GreenletExit)
    assert one.dead
    assert said == ["cleaned up"]


def test_one_that_has_not_begun_never_does():
    said = []
    one = greenlet(lambda: said.append("begun"), getcurrent())
    one.throw(GreenletExit)
    assert one.dead
    assert said == []


def test_one_that_catches_its_end_goes_on():
    root, said = getcurrent(), []

    def run():
        try:
            root.switch()
        except GreenletExit:
            said.append("no")
        root.switch()

    one = greenlet(run, root)
    one.switch()
    one.throw(GreenletExit)
    assert not one.dead
    one.throw(GreenletExit)
    assert one.dead
    assert said == ["no"]


def test_the_end_is_no_exception_that_programs_catch():
    assert not issubclass(GreenletExit, Exception)


def test_each_is_in_a_context_of_its_own():
    root, seen = getcurrent(), []
    name = contextvars.ContextVar("name", default="nobody")

    def run(new):
        seen.append(name.get())
        name.set(new)
        root.switch()
        seen.append(name.get())

    def begun(new):
        return greenlet(lambda: contextvars.Context().run(run, new), root)

    pair = [begun("one"), begun("other")]
    for each in pair:
        each.switch()
    seen.append(name.get())
    for each in pair:
        each.switch()
    seen.append(name.get())
    assert seen == ["nobody", "nobody", "nobody", "one", "other", "nobody"]


def test_each_handles_an_exception_of_its_own():
    root, seen = getcurrent(), []

    def run():
        try:
            raise KeyError  # noqa: TRY301 - it is to be handled here
        except KeyError:
            root.switch()
            seen.append(sys.exc_info()[0])
        root.switch()
        seen.append(sys.exc_info()[0])

    one = greenlet(run, root)
    one.switch()
    assert sys.exc_info()[0] is None
    try:
        raise ValueError  # noqa: TRY301 - likewise
    except ValueError:
        one.switch()
        seen.append(sys.exc_info()[0])
        one.switch()
    assert seen == [KeyError, ValueError, None]


def test_each_has_a_depth_of_recursion_of_its_own():
    root, depths = getcurrent(), []

    def deepest(depth=0):
        try:
            return deepest(depth + 1)
        except RecursionError:
            return depth

    def run():
        depths.append(deepest())
        root.switch()
        depths.append(deepest())

    def deeper(calls, then):
        return deeper(calls - 1, then) if calls else then()

    one = greenlet(run, root)
    one.switch()
    deeper(300, one.switch)  # it goes on from where it was, however deep the others are
    assert depths[0] == depths[1]
    assert deepest() - 300 < deeper(300, deepest) + 10 < deepest()


def test_generators_go_on_in_whichever_asks():
    root, seen = getcurrent(), []

    def numbers():
        for number in range(4):
            seen.append((number, getcurrent() is root))
            yield number

    asked = numbers()
    one = greenlet(lambda: (next(asked), root.switch(), next(asked)), root)
    one.switch()
    next(asked)
    one.switch()
    next(asked)
    assert seen == [(0, False), (1, True), (2, False), (3, True)]


def test_many_pause_at_once_deep_inside():
    root, said = getcurrent(), []

    def deep(number, calls):
        if calls:
            return deep(number, calls - 1) + 1
        root.switch()
        return number

    def run(number):
        said.append(deep(number, 100) - 100)

    many = [greenlet(lambda number=number: run(number), root) for number in range(200)]
    for each in many:
        each.switch()
    collect()
    for each in reversed(many):
        each.switch()
    assert said == [*reversed(range(200))]
    assert all(each.dead for each in many)


def test_garbage_is_collected_while_some_pause():
    root, gone = getcurrent(), []

    class Circle:
        def __init__(self):
            self.itself = self

        def __del__(self):
            gone.append(getcurrent() is root)

    def run():
        Circle()
        root.switch()

    one = greenlet(run, root)
    one.switch()
    collect()
    assert gone == [True]
    one.throw(GreenletExit)
