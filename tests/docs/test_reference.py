"""The reference shows nothing that is not so."""

import ast
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from anyorder.checking.expectations import contradictions
from anyorder.cli import main
from anyorder.exploring.inside import INSIDE, SPECIAL
from anyorder.exploring.modules import NOT_IMPORTED, PRIVATE, REAL
from anyorder.outcomes import Ends, Grade, Interpreter, Outcome, OutcomeFile, Setting, StdoutTo
from anyorder.outcomes.file import CONDITION_WORDS, ENTRY_KEYS, FILE_KEYS
from anyorder.outcomes.patterns import Piece
from anyorder.running.environment import Before
from anyorder.sphinx.extension import setup_extension

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "conf"))
members = importlib.import_module("members")
REFERENCE = ROOT / "docs/reference"


def page(name):
    return (REFERENCE / f"{name}.md").read_text()


def blocks(text, language):
    """Return what stands in the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def first_column(text, heading):
    """Return what is named in the first column of the table under a heading."""
    _, _, section = text.partition(f"\n## {heading}\n")
    section, _, _ = section.partition("\n## ")
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def shows(command, printed, environment):
    """Tell whether a command prints what a page shows of it, ``...`` standing for anything."""
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines, shown = done.stdout.splitlines(), printed.splitlines()
    # a line of dots alone is what pytest prints
    pieces = [
        Piece((each,)) if each.startswith("...") else Piece.with_wildcards(each) for each in shown
    ]
    return len(lines) == len(pieces) and all(
        len(line) in piece.ends(line, 0) for piece, line in zip(pieces, lines, strict=True)
    )


@pytest.fixture
def environment():
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}


def test_what_a_dataclass_makes_anew_is_shown_as_it_is_at_first():
    handlers = [members.show_defaults, lambda *_: None, lambda *_: ("(variables=<factory>)", None)]
    listeners = [SimpleNamespace(handler=each, priority=500) for each in handlers]
    app = SimpleNamespace(events=SimpleNamespace(listeners={members.SIGNATURE: listeners}))
    shown = members.show_defaults(app, "class", "Before", Before, None, "", "")
    assert shown == ("(variables={})", None)
    assert members.with_defaults(OutcomeFile, "<factory>") == "Conditions()"
    lines = [":param variables: (default: ``<factory>``)"]
    members.tell_defaults(None, "", "", Before, None, lines)
    assert lines == [":param variables: (default: ``{}``)"]


def test_members_of_enums_are_shown_by_their_names():
    assert members.choose_member(None, "class", "USUAL", Grade.USUAL, None, None) is False
    assert members.choose_member(None, "class", "name", Interpreter.name, None, None) is None
    lines = [f":param ends: (default: ``{Ends.EXIT!r}``)", f":param to: (``({StdoutTo.PIPE!r},)``)"]
    members.tell_defaults(None, "", "", Outcome, None, lines)
    assert lines == [":param ends: (default: ``Ends.EXIT``)", ":param to: (``(StdoutTo.PIPE,)``)"]


def test_commands_print_what_is_shown(environment):
    [block] = blocks(page("pytest"), "console")
    prompt, _, printed = block.partition("\n")
    assert prompt.startswith("$ ")
    assert shows(prompt.removeprefix("$ "), printed, environment)
    assert not shows(
        prompt.removeprefix("$ "), printed.replace("4 passed", "3 passed"), environment
    )


def test_outcome_files_that_are_shown_hold(tmp_path):
    shown = blocks(page("outcome-file"), "toml")
    assert shown
    for text in shown:
        path = tmp_path / "shown.toml"
        path.write_text(text)
        here = Setting(Interpreter(Path("python"), "3.14.0", False, ()))  # noqa: FBT003
        assert list(contradictions(OutcomeFile.read(path), [here])) == []


def test_every_key_of_a_file_is_named():
    named = first_column(page("outcome-file"), "Keys of the file") - {"[[outcome]]"}
    section = page("outcome-file").partition("## Keys of the file")[2].partition("## Keys of an")[0]
    assert "| `python`, `start_method`, … |" in section
    assert named | {"outcome", *CONDITION_WORDS, "python"} == set(FILE_KEYS)


def test_every_key_of_an_entry_is_named():
    named = first_column(page("outcome-file"), "Keys of an entry")
    assert named == set(ENTRY_KEYS)
    assert set(CONDITION_WORDS) < named


def test_every_command_and_option_is_named():
    named = set(re.findall(r"^\| `anyorder (\w+) ", page("command"), re.MULTILINE))
    assert named == set(main.commands)
    for name, command in main.commands.items():
        options = {
            option
            for each in command.params
            if isinstance(each, click.Option)
            for option in each.opts
            if option.startswith("--")
        }
        named = (
            first_column(page("command"), "Options") if name not in {"explore", "show"} else set()
        )
        section = page("command").partition("\n## Options\n")[2].partition("\n## ")[0]
        for said in re.findall(rf"^`{name}` has (.+?)\.$", section, re.MULTILINE | re.DOTALL):
            named |= set(re.findall(r"`(--[\w-]+)`", said))
        if name in {"explore", "check", "accept"}:
            named |= first_column(page("command"), "How far a search goes")
        assert options == named, name


@pytest.mark.parametrize("package", ["checking", "exploring", "outcomes", "running"])
def test_what_a_package_loads_late_is_named(package):
    """Sphinx finds by itself only what is there when the package has been imported."""
    module = importlib.import_module(f"anyorder.{package}")
    named = re.findall(
        rf"^\.\. auto(?:class|function):: anyorder\.{package}\.(\w+)$", page(package), re.MULTILINE
    )
    assert set(module.__all__) - set(vars(module)) == set(named)


def test_every_module_that_a_program_may_import_is_named():
    """Those of which more is known, and those of which a few functions are."""
    first, _, second = modules().partition("what stays inside of it:\n")
    named = {name for row in rows(first) for name in re.findall(r"`(\w+)`", row)}
    stand_ins = {
        "_thread",
        "atexit",
        "concurrent",
        "multiprocessing",
        "os",
        "random",
        "signal",
        "time",
    }
    private = {name for name in PRIVATE if "." not in name} - {"_threading_local"}
    assert named == REAL | private | stand_ins
    assert {name for row in rows(second) for name in re.findall(r"`([\w.]+)`", row)} == (
        INSIDE.keys() - {"os", "posix", "posixpath"}
    )


def test_every_function_that_stays_inside_is_named():
    for module, names in INSIDE.items():
        if module not in {"os", "pathlib", "posix", "posixpath"} and SPECIAL not in names:
            [row] = [row for row in modules().splitlines() if row.startswith(f"| `{module}`")]
            assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == names


def test_every_module_that_may_not_be_imported_is_named():
    sentence = modules().partition("of the library but these:")[2].partition(".\n")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) - {"os"} == NOT_IMPORTED


def modules():
    """Return the page about modules."""
    return page("modules")


def rows(section):
    """Return the first cells of the tables of a section, which name modules."""
    return re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)


def test_every_setting_of_sphinx_is_named():
    added = []

    class App:
        def add_config_value(self, name, *_, **__):
            added.append(name)

        def __getattr__(self, _name):
            return lambda *_, **__: None

    setup_extension(App())
    assert set(added) == first_column(page("sphinx"), "Settings")


def test_every_directive_of_sphinx_is_named():
    sources = [path.read_text() for path in (ROOT / "src/anyorder/sphinx").glob("*.py")]
    added = {name for text in sources for name in re.findall(r'add_directive\("(\w+)"', text)}
    assert len(added) >= 6
    for name in added:
        assert f"`{{{name}}}`" in page("sphinx"), name


def test_directives_are_live_where_they_are_shown():
    text = page("sphinx")
    shown = re.findall(r"^````markdown\n(.*?)^````$", text, re.MULTILINE | re.DOTALL)
    assert len(shown) >= 7
    for each in shown:
        assert text.count(each) == 2


def texts_of(source):
    """Return the texts in a module, each part of a message that is put together on its own."""
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def unsaid(phrases, texts):
    """Return the phrases of a page that no message has."""
    return [each for each in phrases if not any(each in text for text in texts)]


def test_words_of_refusals_are_those_of_the_tool():
    _, _, section = page("outcome-file").partition("\n## What is refused\n")
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", section, re.MULTILINE)[2:]
    phrases = [
        phrase.strip()
        for row in rows
        for phrase in re.split(r",|:|…|\d+", re.sub(r"[`\\]", "", row))
        if phrase.strip()
    ]
    assert len(phrases) > 15
    texts = [
        text
        for path in (ROOT / "src/anyorder").rglob("*.py")
        for text in texts_of(path.read_text())
    ]
    assert unsaid(phrases, texts) == []
    assert unsaid(["is no such thing at all"], texts)


def promises(text):
    """Return the program of each promise, with the page that is to show it."""
    return re.findall(r"`(\w+\.py)`.*\]\(\.\./([\w/-]+\.md)\) \|$", text, re.MULTILINE)


def not_shown(text):
    """Return the programs of promises that are not on the page that is named."""
    return [
        program
        for program, shown_on in promises(text)
        if f"/{program}" not in (ROOT / "docs" / shown_on).read_text()
    ]


def test_each_promise_has_a_program_on_its_page():
    text = page("promises")
    rows = len(re.findall(r"^\| ", text, re.MULTILINE)) - 2  # without the head
    assert len(promises(text)) == rows
    assert not not_shown(text)
    assert not_shown(text.replace("two_doors.py", "two_gates.py")) == ["two_gates.py"] * 2
    assert not_shown(text.replace("shared-state/own", "shared-state/lock")) == ["own_tray.py"]
