"""Pools of processes: exact sets, by every way of looking at what comes of them."""

from __future__ import annotations

from itertools import permutations

import pytest

pytest.importorskip("greenlet")

from found_sets import printed

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, StartMethod

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))


@EVERY_METHOD
def test_pure_tasks_take_one_execution(explored, method):
    found = explored(
        """
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import Pool
        def square(n):
            return n * n
        if __name__ == "__main__":
            with ProcessPoolExecutor(4) as pool:
                print(list(pool.map(square, range(20))))
            with Pool(4) as pool:
                print(pool.starmap(pow, [(2, n) for n in range(9)]))
        """,
        method,
    )
    squares, powers = [n * n for n in range(20)], [2**n for n in range(9)]
    assert printed(found) == {f"{squares}\n{powers}\n"}
    assert found.executions == 1


@EVERY_METHOD
def test_names_of_workers(explored, method):
    source = """
        from {home} import {pool}
        from multiprocessing import current_process
        def name():
            return current_process().name
        if __name__ == "__main__":
            with {pool}(2) as pool:
                print(pool.{call}(name){rest})
        """
    first = {"fork": "Fork", "spawn": "Spawn", "forkserver": "ForkServer"}[method]
    wanted = {f"{first}PoolWorker-{number}\n" for number in (1, 2)}
    pool = {"home": "multiprocessing", "pool": "Pool", "call": "apply", "rest": ""}
    assert printed(explored(source.format(**pool), method)) == wanted
    executor = {"home": "concurrent.futures", "pool": "ProcessPoolExecutor", "call": "submit"}
    found = printed(explored(source.format(**executor, rest=".result()"), method))
    # one call starts one worker, save under fork
    numbers = (1, 2) if method is StartMethod.FORK else (1,)
    assert found == {f"{first}Process-{number}\n" for number in numbers}


@EVERY_METHOD
@pytest.mark.parametrize("number", ["os.getpid()", "multiprocessing.current_process().pid"])
@pytest.mark.parametrize(
    ("pool", "several"),
    [
        ("multiprocessing.Pool(2)", "pool.map(number, [0, 1])"),
        ("multiprocessing.Pool(2)", "[pool.apply(number, [0]), pool.apply(number, [1])]"),
        ("ProcessPoolExecutor(2)", "list(pool.map(number, [0, 1]))"),
        ("ProcessPoolExecutor(2)", "[pool.submit(number, n).result() for n in (0, 1)]"),
    ],
)
def test_numbers_of_workers(explored, method, number, pool, several):
    """That nothing but a result says which worker it was is enough to make a difference."""
    found = explored(
        f"""
        import multiprocessing, os
        from concurrent.futures import ProcessPoolExecutor
        def number(_):
            return {number}
        if __name__ == "__main__":
            with {pool} as pool:
                print({several})
        """,
        method,
    )
    assert printed(found) == {"[<1>, <1>]\n", "[<1>, <2>]\n"}


@pytest.mark.parametrize("number", ["get_native_id()", "current_thread().native_id", "get_ident()"])
def test_numbers_of_threads_of_workers_are_compared_by_nobody(explored, number):
    with pytest.raises(CannotExplore, match="use the names of threads"):
        explored(f"""
            import multiprocessing, threading
            def number(_):
                return threading.{number}
            if __name__ == "__main__":
                with multiprocessing.Pool(2) as pool:
                    one, other = pool.map(number, [0, 1])
                    print(one == other)
            """)


def test_orders_of_completion(explored):
    """Of three tasks and two workers, the third cannot be the first to be done."""
    found = explored("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(*pool.imap_unordered(abs, [0, 1, 2]))
        """)
    orders = {order for order in permutations("012") if order[0] != "2"}
    assert printed(found) == {" ".join(order) + "\n" for order in orders}


def test_looking_without_waiting(explored):
    found = explored("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(1) as pool:
                first, second = pool.apply_async(abs, [1]), pool.apply_async(abs, [2])
                print(first.ready(), second.ready(), second.get())
        """)
    assert printed(found) == {
        f"{said} 2\n" for said in ("False False", "False True", "True True")
    } | {"True False 2\n"}
    found = explored("""
        from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                first, second = pool.submit(abs, 1), pool.submit(abs, 2)
                done, _ = wait([first, second], return_when=FIRST_COMPLETED)
                print(len(done), first.done(), second.done())
        """)
    assert printed(found) == {"1 True False\n", "1 True True\n", "2 True True\n"}


