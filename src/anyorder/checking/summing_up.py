"""Many outcomes summed up by few patterns, each of which stands for just what it sums up.

A person writes "these lines in any order", and "the pieces of these lines, interleaved". The same
is found here: outcomes that print the same whole lines are one group, and so are those in which the
same pieces break each other's lines. What a pattern of a group could be is guessed from them. Then
it is proved: written down and read again, the pattern has to stand for the outcomes of the group,
no more and no fewer, less those that entries before it take. A group without such a pattern is left
as it is, an entry for each outcome.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations
from operator import itemgetter
from typing import Any

from anyorder.checking.expectations import speaks_with, texts_left
from anyorder.exploring import Writes
from anyorder.outcomes import MOST_TEXTS, Conditions, Outcome, OutcomeFile, UncountableError
from anyorder.outcomes.patterns import Interleaved, Piece
from anyorder.outcomes.written import as_parts, as_toml

__all__ = ["Member", "Parts", "Summary", "breaks_lines", "summed_up"]

# so many outcomes are read one by one
HANDFUL = 5
# a pattern may stand for so many times as many texts as there are outcomes: earlier entries take
# some of its texts, and as it is listed some of them come up more than once
FACTOR = 10
# lines that change places with each other: whether one of them is always first is asked of each two
MOST_LINES = 40

Parts = list[Any]  # of a pattern, as ``tomllib`` gives them
Label = tuple[Any, int]  # a line or a lane, and a number
Lanes = tuple[tuple[str, ...], ...]  # the pieces of each thread, whichever thread it is


@dataclass(frozen=True)
class Member:
    """An outcome that may be summed up with others.

    Args:
        outcome: what it comes to
        writes: the pieces in which it was printed, and nothing where they are not known
        when: the settings that its entry speaks of
        apart: members that differ in this are not summed up with each other
    """

    outcome: Outcome
    writes: Writes = ()
    when: Conditions = Conditions()  # noqa: RUF009 - it does not change
    apart: Hashable = None

    @property
    def end(self) -> tuple[Hashable, ...]:
        """All that is seen of the outcome but what it prints."""
        return self.outcome.stderr, self.outcome.exit, self.outcome.ends


@dataclass(frozen=True)
class Summary:
    """Outcomes that one entry stands for.

    Args:
        members: the outcomes
        stdout: the parts of the entry's pattern; nothing for an outcome that stands for itself
    """

    members: tuple[Member, ...]
    stdout: Parts | None = None


def summed_up(members: Sequence[Member], file: OutcomeFile) -> list[Summary]:
    """Return outcomes, summed up where they are many, in the order that their entries need.

    Args:
        members: the outcomes, none of which is covered where it is to be
        file: the entries that stand before theirs
    """
    if len(members) <= HANDFUL:
        return [Summary((member,)) for member in members]
    proof = _Proof(file, FACTOR * len(members))
    broken = [breaks_lines(member.writes) for member in members]
    alike = _groups(members, lambda member: (member.end, member.when, _lanes(member)))
    first: list[Summary] = []
    last: list[Summary] = []  # what stands for broken lines stands for whole ones too
    for breaks in (False, True):
        some = [member for member, each in zip(members, broken, strict=True) if each is breaks]
        for group in _groups(some, _broken_kind if breaks else _whole_kind).values():
            parts = None
            if len(group) > 1 and breaks:
                one = group[0]
                parts = _pieces(alike[one.end, one.when, _lanes(one)])
            elif len(group) > 1:
                parts = _whole_lines(group)
            if parts is None or not proof.holds(parts, group):
                first += [Summary((member,)) for member in group]
            else:
                (last if breaks else first).append(Summary(tuple(group), parts))
            proof.take(group)
    return first + last


def breaks_lines(writes: Writes) -> bool:
    """Tell whether threads printed into each other's lines."""
    writer, ended = -1, True
    for thread, text in writes:
        if not ended and thread != writer:
            return True
        writer, ended = thread, text.endswith("\n")
    return False


