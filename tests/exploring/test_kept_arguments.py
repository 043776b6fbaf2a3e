"""What threads, timers and schedulers call something with, which others may change by then."""

from __future__ import annotations

import pytest
from found_sets import printed

BEGIN = """
    import _thread, sched, threading
    from concurrent.futures import ThreadPoolExecutor
    args, named = [1], {"end": "."}
    ended = threading.Semaphore(0)
    def show(*args, end):
        print(*args, end=end)
        ended.release()
    def change():
        args.append(2)
        named["end"] = "!"
"""


@pytest.mark.parametrize(
    "begin",
    [
        "threading.Thread(target=show, args=args, kwargs=named).start()",
        "threading.Timer(0, show, args, named).start()",
        """scheduler = sched.scheduler()
    scheduler.enter(0, 1, show, args, named)
    threading.Thread(target=scheduler.run).start()""",
    ],
)
def test_arguments_are_read_as_the_call_is_made(explored, begin):
    found = explored(f"""{BEGIN}
    {begin}
    change()
    ended.acquire()
    """)
    assert {"1.", "1 2!"} <= printed(found) <= {"1.", "1 2.", "1!", "1 2!"}


def test_those_of_a_thread_of_the_low_level_module_too(explored):
    found = explored(f"""{BEGIN}
    _thread.start_new_thread(show, (0,), named)
    change()
    ended.acquire()
    """)
    assert printed(found) == {"0.", "0!"}


def test_a_subclass_may_change_them_before_it_runs(explored):
    found = explored("""
        from threading import Thread
        args, named = [1], {"end": "."}
        class Changing(Thread):
            def run(self):
                args.append(2)
                named["end"] = "!"
                super().run()
        Changing(target=print, args=args, kwargs=named).start()
    """)
    assert printed(found) == {"1 2!"}


def test_a_timer_calls_what_it_has_been_given_by_then(explored):
    found = explored("""
        from threading import Timer
        items = []
        timer = Timer(0, print, ["a"])
        timer.start()
        timer.function = items.append
        timer.join()
        print(items)
    """)
    assert printed(found) == {"a\n[]\n", "['a']\n"}


def test_the_arguments_of_an_initializer_are_read_by_the_workers(explored):
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor
        args = [1]
        with ThreadPoolExecutor(1, initializer=print, initargs=args) as pool:
            pool.submit(int)
            args.append(2)
    """)
    assert printed(found) == {"1\n", "1 2\n"}


@pytest.mark.parametrize("read", ["thing.work.count", "getattr(thing.work, 'count')"])
def test_a_method_has_the_attributes_of_its_function(explored, read):
    found = explored(f"""
        from threading import Thread
        class Thing:
            def work(self): pass
        Thing.work.count = 0
        thing = Thing()
        def change(): Thing.work.count = 1
        thread = Thread(target=change)
        thread.start()
        print({read})
        thread.join()
    """)
    assert printed(found) == {"0\n", "1\n"}
