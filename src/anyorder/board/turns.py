"""The turns that the threads of a program can take, as data for a board to play on.

A board plays on numbered nodes, as :class:`anyorder.exploring.Graph` has them. Where it only steps
through outcomes, the nodes of each are a chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from anyorder.exploring import Graph, PossibleOutcome, Step
from anyorder.exploring.words import NOTHING

__all__ = ["Turns", "chained", "followed", "on_graph"]

# what an event says of other threads and of locks: the words are those of the explorer's events
SAYS = re.compile(r"(?P<what>starts|joins|lets go of) (?P<whom>.+)")


@dataclass
class Turns:
    """Nodes, and the events that lead from each to others.

    Args:
        threads: the names of the threads, whose places are their numbers
        edges: for each node the events that can happen next, each with the node that it leads to
        ends: for each node at which the program has ended, the number of its outcome
        goals: the numbers of the outcomes to be reached
    """

    threads: Sequence[str]
    edges: list[list[tuple[dict[str, Any], int]]] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    goals: frozenset[int] = frozenset()

    @cached_property
    def reach(self) -> list[frozenset[int]]:
        """For each node the outcomes that can still be reached from it."""
        found: dict[int, frozenset[int]] = {}
        stack = [*range(len(self.edges))]
        while stack:
            node = stack[-1]
            after = [to for _, to in self.edges[node] if to not in found]
            if after:
                stack += after
                continue
            stack.pop()
            here = {self.ends[node]} if node in self.ends else set()
            found[node] = frozenset(here.union(*(found[to] for _, to in self.edges[node])))
        return [found[node] for node in range(len(self.edges))]

    @cached_property
    def forced(self) -> list[int | None]:
        """For each node the thread whose turn it is without a choice, if there is one.

        It is the only one that can go, or it starts or joins a thread and that decides nothing: all
        that could come of it before still can.
        """
        return [
            edges[0][0]["thread"]
            if len(edges) == 1
            else next(
                (
                    event["thread"]
                    for event, to in edges
                    if {"starts", "joins"} & event.keys() and self.reach[to] == self.reach[node]
                ),
                None,
            )
            for node, edges in enumerate(self.edges)
        ]

    @cached_property
    def distances(self) -> list[int | None]:
        """For each node how many events it is from the goal, or ``None`` where that is lost."""
        found: list[int | None] = [None] * len(self.edges)
        before: dict[int, list[int]] = {}
        for node, edges in enumerate(self.edges):
            for _, to in edges:
                before.setdefault(to, []).append(node)
        queue = [node for node, outcome in self.ends.items() if outcome in self.goals]
        for node in queue:
            found[node] = 0
        for node in queue:
            for earlier in before.get(node, []):
                if found[earlier] is None:
                    found[earlier] = (found[node] or 0) + 1
                    queue.append(earlier)
        return found

    @property
    def players(self) -> list[int]:
        """The threads that a reader has to choose between, from the beginning on."""
        players: set[int] = set()
        seen = [0]
        known = {0}
        for node in seen:
            turn = self.forced[node]
            if self.reach[node] <= self.goals:
                continue  # the game is over
            edges = [each for each in self.edges[node] if turn in {None, each[0]["thread"]}]
            if turn is None:
                players |= {event["thread"] for event, _ in edges}
            seen += {to for _, to in edges} - known
            known |= {to for _, to in edges}
        return sorted(players)

    def event(self, step: Step, printed: str, *, waiting: bool = False) -> dict[str, Any]:
        """Return an event: what it is, and all that it brings about, as far as there is any.

        Args:
            step: the event
            printed: what it prints
            waiting: whether to say which threads wait for what once it has happened
        """
        thread = self.threads.index(step.thread)
        event: dict[str, Any] = {"thread": thread, "line": step.line, "words": step.event}
        said = SAYS.fullmatch(step.event)
        whom = said["whom"] if said else ""
        if said and said["what"] == "lets go of":
            event["frees"] = whom
        elif said and whom in self.threads:
            event[said["what"]] = self.threads.index(whom)
        more = {
            "prints": printed,
            "sets": step.changed,
            "keeps": step.remembers,
            "holds": [lock for lock, holder in step.locks.items() if holder == step.thread],
            "waits": self.waits(step) if waiting else {},
        }
        return event | {name: value for name, value in more.items() if value}

    def waits(self, step: Step) -> dict[str, str]:
        """Return what each thread, by its number, waits for once a step has happened."""
        return {
            str(self.threads.index(thread)): what
            for thread, what in step.waiting.items()
            if thread in self.threads
        }

    def data(self) -> dict[str, Any]:
        """Return the turns as data: each event is there once, and known by its number."""
        events: list[dict[str, Any]] = []
        places: dict[str, int] = {}
        nodes: list[list[int]] = []
        for node, edges in enumerate(self.edges):
            nodes.append([])
            for event, to in edges:
                place = places.setdefault(str(event), len(events))
                if place == len(events):
                    events.append(event)
                nodes[-1] += [place, to - node]  # which is short, and much alike
        content: dict[str, Any] = {
            "threads": [*self.threads],
            "events": events,
            "nodes": nodes,
            "ends": {str(node): outcome for node, outcome in self.ends.items()},
        }
        if self.goals:
            content["forced"] = self.forced
            content["far"] = self.distances
            sure = [node for node, all_of in enumerate(self.reach) if all_of <= self.goals]
            content["sure"] = [after - node for node, after in pairwise([0, *sure])]  # likewise
        return content


def on_graph(threads: Sequence[str], graph: Graph, goals: Iterable[int]) -> Turns:
    """Return the turns on a graph of schedules.

    Raises:
        ValueError: a thread could go on in two ways at once, and a reader names but the thread
    """
    turns = Turns(threads, ends=graph.ends, goals=frozenset(goals))
    for edges in graph.edges:
        if len({edge.step.thread for edge in edges}) < len(edges):
            raise ValueError("one of its threads has two ways to go on, and a board offers one")
        turns.edges.append([(turns.event(edge.step, edge.step.stdout), edge.to) for edge in edges])
    return turns


def chained(
    threads: Sequence[str], chosen: Sequence[PossibleOutcome]
) -> tuple[Turns, list[tuple[int, list[int]]]]:
    """Return the turns of some witnesses, and of each where it begins and whose turn it is."""
    turns = Turns(threads)
    ways = []
    for number, each in enumerate(chosen):
        ways.append((len(turns.edges), [threads.index(step.thread) for step in each.witness]))
        printed = ""
        for step in each.witness:
            event = turns.event(step, step.stdout[len(printed) :], waiting=True)
            turns.edges.append([(event, len(turns.edges) + 1)])
            printed = step.stdout
        turns.ends[len(turns.edges)] = number
        turns.edges.append([])
    return turns, ways


def followed(turns: Turns, witness: Sequence[Step]) -> list[int]:
    """Return whose turn it is at each step of a witness, on the turns of a graph.

    A witness leaves out what shows nothing; the graph has it.

    Raises:
        ValueError: the witness is no way through the graph
    """
    node, taken = 0, []
    for step in witness:
        thread = turns.threads.index(step.thread)
        while True:
            event, node = next(
                (each for each in turns.edges[node] if each[0]["thread"] == thread), ({}, -1)
            )
            if not event:
                raise ValueError(f"its graph has no step in which {step.thread} {step.event}")
            taken.append(thread)
            if event["words"] != NOTHING:
                break
    return taken
