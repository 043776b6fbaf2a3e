"""On your Python: what of a page holds for some Pythons only, so that a reader can choose theirs.

Rows of the outcome tables and the text under ``{only-on}`` have conditions. They become classes, a
class for each version, build and start method for which the part holds. The element below the
page's title, which ``static/yours.js`` fills, offers what was recorded.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxTranslator
from sphinx.writers.html5 import HTML5Translator

from anyorder.board.builds import FREE_THREADED, WITH_GIL
from anyorder.checking import REFUSALS, read_record
from anyorder.checking.record import record_path
from anyorder.outcomes import Conditions, Setting, StartMethod
from anyorder.sphinx import options
from anyorder.sphinx.checks import programs_of, suppressible
from anyorder.sphinx.observed import Line, build_of, python_name
from anyorder.sphinx.playing import raw

__all__ = ["WHEN", "When", "answers", "setup", "tally"]

# in the environment: what there is to choose
KNOWN = "anyorder_known"
# in the environment: of each program, when its record was written and the settings in it
RECORDED = "anyorder_recorded"
# of a node: the conditions under which it holds
WHEN = "when"
BUILDS = {"gil": WITH_GIL, "free-threaded": FREE_THREADED}
# no version has had as many releases
MOST_RELEASES = 50


def setup(app: Sphinx) -> None:
    """Add the directive, the lines of what was observed, and the choice."""
    app.add_directive("only-on", OnlyOn)
    for node, visit in ((tally, visit_html), (answers, visit_answers)):
        app.add_node(
            node,
            html=(visit, depart_html),
            latex=AS_PARAGRAPH,
            man=AS_PARAGRAPH,
            texinfo=AS_PARAGRAPH,
            text=AS_PARAGRAPH,
        )
    app.connect("env-updated", _know)
    app.connect("doctree-resolved", _offer_choice)


@dataclass(frozen=True)
class When:
    """For which Pythons a part of a page holds."""

    conditions: Conditions
    builds: tuple[str, ...] = ()

    def __str__(self) -> str:
        builds = [" or ".join(self.builds)] if self.builds else []
        return ", ".join([*filter(None, [str(self.conditions)]), *builds])

    def classes(self, known: Known) -> list[str]:
        """Return a class for each choice for which the part holds, where others are known."""
        met = {*self.builds, *self.conditions.start_method, *filter(self._meets, known.versions)}
        return [
            f"anyorder-on-{choice.replace(' ', '-')}"
            for choices in known.choices
            if not met.issuperset(choices)
            for choice in choices
            if choice in met
        ]

    def _meets(self, version: str) -> bool:
        releases = (f"{version}.{number}" for number in range(MOST_RELEASES))
        return any(map(self.conditions.hold_on, releases))


@dataclass(frozen=True)
class Known:
    """What was recorded, of all programs of the docs.

    Args:
        pythons: the Pythons, each by its name: ``3.14``, or ``3.14t`` where it is free-threaded
        methods: the start methods
    """

    pythons: tuple[str, ...]
    methods: tuple[str, ...]

    @property
    def versions(self) -> list[str]:
        """The minor versions."""
        return list(dict.fromkeys(name.rstrip("t") for name in self.pythons))

    @property
    def choices(self) -> tuple[list[str], list[str], list[str]]:
        """The versions, builds and start methods."""
        free = {name.endswith("t") for name in self.pythons}
        builds = [WITH_GIL] * (False in free) + [FREE_THREADED] * (True in free)
        return self.versions, builds, [*self.methods]


class OnlyOn(SphinxDirective):
    """Holds text that is true of some Pythons only, and begins with their names.

    The options are ``python``, versions as in an outcome file, ``build``, which is ``gil`` or
    ``free-threaded``, and ``start_method``, one or more of them.
    """

    has_content = True
    option_spec: ClassVar = {
        "python": options.versions,
        "build": options.words_of(BUILDS),
        "start_method": options.words_of(tuple(StartMethod)),
    }

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the text, with a line before it that says where it holds."""
        self.assert_has_content()
        if not self.options:
            raise self.error("say where it holds, by python, build or start_method")
        conditions = Conditions(
            python=(self.options["python"],) if "python" in self.options else (),
            start_method=tuple(map(StartMethod, self.options.get("start_method", ()))),
        )
        when = When(conditions, tuple(BUILDS[each] for each in self.options.get("build", ())))
        held = nodes.container("", _label(when), classes=["anyorder-only"])
        held += self.parse_content_to_nodes(allow_section_headings=False)
        held[WHEN] = when
        return [held]


