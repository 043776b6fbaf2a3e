"""``{reachable}``: on which builds a program can have an outcome, as a table and in a sentence.

The table has a row an outcome, and a column for each version with a GIL and for builds without one.
In a sentence the role says it in words, or holds the author's own words to what was explored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.nodes import system_message
from packaging.specifiers import SpecifierSet
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from anyorder.board.builds import (
    FREE_THREADED,
    WITH_GIL,
    answers_of,
    in_short,
    in_words,
    reached_by,
)
from anyorder.board.words import ENDS, fewest_first, shown
from anyorder.checking import REFUSALS, Program
from anyorder.checking.expectations import bound_by
from anyorder.checking.reaching import Reached
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Claim, Conditions
from anyorder.sphinx.checks import explored_as_set, note_program, suppressible
from anyorder.sphinx.naming import named, numbered, refused
from anyorder.sphinx.outcomes import ABOUT
from anyorder.sphinx.playing import Player, entry_of, raw
from anyorder.sphinx.yours import WHEN, When

__all__ = ["Reachable", "answers_of", "in_short", "in_words", "reached_by", "setup"]

QUESTION = "Can it happen on your Python?"
WITHOUT = "without"
# of a node: the program and the number of the entry of which it tells that there are more outputs
MORE_OF = "more_of"
# the role with words of the author's own: the words, and then the claim that they make
CLAIMED = re.compile(r"(?P<words>.+?)\s+<(?P<named>[^:>]+):\s*(?P<claim>.+)>$", re.DOTALL)
# between the items of the list that a claim is
OR = re.compile(r"\s+or\s+")


def setup(app: Sphinx) -> None:
    """Add the directive and the role."""
    app.add_directive("reachable", Reachable)
    app.add_role("reachable", ReachableRole())
    app.connect("doctree-read", _link_more)


class Reachable(Player):
    """Says on which builds outcomes can happen, as a table with a row for each.

    The argument is a program, each entry of whose outcome file has a row. In its place the content
    may have a line a row: a path, numbers of entries, a colon, and the row's words.
    """

    required_arguments = 0
    optional_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the table."""
        if bool(self.arguments) == bool(self.content):
            raise self.error("name a program, or write rows, such as program.py 2: its words")
        rows = [*self.of_program()] if self.arguments else [*map(self.of_line, self.content)]
        versions = rows[0][1].versions
        group = nodes.tgroup(cols=len(versions) + 2)
        group += nodes.colspec(colwidth=40, stub=1)
        group += [nodes.colspec(colwidth=10) for _ in range(len(versions) + 1)]
        group += nodes.thead("", *_head(versions))
        body = nodes.tbody()
        for words, reached in rows:
            row = nodes.row("", nodes.entry("", *words))
            row += [_answer(version, in_short(reached, version, WITH_GIL)) for version in versions]
            row += _answer(None, "yes")
            body += row
        group += body
        title = nodes.title("", QUESTION)
        table = nodes.table("", title, group, classes=["anyorder-reachable", "colwidths-auto"])
        self.set_source_info(table)
        return [table]

    def of_program(self) -> Iterable[tuple[list[nodes.Node], Reached]]:
        """Yield what to write of each entry of a program, and the builds that can have it."""
        program, exploration = self.explore()
        for entry in program.file.entries:
            try:
                outcomes = entered(program, exploration, [entry.number])
            except ValueError as error:
                raise self.error(str(error)) from None
            yield [*_texts(outcomes, (program.path, entry.number))], reached_by(outcomes)

    def of_line(self, line: str) -> tuple[list[nodes.Node], Reached]:
        """Return what to write of the outcomes that a line names, and the builds that can."""
        before, colon, words = line.partition(": ")
        if not colon:
            raise self.error(f"write a row as program.py 2: its words, not {line!r}")
        try:
            path, numbers = named(before)
            self.arguments = [path]
            outcomes = entered(*self.explore(), numbers)
        except ValueError as error:
            raise self.error(str(error)) from None
        inline, messages = self.parse_inline(words, lineno=self.lineno)
        return [nodes.paragraph("", "", *inline), *messages], reached_by(outcomes)

    def explore(self) -> tuple[Program, Exploration]:
        """Return the program, with all its outcomes."""
        program, exploration = super().explore()
        try:
            _has_threads(program)
        except ValueError as error:
            raise self.error(str(error)) from None
        return program, exploration


class ReachableRole(SphinxRole):
    """Says on which builds a program can have an outcome, in words.

    It names the program, by its path from the page, and entries of its outcome file, by their
    numbers. With words of the author's own the claim that they make stands behind them, and is
    refused where it is not so.
    """

    def run(self) -> tuple[list[nodes.Node], list[system_message]]:
        """Return the words."""
        claimed = CLAIMED.fullmatch(self.text)
        try:
            path, numbers = named(claimed["named"] if claimed else self.text)
            program = note_program(self.env, path, self.lineno)
            reached = reached_by(_possible(self.env, program, numbers))
            words = in_words(reached)
            if claimed:
                words = claimed["words"]
                about = " or ".join(map(str, numbers))
                claim = _claim(claimed["claim"], self.lineno)
                _hold(claim, reached, f"{program.path}:1: outcome {about}")
        except (ValueError, *REFUSALS) as error:
            return refused(self, error)
        return [nodes.inline("", words, classes=["anyorder-where"])], []


