"""What one execution leaves to the next is never anything that a program can tell."""

from __future__ import annotations

import gc

from found_sets import outcomes

from anyorder.exploring.accesses.objects import Objects
from anyorder.exploring.engine.switching import getcurrent, greenlet
from anyorder.outcomes import Outcome


def test_a_thread_after_another_has_its_own_context(explored):
    """It lives on the greenlet of one that has ended, whose context variables it must not see."""
    found = explored("""
        import contextvars
        import threading
        name = contextvars.ContextVar("name", default="nobody")
        def work(new):
            seen.append(name.get())
            name.set(new)
        seen = []
        for new in ("first", "second"):
            thread = threading.Thread(target=work, args=(new,))
            thread.start()
            thread.join()
        print(seen, name.get())
    """)
    assert outcomes(found) == {Outcome("['nobody', 'nobody'] nobody\n")}


def test_the_library_is_as_it_was(explored):
    """Names that a program adds to a module, or takes from it, are not there the next time."""
    found = explored("""
        import threading
        print(hasattr(threading, "added"), hasattr(threading, "Timer"))
        threading.added = True
        del threading.Timer
        x = 0
        def work():
            global x
            x += 1
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert outcomes(found) == {Outcome("False True\n")}
    assert found.executions == 3


def test_nothing_is_left(explored, capsys):
    """No greenlet outlives an exploration, and what ends late says nothing to us."""
    program = """
        import threading
        def loud():
            try:
                yield
            finally:
                print("gone")
        waiting = loud()
        next(waiting)
        lock = threading.Lock()
        def work():
            with lock:
                lock.acquire()
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """
    assert getcurrent()  # this thread's own greenlet is made as it is first asked for
    left = []
    for _ in range(2):
        found = explored(program)
        gc.collect()
        left.append([thing for thing in gc.get_objects() if isinstance(thing, greenlet)])
    assert len(outcomes(found)) == 1
    assert capsys.readouterr() == ("", "")
    assert left[1] == left[0]
    assert getcurrent() in left[1]


def test_what_the_modules_of_the_library_keep_is_looked_up_once(explored, monkeypatch):
    """There are thousands of values, and a program anew for each fact, and for the witnesses."""
    looked = []
    look_up = Objects.containers_of_modules
    monkeypatch.setattr(
        Objects, "containers_of_modules", lambda self: looked.append(1) or look_up(self)
    )
    found = explored("""
        from threading import Thread
        names = []
        threads = [Thread(target=names.append, args=(name,), daemon=True) for name in "ab"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(*names)
    """)
    assert outcomes(found) == {Outcome("a b\n"), Outcome("b a\n")}
    assert all(one.witness for one in found.outcomes)
    assert len(looked) == 1
