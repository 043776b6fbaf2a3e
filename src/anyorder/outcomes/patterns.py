r"""What an entry says of a text: parts in sequence, some of them in any order.

A pattern is matched by the set of positions that it can reach in the text. Each part takes the
positions where the parts before it can end to those where it can end itself, so that no part ever
lists the orders that it stands for: two interleaved sequences of 200 pieces are a walk over a grid
of at most 201 by 201 points, not over 10\ :sup:`119` texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Protocol, Self

__all__ = [
    "MOST_TEXTS",
    "AnyLines",
    "Exact",
    "Interleaved",
    "Part",
    "Pattern",
    "Piece",
    "UncountableError",
]

WILDCARD = "..."

# a pattern that stands for more texts is matched, and not listed: no set that is explored has more
MOST_TEXTS = 50_000

# of each sequence that is being interleaved: its number, and how many of its pieces have been taken
State = tuple[tuple[int, int], ...]


class UncountableError(ValueError):
    """A pattern stands for texts without end, or for more of them than was asked for."""


class Part(Protocol):
    """One part of a pattern."""

    def written(self) -> str:
        """Return one text that stands for all of the part's, with ``...`` for its gaps."""

    def ends(self, text: str, starts: Iterable[int]) -> set[int]:
        """Return every position of ``text`` at which the part can end.

        Args:
            text: the whole text
            starts: the positions at which the part may begin, one at least
        """

    def texts(self, most: int) -> set[str]:
        """Return every text that the part stands for.

        Raises:
            UncountableError: the part has a wildcard, or there are more than about ``most`` texts
        """


@dataclass(frozen=True, slots=True)
class Piece:
    """A text with gaps, each of which stands for anything within a line.

    Args:
        fragments: the text before, between and after the gaps; one fragment is a text without a gap
    """

    fragments: tuple[str, ...]

    @classmethod
    def with_wildcards(cls, text: str) -> Self:
        """Read ``text``, in which ``...`` is a gap."""
        return cls(tuple(text.split(WILDCARD)))

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Yield the positions of ``text`` at which the piece can end if it begins at ``start``."""
        first, *others = self.fragments
        if not text.startswith(first, start):
            return
        ends = [start + len(first)]
        for fragment in others:
            # what follows the nearest end on its line follows the farther ones too
            gap = min(ends)
            line_end = text.find("\n", gap)
            farthest = line_end if line_end >= 0 else len(text)
            ends = [
                found + len(fragment)
                for found in range(gap, farthest + 1)
                if text.startswith(fragment, found)
            ]
            if not ends:
                return
        yield from ends

    def written(self) -> str:
        """Return the text with ``...`` for its gaps."""
        return WILDCARD.join(self.fragments)

    def text(self) -> str:
        """Return the one text that the piece stands for.

        Raises:
            UncountableError: there is a gap in it
        """
        if len(self.fragments) > 1:
            raise UncountableError(
                f"{WILDCARD.join(self.fragments)!r} stands for texts without end"
            )
        return self.fragments[0]


@dataclass(frozen=True, slots=True)
class Exact:
    """One piece, as it is."""

    piece: Piece

    def written(self) -> str:
        """Return the piece as it is written."""
        return self.piece.written()

    def ends(self, text: str, starts: Iterable[int]) -> set[int]:
        """Return where the piece can end."""
        return {end for start in starts for end in self.piece.ends(text, start)}

    def texts(self, most: int) -> set[str]:  # noqa: ARG002 - one text is never too many
        """Return the text itself."""
        return {self.piece.text()}


@dataclass(frozen=True, slots=True)
class AnyLines:
    """Any number of whole lines."""

    def written(self) -> str:
        """Return a line ``...``."""
        return WILDCARD + "\n"

    def ends(self, text: str, starts: Iterable[int]) -> set[int]:
        """Return every start, and every beginning of a line after the first."""
        starts = set(starts)
        first = min(starts)
        lines = {match.end() for match in re.finditer("\n", text) if match.end() > first}
        return starts | lines | {len(text)}

    def texts(self, most: int) -> set[str]:  # noqa: ARG002 - one is too many
        """Refuse: there is no end of them."""
        raise UncountableError(f"a line {WILDCARD!r} stands for texts without end")


@dataclass(frozen=True, slots=True)
class Interleaved:
    """Sequences of pieces in any interleaving, each sequence in its own order.

    Nothing is added between the pieces, no line's end either. Lines in any order are sequences of
    one piece each.
    """

    sequences: tuple[tuple[Piece, ...], ...]

    def written(self) -> str:
        """Return the sequences one after the other."""
        return "".join(piece.written() for sequence in self.sequences for piece in sequence)

    def ends(self, text: str, starts: Iterable[int]) -> set[int]:
        """Return where the last piece can end."""
        states = {(start, self._begin()) for start in starts}
        for _ in range(sum(map(len, self.sequences))):
            states = {
                (end, rest)
                for position, state in states
                for piece, rest in self._next(state)
                for end in piece.ends(text, position)
            }
        return {position for position, _ in states}

    def texts(self, most: int) -> set[str]:
        """Return the text of every interleaving."""
        states = {("", self._begin())}
        for _ in range(sum(map(len, self.sequences))):
            states = {
                (text + piece.text(), rest)
                for text, state in states
                for piece, rest in self._next(state)
            }
            if len(states) > most:
                raise UncountableError(f"it stands for more than {most} texts, too many to list")
        return {text for text, _ in states}

    def _begin(self) -> State:
        # equal sequences go by one number, so that states which differ only in which of them is
        # ahead are one state
        return tuple(sorted((self.sequences.index(sequence), 0) for sequence in self.sequences))

    def _next(self, state: State) -> Iterator[tuple[Piece, State]]:
        """Yield each piece that can come next, with the state that follows it."""
        for place, (which, taken) in enumerate(state):
            if taken < len(self.sequences[which]) and state[place + 1 : place + 2] != (
                state[place],
            ):
                rest = (*state[:place], (which, taken + 1), *state[place + 1 :])
                yield self.sequences[which][taken], rest


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts in sequence, which together stand for whole texts."""

    parts: tuple[Part, ...]

    def written(self) -> str:
        """Return one text that stands for all of the pattern's, with ``...`` for its gaps."""
        return "".join(part.written() for part in self.parts)

    def matches(self, text: str) -> bool:
        """Tell whether the whole of ``text`` is one that the pattern stands for."""
        positions = {0}
        for part in self.parts:
            positions = part.ends(text, positions)
            if not positions:
                return False
        return len(text) in positions

    def begins(self, text: str) -> bool:
        """Tell whether some text that the pattern stands for begins with ``text``.

        Where the pattern cannot be listed, ``text`` has to be nothing, or the whole of one.
        """
        try:
            return any(whole.startswith(text) for whole in self.texts(MOST_TEXTS))
        except UncountableError:
            return not text or self.matches(text)

    def texts(self, most: int = MOST_TEXTS) -> set[str]:
        """Return every text that the pattern stands for.

        Args:
            most: how many texts are too many to list

        Raises:
            UncountableError: there is a wildcard in the pattern, or more than about ``most`` texts
        """
        texts = {""}
        for part in self.parts:
            ends = part.texts(most)
            if len(texts) * len(ends) > most:
                raise UncountableError(f"it stands for more than {most} texts, too many to list")
            texts = {text + end for text, end in product(texts, ends)}
        return texts
