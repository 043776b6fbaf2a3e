"""``{outcomes}``: the table of what a program can print, under the program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from anyorder.checking import REFUSALS, Observation, Program, read_record, settings_here
from anyorder.checking.expectations import speaks_with, texts_left
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.summing_up import breaks_lines
from anyorder.exploring import CannotExplore, Exploration, PossibleOutcome
from anyorder.outcomes import Entry, UncountableError
from anyorder.sphinx.checks import note_program
from anyorder.sphinx.observed import observed_lines, recorded_line
from anyorder.sphinx.playing import ANCHORS, ENDS, entry_of, explored_for, raw
from anyorder.sphinx.reachable import in_words, reached_by
from anyorder.sphinx.yours import When, label, tally

__all__ = ["Outcomes", "setup"]

# an entry that stands for more texts is shown by one of them
MOST_TEXTS = 3
# so many more of a kind are there to be opened
MOST_OPENED = 40
# spaces at the beginning or the end of a line
SPACES = re.compile(r"^ +| +$")
STEPS = "Show the steps"
# of a node: the program and the number of the entry to whose steps it leads
LEADS_TO = "leads_to"
HEADINGS = ("Grade", "Outcome", "Observed")
WIDTHS = (15, 55, 30)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("outcomes", Outcomes)
    app.connect("doctree-read", _link_steps)


class Outcomes(SphinxDirective):
    """Draws the outcome file of a program as a table, and has the program checked.

    The argument is the program, by its path from the page, as ``literalinclude`` takes it.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the table, and below it where the runs were recorded."""
        try:
            program = note_program(self.env, self.arguments[0], self.lineno)
            record = read_record(program.path)
        except REFUSALS as error:
            raise self.error(str(error)) from None
        found = explored_or_why_not(program.path, program.file)
        possible = found.outcomes if isinstance(found, Exploration) and found.complete else ()
        table = self.table(program, record, possible)
        self.set_source_info(table)
        drawn: list[nodes.Node] = [table]
        if record:
            line = recorded_line(record)
            drawn.append(nodes.paragraph("", line, classes=["anyorder-recorded"]))
        return drawn

    def table(
        self, program: Program, record: list[Observation], possible: Sequence[PossibleOutcome]
    ) -> nodes.table:
        """Return the table of a program's entries."""
        group = nodes.tgroup(cols=len(HEADINGS))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        group += nodes.thead("", _row([[nodes.paragraph("", each)] for each in HEADINGS]))
        body = nodes.tbody()
        # each process has a GIL of its own, so the question is about threads
        asked = [] if program.starts_processes else possible
        everywhere = all(reached_by([each]).by_all for each in asked)
        for entry in program.file.entries:
            why, messages = self.parse_inline(entry.why, lineno=self.lineno)
            every = possible
            reached: Sequence[PossibleOutcome] = [
                each for each in possible if entry_of(program, each) is entry
            ]
            if possible and not reached:  # a plain run here does not have it: another setting may
                reached, every = self.elsewhere(program, entry)
            cells: list[list[nodes.Node]] = [
                [
                    nodes.paragraph("", entry.grade, classes=[f"anyorder-{entry.grade}"]),
                    *_ways(reached, every),
                    *([] if everywhere else _builds(reached)),
                    nodes.paragraph("", STEPS, **{LEADS_TO: (program.path, entry.number)}),
                ],
                [
                    *_outcome(entry, program, record, reached),
                    nodes.paragraph("", "", *why),
                    *messages,
                ],
                [*_observed(entry, program, record)],
            ]
            row = _row(cells)
            if str(entry.when):
                row["when"] = When(entry.when)
            body += row
        group += body
        title = nodes.title("", f"What {program.path.name} can print")
        return nodes.table("", title, group, classes=["anyorder-outcomes", "colwidths-auto"])

    @staticmethod
    def elsewhere(
        program: Program, entry: Entry
    ) -> tuple[Sequence[PossibleOutcome], Sequence[PossibleOutcome]]:
        """Return the outcomes of an entry in another setting that this Python has, and all there.

        What cannot be explored there is without numbers; the check says so.
        """
        try:
            return explored_for(program, entry, settings_here(program))
        except CannotExplore:
            return [], ()


def _link_steps(_app: Sphinx, doctree: nodes.document) -> None:
    """Lead from each outcome to its steps, where the page has them."""
    anchors: dict[object, str] = {}
    for data in doctree.findall(nodes.raw):
        anchors |= data.get(ANCHORS, {})
    for place in [*doctree.findall(nodes.paragraph)]:
        if LEADS_TO not in place:
            continue
        if anchor := anchors.get(place[LEADS_TO]):
            link = nodes.reference("", STEPS, refuri=f"#{anchor}", internal=True)
            way = nodes.paragraph("", "", link, classes=["anyorder-way"])
            place.replace_self(addnodes.only("", way, expr="html"))
        else:
            place.parent.remove(place)


