"""Lines have the colours that Pygments gives them, to a reader's eye."""

import html
import re
import sys
from pathlib import Path

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from anyorder.board.colours import coloured

ROOT = Path(__file__).parents[2]
THEME = (ROOT / "conf/theme/static/theme.css").read_text("utf-8")
# classes that have one colour, by any of them
ALIKE = {
    name: group
    for group in re.findall(r"(?m)^:is\((\.[a-z0-9]{1,2}(?:, \.[a-z0-9]{1,2})+)\) \{$", THEME)
    for name in re.findall(r"\w+", group)
}
SPAN = re.compile(r'(?:<span class="(\w+)">)?([^<]+)(?:</span>)?')


def eye(line):
    """Return each character that can be seen of a line, with the colour that it has."""
    return [
        (character, ALIKE.get(name))
        for name, text in SPAN.findall(line)
        for character in html.unescape(text)
        if not character.isspace()
    ]


def by_pygments(text):
    shown = highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return shown.rstrip("\n").split("\n")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a formatted string is one token up to 3.11")
def test_the_programs_of_the_site_have_the_colours_of_their_pages():
    lines = 0
    for path in sorted((ROOT / "src/examples").rglob("*.py")):
        text = path.read_text("utf-8")
        found = coloured(text)
        assert [*map(eye, found)] == [*map(eye, by_pygments(text))], path
        lines += len(found)
    assert lines > 2_000


def test_another_colour_would_be_seen():
    assert len(set(ALIKE.values())) >= 6
    shown = coloured("if x: print('<a>', 1.5)  # why")
    assert eye(shown[0]) == eye(by_pygments("if x: print('<a>', 1.5)  # why")[0])
    assert eye(shown[0].replace('"nb"', '"n"')) != eye(shown[0])


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "# only", '"""a\nb<c\n  d"""\nx = 1\n', "x = (1,\n\n   2)  # c\n",
        'x = f"{a!r:>{w}} {{b}} {c}{d}" + "<b>"\n', 'f"""{\na\n}"""\n', 'f"{ {1: 2}[1] }"\n',
        "class A:\n\t@property\n\tdef x(self): return [i for i in range(3)]\n", "x = 1\\\n  + 2\n",
        'größe = "é"; f"é{größe}é"\n', "a = {1: {2: 3}}\ny = x @ z\n", "\x0cprint(1)",
    ],
)  # fmt: skip
def test_no_character_is_lost(text):
    lines = [html.unescape(re.sub("</?span[^>]*>", "", line)) for line in coloured(text)]
    assert lines == text.rstrip("\n").split("\n")
