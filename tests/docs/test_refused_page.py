"""The pages of the reference on what is refused have each message of the explorer."""

import ast
import importlib
import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from docutils import nodes

from anyorder.exploring.accesses.builtins import BUILTINS
from anyorder.exploring.modules import UNFOLLOWED
from anyorder.exploring.public_names import REFUSED

ROOT = Path(__file__).parents[2]
PAGES = "".join(path.read_text() for path in ROOT.glob("docs/reference/refused*.md"))

sys.path.append(str(ROOT / "conf"))
refused = importlib.import_module("refused")

# calls that refuse by a message which is made elsewhere: of which files, by which words
ELSEWHERE = {
    "accesses/builtins.py": {"name", "f'{name}(){why}' if why else refused_builtin(name)"},
    "accesses/calls.py": {"why"},
    "accesses/heirs.py": {"reason"},
    "accesses/library.py": {"reason"},
    "accesses/operations.py": {"reason"},
    "engine/machine.py": {"line or self.current.begun, message"},
    "engine/unknown.py": {
        "f'this depends on {self.source.what}: {self.source.instead}'", "number.what",
    },
    "engine/varying.py": {"asked", "known.what", "number.what", "one.what", "self.what"},
    "library/chance.py": {"seed.what"},
    "library/importing.py": {"reason"},
    "library/stand_ins.py": {"f'os.{name}()', why", "f'{what} {why}'"},
    "processes/library/importing.py": {"REFUSED[name]"},
    "rewriting/rewriter.py": {"getattr(node, 'lineno', None), message"},
}  # fmt: skip
# functions that make a message
MAKING = ("cannot_be_imported(", "unknown_text_refused(")
# those that are no matter of what a program does
NO_MATTER = {
    "exploring needs greenlet", "it cannot be read", "this is no Python", "report this fault",
}  # fmt: skip


def refusing_calls(path):
    """Yield the calls of a module by which it refuses a program, each by its arguments."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and refused.name_of(node.func) in {
            "CannotExplore", "refuse", "refusing",
        }:  # fmt: skip
            yield node.args


def unsaid(path, names):
    """Return the words of the calls by which a module refuses, and that are no message."""
    left = set()
    for args in refusing_calls(path):
        message = refused.split(" ".join(refused.told(args, names)))
        words = ", ".join(
            ast.unparse(each)
            for each in args
            if not isinstance(each, ast.Constant | ast.Name | ast.Attribute)
            or ast.unparse(each) not in {"self.filename", "file", "node", "machine"}
        )
        known = words.startswith(MAKING) or any(each in words for each in NO_MATTER)
        if not message and not known:
            left.add(words)
    return left


def shown_by(text):
    """Return the modules whose messages a page shows."""
    places = " ".join(re.findall(r"^```\{refused\} (.+)$", text, re.MULTILINE)).split()
    return {file for place in places for file in refused.files_in(place)}


def with_messages():
    return {path for path in refused.ROOT.rglob("*.py") if refused.messages(path)}


def test_each_module_that_refuses_is_on_the_page():
    # what only says that greenlet is missing, and the names that have a table of their own
    rest = {refused.ROOT / "__init__.py", refused.ROOT / "public_names.py"}
    assert with_messages() - shown_by(PAGES) == rest & with_messages()
    assert len(with_messages()) > 50
    assert with_messages() - shown_by(PAGES.replace("} processes/pools", "} refusals.py")) > rest


def test_each_call_that_refuses_says_what_to_write_instead():
    found = {}
    # the first has a method that is called so, which makes its message
    for path in {*refused.ROOT.rglob("*.py")} - {refused.ROOT / "accesses/unknowns.py"}:
        parts = path.relative_to(refused.ROOT).with_suffix("").parts
        names = {}
        with suppress(ImportError):  # of what only a browser has
            names = vars(importlib.import_module(".".join(("anyorder.exploring", *parts))))
        left = unsaid(path, names)
        if left:
            found[str(path.relative_to(refused.ROOT))] = left
    assert found == ELSEWHERE


def test_a_refusal_without_advice_is_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text('machine.refuse(f"{name} is not simulated")\n')
    assert unsaid(module, {}) == {"f'{name} is not simulated'"}
    module.write_text('machine.refuse(f"{name} is not simulated: leave it out")\n')
    assert unsaid(module, {}) == set()


def test_messages_are_shown_in_two_parts():
    pools = dict(refused.messages(refused.ROOT / "processes/pools/executor.py"))
    asks = "shutdown(cancel_futures=True) asks which calls have begun, which is not simulated"
    assert pools[asks] == "leave it out"
    unknown = dict(refused.messages(refused.ROOT / "engine/unknown.py"))
    waited = "let it only be shown, logged or waited for, or let a function of your own say it"
    assert unknown["this depends on what time it is"] == waited
    varying = dict(refused.messages(refused.ROOT / "engine/varying.py"))
    assert varying["the number of a process is another number in each run"] == "use its name"
    output = dict(refused.messages(refused.ROOT / "library/output.py"))
    below = "sys.<stream>.<name> reaches the file below, which is not simulated"
    assert output[below].startswith("write text with print")


@pytest.mark.parametrize("names", [UNFOLLOWED, REFUSED])
def test_each_name_that_is_refused_is_on_the_page(names):
    shown = {(module, name) for module, some, _ in refused.refused_names() for name in some}
    assert {(module, name) for module, some in names.items() for name in some} <= shown
    built_in = {name for name, how in BUILTINS.items() if how == "refused"}
    assert {name for module, name in shown if module == "built in"} == built_in


def unnamed(messages):
    """Return what differs from program to program in messages and has no word there."""
    varying = {each for said in messages for each in re.findall(r"<[^>]*>|\{\w*\}", " ".join(said))}
    return {each for each in varying if not re.fullmatch("<[a-z]+>", each)}


def test_what_differs_from_program_to_program_has_a_word():
    messages = [each for path in with_messages() for each in refused.messages(path)]
    assert unnamed(messages) == set()
    assert not any("\N{HORIZONTAL ELLIPSIS}" in " ".join(each) for each in messages)


def test_what_differs_and_has_no_word_would_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(refused, "ROOT", tmp_path)
    module = tmp_path / "module.py"
    module.write_text('refuse(f"{this.other} of {name} in {type(one).__name__}: leave it out")\n')
    [message] = refused.messages(module)
    assert message == ("<this.other> of <name> in <class>", "leave it out")
    assert unnamed([message]) == {"<this.other>"}


def test_names_are_code_also_where_they_differ():
    code = ["random.<name>()", "<module>.<name>", "<class>", "<module>.py", "_thread", "--follow"]
    code += ["copy_context().run", "context=Context()", '"spawn"', "%z", "PYTHONPATH"]
    text = "take {} and {}, a {} or {} of {}, by {}, {} of {}, {}, an {} or {}".format(*code)
    parts = [*refused.words(text)]
    assert [each.astext() for each in parts if isinstance(each, nodes.literal)] == code
    assert "".join(each.astext() for each in parts) == text
    listed = [*refused.coded(["abc", "re.Match"])]
    assert [type(each) for each in listed[1::2]] == [nodes.literal] * 2
