"""What tracebacks and texts tell of exceptions: of all that threads may change meanwhile."""

from __future__ import annotations

import pytest
from found_sets import outcomes, texts

from anyorder.exploring import CannotExplore

BEGIN = """
    import logging, sys, traceback
    from threading import Thread
    class Represented(Exception):
        def __repr__(self): return "represented"
    class Noted(Exception):
        @property
        def __notes__(self): return notes
    notes = []
    error = {made}
    def change():
        {change}
    def show():
        try:
            raise {raised}
        except BaseException as caught:
            {show}
    threads = [Thread(target=change), Thread(target=show)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def program(made, change, raised="error", show="raise"):
    """Return a program, in one thread of which an exception is changed that another shows."""
    return BEGIN.format(made=made, change=change, raised=raised, show=show)


def said(found):
    """Return the last lines of what is said on either stream."""
    return {(one.stdout + one.stderr).splitlines()[-1].strip() for one in outcomes(found)}


@pytest.mark.parametrize(
    "show",
    [
        "raise",
        "traceback.print_exc()",
        "print(traceback.format_exc().splitlines()[-1])",
        "logging.exception('it')",
        "sys.excepthook(*sys.exc_info())",
    ],
)
@pytest.mark.parametrize(
    ("made", "change", "ends"),
    [
        ("ValueError('a')", "error.args = ('b',)", {"ValueError: a", "ValueError: b"}),
        ("ValueError('a')", "error.add_note('b')", {"ValueError: a", "b"}),
        ("ValueError('a')", "error.__notes__ = ['b']", {"ValueError: a", "b"}),
        ("Represented('a')", "error.args = ('b',)", {"Represented: a", "Represented: b"}),
    ],
)
def test_a_traceback_tells_what_an_exception_holds_as_it_is_shown(
    explored, made, change, ends, show
):
    found = explored(program(made, change, show=show))
    assert said(found) == ends


@pytest.mark.parametrize("raised", ["ExceptionGroup('g', [error])", "KeyError() from error"])
def test_a_traceback_tells_of_others_in_one_step(explored, raised):
    found = explored(program("ValueError('a')", "error.add_note('b')", raised))
    assert {"b" in one.stderr.replace("Traceback", "").split() for one in outcomes(found)} == {
        False,
        True,
    }


def test_a_traceback_tells_of_what_the_members_of_a_group_were_raised_from(explored):
    found = explored("""
        from threading import Thread
        cause = ValueError("a")
        member = KeyError("k")
        member.__cause__ = cause
        def change(): cause.args = ("b",)
        Thread(target=change).start()
        raise ExceptionGroup("g", [member])
    """)
    assert {"ValueError: b" in one.stderr for one in outcomes(found)} == {False, True}


def test_a_traceback_of_several_exceptions_that_threads_change_is_refused(explored):
    with pytest.raises(CannotExplore, match="tells of several objects that threads share"):
        explored("""
            from threading import Thread
            one, other = ValueError("a"), KeyError("b")
            other.__cause__ = one
            def change(): one.args, other.args = ("c",), ("d",)
            Thread(target=change).start()
            raise other
        """)


def test_notes_that_a_class_makes_are_refused(explored):
    with pytest.raises(CannotExplore, match="the __notes__ of Noted are its class's"):
        explored(program("Noted()", "notes.append('b')"))


@pytest.mark.parametrize(
    "shown", ["str(error)", "f'{error}'", "'%s' % error", "'{}'.format(error)"]
)
def test_the_text_of_an_exception_does_not_ask_its_representation(explored, shown):
    found = explored(
        program("Represented('a')", "error.args = ('b',)", "KeyError", f"print({shown})")
    )
    assert texts(found) == {"a\n", "b\n"}


@pytest.mark.parametrize(
    "shown",
    [
        "warnings.warn(UserWarning(items))",
        "warnings.warn_explicit(UserWarning(items), None, 'file', 1)",
        "warnings.showwarning(UserWarning(items), UserWarning, 'file', 1)",
        "warnings.formatwarning(UserWarning(items), UserWarning, 'file', 1)",
        "inspect.formatannotation(items)",
    ],
)
def test_what_the_library_makes_a_text_of_is_refused_where_threads_share_it(explored, shown):
    with pytest.raises(CannotExplore, match="threads share a list, and what"):
        explored(f"""
            import inspect, warnings
            from threading import Thread
            items = []
            Thread(target=items.append, args=[1]).start()
            {shown}
        """)


def test_a_warning_is_shown_where_it_is_to_be(explored):
    found = explored("""
        import sys, warnings
        warnings.showwarning(UserWarning("a"), UserWarning, "file", 1, sys.stdout, "line")
    """)
    assert texts(found) == {"file:1: UserWarning: a\n  line\n"}


@pytest.mark.parametrize("shown", ["raise", "sys.excepthook(*sys.exc_info())"])
def test_how_deep_python_let_a_program_come_is_not_told(explored, shown):
    with pytest.raises(CannotExplore, match="recurses as deep as Python lets it"):
        explored(f"""
            import sys
            def one(): two()
            def two(): one()
            try:
                one()
            except RecursionError:
                {shown}
        """)
