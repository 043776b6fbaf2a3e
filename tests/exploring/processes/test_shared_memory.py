"""Blocks of shared memory with a name: explored, and in real runs."""

from __future__ import annotations

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Outcome, StartMethod

PROGRAMS = {
    "lost": ("""
        from multiprocessing import Process
        from multiprocessing.shared_memory import SharedMemory
        def add(name):
            block = SharedMemory(name)
            block.buf[0] += 1
            block.close()
        if __name__ == "__main__":
            block = SharedMemory(create=True, size=10)
            children = [Process(target=add, args=(block.name,)) for _ in range(2)]
            for child in children: child.start()
            for child in children: child.join()
            print(block.buf[0])
            block.close()
            block.unlink()
        """, {"1\n", "2\n"}),
    "slices": ("""
        from multiprocessing import Process
        from multiprocessing.shared_memory import SharedMemory
        def work(block, start):
            block.buf[start : start + 3] = b"abc"
            block.close()
        if __name__ == "__main__":
            block = SharedMemory(create=True, size=6)
            children = [Process(target=work, args=(block, start)) for start in (0, 3)]
            for child in children: child.start()
            for child in children: child.join()
            print(bytes(block.buf), block.size)
            block.close()
            block.unlink()
            try: SharedMemory(block.name)
            except FileNotFoundError as error: print("gone")
        """, {"b'abcabc' 6\ngone\n"}),
    "exported": ("""
        from multiprocessing.shared_memory import SharedMemory
        from multiprocessing import Process
        block = SharedMemory(create=True, size=6)
        part = block.buf[:3]
        try: block.close()
        except BufferError as error: print(error)
        part.release()
        block.unlink()
        """, {"cannot close exported pointers exist\n"}),
    "one byte at a time": ("""
        from multiprocessing import Process
        from multiprocessing.shared_memory import SharedMemory
        def work(block):
            block.buf[0] = 1
            block.buf[1] = 1
            block.close()
        if __name__ == "__main__":
            block = SharedMemory(create=True, size=2)
            child = Process(target=work, args=(block,))
            child.start()
            print(bytes(block.buf[1:]), bytes(block.buf[:1]))
            child.join()
            block.close()
            block.unlink()
        """, {
        f"{pair}\n" for pair in [r"b'\x00' b'\x00'", r"b'\x00' b'\x01'", r"b'\x01' b'\x01'"]
    }),
    "a whole and a byte": ("""
        from multiprocessing import Process
        from multiprocessing.shared_memory import SharedMemory
        def work(block):
            block.buf[19] = 1
            block.close()
        if __name__ == "__main__":
            block = SharedMemory(create=True, size=20)
            child = Process(target=work, args=(block,))
            child.start()
            print(sum(bytes(block.buf[:20])), 1 in block.buf)
            block.buf[:] = bytes(20)
            child.join()
            print(block.buf[19])
            block.close()
            block.unlink()
        """, {f"{pair}\n" for pair in ["0 False\n0", "0 True\n0", "1 True\n0", "0 False\n1"]}),
}  # fmt: skip


@pytest.mark.parametrize("method", list(StartMethod))
@pytest.mark.parametrize("name", PROGRAMS)
def test_shared_memory(explored, observed, name, method):
    source, wanted = PROGRAMS[name]
    exploration = explored(source, method)
    assert exploration.complete
    assert {each.outcome for each in exploration.outcomes} == {Outcome(text) for text in wanted}
    assert observed(source, method).stdout in wanted


def test_short_slices_of_two_processes_commute(explored):
    assert explored(PROGRAMS["slices"][0]).executions == 1


def test_the_witness_says_which_bytes(explored):
    *_, possible = explored(PROGRAMS["lost"][0]).outcomes
    told = [step.event for step in possible.witness]
    assert any(one.startswith("reads byte 0 of the shared memory psm_") for one in told)
    assert any(
        one.startswith("writes byte 0 of the shared memory psm_") and one.endswith(": 1")
        for one in told
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("SharedMemory(create=True, size=1)", "leaves shared memory behind"),
        (
            "import struct; struct.pack_into('b', SharedMemory(create=True, size=1).buf, 0, 1)",
            "pack_into",
        ),
    ],
)
def test_what_is_refused(explored, line, words):
    with pytest.raises(CannotExplore, match=words):
        explored(f"from multiprocessing.shared_memory import SharedMemory\n{line}\n")


