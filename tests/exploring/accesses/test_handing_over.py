"""What is handed to a function of the library that reads it bit by bit."""

import importlib
import statistics

import pytest
from found_sets import printed

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.calls import AT_ONCE

TWO = """
import {module}, threading
shared = {{}}
numbers = []
def work(number):
    shared[number] = [number]
    numbers.append(number)
threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
for thread in threads: thread.start()
{wait}
print({call})
"""
JOINED = "for thread in threads: thread.join()"
IN_ONE_STEP = "json.dumps(["  # without an indent, it is code written in C that does it
CALLS = [
    ("json", "json.dumps(shared, indent=1, sort_keys=True)"),
    ("json", "json.dumps([shared, sorted(numbers)], sort_keys=True)"),
    ("pprint", "pprint.pformat(shared)"),
    *((name.partition(".")[0], f"{name}(numbers)") for name in AT_ONCE if name.endswith("mean")),
    ("statistics", "statistics.median(numbers)"),
    ("statistics", "statistics.stdev(numbers)"),
]


@pytest.mark.parametrize(("module", "call"), CALLS)
def test_what_threads_share_is_read_once_all_others_have_ended(explored, module, call):
    program = TWO.format(module=module, wait=JOINED, call=call)
    both = [{1: [1], 2: [2]}, {2: [2], 1: [1]}]
    names = {module: importlib.import_module(module)}
    expected = {
        f"{eval(call, {**names, 'shared': shared, 'numbers': numbers})}\n"
        for shared in both
        for numbers in ([1, 2], [2, 1])
    }
    assert printed(explored(program)) == expected


@pytest.mark.parametrize(("module", "call"), [one for one in CALLS if IN_ONE_STEP not in one[1]])
@pytest.mark.parametrize("wait", ["", "threads[1].join()"])
def test_what_is_read_while_another_thread_goes_on_is_refused(explored, module, call, wait):
    """So it is where the first schedule lets that one end before: another schedule does not."""
    with pytest.raises(CannotExplore, match="hand over a copy"):
        explored(TWO.format(module=module, wait=wait, call=call))


@pytest.mark.parametrize(
    "call",
    [
        "json.dumps(shared, indent=1, default=str)",
        "json.dumps(shared, indent=1, cls=Encoder)",
        "json.dumps([shared, thing], indent=1)",
    ],
)
def test_what_may_run_code_of_the_program_is_refused_as_it_was(explored, call):
    classes = "class Thing: pass\nthing = Thing()\nclass Encoder(json.JSONEncoder): pass\n"
    program = TWO.format(module="json", wait=JOINED, call=call)
    with pytest.raises(CannotExplore, match="hand over a copy"):
        explored(program.replace("shared = {}", classes + "shared = {}"))


def test_each_function_is_there():
    """Those of ``statistics`` are the public ones, save what keeps what it gets."""
    named = {name.partition(".")[2] for name in AT_ONCE if name.startswith("statistics.")}
    assert set(statistics.__all__) - named <= {"NormalDist", "kde", "kde_random"}


IN_ORDER = """
    import bisect, heapq, queue, threading
    class Job:
        def __init__(self, number): self.number = number
        def __lt__(self, other): return self.number < other.number
    jobs, lock = {jobs}, threading.Lock()
    def add(number):
        job = Job(number)
        with lock:
            {add}
    threads = [threading.Thread(target=add, args=(number,)) for number in (2, 1)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    with lock:
        print({first}.number)
"""


@pytest.mark.parametrize(
    "add", ["heapq.heappush(jobs, job)", "bisect.insort(jobs, job, key=lambda one: one.number)"]
)
def test_what_is_kept_in_order_by_code_of_the_program_is_refused(explored, add):
    """Also under a lock."""
    match = r"in order by append\(\) and sort\(\), or take a queue.PriorityQueue"
    with pytest.raises(CannotExplore, match=match):
        explored(IN_ORDER.format(jobs="[]", add=add, first="jobs.pop(0)"))


@pytest.mark.parametrize(
    ("jobs", "add", "first"),
    [
        ("[]", "jobs.append(job); jobs.sort(key=lambda one: one.number)", "jobs.pop(0)"),
        ("[]", "jobs.append(job); jobs.sort()", "jobs.pop(0)"),
        ("queue.PriorityQueue()", "jobs.put(job)", "jobs.get()"),
    ],
)
def test_what_to_do_instead_is_followed(explored, jobs, add, first):
    found = explored(IN_ORDER.format(jobs=jobs, add=add, first=first))
    assert found.complete
    assert [one.outcome.stdout for one in found.outcomes] == ["1\n"]
