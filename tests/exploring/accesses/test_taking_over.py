"""What is taken over from a container that others change: in the step that takes it."""

import pytest

from anyorder.exploring import CannotExplore

SHARED = """
    import logging, threading
    from concurrent.futures import ThreadPoolExecutor
    a, b = [1], [2]
    def work(): b.append(3)
    thread = threading.Thread(target=work)
    thread.start()
    {how}
    thread.join()
    print(a)
"""


@pytest.mark.parametrize(
    "how",
    [
        "a.extend(b)", "a += b", "a[1:] = b", "a = [*a, *b]", "a = a + b",
        "a = [1, *(lambda *args: args)(*b)]", "for one in b: a.append(one)",
        "x, *rest = b; a += [x, *rest]", "a.extend(one for one in b)", "a.extend(map(int, b))",
        "with ThreadPoolExecutor(1) as pool: a.extend(pool.map(int, b))",
        "o = threading.Thread(target=lambda *args: a.extend(args), args=b); o.start(); o.join()",
    ],
)  # fmt: skip
def test_before_or_after_the_change(explored, how):
    """There are both, and nothing else."""
    found = explored(SHARED.format(how=how))
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes} == {"[1, 2]\n", "[1, 2, 3]\n"}


def test_what_is_logged_is_read_as_it_is_written(explored):
    found = explored(SHARED.format(how="logging.warning('%s', b)"))
    assert found.complete
    logged = {one.outcome.stderr.splitlines()[0] for one in found.outcomes}
    assert logged == {"WARNING:root:[2]", "WARNING:root:[2, 3]"}


def test_a_note_of_an_exception(explored):
    found = explored("""
        import threading
        error = ValueError()
        thread = threading.Thread(target=error.add_note, args=["x"])
        thread.start()
        print(getattr(error, "__notes__", None))
        thread.join()
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"None\n", "['x']\n"}


@pytest.mark.parametrize(
    "how",
    [
        "(b,).count([2])", "tuple.count((b,), [2])", "([2], b).index(b, 1)",
        "frozenset([3]).isdisjoint(b)", "frozenset([3]).union(b, a)",
        "frozenset.issuperset(frozenset([2]), b)", "frozenset([2]).__eq__(frozenset(b))",
        "frozenset([2]).difference(iter(b), a)", "(b,).__eq__(([2],))", "len((b,)[0])",
    ],
)  # fmt: skip
def test_what_never_changes_looks_at_what_does(explored, how):
    """There is what Python itself says before the change and after it, and nothing else."""
    found = explored(SHARED.format(how=f"a = {how}"))
    expected = {f"{eval(how, {'a': [1], 'b': b})}\n" for b in ([2], [2, 3])}
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes} == expected


def test_a_tuple_does_not_find_an_item_that_has_changed(explored):
    found = explored(SHARED.format(how="a = (b,).index([2])"))
    ends = [one.outcome.stderr.splitlines()[-1:] for one in found.outcomes]
    assert sorted(ends) == [[], ["ValueError: tuple.index(x): x not in tuple"]]


@pytest.mark.parametrize(
    ("made", "texts"),
    [
        ("[1, 2]", {"[1, 2]", "[1, 1]", "[2, 2]", "[2, 1]"}),
        ("{0: 1, 1: 2}", {"{0: 1, 1: 2}", "{0: 1, 1: 1}", "{0: 2, 1: 2}", "{0: 2, 1: 1}"}),
    ],
)
def test_a_deep_copy_goes_from_item_to_item(explored, made, texts):
    """It is written in Python, so that each item may be of another moment, under a GIL too."""
    found = explored(f"""
        import copy, threading
        a = {made}
        def work():
            a[0] = 2
            a[1] = 1
        thread = threading.Thread(target=work)
        thread.start()
        print(copy.deepcopy(a))
        thread.join()
    """)
    assert {one.outcome.stdout.strip() for one in found.outcomes} == texts
    unreachable = [one for one in found.outcomes if not one.reachable_on["3.14"]["pipe"]]
    assert len(unreachable) == 1  # the two changes have nothing between them


ERRORS = """
    import threading
    a = {made}
    def work(): {work}
    thread = threading.Thread(target=work)
    thread.start()
    error = {call}
    thread.join()
    print({shown})
"""


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        (
            ("[KeyError(1)]", "a.append(KeyError(2))", "ExceptionGroup('g', a)",
             "len(error.exceptions)"),
            {"1", "2"},
        ),
        (("['f', 1, 2, 'x']", "a[0] = 'g'", "SyntaxError('m', a)", "error.filename"), {"f", "g"}),
        (
            ("bytearray(b'a')", "a[0] = 98", "UnicodeDecodeError('utf-8', a, 0, 1, 'x')",
             "error.object"),
            {"b'a'", "b'b'"},
        ),
    ],
)  # fmt: skip
def test_by_an_exception(explored, parts, printed):
    names = dict(zip(("made", "work", "call", "shown"), parts, strict=True))
    found = explored(ERRORS.format(**names))
    assert found.complete
    assert {one.outcome.stdout.strip() for one in found.outcomes} == printed


@pytest.mark.parametrize("sets", ["self.keys = keys", "pass"])
def test_keys_that_are_an_attribute_of_an_object_are_refused(explored, sets):
    with pytest.raises(CannotExplore, match=r"let its class have keys\(\)"):
        explored(f"""
            from threading import Thread
            def keys(): return ["a"]
            class Table:
                def __init__(self): {sets}
                def __getitem__(self, key): return 1
            table, taken = Table(), {{}}
            def change(): table.keys = keys
            Thread(target=change).start()
            taken.update(table)
        """)
