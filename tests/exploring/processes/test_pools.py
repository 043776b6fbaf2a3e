"""Pools of processes: exact sets, an independent account, and the slow version of the model.

The account knows nothing of the explorer: a task is a list of texts to print, and all states that
workers can lead to by taking tasks in order and printing are walked through, one step at a time.
"""

from __future__ import annotations

import time
from itertools import permutations
from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.explorer import Explorer, own_warnings
from anyorder.exploring.processes.crews import Crews
from anyorder.exploring.processes.pools import Office
from anyorder.outcomes import Ends, StartMethod, StdoutTo

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))
EXECUTOR = """
    from concurrent.futures import ProcessPoolExecutor

    def work(texts):
        for text in texts:
            print(text, end="", flush={flush})

    if __name__ == "__main__":
        with ProcessPoolExecutor({workers}) as pool:
            list(pool.map(work, {tasks}))
        print("end", end="")
    """
CLOSED = """
    from multiprocessing import Pool

    def work(texts):
        for text in texts:
            print(text, end="", flush={flush})

    if __name__ == "__main__":
        pool = Pool({workers})
        pool.map(work, {tasks}, chunksize=1)
        pool.close()
        pool.join()
        print("end", end="")
    """
TERMINATED = """
    from multiprocessing import Pool

    def work(texts):
        for text in texts:
            print(text, end="", flush={flush})

    if __name__ == "__main__":
        with Pool({workers}) as pool:
            pool.map(work, {tasks}, chunksize=1)
        print("end", end="")
    """


@pytest.fixture
def explored(tmp_path):
    """Explore the text of a program in some setting."""

    def run(source, method=StartMethod.FORK, to=StdoutTo.PIPE, **limits):
        program = tmp_path / "program.py"
        program.write_text(dedent(source).lstrip(), encoding="utf-8")
        return explore(program, start_method=method, stdout_to=to, **limits)

    return run


def texts(found):
    """Return what is printed, each that ends with status 0 and nothing on standard error."""
    assert found.complete
    for each in found.outcomes:
        assert (each.outcome.exit, each.outcome.stderr) == (0, ""), each.outcome
    return {each.outcome.stdout for each in found.outcomes}


def account(tasks, workers, *, flushed, killed=False):  # noqa: C901 - a case for each step
    """Return every stdout, by walking through all states.

    Args:
        tasks: what each of them prints
        workers: how many workers there are
        flushed: whether each text is seen at once, or all of a worker's as it ends
        killed: whether a worker may lose what it has not flushed
    """
    begin = (0, ((),) * workers, ("",) * workers, (True,) * workers, "")
    seen, todo, ends = {begin}, [begin], set()
    while todo:
        taken, left, buffers, alive, out = todo.pop()
        following = []
        done = taken == len(tasks) and not any(left)
        for one in range(workers):

            def put(values, value, one=one):
                return (*values[:one], value, *values[one + 1 :])

            if left[one]:
                text, rest = left[one][0], put(left, left[one][1:])
                if flushed:
                    following.append((taken, rest, buffers, alive, out + text))
                else:
                    fuller = put(buffers, buffers[one] + text)
                    following.append((taken, rest, fuller, alive, out))
            elif taken < len(tasks):
                following.append((taken + 1, put(left, tuple(tasks[taken])), buffers, alive, out))
            elif done and alive[one]:
                dead = put(alive, False)  # noqa: FBT003 - a value of the state
                following.append((taken, left, buffers, dead, out + buffers[one]))
                if killed:
                    following.append((taken, left, buffers, dead, out))
        if not any(alive):
            ends.add(out + "end")
        for state in following:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return ends


@pytest.mark.parametrize(
    ("tasks", "workers"), [(["a", "b"], 2), (["ab", ""], 2), (["a", "b", "c"], 1), (["ab"], 3)]
)
@pytest.mark.parametrize("flushed", [True, False])
@pytest.mark.parametrize("program", [EXECUTOR, CLOSED, TERMINATED])
def test_against_the_account(explored, program, tasks, workers, flushed):
    source = dedent(program).format(flush=flushed, workers=workers, tasks=tasks)
    wanted = account(tasks, workers, flushed=flushed, killed=program is TERMINATED)
    assert texts(explored(source)) == wanted
    assert texts(explored(source, StartMethod.SPAWN)) == wanted


def test_the_account_can_disagree(explored):
    """A pool of one worker, or one that is terminated, prints something else."""
    tasks = ["a", "b"]
    source = dedent(EXECUTOR).format(flush=True, workers=2, tasks=tasks)
    found = texts(explored(source))
    assert found == {"abend", "baend"} == account(tasks, 2, flushed=True)
    assert found != account(tasks, 1, flushed=True)
    source = dedent(TERMINATED).format(flush=False, workers=2, tasks=tasks)
    assert texts(explored(source)) - account(tasks, 2, flushed=False) == {"aend", "bend", "end"}


@pytest.mark.parametrize("mutated", [EXECUTOR, TERMINATED])
def test_a_mutated_model_is_refused(explored, monkeypatch, mutated):
    """Were each task taken by the first worker, or a killed one flushed, outcomes would lack."""
    source = dedent(mutated).format(flush=False, workers=2, tasks=["a", "b"])
    wanted = account(["a", "b"], 2, flushed=False, killed=mutated is TERMINATED)
    assert texts(explored(source)) == wanted
    if mutated is EXECUTOR:
        monkeypatch.setattr(Crews, "need", lambda *_: None)
    else:
        monkeypatch.setattr(Office, "shows", lambda *_: False)
    assert texts(explored(source)) < wanted


