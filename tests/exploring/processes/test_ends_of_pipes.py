"""Who has which end of a pipe open, and what the others find: explored, and in real runs."""

from __future__ import annotations

import pytest
from found_sets import STUCK, texts_or_stuck

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

FORK, SPAWN = StartMethod.FORK, StartMethod.SPAWN
PROGRAMS = {
    # the child's end is closed as it exits, though it never closed it
    "the writer exits": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            writer.send("one")
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[writer]).start()
            writer.close()
            print(reader.recv())
            try:
                reader.recv()
            except EOFError:
                print("end")
        """, {"one\nend\n"}, None),
    # the lesson: who reads must not have an end to write to
    "the reader could write": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            writer.send("one")
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[writer]).start()
            print(reader.recv(), flush=True)
            reader.recv()
        """, {"one\n" + STUCK}, None),
    # a forked child has every end, a spawned one that which it was sent
    "the child reads": ("""
        from multiprocessing import Pipe, Process
        def work(reader):
            try:
                while True:
                    print(reader.recv(), flush=True)
            except EOFError:
                print("end")
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[reader]).start()
            writer.send("one")
            writer.close()
        """, {"one\nend\n"}, {"one\n" + STUCK}),
    "a forked sibling could write": ("""
        from multiprocessing import Lock, Pipe, Process
        def wait(lock):
            lock.acquire()
        def read(reader):
            try:
                reader.recv()
            except EOFError:
                print("end")
        if __name__ == "__main__":
            lock = Lock()
            lock.acquire()
            reader, writer = Pipe(duplex=False)
            sibling = Process(target=wait, args=[lock])
            sibling.start()
            writer.close()
            child = Process(target=read, args=[reader])
            child.start()
            child.join()
            lock.release()
            sibling.join()
        """, {"end\n"}, {STUCK}),
    "nobody has the last object": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            writer.send("one")
        def begin():
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[writer]).start()
            return reader
        if __name__ == "__main__":
            reader = begin()
            print(reader.recv())
            try:
                reader.recv()
            except EOFError:
                print("end")
        """, {"one\nend\n"}, None),
    "nobody reads": ("""
        from multiprocessing import Pipe, Process
        def work(reader):
            pass
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            child = Process(target=work, args=[reader])
            child.start()
            reader.close()
            child.join()
            try:
                writer.send(1)
            except BrokenPipeError as error:
                print(error)
        """, {"[Errno 32] Broken pipe\n"}, None),
    "the reader may close before": ("""
        from multiprocessing import Pipe, Process
        def work(reader):
            reader.close()
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[reader]).start()
            reader.close()
            try:
                writer.send(1)
                print("sent")
            except BrokenPipeError:
                print("broken")
        """, {"sent\n", "broken\n"}, None),
    "the reader leaves a full pipe": ("""
        from multiprocessing import Pipe, Process
        def work(reader):
            reader.recv_bytes()
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[reader]).start()
            reader.close()
            try:
                for _ in range(2):
                    writer.send_bytes(b"x" * 70_000)
            except BrokenPipeError:
                print("broken")
        """, {"broken\n"}, None),
    "poll at the end": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            pass
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            child = Process(target=work, args=[writer])
            child.start()
            writer.close()
            print(reader.poll())
            child.join()
            print(reader.poll())
            try:
                reader.recv()
            except EOFError:
                print("end")
        """, {"False\nTrue\nend\n", "True\nTrue\nend\n"}, None),
    # the system closes what a process has before it tells the parent
    "alive at the end": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            pass
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            child = Process(target=work, args=[writer])
            child.start()
            writer.close()
            try:
                reader.recv()
            except EOFError:
                print(child.is_alive())
        """, {"True\n", "False\n"}, None),
    "a pair of sockets that was not read": ("""
        from multiprocessing import Pipe, Process
        def work(there):
            pass
        if __name__ == "__main__":
            here, there = Pipe()
            here.send("unread")
            child = Process(target=work, args=[there])
            child.start()
            there.close()
            child.join()
            for _ in range(2):
                try:
                    print(here.recv())
                except (EOFError, OSError) as error:
                    print(type(error).__name__)
            try:
                here.send(1)
            except OSError as error:
                print(error)
        """, {"ConnectionResetError\nEOFError\n[Errno 32] Broken pipe\n"}, None),
    "wait for two": ("""
        from multiprocessing import Pipe, Process
        from multiprocessing.connection import wait
        def work(writer, name):
            if name == "a":
                writer.send(name)
        if __name__ == "__main__":
            readers = []
            for name in "ab":
                reader, writer = Pipe(duplex=False)
                Process(target=work, args=[writer, name]).start()
                writer.close()
                readers.append(reader)
            while readers:
                for reader in wait(readers):
                    try:
                        print(reader.recv())
                    except EOFError:
                        readers.remove(reader)
                        print("end")
        """, {"a\nend\nend\n", "end\na\nend\n"}, None),
    "the writer is killed": ("""
        from multiprocessing import Pipe, Process
        def work(writer):
            writer.send("one")
            writer.send("two")
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            child = Process(target=work, args=[writer])
            child.start()
            writer.close()
            print(reader.recv())
            child.kill()
            try:
                print(reader.recv())
                reader.recv()
            except EOFError:
                print("end")
        """, {"one\nend\n", "one\ntwo\nend\n"}, None),
}  # fmt: skip


@pytest.mark.parametrize("method", list(StartMethod))
@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_found_at_the_end_of_a_pipe(explored, name, method):
    source, wanted, forked = PROGRAMS[name]
    if forked is not None and method is FORK:
        wanted = forked
    exploration = explored(source, method)
    assert texts_or_stuck(exploration) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("method", list(StartMethod))
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_real_run_finds_it_too(lies_within, name, method):
    assert lies_within(PROGRAMS[name][0], method)


def test_what_a_spawned_child_does_at_exit_comes_before_its_end(explored, observed):
    source = """
        import atexit
        from multiprocessing import Pipe, Process
        def work(writer):
            atexit.register(print, "child", flush=True)
        if __name__ == "__main__":
            reader, writer = Pipe(duplex=False)
            Process(target=work, args=[writer]).start()
            writer.close()
            try:
                reader.recv()
            except EOFError:
                print("end", flush=True)
        """
    [possible] = explored(source, SPAWN).outcomes
    assert possible.outcome == observed(source, SPAWN)
    assert possible.outcome.stdout == "child\nend\n"


def test_an_end_that_goes_with_a_list_is_refused(explored):
    with pytest.raises(CannotExplore, match="lets go of an end of a pipe with a list"):
        explored("""
            from multiprocessing import Pipe, Process
            def work(writer):
                pass
            def begin():
                ends = []
                ends.extend(Pipe(duplex=False))
                Process(target=work, args=[ends[1]]).start()
                return ends[0]
            if __name__ == "__main__":
                begin().recv()
            """)


def test_the_witness_says_who_closes_what(explored):
    found = explored(PROGRAMS["the reader may close before"][0])
    for possible in found.outcomes:
        told = [step.event for step in possible.witness]
        assert "closes its end of the pipe for readers" in told
    [possible] = explored(PROGRAMS["nobody reads"][0]).outcomes  # since it has joined the child
    assert not any("closes" in step.event for step in possible.witness)
