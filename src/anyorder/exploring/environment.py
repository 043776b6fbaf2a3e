"""What a program that is explored has of its computer: the environment variables of real runs.

It has no files; ``argparse`` would read arguments from some where it is told to.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.outcomes.settings import TERMINAL, VARIABLES, VARIABLES_THAT_DIFFER

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["environment_in_place", "environment_put_back"]

# A program in a session has a larger terminal, of which the library asks to break its lines.
SIZE = dict(zip(("LINES", "COLUMNS"), map(str, TERMINAL), strict=True))

# what keeps variables, and those of the explorer
PLACES: list[Any] = [os.environ, *([os.environb] if os.supports_bytes_environ else [])]
OWN = [place._data for place in PLACES]


class Variables(Mapping[Any, Any]):
    """What ``os.environ`` keeps for a program, which does not change.

    Args:
        refuse: called with the reason where the program asks for what differs from run to run
    """

    def __init__(self, refuse: Callable[[str], NoReturn]) -> None:
        self.refuse = refuse
        encode: Any = os.environ.encodekey
        encode_value: Any = os.environ.encodevalue
        self.known = {encode(name): encode_value(text) for name, text in (VARIABLES | SIZE).items()}
        self.differ = {encode(name): name for name in VARIABLES_THAT_DIFFER - SIZE.keys()}

    def __getitem__(self, key: Any) -> Any:
        """Return the value of a variable; all that real runs lack, this lacks too."""
        if key in self.differ:
            self.refuse(
                f"the environment variable {self.differ[key]} differs from run to run or from "
                "computer to computer: give the program what it needs as a value"
            )
        return self.known[key]

    def whole(self) -> NoReturn:
        """Refuse to say which variables there are."""
        self.refuse(
            "which environment variables there are differs from run to run: ask for one by name"
        )

    def __iter__(self) -> Iterator[Any]:
        """Refuse to go through them."""
        self.whole()

    def __len__(self) -> int:
        """Refuse to count them."""
        return self.whole()


@contextmanager
def environment_in_place(refuse: Callable[[str], NoReturn]) -> Iterator[None]:
    """Let ``os.environ``, and whatever asks it, have the variables of a real run for a while.

    No arguments are read from files meanwhile.

    Args:
        refuse: called with the reason where the program asks for what differs from run to run
    """
    parser: Any = ArgumentParser
    reading = parser._read_args_from_files

    def refused(*_: object) -> NoReturn:
        refuse(
            "fromfile_prefix_chars lets arguments be read from files, which are not simulated: "
            "write them into the program"
        )

    parser._read_args_from_files = refused
    try:
        with kept([Variables(refuse)] * len(PLACES)):
            yield
    finally:
        parser._read_args_from_files = reading


@contextmanager
def environment_put_back() -> Iterator[None]:
    """Let ``os.environ`` have the variables of the explorer for a while.

    Modules that are imported ask it, and stay for the explorer and for other programs.
    """
    with kept(OWN):
        yield


@contextmanager
def kept(variables: list[Any]) -> Iterator[None]:
    """Let each place keep these variables for a while."""
    before = [place._data for place in PLACES]
    for place, data in zip(PLACES, variables, strict=True):
        place._data = data
    try:
        yield
    finally:
        for place, data in zip(PLACES, before, strict=True):
            place._data = data
