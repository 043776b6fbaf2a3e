"""The doctest builder sees what doctest does not, and says on which page and line it was."""

import re

import pytest

# what is said of each group that fails
SAID = {
    "wrong-lines": r'File "index\.md", line \d+, in wrong-lines',
    "dead-thread": r"reader was ended by ValueError: invalid literal for int",
    "unseen-fork": r"a process printed what doctest does not see: 'from a fork\\n'",
    "unseen-spawn": r"a process printed what doctest does not see: 'from a spawn\\n'",
    "dead-child": r"a process wrote to standard error what doctest does not see: 'Proce",
    "left-thread": r"waiter still runs: join it",
    "left-process": r"sleeper still runs: join it",
}


@pytest.fixture(scope="module")
def report(project):
    """What the builder says of the sample, in which each group fails for another reason."""
    doctests = project("doctests")
    doctests.build("doctest")
    assert doctests.status == 1
    return doctests.output


@pytest.mark.parametrize("group", SAID)
def test_a_group_fails(report, group):
    assert re.search(SAID[group], report), report


def test_nothing_else_fails(report):
    named = set(re.findall(r"in the group (\S+):", report)) | set(
        re.findall(r'File "index\.md", line \d+, in (\S+)', report)
    )
    assert named == set(SAID)


def test_each_example_that_hangs_is_ended_and_said_with_its_line(project):
    hangs = project("hangs")
    hangs.build("doctest")
    assert hangs.status == 1
    lines = re.findall(r'File "index\.md", line (\d+), in hangs', hangs.output)
    assert len(lines) == len(set(lines)) == 2
    assert "TimeoutError: the examples did not end within 2 s" in hangs.output


def test_the_program_of_a_page_is_checked_by_the_same_words(project):
    pages = project("pages")
    pages.replace("greet.toml", "good day", "good night")
    pages.build("doctest")
    assert pages.status == 1
    assert "greet.md:6: " in pages.output
    assert "greet.toml:10: no entry covers this outcome" in pages.output
    assert "hello.md:6: " in pages.output
    assert pages.checked == {"hello", "greet", "typed"}
    assert "3 tests\n    1 failure in tests" in pages.output