def _label(when: When) -> nodes.paragraph:
    """Return the line that says where a part of a page holds."""
    words = str(when)
    return nodes.paragraph("", f"{words[:1].upper()}{words[1:]}:", classes=["anyorder-when"])


class tally(nodes.paragraph):  # noqa: N801 - docutils names its nodes in lower case
    """What was observed on one build, and under ``line`` the counts for each Python."""


class answers(nodes.paragraph):  # noqa: N801 - docutils names its nodes in lower case
    """Whether something can happen, and under ``answers`` the words for each choice."""


def visit_html(translator: HTML5Translator, node: tally) -> None:
    """Begin the paragraph, with its counts in the order of the Pythons that are known."""
    line: Line = node["line"]
    pythons = _known(translator.builder.env).pythons
    counts = [
        line.pythons.get(each) if build_of(each) == node["build"] else None for each in pythons
    ]
    seen = _short([each.seen if each else 0 for each in counts])
    runs = _short([each.runs if each else 0 for each in counts])
    data: dict[str, Any] = {"data-seen": f"{seen}/{runs}"}
    translator.body.append(translator.starttag(node, "p", "", **data))


def visit_answers(translator: HTML5Translator, node: answers) -> None:
    """Begin the paragraph, with the words for each choice."""
    data: dict[str, Any] = {"data-answers": node["answers"]}
    translator.body.append(translator.starttag(node, "p", "", **data))


def depart_html(translator: HTML5Translator, _node: nodes.paragraph) -> None:
    """End the paragraph."""
    translator.body.append("</p>\n")


def _visit(translator: SphinxTranslator, node: nodes.paragraph) -> None:
    translator.visit_paragraph(node)


def _depart(translator: SphinxTranslator, node: nodes.paragraph) -> None:
    translator.depart_paragraph(node)


AS_PARAGRAPH = (_visit, _depart)


def _short(numbers: list[int]) -> str:
    """Write numbers, one of them where they are all the same."""
    same = len(set(numbers)) == 1
    return " ".join(map(str, numbers[:1] if same else numbers))


def _known(env: BuildEnvironment) -> Known:
    return cast("Known", getattr(env, KNOWN))


def _know(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Gather what was recorded; return all pages, to be written anew, where that has changed."""
    settings = []
    for path in programs_of(env):
        with contextlib.suppress(*REFUSALS):  # the page of the program is refused already
            settings += _recorded(env, path)
    pythons = {python_name(each.interpreter) for each in settings}
    known = Known(
        tuple(sorted(pythons, key=lambda name: (*map(int, name.rstrip("t").split(".")), name))),
        tuple(each for each in StartMethod if each in {each.start_method for each in settings}),
    )
    before = getattr(env, KNOWN, known)
    setattr(env, KNOWN, known)
    return [] if before == known else sorted(env.found_docs)


def _recorded(env: BuildEnvironment, path: Path) -> list[Setting]:
    """Return the settings in a program's record, which is read only where it has changed."""
    if not hasattr(env, RECORDED):
        setattr(env, RECORDED, {})
    read: dict[Path, tuple[int, list[Setting]]] = getattr(env, RECORDED)
    record = record_path(path)
    changed = record.stat().st_mtime_ns if record.exists() else 0
    if path not in read or read[path][0] != changed:
        read[path] = changed, [each.setting for each in read_record(path)]
    return read[path][1]


def _offer_choice(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Mark the parts of a page by classes, and offer the choice where there is anything to it."""
    known = _known(app.env)
    marked = False
    methods = False
    for node in doctree.findall(nodes.Element):
        if isinstance(node, tally | answers):
            marked = True
        elif WHEN in node:
            classes = node[WHEN].classes(known)
            node["classes"] += classes
            marked |= bool(classes)
            methods |= bool(node[WHEN].conditions.start_method)
    versions, builds, starts = known.choices
    offered = [versions, builds, *([starts] if methods else [])]
    if not marked or max(map(len, offered)) <= 1 or app.builder.format != "html":
        return
    section = doctree.next_node(nodes.section)
    data = f'pythons="{" ".join(known.pythons)}"'
    if methods:
        data += f' methods="{" ".join(known.methods)}"'
    choice = raw(f"<anyorder-yours {data}></anyorder-yours>")
    choice["classes"] = ["anyorder-yours"]
    if section is None:
        doctree.insert(0, choice)
    else:  # below the title
        section.insert(1, choice)
