"""Blocks of code in a page that have a name, and so are programs.

A page is read here as far as it takes to find them, alike for every front end: one may have no
Sphinx. What this makes of a page, the Sphinx extension holds against what Sphinx makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGES", "Block", "block_named", "blocks_in", "page_and_name"]

NAME = r"[A-Za-z0-9][\w-]*"
PYTHON = {"", "python", "python3", "py", "py3"}
DIRECTIVES = r"(?:code-block|sourcecode|code)"
# an option of a directive, as both markups have it; MyST also takes options in YAML
OPTION = re.compile(r"\s*:(?P<key>[\w-]+):\s*(?P<value>.*)$")
YAML = re.compile(r"\s*(?P<key>[\w-]+):\s*(?P<value>.*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code with a name.

    Args:
        name: its name
        line: the line of the page on which its code begins, counted from 1
        text: its code
    """

    name: str
    line: int
    text: str


def page_and_name(program: Path) -> tuple[Path, str] | None:
    """Return the page and the name of a block that ``program`` is the path of, as ``page.md#name``.

    Returns:
        ``None`` where it is the path of a file
    """
    page, mark, name = program.name.rpartition("#")
    if not mark or Path(page).suffix not in PAGES:
        return None
    return program.with_name(page), name


def block_named(name: str, blocks: Sequence[Block]) -> Block:
    """Return the block of a name.

    Raises:
        ValueError: there is none, or more than one; says so
    """
    found = [each for each in blocks if each.name == name]
    if len(found) > 1:
        lines = " and ".join(str(each.line) for each in found)
        raise ValueError(f"has two blocks named {name}, at lines {lines}: give each its own name")
    if not found:
        known = ", ".join(each.name for each in blocks) or "none"
        raise ValueError(f"has no block of Python named {name}: give it that name (named: {known})")
    return found[0]


def blocks_in(page: Path, text: str) -> list[Block]:
    """Return the blocks of Python with a name in the text of a page, in their order."""
    return list(PAGES[page.suffix](text.split("\n")))


def _dedented(lines: Sequence[str], margin: int) -> str:
    """Return lines without so much of their indentation, and without empty ones at the end."""
    text = "\n".join(line[min(margin, _indent(line)) :] for line in lines)
    return text.rstrip() + "\n"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _options(
    lines: Sequence[str], place: int, end: int, pattern: re.Pattern[str]
) -> tuple[dict[str, str], int]:
    """Return the options that are written from a place on, and where they end."""
    options: dict[str, str] = {}
    while place < end and (found := pattern.match(lines[place])):
        options[found["key"]] = found["value"].strip("\"' ")
        place += 1
    return options, place


# -- Markdown, as MyST reads it -----------------------------------------------------------------

FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,}|:{3,})\s*(?P<info>[^`]*)$")
MYST_TARGET = re.compile(rf"\s*(?:\((?P<above>{NAME})\)=|{{#(?P<attribute>{NAME})}})\s*$")
MYST_CODE = re.compile(rf"\{{{DIRECTIVES}\}}\s*(?P<language>\S*)\s*$")


def _in_markdown(lines: list[str]) -> Iterator[Block]:
    target = ""
    inside: list[str] = []  # the marks of the directives around, from the outermost
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        fence = FENCE.match(line)
        if fence is None:
            found = MYST_TARGET.match(line)
            if found or line.strip():
                target = (found["above"] or found["attribute"]) if found else ""
            continue
        mark, info = fence["mark"], fence["info"].strip()
        if inside and not info and _closes(line, inside[-1]):
            inside.pop()
            continue
        code = MYST_CODE.match(info)
        if info.startswith("{") and not code and info != "{eval-rst}":
            inside.append(mark)  # a note, say, with blocks in it
            continue
        end = place
        while end < len(lines) and not _closes(lines[end], mark):
            end += 1
        name, begin = target, place
        if code:
            options, begin = _myst_options(lines, place, end)
            name = options.get("name", target)
        language = code["language"] if code else info.partition(" ")[0]
        if name and language in PYTHON:
            while begin < end and code and not lines[begin].strip():
                begin += 1
            yield Block(name, begin + 1, _dedented(lines[begin:end], _indent(line)))
        target, place = "", end + 1


def _closes(line: str, mark: str) -> bool:
    """Tell whether a line ends the fence that began with a mark."""
    text = line.strip()
    return len(text) >= len(mark) and set(text) == {mark[0]}


def _myst_options(lines: list[str], place: int, end: int) -> tuple[dict[str, str], int]:
    """Return the options of a directive that has its content at a place, and where they end."""
    if place == end or lines[place].strip() != "---":
        return _options(lines, place, end, OPTION)
    options, after = _options(lines, place + 1, end, YAML)
    return options, after + 1  # without the line that ends them


# -- reStructuredText ---------------------------------------------------------------------------

RST_TARGET = re.compile(rf"\s*\.\. _(?P<name>{NAME}):\s*$")
RST_CODE = re.compile(rf"(?P<indent>\s*)\.\. {DIRECTIVES}::\s*(?P<language>\S*)\s*$")
RST_COMMENT = re.compile(r"\s*\.\.(?:\s+(?![\[_|]|[\w:+.-]+::).*)?$")


def _in_rst(lines: list[str]) -> Iterator[Block]:
    target = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if found := RST_TARGET.match(line):
            target = found["name"]
            continue
        code = RST_CODE.match(line)
        is_literal = line.rstrip().endswith("::") and not line.lstrip().startswith(".. ")
        if not (code or is_literal or RST_COMMENT.match(line)):
            target = "" if line.strip() else target
            continue
        end = place
        while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > _indent(line)):
            end += 1
        content = [each for each in lines[place:end] if each.strip()]
        margin = min(map(_indent, content), default=0)
        name, begin = "", place
        if code:
            options, begin = _options(lines, place, end, OPTION)
            name = options.get("name", target)
        elif line.strip() == "::":
            name = target
        while begin < end and not lines[begin].strip():
            begin += 1
        if name and (not code or code["language"] in PYTHON) and begin < end:
            yield Block(name, begin + 1, _dedented(lines[begin:end], margin))
        target, place = "", end


PAGES = {".md": _in_markdown, ".rst": _in_rst}
