"""Tracebacks and stacks as a real run shows them: without the tool's frames, and with Python's hints.

A hint is what stands after the message, such as "Did you mean". Up to Python 3.12 the interpreter and
the module ``traceback`` give different ones, and here it is the interpreter that is stood in for.
"""  # noqa: E501

from __future__ import annotations

import io
import re
import sys
import traceback
import warnings
from contextlib import contextmanager
from traceback import StackSummary, TracebackException
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.frames import PREFIX, of_tool
from anyorder.outcomes.tracebacks import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "complaint",
    "displayed",
    "hide_frames",
    "own_frames_hidden",
    "syntax_warnings",
    "without_tool",
]

WALKS = ("walk_tb", "_walk_tb_with_full_positions", "walk_stack")  # what all the rest goes through
BY_INTERPRETER = sys.version_info < (3, 13)  # it gives its hints itself
COLON_LAST = sys.version_info >= (3, 13)
HINTS_ON_IGNORED = sys.version_info >= (3, 15)
HINT = re.compile(
    r"\. (Did you (mean|forget to import).*|.* or did you forget to import .*)\Z", re.IGNORECASE
)
# stands for frames of the library where the explorer's were: outcomes have the header above them
OF_LIBRARY = StackSummary.from_list([("library.py", 1, "work", "")])
OF_TOOL = re.compile(rf"\. Did you mean: '{PREFIX}\w*'\?\Z")


def displayed(error: BaseException, steps: TracebackType | None) -> list[str]:
    """Return what the interpreter writes of an exception that nobody catches, piece by piece.

    Args:
        error: the exception
        steps: its traceback, or another one that is to be shown
    """
    told = TracebackException(type(error), error, without_tool(steps), compact=True)
    complete(told, error, set())
    return list(told.format())


def complaint(where: str, thing: Any, error: BaseException, *, within: bool = False) -> str:
    """Return what the interpreter writes of an exception that it goes on after.

    Args:
        where: what it came from, such as "in atexit callback"
        thing: what was called
        error: the exception
        within: whether code of the library was running, which it shows where nothing else was
    """
    own = without_tool(error.__traceback__)
    told = TracebackException(type(error), error, own)
    told.__cause__ = told.__context__ = None
    if not HINTS_ON_IGNORED:
        told._str = HINT.sub("", told._str)  # type: ignore[attr-defined]
    what = f"{where} {thing!r}:" if COLON_LAST else f"{where}: {thing!r}"
    if own is not None:
        lines = list(told.format())
    else:
        header = [f"{HEADER}\n"] if within else []
        lines = [*header, *told.format_exception_only()]
    return f"Exception ignored {what}\n{''.join(lines)}"


def syntax_warnings(source: str, filename: str) -> str:
    """Return what the interpreter writes as it compiles a program, before it runs."""
    with warnings.catch_warnings(record=True) as caught:
        compile(source, filename, "exec", dont_inherit=True)
    lines = source.splitlines()
    return "".join(
        warnings.formatwarning(
            one.message, one.category, filename, one.lineno, lines[one.lineno - 1]
        )
        for one in caught
    )


def complete(told: TracebackException | None, error: BaseException | None, done: set[int]) -> None:
    """Give a traceback, and those that it is chained with, the interpreter's hints and headers."""
    if told is None or error is None or id(told) in done:
        return
    done.add(id(told))
    if error.__traceback__ is not None and not told.stack:
        told.stack = OF_LIBRARY
    text: str = told._str  # type: ignore[attr-defined]
    if BY_INTERPRETER and type(error) in {AttributeError, ImportError, NameError}:
        text = HINT.sub("", text) + interpreters_hint(error)
    told._str = OF_TOOL.sub("", text)  # type: ignore[attr-defined]
    complete(told.__cause__, error.__cause__, done)
    complete(told.__context__, error.__context__, done)
    if is_a(error, BaseExceptionGroup):
        for part, one in zip(told.exceptions or (), error.exceptions, strict=False):
            complete(part, one, done)


