"""What many outcomes are summed up by stands for these, for no more and for no fewer."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyorder.checking import Program, settings_here
from anyorder.checking.expectations import contradictions
from anyorder.checking.summing_up import HANDFUL, Member, summed_up
from anyorder.outcomes import Conditions, Ends, Outcome, OutcomeFile, StdoutTo
from anyorder.outcomes.written import as_parts, as_toml

PATH = Path("program.toml")
EMPTY = OutcomeFile(PATH, ())
LETTERS = "abcd"
HELLO = [("hello", "\n"), ("bye", "\n")]


def lines(text):
    return "".join(f"{line}\n" for line in text)


def member(text):
    return Member(Outcome(lines(text)))


def interleavings(lanes):
    """Yield every order in which threads can write their pieces."""
    if not any(lanes):
        yield ()
    for thread, lane in enumerate(lanes):
        if lane:
            rest = [*lanes[:thread], lane[1:], *lanes[thread + 1 :]]
            yield from (((thread, lane[0]), *order) for order in interleavings(rest))


def printed(lanes):
    """Return an outcome for each text that threads can write, with one way to do so."""
    orders = {"".join(text for _, text in order): order for order in interleavings(lanes)}
    return [Member(Outcome(text), order) for text, order in orders.items()]


def found(members, file=EMPTY):
    """Return what outcomes are summed up by, each with its number; or one by its text."""
    return [
        (each.stdout or each.members[0].outcome.stdout, len(each.members))
        for each in summed_up(members, file)
    ]


def test_lines_in_any_order_are_one_entry():
    texts = ["".join(each) for each in permutations(LETTERS)]
    assert found([member(text) for text in texts]) == [([{"any_order": [*LETTERS]}], 24)]


@pytest.mark.parametrize("missing", range(24))
def test_lines_in_any_order_but_one_are_not_summed_up(missing):
    texts = ["".join(each) for each in permutations(LETTERS)]
    del texts[missing]
    assert found([member(text) for text in texts]) == [(lines(text), 1) for text in texts]


def test_an_order_that_the_file_has_already_is_not_counted():
    file = OutcomeFile.parse(PATH, '[[outcome]]\ngrade = "usual"\nstdout = ["a", "b", "c", "d"]\n')
    [_, *texts] = ["".join(each) for each in permutations(LETTERS)]
    members = [member(text) for text in texts]
    [(stdout, count)] = found(members, file)
    assert (sorted(stdout[0]["any_order"]), count) == ([*LETTERS], 23)
    # where the file speaks of other settings only, it takes none of them
    entry = '[[outcome]]\ngrade = "usual"\nstdout = ["a", "b", "c", "d"]\nplatform = "darwin"\n'
    assert len(found(members, OutcomeFile.parse(PATH, entry))) == 23


def test_what_ends_in_another_way_is_another_group():
    members = [member("".join(each)) for each in permutations(LETTERS)]
    stuck = [Member(Outcome(each.outcome.stdout, "", None, Ends.DEADLOCK)) for each in members]
    assert [count for _, count in found(members + stuck)] == [24, 24]
    assert [count for _, count in found(members + stuck[1:])] == [24] + [1] * 23


def test_what_is_kept_apart_is_not_summed_up_together():
    members = [member("".join(each)) for each in permutations(LETTERS)]
    apart = [Member(each.outcome, apart=number % 2) for number, each in enumerate(members)]
    # the second half is all that the first one has left
    assert [count for _, count in found(apart)] == [1] * 12 + [12]


def test_a_handful_is_left_alone():
    members = printed(HELLO)
    assert [count for _, count in found(members[:HANDFUL])] == [1] * len(members[:HANDFUL])


@pytest.mark.parametrize(
    ("texts", "stdout"),
    [
        (["(ab)", "(ba)"], ["(", {"any_order": ["a", "b"]}, ")"]),
        (
            ["abcd", "bacd", "abdc", "badc"],
            [{"any_order": ["a", "b"]}, {"any_order": ["c", "d"]}],
        ),
        (["aab", "aba", "baa"], [{"any_order": ["a", "a", "b"]}]),
        (["abc", "acb", "cab"], [{"interleaved": [["a\n", "b\n"], ["c\n"]]}]),
        # in an order that is none of sequences: c after both, d after b alone
        (["abcd", "abdc", "bacd", "badc", "bdac"], None),
    ],
)
def test_what_whole_lines_may_have_in_common(texts, stdout):
    others = [member("x" * number) for number in range(1, HANDFUL + 1)]
    groups = found([member(text) for text in texts] + others)
    alone = [(lines(text), 1) for text in texts]
    assert groups[: -len(others)] == ([(stdout, len(texts))] if stdout else alone)


def test_broken_lines_are_interleaved_after_whole_ones():
    members = printed([("begin\n",)]) + printed([("hello", " Ada", "\n"), ("bye", " Ben", "\n")])
    [alone, whole, broken] = found(members)
    assert alone == ("begin\n", 1)
    assert (sorted(whole[0][0]["any_order"]), whole[1]) == (["bye Ben", "hello Ada"], 2)
    [part] = broken[0]
    assert sorted(part["interleaved"]) == [["bye", " Ben", "\n"], ["hello", " Ada", "\n"]]
    assert broken[1] == len(members) - 3


def test_broken_lines_but_one_are_not_summed_up():
    members = printed([("hello", " Ada", "\n"), ("bye", " Ben", "\n")])
    for missing, each in enumerate(members):
        groups = found(members[:missing] + members[missing + 1 :])
        if each.outcome.stdout not in {"hello Ada\nbye Ben\n", "bye Ben\nhello Ada\n"}:
            assert [count for _, count in groups] == [2] + [1] * (len(members) - 3)
        else:
            assert {count for _, count in groups} == {1}


def test_what_is_printed_around_broken_lines_is_no_part_of_them():
    orders = interleavings([("hello", "\n", "Ada\n"), ("bye", "\n", "Ben\n")])
    begin, end = ((2, "begin"), (2, "\n")), ((2, "the"), (2, "end"))
    ways = [(*begin, *order, *end) for order in orders]
    members = [Member(Outcome("".join(text for _, text in way)), way) for way in ways]
    members = [*{each.outcome: each for each in members}.values()]
    (*_, (stdout, _)) = found(members)
    assert (stdout[0], stdout[-1]) == ("begin", {"interleaved": [["theend"]]})


def test_what_is_broken_in_some_settings_only_has_their_conditions():
    members = printed([("hello", " Ada", "\n"), ("bye", " Ben", "\n")])
    when = Conditions(stdout_to=(StdoutTo.UNBUFFERED,))
    whole = {"hello Ada\nbye Ben\n", "bye Ben\nhello Ada\n"}
    bound = [
        each if each.outcome.stdout in whole else Member(each.outcome, each.writes, when)
        for each in members
    ]
    assert [count for _, count in found(bound)] == [2, len(members) - 2]
    # the other way round, what takes the whole lines does not speak where the others do
    bound = [
        Member(each.outcome, each.writes, when) if each.outcome.stdout in whole else each
        for each in members
    ]
    assert {count for _, count in found(bound)[1:]} == {1}


def test_three_dots_that_were_printed_are_no_gap():
    texts = ["".join(each) for each in permutations("abc")]
    members = [Member(Outcome(lines(f"{line}..." for line in text))) for text in texts]
    assert [count for _, count in found(members)] == [1] * 6


def test_thousands_of_orders_are_summed_up_and_counted():
    members = [member(each) for each in permutations("abcdefg")]
    [(stdout, count)] = found(members)
    assert count == 5_040
    text = f'[[outcome]]\ngrade = "usual"\nstdout = {as_toml(stdout)}\ncount = '
    here = settings_here(Program(Path("program.py"), EMPTY, session=False, starts_processes=False))
    assert list(contradictions(OutcomeFile.parse(PATH, f"{text}5040\n"), here)) == []
    [message] = contradictions(OutcomeFile.parse(PATH, f"{text}5039\n"), here)
    assert "the entry stands for 5040 outcomes" in message


PIECES = st.lists(st.sampled_from(["a", "b", "a\n", "\n"]), max_size=3).map(tuple)


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=3), st.sets(st.integers(0, 40), max_size=3))
def test_a_file_of_what_is_found_covers_each_outcome_once(lanes, missing):
    """Written down and read again, each entry takes its own, and there is nothing else to take."""
    members = [each for number, each in enumerate(printed(lanes)) if number not in missing]
    summaries = summed_up(members, EMPTY)
    entries = [
        f'[[outcome]]\ngrade = "usual"\nstdout = '
        f"{as_toml(each.stdout or as_parts(each.members[0].outcome.stdout))}\n"
        for each in summaries
    ]
    if not entries:
        return
    file = OutcomeFile.parse(PATH, "".join(entries))
    taken: dict[str, int] = {}
    for entry in file.entries:
        for text in entry.stdout.texts():
            taken.setdefault(text, entry.number)
    assert taken == {
        each.outcome.stdout: number
        for number, summary in enumerate(summaries, 1)
        for each in summary.members
    }
