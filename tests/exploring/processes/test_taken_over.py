"""What processes and what they share take over of a container, which threads may change."""

from __future__ import annotations

import pytest
from found_sets import printed

from anyorder.exploring import CannotExplore

BEGIN = """
    from multiprocessing import Array, Pipe, Pool, Process, RawArray
    from multiprocessing.connection import wait
    from threading import Thread
    items, named, data = [1], {{"sep": "-"}}, bytearray(b"a")
    def change(): {change}
    if __name__ == "__main__":
        one, other = Pipe()
        one.send(0)
        thread = Thread(target=change)
        thread.start()
        {lines}
        thread.join()
        {then}
"""


@pytest.mark.parametrize(
    ("lines", "change", "then", "expected"),
    [
        (
            "process = Process(target=print, args=items)",
            "items.append(2)",
            "process.start(); process.join()",
            {"1\n", "1 2\n"},
        ),
        (
            "process = Process(target=print, args=(1, 2), kwargs=named)",
            "named.update(sep='+')",
            "process.start(); process.join()",
            {"1-2\n", "1+2\n"},
        ),
        ("print(Array('i', items)[:])", "items.append(2)", "", {"[1]\n", "[1, 2]\n"}),
        ("print(RawArray('i', items)[:])", "items[0] = 2", "", {"[1]\n", "[2]\n"}),
        ("print(len(wait(items[1:], 0)))", "items.append(other)", "", {"0\n", "1\n"}),
        (
            "connections = []; connections.append(other); print(len(wait(connections, 0)))",
            "None",
            "",
            {"1\n"},
        ),
        (
            "other.send_bytes(data); print(one.recv_bytes())",
            "data[0] = 98",
            "",
            {"b'a'\n", "b'b'\n"},
        ),
        (
            "one.send_bytes(b'b'); other.recv(); other.recv_bytes_into(data)",
            "print(data)",
            "",
            {"bytearray(b'a')\n", "bytearray(b'b')\n"},
        ),
    ],
)
def test_what_is_taken_over_is_read_in_that_moment(explored, lines, change, then, expected):
    assert printed(explored(BEGIN.format(lines=lines, change=change, then=then))) == expected


@pytest.mark.parametrize("how", ["map_async", "imap"])
def test_what_a_pool_may_take_later_is_not_to_change_by_then(explored, how):
    with pytest.raises(CannotExplore, match="is changed before its result is there"):
        explored(f"""
            from multiprocessing import Pool
            items = [1, 2]
            if __name__ == "__main__":
                with Pool(1) as pool:
                    result = pool.{how}(abs, items)
                    items.append(3)
                    print(list(result if "{how}" == "imap" else result.get()))
        """)


def test_it_may_change_afterwards_and_a_generator_is_gone_through_at_once(explored):
    found = explored("""
        from multiprocessing import Pool
        items = [1, 2]
        if __name__ == "__main__":
            with Pool(1) as pool:
                print(pool.map(abs, items), pool.map(abs, (one for one in items)))
                items.append(3)
    """)
    assert printed(found) == {"[1, 2] [1, 2]\n"}


SENT = """
    from multiprocessing import Pipe
    from threading import Thread
    class Own:
        {body}
    class Stack(list): pass
    def change(): {change}
    if __name__ == "__main__":
        one, other = Pipe()
        it = {made}
        thread = Thread(target=change)
        thread.start()
        one.send(it)
        thread.join()
        got = other.recv()
        print({told})
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (("pass", "Own()", "it.x = 1", "hasattr(got, 'x')"), {"False\n", "True\n"}),
        (
            ("def __init__(self): self.x = 1", "Own()", "del it.x", "vars(got)"),
            {"{'x': 1}\n", "{}\n"},
        ),
        (("__slots__ = 'x'", "Own()", "it.x = 1", "hasattr(got, 'x')"), {"False\n", "True\n"}),
        (("pass", "Stack()", "it.x = 1", "hasattr(got, 'x')"), {"False\n", "True\n"}),
        # what is in it is read in between
        (
            ("def __init__(self, *of): self.of, self.x = of, 1", "Own(Own())", "it.x = 2", "got.x"),
            {"1\n", "2\n"},
        ),
        (
            ("pass", "[Own(), 1, Own(), 1]", "it[1] = 2; it[3] = 2", "got[1::2]"),
            {"[1, 1]\n", "[1, 2]\n", "[2, 1]\n", "[2, 2]\n"},
        ),
    ],
)
def test_what_is_sent_is_read_as_far_as_pickle_has_come(explored, program, expected):
    body, made, change, told = program
    found = explored(SENT.format(body=body, made=made, change=change, told=told))
    assert printed(found) == expected