def test_callbacks_run_in_a_thread_of_the_pool(explored):
    found = explored("""
        from multiprocessing import Pool
        from threading import current_thread
        def say(n):
            print(n, current_thread().name)
        if __name__ == "__main__":
            with Pool(1) as pool:
                results = [pool.apply_async(abs, [n], callback=say) for n in range(2)]
                for result in results:
                    result.wait()
        """)
    name = "Thread-3 (_handle_results)"
    assert printed(found) == {f"0 {name}\n1 {name}\n"}


def test_failures(explored):
    [possible] = explored("""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import Pool
        def fail(n):
            if n:
                raise ValueError("no")
        if __name__ == "__main__":
            with Pool(2) as pool:
                try:
                    pool.apply(lambda: 1)
                except Exception as error:
                    print(type(error).__name__ in ("PicklingError", "AttributeError"))
            with ProcessPoolExecutor(2) as pool:
                print(repr(pool.submit(fail, 1).exception()))
                list(pool.map(fail, [0, 1, 0]))
        """).outcomes
    outcome = possible.outcome
    assert outcome.stdout == "True\nValueError('no')\n"
    assert outcome.exit == 1
    assert outcome.stderr.endswith("ValueError: no\n")
    assert "RemoteTraceback" in outcome.stderr


@EVERY_METHOD
def test_a_worker_that_dies_breaks_its_executor(explored, method):
    found = explored(
        """
        import os
        from concurrent.futures import ProcessPoolExecutor
        def die():
            os._exit(1)
        def call(function, *args):
            try:
                return function(*args).result()
            except Exception as error:
                return type(error).__name__
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                print(call(pool.submit, abs, -1))
                print(call(pool.submit, die))
                print(call(pool.submit, abs, -2))
        """,
        method,
    )
    assert printed(found) == {"1\nBrokenProcessPool\nBrokenProcessPool\n"}


def test_a_worker_that_dies_closes_what_it_has_open(explored):
    source = """
        import os
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import Pipe

        reader, writer = Pipe(duplex=False)

        def work():
            os._exit(1)

        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                future = pool.submit(work)
                writer.close()
                try:
                    reader.recv()
                except EOFError:
                    print("closed")
                print(type(future.exception()).__name__)
        """
    assert printed(explored(source)) == {"closed\nBrokenProcessPool\n"}


@EVERY_METHOD
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from concurrent.futures.process import BrokenProcessPool", "BrokenProcessPool"),
        ("import concurrent.futures.process", "concurrent.futures.process.BrokenProcessPool"),
        ("import concurrent.futures.process as process", "process.BrokenProcessPool"),
    ],
)
def test_the_error_of_a_broken_pool_by_each_name(explored, line, name, method):
    found = explored(
        f"""
        import os
        from concurrent.futures import ProcessPoolExecutor
        {line}
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                try:
                    pool.submit(os._exit, 1).result()
                except {name}:
                    print("broken")
        """,
        method,
    )
    assert printed(found) == {"broken\n"}


@EVERY_METHOD
def test_exit_can_be_what_a_process_does(explored, method):
    found = explored(
        """
        import os
        from multiprocessing import Process
        if __name__ == "__main__":
            child = Process(target=os._exit, args=[3])
            child.start()
            child.join()
            print(child.exitcode)
        """,
        method,
    )
    assert printed(found) == {"3\n"}


def test_a_worker_that_is_terminated_closes_what_it_has_open(explored):
    source = """
        from multiprocessing import Pipe, Pool

        reader, writer = Pipe(duplex=False)

        if __name__ == "__main__":
            with Pool(1) as pool:
                writer.close()
                print(pool.map(str, [1]))
            try:
                reader.recv()
            except EOFError:
                print("closed")
        """
    assert printed(explored(source)) == {"['1']\nclosed\n"}


HANGS = {
    "a result that nobody waits for": ("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(1) as pool:
                result = pool.apply_async(abs, [-1])
            print(result.get())
        """, {("1\n", Ends.EXIT), ("", Ends.DEADLOCK)}),
    "the second of two": ("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(1) as pool:
                one, two = (pool.apply_async(print, text, {"end": ""}) for text in "ab")
                one.wait()
            print("end")
        """, {("abend\n", Ends.EXIT), ("aend\n", Ends.EXIT), ("end\n", Ends.EXIT),
              ("", Ends.DEADLOCK)}),
    "one that is too late": ("""
        from multiprocessing import Pool, TimeoutError
        if __name__ == "__main__":
            with Pool(1) as pool:
                try:
                    print(pool.apply_async(abs, [-1]).get(timeout=1))
                except TimeoutError:
                    print("too late")
        """, {("1\n", Ends.EXIT), ("too late\n", Ends.EXIT), ("", Ends.DEADLOCK)}),
}  # fmt: skip


