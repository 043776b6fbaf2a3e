"""``{measured}``: times that were recorded of programs, as a plot over a table of the same numbers.

The argument is the record, by its path from the page; the option ``work`` names which of its works
to show, and the option ``machine`` adds where and how all of them were recorded. A record of
programs that have changed since is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from statistics import median
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from tables import row, table

FIX = "run `nox -s measure`"
# the plot is drawn in colours that stand for those of the theme, which differ by day and by night
THEME = {
    "#010101": "var(--ink)",
    "#020202": "var(--pale)",
    "#030303": "var(--rule)",
    "#040404": "var(--accent)",
    "#050505": "var(--paper)",
}
TEXT, FAINT, LINE, BRAND, PAGE = THEME
# how the ways after the first are drawn: marker, edge, face, and how far off the middle of a row
STYLES = (("o", BRAND, BRAND, 0.17), ("D", TEXT, PAGE, -0.17))
WIDTH = 4.5  # inches: as wide as a phone, so that the words of the plot are as large as the page's


# what is said of a drawing that is the page's to say, or that a page has no use for
UNUSED = {"clip-path", "font-family"}


class RecordError(Exception):
    """A record cannot be shown; the message names the file and the fix."""


@dataclass(frozen=True)
class Times:
    """The seconds that one way to do a work took, compared to the first way on the same Python.

    Args:
        seconds: of each run that was kept
        base: of the first way, the median
    """

    seconds: Sequence[float]
    base: float

    @property
    def middle(self) -> float:
        """The median, as a multiple of the first way's."""
        return median(self.seconds) / self.base

    @property
    def least(self) -> float:
        """The fastest run, as a multiple of the first way's median."""
        return min(self.seconds) / self.base

    @property
    def most(self) -> float:
        """The slowest run, as a multiple of the first way's median."""
        return max(self.seconds) / self.base


@dataclass(frozen=True)
class Work:
    """What was recorded of one work.

    Args:
        name: its name
        commands: of each way to do it, the program and what it was called with
        rows: of each Python, the times of each way
        machine: where and how it was recorded, in sentences
    """

    name: str
    commands: Mapping[str, Sequence[str]]
    rows: Mapping[str, Mapping[str, Times]]
    machine: str

    @property
    def first(self) -> str:
        """The way that the others are compared to."""
        return next(iter(self.commands))

    @property
    def others(self) -> list[str]:
        """The ways that are compared to the first."""
        return list(self.commands)[1:]

    @property
    def in_words(self) -> str:
        """What the plot shows, for those who do not see it."""
        said = [f"Times of {self.name}, {self.first} being 1."]
        for way in self.others:
            middles = [times[way].middle for times in self.rows.values()]
            said.append(f"{way.capitalize()}: {min(middles):.2f} to {max(middles):.2f}.")
        return " ".join([*said, "The table below has the numbers."])


