"""``{exercise}``: a program that the reader changes until it can do just what is asked.

What is asked is an outcome file, that of a program which solves it. Wherever programs can be
changed on their pages, every schedule of the reader's is tried; elsewhere there are the task, and
to be opened the mistakes that are often made, and the solution.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx

from anyorder.board.words import shown
from anyorder.checking import REFUSALS, Program
from anyorder.outcomes import Entry, Grade, Outcome, UncountableError
from anyorder.outcomes.patterns import Interleaved
from anyorder.playground import explored
from anyorder.sphinx.checks import note_program
from anyorder.sphinx.playing import Player, raw

__all__ = ["DEMAND", "Exercise", "setup"]

# of a block with a program: the outcome file that is to hold of it
DEMAND = "demand"


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("exercise", Exercise)


class Exercise(Player):
    """Asks the reader to change a program.

    The argument is the program to begin with, and the content says what is to be done. The option
    ``solution`` names a program that does it. Its outcome file says what the reader's program has
    to do: each outcome that it stands for, and no other. Its entries of grade ``forbidden`` are
    what common mistakes come to, and why. The program to begin with may not hold to it.
    """

    has_content = True
    option_spec: ClassVar = {"solution": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the task, the program, and to be opened the mistakes and the solution."""
        self.assert_has_content()
        if "solution" not in self.options:
            raise self.error("name a program that solves it by the option solution")
        start, solution = map(self.program, (self.arguments[0], self.options["solution"]))
        demand = solution.file.path.read_text(encoding="utf-8")
        about = f"what {solution.file.path.name} asks for"
        if self.faults(start, demand) == []:
            raise self.error(f"{start.path}:1: does {about} already: begin with one that does not")
        for fault in self.faults(solution, demand):
            raise self.error(f"{solution.path}:1: does not do {about}: {fault}")
        task = nodes.container("", classes=["anyorder-task"])
        task += self.parse_content_to_nodes(allow_section_headings=False)
        begin = self.block(start)
        begin[DEMAND] = demand
        return [
            task,
            begin,
            *self.mistakes(solution),
            raw('<details class="anyorder-solution"><summary>A solution</summary>'),
            self.block(solution),
            raw("</details>"),
        ]

    def program(self, name: str) -> Program:
        """Return a program, for which the page is checked too."""
        try:
            return note_program(self.env, name, self.lineno)
        except REFUSALS as error:
            raise self.error(str(error)) from None

    def faults(self, program: Program, demand: str) -> list[str]:
        """Return what a program does otherwise than is asked, as the reader is told of theirs."""
        text = program.path.read_text(encoding="utf-8")
        answer = explored({"name": program.path.name, "text": text, "demand": demand}, _on)
        if answer["kind"] == "refused":
            says = answer["refusals"][0]["says"]
            raise self.error(f"{program.path}:1: cannot be explored: {says}")
        return [*answer["verdict"]["problems"]]

    def mistakes(self, solution: Program) -> list[nodes.Node]:
        """Return what common mistakes come to, and why, as the outcome file has it."""
        listed = nodes.bullet_list()
        forbidden = (each for each in solution.file.entries if each.grade is Grade.FORBIDDEN)
        for why, entries in groupby(forbidden, key=lambda entry: entry.why):
            words = nodes.paragraph("", "", *_outputs([*entries]))
            told, messages = self.parse_inline(why, lineno=self.lineno)
            words += [nodes.Text(": "), *told]
            listed += nodes.list_item("", words, *messages)
        if not listed.children:
            return []
        begin = '<details class="anyorder-mistakes"><summary>If yours goes wrong</summary>'
        return [raw(begin), listed, raw("</details>")]

    @staticmethod
    def block(program: Program) -> nodes.literal_block:
        """Return a program, as ``literalinclude`` does."""
        text = program.path.read_text(encoding="utf-8")
        return nodes.literal_block(text, text, language="python", source=str(program.path))


def _outputs(entries: Sequence[Entry]) -> Iterable[nodes.Node]:
    """Yield what a mistake comes to: outputs as they are, and not what stands for more like them.

    A pattern that is there alone is shown all the same, since nothing else tells of the mistake.
    """
    as_they_are = [*entries[:1], *(each for each in entries[1:] if not _is_pattern(each))]
    for place, entry in enumerate(as_they_are):
        out, error = entry.stdout.written(), entry.stderr.written()
        yield nodes.Text(", " * (place > 0))
        yield nodes.literal("", shown(Outcome(out, error, entry.exit, entry.ends)))
        if any(isinstance(part, Interleaved) for part in entry.stdout.parts):
            yield nodes.Text(", in any order")
    if len(as_they_are) < len(entries):
        yield nodes.Text(", or the like")


def _is_pattern(entry: Entry) -> bool:
    """Tell whether an entry stands for more than the one text that it is written as."""
    try:
        return entry.stdout.texts() != {entry.stdout.written()}
    except UncountableError:
        return True


def _on(_: object) -> None:
    """Let a search go on."""
