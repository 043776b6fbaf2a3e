"""Traces that are images of one another, where threads that are alike change places.

The starts of threads that are alike come one right after another, and so do their joins. A start
puts nothing in order but what its own thread does after it, and a join nothing but what its thread
does before it and its starter after it. So a trace is known by all its other events: an event is after
a start or a join where, in the order of their thread, it comes later, or is one of a thread started
by then. And whatever place of the other events each thread of a family takes, that is a trace.

With the other events, how threads stand to each other is a graph: each thread of a family is a
vertex, colored by how its events lie to those of other threads, and from each to each there is an
edge, colored by how many events of one come before each event of the other. Two traces are images
of one another where these graphs are isomorphic. That is found out as in canonical labelling
(McKay, "Practical graph isomorphism", Congressus Numerantium 30, 1981): colors are refined; where
some are still alike, each in turn is singled out; and the smallest of all graphs stands for all.
How often that is found is the number of automorphisms, and the number of images is the number of
ways to change places over that (orbits and stabilisers).
"""  # noqa: E501

from __future__ import annotations

import marshal
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import factorial, prod
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.alike import joined_by, started_by
from anyorder.exploring.engine.events import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anyorder.exploring.engine.alike import Family
    from anyorder.exploring.engine.events import Event

__all__ = ["Kin", "Orbit"]


@dataclass(frozen=True, slots=True)
class Kin:
    """The threads of one execution that are alike.

    Args:
        families: the numbers of the threads of each family
        starts: for each event that starts a thread, by number, that one
        joins: for each event that joins a thread, by number, that one
    """

    families: tuple[tuple[int, ...], ...]
    starts: dict[int, int]
    joins: dict[int, int]

    @classmethod
    def of(cls, families: Sequence[Family], events: Sequence[Event]) -> Kin:
        """Return what an execution says of them.

        Args:
            families: its families
            events: its events
        """
        starts, joins = {}, {}
        for number, event in enumerate(events):
            if event.kind.role is Role.STARTS:
                starts[number] = started_by(event)
            elif event.kind.role is Role.JOINS:
                joins[number] = joined_by(event)
        return cls(tuple(tuple(family.tids) for family in families), starts, joins)