def entered(
    program: Program, exploration: Exploration, numbers: Iterable[int]
) -> list[PossibleOutcome]:
    """Return the outcomes of the entries that are named by numbers.

    Raises:
        ValueError: there is none of a number, or one is not the same in every setting
    """
    entries = numbered(program, numbers)
    taken = [(entry_of(program, each), each) for each in exploration.outcomes]
    for entry in entries:
        about = f"{program.file.path}:{entry.line}: outcome {entry.number}"
        if why := bound_by(program.file, entry, [each.outcome for each in exploration.outcomes]):
            raise ValueError(
                f"{about} is not the same in every setting, since {why}; reachable tells of all "
                "builds: name an outcome that is"
            )
        if not any(taker is entry for taker, _ in taken):
            raise ValueError(f"{about} is not possible: no schedule leads to it")
    return [each for taker, each in taken if taker in entries]


def _possible(env: BuildEnvironment, program: Program, numbers: list[int]) -> list[PossibleOutcome]:
    """Return the outcomes that are named of a program, which is explored for that."""
    _has_threads(program)
    found = explored_as_set(env, program)
    if not isinstance(found, Exploration) or not found.complete:
        why = found.limit if isinstance(found, Exploration) else found
        raise ValueError(f"{program.path}:1: nothing is known of what builds can reach: {why}")
    return entered(program, found, numbers)


def _has_threads(program: Program) -> None:
    """Refuse programs with processes, each of which has a GIL of its own.

    Raises:
        ValueError: it is one
    """
    if program.starts_processes:
        raise ValueError(
            f"{program.path}:1: starts processes, and reachable is about the threads of one: "
            "name a program without"
        )


def _claim(text: str, line: int) -> Claim:
    """Read a claim.

    Raises:
        ValueError: it is none
    """
    try:
        return Claim.read(OR.split(text.strip()), line)
    except ValueError as error:
        raise ValueError(f"the claim {error}; without quotes, with or between several") from None


def _hold(claim: Claim, reached: Reached, about: str) -> None:
    """Hold a claim against what was explored.

    Raises:
        ValueError: it is not so
    """
    claimed = Reached({build: claim.says(*build) for build in reached.builds})
    if not claim.free_threaded:
        raise ValueError(
            f"{about} is possible, and builds without a GIL can reach all that is: "
            f"write {FREE_THREADED} into the claim too"
        )
    for item in claim.unknown(reached.versions):
        raise ValueError(f"{item!r} in the claim names no version that anything is known of")
    if claimed != reached:
        raise ValueError(
            f"{about} is claimed to be reachable {in_words(claimed)}; it is {in_words(reached)}: "
            "fix the sentence and its claim"
        )


def _head(versions: list[str]) -> list[nodes.row]:
    """Return the two rows at the head: the builds, and the versions of those with a GIL."""
    empty = nodes.entry("", nodes.paragraph("", "Outcome"), morerows=1)
    gil = nodes.entry("", nodes.paragraph("", WITH_GIL), morecols=len(versions) - 1)
    without = nodes.entry("", nodes.paragraph("", WITHOUT), morerows=1)
    second = nodes.row()
    for version in versions:
        entry = nodes.entry("", nodes.paragraph("", version))
        entry[WHEN] = _when(version)
        second += entry
    return [nodes.row("", empty, gil, without), second]


def _answer(version: str | None, word: str) -> nodes.entry:
    """Return the answer for a version with a GIL, or for builds without."""
    # where there is no room for columns, each answer names its own
    name = raw(f'<span class="anyorder-python">{version or f"{WITHOUT} a GIL"} </span>')
    said = nodes.paragraph("", "", name, nodes.Text(word))
    entry = nodes.entry("", said, classes=[f"anyorder-can-{word.split(maxsplit=1)[0]}"])
    entry[WHEN] = _when(version)
    return entry


def _when(version: str | None) -> When:
    if version is None:
        return When(Conditions(), (FREE_THREADED,))
    return When(Conditions(python=(SpecifierSet(f"=={version}.*"),)), (WITH_GIL,))


def _texts(outcomes: list[PossibleOutcome], about: tuple[Path, int]) -> Iterable[nodes.Node]:
    """Yield what a row is about: what is printed, and how it ends.

    Args:
        outcomes: what it is about
        about: the program, and the number of the entry
    """
    outcome = fewest_first(outcomes)[0].outcome
    text = nodes.literal("", shown(outcome).removesuffix(f" ({ENDS.get(outcome.ends)})"))
    text["support_smartquotes"] = False
    words: list[nodes.Node] = [text] if outcome.stdout else []
    if outcome.ends in ENDS:
        words += [nodes.Text(f"{', then ' if words else ''}{ENDS[outcome.ends]}")]
    if len(outcomes) > 1:
        more = f"{len(outcomes) - 1} more like it"
        words += [nodes.Text(" and "), nodes.inline("", more, **{MORE_OF: about})]
    yield nodes.paragraph("", "", *words)


def _link_more(_app: Sphinx, doctree: nodes.document) -> None:
    """Lead to all outputs of a row, where the page has the program's table of outcomes."""
    heads = {each[ABOUT]: each for each in doctree.findall(nodes.paragraph) if ABOUT in each}
    asked = [each for each in doctree.findall(nodes.inline) if each.get(MORE_OF) in heads]
    anchors = {}
    for about in {each[MORE_OF] for each in asked}:
        path, number = about
        anchors[about] = nodes.make_id(f"outcome {number} of {path.name}")
        heads[about].insert(0, nodes.target("", "", ids=[anchors[about]]))
    for place in asked:
        anchor = anchors[place[MORE_OF]]
        place.replace_self(nodes.reference("", place.astext(), refuri=f"#{anchor}", internal=True))
