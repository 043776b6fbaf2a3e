"""Texts and parts of a pattern as a person would write them into an outcome file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit

__all__ = ["as_parts", "as_toml"]

# characters that a line of the file may have
WIDTH = 100


def as_parts(text: str) -> str | list[Any]:
    """Return a text as it stands in an outcome file: a list of lines, where it is whole lines."""
    return text.removesuffix("\n").split("\n") if text.endswith("\n") else text


def as_toml(value: str | Sequence[Any], *, session: bool = False, width: int = WIDTH) -> str:
    """Return a text, or a list of parts, as TOML.

    Args:
        value: what ``tomllib`` gives for it
        session: whether it is of a session, where three dots may be a prompt
        width: how many characters a line may have, as far as that can be
    """
    if isinstance(value, str):
        return tomlkit.string(value).as_string()
    if len(value) == 1:
        return f"[{_part(value[0], session, width - len('stdout = []'), '')}]"
    parts = [f"    {_part(each, session, width - len('    ,'), '    ')},\n" for each in value]
    return f"[\n{''.join(parts)}]"


def _part(part: str | dict[str, Any], session: bool, room: int, margin: str) -> str:  # noqa: FBT001
    """Return a part: a line, ``any_order`` or ``interleaved``."""
    if isinstance(part, str):
        return _line(part, session=session)
    [(name, members)] = part.items()
    items = [
        _line(each, session=session)
        if isinstance(each, str)
        else f"[{', '.join(tomlkit.string(piece).as_string() for piece in each)}]"
        for each in members
    ]
    short = f"{{ {name} = [{', '.join(items)}] }}"
    if len(short) <= room:
        return short
    lines = "".join(f"{margin}    {each},\n" for each in items)
    return f"{{ {name} = [\n{lines}{margin}] }}"


def _line(line: str, *, session: bool) -> str:
    # an empty second prompt is written with the space that a screen does not show: without it,
    # three dots alone are any lines
    return tomlkit.string("... " if session and line == "..." else line).as_string()
