"""The page "Names side by side" has every public name of both modules, on every Python found."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from packaging.version import Version

from anyorder.running import find_interpreters

PAGE = Path(__file__).parents[2] / "docs/two-ways/names.md"
PYTHONS, _ = find_interpreters()
ASK = """
import inspect, json, multiprocessing, threading

def public(thing):
    return [name for name in dir(thing) if not name.startswith("_")]

def made(module, name):
    made = getattr(module, name)
    return public(made(2) if name == "Barrier" else made())

def arguments(kind):
    return list(inspect.signature(kind).parameters)

both = sorted(set(threading.__all__) & set(multiprocessing.__all__))
print(json.dumps({
    "names": [threading.__all__, multiprocessing.__all__],
    "attributes": [public(threading.Thread), public(multiprocessing.Process)],
    "arguments": [arguments(threading.Thread), arguments(multiprocessing.Process)],
    "methods": {name: [made(threading, name), made(multiprocessing, name)] for name in both},
}))
"""
ROLE = re.compile(r"(?:\{\w+\})?`(?:~(?:threading|multiprocessing)\.)?(\w+)`")
HAS = re.compile(r"yes|no|\d+\.\d+")


class PageError(Exception):
    """The page does not say what the modules have."""


@pytest.fixture(scope="module", params=PYTHONS, ids=lambda python: python.name)
def modules(request):
    """Return what one Python has in its modules, and its version."""
    done = subprocess.run(
        [request.param.path, "-I", "-c", ASK], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout), Version(request.param.version)


def tables(page):
    """Return the rows of the tables under each heading, every row a list of cells."""
    found = {}
    for section in re.split(r"^##+ ", page, flags=re.MULTILINE)[1:]:
        lines = [line for line in section.splitlines() if line.startswith("|")]
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        found[section.partition("\n")[0]] = cells[2:]
    return found


def names(cell):
    """Return the names in a cell."""
    return ROLE.findall(cell)


def has(cell, version):
    """Tell whether a cell says that a version has what the row is about."""
    if not HAS.fullmatch(cell):
        raise PageError(f"{cell!r} is neither yes nor no nor a version")
    return cell == "yes" or (cell != "no" and Version(cell) <= version)


def from_row(row, version):
    """Tell the same of a row, whose version is in the second cell where a table has four."""
    return len(row) < 4 or has(row[1] or "yes", version)


def compare(what, on_page, in_module):
    """Refuse names of the page that the module has not, names that it lacks, and doubles."""
    doubles = {name for name in on_page if on_page.count(name) > 1}
    wrong, missing = set(on_page) - set(in_module), set(in_module) - set(on_page)
    if doubles or wrong or missing:
        raise PageError(
            f"{what}: twice {sorted(doubles)}, wrong {sorted(wrong)}, missing {sorted(missing)}"
        )


def compare_columns(what, rows, module, version):
    """Compare rows of names and two cells, one for threads and one for processes."""
    for place, in_module in enumerate(module, 1):
        there = [name for row in rows if has(row[place], version) for name in names(row[0])]
        compare(f"{what}, column {place}", there, in_module)
    if idle := [row[0] for row in rows if {row[1], row[2]} == {"no"}]:
        raise PageError(f"{what}: neither has {idle}")


def hold(page, module, version):
    """Hold the page against the modules of one Python."""
    found = tables(page)
    shared = found["What runs"] + found["The same names in both"]
    for place, heading in enumerate(("Only in threading", "Only in multiprocessing")):
        there = [name for row in shared for name in names(row[place])]
        there += [
            name for row in found[heading] if from_row(row, version) for name in names(row[0])
        ]
        compare(heading.split()[-1], there, module["names"][place])
    for row in found["The same names in both"]:
        if names(row[0]) != names(row[1]):
            raise PageError(f"not the same: {row[0]} and {row[1]}")
    compare_columns("arguments", found["Arguments"], module["arguments"], version)
    compare_columns("attributes", found["Attributes"], module["attributes"], version)
    methods = found["Their methods"]
    compare("methods", list({name for row in methods for name in names(row[0])}), module["methods"])
    for name, of_both in module["methods"].items():
        rows = [row[1:] for row in methods if names(row[0]) == [name]]
        compare_columns(f"methods of {name}", rows, of_both, version)


def test_the_page_has_every_name_of_this_version(modules):
    hold(PAGE.read_text(encoding="utf-8"), *modules)


@pytest.mark.parametrize(
    ("right", "wrong", "refused"),
    [
        (r"\| \{func\}`~threading.stack_size`.*\n", "", "missing ['stack_size']"),
        (r"~threading.stack_size", "~threading.stack", "wrong ['stack']"),
        (r"(\| `reducer`.*\n)", r"\1\1", "twice ['reducer']"),
        (r"(stack_size` \|) \|", r"\1 3.99 |", "missing ['stack_size']"),
        (r"\| `exitcode`.*\n", "", "missing ['exitcode']"),
        (r"(`native_id` \| yes \|) no", r"\1 yes", "wrong ['native_id']"),
        (r"(`native_id` \|) yes", r"\1 no", "missing ['native_id']"),
        (r"(`group` \| yes \|) yes", r"\1 maybe", "'maybe' is neither"),
        (r"(`group` \|) yes (\|) yes", r"\1 no \2 no", "missing ['group']"),
        (r"`abort`, ", "", "missing ['abort']"),
        (r"\| `Event` .*\n", "", "missing ['Event']"),
        (r"~multiprocessing.RLock", "~multiprocessing.Rlock", "missing ['RLock']"),
    ],
)
def test_a_page_with_a_wrong_row_is_refused(modules, right, wrong, refused):
    page, changed = re.subn(right, wrong, PAGE.read_text(encoding="utf-8"))
    assert changed
    with pytest.raises(PageError, match=re.escape(refused)):
        hold(page, *modules)


def test_a_version_that_is_too_early_or_too_late_is_refused(modules):
    module, version = modules
    page = PAGE.read_text(encoding="utf-8")
    too_early = re.sub(r"(concurrent_tee` \|) 3.15", r"\1 3.11", page)
    too_late = re.sub(r"(`interrupt` \| no \|) 3.14", r"\1 3.15", page)
    if version < Version("3.15"):
        with pytest.raises(PageError, match=r"wrong .'concurrent_tee'"):
            hold(too_early, module, version)
    if Version("3.14") <= version < Version("3.15"):
        with pytest.raises(PageError, match=r"missing .'interrupt'"):
            hold(too_late, module, version)
