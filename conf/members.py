"""What the reference shows of the package, where autodoc has too much of it or cannot be read."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

# a member of an enum as Python shows it
MEMBER = re.compile(r"<(\w+\.\w+): [^<>]+>")
SIGNATURE = "autodoc-process-signature"
# before and after the extension for types puts those of parameters into what is said of them
EARLY, LATE = 100, 900


def choose_member(
    _app: Sphinx, _what: str, name: str, member: object, _skip: object, _options: object
) -> bool | None:
    """Say "do not skip" of an enum's member, whose name is all its documentation."""
    return False if isinstance(member, Enum) and member.name == name else None


def leave_out_rooms(
    _app: Sphinx, what: str, _name: str, _member: object, _options: object, lines: list[str]
) -> None:
    """Take the list of a package's rooms out of its documentation: it is for whoever changes it."""
    if what == "module" and any(line.startswith("``") for line in lines):
        del lines[1:]


def with_defaults(thing: object, text: str) -> str:
    """Return a text with defaults that can be read: what a field is at first, members of enums."""
    for each in fields(thing) if isinstance(thing, type) and is_dataclass(thing) else ():
        if each.init and each.default_factory is not MISSING:
            first = each.default_factory()
            plain = isinstance(first, dict | list | set)
            shown = repr(first) if plain else f"{type(first).__name__}()"
            text = text.replace("<factory>", shown, 1)
    return MEMBER.sub(r"\1", text)


def show_defaults(
    app: Sphinx,
    what: str,
    name: str,
    thing: object,
    *others: Any,  # noqa: ANN401 - they are handed on
) -> tuple[str, str | None] | None:
    """Return a signature as the extension for types has it, with defaults that can be read.

    The first listener that returns one has the last word, so those after this one are asked here.
    """
    listeners = sorted(app.events.listeners[SIGNATURE], key=attrgetter("priority"))
    for listener in listeners:
        if listener.handler is not show_defaults:
            found = listener.handler(app, what, name, thing, *others)
            if found:
                return with_defaults(thing, found[0]), found[1]
    return None


def tell_defaults(
    _app: Sphinx, _what: str, _name: str, thing: object, _options: object, lines: list[str]
) -> None:
    """Let what is said of parameters have defaults that can be read."""
    lines[:] = with_defaults(thing, "\n".join(lines)).split("\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect all of that."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-skip-member", choose_member)
    app.connect("autodoc-process-docstring", leave_out_rooms)
    app.connect("autodoc-process-docstring", tell_defaults, priority=LATE)
    app.connect(SIGNATURE, show_defaults, priority=EARLY)
    return {"version": "1", "parallel_read_safe": True}
