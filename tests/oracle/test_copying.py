"""What ``copy`` goes through item by item is explored so, each of its opcodes a place to switch."""

import pytest

PROGRAM = """
import collections, copy, threading, types
{made}
def work():
    {work}
thread = threading.Thread(target=work)
thread.start()
try:
    {shown}
except (AttributeError, RuntimeError) as error:
    print(error)
thread.join()
"""
CLASS = "class Box: {0}\nbox = Box(); box.x = {1}; box.y = {2}"
X_AND_Y = "box.x = 3; box.y = 4"
SHOWN = "print(one.x, one.y)"
COPIES = {
    "a list of lists": ("a = [[1, 2], [3, 4]]", "a[0][1] = 9; a[1][0] = 8", "print(deep(a))", 4),
    "a list in a list": ("a = [[1, 2]]", "a[0][0] = 9; a[0][1] = 8", "print(deep(a))", 4),
    "a tuple of lists": ("a = [1], [2]", "a[0][0] = 3; a[1][0] = 4", "print(deep(a))", 4),
    "a list in itself": ("a = [1]; a.append(a)", "a[0] = 2", "b = deep(a); print(b[1] is b, b)", 2),
    "a dict that grows": ("a = {1: [2]}", "a[2] = [3]", "print(deep(a))", 3),
    "an ordered dict": ("a = collections.OrderedDict(a=1, b=2)", "a['a'] = 3; a['b'] = 4",
                        "print(copy.copy(a))", 4),
    "a counter": ("a = collections.Counter('ab')", "a['a'] = 3; a['b'] = 4",
                  "print(copy.copy(a))", 3),
    "a deque": ("a = collections.deque([[1], [2]])", "a[0].append(3); a[1].append(4)",
                "print(deep(a))", 4),
    "a default dict": ("a = collections.defaultdict(list, {1: [1]})",
                       "a[1].append(2); a[1].append(3)", "print(deep(a))", 3),
    "a set": ("a = {1, 2}", "a.add(3)", "print(len(deep(a)))", 2),
    "bytes": ("a = bytearray(b'x')", "a[0] = 65", "print(deep(a))", 2),
    "attributes": (CLASS.format("pass", 1, 2), X_AND_Y, f"one = deep(box); {SHOWN}", 4),
    "attributes at once": (CLASS.format("pass", 1, 2), X_AND_Y,
                           f"one = copy.copy(box); {SHOWN}", 3),
    "an attribute that is new": (CLASS.format("pass", 1, 2), "box.z = 3; box.z = 4",
                                 "print(getattr(copy.copy(box), 'z', 0))", 3),
    "an attribute that goes": (CLASS.format("pass", 1, 2), "del box.x; box.x = 5",
                               "print(deep(box).x)", 4),
    "what an attribute holds": (CLASS.format("pass", "[1]", 2), "box.x.append(2)",
                                f"one = deep(box); {SHOWN}", 2),
    "slots": (CLASS.format("__slots__ = 'x', 'y'", "[1]", 2), "box.x.append(2); box.y = 3",
              f"one = deep(box); {SHOWN}", 3),
    "a namespace": ("box = types.SimpleNamespace(x=1, y=2)", X_AND_Y, "print(deep(box))", 4),
    "a list of a class": ("class Row(list): pass\na = Row([1, 2]); a.x = 1", "a[0] = 3; a[1] = 4",
                          "print(copy.copy(a))", 4),
    "an error": ("a = ValueError([1])", "a.args[0].append(2)", "print(deep(a))", 2),
    "by a method of its own": (
        ("class Box:\n    def __deepcopy__(self, memo): return deep(self.x, memo)\n"
         "box = Box(); box.x = [1, 2]"), "box.x[0] = 3; box.x[1] = 4", "print(deep(box))", 4),
    "by how it is reduced": (
        ("def made(x): return x\nclass Box:\n    def __reduce__(self): return made, (self.x,)\n"
         "box = Box(); box.x = [1, 2]"), "box.x[0] = 3; box.x[1] = 4", "print(deep(box))", 4),
}  # fmt: skip


@pytest.mark.parametrize("what", COPIES)
def test_a_copy_is_explored_as_it_goes(explorer, oracle, what):
    """There is all that Python shows, and as many outcomes as there are."""
    *parts, count = COPIES[what]
    source = PROGRAM.format(**dict(zip(("made", "work", "shown"), parts, strict=True)))
    source = source.replace("deep(", "copy.deepcopy(")
    found = explorer.ask(source=source, seconds=60)
    said = oracle.ask(source=source, runs=60, within=["copy"])
    assert found.get("complete"), found
    assert len(found["outcomes"]) == count
    missed = [outcome for outcome, _ in said["outcomes"] if outcome not in found["outcomes"]]
    assert missed == []


def test_what_a_method_of_its_own_is_handed_is_not_shared(explorer):
    """Its ``__setstate__`` would see the attributes change."""
    source = PROGRAM.format(
        made="class Box:\n    def __setstate__(self, state): pass\nbox = Box(); box.x = 1",
        work="box.x = 2",
        shown="copy.copy(box)",
    )
    assert (
        "write a __copy__ and a __deepcopy__" in explorer.ask(source=source, seconds=60)["refused"]
    )