def _row(cells: Iterable[list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    row += [nodes.entry("", *cell) for cell in cells]
    return row


def _ways(
    reached: Sequence[PossibleOutcome], possible: Sequence[PossibleOutcome]
) -> Iterable[nodes.Node]:
    """Yield how many schedules lead to an entry, of how many, where they were counted."""
    counts = [each.interleavings for each in possible]
    if reached and None not in counts:
        here = sum(each.interleavings or 0 for each in reached)
        total = sum(each or 0 for each in counts)
        words = f"{here:,} of {total:,} schedules"
        if here == total:
            words = "the only schedule" if total == 1 else f"all {total:,} schedules"
        yield nodes.paragraph("", words, classes=["anyorder-ways"])


def _builds(reached: Sequence[PossibleOutcome]) -> Iterable[nodes.Node]:
    """Yield on which builds an entry can happen."""
    if reached:
        words = in_words(reached_by(reached))
        words = f"{words[:1].upper()}{words[1:]}"
        yield nodes.paragraph("", words, classes=["anyorder-builds"])


def _outcome(
    entry: Entry,
    program: Program,
    record: list[Observation],
    reached: Sequence[PossibleOutcome],
) -> Iterable[nodes.Node]:
    """Yield what the entry stands for: conditions, texts, and how the program ends."""
    if str(entry.when):
        yield label(When(entry.when))
    broken = {each.outcome.stdout for each in reached if breaks_lines(each.writes)}
    try:
        texts = sorted(_left_of(entry, program))
    except UncountableError:
        texts = [entry.stdout.written()]
    if len(texts) > MOST_TEXTS:
        yield nodes.paragraph("", f"{len(texts):,} outputs{_kind(texts, broken)}, such as:")
        seen = Counter(
            {
                outcome.stdout: count
                for observation in record
                for outcome, count in observation.counts.items()
                if outcome.stdout in texts
            }
        )
        first = [text for text, _ in seen.most_common(1)] or texts[:1]
        yield from (_literal(text, broken) for text in first)
        yield from _on_demand([text for text in texts if text not in first], broken)
        texts = []
    for text in texts:
        yield _literal(text, broken) if text else nodes.paragraph("", "no output")
    if stderr := entry.stderr.written():
        yield nodes.paragraph("", "and on standard error:")
        yield _literal(stderr, ())
    if entry.ends in ENDS:
        yield nodes.paragraph("", ENDS[entry.ends])
    elif entry.exit:
        yield nodes.paragraph("", f"exit status {entry.exit}")


def _kind(texts: Sequence[str], broken: Container[str]) -> str:
    """Say what is common to many outputs."""
    return " with broken lines" if all(text in broken for text in texts) else ""


def _on_demand(texts: Sequence[str], broken: Container[str]) -> Iterable[nodes.Node]:
    """Yield outputs that a reader opens, each kind for itself; only HTML can open anything."""
    whole = [text for text in texts if text not in broken]
    kinds = {
        " with broken lines": [text for text in texts if text in broken],
        " with whole lines" if len(whole) < len(texts) else "": whole,
    }
    for kind, alike in kinds.items():
        if not alike:
            continue
        shown: list[nodes.Node] = [_literal(text, broken) for text in alike[:MOST_OPENED]]
        if len(alike) > MOST_OPENED:
            shown.append(nodes.paragraph("", f"and {len(alike) - MOST_OPENED:,} more"))
        begin = raw(f"<details><summary>{len(alike):,} more{kind}</summary>")
        yield addnodes.only("", begin, *shown, raw("</details>"), expr="html")


def _left_of(entry: Entry, program: Program) -> set[str]:
    """Return the texts of the entry that no entry before it takes."""
    return texts_left(program.file, entry, speaks_with(entry))


def _literal(text: str, broken: Container[str]) -> nodes.literal_block:
    """Return an output as a block; what cannot be seen of a broken line has signs."""
    shown = text
    if text in broken:
        lines = [SPACES.sub(lambda found: "␣" * len(found[0]), line) for line in text.split("\n")]
        shown = "\n".join([line or "⏎" for line in lines[:-1]] + lines[-1:])
    return nodes.literal_block(
        shown, shown, language="none", classes=["anyorder-output"], drawn=True
    )


def _observed(entry: Entry, program: Program, record: list[Observation]) -> Iterable[nodes.Node]:
    spoken = [each for each in record if entry.when.met_by(each.setting)]
    lines = observed_lines(
        spoken, lambda outcome, setting: program.file.entry_for(outcome, setting) == entry
    )
    if not lines:
        yield nodes.paragraph("", "no runs recorded")
    for line in lines:
        yield tally("", str(line), line=line)
