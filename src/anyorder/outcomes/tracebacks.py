"""Tracebacks with only what a program's author decides.

A traceback differs by the folder that the program lies in, by the library's own frames, and by the
version's way to underline: none of it is the program's. What stays is the header, the program's
own frames, and the lines of the exception.
"""

from __future__ import annotations

import re

__all__ = ["normalised"]

HEADER = "Traceback (most recent call last):"
FRAME = re.compile(r'  File "(?P<path>.*)", line (?P<line>\d+)(?P<function>, in .*)?$')


def normalised(stderr: str, program: str) -> str:
    """Return ``stderr`` with every traceback in it reduced to the program's own words.

    Args:
        stderr: what a run of the program wrote, the lines of a traceback among it
        program: the name of the program's file, without folders; frames of other files are dropped

    Source lines, underlines and the frames of the library go; every other line is kept as it is.
    """
    kept = []
    in_frames = False
    for line in stderr.splitlines(keepends=True):
        text = line.rstrip("\n")
        if text.lstrip() == HEADER:
            in_frames = True
        elif in_frames and text.startswith("  "):
            frame = FRAME.match(text)
            if frame is None or re.split(r"[\\/]", frame["path"])[-1] != program:
                continue
            function = frame["function"] or ""
            kept.append(f'  File "{program}", line {frame["line"]}{function}\n')
            continue
        else:
            in_frames = False
        kept.append(line)
    return "".join(kept)
