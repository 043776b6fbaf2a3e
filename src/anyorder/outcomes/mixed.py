"""Real runs in which threads mixed their lines on standard error.

Python writes a traceback piece by piece, and another thread may write between two of them. An
outcome has each traceback in one piece, so a run is held against it by its pieces alone: those of
each line come in their order, and the lines in any. Up to Python 3.12 even a line that is shown of
the source is written in pieces, and so is what underlines it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anyorder.outcomes.tracebacks import FRAME, HEADER, MARGIN

__all__ = ["Written", "is_mixed"]

FAILED = re.compile(r"(Exception in thread )(.*)(:\n)")
BEGINS = re.compile(rf"Exception in thread |{re.escape(HEADER)}|  \+ Exception Group ")
TOKEN = re.compile(r"\w+|(?P<sign>[^\w\s])(?P=sign)*")
SPACE = re.compile(r"\s*")
UNDERLINE = "^~"
LEFT = "|"  # what an exception group draws to the left of its tracebacks
MOST_STATES = 20_000  # that are looked at before a run is taken for none of an outcome's

Lane = tuple[str, ...]  # the pieces of a line, in their order
State = tuple[tuple[int, int], ...]  # of each lane, by its number, how much has been written


@dataclass(frozen=True, slots=True)
class Written:
    """What a real run wrote to standard error, in the order in which it came.

    Args:
        text: the text, less the library's frames, and the source lines that stand below their frame
        sources: the source lines that stand elsewhere, since others wrote in between
    """

    text: str
    sources: tuple[str, ...] = ()


def is_mixed(written: Written, stderr: str) -> bool:
    """Tell whether a run wrote just the pieces that an outcome has, some of them between others.

    One that wrote each traceback in one piece is not mixed, in whatever order they came.

    Args:
        written: what the run wrote
        stderr: standard error of the outcome, with each traceback in one piece
    """
    if _is_whole(written, stderr):
        return False
    lanes = [_pieces(line) for line in stderr.splitlines(keepends=True)]
    lanes += [(source,) for source in written.sources]
    drawn = UNDERLINE + LEFT * any(MARGIN.match(line)[0] for line in stderr.splitlines())  # type: ignore[index] # always matches
    kinds = [*dict.fromkeys(filter(None, lanes))]
    begin = tuple(sorted((kinds.index(lane), 0) for lane in lanes if lane))
    waiting: list[tuple[int, State]] = [(0, begin)]
    seen = set(waiting)
    while waiting and len(seen) < MOST_STATES:
        place, state = waiting.pop()
        place = SPACE.match(written.text, place).end()  # type: ignore[union-attr] # always matches
        if place == len(written.text) and not state:
            return True
        for following in _following(written.text, place, state, kinds, drawn):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _is_whole(written: Written, stderr: str) -> bool:
    """Tell whether what an outcome has was written in another order of whole tracebacks alone."""
    return not written.sources and sorted(_wholes(written.text)) == sorted(_wholes(stderr))


def _wholes(text: str) -> Iterator[str]:
    """Yield a text in parts, each of which begins with a traceback, save perhaps the first."""
    part, before = "", "\n"
    for line in text.splitlines(keepends=True):
        if BEGINS.match(line) and before != "\n" and not FAILED.fullmatch(before):
            yield part
            part = ""
        part += line
        before = line
    yield part


def _following(
    text: str, place: int, state: State, kinds: list[Lane], drawn: str
) -> Iterator[tuple[int, State]]:
    """Yield how a text may go on, the likeliest last: the longest piece that stands there.

    Args:
        text: the text
        place: where it goes on
        state: what has been written of each line
        kinds: the lines
        drawn: characters that are no piece of a line
    """
    if text[place : place + 1] in drawn and place < len(text):
        yield place + 1, state
    fitting = [
        (number, written)
        for number, written in dict.fromkeys(state)
        if text.startswith(kinds[number][written], place)
    ]
    for number, written in sorted(fitting, key=lambda each: len(kinds[each[0]][each[1]])):
        left = [*state]
        left.remove((number, written))
        if written + 1 < len(kinds[number]):
            left.append((number, written + 1))
        yield place + len(kinds[number][written]), tuple(sorted(left))


def _pieces(line: str) -> Lane:
    """Return the pieces in which a line may be written, without what may stand before each."""
    text = MARGIN.sub("", line, count=1)
    if FRAME.match(text):
        return (text.lstrip(),)
    if failed := FAILED.fullmatch(text):
        return tuple(filter(None, (failed[1], failed[2].strip(), failed[3])))
    before, header, _ = text.partition(HEADER)
    tokens = [found[0] for found in TOKEN.finditer(before)]
    return (*tokens, *([f"{header}\n"] if header else []))
