"""What a run wrote to standard error, where threads may have mixed their lines."""

from __future__ import annotations

import linecache
import re

from anyorder.outcomes.mixed import Written
from anyorder.outcomes.tracebacks import basename

__all__ = ["as_written"]

# as Python writes it in one piece, whatever stands before it
FRAME = re.compile(r'  File "(?P<path>[^"\n]*)", line (?P<line>\d+)(?P<function>, in [^\n]*)?\n')
REPEATED = re.compile(r"  \[Previous line repeated \d+ more times?\]\n")
SHOWN = re.compile(r"(?: *\| )? {4}(?P<text>[^\n]*)\n")  # what is shown of the source
UNDERLINES = re.compile(r"[ ^~]+")
LEFT_OUT = re.compile(r"\.\.\.<(\d+) lines?>\.\.\.")
MOST_LINES = 100  # that one frame shows


def as_written(stderr: str, program: str) -> Written:
    """Return what a run wrote, with as little of what is not the program's as can be told.

    Args:
        stderr: the text
        program: the program's file as tracebacks name it
    """
    name = basename(program)
    kept, sources = [], []
    place = 0
    stderr = REPEATED.sub("", stderr)
    while frame := FRAME.search(stderr, place):
        kept.append(stderr[place : frame.start()])
        if frame["path"] in {program, name}:
            kept.append(f'  File "{name}", line {frame["line"]}{frame["function"] or ""}\n')
        lines = _lines_from(frame["path"], int(frame["line"]))
        place = _after_source(stderr, frame.end(), lines)
        if place == frame.end() and lines and lines[0]:
            sources.append(lines[0])
    text = "".join([*kept, stderr[place:]])
    return Written(text.replace(program, name), tuple(sources))


def _lines_from(path: str, number: int) -> list[str]:
    """Return the lines of a file from one on, each without what is around it."""
    linecache.checkcache(path)
    return [line.strip() for line in linecache.getlines(path)[number - 1 : number + MOST_LINES]]


def _after_source(text: str, place: int, lines: list[str]) -> int:
    """Return where a text goes on after the source lines that stand at a place, if they do.

    Args:
        text: the text
        place: where a frame ends
        lines: the source from its line on
    """
    count = 0  # of the lines that have been shown by then
    while shown := SHOWN.match(text, place):
        line = shown["text"].strip()
        if count < len(lines) and line == lines[count]:
            count += 1
        elif count and (left_out := LEFT_OUT.fullmatch(line)):
            count += int(left_out[1])
        elif not count or not UNDERLINES.fullmatch(shown["text"]):
            break
        place = shown.end()
    return place
