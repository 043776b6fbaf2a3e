"""``{transcript}``: a session at the interactive prompt, as its screen shows it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.token import Generic
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from anyorder.checking import REFUSALS, counted, lines_of
from anyorder.sphinx.checks import note_program, suppressible

__all__ = ["Transcript", "setup"]

PROMPTS = (">>> ", "... ")
# marks a line in which nobody typed what stands after the prompt; it is not shown
PRINTED = "\0"


def setup(app: Sphinx) -> None:
    """Add the directive, its node and its highlighting."""
    app.add_directive("transcript", Transcript)
    app.add_lexer("anyorder-transcript", TranscriptLexer)
    app.add_node(
        transcript,
        html=(visit_html, None),
        latex=AS_LITERAL_BLOCK,
        man=AS_LITERAL_BLOCK,
        texinfo=AS_LITERAL_BLOCK,
        text=AS_LITERAL_BLOCK,
    )


class transcript(nodes.literal_block):  # noqa: N801 - docutils names its nodes in lower case
    """A session on a page, and under ``marked`` the same with the printed lines marked."""


class Transcript(SphinxDirective):
    """Draws an outcome of a session, and has the session checked.

    The argument is the session, by its path from the page. The option ``outcome`` is the number of
    the entry to draw, counted from 1.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"outcome": directives.positive_int}

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the screen, as a block that can be copied."""
        try:
            program = note_program(self.env, self.arguments[0], self.lineno)
            typed = lines_of(program.path)
        except REFUSALS as error:
            raise self.error(str(error)) from None
        number = self.options.get("outcome", 1)
        if number > len(program.file.entries):
            raise self.error(
                f"{program.file.path}:1: has {counted(len(program.file.entries), 'outcome')}, "
                f"and none of number {number}: fix the option outcome"
            )
        screen = program.file.entries[number - 1].stdout.written()
        block = transcript(screen, screen, marked="".join(_marked(screen, typed)))
        block["source"] = str(program.path)
        self.set_source_info(block)
        return [block]


def _marked(screen: str, typed: list[str]) -> Iterator[str]:
    """Yield the lines of the screen, marked where nobody typed what is after the prompt."""
    left = deque(typed)
    for line in screen.splitlines(keepends=True):
        if not line.startswith(("...", ">>>")):
            yield line
        elif left and line[len(PROMPTS[0]) :].rstrip("\n") == left[0].rstrip():
            left.popleft()
            yield line
        else:
            yield PRINTED + line


class TranscriptLexer(Lexer):
    """Highlights what was typed as Python, and all else as output."""

    name = "Transcript of a session"
    aliases: ClassVar = ["anyorder-transcript"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """Yield the tokens of ``text``, a line at a time."""
        python = PythonLexer()
        for line in text.splitlines(keepends=True):
            if line.startswith(PROMPTS):
                yield 0, Generic.Prompt, line[: len(PROMPTS[0])]
                for _, kind, value in python.get_tokens_unprocessed(line[len(PROMPTS[0]) :]):
                    yield 0, kind, value
            elif line.startswith(("...", ">>>")):
                yield 0, Generic.Prompt, line
            else:
                yield 0, Generic.Output, line.removeprefix(PRINTED)


def visit_html(translator: HTML5Translator, node: transcript) -> None:
    """Write the session with its own highlighting, in the frame of every other session."""
    highlighted = translator.highlighter.highlight_block(
        node["marked"], "anyorder-transcript", location=node
    )
    begin = translator.starttag(node, "div", suffix="", CLASS="highlight-pycon notranslate")
    translator.body.append(f"{begin}{highlighted}</div>\n")
    raise nodes.SkipNode


def visit_as_literal_block(translator: SphinxTranslator, node: transcript) -> None:
    """Begin the session as any block of code begins."""
    translator.visit_literal_block(node)


def depart_as_literal_block(translator: SphinxTranslator, node: transcript) -> None:
    """End the session as any block of code ends."""
    translator.depart_literal_block(node)


AS_LITERAL_BLOCK = (visit_as_literal_block, depart_as_literal_block)
