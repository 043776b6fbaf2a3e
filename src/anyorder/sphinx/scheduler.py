"""``{scheduler}``: the reader chooses which thread goes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from anyorder.checking import Program
from anyorder.checking.exploration import schedules
from anyorder.exploring import CannotExplore, Exploration, Graph
from anyorder.sphinx.options import numbers
from anyorder.sphinx.playing import (
    Pack,
    Player,
    element,
    entry_of,
    fewest_first,
    shown,
    threads_of,
)
from anyorder.sphinx.steps import steps_on_demand

__all__ = ["Scheduler", "setup"]

# a graph with more nodes is more than a page should load, and more than a reader wants to play
MOST_NODES = 1_500


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("scheduler", Scheduler)


class Scheduler(Player):
    """Lets the reader play the scheduler of a program.

    The argument is the program. The option ``goal`` names the entries of its outcome file that are
    to be reached, by their numbers, counted from 1; the content says the goal in words.
    """

    option_spec: ClassVar = {"goal": numbers}
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the goal, a way to it, and the graph for a script to play on."""
        program, exploration = self.explore()
        try:
            graph = schedules(program.path, max_nodes=MOST_NODES)
        except CannotExplore as refusal:
            raise self.error(f"{program.path}:1: cannot be scheduled: {refusal}") from None
        wanted = self.entries(program, "goal") if "goal" in self.options else ()
        goals = [
            number
            for number, each in enumerate(exploration.outcomes)
            if entry_of(program, each) in wanted
        ]
        if wanted and not goals:
            raise self.error(f"{program.path}:1: no schedule leads to the goal")
        words, messages = self.parse_inline(" ".join(self.content), lineno=self.lineno)
        best = fewest_first(exploration.outcomes[number] for number in goals)[:1]
        threads = threads_of(exploration.outcomes)
        children = [
            nodes.paragraph("", "", *words, classes=["anyorder-goal"]),
            *messages,
            *_data(program, exploration, graph, goals),
            *(
                node
                for each in best
                for node in steps_on_demand(each, threads, "One way to reach it")
            ),
        ]
        return element("anyorder-scheduler", self.identifier("schedule"), children)


def _data(
    program: Program, exploration: Exploration, graph: Graph, goals: list[int]
) -> list[nodes.Node]:
    """Return the graph as data: its events, and for each node the events that lead on."""
    pack = Pack(threads_of(exploration.outcomes))
    events: list[list[int | list[int]]] = []
    places: dict[str, int] = {}
    ways_on: list[list[int]] = []
    for node, edges in enumerate(graph.edges):
        ways_on.append([])
        for edge in edges:
            event = pack.event(edge.step, edge.step.stdout)
            place = places.setdefault(str(event), len(events))
            if place == len(events):
                events.append(event)
            ways_on[-1] += [place, edge.to - node]
    outcomes = [
        [
            pack.text(shown(each)),
            [
                [pack.threads.index(thread), pack.text(what)]
                for thread, what in each.witness[-1].waiting.items()
            ],
        ]
        for each in exploration.outcomes
    ]
    return [
        pack.data(
            program,
            events=events,
            nodes=ways_on,
            ends={str(node): outcome for node, outcome in graph.ends.items()},
            outcomes=outcomes,
            reachable=[_reachable(each) for each in graph.reachable_on],
            goals=goals,
        )
    ]


def _reachable(on: Mapping[str, Mapping[str, bool]]) -> dict[str, list[str]] | None:
    """Return where builds with a GIL can reach an outcome, and ``None`` where all can."""
    if all(reached for places in on.values() for reached in places.values()):
        return None
    return {version: [to for to in places if places[to]] for version, places in on.items()}