@EVERY_METHOD
@pytest.mark.parametrize("name", HANGS)
def test_a_pool_that_is_terminated_with_work_to_do_may_hang(explored, name, method):
    """A worker may be killed while it holds the lock of the results; real ones do hang."""
    source, wanted = HANGS[name]
    found = explored(source, method)
    assert found.complete
    assert {(each.outcome.stdout, each.outcome.ends) for each in found.outcomes} == wanted


def test_the_witness_says_what_a_hung_pool_waits_for(explored):
    found = explored(HANGS["the second of two"][0])
    [hung] = [each for each in found.outcomes if each.outcome.ends is Ends.DEADLOCK]
    waiting = hung.witness[-1].waiting
    assert waiting["Thread-2 (_handle_tasks)"] == "the end of the pool, and the lock of its results"
    assert waiting["MainProcess"] == "Thread-2 (_handle_tasks) to end (line 3)"
    assert waiting["ForkPoolWorker-1"] == "the pool"


@pytest.mark.parametrize(
    "ending", ["child.terminate()", "getattr(child, 'term' + 'inate')()", "child._popen.kill()"]
)
def test_a_process_is_ended_by_whatever_name(explored, ending):
    found = explored(f"""
        from multiprocessing import Process
        def work():
            print("a", flush=True)
            print("b", flush=True)
        if __name__ == "__main__":
            child = Process(target=work)
            child.start()
            {ending}
            child.join()
        """)
    assert printed(found) == {"", "a\n", "a\nb\n"}


REPLACED = {
    "counts begin anew": ("""
        from multiprocessing import Pool
        count = 0
        def work(n):
            global count
            count += 1
            return count
        if __name__ == "__main__":
            pool = Pool(1, maxtasksperchild=2)
            results = pool.map(work, range(3), chunksize=1)
            pool.close()
            pool.join()
            print(results)
        """, {"[1, 2, 1]\n"}, {"[1, 2, 1]\n"}),
    "a fork finds what its parent has by then": ("""
        from multiprocessing import Pool
        state = "old"
        def work():
            return state
        if __name__ == "__main__":
            pool = Pool(1, maxtasksperchild=1)
            first = pool.apply(work)
            state = "new"
            second = pool.apply(work)
            pool.close()
            pool.join()
            print(first, second)
        """, {"old old\n", "old new\n"}, {"old old\n"}),
    "the last worker may be replaced or not": ("""
        from multiprocessing import Pool
        def begin():
            print("new", flush=True)
        if __name__ == "__main__":
            pool = Pool(1, begin, maxtasksperchild=1)
            result = pool.apply(abs, [-1])
            pool.close()
            pool.join()
            print(result)
        """, {"new\n1\n", "new\nnew\n1\n"}, {"new\n1\n", "new\nnew\n1\n"}),
}  # fmt: skip


@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.SPAWN])
@pytest.mark.parametrize("name", REPLACED)
def test_workers_are_replaced_after_so_many_tasks(explored, name, method):
    source, forked, fresh = REPLACED[name]
    found = explored(source, method)
    assert found.complete
    assert printed(found) == (forked if method is StartMethod.FORK else fresh)


def test_dividing_tasks_while_a_worker_is_replaced(explored):
    """Real pools fail so, once in some hundred rounds."""
    found = explored(
        """
        from multiprocessing import Pool
        if __name__ == "__main__":
            pool = Pool(1, maxtasksperchild=1)
            pool.apply(abs, [-1])
            try:
                print(pool.map(abs, [-1]))
            except ZeroDivisionError as error:
                print(type(error).__name__)
            pool.close()
            pool.join()
        """,
        StartMethod.SPAWN,
    )
    assert found.complete
    assert printed(found) == {"[1]\n", "ZeroDivisionError\n"}


@pytest.mark.parametrize(
    ("line", "method"),
    [
        ("atexit.register(print, 'bye')", StartMethod.SPAWN),
        ("util.Finalize(None, print, ['bye'], {'flush': True}, 1)", StartMethod.FORK),
    ],
)
def test_what_a_worker_does_at_its_end_may_not_be_done(explored, line, method):
    found = explored(
        f"""
        import atexit
        from multiprocessing import Pool, util
        def begin():
            {line}
        if __name__ == "__main__":
            with Pool(1, begin) as pool:
                pool.apply(abs, [-1])
        """,
        method,
    )
    assert printed(found) == {"bye\n", ""}


