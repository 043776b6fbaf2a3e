"""A block of code with a name is a program, in both markups, wherever it stands on its page."""

from pathlib import Path

import pytest

from anyorder.checking import Program, ProgramError, check, find_programs, program_of
from anyorder.checking.blocks import Block, blocks_in
from anyorder.checking.program import file_of, files_of, place_in
from anyorder.outcomes import Setting
from anyorder.running import this_interpreter

CODE = 'print("a")\n\nif True:\n    print("b")\n'
USUAL = '[[outcome]]\ngrade = "usual"\nstdout = ["a", "b"]\n'


def inside(margin):
    return "\n".join(f"{margin}{line}".rstrip() for line in CODE.splitlines())


# each with the line on which its code begins
IN_MARKDOWN = {
    "a directive": (f"# Title\n\n```{{code-block}} python\n:name: it\n\n{CODE}```\n", 6),
    "other options": (f"```{{code-block}}\n:linenos:\n:name: it\n{CODE}```\n", 4),
    "options in YAML": (f"~~~{{code}} python\n---\nname: it\n---\n{CODE}~~~\n", 5),
    "a colon fence": (f":::{{code-block}} py\n:name: it\n{CODE}:::\n", 3),
    "a target": (f"(it)=\n```python\n{CODE}```\n", 3),
    "a target with a line between": (f"(it)=\n\n```python\n{CODE}```\n", 4),
    "an attribute": (f"{{#it}}\n```python\n{CODE}```\n", 3),
    "in a note": (
        f"````{{note}}\nWords.\n```{{code-block}} python\n:name: it\n{CODE}```\n````\n",
        5,
    ),
    "in a list": (f"- An item\n\n  (it)=\n  ```python\n{inside('  ')}\n  ```\n", 5),
    "after a directive": (
        f"```{{toctree}}\nother\n```\n\n```{{code-block}} python\n:name: it\n{CODE}```\n",
        7,
    ),
}
IN_RST = {
    "a directive": (f".. code-block:: python\n   :name: it\n\n{inside('   ')}\n\nText.\n", 4),
    "without a language": (f".. code::\n   :name: it\n   :class: x\n\n{inside('   ')}\n", 5),
    "a target": (f".. _it:\n\n.. code-block:: python\n\n{inside('    ')}\n", 5),
    "two colons": (f".. _it:\n\n::\n\n{inside('    ')}\n", 5),
    "in a note": (
        f".. note::\n\n   Words.\n\n   .. sourcecode:: py3\n      :name: it\n\n{inside(' ' * 6)}\n",
        8,
    ),
}
NOT_FOUND = {
    "md": [
        f"```python\n{CODE}```\n",
        f"(it)=\nText.\n\n```python\n{CODE}```\n",
        f"(it)=\n```sh\n{CODE}```\n",
        f"````markdown\n(it)=\n```python\n{CODE}```\n````\n",
        f"```{{code-block}} console\n:name: it\n{CODE}```\n",
        f"```{{eval-rst}}\n.. code-block:: python\n   :name: it\n\n{inside('   ')}\n```\n",
    ],
    "rst": [
        f".. code-block:: python\n\n{inside('   ')}\n",
        f".. _it:\n\nText::\n\n{inside('   ')}\n",
        f".. code-block:: rst\n\n   .. code-block:: python\n      :name: it\n\n{inside(' ' * 6)}\n",
        f"Text::\n\n   .. code-block:: python\n      :name: it\n\n{inside(' ' * 6)}\n",
        f".. a comment\n\n   .. code-block:: python\n      :name: it\n\n{inside(' ' * 6)}\n",
        f".. code-block:: sh\n   :name: it\n\n{inside('   ')}\n",
    ],
}


@pytest.mark.parametrize("kind", IN_MARKDOWN)
def test_a_block_with_a_name_is_found_in_markdown(kind):
    text, line = IN_MARKDOWN[kind]
    assert blocks_in(Path("page.md"), text) == [Block("it", line, CODE)]


