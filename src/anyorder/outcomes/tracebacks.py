"""Tracebacks with only what a program's author decides.

A traceback differs by the folder that the program lies in, by the library's own frames, and by the
version's way to underline: none of it is the program's. What stays is the header, the program's
own frames, and the lines of the exception.
"""

from __future__ import annotations

import re

__all__ = ["FRAME", "HEADER", "MARGIN", "basename", "normalised"]

# On the screen of a session it may stand behind a prompt, in an exception group behind more.
HEADER = "Traceback (most recent call last):"
MARGIN = re.compile(r"( *\| )?")  # what an exception group draws to the left of its tracebacks
PROMPT = ">>>"
# lines that stand before a traceback or between two of a chain
AROUND = re.compile(r"$|Process \S+:$|Exception in thread .*:$|The above exc|During handling of")
FRAME = re.compile(r'  File "(?P<path>.*)", line (?P<line>\d+)(?P<function>, in .*)?$')
# an error that says in which file a module is, and a module whose work was broken off
FROM = re.compile(
    r"(?P<said>\w*ImportError: .* from '[\w.]+' \(|^Exception ignored in: <module '[\w.]+' from ')"
    r"[^()']*[\\/](?P<file>[^\\/()']+[)'])"
)
WARNING = re.compile(r"\S.*[\\/](?P<where>[^\\/]+\.py:\d+: \w*Warning: .*)")


def normalised(stderr: str, program: str) -> str:
    """Return ``stderr`` with every traceback and warning in it reduced to the program's own words.

    The source lines and underlines of tracebacks go, and so do folders, the frames of the library
    and the source lines below its warnings, and the folder of a module from which a name cannot be
    imported or in which an exception is ignored; every other line is kept, with the program's file
    named without its folder. A text that begins with a frame is taken for a piece of a traceback.
    Those of several processes may be mixed, line by line.

    Args:
        stderr: what a run of the program wrote, the lines of a traceback among it
        program: the program's file as tracebacks name it; frames of all other files are dropped,
            also of those with the same name in another folder
    """
    name = basename(program)
    kept = []
    in_frames = bool(FRAME.match(MARGIN.sub("", stderr.partition("\n")[0], count=1)))
    any_begun = False
    begun = int(in_frames)  # how many tracebacks have begun whose exception is still to come
    for line in stderr.split("\n"):
        if in_frames and line.startswith(f"{PROMPT}   "):  # shown while a child wrote its traceback
            kept.append(PROMPT)
            line = line.removeprefix(f"{PROMPT} ")  # noqa: PLW2901 - the rest is as if it were alone
        margin = MARGIN.match(line)[0] if in_frames else ""  # type: ignore[index] # always matches
        text = line.removeprefix(margin)
        frame = FRAME.match(text)
        if frame is not None and any_begun and not in_frames:  # another's line came in between
            in_frames, begun = True, 1
        if frame is not None and frame["path"] in {program, name}:
            in_frames = True
            kept.append(f'{margin}  File "{name}", line {frame["line"]}{frame["function"] or ""}')
        elif in_frames and text.startswith("  ") and not text.endswith(HEADER):
            continue
        elif warning := WARNING.match(line):
            # Its source line is next: the library's goes, the program's own stays.
            in_frames = not line.startswith(f"{program}:")
            kept.append(warning["where"])
        else:
            if line.endswith(HEADER):
                begun, any_begun = begun + 1, True
            elif begun and not AROUND.match(line):
                begun -= 1
            in_frames = begun > 0
            kept.append(FROM.sub(r"\g<said>\g<file>", line.replace(program, name)))
    return "\n".join(kept)


def basename(path: str) -> str:
    """Return the last part of a path of any platform."""
    return re.split(r"[\\/]", path)[-1]
