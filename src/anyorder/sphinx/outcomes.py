"""``{outcomes}``: what a program can print, each outcome at a glance, and all numbers below.

It is folded, since the answer is not to stand beside the question: a reader asks for it, or answers
the question before it. It is open in print and where there is no script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from anyorder.board.builds import FREE_THREADED, WITH_GIL, answers_of, in_short, reached_by
from anyorder.board.words import ENDS, disordered, marked
from anyorder.checking import REFUSALS, Observation, Program, record_of, settings_here
from anyorder.checking.expectations import speaks_with, texts_left
from anyorder.checking.possible import held_to
from anyorder.checking.summing_up import breaks_lines
from anyorder.checking.words import mixing_of
from anyorder.exploring import CannotExplore, Exploration, PossibleOutcome
from anyorder.exploring.results import at_most
from anyorder.outcomes import Conditions, Entry, Grade, StartMethod, UncountableError
from anyorder.sphinx.checks import explored_as_set, note_program, suppressible
from anyorder.sphinx.observed import Line, Tally, observed_lines, recorded_line
from anyorder.sphinx.playing import ANCHORS, entry_of, explored_for, raw
from anyorder.sphinx.yours import WHEN, When, answers, tally

__all__ = ["Outcomes", "setup"]

# an entry that stands for more texts is shown by one of them
MOST_TEXTS = 3
# so many more of a kind are there to be opened
MOST_OPENED = 60
STEPS = "Show the steps"
# of a node: the program and the number of the entry to whose steps it leads
LEADS_TO = "leads_to"
# of a node at the head of a row: the program and the number of the entry that the row is about
ABOUT = "about"
# a line of so many characters is as long as the first column is wide
MOST_BESIDE = 31
HEADINGS = ("What it prints", "On your Python", "How often")
WIDTHS = (50, 25, 25)


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("outcomes", Outcomes)
    app.connect("doctree-read", _link_steps)
    app.connect("doctree-resolved", _list_as_text)


class Outcomes(SphinxDirective):
    """Draws the outcome file of a program as a table, and has the program checked.

    The argument is the program, by its path from the page, as ``literalinclude`` takes it.
    """

    required_arguments = 1
    final_argument_whitespace = True

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the outcomes and all numbers, for a reader to open."""
        try:
            program = note_program(self.env, self.arguments[0], self.lineno)
            record = record_of(program)
        except REFUSALS as error:
            raise self.error(str(error)) from None
        found = explored_as_set(self.env, program)
        possible = found.outcomes if isinstance(found, Exploration) and found.complete else ()
        table = self.table(program, record, possible)
        self.set_source_info(table)
        summary = f"What can <code>{escape(program.name)}</code> print?"
        return [
            raw(f'<details class="anyorder-fold"><summary>{summary}</summary>'),
            table,
            *_usual(program, record),
            *_scope(program),
            *_incomplete(program, found),
            *_mixing(found),
            *(_numbers(program, record) if record else []),
            raw("</details>"),
        ]

    def table(
        self, program: Program, record: list[Observation], possible: Sequence[PossibleOutcome]
    ) -> nodes.table:
        """Return the table of a program's entries."""
        group = nodes.tgroup(cols=len(HEADINGS))
        group += [nodes.colspec(colwidth=width) for width in WIDTHS]
        group += nodes.thead("", _row([[nodes.paragraph("", each)] for each in HEADINGS]))
        body = nodes.tbody()
        unseen = disordered(each.outcome.stdout for each in possible)
        for entry in _in_order(program):
            why, messages = self.parse_inline(entry.why, lineno=self.lineno)
            reached: Sequence[PossibleOutcome] = [
                each for each in possible if entry_of(program, each) is entry
            ]
            if possible and not reached:  # a plain run here does not have it: another setting may
                reached = self.elsewhere(program, entry)
            about = {ABOUT: (program.path, entry.number)}
            grade = nodes.paragraph("", entry.grade, classes=[f"anyorder-{entry.grade}"], **about)
            cells: list[list[nodes.Node]] = [
                [
                    grade,
                    *_outcome(entry, program, record, reached, unseen),
                    nodes.paragraph("", "", *why, classes=["anyorder-why"]),
                    *messages,
                    nodes.paragraph("", STEPS, **{LEADS_TO: (program.path, entry.number)}),
                ],
                [_can(program, entry, reached)],
                [*_often(entry, program, record)],
            ]
            row = _row(cells)
            if str(when := entry.when.within(program.file.when)):
                row[WHEN] = When(when)
            body += row
        group += body
        title = nodes.title("", f"What {program.name} can print")
        return nodes.table("", title, group, classes=["anyorder-outcomes", "colwidths-auto"])

    def elsewhere(self, program: Program, entry: Entry) -> Sequence[PossibleOutcome]:
        """Return the outcomes of an entry in another setting that this Python has.

        What cannot be explored there has none; the check says so.
        """
        try:
            return explored_for(self.env, program, entry, settings_here(program))
        except CannotExplore:
            return []


