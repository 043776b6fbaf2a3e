"""What the explorer says of a program that it cannot explore."""

from __future__ import annotations

from collections.abc import Sequence

from anyorder.outcomes.placeholders import in_folder

__all__ = ["CannotExplore", "ExplorerFault", "TooLarge", "unlike_itself"]


class CannotExplore(Exception):  # noqa: N818 - it says what is the case, as StopIteration does
    """A program, or what is asked of it, lies outside of what can be explored.

    Args:
        file: the name of the program's file, without folders
        line: the line that cannot be explored, and ``None`` where it is the program as a whole
        message: what is wrong, and how to fix it, in one or two sentences
        others: what else is refused in the program's own file, as far as its text tells: lines, and
            for each what is wrong there
    """

    def __init__(
        self,
        file: str,
        line: int | None,
        message: str,
        others: Sequence[tuple[int, str]] = (),
    ) -> None:
        super().__init__(file, line, message)
        self.others = tuple((number, text) for number, text in others)
        self.file = file
        self.line = line
        self.message = message

    @property
    def reason(self) -> str:
        """What is wrong, without the fix."""
        return self.message.partition(": ")[0]

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.message}"


class ExplorerFault(CannotExplore):
    """The explorer itself failed: what the program can do is not known, and it is not to blame."""

    @classmethod
    def of(cls, file: str, line: int | None, error: BaseException) -> ExplorerFault:
        """Return the fault that an exception inside of the explorer is.

        Args:
            file: the name of the program's file, without folders
            line: the line that was being executed, where it is known from elsewhere
            error: the exception

        :meta private:
        """
        place = type(error).__name__
        step = error.__traceback__
        while step is not None:  # by hand, since ``traceback`` passes over the explorer's frames
            frame, number, step = step.tb_frame, step.tb_lineno, step.tb_next
            module = frame.f_globals.get("__name__", "")
            if module.startswith("anyorder."):
                place = f"{type(error).__name__} in {module}, line {number}"
            elif frame.f_code.co_filename == in_folder(file):
                line = number
        said = "".join(f": {text}" for text in str(error).splitlines()[:1])
        return cls(
            file,
            line,
            f"exploring it failed inside of anyorder ({place}){said}: "
            "report this fault with the program",
        )


class TooLarge(CannotExplore):
    """A graph of schedules would have more nodes than it may."""


def unlike_itself(file: str) -> CannotExplore:
    """Return the refusal of a program that does other things under the same schedule."""
    return CannotExplore(
        file,
        None,
        "it does not do the same each time, whatever its threads do, as if it showed the order of "
        "a set of objects, or how deep it can recurse: take out what differs",
    )