class Orbit:
    """All images of a trace.

    Args:
        kin: the threads that are alike
        threads: for each event of the trace, the number of its thread
        pasts: for each event, as bits, the events that come before it, and itself

    Attributes:
        size: how many there are
        key: what they have in common, and no other trace has
    """

    def __init__(self, kin: Kin, threads: Sequence[int], pasts: Sequence[int]) -> None:
        self.kin = kin
        self.threads = threads
        self.pasts = pasts
        self.left_out = 0
        for number in (*kin.starts, *kin.joins):
            self.left_out |= 1 << number
        self.members = [tid for family in kin.families for tid in family]
        self.rest, self.colors, self.edges = self.graph()
        smallest, times = smallest_of(self.colors, self.edges)
        self.size = prod(factorial(len(family)) for family in kin.families) // times
        self.key = marshal.dumps((kin.families, self.rest, smallest), 2)

    def graph(self) -> tuple[Any, list[Any], list[list[Any]]]:
        """Return what is the same in all images, and the graph of what changes places."""
        lanes: dict[int, int] = dict.fromkeys(self.members, 0)
        numbers: dict[int, list[int]] = {tid: [] for tid in self.members}
        for number, tid in enumerate(self.threads):
            if not self.left_out >> number & 1:
                lanes[tid] = lanes.get(tid, 0) | 1 << number
                numbers.setdefault(tid, []).append(number)
        others = sorted(lanes.keys() - self.members)

        def counts(one: int, other: int) -> tuple[int, ...]:
            """Return, for each event of a thread, how many of another one come before it."""
            lane = lanes[other]
            return tuple([(self.pasts[number] & lane).bit_count() for number in numbers[one]])

        rest = tuple((one, other, counts(one, other)) for one in others for other in others)
        colors = [
            (number, *((counts(tid, other), counts(other, tid)) for other in others))
            for number, family in enumerate(self.kin.families)
            for tid in family
        ]
        edges = [[counts(one, other) for other in self.members] for one in self.members]
        return rest, colors, edges

    def ways(self) -> int:
        """Return in how many ways ``images`` looks for them, not fewer than there are."""
        kinds = self.kinds
        return prod(
            factorial(len(family))
            // prod(map(factorial, Counter(kinds[one] for one in family).values()))
            for family in self.families
        )

    @cached_property
    def families(self) -> list[list[int]]:
        """Return the threads of each family, as they are numbered among all that are alike."""
        places = iter(range(len(self.members)))
        return [[next(places) for _ in family] for family in self.kin.families]

    @cached_property
    def kinds(self) -> list[int]:
        """Return for each thread the first of those with which it can change places alone."""
        kinds: list[int] = []
        for one, color in enumerate(self.colors):
            first = (
                other
                for other in dict.fromkeys(kinds)
                if self.colors[other] == color and twins(one, other, self.edges)
            )
            kinds.append(next(first, one))
        return kinds

    def images(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield each image of the trace: for each event its thread, and what comes before it."""
        seen = set()
        kinds, families = self.kinds, self.families
        for ways in product(*(orders([kinds[one] for one in family]) for family in families)):
            takes: dict[int, int] = {}
            for family, way in zip(families, ways, strict=True):
                left = {kind: [one for one in family if kinds[one] == kind] for kind in way}
                for place, kind in zip(family, way, strict=True):
                    takes[self.members[left[kind].pop(0)]] = self.members[place]
            by_place = sorted(range(len(kinds)), key=lambda one: takes[self.members[one]])
            key = (
                tuple(self.colors[one] for one in by_place),
                tuple(self.edges[one][other] for one in by_place for other in by_place),
            )
            if key not in seen:
                seen.add(key)
                yield self.image(takes)

    def image(self, takes: dict[int, int]) -> tuple[list[int], list[int]]:
        """Return the image in which each thread takes the place of another one."""
        started = {tid: number for number, tid in self.kin.starts.items()}
        threads = [takes.get(tid, tid) for tid in self.threads]
        before: list[int] = []
        lasts: dict[int, int] = {}
        for number, tid in enumerate(self.threads):
            past = 0
            if number not in self.kin.joins:
                past = self.pasts[number] & ~self.left_out & ~(1 << number)
            if tid in lasts:
                past |= 1 << lasts[tid]
            if threads[number] in started:
                past |= 1 << started[threads[number]]
            lasts[tid] = number
            before.append(past)
        ends = {takes.get(tid, tid): last for tid, last in lasts.items()}
        for number, tid in self.kin.joins.items():
            if tid in ends:
                before[number] |= 1 << ends[tid]
        return in_order(threads, before)


def orders(kinds: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield each order in which things can stand, of which those of one kind are the same."""
    if not kinds:
        yield ()
    for kind in dict.fromkeys(kinds):
        at = kinds.index(kind)
        for rest in orders([*kinds[:at], *kinds[at + 1 :]]):
            yield (kind, *rest)


def in_order(threads: list[int], before: list[int]) -> tuple[list[int], list[int]]:
    """Return events in an order in which they can happen, with all that comes before each.

    Args:
        threads: for each event, the number of its thread
        before: for each, as bits, at least those that come right before it
    """
    left = list(range(len(threads)))
    done = 0
    places: dict[int, int] = {}
    pasts: list[int] = []
    while left:
        waiting = []
        for number in left:
            if before[number] & ~done:
                waiting.append(number)
                continue
            past = 1 << len(pasts)
            earlier = before[number]
            while earlier:
                one = earlier.bit_length() - 1
                past |= pasts[places[one]]
                earlier ^= 1 << one
            places[number] = len(pasts)
            pasts.append(past)
            done |= 1 << number
        left = waiting
    return [threads[number] for number in places], pasts


def smallest_of(colors: list[Any], edges: list[list[Any]]) -> tuple[Any, int]:
    """Return the smallest of all isomorphic graphs, and how many ways lead to it.

    Args:
        colors: that of each vertex
        edges: that of the edge from each vertex to each
    """
    found: dict[Any, int] = {}

    def search(ranks: list[int], times: int) -> None:
        ranks = refined(ranks, edges)
        cells: dict[int, list[int]] = {}
        for vertex, rank in enumerate(ranks):
            cells.setdefault(rank, []).append(vertex)
        cell = next((cells[rank] for rank in sorted(cells) if len(cells[rank]) > 1), None)
        if cell is None:
            order = sorted(range(len(ranks)), key=ranks.__getitem__)
            graph = (
                tuple(colors[one] for one in order),
                tuple(edges[one][other] for one in order for other in order),
            )
            found[graph] = found.get(graph, 0) + times
            return
        tried: dict[int, int] = {}
        for vertex in cell:
            twin = next((one for one in tried if twins(one, vertex, edges)), vertex)
            tried[twin] = tried.get(twin, 0) + 1
        for vertex, alike in tried.items():
            singled = [2 * rank + 1 for rank in ranks]
            singled[vertex] -= 1
            search(singled, times * alike)

    known = {color: rank for rank, color in enumerate(sorted(set(colors)))}
    search([known[color] for color in colors], 1)
    smallest = min(found)
    return smallest, found[smallest]


def refined(ranks: list[int], edges: list[list[Any]]) -> list[int]:
    """Tell vertices apart by their edges, as long as that tells more of them apart."""
    count = range(len(ranks))
    kinds = len(set(ranks))
    while kinds < len(ranks):
        signs = [
            (
                ranks[one],
                tuple(sorted((ranks[two], edges[one][two], edges[two][one]) for two in count)),
            )
            for one in count
        ]
        order = {sign: rank for rank, sign in enumerate(sorted(set(signs)))}
        ranks = [order[sign] for sign in signs]
        if len(order) == kinds:
            break
        kinds = len(order)
    return ranks


def twins(one: int, other: int, edges: list[list[Any]]) -> bool:
    """Whether two vertices of one color can change places, and nothing else need to."""
    return edges[one][other] == edges[other][one] and all(
        edges[one][third] == edges[other][third] and edges[third][one] == edges[third][other]
        for third in range(len(edges))
        if third not in {one, other}
    )
