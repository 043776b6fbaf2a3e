"""Of modules that are imported as they are, each name that this Python has was looked at."""

from __future__ import annotations

import importlib
from types import BuiltinFunctionType, FunctionType

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.inside import INSIDE, REACHING, SPECIAL

# what is asked of whole modules, by the modules in which Python has it
PARTS = {
    "argparse": ("argparse",),
    "codecs": ("codecs", "_codecs"),
    "copyreg": ("copyreg",),
    "encodings": ("encodings", "encodings.idna", "encodings.punycode", "encodings.utf_8"),
    "gettext": ("gettext",),
    "html": ("html", "html.parser", "_markupbase"),
    "ipaddress": ("ipaddress",),
    "stringprep": ("stringprep",),
    "tomllib": ("tomllib",),
    "urllib.parse": ("urllib.parse",),
}
PRIVATE_TOO = {"argparse"}  # whose classes are made for programs to replace methods of theirs


def names_in(module):
    """Return the names of what a module has itself, and of the methods of its classes."""
    found: set[str] = set()
    seen: set[type] = set()
    left = [
        value
        for value in vars(importlib.import_module(module)).values()
        if getattr(value, "__module__", None) == module
    ]
    while left:
        one = left.pop()
        one = getattr(one, "__func__", one)
        if isinstance(one, type) and one.__module__ == module and one not in seen:
            seen.add(one)
            left += vars(one).values()
        if isinstance(one, type | FunctionType | BuiltinFunctionType) and one.__module__ == module:
            found.add(one.__name__)
    return {name for name in found if not (name.startswith("__") or name == "<lambda>")}


def new_names():
    """Say of which names of this Python nobody has said whether they stay inside."""
    return [
        f"this Python has {row}.{name}: say in inside.py what it reaches"
        for row, modules in PARTS.items()
        for name in sorted({name for module in modules for name in names_in(module)})
        if row in PRIVATE_TOO or not name.startswith("_")
        if name not in INSIDE[row] and f"{row}.{name}" not in REACHING
    ]


def test_every_name_has_been_looked_at():
    assert {row for row, names in INSIDE.items() if SPECIAL in names} == PARTS.keys()
    assert not new_names()


@pytest.mark.parametrize(
    ("row", "name", "program"),
    [
        ("argparse", "parse_args", "import argparse\nargparse.ArgumentParser().parse_args()"),
        ("html", "feed", "from html.parser import HTMLParser\nHTMLParser().feed('')"),
        ("urllib.parse", "quote", "from urllib.parse import quote\nquote('a')"),
    ],
)
def test_a_name_that_is_not_listed_is_told_and_refused(explored, monkeypatch, row, name, program):
    """Whoever takes one out, or a Python that brings one, hears of it."""
    monkeypatch.setitem(INSIDE, row, INSIDE[row] - {name})
    assert new_names() == [f"this Python has {row}.{name}: say in inside.py what it reaches"]
    with pytest.raises(CannotExplore, match=rf"program\.py:2: .*{name}\(\) reaches outside"):
        explored(program)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import zoneinfo\nzoneinfo.ZoneInfo('UTC')", "zoneinfo.ZoneInfo() reaches outside"),
        ("import zoneinfo\nprint(zoneinfo.TZPATH)", "zoneinfo.TZPATH may be another one"),
        ("import json\nfrom zoneinfo import TZPATH", "zoneinfo.TZPATH may be another one"),
        ("import ssl\nprint(ssl.OPENSSL_VERSION)", "ssl.OPENSSL_VERSION may be another one"),
        ("import zlib\nprint(zlib.ZLIB_RUNTIME_VERSION)", "zlib.ZLIB_RUNTIME_VERSION reaches"),
        ("import argparse\nargparse.ArgumentParser(fromfile_prefix_chars='@').parse_args(['@a'])",
         "arguments be read from files"),
    ],
)  # fmt: skip
def test_refused_where_it_is_asked_for(explored, program, words):
    with pytest.raises(CannotExplore) as refusal:
        explored(program)
    assert refusal.value.line == 2
    assert words in refusal.value.message


@pytest.mark.parametrize(
    "set_later",
    [
        "parser.fromfile_prefix_chars = '@'",
        "setattr(parser, 'fromfile_prefix_chars', '@')",
        "parser = parser.add_subparsers().add_parser('a', fromfile_prefix_chars='@')",
    ],
)
def test_arguments_are_read_from_no_file_by_whatever_way(explored, set_later):
    beginning = f"import argparse\nparser = argparse.ArgumentParser()\n{set_later}\n"
    with pytest.raises(CannotExplore, match=r"program\.py:4: fromfile_prefix_chars lets"):
        explored(f"{beginning}parser.parse_args(['@program.py'])\n")


def test_what_is_made_for_programs_to_replace(explored):
    """Methods of the library's classes, special and private ones too, may be called."""
    found = explored("""
        import argparse, subprocess
        class Formatter(argparse.HelpFormatter):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, max_help_position=40, **kwargs)
            def _split_lines(self, text, width):
                return [*super()._split_lines(text, width), "more"]
        class Upper(argparse.Action):
            def __call__(self, parser, names, value, option=None):
                setattr(names, self.dest, value.upper())
        parser = argparse.ArgumentParser(prog="p", formatter_class=Formatter)
        parser.add_argument("--name", action=Upper, help="a name")
        print(parser.parse_args(["--name", "ada"]).name, subprocess.PIPE)
        print(parser.format_help().splitlines()[-1].strip())
    """)
    assert [one.outcome.stdout for one in found.outcomes] == ["ADA -1\nmore\n"]
