"""``ANY_ORDER`` takes the expected lines in any order, and no other lines."""

import doctest

import pytest

from anyorder import doctests

doctests.install()


@pytest.mark.parametrize(
    ("want", "got", "flags", "alike"),
    [
        ("a\nb\n", "b\na\n", 0, True),
        ("a\na\nb\n", "a\nb\na\n", 0, True),
        ("a\na\nb\n", "a\nb\nb\n", 0, False),
        ("a\nb\n", "b\n", 0, False),
        ("a\nb\n", "b\na\na\n", 0, False),
        ("a\nb\n", "ab\n\n", 0, False),
        ("a\nb\n", "", 0, False),
        ("<BLANKLINE>\na\n", "a\n\n", 0, True),
        ("<BLANKLINE>\na\n", "a\n\n", doctest.DONT_ACCEPT_BLANKLINE, False),
        ("x ...\na\n", "a\nx 1\n", doctest.ELLIPSIS, True),
        ("x ...\na\n", "a\nx 1\n", 0, False),
        ("x ...\na\n", "a\nx 1\nx 2\n", doctest.ELLIPSIS, False),
        ("a  b\nc\n", "c\na b\n", doctest.NORMALIZE_WHITESPACE, True),
        ("a  b\nc\n", "c\na b\n", 0, False),
    ],
)
def test_lines_in_any_order(want, got, flags, alike):
    check = doctest.OutputChecker().check_output
    assert check(want, got, flags | doctests.ANY_ORDER) == alike
    assert not check(want, got, flags & ~doctests.ANY_ORDER)


def test_installing_it_again_changes_nothing():
    before = doctest.OutputChecker.check_output
    doctests.install()
    assert doctest.OutputChecker.check_output is before


def test_what_holds_without_the_flag_holds_with_it():
    check = doctest.OutputChecker().check_output
    assert check("1\n", "1\n", doctests.ANY_ORDER)
    assert check("a...z\n", "a\nz\n", doctest.ELLIPSIS | doctests.ANY_ORDER)