SMALL = {
    "results of an executor": """
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                futures = [pool.submit(abs, -n) for n in range(2)]
                print([future.result() for future in futures])
    """,
    "results of a pool": """
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(pool.map(abs, [-1, -2], chunksize=1), pool.apply(abs, [-3]))
    """,
    "two failures": """
        from multiprocessing import Pool
        def fail(n):
            raise ValueError(n)
        if __name__ == "__main__":
            with Pool(2) as pool:
                try:
                    pool.map(fail, [1, 2], chunksize=1)
                except ValueError as error:
                    print(error)
    """,
    "printing": """
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                list(pool.map(print, "ab"))
    """,
    "counting": """
        from concurrent.futures import ProcessPoolExecutor
        n = 0
        def count():
            global n
            n += 1
            return n
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                futures = [pool.submit(count) for _ in range(2)]
                print([future.result() for future in futures])
    """,
    "imap": """
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(*pool.imap(abs, [-1, -2]))
    """,
}


class Slow(Explorer):
    """An exploration in which all that is left out at first makes a difference."""

    def __init__(self, *args):
        super().__init__(*args)
        self.shared |= {("crew", what) for what in ("apart", "exact", "loud", "named")}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.SPAWN])
def test_nothing_is_lost_by_hiding(tmp_path, name, method):
    program = tmp_path / "program.py"
    program.write_text(dedent(SMALL[name]).lstrip(), encoding="utf-8")
    setting = (method, StdoutTo.PIPE)
    with own_warnings():
        quick = Explorer(program, None, None, 5_000, None, setting).search(time.perf_counter())
        slow = Slow(program, 1_000, None, 5_000, None, setting).search(time.perf_counter())
    assert quick.limit is None
    if slow.limit is None:
        assert set(slow.numbers) == set(quick.numbers)
        assert slow.executions > quick.executions
    else:
        assert set(slow.numbers) <= set(quick.numbers)


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
    assert texts(found) == {f"{squares}\n{powers}\n"}
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
    assert texts(explored(source.format(**pool), method)) == wanted
    executor = {"home": "concurrent.futures", "pool": "ProcessPoolExecutor", "call": "submit"}
    found = texts(explored(source.format(**executor, rest=".result()"), method))
    # one call starts one worker, save under fork
    numbers = (1, 2) if method is StartMethod.FORK else (1,)
    assert found == {f"{first}Process-{number}\n" for number in numbers}


def test_orders_of_completion(explored):
    """Of three tasks and two workers, the third cannot be the first to be done."""
    found = explored("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(*pool.imap_unordered(abs, [0, 1, 2]))
        """)
    orders = {order for order in permutations("012") if order[0] != "2"}
    assert texts(found) == {" ".join(order) + "\n" for order in orders}


def test_looking_without_waiting(explored):
    found = explored("""
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(1) as pool:
                first, second = pool.apply_async(abs, [1]), pool.apply_async(abs, [2])
                print(first.ready(), second.ready(), second.get())
        """)
    assert texts(found) == {
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
    assert texts(found) == {"1 True False\n", "1 True True\n", "2 True True\n"}


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
    assert texts(found) == {f"0 {name}\n1 {name}\n"}


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
    assert texts(found) == {"1\nBrokenProcessPool\nBrokenProcessPool\n"}


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
    assert texts(explored(source)) == {"closed\nBrokenProcessPool\n"}


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
    assert texts(found) == {"broken\n"}


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
    assert texts(found) == {"3\n"}


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
    assert texts(explored(source)) == {"['1']\nclosed\n"}


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
    assert texts(found) == {"", "a\n", "a\nb\n"}


def test_a_pool_by_another_name_is_the_same(explored):
    source = dedent(TERMINATED).format(flush=False, workers=2, tasks=["a", "b"])
    renamed = source.replace("import Pool", "import Pool as Crowd").replace("Pool(", "Crowd(")
    assert texts(explored(renamed)) == texts(explored(source))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("multiprocessing.Pool(2, maxtasksperchild=1)", "maxtasksperchild is not simulated"),
        ("futures.ProcessPoolExecutor(2, max_tasks_per_child=1)", "max_tasks_per_child is not"),
        ("futures.ProcessPoolExecutor(2).shutdown(cancel_futures=True)", "which calls have begun"),
        ("futures.ProcessPoolExecutor(2).submit(abs, 1).cancel()", "Future.cancel() asks"),
        ("futures.ProcessPoolExecutor(2).submit(abs, 1).running()", "Future.running() asks"),
        ("multiprocessing.Pool(2).imap(abs, (n for n in 'ab'))", "make it a list"),
        ("multiprocessing.Pool().map(print, 'ab')", "say how many"),
        ("a = []; f = futures.ProcessPoolExecutor(1).submit(len, a); a += [1]; f.result()", "copy"),
        ("multiprocessing.Pool(1).apply(sys.exit)", "a worker of the pool ends by itself"),
        ("from multiprocessing.pool import ThreadPool; ThreadPool(2)", "use ThreadPoolExecutor"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_refused_by_line(explored, line, words):
    with pytest.raises(CannotExplore) as refusal:
        explored(f"import multiprocessing, sys\nfrom concurrent import futures\n{line}\n")
    assert words in str(refusal.value)