def read(path: Path, work: str) -> Work:
    """Return what a record has of one work.

    Raises:
        RecordError: there is no such record or work, or a program has changed since
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for program, digest in content["programs"].items():
            if hashlib.sha256((path.parent / program).read_bytes()).hexdigest() != digest:
                raise RecordError(f"{path}:1: was recorded before {program} was changed: {FIX}")
        if work not in content["works"]:
            raise RecordError(f"{path}:1: has no work {work!r}, but {', '.join(content['works'])}")
        return Work(
            name=work,
            commands=content["works"][work],
            rows={
                name_of(each): times_of(each["seconds"][work])
                for each in sorted(content["pythons"], key=place_of)
            },
            machine=machine(content),
        )
    except OSError as error:
        raise RecordError(f"{path}:1: cannot be read ({error.strerror}): {FIX}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RecordError(f"{path}:1: is damaged ({error!r}): {FIX}") from None


def place_of(python: Mapping[str, Any]) -> tuple[int, int, bool]:
    """Return what the rows are sorted by: a build without a GIL stands under the other one."""
    major, minor, *_ = python["python"].split(".")
    return int(major), int(minor), python["free_threaded"]


def name_of(python: Mapping[str, Any]) -> str:
    """Return what a row is called: the version, and whether it runs without a GIL."""
    version = ".".join(python["python"].split(".")[:2])
    return f"{version}, no GIL" if python["free_threaded"] else str(version)


def times_of(seconds: Mapping[str, Sequence[float]]) -> dict[str, Times]:
    """Return the times of each way, compared to the first."""
    base = median(next(iter(seconds.values())))
    return {way: Times(each, base) for way, each in seconds.items()}


def machine(content: Mapping[str, Any]) -> str:
    """Return where and how a record was made."""
    recorded = content["recorded"]
    pythons = [
        f"{each['python']}{'t' * each['free_threaded']} ({each['build']}; {each['start_method']})"
        for each in content["pythons"]
    ]
    others = recorded["others"]
    return (
        f"Recorded on {recorded['date']}: {recorded['machine']}, {recorded['processor']}, "
        f"{recorded['cores']} cores. "
        f"{chosen(recorded['rounds'], recorded['kept'])}; during these, other programs used "
        f"{others['median']:.0%} of the machine (median; "
        f"{others['most']:.0%} at most). "
        f"Python (compiler; default start method): {', '.join(pythons)}."
    )


def chosen(rounds: int, kept: int) -> str:
    """Say which runs a record has, of all that there were."""
    fewer = f", and the {kept} runs that others disturbed least were kept" if kept < rounds else ""
    return f"Each ran {rounds} times{fewer}"


def plot(work: Work) -> str:
    """Return the plot as SVG in the theme's colours: a row a Python, a mark a way."""
    import matplotlib as mpl  # noqa: PLC0415 - it takes a second, which only this page needs
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    settings: Any = {
        "font.size": 11,
        "svg.fonttype": "none",
        "svg.hashsalt": work.name,
        "axes.edgecolor": LINE,
        "axes.labelcolor": TEXT,
        "text.color": TEXT,
        "xtick.color": LINE,
        "xtick.labelcolor": FAINT,
        "ytick.color": LINE,
        "ytick.labelcolor": TEXT,
        "legend.labelcolor": TEXT,
    }
    with mpl.rc_context(settings):
        figure = Figure(figsize=(WIDTH, 0.38 * len(work.rows) + 1.1), layout="constrained")
        axes = figure.add_subplot()
        places = range(len(work.rows), 0, -1)
        for way, (marker, edge, face, off) in zip(work.others, STYLES, strict=True):
            spans = [(times[way].least, times[way].most, nan) for times in work.rows.values()]
            axes.plot(  # one line for all, which a number that is none breaks
                [end for span in spans for end in span],
                [place + off for place in places for _ in range(3)],
                color=edge,
                linewidth=1,
            )
            axes.plot(
                [times[way].middle for times in work.rows.values()],
                [place + off for place in places],
                *(marker,),
                markeredgecolor=edge,
                markerfacecolor=face,
                label=way,
            )
        axes.axvline(1, color=FAINT, linestyle="--", linewidth=1)
        axes.set_yticks(list(places), list(work.rows))
        axes.set_ylim(0.4, len(work.rows) + 0.6)
        axes.set_xlim(left=0, right=max(1.1, axes.get_xlim()[1]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
        axes.set_xlabel(f"time, where {work.first} takes 1")
        axes.grid(axis="x", color=LINE, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        for unseen in (figure.patch, axes.patch, axes.spines["top"], axes.spines["right"]):
            unseen.set_visible(False)
        figure.legend(loc="outside upper left", ncols=2, frameon=False, handletextpad=0)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return themed(drawn.getvalue(), work.in_words)


def themed(svg: str, words: str) -> str:
    """Return an SVG for the inside of a page: with a text alternative, and the theme's colours."""
    drawing = ET.fromstring(svg)  # noqa: S314 - it was written by matplotlib just now
    plain = ET.Element(
        "svg", {"role": "img", "aria-label": words, "viewBox": drawing.attrib["viewBox"]}
    )
    _draw(drawing, plain)
    return ET.tostring(plain, encoding="unicode")


def _draw(drawing: ET.Element, plain: ET.Element) -> None:
    """Add to a plain SVG what is drawn: as HTML has no namespaces, and the pages no styles."""
    for element in drawing:
        tag = element.tag.rpartition("}")[2]
        if tag == "g":  # only names of parts that nobody asks for
            _draw(element, plain)
        elif tag not in {"metadata", "style", "clipPath"}:
            attributes = {name.rpartition("}")[2]: value for name, value in element.items()}
            attributes |= _declared(attributes.pop("style", ""))
            drawn = {name: THEME.get(value, value) for name, value in attributes.items()}
            for name in UNUSED & {*drawn}:
                del drawn[name]
            added = ET.SubElement(plain, tag, drawn)
            added.text = (element.text or "").strip()
            _draw(element, added)


def _declared(style: str) -> dict[str, str]:
    """Return what a style declares."""
    declarations = (each.partition(":") for each in style.split(";") if each)
    return {name.strip(): value.strip() for name, _, value in declarations}


def rows(work: Work) -> Iterator[list[str]]:
    """Yield the rows of the table."""
    for python, times in work.rows.items():
        compared = [
            f"{times[way].middle:.2f} ({times[way].least:.2f} to {times[way].most:.2f})"
            for way in work.others
        ]
        yield [python, f"{times[work.first].base:.2f} s", *compared]


class Measured(SphinxDirective):
    """Draws the plot, and the table under it."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {
        "work": directives.unchanged_required,
        "machine": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        relative, absolute = self.env.relfn2path(self.arguments[0])
        path = Path(absolute)
        self.env.note_dependency(relative)
        try:
            work = read(path, self.options.get("work", ""))
            for program, *_ in work.commands.values():
                self.env.note_dependency(str(Path(relative).with_name(program)))
        except RecordError as error:
            raise self.error(str(error)) from None
        times = table(["Python", *work.commands], map(row, rows(work)), "measured")
        times.insert(0, nodes.title("", "", *commands(work)))
        self.set_source_info(times)
        figure = nodes.raw("", f'<div class="measured">{plot(work)}</div>', format="html")
        drawn: list[nodes.Node] = [figure, times]
        if "machine" in self.options:
            drawn.append(nodes.paragraph("", work.machine, classes=["anyorder-recorded"]))
        return drawn


def commands(work: Work) -> Iterator[nodes.Node]:
    """Yield the table's title: what was run, and what it is compared to."""
    yield nodes.Text(f"{work.name.capitalize()}, {work.first} being 1: ")
    for number, command in enumerate(work.commands.values()):
        yield nodes.Text(", " if number else "")
        yield nodes.literal("", " ".join(command))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive, and its style to the pages that have it."""
    app.add_directive("measured", Measured)
    app.connect("html-page-context", style)
    return {"version": "1", "parallel_read_safe": True}


def style(
    app: Sphinx, _page: str, _template: str, _context: object, doctree: nodes.document | None
) -> None:
    """Have a page that shows times load their style."""
    if doctree is not None and any(
        "measured" in each["classes"] for each in doctree.findall(nodes.table)
    ):
        app.add_css_file("measured.css")
