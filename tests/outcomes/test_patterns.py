"""Patterns stand for the texts that they say, no more and no fewer."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyorder.outcomes.patterns import (
    AnyLines,
    Exact,
    Interleaved,
    Pattern,
    Piece,
    UncountableError,
)


def interleaved(*sequences):
    return Pattern((Interleaved(tuple(tuple(Piece((p,)) for p in each) for each in sequences)),))


HELLO = interleaved(
    ["hello from", " ", "Thread-1 (say_hello)", "\n"], ["hello from", " ", "MainThread", "\n"]
)


def test_the_hello_has_28_outputs():
    assert len(HELLO.texts(most=1000)) == 28


def test_every_listed_text_matches_and_its_neighbours_do_not():
    for text in HELLO.texts(most=1000):
        assert HELLO.matches(text)
        assert not HELLO.matches(text + "\n")
        assert not HELLO.matches(text[:-1])
    assert not HELLO.matches("hello from MainThread\nhello from MainThread\n")


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.lists(st.sampled_from(["a", "b", "ab", "\n"]), max_size=3), max_size=3))
def test_listing_agrees_with_every_permutation(sequences):
    pattern = interleaved(*sequences)
    owners = [which for which, each in enumerate(sequences) for _ in each]
    texts = set()
    for order in set(itertools.permutations(owners)):
        rest = [iter(each) for each in sequences]
        texts.add("".join(next(rest[which]) for which in order))
    assert pattern.texts(most=10_000) == texts
    assert all(pattern.matches(text) for text in texts)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["a", "b", "ab"]), max_size=3), max_size=2),
    st.text("ab", max_size=8),
)
def test_matching_agrees_with_listing(sequences, text):
    pattern = interleaved(*sequences)
    assert pattern.matches(text) == (text in pattern.texts(most=10_000))


@pytest.mark.parametrize("last", ["a", "b"])
def test_two_sequences_of_200_equal_pieces_match_without_listing(last):
    first, second = ["a"] * 200, ["a"] * 199 + [last]
    pattern = interleaved(first, second)
    assert pattern.matches("".join(first + second))
    assert not pattern.matches("".join(first + second[:-1]) + "c")


def test_too_many_texts_are_not_listed():
    with pytest.raises(UncountableError, match="more than 1000 texts, too many to list"):
        interleaved(["a", "b"] * 200, ["c"] * 200).texts(most=1000)


def test_a_gap_stays_within_its_line():
    pattern = Pattern((Exact(Piece.with_wildcards("pid ... of ...\n")),))
    assert pattern.matches("pid 17 of 21\n")
    assert pattern.matches("pid  of  of \n")
    assert not pattern.matches("pid 17\n of 21\n")
    with pytest.raises(UncountableError, match=r"pid \.\.\. of"):
        pattern.texts(most=10)


def test_gaps_find_a_way_where_the_first_one_leads_nowhere():
    assert Pattern((Exact(Piece.with_wildcards("...ab...c")),)).matches("ab-ab--c")
    assert not Pattern((Exact(Piece.with_wildcards("...ab...c")),)).matches("ab-ab--d")


def test_any_lines_are_whole_lines_and_may_be_none():
    end = Exact(Piece(("end\n",)))
    pattern = Pattern((AnyLines(), end))
    assert pattern.matches("end\n")
    assert pattern.matches("a\nb\nend\n")
    assert not pattern.matches("a end\n")


def test_parts_follow_one_another():
    begin, end = Exact(Piece(("begin\n",))), Exact(Piece(("end\n",)))
    pattern = Pattern((begin, *HELLO.parts, end))
    assert len(pattern.texts(most=100)) == 28
    for text in HELLO.texts(most=100):
        assert pattern.matches(f"begin\n{text}end\n")
        assert not pattern.matches(f"{text}end\n")