def interpreters_hint(error: Any) -> str:
    """Return what the interpreter itself writes after the message of an exception."""
    asked: dict[str, Any]
    if is_a(error, ImportError):
        asked = {"name": error.name, "path": error.path}
        if hasattr(error, "name_from"):
            asked["name_from"] = error.name_from
    elif is_a(error, AttributeError):
        asked = {"name": error.name, "obj": error.obj}
    else:
        asked = {"name": error.name}
    like = type(error)("-", **asked).with_traceback(without_tool(error.__traceback__))
    stderr, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(type(like), like, like.__traceback__)
        last = sys.stderr.getvalue().rstrip("\n").rpartition("\n")[2]
    finally:
        sys.stderr = stderr
    return last.removeprefix(f"{type(error).__name__}: -")


def without_tool(shown: TracebackType | None) -> TracebackType | None:
    """Return a traceback without the frames of the explorer."""
    entries = []
    while shown is not None:
        if not of_tool(shown.tb_frame.f_code):
            entries.append(shown)
        shown = shown.tb_next
    result = None
    for one in reversed(entries):
        result = TracebackType(result, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return result


def in_view(frame: FrameType | None) -> FrameType | None:
    """Return a frame, or the next one outwards that is not the explorer's."""
    while frame is not None and of_tool(frame.f_code):
        frame = frame.f_back
    return frame


class Frame:
    """A frame beyond which the explorer's are not seen.

    Args:
        frame: what it is
    """

    def __init__(self, frame: FrameType) -> None:
        self.frame = frame

    def __getattr__(self, name: str) -> Any:
        return getattr(self.frame, name)

    @property
    def f_back(self) -> Frame | None:
        """The next frame outwards."""
        frame = in_view(self.frame.f_back)
        return None if frame is None else Frame(frame)


def hide_frames(module: Any) -> None:
    """Let a private copy of ``logging`` find its caller beyond the frames of the explorer."""
    vars(module)["currentframe"] = lambda: Frame(sys._getframe(1))


# -- while a program runs ----------------------------------------------------------------------


@contextmanager
def own_frames_hidden(
    check_stack: Callable[[], object],
    shown: Callable[[object], object],
    tell: Callable[[BaseException], object],
) -> Iterator[None]:
    """Let the module ``traceback`` pass over frames of this package for a while.

    Args:
        check_stack: called where a whole stack is asked for, which it may refuse
        shown: called with each exception of which a traceback is shown
        tell: reads one, and those that it is chained with, as the traceback is made
    """
    names = vars(traceback)
    originals = {name: names[name] for name in WALKS}
    names.update({name: without_own(walk) for name, walk in originals.items()})
    names["walk_stack"] = checked(names["walk_stack"], check_stack)
    told: Any = TracebackException
    make = told.__init__

    def made(self: Any, kind: Any, error: object, *args: Any, **named: Any) -> None:
        shown(error)
        if is_a(error, BaseException) and named.get("_seen") is None:  # it is the first one
            tell(error)
        make(self, kind, error, *args, **named)

    told.__init__ = made
    try:
        yield
    finally:
        told.__init__ = make
        names.update(originals)


def checked(walk: Callable[[Any], Any], check: Callable[[], object]) -> Callable[[Any], Any]:
    """Return a function that goes through the frames of a stack once they are checked."""

    def frames(start: Any) -> Any:
        check()
        return walk(start)

    return frames


def without_own(walk: Callable[[Any], Iterator[tuple[Any, Any]]]) -> Callable[[Any], Any]:
    """Return a function that goes through frames as another does, save this package's own."""

    def frames(start: Any) -> Iterator[tuple[Any, Any]]:
        if start is None:  # then it begins where it is called
            return walk(start)
        return (one for one in walk(start) if not of_tool(one[0].f_code))

    return frames