@pytest.mark.parametrize("kind", IN_RST)
def test_a_block_with_a_name_is_found_in_restructuredtext(kind):
    text, line = IN_RST[kind]
    assert blocks_in(Path("page.rst"), text) == [Block("it", line, CODE)]


@pytest.mark.parametrize(
    ("suffix", "text"), [(suffix, text) for suffix, texts in NOT_FOUND.items() for text in texts]
)
def test_what_has_no_name_or_is_no_python_is_no_program(suffix, text):
    assert blocks_in(Path(f"page.{suffix}"), text) == []


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "page.md"
    path.write_text(IN_MARKDOWN["a directive"][0])
    (tmp_path / "page.it.toml").write_text(USUAL)
    return path


def test_a_block_is_checked_as_a_program_is(page):
    program = page.with_name("page.md#it")
    verdict = check(program, [Setting(this_interpreter())], runs=1)
    assert str(verdict) == f"{program}: held: 1 run in 1 setting, 1 outcome possible"
    page.with_name("page.it.toml").write_text(USUAL.replace('"a"', '"c"'))
    [uncovered, impossible] = check(program, [Setting(this_interpreter())], runs=1).faults
    assert f"as `anyorder accept {program}` does" in uncovered
    assert "that no schedule leads to" in impossible


def test_a_refusal_of_a_block_names_its_page_and_the_line_there(page):
    text = page.read_text()
    page.write_text(text.replace('    print("b")', "    open('b')"))
    program = page.with_name("page.md#it")
    faults = check(program, [Setting(this_interpreter())], runs=1).faults
    assert any(each.startswith(f"{page}:9: open() ") for each in faults)
    page.write_text(text.replace("it", "other"))
    with pytest.raises(ProgramError) as refused:
        Program.read(program)
    assert str(refused.value) == (
        f"{page}:1: has no block of Python named it: give it that name (named: other)"
    )
    page.write_text(text + text)
    with pytest.raises(ProgramError, match="has two blocks named it, at lines 6 and 16: give each"):
        Program.read(program)


def test_a_block_is_found_by_its_outcome_file_its_page_and_its_folder(page):
    program = page.with_name("page.md#it")
    assert program_of(page.with_name("page.it.toml")) == program
    for path in (page, page.parent, program):
        assert find_programs([path]) == ([program], [])
    (page.parent / "page.gone.toml").write_text(USUAL)
    found, [lost] = find_programs([page])
    assert found == [program]
    assert "has no block of Python named gone" in str(lost)
    (page.parent / "page.gone.toml").unlink()
    (page.parent / "page.it.toml").unlink()
    assert find_programs([page])[0] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# coding: latin-1", "6: declares an encoding other than UTF-8"),
        ("print('\0')", "6: holds a NUL byte, which is no text: remove it"),
    ],
)
def test_what_is_refused_of_a_script_is_refused_of_a_block(page, line, words):
    page.write_text(page.read_text().replace('print("a")', line))
    with pytest.raises(ProgramError) as refused:
        Program.read(page.with_name("page.md#it"))
    assert str(refused.value).startswith(f"{page}:{words}")


def test_what_is_executed_is_the_block_to_the_letter(page):
    program = page.with_name("page.md#it")
    page.write_text(page.read_text().replace('"a"', '"a\f\u2028b"'))
    file = file_of(program)
    assert file.read_text() == CODE.replace('"a"', '"a\f\u2028b"')
    file.write_text("print('other')\n")  # somebody has been there
    assert file_of(program).read_text() == CODE.replace('"a"', '"a\f\u2028b"')


def test_words_around_a_block_change_nothing_of_what_is_kept(page):
    program = page.with_name("page.md#it")
    before = files_of(program)
    assert [each.read_text() for each in before] == [CODE]
    assert place_in(program, 2) == f"{page}:7"
    page.write_text("Words.\n\n" + page.read_text())
    assert files_of(program) == before
    assert place_in(program, 2) == f"{page}:9"
    assert file_of(program).name == "it.py"  # as its tracebacks have it
