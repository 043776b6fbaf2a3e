"""The graph of all schedules, made of the explored traces without running anything.

Its nodes are prefixes of traces: sets of events that are closed under "comes before". Two traces
share a node where they share the events. An event is known by its thread and the events before it,
so an event that reads another value is another event; and all these by the last one of each thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyorder.exploring.refusal import TooLarge

if TYPE_CHECKING:
    from anyorder.exploring.search.traces import Trace

__all__ = ["Paths"]


class Paths:
    """The graph of traces, with its nodes and events as numbers.

    Args:
        program: the name of the program's file, for messages
        most: how many nodes it may have

    Attributes:
        edges: for each node, the events that can happen next, each with the node it leads to
        ends: for each node where a trace ends, the number of the outcome
        traces: the traces, in the order in which they were added
        sources: for each event, a trace that has it, by its number, and its number in that trace
    """

    def __init__(self, program: str, most: int) -> None:
        self.program = program
        self.most = most
        self.nodes: dict[tuple[int, ...], int] = {(): 0}
        self.edges: list[dict[int, int]] = [{}]
        self.ends: dict[int, int] = {}
        self.events: dict[tuple[int, frozenset[int]], int] = {}
        self.sources: list[tuple[int, int]] = []
        self.traces: list[Trace] = []

    def add(self, trace: Trace) -> None:
        """Add all prefixes of a trace.

        Raises:
            TooLarge: where the graph would have more nodes than it may
        """
        by_thread = trace.by_thread()
        names = self.names_of(trace)
        # with those that do nothing in this trace
        lanes = [by_thread.get(thread, []) for thread in range(max(by_thread, default=-1) + 1)]
        everything = (1 << len(trace.threads)) - 1
        seen = {0: 0}
        # of each prefix, as bits, and of each thread: how many events have happened, and the last
        stack = [(0, [0] * len(lanes), [-1] * len(lanes))]
        while stack:
            done, counts, lasts = stack.pop()
            edges = self.edges[seen[done]]
            for thread, lane in enumerate(lanes):
                if counts[thread] == len(lane):
                    continue
                number = lane[counts[thread]]
                if trace.pasts[number] & ~done != 1 << number:
                    continue
                after = done | 1 << number
                if after not in seen:
                    longer, following = counts.copy(), lasts.copy()
                    longer[thread] += 1
                    following[thread] = names[number]
                    seen[after] = self.node(following)
                    stack.append((after, longer, following))
                edges[names[number]] = seen[after]
        self.ends[seen[everything]] = trace.outcomes[0]

    def names_of(self, trace: Trace) -> list[int]:
        """Return the number, in the whole graph, of each event of a trace."""
        names: list[int] = []
        lanes = [sum(1 << number for number in lane) for lane in trace.by_thread().values()]
        for number, (thread, past) in enumerate(zip(trace.threads, trace.pasts, strict=True)):
            before = past & ~(1 << number)
            lasts = [(before & lane).bit_length() - 1 for lane in lanes if before & lane]
            key = (thread, frozenset(names[one] for one in lasts))
            if key not in self.events:
                self.events[key] = len(self.sources)
                self.sources.append((len(self.traces), number))
            names.append(self.events[key])
        self.traces.append(trace)
        return names

    def node(self, lasts: list[int]) -> int:
        """Return the number of a node.

        Args:
            lasts: for each thread its last event there, and -1 where it has none
        """
        end = len(lasts)
        while end and lasts[end - 1] == -1:  # a node has one name, whichever trace it is in
            end -= 1
        key = tuple(lasts[:end])
        found = self.nodes.get(key)
        if found is None:
            if len(self.nodes) >= self.most:
                raise TooLarge(
                    self.program,
                    None,
                    f"the graph of its schedules has more than {self.most:,} nodes",
                )
            found = self.nodes[key] = len(self.edges)
            self.edges.append({})
        return found

    def interleavings(self, outcomes: int) -> tuple[int, ...]:
        """Return how many ways lead from the beginning to each of so many outcomes."""
        totals = [0] * outcomes
        ways = [0] * len(self.edges)
        ways[0] = 1
        for node in self.in_order():
            if node in self.ends:
                totals[self.ends[node]] += ways[node]
            for after in self.edges[node].values():
                ways[after] += ways[node]
        return tuple(totals)

    def in_order(self) -> list[int]:
        """Return the nodes so that each comes after those that lead to it."""
        entries = [0] * len(self.edges)
        for following in self.edges:
            for after in following.values():
                entries[after] += 1
        ready, order = [0], []
        while ready:
            node = ready.pop()
            order.append(node)
            for after in self.edges[node].values():
                entries[after] -= 1
                if not entries[after]:
                    ready.append(after)
        return order
