"""The frames of a program that runs: where it is, and what in them is the tool's own."""

from __future__ import annotations

import ast
import linecache
import os
import sys
from inspect import CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import CodeType, FrameType, ModuleType

__all__ = [
    "HERE",
    "MARK",
    "PREFIX",
    "loops_around",
    "marked",
    "of_tool",
    "own",
    "program_frame",
    "program_position",
    "set_by_functions",
    "taken",
    "variables",
]

HERE = f"{Path(__file__).parents[1]}{os.sep}"  # where the tool's own code is
PREFIX = "__ao_"  # of each name that is the tool's own
# in the qualified name of a function or a class that stands for one of the library, so that a text
# that shows it is known by that, an error too
MARK = "\u27eatool\u27eb"
LOOPS = (
    ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def of_tool(code: CodeType) -> bool:
    """Whether it is code of this package."""
    return code.co_filename.startswith(HERE)


def marked(function: Any, name: str) -> Any:
    """Return what stands for a function of the library, with that one's name.

    Args:
        function: what stands for it
        name: the name that the program may ask for
    """
    function.__name__, function.__qualname__ = name, f"{MARK}{name}"
    return function


def taken(module: ModuleType, name: str) -> Any:
    """Return what a module of the library has under a name, marked if it stands for a function.

    Args:
        module: the module, or what stands for it
        name: the name, which is there
    """
    value = getattr(module, name)
    if type(value) is FunctionType and of_tool(value.__code__):
        real = getattr(sys.modules.get(module.__name__, module), name, value)
        marked(value, getattr(real, "__name__", name))
    return value


def own(names: dict[str, Any]) -> dict[str, Any]:
    """Return the variables of a frame that are the program's own."""
    return {name: value for name, value in names.items() if not name.startswith(PREFIX)}


def variables(frame: FrameType) -> dict[str, Any]:
    """Return the variables of a frame, in a dict of one's own.

    Before Python 3.13 (PEP 667), a function's frame keeps the dict in which it has given them, and
    so keeps alive what they were then. That dict is emptied, or the program would not go on as it
    does when nobody looks.
    """
    given = frame.f_locals
    copied = dict(given)
    if frame.f_code.co_flags & CO_OPTIMIZED and isinstance(given, dict):
        given.clear()
    return copied


def program_frame(files: Collection[str]) -> FrameType | None:
    """Return the frame of the program that is running now, if it is.

    Args:
        files: the file names of the code that counts
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename not in files:
        frame = frame.f_back
    return frame


def program_position(files: Collection[str]) -> tuple[int, int | None, FrameType | None]:
    """Return the line and column (both from 1) of the program that is running now, and its frame.

    Where it is not, that is line 0, and no frame.

    Args:
        files: the file names of the code that counts
    """
    frame = program_frame(files)
    if frame is None:
        return 0, None, None
    line, _, column, _ = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    return line or frame.f_lineno, None if column is None else column + 1, frame


def set_by_functions(frame: FrameType | None, filename: str) -> dict[str, Any]:
    """Return the variables that the program's functions have set, from a frame outwards.

    What a function was called with is left out. Of variables of one name it is the innermost.
    """
    found: dict[str, Any] = {}
    while frame is not None:
        code = frame.f_code
        if code.co_filename == filename and code.co_flags & CO_OPTIMIZED:
            given = code.co_argcount + code.co_kwonlyargcount
            given += bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
            arguments = code.co_varnames[:given]
            names = own(variables(frame))
            found = {name: names[name] for name in names if name not in arguments} | found
        frame = frame.f_back
    return found


def loops_around(frame: FrameType | None, filename: str) -> list[int]:
    """Return the lines of the program's loops that a frame is in, the outermost first.

    Args:
        frame: the frame; the loops of its callers are around it too
        filename: the file name of the program's code
    """
    tree = ast.parse("".join(linecache.getlines(filename)))
    loops = [node for node in ast.walk(tree) if isinstance(node, LOOPS)]  # outer ones first
    found: list[int] = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename == filename:
            line = frame.f_lineno or code.co_firstlineno
            found[:0] = [
                loop.lineno
                for loop in loops
                if loop.lineno >= code.co_firstlineno
                and turns_from(loop) <= line <= (loop.end_lineno or loop.lineno)
            ]
        frame = frame.f_back
    return list(dict.fromkeys(found))


def turns_from(loop: ast.stmt | ast.expr) -> int:
    """Return the first line that each turn of a loop comes to: not what a ``for`` goes through."""
    return loop.body[0].lineno if isinstance(loop, ast.For | ast.AsyncFor) else loop.lineno
