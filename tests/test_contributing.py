"""``CONTRIBUTING.md`` tells the truth: its names exist, and ``n += 1`` lives as it says."""

import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import explore
from anyorder.exploring.versions import VERSIONS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = """\
from threading import Thread

n = 0


def work():
    global n
    n += 1


thread = Thread(target=work)
thread.start()
work()
thread.join()
print(n)
"""
KNOWS = re.compile(rf"(?<![\d.]){re.escape(VERSIONS[-1])}(?!\d)|version_info|Version\(\"3")
WHERE = ("*.toml", "*.py", "*.md", ".ci/*", ".github/*/*", "conf/**/*.py", "docs/**/*.md")


def section(heading):
    """Return what stands under a heading."""
    text = GUIDE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert text, heading
    return text


def dotted(text):
    """Return the functions, classes and modules of the tool that a text names."""
    return re.findall(r"`(anyorder(?:\.\w+)+)`", text)


def paths(text):
    """Return the files that a text names."""
    named = re.findall(r"`([\w./-]+)`", text)
    tops = (".toml", ".md", ".yaml", "noxfile.py")
    return {name for name in named if "/" in name or name.endswith(tops)}


def codes(names):
    """Return the code of each function that is named, and nothing where it is a class."""
    found = [inspect.unwrap(pkgutil.resolve_name(name)) for name in names]
    return [thing.__code__ for thing in found if inspect.isfunction(thing)]


def called(path, wanted):
    """Return the calls of some functions that exploring a program makes, in order."""
    calls = []

    def note(frame, event, _):
        if event == "call" and frame.f_code in wanted:
            calls.append(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        found = explore(path)
    finally:
        sys.setprofile(before)
    assert [one.outcome.stdout for one in found.outcomes] == ["2\n", "1\n"]
    assert found.executions == 4
    return calls


def missing_step(wanted, calls):
    """Return the first function that is not called after the one before it."""
    left = iter(calls)
    return next((code.co_qualname for code in wanted if code not in left), None)


@pytest.fixture
def program(tmp_path):
    """A program of a name that no other test has: the code of each is made once."""
    path = tmp_path / "life_of_n.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


def test_the_life_of_an_addition_is_as_it_is_told(program):
    named = dotted(section("The life of one `n += 1`"))
    wanted = codes(name for name in named if name.startswith("anyorder.exploring."))
    assert len(wanted) > 25
    calls = called(program, set(wanted))
    assert missing_step(wanted, calls) is None
    # in another order it is refused: nothing says it of builds once witnesses are made
    assert missing_step(wanted[::-1], calls) == "Reaching.of"
    assert missing_step([*wanted, wanted[0]], calls) == wanted[0].co_qualname


def test_what_is_named_exists():
    for name in dotted(GUIDE):
        assert pkgutil.resolve_name(name), name
    for path in paths(GUIDE):
        assert (ROOT / path).exists(), path


def test_what_does_not_exist_is_told():
    with pytest.raises(AttributeError):
        codes(["anyorder.exploring.explorer.Explorer.guess"])
    assert paths("see `src/anyorder/nowhere.py` and `NOTES.md`, but not `n += 1` or `work`") == {
        "src/anyorder/nowhere.py",
        "NOTES.md",
    }


@pytest.mark.parametrize("folder", ["anyorder", "anyorder/exploring"])
def test_the_maps_name_every_room(folder):
    inside = ROOT / "src" / folder
    rooms = {path.parent.name for path in inside.glob("*/__init__.py")}
    table = section("The map").partition(f"| room of `src/{folder}/` |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([\w.]+)`", re.sub(r"\|[^|]+\|$", "", table, flags=re.MULTILINE)))
    assert named
    assert rooms <= named
    for name in named:
        assert (inside / name).exists(), name


def test_a_recipe_names_three_files_at_the_most():
    recipes = section("Recipes").split("\n### ")[1:]
    assert len(recipes) == 6
    for recipe in recipes[:-1]:
        to_touch, owed, _ = recipe.partition("The test that is owed")
        assert owed, recipe
        rows = re.findall(r"^\| `", to_touch, re.MULTILINE)
        assert (len(rows) or len(paths(to_touch))) <= 3, recipe


def test_everything_that_knows_a_version_is_listed():
    listed = paths(section("Recipes").partition("\n### Support a new Python\n")[2])
    files = {path for pattern in WHERE for path in ROOT.glob(pattern)}
    files |= set((ROOT / "src/anyorder").rglob("*.py"))
    knows = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if KNOWS.search(path.read_text(encoding="utf-8"))
    }
    assert {"noxfile.py", "pyproject.toml", ".ci/pythons"} < knows
    assert knows - {"CHANGELOG.md", "conf/conf.py"} <= listed


def test_the_readme_leads_there():
    text = README.partition("\n## Contribute\n")[2].partition("\n## ")[0]
    assert "(CONTRIBUTING.md)" in text