@pytest.mark.parametrize("ending", ["close()", "terminate()"])
def test_a_pool_that_is_ended_while_another_thread_submits_is_refused(explored, ending):
    with pytest.raises(CannotExplore, match="another thread ends the pool"):
        explored(f"""
            from multiprocessing import Pool
            from threading import Thread
            def submit():
                pool.apply_async(abs, [-1])
            if __name__ == "__main__":
                pool = Pool(1)
                thread = Thread(target=submit)
                thread.start()
                pool.{ending}
                thread.join()
            """)


def test_an_executor_that_is_shut_down_while_another_thread_submits_is_refused(explored):
    source = """
        from concurrent.futures import ProcessPoolExecutor
        from threading import Thread
        def submit():
            print(pool.submit(abs, -1).result())
        if __name__ == "__main__":
            pool = ProcessPoolExecutor(1)
            thread = Thread(target=submit)
            thread.start()
            {}
            {}
        """
    with pytest.raises(CannotExplore, match="shut the executor down while another one submits"):
        explored(source.format("pool.shutdown()", "thread.join()"))
    assert printed(explored(source.format("thread.join()", "pool.shutdown()"))) == {"1\n"}


def test_results_that_two_threads_may_ask_for_at_once_are_refused(explored):
    with pytest.raises(CannotExplore, match="two threads may ask for the next result"):
        explored("""
            from multiprocessing import Pool
            from threading import Thread
            if __name__ == "__main__":
                with Pool(1) as pool:
                    results = pool.imap(abs, [1, 2])
                    threads = [Thread(target=next, args=[results]) for _ in range(2)]
                    for thread in threads:
                        thread.start()
                    for thread in threads:
                        thread.join()
            """)


def test_processes_that_threads_make_get_their_numbers_in_any_order(explored):
    found = explored("""
        from multiprocessing import Process
        from threading import Thread
        names = {}
        def make(n):
            names[n] = Process(target=abs).name
        if __name__ == "__main__":
            threads = [Thread(target=make, args=[n]) for n in (1, 2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print(names[1], names[2])
        """)
    assert printed(found) == {"Process-1 Process-2\n", "Process-2 Process-1\n"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("multiprocessing.Pool(1, maxtasksperchild=1).apply_async(abs, [1])", "may hang"),
        ("multiprocessing.Pool(1, maxtasksperchild=1).imap(abs, [])", "imap of nothing"),
        ("futures.ProcessPoolExecutor(2, max_tasks_per_child=1)", "max_tasks_per_child is not"),
        ("futures.ProcessPoolExecutor(2).shutdown(cancel_futures=True)", "which calls have begun"),
        ("p = futures.ProcessPoolExecutor(2); p.submit(abs, 1).cancel()", "Future.cancel() asks"),
        ("p = futures.ProcessPoolExecutor(2); p.submit(abs, 1).running()", "Future.running() asks"),
        ("multiprocessing.Pool(2).imap(abs, (n for n in 'ab'))", "make it a list"),
        ("p = futures.ProcessPoolExecutor(1); a = []; p.submit(len, a); a += [1]", "copy"),
        ("multiprocessing.Pool(1).apply(sys.exit)", "a worker of the pool ends by itself"),
        ("from multiprocessing.pool import ThreadPool; ThreadPool(2)", "use ThreadPoolExecutor"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_refused_by_line(explored, line, words):
    with pytest.raises(CannotExplore) as refusal:
        explored(f"import multiprocessing, sys\nfrom concurrent import futures\n{line}\n")
    assert words in str(refusal.value)


@pytest.mark.parametrize("method", list(StartMethod))
def test_a_worker_may_have_a_pool_of_its_own(explored, method):
    """At its end it joins the thread of that, and no thread of its parent's."""
    found = explored(
        """
        from concurrent.futures import ProcessPoolExecutor
        def inner(x):
            return x + 1
        def outer(x):
            with ProcessPoolExecutor(1) as pool:
                return pool.submit(inner, x).result() * 10
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                print(pool.submit(outer, 1).result())
        """,
        method,
    )
    assert printed(found) == {"20\n"}
    assert {each.outcome.ends for each in found.outcomes} == {Ends.EXIT}


def test_map_cancels_what_has_not_begun_where_a_call_raises(explored):
    """What is refused is no call of the program's."""
    with pytest.raises(CannotExplore, match=r"map\(\) cancels .*: catch the error in the function"):
        explored("""
            from concurrent.futures import ProcessPoolExecutor
            def divide(x):
                print(x)
                return 10 // x
            if __name__ == "__main__":
                with ProcessPoolExecutor(1) as pool:
                    print(list(pool.map(divide, [2, 0, 5])))
            """)
