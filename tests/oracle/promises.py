"""What Python's documentation leaves open, where CPython itself always does the same.

An outcome of the explorer's that no schedule of opcodes shows is right only for one of these.
"""

import ast

__all__ = ["NOT_TOLD_APART", "PROMISES", "explained", "reached_in_doubt"]

DOCS = "https://docs.python.org/3/library"


def calls(tree, *names):
    """Yield the calls of functions and methods with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name in names:
                yield node


def prints_into_an_object(tree):
    """Whether something is printed into an object of the program."""
    return any(word.arg == "file" for call in calls(tree, "print") for word in call.keywords)


def counts(tree):
    """Whether a Counter counts what it is given."""
    return any(calls(tree, "Counter")) and any(calls(tree, "subtract", "update"))


GO_THROUGH = [
    "all", "any", "dict", "enumerate", "extend", "frozenset", "join", "list", "max", "min",
    "set", "sorted", "sum", "tuple", "update",
]  # fmt: skip


def goes_through_what_changes(tree):
    """Whether one call goes through a set or a deque, which others may change meanwhile."""
    kinds = any(isinstance(node, ast.Set | ast.SetComp) for node in ast.walk(tree))
    return any(calls(tree, *GO_THROUGH)) and (kinds or any(calls(tree, "set", "deque")))


def asks_an_iterator(tree):
    """Whether there is an iterator that threads may share."""
    makers = ["enumerate", "zip", "map", "filter", "iter", "outer"]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return any(calls(tree, *makers)) or "itertools" in names or "numbers" in names


# by what the documentation says, or does not say: where, and of which programs
PROMISES = {
    "print() writes each argument, each separator and the end on its own": (
        f"{DOCS}/functions.html#print", prints_into_an_object,
    ),
    "only list, dict, set and bytearray are said to change in one step": (
        f"{DOCS}/threadsafety.html", counts,
    ),
    "while a list is being sorted, the effect of changing it or looking at it is undefined": (
        f"{DOCS}/stdtypes.html#list.sort", lambda tree: any(calls(tree, "sort")),
    ),
    "going through a set or a deque is not said to be one step, and may find it changed": (
        f"{DOCS}/threadsafety.html", goes_through_what_changes,
    ),
    "a free-threaded Python is not said to be safe where threads ask one iterator": (
        "https://docs.python.org/3/glossary.html#term-iterator", asks_an_iterator,
    ),
}  # fmt: skip


def calls_as_it_goes_on(tree):
    """Whether there is an iterator that calls functions, which threads may share."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return any(calls(tree, "map", "filter")) or "itertools" in names


def has_a_generator_expression(tree):
    """Whether there is one, which threads may share."""
    return any(isinstance(node, ast.GeneratorExp) for node in ast.walk(tree))


def compares_by_the_library(tree):
    """Whether a class has methods that compare and that the library writes for it."""
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree)}
    return bool(names & {"dataclass", "total_ordering"})


# why an outcome is called reachable, where no schedule of a build with a GIL shows it
NOT_TOLD_APART = {
    "an iterator that calls functions hands over between any two of its steps": (
        calls_as_it_goes_on
    ),
    "a generator expression hands over before it goes on and after": has_a_generator_expression,
    "whatever may compare hands over where any class compares by code of the library": (
        compares_by_the_library
    ),
}


def reached_in_doubt(source):
    """Return why outcomes of a program may be called reachable that nobody shows."""
    tree = ast.parse(source)
    doubts = [name for name, applies in NOT_TOLD_APART.items() if applies(tree)]
    return doubts + explained(source)


def explained(source):
    """Return the promises that may explain more outcomes of a program than CPython shows."""
    tree = ast.parse(source)
    return [name for name, (_, applies) in PROMISES.items() if applies(tree)]
