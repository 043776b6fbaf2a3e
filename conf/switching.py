"""``{switch-points}``: where each Python with a GIL hands it over, as a table of what was measured.

The argument is the folder of the records, by its path from the page. The option ``never`` shows the
operations after which no version does, each with the rounds of all versions; the option ``pythons``
adds which builds were measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from tables import row, table

from anyorder.exploring.rewriting.switch_points import NEVER, POINTS, SAYS, points
from anyorder.exploring.versions import VERSIONS, mask

FIX = "run `nox -s probe`"

Records = Mapping[str, Any]  # what is recorded, by version


class RecordError(Exception):
    """The records cannot be shown; the message names the file and the fix."""


NOT_THERE = "not there"
# what counts as a switch point where it was not measured, and which versions do not have it
LACKING = {"what has type parameters is made": ("3.11",)}


def read(folder: Path) -> Records:
    """Return what is recorded.

    Raises:
        RecordError: a record is not there, or is none
    """
    records = {}
    for version in VERSIONS:
        path = folder / f"{version}.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            records[version] = {"python": content["python"], "kinds": content["kinds"]}
        except OSError as error:
            raise RecordError(f"{path}:1: cannot be read ({error.strerror}): {FIX}") from None
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"{path}:1: is damaged ({error!r}): {FIX}") from None
    return records


def rows(records: Records, names: list[str]) -> Iterator[list[str]]:
    """Yield the rows of the table: the place, how it was probed, and what each version did there.

    Raises:
        RecordError: the table calls a place none where a switch was seen
    """
    for name in names:
        if probed := how(records, name):
            yield [SAYS[name], probed, *(cell(records, name, version) for version in VERSIONS)]


def rows_of_all(records: Records, names: list[str]) -> Iterator[list[str]]:
    """Yield rows in which no version hands over, so that all of them have one cell: the rounds.

    Raises:
        RecordError: a switch was seen
    """
    for name in names:
        if probed := how(records, name):
            cells = {version: cell(records, name, version) for version in VERSIONS}
            lacking = [version for version, said in cells.items() if said == NOT_THERE]
            rounds = sum(counted(records, name, version)[0] for version in VERSIONS)
            without = f" (not there in {' and '.join(lacking)})" if lacking else ""
            yield [SAYS[name], probed, f"{rounds:,}{without}"]


def how(records: Records, name: str) -> str:
    """Return how a place was probed; what is an operation by name alone is so with another."""
    return "; ".join(
        dict.fromkeys(
            label for record in records.values() for label in record["kinds"].get(name, {})
        )
    )


def counted(records: Records, name: str, version: str) -> tuple[int, int]:
    """Return in how many rounds one version was probed at a place, and how often it handed over."""
    probes = records[version]["kinds"].get(name, {}).values()
    rounds = sum(one["rounds"] + one["warm_rounds"] for one in probes)
    return rounds, sum(one["switches"] + one["warm_switches"] for one in probes)


def cell(records: Records, name: str, version: str) -> str:
    """Return what one version did at a place."""
    rounds, switches = counted(records, name, version)
    is_point = name in POINTS and points(name) & mask(version)
    if switches and not is_point:
        raise RecordError(f"{name}: {switches} switches on {version}, where the table has none")
    if not rounds:
        known = is_point and version not in LACKING.get(name, ())
        return "yes, not measured" if known else NOT_THERE
    return f"{'yes' if is_point else 'no'}, {switches:,} in {rounds:,}"


class SwitchPoints(SphinxDirective):
    """Draws the table."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"never": directives.flag, "pythons": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        relative, absolute = self.env.relfn2path(self.arguments[0])
        for version in VERSIONS:
            self.env.note_dependency(f"{relative}/{version}.json")
        try:
            records = read(Path(absolute))
            if "never" in self.options:
                headings, drawn_rows = ["Place", "Rounds"], rows_of_all(records, sorted(NEVER))
            else:
                headings, drawn_rows = ["Place", *VERSIONS], rows(records, list(POINTS))
            body = [self.row(*each) for each in drawn_rows]
        except RecordError as error:
            raise self.error(str(error)) from None
        places = table(headings, body, "switch-points")
        self.set_source_info(places)
        drawn: list[nodes.Node] = [places]
        if "pythons" in self.options:
            measured = "; ".join(records[version]["python"] for version in VERSIONS)
            drawn.append(nodes.paragraph("", f"Measured: {measured}."))
        return drawn

    def row(self, says: str, probed: str, *cells: str) -> nodes.row:
        """Return a row of the table."""
        place = nodes.entry("", *self.parse_text_to_nodes(says))
        place += nodes.raw("", "<details><summary>Probed</summary>", format="html")
        place += nodes.paragraph("", "", nodes.emphasis("", f"{probed}."))
        place += nodes.raw("", "</details>", format="html")
        drawn = row(cells)
        drawn.insert(0, place)
        return drawn


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directive."""
    app.add_directive("switch-points", SwitchPoints)
    return {"version": "1", "parallel_read_safe": True}
