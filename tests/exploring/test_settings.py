"""What holds for all threads, which may change while there are no others that could notice."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
    import contextlib, dataclasses, functools, io, string, sys, threading, warnings
    seen = []
    table = {{"x": 0}}
    @dataclasses.dataclass
    class C:
        x: int = dataclasses.field(metadata=table)
    @functools.singledispatch
    def kind(it): return "any"
    class Own(string.Template): pass
    own = Own("$x")
    written = io.StringIO()
    def default(it=1): return it
    def work():
        {work}
    thread = threading.Thread(target=work)
    {here}
    thread.join()
    print(seen)
"""
# what a thread does unseen, and what is changed beside it
CHANGED = {
    "seen.append(*dataclasses.fields(C)[0].metadata.values())": "table['x'] = 1",
    "seen.append(kind(1))": "kind.register(int, lambda it: 'int')",
    "seen.append(default())": "default.__defaults__ = (2,)",
    "seen.append(own.substitute(x=1))": "own.template = '$x$x'",
    "seen.append(sys.getrecursionlimit())": "sys.setrecursionlimit(500)",
    "warnings.warn('x')": "warnings.simplefilter('ignore')",
}


@pytest.mark.parametrize("work", CHANGED)
def test_what_all_use_changes_once_others_have_been_joined(explored, work):
    """That a thread has ended is not enough: in another schedule it has not."""
    change = CHANGED[work]
    with pytest.raises(CannotExplore, match="changes what all threads use"):
        explored(PROGRAM.format(work=work, here=f"thread.start(); {change}"))
    found = explored(PROGRAM.format(work=work, here=f"thread.start(); thread.join(); {change}"))
    assert found.complete
    assert len(found.outcomes) == 1


LEFT = {
    "print('x')": "contextlib.redirect_stdout(io.StringIO())",
    "print('x', file=sys.stderr)": "contextlib.redirect_stderr(io.StringIO())",
    "warnings.warn('x')": "warnings.catch_warnings()",
}


@pytest.mark.parametrize("work", LEFT)
@pytest.mark.parametrize(
    "within",
    [
        "with {}: thread.start(); {}",
        "with contextlib.ExitStack() as stack: stack.enter_context({}); thread.start(); {}",
        "with contextlib.ExitStack() as stack: stack.push({}); thread.start(); {}",
    ],
)
def test_a_setting_is_left_once_others_have_been_joined(explored, work, within):
    with pytest.raises(CannotExplore, match=r"leaving .*: start the others, and join them"):
        explored(PROGRAM.format(work=work, here=within.format(LEFT[work], "pass")))
    assert explored(PROGRAM.format(work=work, here=within.format(LEFT[work], "thread.join()")))


def test_a_setting_is_left_by_its_method(explored):
    here = "it = contextlib.redirect_stdout(written); it.__enter__(); thread.start(); "
    with pytest.raises(CannotExplore, match=r"__exit__\(\) of redirect_stdout"):
        explored(PROGRAM.format(work="print('x')", here=here + "it.__exit__(None, None, None)"))


@pytest.mark.parametrize(
    "here",
    [
        "with warnings.catch_warnings(record=True) as seen: thread.start(); thread.join()",
        "warnings.simplefilter('once'); thread.start(); warnings.warn('x')",
        "warnings.simplefilter('module'); thread.start(); warnings.warn('x')",
    ],
)
def test_which_warning_comes_first_is_not_followed(explored, here):
    with pytest.raises(CannotExplore, match="which warning comes first"):
        explored(PROGRAM.format(work="warnings.warn('x')", here=here))


def test_a_thread_that_is_alone_keeps_its_warnings(explored):
    here = """with warnings.catch_warnings(record=True) as kept:
        warnings.simplefilter("always")
        warnings.warn("x")
    print(len(kept)); thread.start()"""
    (one,) = explored(PROGRAM.format(work="pass", here=here)).outcomes
    assert one.outcome.stdout == "1\n[]\n"