def test_a_tracker_of_the_childs_own_is_refused(explored):
    """Forked before there was any, the child begins one, which cleans up behind its back."""
    source = """
        from multiprocessing import Process, SimpleQueue
        from multiprocessing.shared_memory import SharedMemory
        def work(queue):
            block = SharedMemory(queue.get())
            print(block.buf[0])
            block.close()
            queue.get()
        if __name__ == "__main__":
            queue = SimpleQueue()
            child = Process(target=work, args=[queue])
            child.start()
            block = SharedMemory(create=True, size=1)
            queue.put(block.name)
            queue.put(1)
            child.join()
            block.close()
            block.unlink()
        """
    assert [each.outcome for each in explored(source, StartMethod.SPAWN).outcomes] == [
        Outcome("0\n")
    ]
    with pytest.raises(CannotExplore, match="leaves shared memory behind"):
        explored(source, StartMethod.FORK)


TAKES_ALL = [
    "list(row)", "[*row]", "tuple(row)", "sorted(row)[::-1]", "list(reversed(row))[::-1]",
    "[first, second] = row, first, second", "bytes(row[:])", "[x for x in row]",
    "list(map(int, row))",
    "[].extend(row)", "list(dict.fromkeys(row))", "list({}.fromkeys(row))", "list(deque(row))",
    "[9].__iadd__(row)", "list(bytes(row)[::width])", "list(bytearray(row)[::width])",
    "list(iter(row))", "list(enumerate(row))", "list(zip(row, 'ab'))", "list(chain(row))",
    "{7}.union(row)", "set(row)", "frozenset(row)", "sum(row)", "max(row)", "3 in row",
]  # fmt: skip
ARRAYS = {
    "RawArray": ("row = RawArray('i', 2)", 4, ""),
    "Array without a lock": ("row = Array('i', 2, lock=False)", 4, ""),
    "SharedMemory": (
        "block = SharedMemory(create=True, size=2); row = block.buf",
        1,
        "del row; block.close(); block.unlink()",
    ),
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("call", TAKES_ALL)
def test_whatever_takes_all_of_shared_memory_may_find_it_changed(explored, call, name):
    """Nothing goes through it unseen, be it item by item or as bytes."""
    begin, width, end = ARRAYS[name]
    lines = [f"found = {call}", "print(found)"]
    if call.startswith("[first"):
        lines = ["first, second = row", "print(first, second)"]
    elif call.startswith("[]"):
        lines = ["found = []", "found.extend(row)", "print(found)"]
    found = explored(
        f"""
        from collections import deque
        from itertools import chain
        from multiprocessing import Array, Process, RawArray
        from multiprocessing.shared_memory import SharedMemory
        {begin}; width = {width}
        def change():
            row[1] = 3
        child = Process(target=change)
        child.start()
        {lines[0]}
        {"; ".join(lines[1:])}
        child.join()
        {end}
        """
    )
    assert len(found.outcomes) == 2, [one.outcome.stdout for one in found.outcomes]


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("'i', 2", "[1, 1]", {"[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"}),
        ("'c', 2", "b'xy'", {r"b'\x00\x00'", r"b'\x00y'", r"b'x\x00'", "b'xy'"}),
    ],
)
def test_a_slice_of_an_array_without_a_lock_is_read_and_written_item_by_item(
    explored, kind, text, shown
):
    found = explored(f"""
        from multiprocessing import Process, RawArray
        def write(array):
            array[:] = {text}
        if __name__ == "__main__":
            array = RawArray({kind})
            process = Process(target=write, args=[array])
            process.start()
            print(array[:])
            process.join()
            print(array[:])
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {f"{one}\n{text}\n" for one in shown}


def test_a_slice_that_nobody_writes_meanwhile_is_read_in_one_step(explored):
    found = explored("""
        from multiprocessing import Process, RawArray
        def write(array):
            array[:] = [1] * 1000
            for wrong in [1], 5:
                try: array[:] = wrong
                except ValueError as error: print(error)
        if __name__ == "__main__":
            array = RawArray("i", 1000)
            process = Process(target=write, args=[array])
            process.start()
            process.join()
            print(sum(array[:]))
    """)
    assert found.events < 20
    [one] = found.outcomes
    assert one.outcome.stdout == 2 * "Can only assign sequence of same size\n" + "1000\n"