class _Proof:
    """Tells whether patterns stand for what they sum up.

    Args:
        file: the entries that stand before all of theirs
        most: how many texts are too many to list
    """

    def __init__(self, file: OutcomeFile, most: int) -> None:
        self.file = file
        self.most = MOST_TEXTS if file.entries else min(most, MOST_TEXTS)
        self.taken: dict[Hashable, dict[Conditions, set[str]]] = {}

    def take(self, group: Iterable[Member]) -> None:
        """Note that entries stand for the outcomes of a group."""
        for member in group:
            here = self.taken.setdefault(member.end, {})
            here.setdefault(member.when, set()).add(member.outcome.stdout)

    def holds(self, parts: Parts, group: Sequence[Member]) -> bool:
        """Tell whether an entry stands for the outcomes of a group, no more and no fewer."""
        one = group[0]
        lines = ["[[outcome]]", 'grade = "usual"', f"stdout = {as_toml(parts)}"]
        lines.append(f"stderr = {as_toml(as_parts(one.outcome.stderr))}")
        [read] = OutcomeFile.parse(self.file.path, "\n".join(lines)).entries
        entry = replace(
            read,
            number=len(self.file.entries) + 1,
            exit=one.outcome.exit,
            ends=one.outcome.ends,
            when=one.when,
        )
        file = replace(self.file, entries=(*self.file.entries, entry))
        try:
            left = texts_left(file, entry, speaks_with(entry), self.most)
        except UncountableError:
            return False
        for when, texts in self.taken.get(one.end, {}).items():
            if when.met_wherever(one.when):
                left -= texts
        return left == {member.outcome.stdout for member in group}


def _groups(
    members: Iterable[Member], kind: Callable[[Member], Hashable]
) -> dict[Hashable, list[Member]]:
    groups: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        groups[kind(member)].append(member)
    return groups


def _whole_kind(member: Member) -> Hashable:
    return member.end, member.when, member.apart, tuple(sorted(_lines(member.outcome.stdout)))


def _broken_kind(member: Member) -> Hashable:
    return member.end, member.when, member.apart, _lanes(member)


def _lanes(member: Member) -> Lanes:
    """Return the pieces that each thread has printed."""
    return tuple(sorted(map(tuple, _by_thread(member.writes).values())))


def _by_thread(writes: Writes) -> dict[int, list[str]]:
    lanes: dict[int, list[str]] = defaultdict(list)
    for thread, text in writes:
        lanes[thread].append(text)
    return lanes


def _segments(orders: Sequence[Sequence[Label]]) -> Iterator[tuple[int, int]]:
    """Yield where to cut so that what stands before a cut is the same in all orders of labels."""
    latest: dict[Label, int] = {}
    for order in orders:
        for place, label in enumerate(order):
            latest[label] = max(place, latest.get(label, 0))
    start = farthest = 0
    for place, label in enumerate(orders[0]):
        farthest = max(farthest, latest[label])
        if farthest == place:
            yield start, place + 1
            start = place + 1


def _exactly(text: str) -> Parts:
    """Return the parts for a text that is always the same."""
    lines = _lines(text)
    rest = [{"interleaved": [[lines.pop()]]}] if lines and not lines[-1].endswith("\n") else []
    return [line.removesuffix("\n") for line in lines] + rest


# -- whole lines ------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    """Return the lines of a text, each with its end where it has one."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _whole_lines(group: Sequence[Member]) -> Parts:
    """Return the pattern that outcomes of the same whole lines may have."""
    orders = [_numbered(_lines(member.outcome.stdout)) for member in group]
    first = [line for line, _ in orders[0]]
    parts: Parts = []
    for start, stop in _segments(orders):
        if stop - start == 1:
            parts += _exactly(first[start])
            continue
        before = len("".join(first[:start]))
        length = len("".join(first[start:stop]))
        candidates: Parts = []
        if all(line.endswith("\n") for line in first[start:stop]):
            lines = [line.removesuffix("\n") for line in first[start:stop]]
            candidates.append({"any_order": lines})
        if stop - start <= MOST_LINES:
            candidates.append({"interleaved": _chains([each[start:stop] for each in orders])})
        candidates.append({"interleaved": _printed(group[0].writes, before, before + length)})
        texts = {"".join(line for line, _ in each[start:stop]) for each in orders}
        parts.append(_narrowest(candidates, texts))
    return parts


