"""The ``__dict__`` of an object: its attributes, by another name."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

BEGIN = """
import threading
class Point:
    def __init__(self, **named): self.__dict__.update(named)
    def hello(self): return "hello"
p, d = Point(x=0, y=0), {"x": 0, "y": 0}
"""
END = """
thread = threading.Thread(target=work)
thread.start()
"""
# what is done to attributes, by one name or by the other one, and to a dict
OPERATIONS = [
    ("{} = 1", "p.x", "vars(p)['x']", "d['x']"),
    ("{} += 1", "p.x", "p.__dict__['x']", "d['x']"),
    ("{} = 1", "p.z", "vars(p)['z']", "d['z']"),
    ("del {}", "p.y", "vars(p)['y']", "d['y']"),
    ("{0}; {0}", "p.x += 1", "vars(p).update(x=p.x + 1)", "d.update(x=d['x'] + 1)"),
]  # fmt: skip
SHOWN = [
    ("print({})", "p.x", "vars(p)['x']", "d['x']"),
    ("print({})", "getattr(p, 'z', 5)", "vars(p).get('z', 5)", "d.get('z', 5)"),
    ("print({})", "hasattr(p, 'y')", "'y' in vars(p)", "'y' in d"),
    ("print(str({}))", "p.__dict__", "vars(p)", "d"),
    ("print([*{}])", "p.__dict__", "getattr(p, '__dict__').keys()", "d"),
    ("for one in {}: print(one)", "p.__dict__.items()", "vars(p).items()", "d.items()"),
    ("print(sorted({}))", "p.__dict__", "vars(p)", "d"),
]  # fmt: skip


def outcomes(found):
    """Return what a program comes to."""
    assert found.complete
    return {(one.outcome.stdout, one.outcome.stderr, one.outcome.exit) for one in found.outcomes}


def without_names(found):
    """Return the same, without what an error calls an attribute or an item."""
    return {(out, bool(error), status) for out, error, status in outcomes(found)}


@pytest.mark.parametrize("thing", ["5", "'a'", "(1,)", "Slotted()"])
def test_what_has_no_dict_says_so(explored, thing):
    source = f"""
        class Slotted: __slots__ = ("a",)
        try: print(vars({thing}))
        except TypeError as error: print(error)
    """
    assert outcomes(explored(source)) == {("vars() argument must have __dict__ attribute\n", "", 0)}


@pytest.mark.parametrize("changing", OPERATIONS)
@pytest.mark.parametrize("looking", SHOWN)
def test_an_attribute_is_an_item(explored, changing, looking):
    """By whatever names threads reach them, there is what there is of a dict and its items."""
    change, own, other, plain = changing
    look, reads, reads_other, reads_plain = looking

    def of(changed, read):
        work = f"def work(): {change.format(changed)}"
        return without_names(explored(f"{BEGIN}{work}{END}{look.format(read)}"))

    expected = of(plain, reads_plain)
    assert of(other, reads_other) == of(own, reads_other) == of(other, reads) == expected


def test_a_method_may_be_hidden_by_an_item(explored):
    source = f"{BEGIN}def work(): vars(p)['hello'] = lambda: 'bye'{END}print(p.hello())"
    assert {out for out, *_ in outcomes(explored(source))} == {"hello\n", "bye\n"}


def test_a_copy_reads_what_was_set_as_an_item(explored):
    work = "def work():\n    vars(p)['x'] = 1\n    vars(p)['y'] = 1"
    source = f"{BEGIN}import copy\n{work}{END}q = copy.copy(p)\nprint(q.x, q.y)"
    assert {out for out, *_ in outcomes(explored(source))} == {"0 0\n", "1 0\n", "1 1\n"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("p.__dict__ = {}", "exchanged at once.* give their class what objects share"),
        ("p.__dict__ |= {}", "exchanged at once"),
        ("del p.__dict__", "exchanged at once"),
        ("setattr(p, '__dict__', {})", "exchanged at once"),
        ("object.__setattr__(p, '__dict__', {})", "exchanged at once"),
        ("vars(Point)", "do without __dict__"),
        ("vars(threading.Thread())", "for each of its attributes by name"),
        ("vars(threading)", "do without it"),
        ("vars()", "do without it"),
        ("vars(p); p.lines = (one for one in 'ab')", "keep it in a variable"),
        ("p.lines = (one for one in 'ab'); vars(p)", "keep it in a variable"),
    ],
)
def test_what_is_refused(explored, line, words):
    with pytest.raises(CannotExplore, match=words):
        explored(BEGIN + line)


def test_a_child_that_is_forked_asks_for_its_own(explored):
    source = f"""{BEGIN}
import multiprocessing
KEPT
def work():
    p.x += 1
    print(SHOWN)
if __name__ == "__main__":
    vars(p)["y"] = 1
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join()
    print(vars(p))
"""
    found = outcomes(explored(source.replace("KEPT", "").replace("SHOWN", "vars(p)")))
    assert found == {("{'x': 1, 'y': 1}\n{'x': 0, 'y': 1}\n", "", 0)}
    with pytest.raises(CannotExplore, match="ask for it where it is needed"):
        explored(source.replace("KEPT", "kept = vars(p)").replace("SHOWN", "kept"))


@pytest.mark.parametrize(
    "call",
    [
        "p.__getstate__()", "p.__reduce_ex__(2)", "p.__reduce__()", "p.__dir__()", "p.own()",
        "object.__getstate__(p)", "object.__dir__(p)", "object.__reduce_ex__(p, 2)", "kept()",
    ],
)  # fmt: skip
def test_a_method_that_tells_all_attributes_is_refused_beside_threads(explored, call):
    source = f"""{BEGIN}
class Own(Point):
    def own(self): return super().__getstate__()
p = Own(x=0)
kept = p.__getstate__
def work(): p.x = 1
{END}
print({call})
"""
    with pytest.raises(CannotExplore, match="reads all attributes of an object unseen"):
        explored(source)


def test_what_it_returned_before_is_followed(explored):
    source = f"{BEGIN}state = p.__getstate__()\ndef work(): p.x = 1{END}print(state['x'])"
    assert {out for out, *_ in outcomes(explored(source))} == {"0\n", "1\n"}
