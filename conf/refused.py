"""``{refused}``: what the explorer refuses, and what to write instead, as its own code says it.

The argument is a folder or a module of the explorer, by its path in the package
``anyorder.exploring``; several can be given. Each message of theirs is a row of a table, with a
word such as ``<name>`` for what differs from program to program. ``{refused-names}`` is the table
of the names of the library that are refused, and ``{shared-kinds}`` that of the objects that
threads may share.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from tables import row, table

from anyorder import exploring
from anyorder.exploring.accesses.builtins import BUILTINS, refused_builtin
from anyorder.exploring.accesses.finding import CONTAINERS, NEVER_CHANGE, NEVER_CHANGE_BY_NAME
from anyorder.exploring.modules import FOLLOWED, UNFOLLOWED, unfollowed
from anyorder.exploring.public_names import REFUSED

ROOT = Path(exploring.__path__[0])
# calls that take a message as their arguments, and those that make one of two of them
REFUSING = {"CannotExplore", "refusal", "refuse", "refusing"}
MAKING = {
    "Source": "this depends on {1}: {2}",
    "number": "{1} is another number in each run: {2}",
}
# what differs from program to program: how the explorer's code has it, and the word for it, but for
# classes of objects
VARIES = {
    "before": "line",
    "cls.__name__": "class",
    "done": "read",
    "error": "message",
    "function.__name__": "function",
    "asked(one, '__name__', one)": "function",
    "kind": "object",
    "module": "module",
    "module.__name__": "module",
    "name": "name",
    "one.__name__": "class",
    "original.__name__": "function",
    "place[1]": "name",
    "said": "name",
    "self.differ[key]": "name",
    "self.hidden": "module",
    "self.machine.program": "name",
    "self.word": "object",
    "spec": "format",
    "text": "text",
    "thing.__name__": "name",
    "top": "module",
    "type(error).__name__": "exception",
    "type(node).__name__": "node",
    "type(pattern).__name__": "node",
    "variable": "variable",
    "what": "this",
    "word": "iterator",
}
CLASS = re.compile(r"type\(\w+\)\.__(qual)?name__")
# a part of a text that is filled in later, by its name
FIELD = re.compile(r"\{(\w+)\}")
DIFFERS = re.compile(r"<[^>]*>")
SUBJECT = "<name>"
BUILT_IN = "built in"
# how the second part of a message begins, which says what to write instead
VERBS = (
    "ask call catch change close compare do end get give go guard hand import install join keep "
    "leave let look make print raise read recurse return run say send set show sleep start submit "
    "take unlink use wait write"
)
INSTEAD = re.compile(rf": (?=({VERBS.replace(' ', '|')})\b)")
# how a message begins whose subject is added where the program is refused
PREDICATE = re.compile(r"(asks|begins|depends|differs|gives|goes|is|meets|reaches|sees|shows) ")
# words of Python and of the command in a message
PART = r"(?:\w|<[a-z ]+>)+"
CODE = re.compile(
    rf"((?<!\w)--[\w-]+|`[^`]+`|(?:\w+=)?(?:{PART}\.)*{PART}\([^()]*\)(?:\.{PART})*|"
    rf"(?!\d){PART}(?:\.{PART})+|<[a-z ]+>|\b_\w+|\w+_\w+|\"[^\"]+\"|%[a-zA-Z]\b|"
    r"\b[A-Z]{4,}\b|pip install -e|(?<=the module )gc\b)"
)
Message = tuple[str, str]  # what is refused, and what to write instead


def messages(path: Path) -> list[Message]:
    """Return the messages of a module by which it refuses a program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = path.relative_to(ROOT).with_suffix("").parts
    names: dict[str, object] = {}
    with suppress(ImportError):  # of what only a browser has
        names = vars(import_module(".".join((exploring.__name__, *parts))))
    found: dict[Message, None] = {}
    # what describes a module, a class or a function is no message
    used = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in REFUSING:
            used |= {id(each) for each in ast.walk(node)}
            used |= {
                id(value)
                for name, value in constants(tree)
                if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))
            }
            found |= dict.fromkeys(split(" ".join(told(node.args, names))))
        elif isinstance(node, ast.Call) and name_of(node.func) in MAKING and node.args[2:]:
            texts = [text_of(each, names) for each in node.args]
            found |= dict.fromkeys(split(MAKING[name_of(node.func)].format(*texts)))
    for node in ast.walk(tree):
        if id(node) not in used and isinstance(node, ast.Constant | ast.JoinedStr):
            used |= {id(each) for each in ast.walk(node)}
            found |= dict.fromkeys(split(text_of(node, names)))
    return list(found)


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a module gives at its top, each with its value."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def name_of(function: ast.expr) -> str:
    """Return the last name of a function that is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def told(args: Sequence[ast.expr], names: dict[str, object]) -> Iterator[str]:
    """Yield what arguments say, as far as they say anything."""
    for each in args:
        text = text_of(each, names)
        if not DIFFERS.fullmatch(text):
            yield text


def text_of(node: ast.expr, names: dict[str, object]) -> str:
    """Return the text that an expression is, with a word in place of what is not known."""
    match node:
        case ast.JoinedStr(values):
            return "".join(text_of(each, names) for each in values)
        case ast.FormattedValue(value) | ast.BoolOp(values=[value, _]):
            return text_of(value, names)
        case ast.Call(ast.Attribute(attr="get"), [_, value]):
            return text_of(value, names)
        case ast.Call(ast.Attribute(value, "format")):
            return text_of(value, names)
    known = node.value if isinstance(node, ast.Constant) else names.get(ast.unparse(node))
    if isinstance(known, str):
        return FIELD.sub(r"<\1>", known)
    return f"{known:,}" if isinstance(known, int) else differing(ast.unparse(node))


def differing(said: str) -> str:
    """Return the word for what differs from program to program.

    Args:
        said: how the explorer's code has it
    """
    return f"<{VARIES.get(said) or ('class' if CLASS.fullmatch(said) else said)}>"


def split(text: str) -> list[Message]:
    """Return a message in its two parts, and nothing where a text is none."""
    parts = INSTEAD.split(" ".join(text.split()), maxsplit=1)
    if len(parts) == 1:
        return []
    what, instead = parts[0], parts[-1]
    return [(f"{SUBJECT} {what}" if PREDICATE.match(what) else what, instead)]


def refused_names() -> Iterator[tuple[str, list[str], str]]:
    """Yield the names that are refused: of which module, the names, and what to write instead."""
    names = sorted(name for name, how in BUILTINS.items() if how == "refused")
    yield BUILT_IN, names, split(refused_builtin(SUBJECT))[0][1].replace(SUBJECT, "it")
    for module in sorted({*UNFOLLOWED, *REFUSED}):
        by_reason: dict[str, list[str]] = {}
        for name in sorted(UNFOLLOWED.get(module, ())):
            [(_, instead)] = split(unfollowed(module, name))
            by_reason.setdefault(instead.replace(f"without {name}", "without it"), []).append(name)
        for name, why in REFUSED.get(module, {}).items():
            by_reason.setdefault(split(why)[0][1], []).append(name)
        for instead, refused in by_reason.items():
            yield module, refused, instead


def files_in(place: str) -> list[Path]:
    """Return the modules of a folder of the explorer, or the one that is named."""
    return [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))


def shared_kinds() -> Iterator[tuple[str, list[str]]]:
    """Yield what threads may share: of what kind it is, and the classes and modules."""
    yield "containers, followed step by step", names_of(CONTAINERS)
    built_in = names_of(each for each in vars(builtins).values() if each in NEVER_CHANGE)
    yield "what never changes", [*built_in, *sorted(NEVER_CHANGE_BY_NAME)]
    modules = sorted(name for name in FOLLOWED if name in sys.stdlib_module_names)
    yield "objects of these modules, call by call, or since they keep nothing", modules


def names_of(classes: Iterable[object]) -> list[str]:
    """Return the names of classes."""
    return sorted(getattr(each, "__name__", "") for each in classes)


class SharedKinds(SphinxDirective):
    """Draws the table of what threads may share."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = (row([kind, coded(names)]) for kind, names in shared_kinds())
        return [table(["Kind", "Classes or modules"], rows)]


