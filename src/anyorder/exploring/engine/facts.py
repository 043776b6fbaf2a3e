"""What a program turns out to do, which decides what has to be an event.

A program most often leaves no daemon thread behind, never ends its process from a thread, sends no
signals and asks no thread how it does. Where it does, its end, what is printed, each place where
Python looks for signals, and the ends of threads are events. To have them always would cost time
and bury the story, and the program's text cannot tell. So an exploration begins with nothing known.
At the moment at which an execution does one of these, that is known from then on, the execution
stops and the search begins again (as for what is shared, see ``sharing``).

It is sound: as long as a fact is not known, an execution differs from one that knows it only when
it does what the fact is about. Were there an interleaving, not explored, in which a program does
so, look at the first time. All before it went as in some explored execution, since the search
leaves out none, and there the same thread goes on to do it, and is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Facts"]


@dataclass
class Facts:
    """What is known of a program, over all executions of one exploration.

    Args:
        daemons: whether it begins daemon threads, which may be left behind as it ends
        exits: whether a thread ends the process at once
        signals: whether it sends signals
        processes: whether it starts processes
        asks: whether it asks how a thread does, or does with one what depends on that
        lists: whether it lists or counts its threads
        apart: whether tasks of a pool of threads do what others can notice
        crowded: whether a pool of threads has more tasks than workers
        workers: whether it makes a difference which worker of a pool of threads does a task
        hands_on: whether a thread is done with an item of a queue that another one has got
        registers: whether a thread that is not the main one changes what is called at the end
        mortal: whether a process may be ended from outside, or by one of several threads
        alike: whether it starts threads that are alike
        distinct: whether anything tells them apart
        unknowns: whether it asks for what nobody can tell before a run, such as the time
        cores: whether anything but the size of a pool depends on how many cores there are
        endless: the loops that have made an execution too long, each by its file and line, with
            what is said of that
        grown: whether anything was found out since the search has begun
    """

    daemons: bool = False
    exits: bool = False
    signals: bool = False
    processes: bool = False
    asks: bool = False
    lists: bool = False
    apart: bool = False
    crowded: bool = False
    workers: bool = False
    hands_on: bool = False
    registers: bool = False
    mortal: bool = False
    alike: bool = False
    distinct: bool = False
    unknowns: bool = False
    cores: bool = False
    endless: dict[tuple[str, int], str] = field(default_factory=dict)
    grown: bool = False
