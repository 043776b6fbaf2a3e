"""What Sphinx's HTML lacks for readers who use a keyboard, a screen reader or a phone."""

from __future__ import annotations

import re
from html import escape, unescape

__all__ = ["captions_with_levels", "fixed", "lightened"]

# so many characters of code stand side by side on the narrowest phone, 320 px wide
NARROWEST = 32
# so many of a table's on most phones, 390 px wide: so many between two columns, and in the last
# one, where the style lets names break, at most so many
PHONE, APART, LAST = 44, 2, 14

CODE = re.compile(
    r"""(?P<before><div\ class="(?P<kind>[^"]*)"[^>]*><div\ class="highlight">)
        <pre>(?P<text>.*?)</pre>""",
    re.VERBOSE | re.DOTALL,
)
TABLE = re.compile(r'<table class="(?P<classes>[^"]*)".*?</table>', re.DOTALL)
NO_HEADING = re.compile(r'<th class="head">(?:<p></p>)?</th>')
ROW = re.compile(r'<tr class="row-(?:odd|even)">')
CELLS = re.compile(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", re.DOTALL)
COLUMN_WIDTH = re.compile(r'(<col)\s+style="[^"]*"')
TAG = re.compile(r"<[^>]*>")
# of Pygments: names, punctuation, operators, spaces, modules, which theme.css gives no colour;
# of docutils: parts of words in code, and the empty element before each block
PLAIN = re.compile(r'<span></span>|<span class="(?:n|nn|o|p|pre|w)">([^<]*)</span>')
UNUSED_CLASSES = {
    *("align-default", "caption-text", "container", "docutils", "external", "head", "internal"),
    *("literal", "reference", "simple", "sphinx-codeautolink-a", "std", "xref"),
}
# the kind of what a link leads to, such as py-class or std-doc
KINDS = ("py-", "std-")
CLASSES = re.compile(r' class="([^"]*)"')
# a link to a table or a figure that has no name of its own, and what it leads to
NAMELESS = re.compile(r'<a class="headerlink" href="#id\d+"[^>]*>¶</a>|(?<=")\ id="id\d+"(?=>)')
# which version of another project's docs the links were made with; they lead to the newest
VERSION = re.compile(r' title="\(in [^"]*\)"')
BLOCK = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
OUTPUT = re.compile(
    r"""<div\ class="anyorder-output[^"]*"><div\ class="highlight"><pre(?P<attributes>[^>]*)>
(?P<text>[^<]*)</pre></div>\s*</div>""",
    re.VERBOSE,
)
# the only paragraph of a cell, and end tags that the next tag stands for
ALONE = re.compile(r"(<t[dh]\b[^>]*>)<p>((?:(?!</?(?:p|t[dh])\b).)*)</p>\s*(</t[dh]>)", re.DOTALL)
END = re.compile(
    r"</(?:li|t[dhr])>\s*(?=</?(?:li|ol|t[dhr]|tbody|thead|ul)\b)"
    r"|</p>\s*(?=<(?:div|h[1-6]|ol|p|pre|section|table|ul)\b|</(?:dd|div|li|section|td)>)"
)


def fixed(body: str) -> str:
    """Return a page's body so that what scrolls can be scrolled by keyboard, and is named."""
    body = CODE.sub(_code, captions_with_levels(body))
    return TABLE.sub(_table, body)


def lightened(page: str) -> str:
    """Return a whole page without the elements and classes for which its style has no use."""
    page = PLAIN.sub(r"\1", CLASSES.sub(_used, page))
    page = VERSION.sub("", NAMELESS.sub("", page))
    page = BLOCK.sub(_linked_once, page)
    page = OUTPUT.sub(
        r'<pre class="anyorder-output notranslate"\g<attributes>>\g<text></pre>', page
    )
    return END.sub("", ALONE.sub(r"\1\2\3", page))


def _linked_once(block: re.Match[str]) -> str:
    """Return a block of code in which a name is a link where it stands first, and only there."""
    seen: set[str] = set()

    def once(link: re.Match[str]) -> str:
        if link[1] in seen:
            return link[2]
        seen.add(link[1])
        return link[0]

    return LINK.sub(once, block[0])


def _used(found: re.Match[str]) -> str:
    words = [word for word in found[1].split() if not word.startswith(KINDS)]
    words = [word for word in words if word not in UNUSED_CLASSES]
    return f' class="{" ".join(words)}"' if words else ""


def captions_with_levels(html: str) -> str:
    """Return the captions of toctrees, which Sphinx makes headings, as headings of a level."""
    return html.replace('role="heading"><', 'role="heading" aria-level="2"><')


def _code(found: re.Match[str]) -> str:
    text = unescape(TAG.sub("", found["text"]))
    if max(map(len, text.splitlines()), default=0) <= NARROWEST:
        return found[0]
    name = "Output" if "anyorder-output" in found["kind"] else "Code"
    return (
        f'{found["before"]}<pre tabindex="0" role="group" aria-label="{name}">{found["text"]}</pre>'
    )


def _table(found: re.Match[str]) -> str:
    # widths are inline style, which the page's policy forbids; browsers find better ones
    table = ROW.sub("<tr>", found[0])
    table = NO_HEADING.sub("<td></td>", COLUMN_WIDTH.sub(r"\1", table))
    if "anyorder-" in found["classes"]:  # made for narrow screens already
        return table
    kind, table = ("wide stacked", _labelled(table)) if _too_wide(table) else ("wide", table)
    return f'<div class="{kind}" tabindex="0" role="group" aria-label="Table">{table}</div>'


def _too_wide(table: str) -> bool:
    """Tell whether a table of names has longer ones than stand side by side on a phone."""
    columns = zip(*_rows(table), strict=False)
    *longest, last = (max(map(len, " ".join(each).split()), default=0) for each in columns)
    return sum(APART + each for each in [*longest, min(last, LAST)]) > PHONE


def _labelled(table: str) -> str:
    """Have each cell but the first of its row say what column it is of.

    On a phone the cells of a row stand below each other, and no heading over them.
    """
    names = [escape(name) for name in _rows(table)[0]]
    head, begin, body = table.partition("<tbody>")
    rows = []
    for row in body.split("<tr>"):
        first, *others = row.split("<td>")
        cells = ["<td>", *(f'<td data-label="{name}">' for name in names[1:])]
        rows.append(first + "".join(map("".join, zip(cells, others, strict=False))))
    return head + begin + "<tr>".join(rows)


def _rows(table: str) -> list[list[str]]:
    """Return the texts of a table's cells, row by row."""
    return [
        [unescape(TAG.sub("", cell)).strip() for cell in CELLS.findall(row)]
        for row in table.split("<tr>")[1:]
    ]