class Refused(SphinxDirective):
    """Draws the table of messages."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        files = [file for each in self.arguments[0].split() for file in files_in(each)]
        for file in files:
            self.env.note_dependency(str(file))
        rows = dict.fromkeys(each for file in files for each in messages(file))
        if not rows:
            raise self.error(f"{self.arguments[0]}: there is no message there: fix the path")
        return [table(["Refused", "Instead"], map(worded, sorted(rows, key=in_order)), "messages")]


class RefusedNames(SphinxDirective):
    """Draws the table of names."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        rows = (
            row([module if module == BUILT_IN else coded([module]), coded(names), words(instead)])
            for module, names, instead in refused_names()
        )
        return [table(["Module or class", "Names", "Instead"], rows)]


def in_order(message: Message) -> str:
    """Return a key that puts messages in the order of their letters."""
    return DIFFERS.sub("", message[0]).lstrip(" .()").lower()


def worded(texts: Iterable[str]) -> nodes.row:
    """Return a row of a table of messages."""
    return row(map(words, texts))


def coded(names: Iterable[str]) -> Iterator[nodes.Node]:
    """Yield names, each as code."""
    for number, name in enumerate(names):
        yield nodes.Text(", " if number else "")
        yield nodes.literal("", name)


def words(text: str) -> Iterator[nodes.Node]:
    """Yield a text with its words of Python and of the command as such."""
    for number, part in enumerate(CODE.split(text)):
        if part:
            yield nodes.literal("", part.strip("`")) if number % 2 else nodes.Text(part)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the directives."""
    app.add_directive("refused", Refused)
    app.add_directive("refused-names", RefusedNames)
    app.add_directive("shared-kinds", SharedKinds)
    return {"version": "1", "parallel_read_safe": True}
