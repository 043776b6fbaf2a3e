"""``{outcomes}``: the table of what a program can print, under the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from anyorder.checking import REFUSALS, Observation, Program, read_record
from anyorder.outcomes import Ends, Entry, UncountableError
from anyorder.sphinx.checks import note_program
from anyorder.sphinx.observed import observed_lines, recorded_line

__all__ = ["Outcomes", "setup"]

# an entry that stands for more texts is shown by one of them
MOST_TEXTS = 3
HEADINGS = ("Grade", "Outcome", "Observed")
WIDTHS = (15, 55, 30)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("outcomes", Outcomes)


class Outcomes(SphinxDirective):
    """Draws the outcome file of a program as a table, and has the program checked.

    The argument is the program, by its path from the page, as ``literalinclude`` takes it.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the table, and below it where the runs were recorded."""
        try:
            program = note_program(self)
            record = read_record(program.path)
        except REFUSALS as error:
            raise self.error(str(error)) from None
        table = self.table(program, record)
        self.set_source_info(table)
        drawn: list[nodes.Node] = [table]
        if record:
            line = recorded_line(record)
            drawn.append(nodes.paragraph("", line, classes=["anyorder-recorded"]))
        return drawn

    def table(self, program: Program, record: list[Observation]) -> nodes.table:
        """Return the table of a program's entries."""
        group = nodes.tgroup(cols=len(HEADINGS))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        group += nodes.thead("", _row([[nodes.paragraph("", each)] for each in HEADINGS]))
        body = nodes.tbody()
        for entry in program.file.entries:
            why, messages = self.parse_inline(entry.why, lineno=self.lineno)
            cells: list[list[nodes.Node]] = [
                [nodes.paragraph("", entry.grade, classes=[f"anyorder-{entry.grade}"])],
                [*_outcome(entry, program, record), nodes.paragraph("", "", *why), *messages],
                [*_observed(entry, program, record)],
            ]
            body += _row(cells)
        group += body
        title = nodes.title("", f"What {program.path.name} can print")
        return nodes.table("", title, group, classes=["anyorder-outcomes", "colwidths-auto"])


def _row(cells: Iterable[list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    row += [nodes.entry("", *cell) for cell in cells]
    return row


def _outcome(entry: Entry, program: Program, record: list[Observation]) -> Iterable[nodes.Node]:
    """Yield what the entry stands for: conditions, texts, and how the program ends."""
    if str(entry.when):
        yield nodes.paragraph("", f"{_sentence(str(entry.when))}:", classes=["anyorder-when"])
    try:
        texts = sorted(_left_of(entry, program))
    except UncountableError:
        texts = [entry.stdout.written()]
    if len(texts) > MOST_TEXTS:
        yield nodes.paragraph("", f"{len(texts)} outputs, such as:")
        seen = Counter(
            {
                outcome.stdout: count
                for observation in record
                for outcome, count in observation.counts.items()
                if outcome.stdout in texts
            }
        )
        texts = [text for text, _ in seen.most_common(1)] or texts[:1]
    for text in texts:
        yield _literal(text) if text else nodes.paragraph("", "no output")
    if stderr := entry.stderr.written():
        yield nodes.paragraph("", "and on standard error:")
        yield _literal(stderr)
    if entry.ends is not Ends.EXIT:
        words = {Ends.DEADLOCK: "deadlock: it never ends", Ends.NEVER: "it never ends"}
        yield nodes.paragraph("", words[entry.ends])
    elif entry.exit:
        yield nodes.paragraph("", f"exit status {entry.exit}")


def _left_of(entry: Entry, program: Program) -> set[str]:
    """Return the texts of the entry that no entry before it takes."""
    earlier = program.file.entries[: entry.number - 1]
    alike = [
        each
        for each in earlier
        if each.stderr == entry.stderr and each.when.met_wherever(entry.when)
    ]
    return {
        text
        for text in entry.stdout.texts()
        if not any(each.stdout.matches(text) for each in alike)
    }


def _literal(text: str) -> nodes.literal_block:
    return nodes.literal_block(
        text, text, language="none", classes=["anyorder-output"], drawn=True
    )


def _observed(entry: Entry, program: Program, record: list[Observation]) -> Iterable[nodes.Node]:
    spoken = [each for each in record if entry.when.met_by(each.setting)]
    lines = observed_lines(
        spoken, lambda outcome, setting: program.file.entry_for(outcome, setting) == entry
    )
    if not lines:
        yield nodes.paragraph("", "no runs recorded")
    for line in lines:
        yield nodes.paragraph("", line)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
