"""What texts and values are called in a witness."""

from __future__ import annotations

import re
from typing import Any

from anyorder.exploring.attributes import asked
from anyorder.exploring.refusal import CannotExplore
from anyorder.outcomes.tracebacks import normalised

__all__ = ["NOTHING", "printed", "printed_to_stderr", "shown"]

LONGEST = 60  # of a value's text
ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
NOTHING = "goes on"  # the words for what no witness shows: a check that finds no signal, say


def printed(text: str) -> str:
    """Return a text that is printed, with its line ends as the outcome tables show them."""
    return repr(text.replace("\n", "⏎"))


def printed_to_stderr(text: str, program: str) -> str:
    """Say that a text is printed to standard error, of a traceback what outcomes have of it.

    That is nothing of a frame of the library, where each frame is printed on its own.
    """
    left = normalised(text, program)
    return f"prints {printed(left)} to stderr" if left else NOTHING


def shown(value: Any) -> str:
    """Return a short text of a value, the same in every execution; its class where it has none."""
    kind = type(value)
    if kind.__name__ == "_WorkItem":
        return "a task"
    plain = vars(kind).get("__repr__") is None
    if plain and kind.__module__ in {"__main__", "__mp_main__", "threading"}:
        return f"<{kind.__name__}>"
    name = asked(value, "__name__")
    if callable(value) and name is not None:
        return str(name)
    try:
        text = printed(value) if kind is str else ADDRESS.sub("", repr(value))
    except CannotExplore:
        raise
    except Exception:  # noqa: BLE001 - it is asked for these words alone, and by no program
        return f"<{kind.__name__}>"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