def _numbered(lines: Iterable[str]) -> list[tuple[str, int]]:
    """Return lines, each with how many of the same there are before it."""
    seen: dict[str, int] = defaultdict(int)
    labels = []
    for line in lines:
        labels.append((line, seen[line]))
        seen[line] += 1
    return labels


def _chains(orders: Sequence[Sequence[tuple[str, int]]]) -> list[list[str]]:
    """Return lines in sequences: those of one keep their order, those of different ones do not.

    There are none where lines keep an order that is no such sequence.
    """
    places = [{label: place for place, label in enumerate(order)} for order in orders]
    bound: dict[tuple[str, int], set[tuple[str, int]]] = {label: {label} for label in orders[0]}
    for one, other in combinations(orders[0], 2):
        if all(place[one] < place[other] for place in places):
            bound[one].add(other)
            bound[other].add(one)
    chains = {
        frozenset(members): [line for line, _ in sorted(members, key=places[0].__getitem__)]
        for members in bound.values()
    }
    return list(chains.values()) if sum(map(len, chains)) == len(bound) else []


def _printed(writes: Writes, start: int, stop: int) -> list[list[str]]:
    """Return what each thread has printed between two places of a text; it has not to be a line.

    Pieces of a line are put together. There is nothing where a piece goes beyond.
    """
    lanes: dict[int, list[str]] = defaultdict(list)
    place = 0
    for thread, text in writes:
        if start <= place < stop:
            if place + len(text) > stop:
                return []
            lane = lanes[thread]
            if lane and not lane[-1].endswith("\n"):
                lane[-1] += text
            else:
                lane.append(text)
        place += len(text)
    return [*lanes.values()]


def _narrowest(candidates: Parts, texts: set[str]) -> object:
    """Return which of some parts stands for the fewest texts, these among them.

    Where none does, it is the first: it will not hold.
    """
    found: list[tuple[int, object]] = []
    for part in candidates:
        [(_, members)] = part.items()
        sequences = [[f"{each}\n"] if isinstance(each, str) else each for each in members]
        pieces = Interleaved(tuple(tuple(map(Piece.with_wildcards, each)) for each in sequences))
        with suppress(UncountableError):
            listed = pieces.texts(FACTOR * len(texts))
            if listed >= texts:
                found.append((len(listed), part))
    return min(found, key=itemgetter(0), default=(0, candidates[0]))[1]


# -- broken lines -----------------------------------------------------------------------------


def _pieces(group: Sequence[Member]) -> Parts:
    """Return the pattern that outcomes of the same pieces may have."""
    lanes = _lanes(group[0])
    orders = [_numbered_pieces(member.writes) for member in group]
    parts: Parts = []
    always = ""  # what has been printed since the last part
    for start, stop in _segments(orders):
        numbers: dict[int, list[str]] = defaultdict(list)
        for lane, number in sorted(orders[0][start:stop]):
            numbers[lane].append(lanes[lane][number])
        if len(numbers) == 1:
            [texts] = numbers.values()
            always += "".join(texts)
        else:
            parts += [*_exactly(always), {"interleaved": [*numbers.values()]}]
            always = ""
    return parts + _exactly(always)


def _numbered_pieces(writes: Writes) -> list[tuple[int, int]]:
    """Return for each piece the number of its thread among the lanes, and its own among these."""
    lanes = _by_thread(writes)
    ranks = {thread: n for n, thread in enumerate(sorted(lanes, key=lambda each: lanes[each]))}
    seen: dict[int, int] = defaultdict(int)
    labels = []
    for thread, _ in writes:
        labels.append((ranks[thread], seen[thread]))
        seen[thread] += 1
    return labels
