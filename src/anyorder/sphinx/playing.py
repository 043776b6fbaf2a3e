"""What the parts of a page that are played have in common: the program, explored."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from anyorder.checking import REFUSALS, Program, settings_here
from anyorder.checking.exploration import explored
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Entry, Setting
from anyorder.sphinx.checks import (
    explored_as_set,
    limits_in,
    note_program,
    saying_what_was_interrupted,
)
from anyorder.sphinx.naming import numbered

__all__ = [
    "ANCHORS",
    "Player",
    "element",
    "entry_of",
    "explored_for",
    "raw",
]

# of a node: where on the page the steps to the entries of a program begin
ANCHORS = "anchors"


class Player(SphinxDirective):
    """A directive whose argument is a program that can be explored, by its path from the page."""

    required_arguments = 1
    final_argument_whitespace = True

    def explore(self) -> tuple[Program, Exploration]:
        """Return the program, which its page is then checked for, with all its outcomes."""
        try:
            program = note_program(self.env, self.arguments[0], self.lineno)
        except REFUSALS as error:
            raise self.error(str(error)) from None
        found = explored_as_set(self.env, program)
        if not isinstance(found, Exploration):
            raise self.error(f"{program.path}:1: cannot be played: {found}")
        if not found.complete:
            raise self.error(f"{program.path}:1: cannot be played: {found.limit}")
        return program, found

    def identifier(self, kind: str) -> str:
        """Return a name for the part that no other part of its page has."""
        return f"{kind}-{self.env.new_serialno(f'anyorder-{kind}') + 1}"

    def entries(self, program: Program, option: str) -> tuple[Entry, ...]:
        """Return the entries of the outcome file that an option names by their numbers."""
        try:
            return numbered(program, self.options[option])
        except ValueError as error:
            raise self.error(f"{error}: fix the option {option}") from None


def element(tag: str, name: str, children: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return an element of HTML around ``children``, which stand alone for all other builders.

    Args:
        tag: its name, which is also the class by which a page knows what to load for it
        name: its identifier on the page
        children: what is in it
    """
    inside = nodes.container("", *children, classes=["anyorder-play", tag])
    return [raw(f'<{tag} id="{name}">'), inside, raw(f"</{tag}>")]


def raw(text: str) -> nodes.raw:
    """Return HTML that no other builder sees."""
    return nodes.raw("", text, format="html")


def entry_of(program: Program, possible: PossibleOutcome) -> Entry | None:
    """Return the entry of the outcome file that stands for an outcome, as a plain run has it."""
    return program.file.entry_for(possible.outcome, settings_here(program)[0])


def explored_for(
    env: BuildEnvironment, program: Program, entry: Entry, settings: Iterable[Setting]
) -> list[PossibleOutcome]:
    """Return the outcomes of an entry in the first setting in which it has any.

    Raises:
        CannotExplore: the program cannot be explored in a setting of which the entry speaks
    """
    for setting in settings:
        if entry.when.met_by(setting):
            with saying_what_was_interrupted():
                found = explored(
                    program.path,
                    setting.start_method,
                    setting.stdout_to,
                    preemptions=program.file.preemptions,
                    follow=program.follow,
                    limits=limits_in(env.config),
                )
            outcomes = [
                each
                for each in found.outcomes
                if program.file.entry_for(each.outcome, setting) is entry
            ]
            if outcomes:
                return outcomes
    return []
