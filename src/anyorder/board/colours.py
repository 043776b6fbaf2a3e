"""The colours of a program's lines, where there is no Pygments: in a browser, and on its own page.

The classes are those that Pygments has, so that the style sheet of a page fits.
"""

from __future__ import annotations

import builtins
import io
import keyword
import token as kinds
import tokenize
from collections.abc import Iterator
from html import escape

__all__ = ["coloured"]

# of a keyword: its class, where that is not "k"
KEYWORDS = {
    **dict.fromkeys(("False", "None", "True"), "kc"),
    **dict.fromkeys(("and", "in", "is", "not", "or"), "ow"),
    **dict.fromkeys(("from", "import"), "kn"),
}
DEFINED = {"class": "nc", "def": "nf"}  # what a name is behind these
OWN = {"cls", "self"}
OF_THE_PROMPT = {"copyright", "credits", "exit", "help", "license", "quit"}
BUILTINS = {
    name: "ne" if isinstance(thing, type) and issubclass(thing, BaseException) else "nb"
    for name, thing in vars(builtins).items()
    if not name.startswith("_") and name not in OF_THE_PROMPT
}
# from 3.12 on, what is in a formatted string is made of tokens
PARTS = {
    getattr(kinds, f"{kind}STRING_{part}", -1)
    for kind in "FT"
    for part in ("START", "MIDDLE", "END")
}
PLAIN = {
    **dict.fromkeys({kinds.STRING, *PARTS}, "s2"),
    kinds.NUMBER: "mi",
    kinds.COMMENT: "c1",
}
OPENING = {"(", "[", "{"}
CLOSING = {")", "]", "}"}


def coloured(text: str) -> list[str]:
    """Return the lines of a program as HTML.

    Args:
        text: the program, which Python can compile
    """
    lines = text.rstrip("\n").split("\n")
    found = [""] * len(lines)
    done = [0] * len(lines)  # characters of each line
    for (first, start), (last, end), name in _spans(text):
        for row in range(first - 1, min(last, len(lines))):
            line = lines[row]
            left = start if row == first - 1 else 0
            right = end if row == last - 1 else len(line)
            found[row] += escape(line[done[row] : left])
            if shown := line[left:right]:
                found[row] += f'<span class="{name}">{escape(shown)}</span>'
            done[row] = max(right, left)
    return [html + escape(line[at:]) for html, line, at in zip(found, lines, done, strict=True)]


def _spans(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """Yield where each token of a program begins and ends, and its class."""
    before = name = ""
    within: list[str] = []  # of the brackets around it the classes: those in texts have their own
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        string = token.string
        if token.type == kinds.NAME:
            name = _class(string, before)
        elif token.type in PLAIN:
            name = PLAIN[token.type]
        elif string in OPENING:
            name = "si" if string == "{" and name in {"s2", "si"} and before != ":" else "p"
            within.append(name)
        elif string in CLOSING:
            name = within.pop()
        elif string in {":", "!"} and within[-1:] == ["si"]:
            name = "si"
        elif token.type == kinds.OP:
            name = "nd" if string == "@" and not before else "p" if string in ",:;" else "o"
        elif within:
            continue  # a line goes on
        else:
            before = name = ""
            continue
        yield token.start, token.end, name
        before = "@" if name == "nd" else string


def _class(name: str, before: str) -> str:
    """Return the class of a name or a keyword behind another token."""
    if keyword.iskeyword(name):
        return KEYWORDS.get(name, "k")
    if before in DEFINED:
        return "fm" if name.startswith("__") and name.endswith("__") else DEFINED[before]
    if before == "@":
        return "nd"
    if before == ".":
        return "n"
    return "bp" if name in OWN else BUILTINS.get(name, "n")