def _in_order(program: Program) -> list[Entry]:
    """Return the entries with what must not happen last, wherever the file has to have it."""
    return sorted(program.file.entries, key=lambda entry: entry.grade is Grade.FORBIDDEN)


def _usual(program: Program, record: list[Observation]) -> Iterable[nodes.Node]:
    """Yield a line on what is called usual, where no run has shown one that is."""
    usual = [each for each in program.file.entries if each.grade is Grade.USUAL]
    totals = [_total(each, program, record) for each in usual]
    if any(each.runs and not each.seen for each in totals):
        words = nodes.Text(" is what you would expect of the program, even if no run has shown it.")
        yield nodes.paragraph(
            "", "", nodes.emphasis("", "Usual"), words, classes=["anyorder-recorded"]
        )


def _scope(program: Program) -> Iterable[nodes.Node]:
    """Yield a line where the outcome file speaks of some settings alone."""
    if when := str(program.file.when):
        words = f"Checked in these settings alone: {when}."
        yield nodes.paragraph("", words, classes=["anyorder-incomplete"])


def _incomplete(program: Program, found: object) -> Iterable[nodes.Node]:
    """Yield a line where not everything was explored, so that there may be other outcomes."""
    if not isinstance(found, Exploration) or found.complete:
        return
    words = "Not complete: not everything was explored, and there may be others."
    if program.file.preemptions is not None and held_to(found, program.file):
        with_so_many = at_most(program.file.preemptions)
        words = f"Not complete: every outcome with {with_so_many} is here; there may be others."
    yield nodes.paragraph("", words, classes=["anyorder-incomplete"])


def _mixing(found: object) -> Iterable[nodes.Node]:
    """Yield a line where a reader may see lines of tracebacks in orders that are not listed."""
    if isinstance(found, Exploration) and (words := mixing_of(found)):
        yield nodes.paragraph("", words, classes=["anyorder-incomplete"])


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


def _list_as_text(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Make lists of the tables for plain text, where a cell of a table has no lines of its own."""
    if app.builder.format != "text":
        return
    for table in [*doctree.findall(nodes.table)]:
        if "anyorder-outcomes" not in table["classes"]:
            continue
        listed = nodes.bullet_list()
        [body] = table.findall(nodes.tbody)
        for row in body.findall(nodes.row):
            outcome, *others = row.findall(nodes.entry)
            item = nodes.list_item("", *outcome.children)
            for heading, cell in zip(HEADINGS[1:], others, strict=True):
                words = " ".join(each.astext() for each in cell.findall(nodes.paragraph))
                item += nodes.paragraph("", f"{heading}: {words}")
            listed += item
        [title] = table.findall(nodes.title)
        table.replace_self([nodes.paragraph("", f"{title.astext()}:"), listed])


def _row(cells: Iterable[list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    row += [nodes.entry("", *cell) for cell in cells]
    return row


def _can(program: Program, entry: Entry, reached: Sequence[PossibleOutcome]) -> nodes.paragraph:
    """Return whether an entry can happen, for whichever Python a reader chooses.

    Each process has a GIL of its own, so for them it is the conditions of the entry alone.
    """
    if entry.grade is Grade.FORBIDDEN:
        return nodes.paragraph("", "no")
    if str(entry.when):
        words = str(When(entry.when))
        if entry.when == Conditions(stdout_to=entry.when.stdout_to):  # as it is said of threads
            words = f"only {words}"
        if not words.startswith("Python"):  # that is a name
            words = f"{words[:1].lower()}{words[1:]}"
        return nodes.paragraph("", words)
    builds = reached_by(reached)
    if program.starts_processes or builds.by_all:
        return nodes.paragraph("", "yes")
    return answers("", in_short(builds), answers=answers_of(builds))


def _often(entry: Entry, program: Program, record: list[Observation]) -> Iterable[nodes.Node]:
    """Yield how often recorded runs had an entry, as a bar and in words.

    Where it can be in some of them alone, which the cell before names, it is said of those.
    """
    total = _total(entry, program, record)
    width = f"{100 * total.seen / total.runs:.1f}" if total.runs else "0"
    bar = f'<rect width="{width}%" height="100%"/>'
    yield raw(f'<svg class="anyorder-share" aria-hidden="true">{bar}</svg>')
    words: list[nodes.Node] = [nodes.Text(total.words)]  # static/yours.js writes them anew
    some = not all(entry.when.met_by(each.setting) for each in record)
    if some and entry.grade is not Grade.FORBIDDEN:
        words.append(nodes.inline("", " there"))
    yield nodes.paragraph("", "", *words)


def _total(entry: Entry, program: Program, record: list[Observation]) -> Tally:
    """Return how many recorded runs had an entry, of all that could."""
    total = Tally()
    for line in _lines(entry, program, record):
        for each in line.pythons.values():
            total.add(each.seen, each.runs)
    return total


def _lines(entry: Entry, program: Program, record: list[Observation]) -> list[Line]:
    spoken = [each for each in record if entry.when.met_by(each.setting)]
    return observed_lines(
        spoken, lambda outcome, setting: program.file.entry_for(outcome, setting) == entry
    )


def _numbers(program: Program, record: list[Observation]) -> list[nodes.Node]:
    """Return all that was observed, for a reader to open: a table, and where it was recorded."""
    free = {each.setting.interpreter.free_threaded for each in record}
    builds = [name for name, of in ((WITH_GIL, False), (FREE_THREADED, True)) if of in free]
    headings = ["Outcome", "Where", *builds]
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=1) for _ in headings]
    group += nodes.thead("", _row([[nodes.paragraph("", each)] for each in headings]))
    body = nodes.tbody()
    for place, entry in enumerate(_in_order(program), 1):
        for line in _lines(entry, program, record):
            cells = [nodes.paragraph("", f"no. {place} ({entry.grade})")]
            cells.append(nodes.paragraph("", str(line)))
            cells += [tally("", str(line.of(each)), line=line, build=each) for each in builds]
            row = _row([each] for each in cells)
            row["classes"] = [f"anyorder-of-{place}"]
            method = (StartMethod(line.method),) if line.method else ()
            when = entry.when.within(program.file.when)
            row[WHEN] = When(replace(when, start_method=method))
            body += row
    group += body
    table = nodes.table("", group, classes=["anyorder-numbers", "colwidths-auto"])
    return [
        raw("<details><summary>All numbers</summary>"),
        table,
        nodes.paragraph("", recorded_line(record), classes=["anyorder-recorded"]),
        raw("</details>"),
    ]


def _outcome(
    entry: Entry,
    program: Program,
    record: list[Observation],
    reached: Sequence[PossibleOutcome],
    unseen: set[str],
) -> Iterable[nodes.Node]:
    """Yield what the entry stands for: texts, and how the program ends.

    Args:
        entry: the entry
        program: the program
        record: what real runs of it printed
        reached: the outcomes that the entry stands for
        unseen: outputs of the program that have signs whoever wrote them
    """
    stderr = entry.stderr.written()
    nothing = "nothing on standard output" if stderr else "no output"
    broken = {each.outcome.stdout for each in reached if breaks_lines(each.writes)}
    signed = broken | unseen
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
        yield from (_literal(text, signed) for text in first)
        yield from _on_demand([text for text in texts if text not in first], broken, signed)
        texts = []
    for text in texts:
        yield _literal(text, signed) if text else nodes.paragraph("", nothing)
    if stderr:
        yield nodes.paragraph("", "and on standard error:")
        yield _literal(stderr, ())
    if entry.ends in ENDS:
        yield nodes.paragraph("", ENDS[entry.ends])
    elif entry.exit:
        yield nodes.paragraph("", f"exit status {entry.exit}")


def _kind(texts: Sequence[str], broken: Container[str]) -> str:
    """Say what is common to many outputs."""
    return " with broken lines" if all(text in broken for text in texts) else ""


def _on_demand(
    texts: Sequence[str], broken: Container[str], signed: Container[str]
) -> Iterable[nodes.Node]:
    """Yield outputs that a reader opens, each kind for itself; only HTML can open anything."""
    whole = [text for text in texts if text not in broken]
    kinds = {
        " with broken lines": [text for text in texts if text in broken],
        " with whole lines" if len(whole) < len(texts) else "": whole,
    }
    for kind, alike in kinds.items():
        if not alike:
            continue
        shown: list[nodes.Node] = [_literal(text, signed) for text in alike[:MOST_OPENED]]
        if len(alike) > MOST_OPENED:
            shown.append(nodes.paragraph("", f"and {len(alike) - MOST_OPENED:,} more"))
        begin = raw(f"<details><summary>{len(alike):,} more{kind}</summary>")
        yield addnodes.only("", begin, *shown, raw("</details>"), expr="html")


def _left_of(entry: Entry, program: Program) -> set[str]:
    """Return the texts of the entry that no entry before it takes."""
    return texts_left(program.file, entry, speaks_with(entry))


def _literal(text: str, signed: Container[str]) -> nodes.literal_block:
    """Return an output as a block, with signs for what cannot be seen where there are to be any."""
    shown = marked(text) if text in signed else text
    classes = ["anyorder-output"]
    if any(len(line) > MOST_BESIDE for line in shown.splitlines()):
        classes.append("anyorder-wide")
    return nodes.literal_block(shown, shown, language="none", classes=classes, drawn=True)
